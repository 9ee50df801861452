//! `Start-Job`'s process: this program again, which is given the work on its input and answers with records,
//! one a line: the stream's number and the object as CLIXML in base64; last `end`, the state, and the error.

use crate::commands::general::clixml::{from_text, to_text};
use crate::runtime::jobs::{self, Job, JobState, Records, Work};
use crate::runtime::{Session, Stream, Symbol, tasks};
use crate::value::{
    ErrorCategory, ErrorRecord, Exception, Fault, Hashtable, Outcome, Shape, Str, TypeRef, Value, convert, members,
    members::library,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// Levels of an object that are carried over.
const DEPTH: i32 = 2;

/// The word of the command line that makes this program a job's process.
const SERVER_MODE: &str = "-ServerMode";

/// Starts a job's process and the task that listens to it.
pub(super) fn begin(session: &mut Session, job: Rc<Job>, work: Work, location: PathBuf) -> Outcome<()> {
    let text = to_text(session, &[described(work)], 16)?;
    let failed = |error: std::io::Error| {
        Fault::new("JobProcessFailed", format!("No process can be started for a job: {error}."))
            .category(ErrorCategory::ResourceUnavailable)
            .exception("System.Management.Automation.Remoting.PSRemotingTransportException")
    };
    let program = std::env::current_exe().map_err(failed)?;
    let mut child = Command::new(program)
        .args(["-NoLogo", "-NoProfile", SERVER_MODE])
        .current_dir(location)
        .env_clear()
        .envs(&session.environment)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(failed)?;
    let input = child.stdin.take();
    let (sender, lines) = channel();
    let output = child.stdout.take();
    let waker = tasks::Waker::here();
    std::thread::spawn(move || {
        if let Some(mut input) = input {
            // A process that died says so by the end of its output.
            let _ = input.write_all(text.as_bytes());
        }
        let Some(output) = output else { return };
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
            waker.wake();
        }
        drop(sender);
        waker.wake();
    });
    job.enter(JobState::Running);
    let from = session.surroundings(false);
    let listener = job.clone();
    let begun = tasks::spawn(job.cancellation.clone(), move || {
        let mut session = from.session(None);
        listen(&mut session, &listener, &mut child, &lines);
    });
    begun.map_err(failed).map_err(Into::into)
}

/// Turns a process's lines into a job's records until it ends or is to be stopped.
fn listen(session: &mut Session, job: &Rc<Job>, child: &mut Child, lines: &Receiver<String>) {
    let (state, reason) = loop {
        let mut line = Err(TryRecvError::Empty);
        tasks::wait(
            &mut || {
                line = lines.try_recv();
                line != Err(TryRecvError::Empty) || job.cancellation.is_cancelled()
            },
            None,
        );
        let Ok(line) = line else {
            let _ = child.kill();
            break if job.cancellation.is_cancelled() { (JobState::Stopped, None) } else { (JobState::Failed, lost()) };
        };
        let mut words = line.splitn(3, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("end"), Some(state), error) => {
                let reason = error.and_then(|text| decode(session, text)).map(|value| error_of(session, &value));
                break (if state == "Failed" { JobState::Failed } else { JobState::Completed }, reason);
            }
            (Some(number), Some(text), None) => accept(session, &job.records, job.instance, number, text),
            _ => {}
        }
    };
    // The process is at its end; what it answers does not matter any more.
    let _ = child.wait();
    job.reason.replace(reason);
    job.enter(state);
}

fn lost() -> Option<Rc<ErrorRecord>> {
    let text = "The job's process ended before its work was done.";
    let exception = Exception::new(TypeRef::REMOTE_EXCEPTION, text, None);
    Some(Rc::new(ErrorRecord::new(Rc::new(exception), "JobProcessEnded", ErrorCategory::OperationStopped, Value::Null)))
}

fn decode(session: &mut Session, text: &str) -> Option<Value> {
    let bytes = STANDARD.decode(text).ok()?;
    from_text(session, std::str::from_utf8(&bytes).ok()?).ok()?.into_iter().next()
}

