//! Making instances: constructor arguments go down the chain of classes, then each level is initialized from the
//! base up.

use super::{ClassInfo, MethodInfo, overload};
use crate::runtime::Session;
use crate::runtime::call::Whose;
use crate::runtime::scope::{Frame, FrameKind};
use crate::value::{Exception, Fault, Outcome, PsObject, Str, TypeRef, Value, convert, members};
use std::cell::RefCell;
use std::rc::Rc;

/// One class of the chain with its constructor's frame, arguments already in place.
struct Level {
    class: Rc<ClassInfo>,
    constructor: Option<(Rc<MethodInfo>, Rc<Frame>)>,
}

impl Session {
    /// Makes an instance of a script class.
    pub(in crate::runtime) fn class_instance(&mut self, class: TypeRef, args: &[Value]) -> Outcome<Value> {
        let Some(info) = self.class_info(class) else {
            return Fault::new("ConstructorNotFound", format!("[{}] cannot be made here.", class.name())).err();
        };
        self.initialize_chain(&info)?;
        let mut levels = Vec::new();
        let mut args = args.to_vec();
        for class in info.chain() {
            let (level, next) = self.level(class, args)?;
            levels.push(level);
            args = next;
        }
        let this = self.empty_instance(&info, args)?;
        for level in levels.into_iter().rev() {
            self.initialize(&level.class, &this)?;
            if let Some((constructor, frame)) = level.constructor {
                frame.put(constructor.this, this.clone());
                self.run_method_body(&constructor, frame)?;
            }
        }
        Ok(this)
    }

    /// Chooses a class's constructor, fills its frame, and works out the arguments for the class below.
    fn level(&mut self, class: Rc<ClassInfo>, args: Vec<Value>) -> Outcome<(Level, Vec<Value>)> {
        if class.constructors.is_empty() {
            if !args.is_empty() {
                let message = format!("[{}] has no constructor that takes {} argument(s).", class.name, args.len());
                return Fault::new("MethodCountCouldNotFindBest", message)
                    .category(crate::value::ErrorCategory::NotSpecified)
                    .exception("System.Management.Automation.MethodException")
                    .err();
            }
            return Ok((Level { class, constructor: None }, Vec::new()));
        }
        let chosen = overload::choose(self, &class.constructors, "new", &args)?;
        let mut frame = self.frame_for(&chosen.code, &chosen.home, FrameKind::Local, Whose::default());
        for ((param, (name, kind)), value) in chosen.code.params.iter().zip(&chosen.parameters).zip(args) {
            let value = overload::argument(self, value, name, *kind, "new")?;
            let slot = self.typed_slot(param, *kind, value);
            frame.put_slot(param.slot, slot);
        }
        let next = match &chosen.base_arguments {
            None => Vec::new(),
            Some(nodes) if nodes.is_empty() => Vec::new(),
            Some(nodes) => {
                let suspended = self.enter(frame.clone(), &chosen.code.source)?;
                let given: Outcome<Vec<Value>> = nodes.iter().map(|node| self.eval(node)).collect();
                self.leave(suspended);
                let given = given?;
                if Rc::strong_count(&frame) > 1 {
                    frame = self.copy_of_frame(&frame, &chosen);
                }
                given
            }
        };
        Ok((Level { class, constructor: Some((chosen, frame)) }, next))
    }

    /// A fresh frame with the same variables, where something (a block in the arguments) still holds the first.
    fn copy_of_frame(&mut self, kept: &Rc<Frame>, method: &MethodInfo) -> Rc<Frame> {
        let frame = self.frame_for(&method.code, &method.home, FrameKind::Local, Whose::default());
        for (name, slot) in kept.variables() {
            let at = frame.layout.slot(name);
            frame.put_slot(at, slot);
        }
        frame
    }

    fn empty_instance(&mut self, class: &Rc<ClassInfo>, args: Vec<Value>) -> Outcome<Value> {
        if class.native_base.is_exception() {
            return Ok(Value::Exception(Rc::new(exception(class, args))));
        }
        let object = PsObject {
            kind: class.kind,
            shape: RefCell::new(class.shape.clone()),
            values: RefCell::new(class.initial.clone()),
            extension: Default::default(),
        };
        let plain = class.native_base == TypeRef::OBJECT || class.native_base.name().ends_with("Attribute");
        if !plain {
            let base = members::construct(self, class.native_base, args)?;
            object.extension.make().borrow_mut().part = Some(base);
        }
        Ok(Value::Object(Rc::new(object)))
    }

    /// Evaluates a class's own initial values.
    fn initialize(&mut self, class: &Rc<ClassInfo>, this: &Value) -> Outcome<()> {
        if class.initializers.is_empty() {
            return Ok(());
        }
        let frame = Frame::new(
            class.initializer_layout.clone(),
            Some(self.parent_in(&class.home)),
            class.home.clone(),
            FrameKind::Local,
        );
        frame.put(0, this.clone());
        let suspended = self.enter(Rc::new(frame), &class.source)?;
        let result = self.initial_values(class, this);
        self.leave(suspended);
        result
    }

    fn initial_values(&mut self, class: &Rc<ClassInfo>, this: &Value) -> Outcome<()> {
        for (number, node) in &class.initializers {
            let Some(property) = class.properties.get(*number) else { continue };
            let value = self.eval(node)?;
            let value = self.property_value(property, value, false)?;
            store(this, &property.name, value);
        }
        Ok(())
    }
}

/// Puts a value into a property that is known to exist.
fn store(this: &Value, name: &Str, value: Value) {
    match this {
        Value::Object(object) => {
            let at = object.shape.borrow().names.iter().position(|known| known.eq_ignore_ascii_case(name));
            let mut values = object.values.borrow_mut();
            if let Some(place) = at.and_then(|at| values.get_mut(at)) {
                *place = value;
            }
        }
        Value::Exception(exception) => {
            exception.properties.borrow_mut().insert(name.clone(), value);
        }
        _ => {}
    }
}

/// An exception of a script class: its message and inner exception are what went to the .NET constructor.
fn exception(class: &ClassInfo, args: Vec<Value>) -> Exception {
    let message = match args.first() {
        Some(text) => convert::to_text(text),
        None => Str::from(format!("Exception of type '{}' was thrown.", class.name)),
    };
    let inner = args.get(1).and_then(|value| match value {
        Value::Exception(inner) => Some(inner.clone()),
        Value::Error(record) => Some(record.exception.clone()),
        _ => None,
    });
    let properties = class.shape.names.iter().cloned().zip(class.initial.iter().cloned()).collect();
    Exception {
        kind: class.kind,
        message: RefCell::new(message),
        inner,
        properties: RefCell::new(properties),
        record: RefCell::default(),
        data: RefCell::default(),
    }
}
