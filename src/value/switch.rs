//! `System.Management.Automation.SwitchParameter`.

use super::object::NativeObject;
use super::{Native, TypeRef, Value};
use std::any::Any;

/// A switch: given or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SwitchParameter {
    /// `.IsPresent`.
    pub(crate) is_present: bool,
}

impl NativeObject for SwitchParameter {
    fn kind(&self) -> TypeRef {
        TypeRef::SWITCH_PARAMETER
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        if self.is_present { "True" } else { "False" }.to_string()
    }
    fn truth(&self) -> Option<bool> {
        Some(self.is_present)
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>() == Some(self))
    }
}

/// A switch as a value.
pub(crate) fn switch_parameter(is_present: bool) -> Value {
    Native::value(SwitchParameter { is_present })
}
