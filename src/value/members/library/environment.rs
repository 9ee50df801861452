//! `Environment`, `Random`, `Stopwatch`, `TimeZoneInfo` and the small helpers of the engine.

use super::super::table::{Call, Table, get, set};
use crate::value::calendar::TICKS_PER_MILLISECOND;
use crate::value::object::NativeObject;
use crate::value::wildcard::{self, Wildcard};
use crate::value::{DateTime, Engine, Hashtable, Native, Outcome, Str, TimeSpan, TypeRef, Value, convert};
use std::any::Any;
use std::cell::Cell;
use std::time::{Duration, Instant};

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::ENVIRONMENT, &ENVIRONMENT),
    (TypeRef::STOPWATCH, &STOPWATCH),
    (TypeRef::WILDCARD_PATTERN, &WILDCARD),
    (TypeRef::LANGUAGE_PRIMITIVES, &PRIMITIVES),
    (TypeRef::GC, &COLLECTOR),
    (TypeRef::AUTOMATION_NULL, &NOTHING),
    (TypeRef::NULL_STRING, &NULL_STRING),
    (TypeRef::DBNULL, &NULL_STRING),
    (TypeRef::THREAD, &THREAD),
];

fn environment_text(engine: &dyn Engine, name: &str) -> Value {
    engine.environment(name).into()
}

/// Sets or, with empty text, removes a variable.
fn set_environment(c: &mut Call<'_>) -> Outcome<Value> {
    let (name, value) = (c.text(0).to_owned(), c.text(1).to_owned());
    c.engine.set_environment_variable(&name, Some(value.as_str()).filter(|value| !value.is_empty()));
    Ok(Value::Nothing)
}

