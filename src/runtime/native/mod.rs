//! Programs as stages of a pipeline: their standard streams and exit codes.

mod arguments;
mod shell_block;
mod transfer;

use super::command::Command;
use super::invoke::Call;
use super::pipeline::Processor;
use super::session::Session;
use super::sink::Sink;
use super::streams::{CommandContext, Stream, Target};
use super::tasks;
use crate::format::Formatter;
use crate::value::encoding::TextEncoding;
use crate::value::members::library;
use crate::value::{ErrorCategory, ErrorRecord, Exception, Fault, Outcome, TypeRef, Value, convert};
use std::path::PathBuf;
use std::process::{Child, Command as Process, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError};
use std::time::{Duration, Instant};
use transfer::{Piece, pieces, read_bytes, read_lines, write_input};

pub(crate) use shell_block::{CLIXML_MARK, Serializer};
pub(crate) use shell_block::{deserialized, serialized};
pub(crate) use transfer::Bytes;

/// A program as a stage of a pipeline. Its output is read on threads that carry bytes and text only.
pub(super) struct NativeProcessor {
    path: Rc<PathBuf>,
    call: Call,
    running: Option<Running>,
    code: Option<i32>,
}

struct Running {
    child: Child,
    input: Option<Input>,
    output: Option<Receiver<Piece>>,
    /// Lines of a document of serialized objects, once one began.
    document: Option<String>,
    lines: usize,
    errors: usize,
}

/// What is written to a program: text in an encoding, as the host would show it, or serialized objects.
struct Input {
    sender: SyncSender<Vec<u8>>,
    encoding: TextEncoding,
    formatter: Formatter,
    /// Objects for another shell wait here until all are there.
    objects: Option<Vec<Value>>,
}

impl Input {
    fn send(&self, lines: Vec<String>) -> bool {
        lines.into_iter().all(|mut line| {
            line.push('\n');
            pass(&self.sender, self.encoding.encode(&line).to_vec())
        })
    }
}

/// Gives bytes to the thread that writes them; false once the program reads no more. Other tasks go on meanwhile.
fn pass(to: &SyncSender<Vec<u8>>, bytes: Vec<u8>) -> bool {
    const STEP: Duration = Duration::from_millis(5);
    if !tasks::any() {
        return to.send(bytes).is_ok();
    }
    let mut left = bytes;
    loop {
        match to.try_send(left) {
            Ok(()) => return true,
            Err(TrySendError::Disconnected(_)) => return false,
            Err(TrySendError::Full(bytes)) => left = bytes,
        }
        tasks::wait(&mut || false, Some(Instant::now() + STEP));
    }
}

impl NativeProcessor {
    pub(super) fn new(path: Rc<PathBuf>, call: Call) -> Self {
        NativeProcessor { path, call, running: None, code: None }
    }

    fn start(&mut self, session: &mut Session, out: &mut dyn Sink, fed: bool) -> Outcome<()> {
        let errors_to_host = matches!(session.routes.get(Stream::Error), Target::Host);
        let direct = out.is_host() && errors_to_host;
        let arguments = session.native_arguments(&self.call.arguments, !direct)?;
        session.host.end_progress();
        session.host.flush();
        let mut process = Process::new(&*self.path);
        process.args(&arguments).current_dir(&session.location).env_clear().envs(&session.environment);
        process.stdin(if fed { Stdio::piped() } else { Stdio::inherit() });
        process.stdout(if direct { Stdio::inherit() } else { Stdio::piped() });
        process.stderr(match session.routes.get(Stream::Error) {
            Target::Host => Stdio::inherit(),
            Target::Null => Stdio::null(),
            Target::Merge(_) | Target::Records(_) => Stdio::piped(),
        });
        let mut child = process.spawn().map_err(|error| not_started(&self.path, &error))?;
        let (sender, receiver) = pieces();
        let mut readers = false;
        if let Some(stream) = child.stdout.take() {
            match out.takes_bytes() {
                true => read_bytes(stream, sender.clone()),
                false => read_lines(stream, sender.clone(), Piece::Output),
            }
            readers = true;
        }
        if let (Some(stream), false) = (child.stderr.take(), errors_to_host) {
            read_lines(stream, sender, Piece::Error);
            readers = true;
        }
        let input = child.stdin.take().map(|stream| {
            let width = session.host.width();
            Input {
                sender: write_input(stream),
                encoding: session.program_encoding(),
                formatter: Formatter::new(
                    super::display::settings(session),
                    crate::format::Layout { width, ..Default::default() },
                ),
                objects: shell_block::has_block(&self.call.arguments).then(Vec::new),
            }
        });
        let output = readers.then_some(receiver);
        self.running = Some(Running { child, input, output, document: None, lines: 0, errors: 0 });
        Ok(())
    }

    fn deliver(&mut self, session: &mut Session, piece: Piece, out: &mut dyn Sink) -> Outcome<()> {
        let Some(running) = &mut self.running else { return Ok(()) };
        match piece {
            Piece::Bytes(bytes) => out.write(session, Bytes::value(bytes)),
            Piece::Output(text) => {
                running.lines += 1;
                if running.lines == 1 && text == CLIXML_MARK {
                    running.document = Some(String::new());
                }
                match &mut running.document {
                    Some(document) => {
                        document.push_str(&text);
                        document.push('\n');
                        Ok(())
                    }
                    None => out.write(session, Value::str(text)),
                }
            }
            Piece::Error(text) => {
                running.errors += 1;
                let exception = Rc::new(Exception::new(TypeRef::REMOTE_EXCEPTION, text.clone(), None));
                let (id, target) = match running.errors {
                    1 => ("NativeCommandError", Value::str(text)),
                    _ => ("NativeCommandErrorMessage", Value::Null),
                };
                let record = ErrorRecord::new(exception, id, ErrorCategory::NotSpecified, target);
                record.invocation.replace(session.occurrence(None));
                session.show_error(&Rc::new(record), out)
            }
        }
    }

