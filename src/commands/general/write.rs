//! The `Write-*` cmdlets: objects, text for the host, and the message streams.

use crate::cmdlet;
use crate::format::object::{enumerate as display_items, own_text};
use crate::runtime::binder::literal_text;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Frame, Invocation, ParameterSpec, Progress, SetMembership, Stream, Symbol,
    Validation, object,
};
use crate::value::{
    DateKind, DateTime, ErrorCategory, ErrorRecord, Exception, Outcome, Str, TypeRef, Value, convert, enumerate, types,
};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &WriteOutput::SPEC,
    &WriteHost::SPEC,
    &WriteError::SPEC,
    &WriteWarning::SPEC,
    &WriteVerbose::SPEC,
    &WriteDebug::SPEC,
    &WriteInformation::SPEC,
    &WriteProgress::SPEC,
];

const FIRST: SetMembership = SetMembership::of("").mandatory().position(0).by_value();

cmdlet! {
    /// `Write-Output`.
    pub(crate) struct WriteOutput = "Write-Output", class "Microsoft.PowerShell.Commands.WriteOutputCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Sends objects down the pipeline.",
        examples: &[("Write-Output 1, 2 | ForEach-Object { $_ * 2 }", "2\n4\n")], outputs: &[],
    }
    parameters {
        objects: Value = ParameterSpec::new("InputObject").allow_null().allow_empty().sets(&[FIRST.remaining()]),
        no_enumerate: Switch = ParameterSpec::new("NoEnumerate"),
    }
    state {}
}

impl Cmdlet for WriteOutput {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = self.objects.clone();
        if !self.no_enumerate.0 {
            return run.write_enumerated(value);
        }
        // Several arguments arrive as a list, which is no object of the caller's.
        match &value {
            Value::Native(native) if native.data.kind().name().starts_with("System.Collections.Generic.List") => {
                let items = enumerate(&value).unwrap_or_default();
                run.write(Value::array(items))
            }
            _ => run.write(value),
        }
    }
}

cmdlet! {
    /// `Write-Host`.
    pub(crate) struct WriteHost = "Write-Host", class "Microsoft.PowerShell.Commands.WriteHostCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows text to the person at the terminal; the pipeline does not get it.",
        examples: &[("Write-Host 'a', 'b' -Separator '-'", "a-b\n")], outputs: &[],
    }
    parameters {
        object: Value = ParameterSpec::new("Object").alias(&["Msg", "Message"])
            .sets(&[SetMembership::of("").position(0).by_value().remaining()]),
        no_new_line: Switch = ParameterSpec::new("NoNewline"),
        separator: Value = ParameterSpec::new("Separator"),
        foreground: Option<Value> = ParameterSpec { kind: Some(TypeRef::CONSOLE_COLOR), ..ParameterSpec::new("ForegroundColor") },
        background: Option<Value> = ParameterSpec { kind: Some(TypeRef::CONSOLE_COLOR), ..ParameterSpec::new("BackgroundColor") },
    }
    state {}
}

/// `ConsoleColor`, in its order.
const COLORS: &[&str] = &[
    "Black",
    "DarkBlue",
    "DarkGreen",
    "DarkCyan",
    "DarkRed",
    "DarkMagenta",
    "DarkYellow",
    "Gray",
    "DarkGray",
    "Blue",
    "Green",
    "Cyan",
    "Red",
    "Magenta",
    "Yellow",
    "White",
];

impl Cmdlet for WriteHost {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let separator = if run.is_bound("Separator") { convert::to_text(&self.separator) } else { Str::from(" ") };
        let mut text = String::new();
        host_text(run, &self.object, &separator, &mut text)?;
        let message = object(
            "System.Management.Automation.HostInformationMessage",
            vec![
                ("Message", Value::from(text.as_str())),
                ("NoNewLine", Value::Bool(self.no_new_line.0)),
                ("ForegroundColor", Value::from(self.foreground.clone())),
                ("BackgroundColor", Value::from(self.background.clone())),
            ],
        );
        let record = information_record(message, &[Str::from("PSHOST")]);
        let mut shown = colored(run, &text, self.foreground.as_ref(), self.background.as_ref());
        if !self.no_new_line.0 {
            shown.push('\n');
        }
        run.session.write_information(record, Some(&shown), run.context, run.out)
    }
}

