//! The debugger: breakpoints that stop at lines, commands and variables, stepping, and tracing. While nothing is
//! watched, a running statement only looks at one flag.

use super::code::Statement;
use super::objects::object;
use super::run::HostSink;
use super::session::Session;
use super::sink::Discard;
use super::symbol::Symbol;
use crate::syntax::{self, Source, Span, TokenKind};
use crate::value::wildcard::Wildcard;
use crate::value::{Control, Outcome, Str, Unwind, Value, convert, members};

/// What makes a breakpoint stop.
#[derive(Clone, Debug)]
pub(crate) enum Trigger {
    /// A line, and a column where that is not 0.
    Line(u32, u32),
    /// A command by name.
    Command(Str),
    /// A variable by name: read, written.
    Variable(Str, bool, bool),
}

/// A breakpoint that a session keeps.
#[derive(Clone, Debug)]
pub(crate) struct Breakpoint {
    /// Its number.
    pub(crate) id: i32,
    /// What it waits for.
    pub(crate) trigger: Trigger,
    /// The script it is in; any where there is none.
    pub(crate) script: Option<Str>,
    /// The object that scripts see, which holds `Enabled`, `HitCount` and `Action`.
    pub(crate) object: Value,
}

impl Breakpoint {
    /// What it is, and where.
    fn text(&self) -> String {
        let script = self.script.as_deref().map_or_else(String::new, |script| format!("{script}:"));
        match &self.trigger {
            Trigger::Line(line, 0) => format!("Line breakpoint on '{script}{line}'"),
            Trigger::Line(line, column) => format!("Line breakpoint on '{script}{line}, {column}'"),
            Trigger::Command(name) => format!("Command breakpoint on '{script}{name}'"),
            Trigger::Variable(name, read, written) => {
                let access = match (read, written) {
                    (true, true) => "ReadWrite",
                    (true, false) => "Read",
                    _ => "Write",
                };
                format!("Variable breakpoint on '{script}${name}' ({access} access)")
            }
        }
    }
}

/// How far the debugger lets code run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Going {
    /// To the next breakpoint.
    #[default]
    On,
    /// To the next statement.
    Into,
    /// To the next statement of this depth or less.
    Over(u32),
}

/// What a session debugs.
#[derive(Default)]
pub(crate) struct Debugger {
    /// Breakpoints, oldest first.
    pub(crate) breakpoints: Vec<Breakpoint>,
    /// The number of the newest.
    pub(crate) last: i32,
    /// `Set-PSDebug -Trace`: 1 shows lines, 2 also calls.
    pub(crate) trace: i32,
    /// `Set-PSDebug -Step`: asks before each line.
    pub(crate) step: bool,
    going: Going,
    /// An action runs, or the debugger's prompt: nothing stops meanwhile.
    busy: bool,
    /// The command given last, which an empty line repeats.
    previous: String,
}

/// What an answer at the debugger's prompt means.
enum Answer {
    Go(Going),
    Stay,
    Quit,
}

impl Session {
    /// Looks anew whether there is anything to watch; to be called after the debugger's state has changed.
    pub(crate) fn watch_statements(&mut self) {
        let debugger = &self.debugger;
        self.watched =
            !debugger.breakpoints.is_empty() || debugger.trace > 0 || debugger.step || debugger.going != Going::On;
    }

    /// Before a statement runs, where anything is watched.
    #[cold]
    pub(super) fn before_statement(&mut self, statement: &Statement) -> Outcome<()> {
        if self.debugger.busy {
            return Ok(());
        }
        if self.debugger.trace > 0 {
            self.trace_line(statement.span);
        }
        if self.debugger.step {
            self.ask_for_line(statement.span)?;
        }
        let at = self.source.position(statement.span.start);
        let prefix = self.prefix_of_line(statement.span);
        let is_first = prefix.is_empty() || prefix.starts_with("function ") || prefix.starts_with("filter ");
        let hits = self.hits(&|session, breakpoint| match &breakpoint.trigger {
            Trigger::Line(line, 0) => is_first && *line == at.line,
            Trigger::Line(line, column) => *line == at.line && *column == at.column,
            Trigger::Variable(name, read, written) => session.touches(statement.span, name, *read, *written),
            Trigger::Command(_) => false,
        });
        let stops = match self.debugger.going {
            Going::On => false,
            Going::Into => true,
            Going::Over(depth) => self.depth <= depth,
        };
        self.reach(hits, stops, statement.span)
    }

    /// Before a command is called, where anything is watched.
    #[cold]
    pub(super) fn before_command(&mut self, name: &str) -> Outcome<()> {
        if self.debugger.busy {
            return Ok(());
        }
        if self.debugger.trace > 1 && self.find_function(Symbol::new(name)).is_some() {
            self.host_line(&format!("DEBUG:     ! CALL function '{name}'"));
        }
        let hits = self.hits(&|_, breakpoint| match &breakpoint.trigger {
            Trigger::Command(wanted) => Wildcard::new(wanted, false).is_ok_and(|pattern| pattern.matches(name)),
            _ => false,
        });
        let at = self.position;
        self.reach(hits, false, at)
    }

