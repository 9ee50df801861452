//! Syntax tree to effects: scopes, expressions, statements, functions, classes, modules, pipelines, the
//! parameter binder, streams and errors, providers. Knows nothing of the service, of terminals or of layout.

pub mod argument;
mod arguments;
mod assign;
pub mod binder;
mod block_run;
mod bound;
mod call;
mod call_stack;
pub mod classes;
mod closure;
pub mod cmdlet;
mod cmdlet_run;
mod code;
pub mod command;
pub(crate) mod command_lookup;
pub mod display;
mod engine;
mod engine_members;
pub mod error_handling;
mod evaluate;
pub mod events;
pub mod function;
mod glob;
mod hooks;
mod hosting;
pub mod invocation;
mod invoke;
pub mod jobs;
mod language;
mod lower;
mod messages;
pub mod modules;
pub mod native;
pub(crate) mod nearest;
pub mod objects;
pub mod parameter_types;
mod parsing;
mod pipeline;
pub mod providers;
mod requirements;
mod run;
pub mod scope;
pub mod session;
pub mod session_state;
pub mod sink;
mod statements;
pub mod streams;
pub mod symbol;
pub mod tasks;
mod timer;

pub use argument::{Argument, ArgumentKind};
pub use cmdlet::{
    BindParameter, Cmdlet, CmdletSource, CmdletSpec, ConfirmImpact, FromValue, ParameterSpec, SetMembership, Validation,
};
pub use command::{AliasInfo, Command};
pub use function::FunctionInfo;
pub use invocation::Invocation;
pub use objects::object;
pub use run::HostSink;
pub use scope::{Frame, FrameKind, Layout, Options, Slot, Variable};
pub use session::{Cancellation, Host, NoHost, Progress, Session, SessionOptions};
pub use session_state::{Exports, Module, SessionState};
pub use sink::{Collector, Discard, Sink};
pub use streams::{ActionPreference, CommandContext, CommonParameters, Routes, Stream, Target};
pub use symbol::Symbol;
