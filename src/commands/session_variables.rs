//! The variables and functions that every session begins with.

use super::ps_style;
use crate::runtime::providers::objects::path_info;
use crate::runtime::{Options, Session, Slot, Symbol, Variable, object};
use crate::syntax::Source;
use crate::value::encoding::TextEncoding;
use crate::value::members::library;
use crate::value::{Hashtable, Member, Str, TypeRef, Value, Wrapped, convert};
use std::path::PathBuf;
use std::rc::Rc;

/// The version of PowerShell whose language this is.
pub(crate) const POWERSHELL_VERSION: &str = "7.6.5";

const FIXED: Options = Options(Options::CONSTANT.0 | Options::ALL_SCOPE.0);
const GUARDED: Options = Options(Options::READ_ONLY.0 | Options::ALL_SCOPE.0);

/// Gives a new session its variables and functions.
pub(crate) fn register(session: &mut Session) {
    fixed(session);
    preferences(session);
    open(session);
    functions(session);
}

fn set(session: &mut Session, name: &str, value: Value, options: Options) {
    let symbol = Symbol::new(name);
    let slot = session.global.layout.slot(symbol);
    let variable = Variable::new(symbol, value);
    variable.options.set(options);
    session.global.put_slot(slot, Slot::Boxed(variable));
}

/// What scripts cannot change.
fn fixed(session: &mut Session) {
    let (errors, context) = (session.errors.clone(), session.execution_context());
    set(session, "true", Value::Bool(true), FIXED);
    set(session, "false", Value::Bool(false), FIXED);
    set(session, "Error", errors, Options::CONSTANT);
    set(session, "ExecutionContext", context, FIXED);
    let home = session.environment.get("HOME").cloned().unwrap_or_default();
    let install = install_directory();
    let host = host_object();
    set(session, "PID", Value::I32(std::process::id() as i32), FIXED);
    set(session, "Host", host, FIXED);
    set(session, "HOME", home.into(), GUARDED);
    set(session, "ShellId", "Microsoft.PowerShell".into(), FIXED);
    set(session, "PSHOME", install.into(), FIXED);
    set(session, "PSEdition", "Core".into(), FIXED);
    set(session, "PSVersionTable", version_table(), FIXED);
    for (name, on) in [
        ("IsLinux", cfg!(target_os = "linux")),
        ("IsMacOS", cfg!(target_os = "macos")),
        ("IsWindows", false),
        ("IsCoreCLR", true),
    ] {
        set(session, name, Value::Bool(on), FIXED);
    }
    set(session, "PSCulture", "en-US".into(), GUARDED);
    set(session, "PSUICulture", "en-US".into(), GUARDED);
    set(session, "EnabledExperimentalFeatures", Value::array(Vec::new()), FIXED);
}

fn preferences(session: &mut Session) {
    let action = |name: &str| TypeRef::ACTION_PREFERENCE.enum_value(name).unwrap_or_default();
    let rows = [
        ("ErrorActionPreference", action("Continue")),
        ("WarningPreference", action("Continue")),
        ("VerbosePreference", action("SilentlyContinue")),
        ("DebugPreference", action("SilentlyContinue")),
        ("InformationPreference", action("SilentlyContinue")),
        ("ProgressPreference", action("Continue")),
        ("ConfirmPreference", TypeRef::CONFIRM_IMPACT.enum_value("High").unwrap_or_default()),
        ("WhatIfPreference", Value::Bool(false)),
        ("ErrorView", "ConciseView".into()),
        ("FormatEnumerationLimit", Value::I32(4)),
        ("MaximumHistoryCount", Value::I32(4096)),
        ("NestedPromptLevel", Value::I32(0)),
        ("PSNativeCommandArgumentPassing", "Standard".into()),
        ("PSNativeCommandUseErrorActionPreference", Value::Bool(false)),
    ];
    for (name, value) in rows {
        session.set_global(name, value);
    }
}

fn open(session: &mut Session) {
    let place = session.current_location();
    let here = path_info(session, &place);
    set(session, "PWD", here, Options::ALL_SCOPE);
    session.set_global("PSDefaultParameterValues", Value::Hashtable(Hashtable::parameter_defaults()));
    session.set_global("OutputEncoding", library::encoding::object(TextEncoding::Utf8));
    session.set_global("PROFILE", profile());
    session.set_global("PSEmailServer", "");
    session.set_global("StackTrace", "");
    let style = ps_style::value(session);
    set(session, "PSStyle", style, FIXED);
}