fn encode(session: &mut Session, value: &Value) -> Outcome<String> {
    Ok(STANDARD.encode(to_text(session, std::slice::from_ref(value), DEPTH)?))
}

/// A record from the other process.
fn accept(session: &mut Session, records: &Records, instance: uuid::Uuid, number: &str, text: &str) {
    let Some(value) = decode(session, text) else { return };
    let message = |kind: &str, session: &mut Session| {
        let text = member(session, &value, "Message");
        crate::runtime::object(kind, vec![("Message", text), ("InvocationInfo", Value::Null)])
    };
    match number {
        "0" => records.push_progress(value),
        "1" => {
            mark(&value, instance);
            records.push(Stream::Output, value);
        }
        "2" => {
            let record = error_of(session, &value);
            records.push(Stream::Error, Value::Error(record));
        }
        "3" => records.push(Stream::Warning, message("System.Management.Automation.WarningRecord", session)),
        "4" => records.push(Stream::Verbose, message("System.Management.Automation.VerboseRecord", session)),
        "5" => records.push(Stream::Debug, message("System.Management.Automation.DebugRecord", session)),
        "6" => {
            let data = member(session, &value, "MessageData");
            let tags: Vec<Str> = crate::value::enumerate(&member(session, &value, "Tags"))
                .unwrap_or_default()
                .iter()
                .map(convert::to_text)
                .collect();
            let data =
                if tags.iter().any(|tag| tag.as_str() == "PSHOST") { host_message(session, &data) } else { data };
            records.push(Stream::Information, super::super::write::information_record(data, &tags));
        }
        _ => {}
    }
}

/// An object that came from another session says from which.
fn mark(value: &Value, instance: uuid::Uuid) {
    const NAME: &str = "RunspaceId";
    let Value::Object(object) = value else { return };
    let mut names = object.shape.borrow().names.clone();
    if names.iter().any(|name| name.as_str() == NAME) {
        return;
    }
    names.push(Str::from(NAME));
    object.shape.replace(Rc::new(Shape { names }));
    object.values.borrow_mut().push(library::guid::value(instance));
}

/// What `Write-Host` wrote, as it was before it was carried over.
fn host_message(session: &mut Session, data: &Value) -> Value {
    let names = ["Message", "NoNewLine", "ForegroundColor", "BackgroundColor"];
    let rows = names.map(|name| (name, member(session, data, name)));
    crate::runtime::object("System.Management.Automation.HostInformationMessage", rows.to_vec())
}

fn member(session: &mut Session, object: &Value, name: &str) -> Value {
    members::get(session, object, name).ok().flatten().unwrap_or_default()
}

/// The error that [`described_error`] described.
fn error_of(session: &mut Session, value: &Value) -> Rc<ErrorRecord> {
    let text = |session: &mut Session, name: &str| convert::to_text(&member(session, value, name));
    let exception = Exception::new(TypeRef::REMOTE_EXCEPTION, text(session, "Message"), None);
    let category = text(session, "Category").parse().ok().and_then(ErrorCategory::from_number);
    let id = text(session, "Id");
    let target = member(session, value, "Target");
    let category = category.unwrap_or(ErrorCategory::NotSpecified);
    let record = ErrorRecord::new(Rc::new(exception), id, category, target);
    record.activity.replace(text(session, "Activity"));
    record.reason.replace(Some(text(session, "Reason")));
    Rc::new(record)
}

fn described_error(record: &ErrorRecord) -> Value {
    let reason = record.reason.borrow().clone();
    let kind = record.exception.kind.name();
    let reason = reason.unwrap_or_else(|| Str::from(kind.rsplit('.').next().unwrap_or(kind)));
    table(vec![
        ("Message", Value::Str(record.exception.message.borrow().clone())),
        ("Id", Value::Str(record.id.borrow().clone())),
        ("Category", Value::I64(record.category.get() as i64)),
        ("Target", record.target.borrow().clone()),
        ("Activity", Value::Str(record.activity.borrow().clone())),
        ("Reason", Value::Str(reason)),
    ])
}

