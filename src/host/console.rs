//! The process's own streams as a session's host: results to standard output, talk to standard error.

use crate::runtime::Host;
use std::any::Any;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

/// Columns when nobody tells.
const DEFAULT_WIDTH: usize = 80;

/// Standard streams. Output is buffered until something is written to standard error, read, or waited for.
pub struct Console {
    output: BufWriter<Stdout>,
    interactive: bool,
    output_is_terminal: bool,
}

impl Console {
    /// The streams of this process; `interactive` says whether questions may be asked.
    pub fn new(interactive: bool) -> Self {
        let output = io::stdout();
        let output_is_terminal = output.is_terminal();
        Console { output: BufWriter::with_capacity(1 << 16, output), interactive, output_is_terminal }
    }
}

/// Columns of the terminal behind standard output.
fn terminal_width() -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes one winsize, which `size` is; the descriptor is this process's own.
    #[allow(unsafe_code, reason = "std has no way to ask for a terminal's size")]
    let answer = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) };
    (answer == 0 && size.ws_col > 0).then_some(usize::from(size.ws_col))
}

impl Host for Console {
    fn write(&mut self, text: &str) {
        // A reader that has gone is not this program's fault: what is left has nowhere to go.
        let _ = self.output.write_all(text.as_bytes());
        if self.output_is_terminal {
            let _ = self.output.flush();
        }
    }

    fn write_error(&mut self, text: &str) {
        let _ = self.output.flush();
        let _ = io::stderr().write_all(text.as_bytes());
    }

    fn flush(&mut self) {
        let _ = self.output.flush();
    }

    fn read_line(&mut self, prompt: &str) -> Option<String> {
        self.write(prompt);
        self.flush();
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end_matches(['\n', '\r']).to_owned()),
        }
    }

    fn is_interactive(&self) -> bool {
        self.interactive
    }

    fn width(&self) -> usize {
        if !self.output_is_terminal {
            return DEFAULT_WIDTH;
        }
        terminal_width().unwrap_or(DEFAULT_WIDTH)
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
