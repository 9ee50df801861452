//! `class` and `enum` statements: the type, its properties, its methods.

use super::{ClassInfo, MethodInfo, PropertyInfo, StaticInfo};
use crate::runtime::Session;
use crate::runtime::code::Node;
use crate::runtime::lower;
use crate::runtime::scope::Layout;
use crate::runtime::symbol::Symbol;
use crate::syntax::{self, ParameterAttribute, Source, TypeName};
use crate::value::{Outcome, ScriptBlock, ScriptTypeInfo, Shape, Str, TypeRef, Value, convert};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

impl Session {
    /// A `class` statement.
    pub(in crate::runtime) fn define_class(&mut self, class: &Rc<syntax::Class>) -> Outcome<()> {
        let source = self.source.clone();
        let (base, interfaces) = self.bases_of(class)?;
        let base_class = base.and_then(|kind| self.class_info(kind));
        let kind = TypeRef::declare(ScriptTypeInfo {
            name: class.name.to_string(),
            hidden: hidden_members(class, base_class.as_deref()),
            base,
            interfaces,
            members: None,
            flags: false,
            underlying: None,
        });
        // The name must be known before the members: they may speak of the class itself.
        self.declare_type(&class.name, kind);
        let info = self.class_members(class, kind, base_class, base, &source)?;
        let info = Rc::new(info);
        self.class_table.classes.insert(kind, info.clone());
        self.set_statics(class, &info, &source)?;
        if let Some(constructor) = info.static_constructor.clone() {
            self.run_method(&constructor, None, Vec::new())?;
        }
        Ok(())
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
        let shape = Rc::new(Shape { names: properties.iter().map(|p| p.name.clone()).collect() });
        let mut declared = Vec::with_capacity(class.methods.len());
        for method in &class.methods {
            declared.push((method.is_constructor, Rc::new(self.method_info(class, method, kind, source)?)));
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
            statics: RefCell::default(),
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
        Ok(PropertyInfo { name, kind, checks: checks.into(), hidden: declared.is_hidden })
    }

    fn set_statics(&mut self, class: &syntax::Class, info: &Rc<ClassInfo>, source: &Rc<Source>) -> Outcome<()> {
        for declared in class.properties.iter().filter(|p| p.is_static) {
            let property = self.property_info(declared)?;
            let mut value = default_of(property.kind);
            if let Some(expr) = &declared.default {
                let layout = self.frame.layout.clone();
                let given = self.eval(&lower::expression(expr, source, &layout))?;
                value = self.property_value(&property, given, false)?;
            }
            info.statics.borrow_mut().push(StaticInfo { property, value });
        }
        Ok(())
    }

    fn method_info(
        &mut self,
        class: &syntax::Class,
        method: &syntax::ClassMethod,
        owner: TypeRef,
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
            owner,
            parameters,
            result,
            is_static: method.is_static,
            is_hidden: method.is_hidden,
            code,
            this,
            base_arguments,
            home: self.frame.state.clone(),
        })
    }

    /// An `enum` statement.
    pub(in crate::runtime) fn define_enum(&mut self, definition: &Rc<syntax::Enum>) -> Outcome<()> {
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
        Ok(())
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

/// Names of members marked `hidden`, inherited ones included.
fn hidden_members(class: &syntax::Class, base: Option<&ClassInfo>) -> Vec<String> {
    let properties = class.properties.iter().filter(|p| p.is_hidden).map(|p| p.name.to_string());
    let methods = class.methods.iter().filter(|m| m.is_hidden).map(|m| m.name.to_string());
    let inherited = base.map_or(&[][..], |base| base.kind.info().hidden).iter().map(|name| name.to_string());
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
        name_span: method.span,
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