    /// `Wait-Debugger`: stops at the next statement.
    pub(crate) fn break_here(&mut self) {
        self.debugger.going = Going::Into;
        self.watched = true;
    }

    /// The enabled breakpoints of this script that a test chooses.
    fn hits(&mut self, chosen: &dyn Fn(&mut Session, &Breakpoint) -> bool) -> Vec<Breakpoint> {
        let path = self.source.path.clone();
        let here = |breakpoint: &Breakpoint| match &breakpoint.script {
            Some(script) => path.as_deref().is_some_and(|path| path == script.as_str()),
            None => !matches!(breakpoint.trigger, Trigger::Line(..)),
        };
        let candidates: Vec<Breakpoint> = self.debugger.breakpoints.iter().filter(|b| here(b)).cloned().collect();
        let enabled = |session: &mut Session, breakpoint: &Breakpoint| {
            let value = members::get(session, &breakpoint.object, "Enabled").ok().flatten();
            value.is_none_or(|value| convert::to_bool(&value))
        };
        candidates.into_iter().filter(|one| chosen(self, one) && enabled(self, one)).collect()
    }

    /// Counts hits, runs their actions, and stops where one has none or its action says `break`.
    fn reach(&mut self, hits: Vec<Breakpoint>, stops: bool, span: Span) -> Outcome<()> {
        let mut stopping = Vec::new();
        for hit in hits {
            let count = members::get(self, &hit.object, "HitCount")?.and_then(|count| members::integer_of(&count));
            members::set(self, &hit.object, "HitCount", Value::I32(count.unwrap_or(0) as i32 + 1))?;
            match members::get(self, &hit.object, "Action")? {
                Some(Value::ScriptBlock(action)) => {
                    self.debugger.busy = true;
                    let done = self.run_block_with(&action, &[], Some(hit.object.clone()), &mut Discard);
                    self.debugger.busy = false;
                    match done {
                        Err(Unwind::Control(control)) if matches!(*control, Control::Break(_)) => stopping.push(hit),
                        Err(Unwind::Control(control)) if matches!(*control, Control::Exit(_) | Control::Cancelled) => {
                            return Err(Unwind::Control(control));
                        }
                        // An action that fails stops nothing, as in PowerShell.
                        _ => {}
                    }
                }
                _ => stopping.push(hit),
            }
        }
        // Where nobody can answer, breakpoints without an action only count.
        if (stopping.is_empty() && !stops) || !self.host.is_interactive() {
            return Ok(());
        }
        self.stop(&stopping, span)
    }

    /// The debugger's prompt, until the code is to go on.
    fn stop(&mut self, hits: &[Breakpoint], span: Span) -> Outcome<()> {
        self.debugger.busy = true;
        self.host.flush();
        let (position, source) = (self.position, self.source.clone());
        if self.debugger.going == Going::On {
            self.host_line("Debugging: h tells the commands.\n");
        }
        for hit in hits {
            self.host_line(&format!("Hit {}\n", hit.text()));
        }
        self.show_place(span);
        let context = object(
            "System.Management.Automation.PSDebugContext",
            vec![("Breakpoints", Value::array(hits.iter().map(|hit| hit.object.clone()).collect()))],
        );
        let frame = self.frame.clone();
        frame.put_name(Symbol::new("PSDebugContext"), context);
        let answer = loop {
            let prompt = format!("[DBG]: PS {}>> ", self.location.display());
            // Where nobody answers, the code goes on.
            let Some(line) = self.host.read_line(&prompt) else { break Answer::Go(Going::On) };
            match self.debugger_command(line.trim(), span) {
                Answer::Stay => {}
                other => break other,
            }
        };
        frame.unset(Symbol::new("PSDebugContext"));
        (self.position, self.source) = (position, source);
        self.debugger.busy = false;
        match answer {
            Answer::Go(going) => {
                self.debugger.going = going;
                self.watch_statements();
                Ok(())
            }
            Answer::Stay => Ok(()),
            Answer::Quit => {
                self.debugger.going = Going::On;
                self.watch_statements();
                Err(Control::Cancelled.into())
            }
        }
    }

