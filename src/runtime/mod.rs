//! Syntax tree to effects: scopes, expressions, statements, functions, classes, modules, pipelines, the
//! parameter binder, streams and errors, providers. Knows nothing of the service, of terminals or of layout.

pub mod argument;
pub mod binder;
mod arguments;
mod assign;
mod block_run;
mod bound;
mod call;
mod closure;
mod code;
mod command_lookup;
mod engine;
mod engine_members;
mod evaluate;
mod glob;
mod hooks;
mod invoke;
mod lower;
mod messages;
mod native;
pub mod objects;
mod pipeline;
mod run;
mod statements;
pub mod cmdlet;
pub mod command;
pub mod error_handling;
pub mod function;
pub mod invocation;
pub mod parameter_types;
pub mod providers;
pub mod scope;
pub mod session;
pub mod session_state;
pub mod sink;
pub mod streams;
pub mod symbol;

pub use argument::{Argument, ArgumentKind};
pub use cmdlet::{
    BindParameter, Cmdlet, CmdletSource, CmdletSpec, ConfirmImpact, EnumName, FromValue, ParameterSpec, SetMembership,
    Validation,
};
pub use command::{AliasInfo, Command};
pub use function::FunctionInfo;
pub use invocation::Invocation;
pub use scope::{Frame, FrameKind, Layout, Options, Slot, Variable};
pub use session::{Cancellation, Host, Session, SessionOptions};
pub use session_state::{Module, SessionState};
pub use run::HostSink;
pub use sink::{Collector, Discard, Sink};
pub use streams::{ActionPreference, CommandContext, CommonParameters, Routes, Stream, Target};
pub use symbol::Symbol;
