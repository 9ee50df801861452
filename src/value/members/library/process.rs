//! `System.Diagnostics.Process`: a program that runs or ran, as the kernel's process table tells it.

use super::super::table::{Table, added, get};
use super::super::thrown;
use crate::value::object::NativeObject;
use crate::value::{DateKind, DateTime, Engine, Native, Outcome, Str, TimeSpan, TypeRef, Value, calendar};
use std::any::Any;
use std::cell::RefCell;
use std::process::Child;
use std::time::{Duration, Instant};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[(TypeRef::PROCESS, &PROCESS)];

/// Ticks of the kernel's process clock in a second, and of .NET's in one of those.
const CLOCK: i64 = 100;
const TICKS_PER_CLOCK: i64 = 10_000_000 / CLOCK;

/// A process: by its number, and by the handle where this session started it.
pub(crate) struct Process {
    /// Its number.
    pub(crate) id: u32,
    name: Str,
    child: RefCell<Option<Child>>,
    code: RefCell<Option<i32>>,
}

impl NativeObject for Process {
    fn kind(&self) -> TypeRef {
        TypeRef::PROCESS
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format!("System.Diagnostics.Process ({})", self.name)
    }
}

/// What one process's `stat` says: the fields after the name, numbered as in proc(5) from 3.
struct Stat(Vec<String>);

impl Stat {
    fn number(&self, field: usize) -> i64 {
        self.0.get(field.saturating_sub(3)).and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

impl Process {
    /// A process of this number, where there is one.
    pub(crate) fn find(id: u32) -> Option<Process> {
        let name = name_of(id)?;
        Some(Process { id, name: Str::from(name), child: RefCell::default(), code: RefCell::default() })
    }

    /// A process that this session started.
    pub(crate) fn started(child: Child, name: &str) -> Process {
        let id = child.id();
        Process { id, name: Str::from(name), child: RefCell::new(Some(child)), code: RefCell::default() }
    }

    /// All processes, by number.
    pub(crate) fn all() -> Vec<Process> {
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let mut numbers: Vec<u32> =
            entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok()).collect();
        numbers.sort_unstable();
        numbers.into_iter().filter_map(Process::find).collect()
    }

    /// Its name.
    pub(crate) fn name(&self) -> &Str {
        &self.name
    }

    /// True once it has ended.
    pub(crate) fn has_exited(&self) -> bool {
        let mut child = self.child.borrow_mut();
        match child.as_mut().map(Child::try_wait) {
            Some(Ok(Some(status))) => {
                self.code.replace(Some(exit_code(status)));
                true
            }
            Some(_) => false,
            None => stat(self.id).is_none_or(|stat| stat.0.first().is_some_and(|state| state == "Z" || state == "X")),
        }
    }

    /// Waits until it has ended, while what else runs goes on; false where that takes longer than the time given.
    pub(crate) fn wait(&self, limit: Option<Duration>, engine: &mut dyn Engine) -> Outcome<bool> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(1);
        while !self.has_exited() {
            if limit.is_some_and(|limit| begun.elapsed() >= limit) {
                return Ok(false);
            }
            engine.pause(pause)?;
            pause = (pause * 2).min(Duration::from_millis(50));
        }
        Ok(true)
    }

    /// Ends it.
    pub(crate) fn kill(&self) -> std::io::Result<()> {
        if let Some(child) = self.child.borrow_mut().as_mut() {
            return child.kill();
        }
        match i32::try_from(self.id).ok().and_then(rustix::process::Pid::from_raw) {
            Some(id) => Ok(rustix::process::kill_process(id, rustix::process::Signal::KILL)?),
            None => Ok(()),
        }
    }

    /// The number of the process that started it.
    pub(crate) fn parent(&self) -> Option<u32> {
        u32::try_from(stat(self.id)?.number(4)).ok().filter(|parent| *parent > 0)
    }
}

fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

fn stat(id: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let rest = text.rsplit_once(')')?.1;
    Some(Stat(rest.split_whitespace().map(str::to_owned).collect()))
}

/// The program's name: the kernel keeps 15 characters of it, the command line all.
fn name_of(id: u32) -> Option<String> {
    let short = std::fs::read_to_string(format!("/proc/{id}/comm")).ok()?.trim_end().to_owned();
    let words = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let words: Vec<String> = words.split(|b| *b == 0).map(|w| String::from_utf8_lossy(w).into_owned()).collect();
    let leaf = |word: &String| word.rsplit('/').next().unwrap_or(word).to_owned();
    let long = words.iter().take(2).map(leaf).find(|name| name.len() > short.len() && name.starts_with(&short));
    Some(long.unwrap_or(short))
}

/// The file a process runs.
fn path(id: u32) -> Option<String> {
    let path = std::fs::read_link(format!("/proc/{id}/exe")).ok()?;
    Some(path.to_string_lossy().trim_end_matches(" (deleted)").to_owned())
}