/// What is written for an object: text as it is, collections item by item, null as nothing.
fn host_text(run: &mut Invocation<'_>, value: &Value, separator: &str, text: &mut String) -> Outcome<()> {
    if let Some(literal) = literal_text(value) {
        text.push_str(&literal);
        return Ok(());
    }
    match display_items(value) {
        None => text.push_str(&own_text(run.session, value)?),
        Some(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(separator);
                }
                host_text(run, item, separator, text)?;
            }
        }
    }
    Ok(())
}

/// In colours, where the host shows them.
fn colored(run: &mut Invocation<'_>, text: &str, foreground: Option<&Value>, background: Option<&Value>) -> String {
    let code = |name: Option<&Value>, base: usize| {
        let name = name.map(convert::to_text);
        /// ANSI numbers of the console's sixteen colours.
        const ANSI: [usize; 16] = [0, 4, 2, 6, 1, 5, 3, 7, 60, 64, 62, 66, 61, 65, 63, 67];
        let index = COLORS.iter().position(|color| name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(color)))?;
        Some(format!("\u{1b}[{}m", base + ANSI.get(index)?))
    };
    let codes: String = [code(foreground, 30), code(background, 40)].into_iter().flatten().collect();
    if codes.is_empty() || !run.session.host.shows_color() {
        return text.to_owned();
    }
    format!("{codes}{text}\u{1b}[0m")
}

/// An `InformationRecord`.
pub(super) fn information_record(data: Value, tags: &[Str]) -> Value {
    let tags = tags.iter().cloned().map(Value::Str).collect();
    let user = std::env::var("USER").unwrap_or_default();
    object(
        "System.Management.Automation.InformationRecord",
        vec![
            ("MessageData", data),
            ("Source", Value::from("Write-Information")),
            ("TimeGenerated", now()),
            ("Tags", Value::array(tags)),
            ("User", Value::from(user)),
            ("Computer", Value::from(host_name())),
            ("ProcessId", Value::U32(std::process::id())),
        ],
    )
}

fn now() -> Value {
    const TICKS_TO_1970: i64 = 621_355_968_000_000_000;
    let now = jiff::Zoned::now();
    let offset = i64::from(now.offset().seconds()) * 10_000_000;
    let ticks = (now.timestamp().as_nanosecond() / 100) as i64 + TICKS_TO_1970 + offset;
    DateTime::new(ticks, DateKind::Local).map_or(Value::Null, Value::DateTime)
}

fn host_name() -> String {
    std::fs::read_to_string("/etc/hostname").unwrap_or_default().trim().to_owned()
}

cmdlet! {
    /// `Write-Information`.
    pub(crate) struct WriteInformation = "Write-Information", class "Microsoft.PowerShell.Commands.WriteInformationCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes to the information stream.",
        examples: &[("Write-Information 'done' -InformationAction Continue", "done\n")], outputs: &[],
    }
    parameters {
        data: Value = ParameterSpec::new("MessageData").alias(&["Msg", "Message"]).allow_null().allow_empty().sets(&[FIRST]),
        tags: Vec<Str> = ParameterSpec::new("Tags").sets(&[SetMembership::of("").position(1)]),
    }
    state {}
}

impl Cmdlet for WriteInformation {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let record = information_record(self.data.clone(), &self.tags);
        run.session.write_information(record, None, run.context, run.out)
    }
}

/// The cmdlets that write one text to a message stream differ in name and stream only.
macro_rules! message_cmdlet {
    ($name:ident, $verb_noun:literal, $class:literal, $stream:expr, $synopsis:literal) => {
        cmdlet! {
            #[doc = concat!("`", $verb_noun, "`.")]
            pub(crate) struct $name = $verb_noun, class $class, module "Microsoft.PowerShell.Utility" {
                default_set: None, should_process: false, impact: ConfirmImpact::Medium,
                synopsis: $synopsis, examples: &[], outputs: &[],
            }
            parameters {
                message: Option<Str> = ParameterSpec::new("Message").alias(&["Msg"]).allow_empty().sets(&[FIRST]),
            }
            state {}
        }
        impl Cmdlet for $name {
            fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                let message = self.message.as_deref().unwrap_or_default().to_owned();
                run.session.write_message($stream, &message, run.context, run.out)
            }
        }
    };
}