/// `%NAME%` replaced by what `look_up` knows of the name; unknown names stay.
pub(crate) fn expanded(text: &str, look_up: impl Fn(&str) -> Option<String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        result.push_str(before);
        let named = after.split_once('%').and_then(|(name, more)| Some((look_up(name)?, more)));
        match named {
            Some((value, remaining)) => {
                result.push_str(&value);
                rest = remaining;
            }
            None => {
                result.push('%');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}

fn folder(engine: &dyn Engine, number: i64) -> String {
    let home = engine.environment("HOME").unwrap_or_else(|| "/".into());
    match number {
        5 | 40 => home,
        0 | 16 => format!("{home}/Desktop"),
        26 => engine.environment("XDG_CONFIG_HOME").unwrap_or_else(|| format!("{home}/.config")),
        28 => engine.environment("XDG_DATA_HOME").unwrap_or_else(|| format!("{home}/.local/share")),
        35 => "/usr/share".into(),
        _ => String::new(),
    }
}

static ENVIRONMENT: Table = Table {
    statics: &[
        ("static string GetEnvironmentVariable(string variable)", |c| Ok(environment_text(&*c.engine, c.text(0)))),
        ("static string GetEnvironmentVariable(string variable, System.EnvironmentVariableTarget target)", |c| {
            Ok(if c.int(1) == 0 { environment_text(&*c.engine, c.text(0)) } else { Value::Null })
        }),
        ("static System.Collections.IDictionary GetEnvironmentVariables()", |c| {
            let table = Hashtable::plain();
            for (name, value) in c.engine.environment_variables() {
                table.insert_text(name, Value::from(value));
            }
            Ok(Value::Hashtable(table))
        }),
        ("static void SetEnvironmentVariable(string variable, string value)", set_environment),
        (
            "static void SetEnvironmentVariable(string variable, string value, System.EnvironmentVariableTarget target)",
            set_environment,
        ),
        ("static string ExpandEnvironmentVariables(string name)", |c| {
            Ok(Value::from(expanded(c.text(0), |name| c.engine.environment(name))))
        }),
        ("static string GetFolderPath(System.Environment+SpecialFolder folder)", |c| {
            Ok(Value::from(folder(&*c.engine, c.int(0))))
        }),
        ("static string[] GetCommandLineArgs()", |_| Ok(super::array::strings(std::env::args()))),
        ("static void Exit(int exitCode)", super::host::end_process),
    ],
    static_properties: &[
        get("NewLine", "string", |_, _| Ok(Value::from("\n"))),
        get("ProcessPath", "string", |_, _| {
            Ok(std::env::current_exe().map_or(Value::Null, |path| Value::from(path.to_string_lossy().into_owned())))
        }),
        get("MachineName", "string", |_, _| Ok(Value::from(host_name()))),
        get("UserName", "string", |engine, _| Ok(environment_text(engine, "USER"))),
        get("UserDomainName", "string", |_, _| Ok(Value::from(host_name()))),
        get("ProcessorCount", "int", |_, _| {
            Ok(Value::I32(std::thread::available_parallelism().map_or(1, |count| count.get() as i32)))
        }),
        get("ProcessId", "int", |_, _| Ok(Value::I32(std::process::id() as i32))),
        get("Is64BitProcess", "bool", |_, _| Ok(Value::Bool(true))),
        get("Is64BitOperatingSystem", "bool", |_, _| Ok(Value::Bool(true))),
        get("UserInteractive", "bool", |_, _| Ok(Value::Bool(true))),
        get("HasShutdownStarted", "bool", |_, _| Ok(Value::Bool(false))),
        get("TickCount", "int", |_, _| Ok(Value::I32((DateTime::utc_now().ticks() / TICKS_PER_MILLISECOND) as i32))),
        get("TickCount64", "long", |_, _| Ok(Value::I64(DateTime::utc_now().ticks() / TICKS_PER_MILLISECOND))),
        get("CurrentDirectory", "string", |engine, _| {
            Ok(Value::from(engine.current_directory().to_string_lossy().into_owned()))
        }),
        get("SystemDirectory", "string", |_, _| Ok(Value::from(""))),
        get("OSVersion", "System.OperatingSystem", |_, _| {
            Ok(super::psobject::custom(&[
                ("Platform", TypeRef::PLATFORM_ID.enum_of(4)),
                ("VersionString", Value::from("Unix")),
            ]))
        }),
        get("Version", "version", |_, _| Ok(Value::from("10.0.0"))),
    ],
    ..Table::EMPTY
};

fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_else(|_| "localhost".into());
    name.trim().to_owned()
}

/// `Stopwatch`.
struct Stopwatch {
    before: Cell<Duration>,
    since: Cell<Option<Instant>>,
}

impl Stopwatch {
    fn elapsed(&self) -> Duration {
        self.before.get() + self.since.get().map_or(Duration::ZERO, |since| since.elapsed())
    }
    fn set(&self, before: Duration, running: bool) {
        self.before.set(before);
        self.since.set(running.then(Instant::now));
    }
}

impl NativeObject for Stopwatch {
    fn kind(&self) -> TypeRef {
        TypeRef::STOPWATCH
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn stopwatch(running: bool) -> Value {
    Native::value(Stopwatch { before: Cell::new(Duration::ZERO), since: Cell::new(running.then(Instant::now)) })
}

fn watch<R: Default>(value: &Value, look: impl FnOnce(&Stopwatch) -> R) -> R {
    match value {
        Value::Native(native) => native.downcast::<Stopwatch>().map(look).unwrap_or_default(),
        _ => R::default(),
    }
}

fn ticks(value: &Value) -> i64 {
    i64::try_from(watch(value, Stopwatch::elapsed).as_nanos() / 100).unwrap_or(i64::MAX)
}

static STOPWATCH: Table = Table {
    methods: &[
        ("void Start()", |c| {
            watch(c.this, |w| w.set(w.elapsed(), true));
            Ok(Value::Nothing)
        }),
        ("void Stop()", |c| {
            watch(c.this, |w| w.set(w.elapsed(), false));
            Ok(Value::Nothing)
        }),
        ("void Reset()", |c| {
            watch(c.this, |w| w.set(Duration::ZERO, false));
            Ok(Value::Nothing)
        }),
        ("void Restart()", |c| {
            watch(c.this, |w| w.set(Duration::ZERO, true));
            Ok(Value::Nothing)
        }),
    ],
    statics: &[
        ("static System.Diagnostics.Stopwatch StartNew()", |_| Ok(stopwatch(true))),
        ("static long GetTimestamp()", |_| Ok(Value::I64(DateTime::utc_now().ticks().saturating_mul(100)))),
    ],
    constructors: &[("System.Diagnostics.Stopwatch()", |_| Ok(stopwatch(false)))],
    properties: &[
        get("IsRunning", "bool", |_, v| Ok(Value::Bool(watch(v, |w| w.since.get().is_some())))),
        get("Elapsed", "timespan", |_, v| Ok(Value::TimeSpan(TimeSpan(ticks(v))))),
        get("ElapsedMilliseconds", "long", |_, v| Ok(Value::I64(ticks(v) / TICKS_PER_MILLISECOND))),
        get("ElapsedTicks", "long", |_, v| Ok(Value::I64(ticks(v).saturating_mul(100)))),
    ],
    static_properties: &[
        get("Frequency", "long", |_, _| Ok(Value::I64(1_000_000_000))),
        get("IsHighResolution", "bool", |_, _| Ok(Value::Bool(true))),
    ],
};

/// `WildcardPattern`.
struct Pattern(Str);

impl NativeObject for Pattern {
    fn kind(&self) -> TypeRef {
        TypeRef::WILDCARD_PATTERN
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

static WILDCARD: Table = Table {
    methods: &[("bool IsMatch(string input)", |c| {
        let Value::Native(native) = c.this else { return Ok(Value::Bool(false)) };
        let Some(pattern) = native.downcast::<Pattern>() else { return Ok(Value::Bool(false)) };
        Ok(Value::Bool(Wildcard::new(&pattern.0, false)?.matches(c.text(0))))
    })],
    statics: &[
        ("static string Escape(string pattern)", |c| Ok(Value::from(wildcard::escape(c.text(0))))),
        ("static string Unescape(string pattern)", |c| Ok(Value::from(wildcard::unescape(c.text(0))))),
        ("static bool ContainsWildcardCharacters(string pattern)", |c| {
            Ok(Value::Bool(wildcard::has_wildcard(c.text(0))))
        }),
        (
            "static System.Management.Automation.WildcardPattern Get(string pattern, System.Management.Automation.WildcardOptions options)",
            |c| Ok(Native::value(Pattern(Str::from(c.text(0))))),
        ),
    ],
    constructors: &[
        ("WildcardPattern(string pattern)", |c| Ok(Native::value(Pattern(Str::from(c.text(0)))))),
        ("WildcardPattern(string pattern, System.Management.Automation.WildcardOptions options)", |c| {
            Ok(Native::value(Pattern(Str::from(c.text(0)))))
        }),
    ],
    ..Table::EMPTY
};

/// Compares into a reference; false where the two have no order.
fn try_compare(c: &mut Call<'_>, case_sensitive: bool, result: usize) -> Outcome<Value> {
    let order = crate::value::compare::order(c.arg(0), c.arg(1), case_sensitive).ok();
    super::psobject::set_reference(c.arg(result), Value::I32(order.map_or(0, |order| order as i32)))?;
    Ok(Value::Bool(order.is_some()))
}

static PRIMITIVES: Table = Table {
    statics: &[
        ("static System.Object ConvertTo(System.Object valueToConvert, type resultType)", |c| {
            let Value::Type(kind) = c.arg(1) else { return Ok(Value::Null) };
            let (value, kind) = (c.arg(0).clone(), *kind);
            convert::to(c.engine, &value, kind)
        }),
        (
            "static System.Object ConvertTo(System.Object valueToConvert, type resultType, System.IFormatProvider formatProvider)",
            |c| {
                let Value::Type(kind) = c.arg(1) else { return Ok(Value::Null) };
                let (value, kind) = (c.arg(0).clone(), *kind);
                convert::to(c.engine, &value, kind)
            },
        ),
        ("static bool TryConvertTo(System.Object valueToConvert, type resultType, [ref] System.Object result)", |c| {
            let Value::Type(kind) = c.arg(1) else { return Ok(Value::Bool(false)) };
            let (value, kind) = (c.arg(0).clone(), *kind);
            let converted = convert::to(c.engine, &value, kind).ok();
            let done = converted.is_some();
            super::psobject::set_reference(c.arg(2), converted.unwrap_or_default())?;
            Ok(Value::Bool(done))
        }),
        ("static bool IsNull(System.Object obj)", |c| Ok(Value::Bool(c.arg(0).is_null()))),
        ("static System.Collections.IEnumerable GetEnumerable(System.Object obj)", |c| {
            Ok(super::super::enumerable(c.arg(0)).map_or(Value::Null, Value::array))
        }),
        ("static bool Equals(System.Object first, System.Object second, bool ignoreCase)", |c| {
            Ok(Value::Bool(crate::value::compare::equals(c.arg(0), c.arg(1), !c.flag(2))))
        }),
        ("static int Compare(System.Object first, System.Object second, bool ignoreCase)", |c| {
            Ok(Value::I32(crate::value::compare::order(c.arg(0), c.arg(1), !c.flag(2))? as i32))
        }),
        ("static bool TryCompare(System.Object first, System.Object second, [ref] int result)", |c| {
            try_compare(c, true, 2)
        }),
        ("static bool TryCompare(System.Object first, System.Object second, bool ignoreCase, [ref] int result)", |c| {
            let case_sensitive = !c.flag(2);
            try_compare(c, case_sensitive, 3)
        }),
        ("static bool IsTrue(System.Object obj)", |c| Ok(Value::Bool(convert::to_bool(c.arg(0))))),
        ("static bool Equals(System.Object first, System.Object second)", |c| {
            Ok(Value::Bool(crate::value::compare::equals(c.arg(0), c.arg(1), true)))
        }),
        ("static int Compare(System.Object first, System.Object second)", |c| {
            Ok(Value::I32(crate::value::compare::order(c.arg(0), c.arg(1), true)? as i32))
        }),
    ],
    ..Table::EMPTY
};

/// Memory is counted by references here: there is nothing to collect.
static COLLECTOR: Table = Table {
    statics: &[
        ("static void Collect()", |_| Ok(Value::Nothing)),
        ("static void WaitForPendingFinalizers()", |_| Ok(Value::Nothing)),
        ("static void Collect(int generation)", |_| Ok(Value::Nothing)),
        ("static void SuppressFinalize(System.Object obj)", |_| Ok(Value::Nothing)),
        ("static void KeepAlive(System.Object obj)", |_| Ok(Value::Nothing)),
        ("static int CollectionCount(int generation)", |_| Ok(Value::I32(0))),
        ("static long GetTotalMemory(bool forceFullCollection)", |_| {
            // The pages that the process holds stand second in the kernel's line about it.
            const PAGE: i64 = 4096;
            let line = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
            let pages = line.split_whitespace().nth(1).and_then(|pages| pages.parse::<i64>().ok());
            Ok(Value::I64(pages.unwrap_or(0) * PAGE))
        }),
    ],
    ..Table::EMPTY
};

static NOTHING: Table =
    Table { static_properties: &[get("Value", "System.Object", |_, _| Ok(Value::Nothing))], ..Table::EMPTY };

static NULL_STRING: Table =
    Table { static_properties: &[get("Value", "System.Object", |_, _| Ok(Value::Null))], ..Table::EMPTY };

static THREAD: Table = Table {
    statics: &[("static void Sleep(int millisecondsTimeout)", |c| {
        c.engine.pause(Duration::from_millis(u64::try_from(c.int(0)).unwrap_or(0)))?;
        Ok(Value::Nothing)
    })],
    static_properties: &[
        get("CurrentThread", "System.Threading.Thread", |_, _| {
            let culture = super::culture::value(crate::value::Culture::current());
            Ok(super::psobject::custom(&[
                ("ManagedThreadId", Value::I32(1)),
                ("CurrentCulture", culture.clone()),
                ("CurrentUICulture", culture),
            ]))
        }),
        set("CurrentPrincipal", "System.Object", |_, _| Ok(Value::Null), |_, _, _| Ok(())),
    ],
    ..Table::EMPTY
};