fn table(rows: Vec<(&str, Value)>) -> Value {
    Value::Hashtable(Hashtable::from_pairs(false, rows.into_iter().map(|(name, value)| (Value::from(name), value))))
}

/// Work as a table that [`work_of`] reads.
fn described(work: Work) -> Value {
    let using = work.using.into_iter().map(|(name, value)| (name.name(), value)).collect();
    table(vec![
        ("Script", work.script.into()),
        ("Path", work.path.map_or(Value::Null, Value::from)),
        ("Initialization", work.initialization.map_or(Value::Null, Value::from)),
        ("Arguments", Value::array(work.arguments)),
        ("HasInput", Value::Bool(work.input.is_some())),
        ("Input", Value::array(work.input.unwrap_or_default())),
        ("Using", table(using)),
    ])
}

fn work_of(session: &mut Session, table: &Value) -> Work {
    let text = |session: &mut Session, name: &str| match member(session, table, name) {
        Value::Null | Value::Nothing => None,
        value => Some(convert::to_text(&value).to_string()),
    };
    let items = |session: &mut Session, name: &str| crate::value::enumerate(&member(session, table, name));
    let using = match member(session, table, "Using") {
        Value::Hashtable(using) => {
            using.pairs().into_iter().map(|(name, value)| (Symbol::new(&convert::to_text(&name)), value)).collect()
        }
        _ => Default::default(),
    };
    let has_input = convert::to_bool(&member(session, table, "HasInput"));
    Work {
        script: text(session, "Script").unwrap_or_default(),
        path: text(session, "Path"),
        initialization: text(session, "Initialization"),
        arguments: items(session, "Arguments").unwrap_or_default(),
        input: has_input.then(|| items(session, "Input").unwrap_or_default()),
        using,
        ..Work::default()
    }
}

/// The other side: reads the work, runs it, and writes its records; the exit code.
pub(crate) fn serve(session: &mut Session) -> i32 {
    let mut text = String::new();
    if std::io::stdin().read_to_string(&mut text).is_err() {
        return 1;
    }
    let Some(table) = from_text(session, &text).ok().and_then(|objects| objects.into_iter().next()) else { return 1 };
    let work = work_of(session, &table);
    let records: Rc<Records> = Rc::default();
    let end: Rc<RefCell<Option<Rc<ErrorRecord>>>> = Rc::default();
    let state = Rc::new(Cell::new(JobState::Running));
    let from = session.surroundings(false);
    let (its_records, its_end, its_state) = (records.clone(), end.clone(), state.clone());
    let begun = tasks::spawn(work.cancellation.clone(), move || {
        let (how, reason) = jobs::run(from, work, &its_records);
        its_end.replace(reason);
        its_state.set(how);
        tasks::notify();
    });
    if begun.is_err() {
        return 1;
    }
    loop {
        tasks::wait(&mut || !records.is_empty() || state.get().is_finished(), None);
        while let Some((stream, value)) = records.pop() {
            let sent = match &value {
                Value::Error(record) if stream == Stream::Error => described_error(record),
                _ => value,
            };
            let Ok(text) = encode(session, &sent) else { continue };
            if !say(&format!("{} {text}\n", stream as u8)) {
                return 1;
            }
        }
        for record in records.take_progress() {
            if let Ok(text) = encode(session, &record)
                && !say(&format!("0 {text}\n"))
            {
                return 1;
            }
        }
        if state.get().is_finished() {
            break;
        }
    }
    let reason = end.take().and_then(|record| encode(session, &described_error(&record)).ok());
    let state = convert::to_text(&state.get().value());
    say(&format!("end {state}{}\n", reason.map_or(String::new(), |text| format!(" {text}"))));
    0
}

/// Writes a line; false where nobody reads any more.
fn say(line: &str) -> bool {
    let mut output = std::io::stdout().lock();
    output.write_all(line.as_bytes()).and_then(|()| output.flush()).is_ok()
}
