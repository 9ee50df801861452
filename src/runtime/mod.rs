//! Syntax tree to effects: scopes, expressions, statements, functions, classes, modules, pipelines, the
//! parameter binder, streams and errors, providers. Knows nothing of the service, of terminals or of layout.

pub mod cmdlet;

pub use cmdlet::{
    BindParameter, Cmdlet, CmdletSpec, ConfirmImpact, FromValue, Invocation, ParameterSpec, SetMembership, Validation,
};
