//! Programs: arguments, standard streams, exit codes.

use super::argument::ArgumentKind;
use super::invoke::Call;
use super::pipeline::Processor;
use super::session::Session;
use super::sink::Sink;
use super::streams::{Stream, Target};
use crate::value::{ErrorCategory, ErrorRecord, Exception, Fault, Outcome, TypeRef, Value, convert};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command as Process, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// A program as a stage of a pipeline. Its output is read line by line on threads that carry text only.
pub(super) struct NativeProcessor {
    path: Rc<PathBuf>,
    call: Call,
    running: Option<Running>,
    code: Option<i32>,
}

struct Running {
    child: Child,
    input: Option<Sender<String>>,
    lines: Option<Receiver<Line>>,
}

/// A line of output or of errors.
enum Line {
    Output(String),
    Error(String),
}

impl NativeProcessor {
    pub(super) fn new(path: Rc<PathBuf>, call: Call) -> Self {
        NativeProcessor { path, call, running: None, code: None }
    }

    fn start(&mut self, session: &mut Session, out: &mut dyn Sink, fed: bool) -> Outcome<()> {
        let arguments = session.native_arguments(&self.call)?;
        let direct = out.is_host() && matches!(session.routes.get(Stream::Error), Target::Host);
        let errors_to_host = matches!(session.routes.get(Stream::Error), Target::Host);
        session.host.flush();
        let mut process = Process::new(&*self.path);
        process.args(&arguments).current_dir(&session.location).env_clear().envs(&session.environment);
        process.stdin(if fed { Stdio::piped() } else { Stdio::inherit() });
        process.stdout(if direct { Stdio::inherit() } else { Stdio::piped() });
        process.stderr(match session.routes.get(Stream::Error) {
            Target::Host => Stdio::inherit(),
            Target::Null => Stdio::null(),
            Target::Merge(_) => Stdio::piped(),
        });
        let mut child = match process.spawn() {
            Ok(child) => child,
            Err(error) => {
                return Fault::new(
                    "NativeCommandFailed",
                    format!("The program '{}' cannot be started: {error}.", self.path.display()),
                )
                .category(ErrorCategory::ResourceUnavailable)
                .exception("System.Management.Automation.ApplicationFailedException")
                .err();
            }
        };
        let (sender, receiver) = channel();
        let mut readers = false;
        if let Some(stream) = child.stdout.take() {
            read_lines(stream, sender.clone(), Line::Output);
            readers = true;
        }
        if let (Some(stream), false) = (child.stderr.take(), errors_to_host) {
            read_lines(stream, sender, Line::Error);
            readers = true;
        }
        let input = child.stdin.take().map(write_input);
        self.running = Some(Running { child, input, lines: readers.then_some(receiver) });
        Ok(())
    }

    fn deliver(&mut self, session: &mut Session, line: Line, out: &mut dyn Sink) -> Outcome<()> {
        match line {
            Line::Output(text) => out.write(session, Value::str(text)),
            Line::Error(text) => {
                let exception = Exception::new(TypeRef::REMOTE_EXCEPTION, text.clone(), None);
                let record = ErrorRecord::new(
                    Rc::new(exception),
                    "NativeCommandError",
                    ErrorCategory::NotSpecified,
                    Value::str(text),
                );
                record.invocation.replace(session.occurrence(None));
                session.show_error(&Rc::new(record), out)
            }
        }
    }

