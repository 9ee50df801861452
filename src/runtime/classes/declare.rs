//! `class` and `enum` statements: the type, its properties, its methods.

use super::{ClassInfo, MethodInfo, PropertyInfo, StaticInfo};
use crate::runtime::Session;
use crate::runtime::code::{Node, TypeDefinition};
use crate::runtime::lower;
use crate::runtime::scope::{Frame, FrameKind, Layout};
use crate::runtime::symbol::Symbol;
use crate::syntax::{self, ParameterAttribute, Source, TypeName};
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, ScriptTypeInfo, Shape, Str, TypeRef, Value, convert};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

impl Session {
    /// A `class` or `enum` statement: its type is known by then, and is made ready for use.
    pub(in crate::runtime) fn define_type(&mut self, definition: &TypeDefinition) -> Outcome<()> {
        self.declare_types(std::slice::from_ref(definition))?;
        match self.class_table.declared.get(&key_of(definition)) {
            Some((_, kind)) => self.initialize_class(*kind),
            None => Ok(()),
        }
    }

    /// Makes the types of a body known, whatever their order: enumerations, then classes from the base up, and only
    /// then members, which may speak of any of them.
    pub(in crate::runtime) fn declare_types(&mut self, definitions: &[TypeDefinition]) -> Outcome<()> {
        let mut waiting = Vec::new();
        for definition in definitions {
            let known = self.class_table.declared.get(&key_of(definition)).map(|(_, kind)| *kind);
            match (definition, known) {
                (_, Some(kind)) => self.declare_type(name_of(definition), kind),
                (TypeDefinition::Enum(enumeration), None) => {
                    let kind = self.define_enum(enumeration)?;
                    self.class_table.declared.insert(key_of(definition), (definition.clone(), kind));
                }
                (TypeDefinition::Class(class), None) => waiting.push(class.clone()),
            }
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let source = self.source.clone();
        for (class, kind, base) in self.declare_shells(waiting)? {
            let base_class = base.and_then(|kind| self.class_info(kind));
            let info = Rc::new(self.class_members(&class, kind, base_class, base, &source)?);
            info.describe();
            self.class_table.classes.insert(kind, info);
        }
        Ok(())
    }

    /// Names and bases of classes, each after the class it derives from.
    fn declare_shells(&mut self, mut waiting: Vec<Rc<syntax::Class>>) -> Outcome<Vec<Shell>> {
        let mut done = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let names: Vec<Rc<str>> = waiting.iter().map(|class| class.name.clone()).collect();
            let waits = |class: &syntax::Class| {
                class.bases.iter().any(|base| names.iter().any(|name| name.eq_ignore_ascii_case(&base.name)))
            };
            let Some(at) = waiting.iter().position(|class| !waits(class)) else {
                return Fault::new("TypeNotFound", "These classes derive from one another in a circle.")
                    .category(ErrorCategory::ParserError)
                    .err();
            };
            let class = waiting.remove(at);
            let (base, interfaces) = self.bases_of(&class)?;
            let hidden = hidden_members(&class, base.map_or(&[], |base| base.info().hidden));
            let kind = TypeRef::declare(ScriptTypeInfo {
                name: class.name.to_string(),
                hidden,
                base,
                interfaces,
                members: None,
                flags: false,
                underlying: None,
            });
            self.declare_type(&class.name, kind);
            let definition = TypeDefinition::Class(class.clone());
            self.class_table.declared.insert(key_of(&definition), (definition, kind));
            done.push((class, kind, base));
        }
        Ok(done)
    }

