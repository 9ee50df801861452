//! The terminal behind standard input and output: its width, its mode, whether somebody has typed.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::stdio::{stdin, stdout};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

/// Columns of the terminal behind standard output; `None` where it is no terminal or does not say.
pub(super) fn width() -> Option<usize> {
    tcgetwinsize(stdout()).ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// True where a key has been pressed, or standard input has ended.
pub(super) fn has_input() -> bool {
    let mut wanted = [PollFd::from_borrowed_fd(stdin(), PollFlags::IN)];
    // What cannot be asked is found out by reading.
    poll(&mut wanted, Some(&Timespec::default())).map_or(true, |ready| ready > 0)
}

/// A mode of the terminal behind standard input; the one before comes back when this is dropped.
pub(super) struct Mode(Termios);

impl Mode {
    /// What is typed is not shown.
    pub(super) fn hidden() -> Option<Mode> {
        Mode::without(LocalModes::ECHO)
    }

    /// Each key is readable at once and not shown.
    pub(super) fn key_by_key() -> Option<Mode> {
        Mode::without(LocalModes::ECHO | LocalModes::ICANON)
    }

    /// `None` where standard input is no terminal.
    fn without(modes: LocalModes) -> Option<Mode> {
        let before = tcgetattr(stdin()).ok()?;
        let mut wanted = before.clone();
        wanted.local_modes.remove(modes);
        tcsetattr(stdin(), OptionalActions::Now, &wanted).ok()?;
        Some(Mode(before))
    }
}

impl Drop for Mode {
    fn drop(&mut self) {
        // A terminal that is gone needs no mode.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}