    /// Hands on what the program has written so far.
    fn drain(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        while let Some(line) = self.running.as_ref().and_then(|r| r.lines.as_ref()?.try_recv().ok()) {
            self.deliver(session, line, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        if let Some(running) = &mut self.running {
            running.input = None;
        }
        while let Some(line) = self.running.as_ref().and_then(|r| r.lines.as_ref()?.recv().ok()) {
            self.deliver(session, line, out)?;
        }
        let Some(mut running) = self.running.take() else { return Ok(()) };
        let status = running.child.wait();
        let code = status.ok().map_or(-1, exit_code);
        self.code = Some(code);
        session.set_last_exit_code(code);
        if code != 0 && session.native_errors_terminate() {
            return Fault::new(
                "ProgramExitedWithNonZeroCode",
                format!("The program '{}' ended with exit code {code}.", self.path.display()),
            )
            .category(ErrorCategory::NotSpecified)
            .exception("System.Management.Automation.NativeCommandExitException")
            .property("ExitCode", Value::I32(code))
            .err();
        }
        Ok(())
    }
}

impl Processor for NativeProcessor {
    fn process(&mut self, session: &mut Session, item: Option<Value>, out: &mut dyn Sink) -> Outcome<()> {
        let Some(item) = item else {
            self.start(session, out, false)?;
            return Ok(());
        };
        if self.running.is_none() {
            self.start(session, out, true)?;
        }
        if item.is_null() {
            return Ok(());
        }
        let text = session.text_for_program(&item)?;
        if let Some(input) = self.running.as_ref().and_then(|r| r.input.as_ref()) {
            // A program that reads no more has closed its end; the rest has nowhere to go.
            let _ = input.send(text);
        }
        self.drain(session, out)
    }

    fn end(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        if self.running.is_none() && self.code.is_none() {
            self.start(session, out, self.call.place.input)?;
        }
        self.finish(session, out)
    }

    fn clean(&mut self, _: &mut Session, _: &mut dyn Sink) -> Outcome<()> {
        if let Some(mut running) = self.running.take() {
            running.input = None;
            drop(running.lines);
            // The pipeline was stopped: the program is told so; it may have ended already.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
        Ok(())
    }

    fn failed(&self) -> bool {
        self.code.is_some_and(|code| code != 0)
    }
}

fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

fn read_lines(stream: impl Read + Send + 'static, sender: Sender<Line>, wrap: fn(String) -> Line) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            if line.last() == Some(&b'\n') {
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
            }
            // A carriage return alone ends a line too, as .NET's readers have it.
            for part in line.split(|byte| *byte == b'\r') {
                let text = String::from_utf8_lossy(part).into_owned();
                if sender.send(wrap(text)).is_err() {
                    return;
                }
            }
        }
    });
}

fn write_input(mut stream: impl Write + Send + 'static) -> Sender<String> {
    let (sender, receiver) = channel::<String>();
    std::thread::spawn(move || {
        for text in receiver {
            if stream.write_all(text.as_bytes()).and_then(|()| stream.write_all(b"\n")).is_err() {
                return;
            }
        }
    });
    sender
}

impl Session {
    /// A command's arguments as a program gets them: one text each, collections spread, bare words globbed.
    fn native_arguments(&mut self, call: &Call) -> Outcome<Vec<String>> {
        let mut words = Vec::new();
        for argument in &call.arguments {
            let written = self.source.slice(argument.span).to_string();
            match &argument.kind {
                ArgumentKind::Value { value, text } => match text {
                    Some(text) => words.push(text.to_string()),
                    None => self.push_native(value, &written, &mut words)?,
                },
                ArgumentKind::Parameter { written, value, .. } => {
                    let Some(value) = value else {
                        words.push(written.to_string());
                        continue;
                    };
                    let text = convert::to_text(value);
                    if written.ends_with(' ') {
                        words.push(written.trim_end().to_string());
                        words.push(text.to_string());
                    } else {
                        words.push(format!("{written}{text}"));
                    }
                }
            }
        }
        Ok(words)
    }

    fn push_native(&mut self, value: &Value, written: &str, words: &mut Vec<String>) -> Outcome<()> {
        if value.is_null() {
            return Ok(());
        }
        if let Value::Str(text) = value {
            if !written.starts_with(['"', '\'', '(', '@']) {
                words.extend(self.expand_word(text));
            } else {
                words.push(text.to_string());
            }
            return Ok(());
        }
        match self.enumerate(value)? {
            Some(items) => {
                for item in items {
                    if !item.is_null() {
                        words.push(convert::to_text(&item).to_string());
                    }
                }
            }
            None => words.push(convert::to_text(value).to_string()),
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
        let found = super::glob::expand(&self.location, word);
        if found.is_empty() { vec![word.to_string()] } else { found }
    }

    /// An object as a line of a program's input.
    fn text_for_program(&mut self, value: &Value) -> Outcome<String> {
        match value {
            Value::Str(text) => Ok(text.to_string()),
            _ => self.formatted_line(value),
        }
    }

    /// Sets `$LASTEXITCODE`.
    pub fn set_last_exit_code(&mut self, code: i32) {
        let frame = self.frame.global_frame();
        frame.put_name(super::Symbol::LAST_EXIT_CODE, Value::I32(code));
    }

    fn native_errors_terminate(&self) -> bool {
        let wanted = self.lookup(super::Symbol::NATIVE_ERROR_PREFERENCE).is_some_and(|v| convert::to_bool(&v));
        wanted && self.error_preference() == super::ActionPreference::Stop
    }
}