    fn debugger_command(&mut self, line: &str, span: Span) -> Answer {
        let line = if line.is_empty() { self.debugger.previous.clone() } else { line.to_owned() };
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match word.to_ascii_lowercase().as_str() {
            "s" | "stepinto" => Answer::Go(Going::Into),
            "v" | "stepover" => Answer::Go(Going::Over(self.depth)),
            "o" | "stepout" => Answer::Go(Going::Over(self.depth.saturating_sub(1))),
            "c" | "continue" => Answer::Go(Going::On),
            "q" | "quit" => Answer::Quit,
            "k" | "get-pscallstack" => {
                self.run_at_prompt("Get-PSCallStack");
                Answer::Stay
            }
            "l" | "list" => {
                self.list_source(rest, span);
                Answer::Stay
            }
            "h" | "?" => {
                self.host_line(HELP);
                Answer::Stay
            }
            "" => Answer::Stay,
            _ => {
                self.run_at_prompt(&line);
                Answer::Stay
            }
        };
        let repeats = matches!(word, "s" | "v" | "l" | "stepInto" | "stepOver" | "list");
        self.debugger.previous = if repeats { word.to_owned() } else { String::new() };
        answer
    }

    /// Runs a line in the scope that is being debugged.
    fn run_at_prompt(&mut self, line: &str) {
        let result = self
            .parse_block(Source::anonymous(line))
            .and_then(|block| self.run_in_current_scope(&block, None, &[], &mut HostSink));
        self.finish(result);
    }

    fn show_place(&mut self, span: Span) {
        let at = self.source.position(span.start);
        let file = self.source.path.clone().unwrap_or_else(|| "line".into());
        let text = self.source.line_at(span.start).trim_end().to_owned();
        self.host_line(&format!("At {file}:{} char:{}\n+ {}", at.line, at.column, text.trim_start()));
    }

    /// `l [first [count]]`: lines of the source, the current one marked.
    fn list_source(&mut self, rest: &str, span: Span) {
        let current = self.source.position(span.start).line as usize;
        let mut numbers = rest.split_whitespace().filter_map(|word| word.parse::<usize>().ok());
        let first = numbers.next().unwrap_or_else(|| current.saturating_sub(5).max(1));
        let count = numbers.next().unwrap_or(16);
        let source = self.source.clone();
        for (at, line) in source.text.lines().enumerate().skip(first.saturating_sub(1)).take(count) {
            let mark = if at + 1 == current { '*' } else { ' ' };
            self.host_line(&format!("{:>5}:{mark} {line}", at + 1));
        }
    }

    /// What stands before a statement in its line.
    fn prefix_of_line(&self, span: Span) -> String {
        let line = self.source.line_at(span.start);
        let column = self.source.position(span.start).column as usize - 1;
        line.chars().take(column).collect::<String>().trim_start().to_owned()
    }

    fn trace_line(&mut self, span: Span) {
        let at = self.source.position(span.start);
        let line = self.source.line_at(span.start).trim_end().to_owned();
        let column = at.column as usize - 1;
        let before: String = line.chars().take(column).collect();
        let after: String = line.chars().skip(column).collect();
        self.host_line(&format!("DEBUG: {:>4}+ {before} >>>> {after}", at.line));
    }

    /// `Set-PSDebug -Step`: yes, all, no, none.
    fn ask_for_line(&mut self, span: Span) -> Outcome<()> {
        if !self.host.is_interactive() {
            return Ok(());
        }
        let line = self.source.line_at(span.start).trim().to_owned();
        let number = self.source.position(span.start).line;
        let prompt = format!("Line {number}: {line}\nRun it? [Y] yes [A] all [N] no: ");
        match self.host.read_line(&prompt).map(|answer| answer.trim().to_ascii_lowercase()).as_deref() {
            Some("n" | "l") => Err(Control::Cancelled.into()),
            Some("y" | "") => Ok(()),
            _ => {
                self.debugger.step = false;
                self.watch_statements();
                Ok(())
            }
        }
    }

    /// True where a statement reads or writes a variable, as its text says; statements inside are not looked at.
    fn touches(&self, span: Span, name: &str, read: bool, written: bool) -> bool {
        let text = self.source.slice(span);
        let head = text.find('{').map_or(text, |at| text.get(..at).unwrap_or(text));
        let source = Source::anonymous(head);
        let (_, tokens) = syntax::tokenize(&source);
        tokens.iter().enumerate().any(|(at, token)| {
            let own = source.slice(token.span).trim_start_matches(['$', '@']).trim_matches(['{', '}']);
            let own = own.rsplit(':').next().unwrap_or(own);
            if token.kind != TokenKind::Variable || !own.eq_ignore_ascii_case(name) {
                return false;
            }
            let next = tokens.get(at + 1).map_or("", |next| source.slice(next.span));
            let sets = next.ends_with('=') && !next.starts_with('-') || matches!(next, "++" | "--" | "in");
            if sets { written || read && next != "=" && next != "in" } else { read }
        })
    }
}

const HELP: &str = "\n s  next statement, also in what is called\n v  next statement here\n o  out of this function\n c  go on\n \
                    q  end the script\n k  the calls that led here\n l  the source (l FIRST COUNT)\n Enter repeats s, v and l; \
                    anything else is run.\n";
