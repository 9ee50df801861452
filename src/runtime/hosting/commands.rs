//! Commands put together one by one: `PSCommand`, and the same methods of `PowerShell`.

use super::missing_argument;
use crate::value::members::library::list;
use crate::value::{Fault, Hashtable, Native, NativeObject, Outcome, Str, TypeRef, Value, convert};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One command with what it is given.
#[derive(Clone)]
pub(in crate::runtime) struct CommandEntry(Rc<Entry>);

/// What a command was given so far.
pub(super) struct Entry {
    /// A name, or a script's text.
    pub(super) text: Str,
    /// The text is a script.
    pub(super) is_script: bool,
    /// A command object that was given instead of a name.
    pub(super) command: Option<Value>,
    /// It gets a scope of its own.
    pub(super) local: bool,
    /// Arguments in order, by name or place; no value for a switch.
    pub(super) parameters: RefCell<Vec<(Option<Str>, Option<Value>)>>,
    /// The next command is in a statement of its own.
    pub(super) ends_statement: Cell<bool>,
}

/// A list of commands.
#[derive(Clone, Default)]
pub(in crate::runtime) struct PsCommand(Rc<RefCell<Vec<CommandEntry>>>);

/// A command as an object.
pub(super) fn command_value(text: &str, is_script: bool) -> Value {
    Native::value(CommandEntry::new(Str::from(text), is_script, false))
}

impl CommandEntry {
    fn new(text: Str, is_script: bool, local: bool) -> Self {
        CommandEntry(Rc::new(Entry {
            text,
            is_script,
            command: None,
            local,
            parameters: RefCell::default(),
            ends_statement: Cell::new(false),
        }))
    }

    fn of_object(command: &Value) -> Self {
        let entry = Entry {
            text: convert::to_text(command),
            is_script: false,
            command: Some(command.clone()),
            local: false,
            parameters: RefCell::default(),
            ends_statement: Cell::new(false),
        };
        CommandEntry(Rc::new(entry))
    }

    pub(super) fn entry(&self) -> &Entry {
        &self.0
    }

    fn add(&self, name: Option<Str>, value: Option<Value>) {
        self.0.parameters.borrow_mut().push((name, value));
    }

    pub(super) fn call(&self, name: &str, arguments: &[Value]) -> Option<Value> {
        // `$command.Parameters.Add(…)`: the list stands for the command.
        if !name.eq_ignore_ascii_case("Add") {
            return None;
        }
        let first = arguments.first().map(convert::to_text).unwrap_or_default();
        self.add(Some(first), arguments.get(1).cloned());
        Some(Value::Nothing)
    }
}

impl NativeObject for CommandEntry {
    fn kind(&self) -> TypeRef {
        TypeRef::RUNSPACE_COMMAND
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.text.to_string()
    }
    fn member(&self, name: &str) -> Option<Value> {
        Some(match name.to_ascii_lowercase().as_str() {
            "commandtext" => Value::Str(self.0.text.clone()),
            "isscript" => Value::Bool(self.0.is_script),
            "uselocalscope" => Value::Bool(self.0.local),
            "isendofstatement" => Value::Bool(self.0.ends_statement.get()),
            "parameters" => Native::value(self.clone()),
            "count" => Value::I32(i32::try_from(self.0.parameters.borrow().len()).unwrap_or(i32::MAX)),
            _ => return None,
        })
    }
    fn member_names(&self) -> Vec<Str> {
        ["CommandText", "IsScript", "UseLocalScope", "Parameters", "IsEndOfStatement"].map(Str::from).into()
    }
}

impl PsCommand {
    /// The object.
    pub(super) fn value(self) -> Value {
        Native::value(self)
    }

    /// The commands, statement by statement.
    pub(super) fn statements(&self) -> Vec<Vec<CommandEntry>> {
        let mut statements = vec![Vec::new()];
        for command in self.0.borrow().iter() {
            if let Some(last) = statements.last_mut() {
                last.push(command.clone());
            }
            if command.0.ends_statement.get() {
                statements.push(Vec::new());
            }
        }
        statements.retain(|statement| !statement.is_empty());
        statements
    }

