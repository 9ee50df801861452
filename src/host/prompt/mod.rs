//! The interactive prompt: asks for a line, runs it, and again, until `exit` or the end of input.

pub(crate) mod completion;
pub(crate) mod editor;
pub(crate) mod highlight;
pub(crate) mod history;
mod idle;

use crate::runtime::{Cancellation, Collector, Session, Symbol, jobs};
use crate::syntax::Source;
use crate::value::convert;
use editor::{Line, LineEditor};
use std::cell::RefCell;
use std::rc::Rc;

/// Runs the prompt; the exit code of the shell.
pub(crate) fn run(session: Session, no_logo: bool) -> i32 {
    let cancellation = session.cancellation.clone();
    let session = Rc::new(RefCell::new(session));
    let colours = wants_colours(std::env::var_os("NO_COLOR").is_some(), std::env::var("TERM").as_deref());
    let mut editor = match LineEditor::new(completion::proposer(session.clone()), colours) {
        Ok(editor) => editor,
        Err(error) => {
            eprintln!("pcsh: the terminal cannot be used: {error}.");
            return 1;
        }
    };
    // The editor takes the signal for itself when it is made, so this comes after.
    cancel_on_interrupt(&cancellation);
    if !no_logo {
        println!("pcsh {}. Get-Help tells what there is; exit leaves.", env!("CARGO_PKG_VERSION"));
    }
    loop {
        let prompt = prompt_text(&mut session.borrow_mut());
        idle::run_jobs_until_a_key(&prompt);
        match editor.read(&prompt) {
            Line::Text(text) if text.trim().is_empty() => {}
            Line::Text(text) => {
                let code = run_line(&mut session.borrow_mut(), &text);
                if let Some(code) = code {
                    jobs::end_all(&mut session.borrow_mut());
                    return code;
                }
            }
            Line::Cancelled => {}
            Line::End => {
                jobs::end_all(&mut session.borrow_mut());
                return 0;
            }
        }
    }
}

/// Runs one line; the exit code where it asked to leave.
fn run_line(session: &mut Session, text: &str) -> Option<i32> {
    session.cancellation.reset();
    let code = super::run::run_line(session, text);
    session.cancellation.reset();
    session.has_exited().then_some(code)
}

/// What the function `prompt` gives; a plain prompt where it fails.
fn prompt_text(session: &mut Session) -> String {
    let plain = |session: &Session| format!("PS {}> ", session.location.display());
    if session.find_function(Symbol::new("prompt")).is_none() {
        return plain(session);
    }
    let Ok(block) = session.parse_block(Source::anonymous("prompt")) else { return plain(session) };
    let (succeeded, position) = (session.succeeded, session.position);
    let mut output = Collector::default();
    let result = session.run_in_current_scope(&block, None, &[], &mut output);
    (session.succeeded, session.position) = (succeeded, position);
    let text: String = output.into_items().iter().map(|item| convert::to_text(item).to_string()).collect();
    match result {
        Ok(()) if !text.is_empty() => text,
        _ => plain(session),
    }
}

/// Ctrl-C while a line runs stops what runs, not the shell.
fn cancel_on_interrupt(cancellation: &Cancellation) {
    let cancellation = cancellation.clone();
    let signals = signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT]);
    match signals {
        Ok(mut signals) => {
            std::thread::spawn(move || signals.forever().for_each(|_| cancellation.cancel()));
        }
        Err(error) => eprintln!("pcsh: Ctrl-C cannot be caught: {error}."),
    }
}

/// Colours go to terminals that can show them and to people who want them (no-color.org).
fn wants_colours(no_color: bool, terminal: Result<&str, &std::env::VarError>) -> bool {
    !no_color && terminal.is_ok_and(|name| name != "dumb" && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::wants_colours;

    #[test]
    fn colours_are_for_those_who_want_them() {
        assert!(wants_colours(false, Ok("xterm-256color")));
        assert!(!wants_colours(false, Ok("dumb")));
        assert!(!wants_colours(true, Ok("xterm")));
        assert!(!wants_colours(false, Err(&std::env::VarError::NotPresent)));
    }
}
