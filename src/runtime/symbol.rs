//! Names as numbers: variables and functions are found by [`Symbol`], which ignores case.

use rustc_hash::FxHashMap;
use std::sync::{Mutex, MutexGuard, OnceLock};

/// A name without regard to case. Two spellings of one name are the same symbol; the first spelling is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Symbol(u32);

#[derive(Default)]
struct Interner {
    numbers: FxHashMap<&'static str, u32>,
    names: Vec<&'static str>,
}

/// Names that the engine itself asks for; their numbers are their places here.
const KNOWN: &[&str] = &[
    "_",
    "args",
    "input",
    "this",
    "PSBoundParameters",
    "MyInvocation",
    "PSCmdlet",
    "PSScriptRoot",
    "PSCommandPath",
    "ErrorActionPreference",
    "Matches",
    "LASTEXITCODE",
    "Error",
    "?",
    "OFS",
    "WarningPreference",
    "VerbosePreference",
    "DebugPreference",
    "InformationPreference",
    "ProgressPreference",
    "ConfirmPreference",
    "WhatIfPreference",
    "PSDefaultParameterValues",
    "foreach",
    "switch",
    "null",
    "true",
    "false",
    "ExecutionContext",
    "PSItem",
    "PSNativeCommandUseErrorActionPreference",
];

#[allow(missing_docs, reason = "each is the variable it names")]
impl Symbol {
    pub(crate) const UNDERSCORE: Symbol = Symbol(0);
    pub(crate) const ARGS: Symbol = Symbol(1);
    pub(crate) const INPUT: Symbol = Symbol(2);
    pub(crate) const THIS: Symbol = Symbol(3);
    pub(crate) const BOUND_PARAMETERS: Symbol = Symbol(4);
    pub(crate) const MY_INVOCATION: Symbol = Symbol(5);
    pub(crate) const PS_CMDLET: Symbol = Symbol(6);
    pub(crate) const SCRIPT_ROOT: Symbol = Symbol(7);
    pub(crate) const COMMAND_PATH: Symbol = Symbol(8);
    pub(crate) const ERROR_ACTION: Symbol = Symbol(9);
    pub(crate) const MATCHES: Symbol = Symbol(10);
    pub(crate) const LAST_EXIT_CODE: Symbol = Symbol(11);
    pub(crate) const ERROR: Symbol = Symbol(12);
    pub(crate) const QUESTION: Symbol = Symbol(13);
    pub(crate) const OFS: Symbol = Symbol(14);
    pub(crate) const WARNING: Symbol = Symbol(15);
    pub(crate) const VERBOSE: Symbol = Symbol(16);
    pub(crate) const DEBUG: Symbol = Symbol(17);
    pub(crate) const INFORMATION: Symbol = Symbol(18);
    pub(crate) const PROGRESS: Symbol = Symbol(19);
    pub(crate) const CONFIRM: Symbol = Symbol(20);
    pub(crate) const WHAT_IF: Symbol = Symbol(21);
    pub(crate) const DEFAULT_PARAMETERS: Symbol = Symbol(22);
    pub(crate) const FOREACH: Symbol = Symbol(23);
    pub(crate) const SWITCH: Symbol = Symbol(24);
    pub(crate) const NULL: Symbol = Symbol(25);
    pub(crate) const TRUE: Symbol = Symbol(26);
    pub(crate) const FALSE: Symbol = Symbol(27);
    pub(crate) const EXECUTION_CONTEXT: Symbol = Symbol(28);
    pub(crate) const PS_ITEM: Symbol = Symbol(29);
    pub(crate) const NATIVE_ERROR_PREFERENCE: Symbol = Symbol(30);
}

fn interner() -> MutexGuard<'static, Interner> {
    static INTERNER: OnceLock<Mutex<Interner>> = OnceLock::new();
    let lock = INTERNER.get_or_init(|| {
        let mut fresh = Interner::default();
        for name in KNOWN {
            fresh.add(name);
        }
        Mutex::new(fresh)
    });
    lock.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Interner {
    /// A name lives as long as the process: scripts use few, and a number must stay valid in cached code.
    fn add(&mut self, name: &str) -> u32 {
        let number = self.names.len() as u32;
        let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
        let folded = fold(name);
        let key: &'static str = if folded == name { kept } else { Box::leak(folded.into_boxed_str()) };
        self.names.push(kept);
        self.numbers.insert(key, number);
        number
    }
}

fn fold(name: &str) -> String {
    if name.is_ascii() { name.to_ascii_lowercase() } else { name.to_lowercase() }
}

impl Symbol {
    /// The symbol of a name, new if need be.
    pub(crate) fn new(name: &str) -> Symbol {
        let folded = fold(name);
        let mut interner = interner();
        match interner.numbers.get(folded.as_str()) {
            Some(&number) => Symbol(number),
            None => Symbol(interner.add(name)),
        }
    }

    /// The name in its first spelling.
    pub(crate) fn name(self) -> &'static str {
        interner().names.get(self.0 as usize).copied().unwrap_or("")
    }

    /// True for a name the engine computes when no variable of that name is set.
    pub(crate) fn is_automatic(self) -> bool {
        self.0 < KNOWN.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    #[test]
    fn case_does_not_matter() {
        assert_eq!(Symbol::new("Alpha"), Symbol::new("aLPHA"));
        assert_eq!(Symbol::new("ERRORACTIONPREFERENCE"), Symbol::ERROR_ACTION);
        assert_eq!(Symbol::new("PSNativeCommandUseErrorActionPreference"), Symbol::NATIVE_ERROR_PREFERENCE);
        assert_ne!(Symbol::new("Alpha"), Symbol::new("Beta"));
    }
}
