//! The words that a program gets for the arguments of a command: Standard argument passing, as on Unix.

use super::shell_block;
use crate::runtime::argument::{Argument, ArgumentKind};
use crate::runtime::session::Session;
use crate::value::members::library::environment;
use crate::value::{Outcome, Value, convert};

/// What makes the program take everything that follows as it is.
const VERBATIM: &str = "--%";

/// The words of one call so far.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    verbatim: bool,
}

impl Session {
    /// A command's arguments as a program gets them: one text each, collections spread, bare words expanded.
    /// `captured` says whether somebody takes the output, which a shell run with a block must know.
    pub(super) fn native_arguments(&mut self, arguments: &[Argument], captured: bool) -> Outcome<Vec<String>> {
        let replaced = shell_block::replaced(self, arguments, captured)?;
        let mut words = Words::default();
        for argument in replaced.as_deref().unwrap_or(arguments) {
            let written = self.source.slice(argument.span).to_string();
            match &argument.kind {
                ArgumentKind::Value { value: Value::Str(text), .. } if &**text == VERBATIM => words.verbatim = true,
                ArgumentKind::Value { value, .. } if words.verbatim => {
                    let text = self.with_variables(&convert::to_text(value));
                    words.list.extend(text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
                }
                ArgumentKind::Value { text: Some(text), .. } => words.list.push(text.to_string()),
                ArgumentKind::Value { value, text: None } => self.push_value(value, &written, &mut words.list)?,
                ArgumentKind::Parameter { written: name, value, splatted, .. } => {
                    // A name that stood in `$args` comes without its colon's text: PowerShell drops it.
                    let from_list = !splatted && written.starts_with('@');
                    self.push_parameter(name, value.as_ref(), from_list, &mut words.list)?;
                }
            }
        }
        Ok(words.list)
    }

    fn push_parameter(
        &mut self,
        name: &str,
        value: Option<&Value>,
        bare: bool,
        words: &mut Vec<String>,
    ) -> Outcome<()> {
        let Some(value) = value else {
            words.push(name.to_owned());
            return Ok(());
        };
        let before = words.len();
        self.push_value(value, "\"", words)?;
        if bare {
            return Ok(());
        }
        if name.ends_with(' ') {
            words.insert(before, name.trim_end().to_owned());
            return Ok(());
        }
        match words.get_mut(before) {
            Some(first) => first.insert_str(0, name),
            None => words.push(name.to_owned()),
        }
        Ok(())
    }

    fn push_value(&mut self, value: &Value, written: &str, words: &mut Vec<String>) -> Outcome<()> {
        match value {
            Value::Null | Value::Nothing => {}
            Value::Str(text) if written.starts_with(['"', '\'', '(', '@']) => words.push(text.to_string()),
            Value::Str(text) => words.extend(self.expand_word(text)),
            Value::Array(_) if is_list(written) => {
                // A list that was written as one stays one word, as it was written.
                words.extend(written.split(' ').filter(|word| !word.is_empty()).map(str::to_owned));
            }
            _ => match self.enumerate(value)? {
                Some(items) => {
                    let texts = items.iter().filter(|item| !item.is_null()).map(convert::to_text);
                    words.extend(texts.map(|text| text.to_string()));
                }
                None => words.push(convert::to_text(value).to_string()),
            },
        }
        Ok(())
    }

    /// A bare word with `~` and wildcards expanded; as it is where nothing matches.
    fn expand_word(&self, word: &str) -> Vec<String> {
        if word == "~" || word.starts_with("~/") {
            return vec![self.absolute(word).to_string_lossy().into_owned()];
        }
        if !word.contains(['*', '?', '[']) {
            return vec![word.to_string()];
        }
        let found = crate::runtime::glob::expand(&self.location, word);
        if found.is_empty() { vec![word.to_string()] } else { found }
    }

    /// A text with `%NAME%` replaced by the environment's variable, where there is one.
    fn with_variables(&self, text: &str) -> String {
        environment::expanded(text, |name| self.environment.get(name).cloned())
    }
}

/// True where an argument was written with a comma outside quotes and brackets.
fn is_list(written: &str) -> bool {
    let (mut depth, mut quote) = (0i32, None);
    for c in written.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '{' | '[') => depth += 1,
            (None, ')' | '}' | ']') => depth -= 1,
            (None, ',') if depth == 0 => return true,
            (None, _) => {}
        }
    }
    false
}
