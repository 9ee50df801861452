//! The line editor: rustyline with this shell's colours, completion, hints, and "is this line finished?".

use super::completion::Proposer;
use super::{highlight, history};
use crate::syntax::{self, Source};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, CompletionType, Config, Context, Editor, Helper, KeyEvent};
use std::borrow::Cow;
use std::cell::RefCell;
use std::path::PathBuf;

/// How many lines the history keeps.
const HISTORY_LENGTH: usize = 4096;

/// What came of asking for a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A whole statement, perhaps of several lines.
    Text(String),
    /// Ctrl-C: the line is forgotten.
    Cancelled,
    /// Ctrl-D on an empty line, or no terminal any more.
    End,
}

/// True where Enter should run the text: it is whole, or wrong in a way that more lines cannot cure.
pub(crate) fn is_finished(text: &str) -> bool {
    let continued = text.ends_with('`') && !text.ends_with("``");
    text.trim_end().is_empty() || !(continued || syntax::parse(&Source::anonymous(text)).incomplete)
}

/// What rustyline asks while a line is typed.
struct Assistant {
    proposer: RefCell<Proposer>,
    hinter: HistoryHinter,
    colours: bool,
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Ok(mut proposer) = self.proposer.try_borrow_mut() else { return Ok((position, Vec::new())) };
        let (start, found) = proposer(line, position);
        let pairs = found.into_iter().map(|one| Pair { display: one.shown, replacement: one.text });
        Ok((start, pairs.collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        if line.trim().is_empty() || line.contains('\n') || !self.colours {
            return None;
        }
        self.hinter.hint(line, position, context).filter(|hint| !hint.contains('\n'))
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.colours { Cow::Owned(highlight::colour(line)) } else { Cow::Borrowed(line) }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colours { Cow::Owned(format!("\x1b[90m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colours && kind != CmdKind::MoveCursor
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let finished = is_finished(context.input());
        Ok(if finished { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Helper for Assistant {}

/// Reads lines from the terminal.
pub(crate) struct LineEditor {
    editor: Editor<Assistant, DefaultHistory>,
    history: Option<PathBuf>,
}

impl LineEditor {
    /// An editor on this process's terminal, with the history of earlier sessions.
    ///
    /// # Errors
    /// Where the terminal cannot be used.
    pub(crate) fn new(proposer: Proposer, colours: bool) -> Result<Self, String> {
        let build = || -> rustyline::Result<Editor<Assistant, DefaultHistory>> {
            let config = Config::builder()
                .max_history_size(HISTORY_LENGTH)?
                .history_ignore_dups(true)?
                .completion_type(CompletionType::List)
                .build();
            Editor::with_config(config)
        };
        let mut editor = build().map_err(|error| error.to_string())?;
        let assistant = Assistant { proposer: RefCell::new(proposer), hinter: HistoryHinter::new(), colours };
        editor.set_helper(Some(assistant));
        editor.bind_sequence(KeyEvent::ctrl('L'), Cmd::ClearScreen);
        let history = history::file();
        if let Some(path) = &history {
            // A missing or damaged history is no reason not to start.
            let _ = editor.load_history(path);
        }
        Ok(Self { editor, history })
    }

    /// Asks for one statement.
    pub(crate) fn read(&mut self, prompt: &str) -> Line {
        match self.editor.readline(prompt) {
            Ok(text) => {
                self.remember(&text);
                Line::Text(text)
            }
            Err(ReadlineError::Interrupted) => Line::Cancelled,
            Err(_) => Line::End,
        }
    }

    /// Keeps a line for this and later sessions; delicate ones only for this one.
    fn remember(&mut self, text: &str) {
        if text.trim().is_empty() || history::is_delicate(text) {
            return;
        }
        let added = self.editor.add_history_entry(text).unwrap_or(false);
        if let Some(path) = self.history.as_ref().filter(|_| added) {
            // A history that cannot be written must not stop the work.
            let _ = self.editor.append_history(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_finished;

    #[test]
    fn enter_runs_what_is_whole() {
        for (text, finished) in [
            ("", true),
            ("1 + 1", true),
            ("1 +", false),
            ("if ($a) {", false),
            ("if ($a) { 1 }", true),
            ("'abc", false),
            ("@'\nabc", false),
            ("Get-Item |", false),
            ("1 + )", true),
            ("}", true),
            ("foreach ($x in 1) {\n 1\n", false),
            ("echo a `", false),
            ("<# x", false),
        ] {
            assert_eq!(is_finished(text), finished, "{text}");
        }
    }
}