message_cmdlet!(
    WriteWarning,
    "Write-Warning",
    "Microsoft.PowerShell.Commands.WriteWarningCommand",
    Stream::Warning,
    "Writes a warning."
);
message_cmdlet!(
    WriteVerbose,
    "Write-Verbose",
    "Microsoft.PowerShell.Commands.WriteVerboseCommand",
    Stream::Verbose,
    "Writes to the verbose stream, which -Verbose shows."
);
message_cmdlet!(
    WriteDebug,
    "Write-Debug",
    "Microsoft.PowerShell.Commands.WriteDebugCommand",
    Stream::Debug,
    "Writes to the debug stream, which -Debug shows."
);

const NO_EXCEPTION: &str = "NoException";
const WITH_EXCEPTION: &str = "WithException";
const ERROR_RECORD: &str = "ErrorRecord";
const BOTH: &[SetMembership] = &[SetMembership::of(NO_EXCEPTION), SetMembership::of(WITH_EXCEPTION)];

cmdlet! {
    /// `Write-Error`.
    pub(crate) struct WriteError = "Write-Error", class "Microsoft.PowerShell.Commands.WriteErrorCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("NoException"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes a non-terminating error.",
        examples: &[("Write-Error 'not there' -ErrorId Missing -ErrorAction SilentlyContinue; $Error[0].FullyQualifiedErrorId", "Missing\n")],
        outputs: &[],
    }
    parameters {
        message: Option<Str> = ParameterSpec::new("Message").alias(&["Msg"]).allow_null().allow_empty()
            .sets(&[SetMembership::of(NO_EXCEPTION).mandatory().position(0).by_value(), SetMembership::of(WITH_EXCEPTION)]),
        exception: Value = ParameterSpec::new("Exception").typed("System.Exception")
            .sets(&[SetMembership::of(WITH_EXCEPTION).mandatory().position(0)]),
        record: Value = ParameterSpec::new("ErrorRecord").typed("System.Management.Automation.ErrorRecord")
            .sets(&[SetMembership::of(ERROR_RECORD).mandatory().position(0)]),
        category: Option<Value> = ParameterSpec::new("Category").typed("System.Management.Automation.ErrorCategory").sets(BOTH),
        id: Option<Str> = ParameterSpec::new("ErrorId").sets(BOTH),
        target: Value = ParameterSpec::new("TargetObject").sets(BOTH),
        action: Option<Str> = ParameterSpec::new("RecommendedAction"),
        activity: Option<Str> = ParameterSpec::new("CategoryActivity").alias(&["Activity"]),
        reason: Option<Str> = ParameterSpec::new("CategoryReason").alias(&["Reason"]),
        target_name: Option<Str> = ParameterSpec::new("CategoryTargetName").alias(&["TargetName"]),
        target_type: Option<Str> = ParameterSpec::new("CategoryTargetType").alias(&["TargetType"]),
    }
    state {}
}

impl Cmdlet for WriteError {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let record = match &self.record {
            Value::Error(record) => Rc::new(copied(record)),
            _ => Rc::new(self.new_record(run)?),
        };
        self.describe(&record);
        run.session.write_error_record(record, run.context, run.out)?;
        // The error is the caller's, but `$?` says how this call went.
        run.context.succeeded.set(false);
        Ok(())
    }
}

impl WriteError {
    fn new_record(&self, run: &mut Invocation<'_>) -> Outcome<ErrorRecord> {
        const OWN: &str = "Microsoft.PowerShell.Commands.WriteErrorException";
        let message = self.message.clone().unwrap_or_else(|| Str::from(""));
        let exception = match &self.exception {
            Value::Exception(exception) => exception.clone(),
            Value::Error(record) => record.exception.clone(),
            _ => Rc::new(Exception::new(types::resolve(OWN).unwrap_or(TypeRef::EXCEPTION), message.clone(), None)),
        };
        let category = match &self.category {
            Some(value) => category_of(run, value)?,
            None => ErrorCategory::NotSpecified,
        };
        let id = self.id.as_deref().filter(|id| !id.is_empty()).unwrap_or(exception.kind.name());
        let id = match caller_name(&run.context.caller) {
            Some(name) if !name.is_empty() => format!("{id},{name}"),
            _ => id.to_owned(),
        };
        let record = ErrorRecord::new(exception.clone(), id, category, self.target.clone());
        if self.message.is_some() && matches!(self.exception, Value::Exception(_)) {
            *record.details.borrow_mut() = Some((message, None));
        }
        *record.activity.borrow_mut() = Str::from("Write-Error");
        // Who calls Write-Error is who the error is of.
        *record.invocation.borrow_mut() = run.session.occurrence_of_scope(&run.context.caller);
        Ok(record)
    }

