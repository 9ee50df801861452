//! The process's own streams as a session's host: results to standard output, talk to standard error.

use super::progress::ProgressBars;
use super::terminal::{self, Mode};
use crate::runtime::{Host, Progress};
use std::any::Any;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::time::{Duration, Instant};

/// Columns when nobody tells.
const DEFAULT_WIDTH: usize = 80;

/// How long a reader of a slow pipeline waits at most before the next line brings what was held back.
const LONGEST_WAIT: Duration = Duration::from_millis(100);

/// Standard streams. Output is buffered until something is written to standard error, read, or waited for.
pub(crate) struct Console {
    output: BufWriter<Stdout>,
    interactive: bool,
    output_is_terminal: bool,
    /// Neither `NO_COLOR` nor the kind of terminal speaks against colours.
    colours: bool,
    /// Where a person watches both streams.
    progress: Option<ProgressBars>,
    /// What waits for the end of its line while there are bars.
    pending: String,
    flushed: Instant,
}

impl Console {
    /// The streams of this process; `interactive` says whether questions may be asked.
    pub(crate) fn new(interactive: bool) -> Self {
        let output = io::stdout();
        let output_is_terminal = output.is_terminal();
        let watched = output_is_terminal && io::stderr().is_terminal();
        let progress = watched.then(ProgressBars::new);
        let output = BufWriter::with_capacity(1 << 16, output);
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let colours = !set("NO_COLOR") && std::env::var_os("TERM").is_some_and(|terminal| terminal != "dumb");
        Console {
            output,
            interactive,
            output_is_terminal,
            colours,
            progress,
            pending: String::new(),
            flushed: Instant::now(),
        }
    }
}

impl Console {
    /// Are there bars on the terminal?
    fn bars(&mut self) -> bool {
        self.progress.as_mut().is_some_and(ProgressBars::remain)
    }

    fn put(&mut self, text: &str) {
        // A reader that has gone is not this program's fault: what is left has nowhere to go.
        let _ = self.output.write_all(text.as_bytes());
        if self.output_is_terminal || self.flushed.elapsed() > LONGEST_WAIT {
            let _ = self.output.flush();
            self.flushed = Instant::now();
        }
    }

    /// Writes what is whole of the pending lines past the bars: a bar drawn behind half a line would wipe it away.
    fn write_whole_lines(&mut self) {
        let Some(end) = self.pending.rfind('\n') else { return };
        let rest = self.pending.split_off(end + 1);
        let lines = std::mem::replace(&mut self.pending, rest);
        let output = &mut self.output;
        if let Some(bars) = &self.progress {
            bars.around(|| {
                let _ = output.write_all(lines.as_bytes()).and_then(|()| output.flush());
            });
        }
    }
}

impl Host for Console {
    fn write(&mut self, text: &str) {
        match self.bars() {
            true => {
                self.pending.push_str(text);
                self.write_whole_lines();
            }
            false => self.put(text),
        }
    }

    fn write_error(&mut self, text: &str) {
        let bars = self.bars();
        let output = &mut self.output;
        // Standard error may be closed; then nobody is there to be told.
        let mut write = || {
            let _ = output.flush();
            let _ = io::stderr().write_all(text.as_bytes());
        };
        match self.progress.as_ref().filter(|_| bars) {
            Some(bars) => bars.around(write),
            None => write(),
        }
    }

    fn flush(&mut self) {
        let _ = self.output.flush();
    }

    fn read_line(&mut self, prompt: &str) -> Option<String> {
        self.end_progress();
        self.write(prompt);
        self.flush();
        let mut line = String::new();
        match io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end_matches(['\n', '\r']).to_owned()),
        }
    }

    fn shows_progress(&self) -> bool {
        self.progress.is_some()
    }

    fn progress(&mut self, progress: &Progress) {
        if let Some(bars) = &mut self.progress {
            bars.show(progress);
        }
    }

    fn end_progress(&mut self) {
        if let Some(bars) = &mut self.progress {
            bars.clear();
        }
        if !self.pending.is_empty() {
            let rest = std::mem::take(&mut self.pending);
            self.put(&rest);
        }
    }

    fn read_secret(&mut self, prompt: &str) -> Option<String> {
        let hidden = Mode::hidden();
        let line = self.read_line(prompt);
        if hidden.is_some() {
            self.write("\n");
        }
        line
    }

    fn shows_color(&self) -> bool {
        self.output_is_terminal && self.colours
    }

    fn shows_error_color(&self) -> bool {
        self.colours && io::stderr().is_terminal()
    }

    fn is_interactive(&self) -> bool {
        self.interactive
    }

    fn width(&self) -> usize {
        if !self.output_is_terminal {
            return DEFAULT_WIDTH;
        }
        terminal::width().unwrap_or(DEFAULT_WIDTH)
    }

    fn beside(&self) -> Option<Box<dyn Host>> {
        Some(Box::new(Console::new(false)))
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
