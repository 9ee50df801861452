//! While nobody types, jobs go on: waits for the first key with the terminal set so that a key is seen at once.

use crate::host::terminal::{Mode, has_input};
use crate::runtime::tasks;
use std::io::Write;

/// Lets jobs run until there is something to read from the terminal.
pub(super) fn run_jobs_until_a_key(prompt: &str) {
    if !tasks::any() {
        return;
    }
    // The editor writes it again over this when it begins.
    print!("{prompt}");
    // A terminal that is gone is found out by the editor.
    let _ = std::io::stdout().flush();
    let before = Mode::key_by_key();
    tasks::wait(&mut || has_input() || !tasks::any(), None);
    drop(before);
    print!("\r");
}