    /// The next piece of the program's output; `None` when there will be no more. Other tasks go on meanwhile.
    fn next_piece(&self, session: &mut Session) -> Outcome<Option<Piece>> {
        let Some(output) = self.running.as_ref().and_then(|running| running.output.as_ref()) else { return Ok(None) };
        if !tasks::any() {
            return Ok(output.recv().ok());
        }
        let mut piece = Err(TryRecvError::Empty);
        let mut came = || {
            piece = output.try_recv();
            !matches!(piece, Err(TryRecvError::Empty))
        };
        session.wait(&mut came, None)?;
        Ok(piece.ok())
    }

    /// Hands on what the program has written so far.
    fn drain(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        while let Some(piece) = self.running.as_ref().and_then(|r| r.output.as_ref()?.try_recv().ok()) {
            self.deliver(session, piece, out)?;
        }
        Ok(())
    }

    /// Gives the program one object; false once it reads no more.
    fn feed(&mut self, session: &mut Session, item: &Value) -> Outcome<bool> {
        let Some(input) = self.running.as_mut().and_then(|r| r.input.as_mut()) else { return Ok(true) };
        if let Some(bytes) = Bytes::of(item) {
            return Ok(pass(&input.sender, bytes.to_vec()));
        }
        if let Some(objects) = &mut input.objects {
            objects.push(item.clone());
            return Ok(true);
        }
        let mut lines = Vec::new();
        input.formatter.process(session, item, &mut lines)?;
        Ok(input.send(lines))
    }

    /// Ends the program's input.
    fn close_input(&mut self, session: &mut Session) -> Outcome<()> {
        let Some(mut input) = self.running.as_mut().and_then(|r| r.input.take()) else { return Ok(()) };
        let mut lines = Vec::new();
        match input.objects.take() {
            Some(objects) => lines.push(serialized(session, &objects)?),
            None => input.formatter.finish(&mut lines)?,
        }
        // A program that reads no more has closed its end; the rest has nowhere to go.
        let _ = input.send(lines);
        Ok(())
    }

    fn finish(&mut self, session: &mut Session, out: &mut dyn Sink) -> Outcome<()> {
        self.close_input(session)?;
        while let Some(piece) = self.next_piece(session)? {
            self.deliver(session, piece, out)?;
        }
        let Some(mut running) = self.running.take() else { return Ok(()) };
        let process = running.child.id();
        let code = tasks::offload(|| running.child.wait()).ok().map_or(-1, exit_code);
        self.code = Some(code);
        session.set_last_exit_code(code);
        if let Some(document) = running.document.take() {
            for object in deserialized(session, &document)?.unwrap_or_default() {
                out.write(session, object)?;
            }
        }
        if code != 0 && session.native_errors_count() {
            let fault = Fault::new(
                "ProgramExitedWithNonZeroCode",
                format!("The program '{}' ended with exit code {code}.", self.path.display()),
            )
            .category(ErrorCategory::NotSpecified)
            .exception("System.Management.Automation.NativeCommandExitException")
            .target(self.path.to_string_lossy().as_ref())
            .property("ExitCode", Value::I32(code))
            .property("ProcessId", Value::I32(i32::try_from(process).unwrap_or(0)))
            .property("Path", self.path.to_string_lossy().as_ref());
            let record = session.record_of(fault.into())?;
            let command = Command::External(self.path.clone());
            let context = Rc::new(CommandContext::new(Some(command), session.frame.clone()));
            return session.write_error_record(record, &context, out);
        }
        Ok(())
    }
}

fn not_started(path: &std::path::Path, error: &std::io::Error) -> Fault {
    Fault::new("NativeCommandFailed", format!("The program '{}' cannot be started: {error}.", path.display()))
        .category(ErrorCategory::ResourceUnavailable)
        .exception("System.Management.Automation.ApplicationFailedException")
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
        let wanted = self.feed(session, &item)?;
        self.drain(session, out)?;
        if wanted { Ok(()) } else { Err(crate::value::Control::StopUpstream(self.call.place.pipeline).into()) }
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
            drop(running.output);
            // The pipeline was stopped: the program is told so; it may have ended already.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
        Ok(())
    }

    fn failed(&self) -> bool {
        self.code.is_some_and(|code| code != 0)
    }

    fn takes_bytes(&self) -> bool {
        true
    }
}

/// The exit code that scripts see: 128 and the signal's number for a program that a signal ended.
pub(crate) fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

impl Session {
    /// The encoding of text that programs are given: `$OutputEncoding`.
    fn program_encoding(&self) -> TextEncoding {
        let wanted = self.lookup(super::Symbol::new("OutputEncoding"));
        wanted.and_then(|value| library::encoding::encoding_of(&value)).unwrap_or(TextEncoding::Utf8)
    }

    /// Sets `$LASTEXITCODE`.
    pub(crate) fn set_last_exit_code(&mut self, code: i32) {
        let frame = self.frame.global_frame();
        frame.put_name(super::Symbol::LAST_EXIT_CODE, Value::I32(code));
    }

    /// `$PSNativeCommandUseErrorActionPreference`.
    fn native_errors_count(&self) -> bool {
        self.lookup(super::Symbol::NATIVE_ERROR_PREFERENCE).is_some_and(|v| convert::to_bool(&v))
    }
}