    /// Gives static properties their initial values and runs the static constructor, once.
    pub(super) fn initialize_class(&mut self, kind: TypeRef) -> Outcome<()> {
        let Some(info) = self.class_info(kind) else { return Ok(()) };
        if info.initialized.replace(true) {
            return Ok(());
        }
        self.set_statics(&info)?;
        match info.static_constructor.clone() {
            Some(constructor) => self.run_method(&constructor, None, &[]).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Makes a type known under its name in the running session state.
    fn declare_type(&mut self, name: &str, kind: TypeRef) {
        self.frame.state.clone().types.borrow_mut().insert(Symbol::new(name), kind);
    }

    fn bases_of(&mut self, class: &syntax::Class) -> Outcome<(Option<TypeRef>, Vec<TypeRef>)> {
        let mut base = None;
        let mut interfaces = Vec::new();
        for name in &class.bases {
            let kind = self.find_type(name)?;
            match kind.info().kind {
                crate::value::TypeKind::Interface => interfaces.push(kind),
                _ => base = Some(kind),
            }
        }
        Ok((base, interfaces))
    }

    fn class_members(
        &mut self,
        class: &Rc<syntax::Class>,
        kind: TypeRef,
        base: Option<Rc<ClassInfo>>,
        written_base: Option<TypeRef>,
        source: &Rc<Source>,
    ) -> Outcome<ClassInfo> {
        let home = self.frame.state.clone();
        let layout = Rc::new(Layout::default());
        layout.slot(Symbol::THIS);
        let mut properties = Vec::new();
        let mut initial = Vec::new();
        let mut initializers = Vec::new();
        for declared in class.properties.iter().filter(|p| !p.is_static) {
            let property = self.property_info(declared)?;
            let mut value = default_of(property.kind);
            if let Some(expr) = &declared.default {
                match lower::expression(expr, source, &layout) {
                    Node::Constant(constant) => value = self.property_value(&property, constant, false)?,
                    node => initializers.push((properties.len(), node)),
                }
            }
            initial.push(value);
            properties.push(property);
        }
        if let Some(base) = &base {
            for (property, value) in base.properties.iter().zip(&base.initial) {
                if !properties.iter().any(|own| own.name.eq_ignore_ascii_case(&property.name)) {
                    properties.push(property.clone());
                    initial.push(value.clone());
                }
            }
        }
        let mut statics = Vec::new();
        for declared in class.properties.iter().filter(|p| p.is_static) {
            let property = self.property_info(declared)?;
            let value = default_of(property.kind);
            statics.push(StaticInfo { property, value });
        }
        let shape = Rc::new(Shape { names: properties.iter().map(|p| p.name.clone()).collect() });
        let mut declared = Vec::with_capacity(class.methods.len());
        for method in &class.methods {
            declared.push((method.is_constructor, Rc::new(self.method_info(class, method, source)?)));
        }
        let (constructors, methods): (Vec<_>, Vec<_>) = declared.into_iter().partition(|(constructor, _)| *constructor);
        let (fixed, constructors): (Vec<_>, Vec<_>) =
            constructors.into_iter().map(|(_, m)| m).partition(|m| m.is_static);
        let methods: Vec<Rc<MethodInfo>> = methods.into_iter().map(|(_, method)| method).collect();
        let native_base = match &base {
            Some(base) => base.native_base,
            None => written_base.unwrap_or(TypeRef::OBJECT),
        };
        Ok(ClassInfo {
            kind,
            name: Str::from(&*class.name),
            native_base,
            shape,
            properties,
            initial,
            initializers,
            initializer_layout: layout,
            statics: RefCell::new(statics),
            initialized: Cell::new(false),
            definition: class.clone(),
            methods: with_inherited(&methods, base.as_deref()),
            declared: methods,
            constructors,
            static_constructor: fixed.into_iter().next(),
            base,
            source: source.clone(),
            home,
        })
    }

    fn property_info(&mut self, declared: &syntax::ClassProperty) -> Outcome<PropertyInfo> {
        let kind = declared.kind.as_ref().map(|name| self.find_type(name)).transpose()?;
        let checks = self.attribute_checks(&declared.attributes)?;
        let name = Str::from(&*declared.name);
        Ok(PropertyInfo { name, kind, checks: checks.into() })
    }

    fn set_statics(&mut self, info: &Rc<ClassInfo>) -> Outcome<()> {
        let declared = info.definition.properties.iter().filter(|p| p.is_static);
        for (at, declared) in declared.enumerate() {
            let Some(expr) = &declared.default else { continue };
            let layout = Rc::new(Layout::default());
            let node = lower::expression(expr, &info.source, &layout);
            let frame = Frame::new(layout, Some(self.parent_in(&info.home)), info.home.clone(), FrameKind::Local);
            let suspended = self.enter(Rc::new(frame), &info.source)?;
            let given = self.eval(&node);
            self.leave(suspended);
            let given = given?;
            let property = info.statics.borrow().get(at).map(|held| held.property.clone());
            let Some(property) = property else { continue };
            let value = self.property_value(&property, given, false)?;
            if let Some(place) = info.statics.borrow_mut().get_mut(at) {
                place.value = value;
            }
        }
        Ok(())
    }

    fn method_info(
        &mut self,
        class: &syntax::Class,
        method: &syntax::ClassMethod,
        source: &Rc<Source>,
    ) -> Outcome<MethodInfo> {
        let mut parameters = Vec::with_capacity(method.params.len());
        for param in &method.params {
            let kind = match parameter_type(param) {
                Some(name) => self.find_type(name)?,
                None => TypeRef::OBJECT,
            };
            parameters.push((Str::from(&*param.name), kind));
        }
        let result = match &method.kind {
            Some(name) if name.name.eq_ignore_ascii_case("void") || name.name.eq_ignore_ascii_case("System.Void") => {
                None
            }
            Some(name) => Some(self.find_type(name)?),
            None => None,
        };
        let block = method_block(class, method, source);
        let code = lower::method_code(&block);
        let this = code.layout.slot(Symbol::THIS);
        let base_arguments = method
            .base_call
            .as_ref()
            .map(|list| list.iter().map(|e| lower::expression(e, source, &code.layout)).collect());
        Ok(MethodInfo {
            name: Str::from(&*method.name),
            parameters,
            result,
            is_static: method.is_static,
            code,
            this,
            base_arguments,
            home: self.frame.state.clone(),
        })
    }

    /// The type of an `enum` statement.
    fn define_enum(&mut self, definition: &Rc<syntax::Enum>) -> Outcome<TypeRef> {
        let mut members: Vec<(String, i64)> = Vec::with_capacity(definition.members.len());
        let mut next: i64 = 0;
        for (name, value, _) in &definition.members {
            if let Some(expr) = value {
                next = self.enum_number(expr, &members)?;
            }
            members.push((name.to_string(), next));
            next = next.wrapping_add(1);
        }
        let flags = definition.attributes.iter().any(|attribute| {
            let name = attribute.name.name.rsplit('.').next().unwrap_or_default();
            name.eq_ignore_ascii_case("Flags") || name.eq_ignore_ascii_case("FlagsAttribute")
        });
        let underlying = definition.underlying.as_ref().map(|name| self.find_type(name)).transpose()?;
        let kind = TypeRef::declare(ScriptTypeInfo {
            name: definition.name.to_string(),
            hidden: Vec::new(),
            base: None,
            interfaces: Vec::new(),
            members: Some(members),
            flags,
            underlying,
        });
        self.declare_type(&definition.name, kind);
        Ok(kind)
    }

    /// A member's number: a constant, or one made of members before it.
    fn enum_number(&mut self, expr: &syntax::Expr, members: &[(String, i64)]) -> Outcome<i64> {
        if let syntax::ExprKind::String(name, syntax::StringKind::Bare) = &expr.kind
            && let Some((_, number)) = members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            return Ok(*number);
        }
        let node = lower::expression(expr, &self.source.clone(), &self.frame.layout.clone());
        match self.eval(&node)? {
            Value::Enum(member) => Ok(member.bits),
            Value::U64(number) => Ok(number as i64),
            other => convert::to_i64(&other),
        }
    }
}

/// A class whose name and base are declared.
type Shell = (Rc<syntax::Class>, TypeRef, Option<TypeRef>);

/// What tells one declaration from another.
fn key_of(definition: &TypeDefinition) -> usize {
    match definition {
        TypeDefinition::Class(class) => Rc::as_ptr(class) as usize,
        TypeDefinition::Enum(definition) => Rc::as_ptr(definition) as usize,
    }
}

fn name_of(definition: &TypeDefinition) -> &str {
    match definition {
        TypeDefinition::Class(class) => &class.name,
        TypeDefinition::Enum(definition) => &definition.name,
    }
}

/// Names of members marked `hidden`, inherited ones included.
fn hidden_members(class: &syntax::Class, inherited: &[&str]) -> Vec<String> {
    let properties = class.properties.iter().filter(|p| p.is_hidden).map(|p| p.name.to_string());
    let methods = class.methods.iter().filter(|m| m.is_hidden).map(|m| m.name.to_string());
    let inherited = inherited.iter().map(|name| name.to_string());
    properties.chain(methods).chain(inherited).collect()
}

/// The written type of a parameter.
fn parameter_type(param: &syntax::Parameter) -> Option<&TypeName> {
    param.attributes.iter().rev().find_map(|attribute| match attribute {
        ParameterAttribute::Type(name) => Some(name),
        ParameterAttribute::Attribute(_) => None,
    })
}

/// A method's body as a block whose parameters stand after its name.
fn method_block(class: &syntax::Class, method: &syntax::ClassMethod, source: &Rc<Source>) -> Rc<ScriptBlock> {
    let function = syntax::Function {
        span: method.span,
        name: format!("{}.{}", class.name, method.name).into(),
        filter: false,
        params: Some(method.params.clone()),
        body: method.body.clone(),
    };
    Rc::new(ScriptBlock {
        ast: method.body.clone(),
        source: source.clone(),
        is_filter: false,
        compiled: Default::default(),
        home: Default::default(),
        function: Some(Rc::new(function)),
    })
}

/// Methods by name: a declared overload hides the inherited one with the same parameters.
fn with_inherited(own: &[Rc<MethodInfo>], base: Option<&ClassInfo>) -> FxHashMap<Symbol, Rc<[Rc<MethodInfo>]>> {
    let mut table: FxHashMap<Symbol, Vec<Rc<MethodInfo>>> = FxHashMap::default();
    for method in own {
        table.entry(Symbol::new(&method.name)).or_default().push(method.clone());
    }
    let same = |a: &MethodInfo, b: &MethodInfo| {
        a.parameters.iter().map(|p| p.1).eq(b.parameters.iter().map(|p| p.1)) && a.is_static == b.is_static
    };
    for (name, inherited) in base.iter().flat_map(|base| &base.methods) {
        let row = table.entry(*name).or_default();
        for method in inherited.iter() {
            if !row.iter().any(|known| same(known, method)) {
                row.push(method.clone());
            }
        }
    }
    table.into_iter().map(|(name, row)| (name, row.into())).collect()
}

/// What a variable of a type holds before anything is assigned.
pub(super) fn default_of(kind: Option<TypeRef>) -> Value {
    let Some(kind) = kind else { return Value::Null };
    if kind.is_enum() {
        return kind.enum_of(0);
    }
    if !kind.is_value_type() || kind.nullable_of().is_some() {
        return Value::Null;
    }
    convert::to_plain(&Value::I32(0), kind).unwrap_or_else(|_| match kind.name() {
        "System.DateTime" => {
            crate::value::DateTime::new(0, crate::value::DateKind::Unspecified).map_or(Value::Null, Value::DateTime)
        }
        "System.TimeSpan" => Value::TimeSpan(crate::value::TimeSpan(0)),
        "System.Guid" => {
            convert::to_plain(&Value::from("00000000-0000-0000-0000-000000000000"), kind).unwrap_or_default()
        }
        _ => Value::Null,
    })
}
