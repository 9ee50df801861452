//! Any arguments for functions of many parameters: the binder binds or refuses, and never panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pcsh::commands;
use pcsh::runtime::{Argument, Discard, NoHost, Session, SessionOptions};
use pcsh::value::{Hashtable, Value};
use std::cell::RefCell;
use std::path::PathBuf;

/// Functions that do nothing but take parameters.
const FUNCTIONS: &str = r"
function Simple { param($First, [int]$Second, [switch]$Flag) }
function Advanced {
    [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess)]
    param(
        [Parameter(ParameterSetName = 'Name', Position = 0, ValueFromPipelineByPropertyName)][string[]]$Name,
        [Parameter(ParameterSetName = 'Number', Mandatory, ValueFromPipeline)][ValidateRange(0, 99)][int]$Number,
        [ValidateSet('One', 'Two')][string]$Choice,
        [Alias('Item', 'Thing')][object]$Target,
        [switch]$Force,
        [hashtable]$Table,
        [datetime]$When,
        [Parameter(ValueFromRemainingArguments)][object[]]$Rest
    )
    process { }
}";

const NAMES: [&str; 12] =
    ["Simple", "First", "Second", "Flag", "N", "Name", "Number", "Choice", "Item", "Fo", "Verbose", "Unknown"];

thread_local! {
    /// One session serves all runs: making one costs more than a run.
    static SESSION: RefCell<Session> = RefCell::new(session());
}

fn session() -> Session {
    let options = SessionOptions { host: Box::new(NoHost), location: PathBuf::from("/"), interactive: false };
    let mut session = Session::new(options);
    commands::register(&mut session);
    session.run_text(FUNCTIONS, Vec::new());
    session
}

/// A value by its number, with what is left of the input as its text.
fn value(kind: u8, text: &str) -> Value {
    match kind % 8 {
        0 => Value::Null,
        1 => Value::I32(i32::from(kind)),
        2 => Value::Bool(kind > 100),
        3 => Value::array(vec![Value::I32(1), Value::from(text)]),
        4 => Value::Hashtable(Hashtable::plain()),
        5 => Value::F64(f64::from(kind) / 3.0),
        _ => Value::from(text),
    }
}

/// Two bytes an argument: its form and what it is made of.
fn arguments(bytes: &[u8]) -> Vec<Argument> {
    let pairs = bytes.chunks_exact(2).take(12);
    pairs
        .map(|pair| {
            let (form, of) = (pair[0], pair[1]);
            let name = NAMES[usize::from(of) % NAMES.len()];
            let text = String::from_utf8_lossy(bytes);
            match form % 3 {
                0 => Argument::value(value(of, &text)),
                1 => Argument::parameter(name),
                _ => Argument::named(name, value(form / 3, &text)),
            }
        })
        .collect()
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let command = if choice % 2 == 0 { "Simple" } else { "Advanced" };
    SESSION.with_borrow_mut(|session| {
        // A refusal is an answer as good as any.
        let _ = session.call_command(command, arguments(rest), &mut Discard);
    });
});
