//! Evaluation of a command's arguments, splatting included.

use super::argument::{Argument, ArgumentKind};
use super::code::{ArgumentCode, ArgumentForm, CommandCode};
use super::session::Session;
use crate::value::{Extension, Hashtable, Member, Outcome, Str, Value, Wrapped};
use std::rc::Rc;

/// The note that marks a string in `$args` as a parameter name, so that `@args` gives it on as one.
const MARK: &str = "<CommandParameterName>";

/// A parameter name as it stands in `$args`: text to everyone, a parameter again when splatted.
pub(super) fn parameter_text(written: &Str, name: &Str) -> Value {
    let wrapped = Wrapped { base: Value::Str(written.clone()), extension: Default::default() };
    let extension: &std::cell::RefCell<Extension> = wrapped.extension.make();
    extension.borrow_mut().members.insert(Str::from(MARK), Member::Note(Value::Str(name.clone())));
    Value::Wrapped(Rc::new(wrapped))
}

/// The parameter that a string in `$args` was.
fn marked_parameter(value: &Value) -> Option<(Str, Str)> {
    let Value::Wrapped(wrapped) = value else { return None };
    let extension = wrapped.extension.beyond_shared()?.borrow();
    match (extension.members.get(&Str::from(MARK)), &wrapped.base) {
        (Some(Member::Note(Value::Str(name))), Value::Str(written)) => Some((name.clone(), written.clone())),
        _ => None,
    }
}

impl Session {
    /// Evaluates the arguments of a command.
    pub(super) fn eval_arguments(&mut self, code: &CommandCode) -> Outcome<Vec<Argument>> {
        let mut arguments = Vec::with_capacity(code.arguments.len());
        for argument in &code.arguments {
            self.eval_argument(argument, &mut arguments)?;
        }
        Ok(arguments)
    }

    fn eval_argument(&mut self, code: &ArgumentCode, arguments: &mut Vec<Argument>) -> Outcome<()> {
        let kind = match &code.kind {
            ArgumentForm::Value(node, text) => {
                let value = match self.eval(node)? {
                    Value::Nothing => Value::Null,
                    value => value,
                };
                ArgumentKind::Value { value, text: text.clone() }
            }
            ArgumentForm::Parameter { name, value, written } => {
                let value = match value {
                    Some(node) => Some(match self.eval(node)? {
                        Value::Nothing => Value::Null,
                        value => value,
                    }),
                    None => None,
                };
                ArgumentKind::Parameter { name: name.clone(), value, splatted: false, written: written.clone() }
            }
            ArgumentForm::Verbatim(text) => {
                let word = |value: Value| Argument { span: code.span, kind: ArgumentKind::Value { value, text: None } };
                arguments.push(word(Value::str("--%")));
                if !text.is_empty() {
                    arguments.push(word(Value::Str(text.clone())));
                }
                return Ok(());
            }
            ArgumentForm::Splat(node) => {
                let value = self.eval(node)?;
                return self.splat(value, code, arguments);
            }
        };
        arguments.push(Argument { span: code.span, kind });
        Ok(())
    }

    fn splat(&mut self, value: Value, code: &ArgumentCode, arguments: &mut Vec<Argument>) -> Outcome<()> {
        let mut add = |kind| arguments.push(Argument { span: code.span, kind });
        match &value {
            Value::Hashtable(table) => splat_table(table, &mut add),
            Value::Null | Value::Nothing => {}
            Value::Str(text) => {
                for character in text.chars() {
                    add(ArgumentKind::Value { value: Value::str(character.to_string()), text: None });
                }
            }
            _ => match self.enumerate(&value)? {
                Some(items) => {
                    let mut items = items.into_iter();
                    while let Some(item) = items.next() {
                        add(match marked_parameter(&item) {
                            Some((name, written)) => {
                                let value = if written.ends_with(':') { items.next() } else { None };
                                ArgumentKind::Parameter { name, value, splatted: false, written }
                            }
                            None => ArgumentKind::Value { value: item, text: None },
                        });
                    }
                }
                None => match self.dictionary_pairs(&value) {
                    Some(pairs) => pairs.into_iter().for_each(|(name, value)| add(splatted(&name, value))),
                    None => add(ArgumentKind::Value { value, text: None }),
                },
            },
        }
        Ok(())
    }
}

fn splat_table(table: &Hashtable, add: &mut dyn FnMut(ArgumentKind)) {
    for (key, value) in table.pairs() {
        add(splatted(&crate::value::convert::to_text(&key), value));
    }
}

fn splatted(name: &str, value: Value) -> ArgumentKind {
    ArgumentKind::Parameter {
        name: Str::from(name),
        value: Some(value),
        splatted: true,
        written: Str::from(format!("-{name}:")),
    }
}