fn command_line(id: u32) -> Option<String> {
    let words = std::fs::read(format!("/proc/{id}/cmdline")).ok().filter(|bytes| !bytes.is_empty())?;
    let text = String::from_utf8_lossy(&words).trim_end_matches('\0').replace('\0', " ");
    Some(text)
}

fn start_time(id: u32) -> Option<Value> {
    let boot = std::fs::read_to_string("/proc/stat").ok()?;
    let boot: i64 = boot.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    let ticks = boot * 10_000_000 + stat(id)?.number(22) * TICKS_PER_CLOCK + calendar::UNIX_EPOCH;
    let local = ticks + calendar::local_offset_ticks(ticks);
    DateTime::new(local, DateKind::Local).map(Value::DateTime)
}

fn process(value: &Value) -> Option<&Process> {
    match value {
        Value::Native(native) => native.downcast::<Process>(),
        _ => None,
    }
}

/// A number of the process table; 0 once the process has ended.
fn number(value: &Value, read: fn(&Stat) -> i64) -> i64 {
    process(value).and_then(|process| stat(process.id)).map_or(0, |stat| read(&stat))
}

const PAGE: i64 = 4096;

fn processor_time(value: &Value) -> i64 {
    number(value, |stat| (stat.number(14) + stat.number(15)) * TICKS_PER_CLOCK)
}

fn memory(value: &Value) -> Outcome<Value> {
    Ok(Value::I64(number(value, |stat| stat.number(24) * PAGE)))
}

fn virtual_memory(value: &Value) -> Outcome<Value> {
    Ok(Value::I64(number(value, |stat| stat.number(23))))
}

fn name(value: &Value) -> Outcome<Value> {
    Ok(process(value).map_or(Value::Null, |process| Value::Str(process.name.clone())))
}

fn session(value: &Value) -> Outcome<Value> {
    Ok(Value::I32(i32::try_from(number(value, |stat| stat.number(6))).unwrap_or(0)))
}

fn module(value: &Value) -> Option<Value> {
    let file = path(process(value)?.id)?;
    let leaf = file.rsplit('/').next().unwrap_or(&file).to_owned();
    let module = crate::value::PsObject {
        kind: TypeRef::PROCESS_MODULE,
        shape: std::rc::Rc::new(crate::value::Shape { names: vec!["ModuleName".into(), "FileName".into()] }).into(),
        values: vec![Value::from(leaf), Value::from(file)].into(),
        extension: Default::default(),
    };
    Some(Value::Object(std::rc::Rc::new(module)))
}

fn running(value: &Value) -> Outcome<Value> {
    Err(thrown(
        TypeRef::INVALID_OPERATION_EXCEPTION,
        format!("The process {} has not ended yet.", process(value).map_or(0, |process| process.id)),
    ))
}

fn exit_code_of(_: &mut dyn Engine, value: &Value) -> Outcome<Value> {
    let Some(process) = process(value) else { return Ok(Value::Null) };
    if !process.has_exited() {
        return running(value);
    }
    let code = *process.code.borrow();
    Ok(code.map_or(Value::Null, Value::I32))
}

