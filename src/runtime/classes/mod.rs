//! Classes and enumerations written in script: what is known of each, and how they are declared.

mod attributes;
mod construct;
mod declare;
mod invoke;
mod overload;
mod properties;

use super::binder::Check;
use super::code::{Code, Node, TypeDefinition};
use super::scope::Layout;
use super::session_state::SessionState;
use super::symbol::Symbol;
use crate::syntax::{self, Source};
use crate::value::members::{ClassMembers, declare_class};
use crate::value::{Shape, Str, TypeRef, Value};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// All classes that were declared, by type.
#[derive(Default)]
pub(crate) struct ClassTable {
    classes: FxHashMap<TypeRef, Rc<ClassInfo>>,
    /// The types of declarations by the place of their syntax, which each entry keeps alive.
    declared: FxHashMap<usize, (TypeDefinition, TypeRef)>,
}

/// The methods of one name.
pub(crate) type Overloads = Rc<[Rc<MethodInfo>]>;

/// A class.
pub(crate) struct ClassInfo {
    /// Its type.
    pub(crate) kind: TypeRef,
    /// Its name.
    pub(crate) name: Str,
    /// The script class it derives from.
    pub(crate) base: Option<Rc<ClassInfo>>,
    /// The .NET class at the bottom of the chain; `System.Object` as a rule.
    pub(crate) native_base: TypeRef,
    /// Names of instance properties: its own, then inherited ones.
    pub(crate) shape: Rc<Shape>,
    /// The properties in the shape's order.
    pub(crate) properties: Vec<PropertyInfo>,
    /// What a new instance's properties hold before any initial value is evaluated.
    pub(crate) initial: Vec<Value>,
    /// Initial values that must be evaluated for each instance: number of the property, and the expression.
    initializers: Vec<(usize, Node)>,
    /// Slots that the initial values use.
    initializer_layout: Rc<Layout>,
    /// Static properties of its own.
    pub(crate) statics: RefCell<Vec<StaticInfo>>,
    /// Its static properties have their initial values and its static constructor has run, or is running.
    initialized: Cell<bool>,
    /// The declaration.
    definition: Rc<syntax::Class>,
    /// Methods by name with all their overloads, inherited ones included.
    pub(crate) methods: FxHashMap<Symbol, Overloads>,
    /// Methods as declared, in order.
    pub(crate) declared: Vec<Rc<MethodInfo>>,
    /// Constructors.
    pub(crate) constructors: Vec<Rc<MethodInfo>>,
    /// The static constructor, which runs once when the class is declared.
    pub(crate) static_constructor: Option<Rc<MethodInfo>>,
    /// The text it was declared in.
    source: Rc<Source>,
    /// The session state it belongs to.
    home: Rc<SessionState>,
}

/// An instance property.
#[derive(Clone, Debug)]
pub(crate) struct PropertyInfo {
    /// Its name.
    pub(crate) name: Str,
    /// Its type; `None` takes anything.
    pub(crate) kind: Option<TypeRef>,
    /// What its attributes demand.
    pub(crate) checks: Rc<[Check]>,
}

/// A static property.
pub(crate) struct StaticInfo {
    /// Name, type and checks.
    pub(crate) property: PropertyInfo,
    /// Its value.
    pub(crate) value: Value,
}

/// A method or constructor.
pub(crate) struct MethodInfo {
    /// Its name as written.
    pub(crate) name: Str,
    /// Types of its parameters.
    pub(crate) parameters: Vec<(Str, TypeRef)>,
    /// What it returns; `None` for `void`.
    pub(crate) result: Option<TypeRef>,
    /// `static`.
    pub(crate) is_static: bool,
    /// Its body.
    code: Rc<Code>,
    /// Slot of `$this`.
    this: u32,
    /// Arguments for the base class's constructor.
    base_arguments: Option<Vec<Node>>,
    /// The session state it runs in.
    home: Rc<SessionState>,
}

impl ClassInfo {
    /// The number of an instance property.
    pub(crate) fn property(&self, name: &str) -> Option<(usize, &PropertyInfo)> {
        self.properties.iter().enumerate().find(|(_, property)| property.name.eq_ignore_ascii_case(name))
    }

    /// Tells member lists and reflection what the class declares.
    fn describe(&self) {
        let shown = |property: &PropertyInfo| {
            let kind = property.kind.map_or("System.Object".into(), TypeRef::display_name);
            (property.name.to_string(), kind.into_owned())
        };
        let own = |name: &Str| {
            let mut declared = self.definition.properties.iter().filter(|p| !p.is_static);
            declared.any(|property| property.name.eq_ignore_ascii_case(name))
        };
        let named = |kind: TypeRef| (kind.display_name().into_owned(), kind);
        let methods = self.declared.iter().chain(&self.constructors);
        let of_methods = methods.flat_map(|m| m.parameters.iter().map(|p| p.1).chain(m.result)).map(named);
        let statics = self.statics.borrow().iter().filter_map(|held| held.property.kind).map(named).collect::<Vec<_>>();
        let of_properties = self.properties.iter().filter_map(|property| property.kind).map(named);
        let mut class = ClassMembers {
            types: of_methods.chain(of_properties).chain(statics).collect(),
            properties: self.properties.iter().filter(|p| own(&p.name)).map(shown).collect(),
            static_properties: self.statics.borrow().iter().map(|held| shown(&held.property)).collect(),
            constructors: self.constructors.iter().map(|m| m.constructor_text()).collect(),
            ..ClassMembers::default()
        };
        if class.constructors.is_empty() {
            class.constructors.push(format!("{}()", self.name));
        }
        for method in &self.declared {
            let list = if method.is_static { &mut class.statics } else { &mut class.methods };
            list.push(method.definition());
        }
        declare_class(self.kind, class);
    }

    /// This class and those it derives from, nearest first.
    pub(crate) fn chain(self: &Rc<Self>) -> impl Iterator<Item = Rc<ClassInfo>> {
        std::iter::successors(Some(self.clone()), |class| class.base.clone())
    }
}

impl MethodInfo {
    fn constructor_text(&self) -> String {
        let list: Vec<String> =
            self.parameters.iter().map(|(name, kind)| format!("{} {name}", kind.display_name())).collect();
        format!("{}({})", self.name, list.join(", "))
    }

    /// `int Fee(string owner)`, as member lists and overload texts show it.
    pub(crate) fn definition(&self) -> String {
        let list: Vec<String> =
            self.parameters.iter().map(|(name, kind)| format!("{} {name}", kind.display_name())).collect();
        let result = self.result.map_or("void".into(), TypeRef::display_name);
        let prefix = if self.is_static { "static " } else { "" };
        format!("{prefix}{result} {}({})", self.name, list.join(", "))
    }
}

impl super::Session {
    /// What is known of a script class.
    pub(crate) fn class_info(&self, kind: TypeRef) -> Option<Rc<ClassInfo>> {
        self.class_table.classes.get(&kind).cloned()
    }

    /// Names of the classes that scripts declared.
    pub(crate) fn class_names(&self) -> Vec<String> {
        self.class_table.classes.values().map(|class| class.name.to_string()).collect()
    }
}