    /// Forgets every command.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// The methods that add something; `None` for other names.
    pub(super) fn call(&self, name: &str, arguments: &[Value]) -> Option<Outcome<()>> {
        Some(match name.to_ascii_lowercase().as_str() {
            "addscript" => self.add_text(arguments, true),
            "addcommand" => match arguments {
                [command @ (Value::Object(_) | Value::Native(_))] => self.add_object(command),
                _ => self.add_text(arguments, false),
            },
            "addargument" => self.on_last(|last| last.add(None, Some(arguments.first().cloned().unwrap_or_default()))),
            "addparameter" => match arguments.first() {
                None | Some(Value::Null) => missing_argument("parameterName"),
                Some(name) => {
                    let name = convert::to_text(name);
                    let name = Str::from(name.trim_start_matches('-'));
                    self.on_last(|last| last.add(Some(name), arguments.get(1).cloned()))
                }
            },
            "addparameters" => self.add_parameters(arguments.first()),
            "addstatement" => {
                if let Some(last) = self.0.borrow().last() {
                    last.0.ends_statement.set(true);
                }
                Ok(())
            }
            "clear" => {
                self.clear();
                Ok(())
            }
            _ => return None,
        })
    }

    fn add_text(&self, arguments: &[Value], is_script: bool) -> Outcome<()> {
        let Some(text) = arguments.first().filter(|text| !text.is_null()) else {
            return missing_argument(if is_script { "script" } else { "cmdlet" });
        };
        let local = arguments.get(1).is_some_and(convert::to_bool);
        self.0.borrow_mut().push(CommandEntry::new(convert::to_text(text), is_script, local));
        Ok(())
    }

    fn add_object(&self, command: &Value) -> Outcome<()> {
        let entry = match command {
            Value::Native(native) => native.downcast::<CommandEntry>().cloned(),
            _ => None,
        };
        self.0.borrow_mut().push(entry.unwrap_or_else(|| CommandEntry::of_object(command)));
        Ok(())
    }

    fn on_last(&self, work: impl FnOnce(&CommandEntry)) -> Outcome<()> {
        match self.0.borrow().last() {
            Some(last) => {
                work(last);
                Ok(())
            }
            None => Fault::new("InvalidOperationException", "There is no command yet that could take this.")
                .exception("System.InvalidOperationException")
                .err(),
        }
    }

    fn add_parameters(&self, given: Option<&Value>) -> Outcome<()> {
        let named = |table: &Hashtable| -> Vec<(Option<Str>, Option<Value>)> {
            table.pairs().into_iter().map(|(key, value)| (Some(convert::to_text(&key)), Some(value))).collect()
        };
        let found = match given {
            None | Some(Value::Null) => return missing_argument("parameters"),
            Some(Value::Hashtable(table)) => named(table),
            Some(list) => match (crate::value::enumerate(list), list) {
                (_, Value::Native(native)) if native.data.dictionary().is_some() => {
                    native.data.dictionary().map(named).unwrap_or_default()
                }
                (Some(items), _) => items.into_iter().map(|item| (None, Some(item))).collect(),
                (None, one) => vec![(None, Some(one.clone()))],
            },
        };
        self.on_last(|last| last.0.parameters.borrow_mut().extend(found))
    }
}

impl NativeObject for PsCommand {
    fn kind(&self) -> TypeRef {
        TypeRef::PSCOMMAND
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member(&self, name: &str) -> Option<Value> {
        name.eq_ignore_ascii_case("Commands").then(|| {
            let commands = self.0.borrow();
            list::collection(commands.iter().map(|command| Native::value(command.clone())).collect())
        })
    }
    fn member_names(&self) -> Vec<Str> {
        vec![Str::from("Commands")]
    }
}