/// Functions that pwsh defines in every session.
fn functions(session: &mut Session) {
    const FUNCTIONS: [(&str, &str); 8] = [
        ("prompt", "\"PS $($executionContext.SessionState.Path.CurrentLocation)$('>' * ($nestedPromptLevel + 1)) \""),
        ("cd..", "Set-Location .."),
        ("cd~", "Set-Location ~"),
        ("cd\\", "Set-Location /"),
        ("exec", "Switch-Process -WithCommand $args"),
        ("Clear-Host", "[Console]::Write([char]27 + '[H' + [char]27 + '[2J')"),
        ("TabExpansion2", super::completion::TAB_EXPANSION),
        ("Pause", "$null = Read-Host 'Press Enter to continue...'"),
    ];
    let frame = session.global.clone();
    for (name, body) in FUNCTIONS {
        // The texts are ours and parse.
        if let Ok(block) = session.parse_block(Source::anonymous(body)) {
            let _ = session.set_function(&frame, name, block);
        }
    }
}

fn install_directory() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().map_or_else(|| "/".to_owned(), |directory| directory.to_string_lossy().into_owned())
}

fn semantic_version(text: &str) -> Value {
    convert::to_plain(&text.into(), TypeRef::SEMANTIC_VERSION).unwrap_or_else(|_| text.into())
}

fn version(text: &str) -> Value {
    convert::to_plain(&text.into(), TypeRef::VERSION).unwrap_or_else(|_| text.into())
}

fn version_table() -> Value {
    let compatible = ["1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0", "7.0"].map(version).to_vec();
    let system = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rows: [(&str, Value); 9] = [
        ("PSVersion", semantic_version(POWERSHELL_VERSION)),
        ("PSEdition", "Core".into()),
        ("GitCommitId", format!("pcsh {}", env!("CARGO_PKG_VERSION")).into()),
        ("OS", format!("Linux {}", system.trim()).into()),
        ("Platform", "Unix".into()),
        ("PSCompatibleVersions", Value::array(compatible)),
        ("PSRemotingProtocolVersion", version("2.4")),
        ("SerializationVersion", version("1.1.0.1")),
        ("WSManStackVersion", version("3.0")),
    ];
    Value::Hashtable(Hashtable::from_pairs(true, rows.into_iter().map(|(name, value)| (name.into(), value))))
}

/// The places of profiles, by the names that `$PROFILE` gives them, in the order in which a shell runs them
/// (PowerShell: about_Profiles).
pub(crate) fn profile_places() -> [(&'static str, PathBuf); 4] {
    let (everybody, own) = (PathBuf::from(install_directory()), crate::client::settings_directory());
    let (all_hosts, this_host) = ("profile.ps1", "Microsoft.PowerShell_profile.ps1");
    [
        ("AllUsersAllHosts", everybody.join(all_hosts)),
        ("AllUsersCurrentHost", everybody.join(this_host)),
        ("CurrentUserAllHosts", own.join(all_hosts)),
        ("CurrentUserCurrentHost", own.join(this_host)),
    ]
}

/// `$PROFILE`: the path of the user's profile, with the four places as notes.
fn profile() -> Value {
    let places = profile_places().map(|(name, path)| (name, Value::from(path.to_string_lossy().into_owned())));
    let [.., (_, own)] = &places;
    let wrapped = Wrapped { base: own.clone(), extension: Default::default() };
    for (name, place) in places {
        wrapped.extension.make().borrow_mut().members.insert(Str::from(name), Member::Note(place));
    }
    Value::Wrapped(Rc::new(wrapped))
}

/// `$Host`.
fn host_object() -> Value {
    let culture = || library::culture::value(crate::value::culture::Culture::current());
    let raw = object(
        "System.Management.Automation.Internal.Host.InternalHostRawUserInterface",
        vec![("WindowTitle", "pcsh".into())],
    );
    let user_interface =
        object("System.Management.Automation.Internal.Host.InternalHostUserInterface", vec![("RawUI", raw)]);
    object(
        "System.Management.Automation.Internal.Host.InternalHost",
        vec![
            ("Name", "ConsoleHost".into()),
            ("Version", version(POWERSHELL_VERSION)),
            ("InstanceId", library::guid::value(uuid::Uuid::new_v4())),
            ("UI", user_interface),
            ("CurrentCulture", culture()),
            ("CurrentUICulture", culture()),
            ("PrivateData", Value::Null),
            ("DebuggerEnabled", Value::Bool(true)),
            ("IsRunspacePushed", Value::Bool(false)),
        ],
    )
}