static PROCESS: Table = Table {
    methods: &[
        ("void Kill()", |c| {
            process(c.this).map(Process::kill).transpose().ok();
            Ok(Value::Nothing)
        }),
        ("void Kill(bool entireProcessTree)", |c| {
            process(c.this).map(Process::kill).transpose().ok();
            Ok(Value::Nothing)
        }),
        ("void WaitForExit()", |c| {
            if let Some(process) = process(c.this) {
                process.wait(None, c.engine)?;
            }
            Ok(Value::Nothing)
        }),
        ("bool WaitForExit(int milliseconds)", |c| {
            let limit = u64::try_from(c.int(0)).ok().map(Duration::from_millis);
            match process(c.this) {
                Some(process) => process.wait(limit, c.engine).map(Value::Bool),
                None => Ok(Value::Bool(true)),
            }
        }),
        ("void Refresh()", |_| Ok(Value::Nothing)),
        ("void Close()", |_| Ok(Value::Nothing)),
        ("void Dispose()", |_| Ok(Value::Nothing)),
        ("bool CloseMainWindow()", |_| Ok(Value::Bool(false))),
        ("string ToString()", |c| Ok(process(c.this).map_or(Value::Null, |process| Value::from(process.text())))),
    ],
    statics: &[
        ("static System.Diagnostics.Process GetCurrentProcess()", |_| {
            Ok(Process::find(std::process::id()).map_or(Value::Null, Native::value))
        }),
        ("static System.Diagnostics.Process GetProcessById(int processId)", |c| {
            let found = u32::try_from(c.int(0)).ok().and_then(Process::find);
            found
                .map(Native::value)
                .ok_or_else(|| thrown(TypeRef::ARGUMENT_EXCEPTION, format!("No process has the number {}.", c.int(0))))
        }),
        ("static System.Diagnostics.Process[] GetProcesses()", |_| {
            Ok(Value::array(Process::all().into_iter().map(Native::value).collect()))
        }),
        ("static System.Diagnostics.Process[] GetProcessesByName(string processName)", |c| {
            let named = Process::all().into_iter().filter(|process| process.name.as_str() == c.text(0));
            Ok(Value::array(named.map(Native::value).collect()))
        }),
    ],
    properties: &[
        get("Id", "int", |_, v| Ok(process(v).map_or(Value::Null, |p| Value::I32(p.id as i32)))),
        get("ProcessName", "string", |_, v| name(v)),
        added("Name", "AliasProperty", "string", |_, v| name(v)),
        get("HasExited", "bool", |_, v| Ok(Value::Bool(process(v).is_none_or(Process::has_exited)))),
        get("ExitCode", "int", exit_code_of),
        get("StartTime", "datetime", |_, v| {
            Ok(process(v).and_then(|process| start_time(process.id)).unwrap_or_default())
        }),
        added("CPU", "ScriptProperty", "double", |_, v| Ok(Value::F64(processor_time(v) as f64 / 1e7))),
        get("TotalProcessorTime", "timespan", |_, v| Ok(Value::TimeSpan(TimeSpan(processor_time(v))))),
        get("UserProcessorTime", "timespan", |_, v| {
            Ok(Value::TimeSpan(TimeSpan(number(v, |stat| stat.number(14) * TICKS_PER_CLOCK))))
        }),
        get("PrivilegedProcessorTime", "timespan", |_, v| {
            Ok(Value::TimeSpan(TimeSpan(number(v, |stat| stat.number(15) * TICKS_PER_CLOCK))))
        }),
        get("WorkingSet64", "long", |_, v| memory(v)),
        added("WS", "AliasProperty", "long", |_, v| memory(v)),
        get("PagedMemorySize64", "long", |_, v| memory(v)),
        added("PM", "AliasProperty", "long", |_, v| memory(v)),
        get("PrivateMemorySize64", "long", |_, v| memory(v)),
        get("NonpagedSystemMemorySize64", "long", |_, _| Ok(Value::I64(0))),
        added("NPM", "AliasProperty", "long", |_, _| Ok(Value::I64(0))),
        get("VirtualMemorySize64", "long", |_, v| virtual_memory(v)),
        added("VM", "AliasProperty", "long", |_, v| virtual_memory(v)),
        get("HandleCount", "int", |_, _| Ok(Value::I32(0))),
        added("Handles", "AliasProperty", "int", |_, _| Ok(Value::I32(0))),
        get("SessionId", "int", |_, v| session(v)),
        added("SI", "AliasProperty", "int", |_, v| session(v)),
        get("BasePriority", "int", |_, v| Ok(Value::I32(number(v, |stat| stat.number(18)) as i32))),
        get("PriorityClass", "System.Diagnostics.ProcessPriorityClass", |_, _| {
            Ok(TypeRef::PROCESS_PRIORITY_CLASS.enum_value("Normal").unwrap_or_default())
        }),
        get("MainWindowTitle", "string", |_, _| Ok(Value::from(""))),
        get("Responding", "bool", |_, _| Ok(Value::Bool(true))),
        get("MachineName", "string", |_, _| Ok(Value::from("."))),
        get("MainModule", "System.Diagnostics.ProcessModule", |_, v| Ok(module(v).unwrap_or_default())),
        get("Modules", "System.Diagnostics.ProcessModuleCollection", |_, v| {
            Ok(Value::array(module(v).into_iter().collect()))
        }),
        added("Path", "ScriptProperty", "string", |_, v| Ok(process(v).and_then(|process| path(process.id)).into())),
        added("CommandLine", "ScriptProperty", "string", |_, v| {
            Ok(process(v).and_then(|process| command_line(process.id)).into())
        }),
        added("Parent", "CodeProperty", "System.Diagnostics.Process", |_, v| {
            let parent = process(v).and_then(Process::parent).and_then(Process::find);
            Ok(parent.map_or(Value::Null, Native::value))
        }),
        added("Company", "ScriptProperty", "string", |_, _| Ok(Value::Null)),
        added("FileVersion", "ScriptProperty", "string", |_, _| Ok(Value::Null)),
        added("Product", "ScriptProperty", "string", |_, _| Ok(Value::Null)),
        added("Description", "ScriptProperty", "string", |_, _| Ok(Value::Null)),
        added("ProductVersion", "ScriptProperty", "string", |_, _| Ok(Value::Null)),
    ],
    ..Table::EMPTY
};
