//! What a command name can mean: an alias, a function, a cmdlet, a program.

use super::cmdlet::CmdletSpec;
use super::function::FunctionInfo;
use super::scope::Options;
use crate::value::Str;
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

/// An alias.
#[derive(Debug)]
pub(crate) struct AliasInfo {
    /// Its name.
    pub(crate) name: Str,
    /// What it stands for.
    pub(crate) definition: Str,
    /// Read-only and the like.
    pub(crate) options: Cell<Options>,
    /// `.Description`.
    pub(crate) description: RefCell<Option<Str>>,
}

/// A command that a name resolved to.
#[derive(Clone)]
pub(crate) enum Command {
    /// A function, filter or loaded script.
    Function(Rc<FunctionInfo>),
    /// A compiled-in cmdlet.
    Cmdlet(&'static CmdletSpec),
    /// A program.
    External(Rc<PathBuf>),
    /// A `.ps1` file not read yet.
    Script(Rc<PathBuf>),
}

impl Command {
    /// The name it is listed under.
    pub(crate) fn name(&self) -> Str {
        match self {
            Command::Function(function) => function.name.clone(),
            Command::Cmdlet(spec) => Str::from(spec.name),
            Command::External(path) | Command::Script(path) => {
                Str::from(path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()))
            }
        }
    }
}
