//! While nobody types, jobs go on: waits for the first key with the terminal set so that a key is seen at once.

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
    let before = Keys::at_once();
    tasks::wait(&mut || has_input() || !tasks::any(), None);
    drop(before);
    print!("\r");
}

/// The terminal's settings as they were; put back when this is dropped.
struct Keys(libc::termios);

impl Keys {
    /// Makes each key readable at once and unseen; `None` where standard input is no terminal.
    fn at_once() -> Option<Keys> {
        // SAFETY: tcgetattr fills one termios, for which all zeroes is a valid value; it is read only after success.
        #[allow(unsafe_code, reason = "std cannot set a terminal's mode")]
        let (found, before) = unsafe {
            let mut before: libc::termios = std::mem::zeroed();
            (libc::tcgetattr(libc::STDIN_FILENO, &raw mut before), before)
        };
        if found != 0 {
            return None;
        }
        let mut keys = before;
        keys.c_lflag &= !(libc::ICANON | libc::ECHO);
        set(&keys);
        Some(Keys(before))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        set(&self.0);
    }
}

fn set(settings: &libc::termios) {
    // SAFETY: tcsetattr reads one termios, which the reference is to.
    #[allow(unsafe_code, reason = "std cannot set a terminal's mode")]
    unsafe {
        libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, settings);
    }
}

fn has_input() -> bool {
    let mut wanted = libc::pollfd { fd: libc::STDIN_FILENO, events: libc::POLLIN, revents: 0 };
    // SAFETY: poll reads and writes one pollfd, which `wanted` is; it does not wait.
    #[allow(unsafe_code, reason = "std cannot ask whether there is input")]
    let ready = unsafe { libc::poll(&raw mut wanted, 1, 0) };
    ready != 0
}