    /// Sets what parameters of the category say.
    fn describe(&self, record: &ErrorRecord) {
        if let Some(action) = &self.action {
            let message = record.exception.message.borrow().clone();
            let mut details = record.details.borrow_mut();
            let message = details.take().map_or(message, |(message, _)| message);
            *details = Some((message, Some(action.clone())));
        }
        if let Some(activity) = &self.activity {
            *record.activity.borrow_mut() = activity.clone();
        }
        let fields = [
            (&self.reason, &record.reason),
            (&self.target_name, &record.target_name),
            (&self.target_type, &record.target_type),
        ];
        for (given, field) in fields {
            if given.is_some() {
                field.borrow_mut().clone_from(given);
            }
        }
    }
}

/// The same error as a record that is written anew.
fn copied(record: &ErrorRecord) -> ErrorRecord {
    let id = record.id.borrow().clone();
    let copy = ErrorRecord::new(record.exception.clone(), id, record.category.get(), record.target.borrow().clone());
    copy.details.replace(record.details.borrow().clone());
    copy.activity.replace(record.activity.borrow().clone());
    copy.invocation.replace(record.invocation.borrow().clone());
    copy
}

/// The function or script that a scope belongs to.
fn caller_name(frame: &Frame) -> Option<Str> {
    frame.function.as_ref().map(|function| function.name.clone())
}

fn category_of(run: &mut Invocation<'_>, value: &Value) -> Outcome<ErrorCategory> {
    let kind = TypeRef::ERROR_CATEGORY;
    match convert::to(run.session, value, kind)? {
        Value::Enum(member) => Ok(ErrorCategory::from_number(member.bits).unwrap_or(ErrorCategory::NotSpecified)),
        _ => Ok(ErrorCategory::NotSpecified),
    }
}

cmdlet! {
    /// `Write-Progress`.
    pub(crate) struct WriteProgress = "Write-Progress", class "Microsoft.PowerShell.Commands.WriteProgressCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows how far some work is, on a terminal.", examples: &[], outputs: &[],
    }
    parameters {
        activity: Option<Str> = ParameterSpec::new("Activity").sets(&[SetMembership::of("").position(0)]),
        status: Option<Str> = ParameterSpec::new("Status").validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("").position(1)]),
        id: Option<i32> = ParameterSpec::new("Id").validate(&[Validation::Range(0.0, 2_147_483_647.0)])
            .sets(&[SetMembership::of("").position(2)]),
        percent: Option<i32> = ParameterSpec::new("PercentComplete").validate(&[Validation::Range(-1.0, 100.0)]),
        seconds: Option<i32> = ParameterSpec::new("SecondsRemaining"),
        operation: Option<Str> = ParameterSpec::new("CurrentOperation"),
        parent: Option<i32> = ParameterSpec::new("ParentId").validate(&[Validation::Range(-1.0, 2_147_483_647.0)]),
        completed: Switch = ParameterSpec::new("Completed"),
        source: Option<i32> = ParameterSpec::new("SourceId"),
    }
    state {}
}

impl Cmdlet for WriteProgress {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let preference = run.session.preference(Symbol::PROGRESS, crate::runtime::ActionPreference::Continue);
        if preference != crate::runtime::ActionPreference::Continue {
            return Ok(());
        }
        let text = |value: &Option<Str>| value.as_deref().unwrap_or_default().to_owned();
        let progress = Progress {
            id: self.id.unwrap_or(0),
            activity: text(&self.activity),
            status: text(&self.status),
            operation: text(&self.operation),
            percent: self.percent.unwrap_or(-1),
            completed: self.completed.0,
            transient: false,
        };
        run.session.host.progress(&progress);
        Ok(())
    }
}
