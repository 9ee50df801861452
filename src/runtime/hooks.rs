//! Where other parts of this storey join the interpreter: classes, modules, providers, attribute checks.

use super::session::Session;
use super::symbol::Symbol;
use crate::syntax;
use crate::value::{ErrorCategory, Fault, Outcome, ScriptBlock, TypeRef, Value};
use std::rc::Rc;

impl Session {
    /// A `class` statement.
    pub(super) fn define_class(&mut self, class: &Rc<syntax::Class>) -> Outcome<()> {
        Fault::new("ClassesNotAvailable", format!("The class '{}' cannot be defined here.", class.name)).err()
    }

    /// An `enum` statement.
    pub(super) fn define_enum(&mut self, definition: &Rc<syntax::Enum>) -> Outcome<()> {
        Fault::new("EnumsNotAvailable", format!("The enum '{}' cannot be defined here.", definition.name)).err()
    }

    /// Calls a method of a script class.
    pub(super) fn class_method(
        &mut self,
        class: TypeRef,
        name: &str,
        _this: Option<&Value>,
        _args: &[Value],
    ) -> Outcome<Value> {
        Fault::new("MethodNotFound", format!("The class [{}] has no method '{name}'.", class.name())).err()
    }

    /// Makes an instance of a script class.
    pub(super) fn class_instance(&mut self, class: TypeRef, _args: &[Value]) -> Outcome<Value> {
        Fault::new("MethodNotFound", format!("The class [{}] has no constructor for these arguments.", class.name()))
            .err()
    }

    /// The object of an attribute that is a script class.
    pub(super) fn attribute_object(&mut self, _attribute: &syntax::Attribute) -> Outcome<Option<Value>> {
        Ok(None)
    }

    /// A command from a module that is not loaded yet.
    pub(super) fn autoload(&mut self, _text: &str, _name: Symbol) -> Outcome<Option<super::Command>> {
        Ok(None)
    }

    /// `$drive:path` of a provider.
    pub(super) fn provider_content(&mut self, drive: &str, _path: &str) -> Outcome<Value> {
        Fault::new("DriveNotFound", format!("There is no drive '{drive}'."))
            .category(ErrorCategory::ObjectNotFound)
            .exception("System.Management.Automation.DriveNotFoundException")
            .target(drive)
            .err()
    }

    /// `$drive:path = …` of a provider.
    pub(super) fn set_provider_content(&mut self, drive: &str, path: &str, _value: Value) -> Outcome<()> {
        self.provider_content(drive, path).map(|_| ())
    }

    /// `a | b &`.
    pub(super) fn start_background(&mut self, _block: &Rc<ScriptBlock>) -> Outcome<Value> {
        Fault::new("JobsNotAvailable", "Background jobs cannot be started here.").err()
    }

    /// Lets another thread of this process have its turn.
    #[inline]
    pub(super) fn give_way(&mut self) {}
}
