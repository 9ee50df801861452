//! The engine's own objects as scripts see them: `$MyInvocation`, `$PSCmdlet`, `$foreach`, `$PSBoundParameters`.

use super::command::Command;
use super::scope::Frame;
use super::session::Session;
use super::streams::CommandContext;
use crate::syntax::{Source, Span};
use crate::value::members::library::dictionary::dictionary;
use crate::value::members::library::list::List;
use crate::value::types;
use crate::value::{
    ErrorRecord, Hashtable, Native, NativeObject, Outcome, PsObject, ScriptBlock, Shape, Str, TypeRef, Value,
};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Where an error happened: enough to answer for its `InvocationInfo` and stack trace when somebody asks.
pub(crate) struct Occurrence {
    /// The text.
    pub(crate) source: Rc<Source>,
    /// The place.
    pub(crate) span: Span,
    /// The scope.
    pub(crate) frame: Rc<Frame>,
    /// The command that failed; `None` for an expression.
    pub(crate) context: Option<Rc<CommandContext>>,
}

impl Occurrence {
    /// As a value to keep in a record.
    pub(crate) fn value(
        source: Rc<Source>,
        span: Span,
        frame: Rc<Frame>,
        context: Option<Rc<CommandContext>>,
    ) -> Value {
        Native::value(Occurrence { source, span, frame, context })
    }
}

impl NativeObject for Occurrence {
    fn kind(&self) -> TypeRef {
        named("System.Management.Automation.InvocationInfo")
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The enumerator that `$foreach` and `$switch` are.
#[derive(Clone)]
pub(crate) struct Enumerator(Rc<Steps>);

struct Steps {
    items: RefCell<Vec<Value>>,
    next: Cell<usize>,
    /// Where further items come from, one at a time.
    more: RefCell<Option<ItemSource>>,
}

/// Gives items until there are no more.
pub(crate) type ItemSource = Box<dyn FnMut() -> Option<Value>>;

impl Enumerator {
    /// Over these items, before the first.
    pub(crate) fn new(items: Vec<Value>) -> Self {
        Enumerator(Rc::new(Steps { items: RefCell::new(items), next: Cell::new(0), more: RefCell::default() }))
    }

    /// Over items that are fetched when they are asked for.
    pub(crate) fn lazy(source: ItemSource) -> Self {
        let more = RefCell::new(Some(source));
        Enumerator(Rc::new(Steps { items: RefCell::default(), next: Cell::new(0), more }))
    }

    /// The next item.
    pub(crate) fn next(&self) -> Option<Value> {
        let at = self.0.next.get();
        let mut items = self.0.items.borrow_mut();
        if at >= items.len()
            && let Some(item) = self.0.more.borrow_mut().as_mut().and_then(|source| source())
        {
            items.push(item);
        }
        self.0.next.set((at + 1).min(items.len() + 1));
        items.get(at).cloned()
    }

    /// The item it stands on.
    pub(crate) fn current(&self) -> Value {
        let at = self.0.next.get();
        let items = self.0.items.borrow();
        at.checked_sub(1).and_then(|at| items.get(at)).cloned().unwrap_or_default()
    }

    /// As an object for scripts.
    pub(crate) fn value(&self) -> Value {
        Native::value(self.clone())
    }
}

impl NativeObject for Enumerator {
    fn kind(&self) -> TypeRef {
        named("System.Collections.IEnumerator")
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn enumerate(&self) -> Option<Vec<Value>> {
        Some(std::iter::from_fn(|| self.next()).collect())
    }
}

/// A type by name; `System.Object` where this build does not know it.
pub(super) fn named(name: &str) -> TypeRef {
    types::resolve(name).unwrap_or(TypeRef::OBJECT)
}

/// An object of a type with these properties.
pub(crate) fn object(kind: &str, properties: Vec<(&str, Value)>) -> Value {
    let (names, values): (Vec<Str>, Vec<Value>) = properties.into_iter().map(|(n, v)| (Str::from(n), v)).unzip();
    let custom = PsObject {
        kind: named(kind),
        shape: std::cell::RefCell::new(Rc::new(Shape { names })),
        values: std::cell::RefCell::new(values),
        extension: Default::default(),
    };
    Value::Object(Rc::new(custom))
}

/// The same, with a text of its own.
pub(crate) fn object_with_text(kind: &str, text: impl Into<Str>, properties: Vec<(&str, Value)>) -> Value {
    let made = object(kind, properties);
    if let Value::Object(object) = &made {
        object.extension.make().borrow_mut().text = Some(text.into());
    }
    made
}

/// Puts a record in front of a list of errors that keeps at most `limit`.
pub(super) fn remember(errors: &Value, record: &Rc<ErrorRecord>, limit: usize) {
    let Value::Native(native) = errors else { return };
    let Some(list) = native.downcast::<List>() else { return };
    let mut items = list.items.borrow_mut();
    if let Some(Value::Error(newest)) = items.first()
        && (Rc::ptr_eq(newest, record) || Rc::ptr_eq(&newest.exception, &record.exception))
    {
        return;
    }
    items.insert(0, Value::Error(record.clone()));
    items.truncate(limit);
}

impl CommandContext {
    /// The command's name.
    pub(crate) fn name(&self) -> Str {
        self.command.as_ref().map_or_else(|| Str::from(""), Command::name)
    }

    /// What its error ids end in: a cmdlet's class, an advanced function's name.
    pub(crate) fn qualifier(&self) -> Str {
        match &self.command {
            Some(Command::Cmdlet(spec)) => Str::from(spec.class),
            Some(Command::Function(function)) => function.name.clone(),
            Some(Command::External(_) | Command::Script(_)) => self.invocation_name.clone(),
            None => Str::from(""),
        }
    }

    /// Keeps a value for `-ErrorVariable` (0), `-WarningVariable` (1), `-InformationVariable` (2), `-OutVariable` (3).
    pub(crate) fn collect(&self, which: usize, value: Value) {
        if let Some(Some(Value::Native(native))) = self.collected.borrow().get(which)
            && let Some(list) = native.downcast::<List>()
        {
            list.items.borrow_mut().push(value);
        }
    }
}

impl Session {
    /// `$MyInvocation` of a frame.
    pub(super) fn my_invocation(&self, frame: &Rc<Frame>) -> Value {
        let context = self.context_of(frame);
        if let Some(value) = &*context.my_invocation.borrow() {
            return value.clone();
        }
        let value = self.invocation_info(&context, frame.block.as_ref().or(frame.function.as_ref().map(|f| &f.block)));
        context.my_invocation.replace(Some(value.clone()));
        value
    }

    /// An `InvocationInfo` of a command.
    pub(super) fn invocation_info(&self, context: &Rc<CommandContext>, block: Option<&Rc<ScriptBlock>>) -> Value {
        let command = match (&context.command, block) {
            (Some(command), _) => self.command_object(command),
            (None, Some(block)) => block_command(block),
            (None, None) => Value::Null,
        };
        let mut properties = vec![
            ("MyCommand", command),
            ("BoundParameters", self.bound_table(context)),
            ("UnboundArguments", Value::array(context.unbound.borrow().clone())),
        ];
        properties.extend(place_properties(context.source.as_deref(), context.span, 1));
        properties.push(("InvocationName", Value::Str(context.invocation_name.clone())));
        properties.push(("PipelineLength", Value::I32(context.length.get() as i32)));
        properties.push(("PipelinePosition", Value::I32(context.position.get() as i32)));
        properties.push(("ExpectingInput", Value::Bool(context.expects_input.get())));
        properties.push(("CommandOrigin", Value::str("Internal")));
        properties.push(("DisplayScriptPosition", Value::Null));
        object("System.Management.Automation.InvocationInfo", properties)
    }

    /// The `InvocationInfo` of an error.
    pub(super) fn occurrence_info(&self, at: &Occurrence) -> Value {
        if let Some(context) = &at.context {
            return self.invocation_info(context, None);
        }
        let mut properties = vec![
            ("MyCommand", Value::Null),
            ("BoundParameters", Value::Hashtable(Rc::new(Hashtable::default()))),
            ("UnboundArguments", Value::array(Vec::new())),
        ];
        properties.extend(place_properties(Some(&at.source), at.span, -1));
        properties.push(("InvocationName", Value::str("")));
        properties.push(("PipelineLength", Value::I32(0)));
        properties.push(("PipelinePosition", Value::I32(0)));
        properties.push(("ExpectingInput", Value::Bool(false)));
        properties.push(("CommandOrigin", Value::str("Internal")));
        properties.push(("DisplayScriptPosition", Value::Null));
        object("System.Management.Automation.InvocationInfo", properties)
    }

    /// `$PSBoundParameters` of a frame.
    pub(super) fn bound_parameters(&self, frame: &Rc<Frame>) -> Value {
        let context = self.context_of(frame);
        self.bound_table(&context)
    }

    fn bound_table(&self, context: &Rc<CommandContext>) -> Value {
        if let Some(value) = &*context.bound_object.borrow() {
            return value.clone();
        }
        let table = Hashtable::ordered();
        for (name, value) in context.bound.borrow().iter() {
            table.insert(Value::Str(name.clone()), value.clone());
        }
        let value = dictionary(TypeRef::PSBOUND_PARAMETERS, table);
        context.bound_object.replace(Some(value.clone()));
        value
    }

    /// `$PSCmdlet` of a frame; only advanced functions have one.
    pub(super) fn cmdlet_object(&self, frame: &Rc<Frame>) -> Option<Value> {
        let context = frame.context.borrow().clone()?;
        // A dot-sourced block goes on with what the scope around it has.
        if let Some(value) = &*context.cmdlet_object.borrow() {
            return Some(value.clone());
        }
        if !context.advanced {
            return None;
        }
        let value = Native::value(CmdletObject { context: context.clone(), frame: frame.clone() });
        context.cmdlet_object.replace(Some(value.clone()));
        Some(value)
    }

    /// `$ExecutionContext`.
    pub(crate) fn execution_context(&self) -> Value {
        Native::value(EngineObject::Context)
    }

    /// A command as scripts see it.
    pub(crate) fn command_object(&self, command: &Command) -> Value {
        match command {
            Command::Function(function) => {
                if let Some(value) = function.object.get() {
                    return value.clone();
                }
                let kind = if function.is_script {
                    "System.Management.Automation.ExternalScriptInfo"
                } else {
                    "System.Management.Automation.FunctionInfo"
                };
                let value = object_with_text(kind, function.name.clone(), function_properties(function));
                // Another maker may have been faster; its object is as good.
                let _ = function.object.set(value.clone());
                value
            }
            Command::Cmdlet(spec) => object_with_text(
                "System.Management.Automation.CmdletInfo",
                spec.name,
                vec![
                    ("Name", Value::str(spec.name)),
                    ("CommandType", command_type("Cmdlet")),
                    ("Source", Value::str(spec.module)),
                    ("Version", engine_version()),
                    ("ModuleName", Value::str(spec.module)),
                    ("Definition", Value::str(spec.synopsis)),
                ],
            ),
            Command::External(path) | Command::Script(path) => {
                let is_script = matches!(command, Command::Script(_));
                let (kind, label) = match is_script {
                    true => ("System.Management.Automation.ExternalScriptInfo", "ExternalScript"),
                    false => ("System.Management.Automation.ApplicationInfo", "Application"),
                };
                let text = Value::str(path.to_string_lossy().into_owned());
                object_with_text(
                    kind,
                    command.name(),
                    vec![
                        ("Name", Value::Str(command.name())),
                        ("CommandType", command_type(label)),
                        ("Source", text.clone()),
                        ("Version", if is_script { Value::Null } else { version([0, 0, 0, 0]) }),
                        ("Path", text.clone()),
                        ("Definition", text),
                    ],
                )
            }
        }
    }
}

fn function_properties(function: &Rc<super::FunctionInfo>) -> Vec<(&'static str, Value)> {
    let block = &function.block;
    let label = match (function.is_script, block.is_filter) {
        (true, _) => "ExternalScript",
        (_, true) => "Filter",
        _ => "Function",
    };
    let path = block.source.path.as_deref().unwrap_or("");
    let mut properties = vec![
        ("Name", Value::Str(function.name.clone())),
        ("CommandType", command_type(label)),
        ("ScriptBlock", Value::ScriptBlock(block.clone())),
        (
            "Options",
            named("System.Management.Automation.ScopedItemOptions").enum_of(i64::from(function.options.get().0)),
        ),
    ];
    if function.is_script {
        properties.push(("Definition", Value::str(path)));
        properties.push(("Path", Value::str(path)));
        properties.push(("Source", Value::str(path)));
    } else {
        properties.push(("Definition", Value::str(block.text())));
        let module = function.home.module.as_ref().map(|m| m.name.borrow().clone());
        properties.push(("Source", Value::Str(module.clone().unwrap_or_else(|| Str::from("")))));
        properties.push(("ModuleName", Value::Str(module.unwrap_or_else(|| Str::from("")))));
        let (verb, noun) = function.name.split_once('-').unwrap_or(("", ""));
        properties.push(("Verb", Value::str(verb)));
        properties.push(("Noun", Value::str(noun)));
    }
    properties
}

/// The version of the modules that come with the shell.
pub(crate) fn engine_version() -> Value {
    version([7, 0, 0, 0])
}

fn version(parts: [i32; 4]) -> Value {
    crate::value::members::library::version::of_numbers(parts)
}

fn command_type(name: &str) -> Value {
    let kind = named("System.Management.Automation.CommandTypes");
    kind.enum_value(name).unwrap_or_else(|| Value::str(name))
}

fn block_command(block: &Rc<ScriptBlock>) -> Value {
    object(
        "System.Management.Automation.ScriptInfo",
        vec![
            ("Name", Value::str("")),
            ("CommandType", command_type("Script")),
            ("ScriptBlock", Value::ScriptBlock(block.clone())),
            ("Definition", Value::str(block.text())),
        ],
    )
}

fn place_properties(source: Option<&Source>, span: Span, history: i64) -> Vec<(&'static str, Value)> {
    let Some(source) = source else {
        return vec![
            ("ScriptLineNumber", Value::I32(0)),
            ("OffsetInLine", Value::I32(0)),
            ("HistoryId", Value::I64(history)),
            ("ScriptName", Value::str("")),
            ("Line", Value::str("")),
            ("PositionMessage", Value::str("")),
            ("PSScriptRoot", Value::str("")),
            ("PSCommandPath", Value::str("")),
        ];
    };
    let at = source.position(span.start);
    let path = source.path.as_deref().unwrap_or("");
    let root = std::path::Path::new(path).parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    let line = source.line_at(span.start);
    let message = position_message(source, span, line.trim_end());
    vec![
        ("ScriptLineNumber", Value::I32(at.line as i32)),
        ("OffsetInLine", Value::I32(at.column as i32)),
        ("HistoryId", Value::I64(history)),
        ("ScriptName", Value::str(path)),
        ("Line", Value::str(line)),
        ("Statement", Value::str(source.slice(span))),
        ("PositionMessage", Value::str(message)),
        ("PSScriptRoot", Value::str(root)),
        ("PSCommandPath", Value::str(path)),
    ]
}

/// A place with its line, marked below as far as the text goes on that line.
fn position_message(source: &Source, span: Span, line: &str) -> String {
    let at = source.position(span.start);
    let shown = source.path.as_deref().unwrap_or("line");
    let before = at.column.saturating_sub(1) as usize;
    let length = source.slice(span).lines().next().unwrap_or("").trim_end().chars().count();
    let (blanks, marks) = (" ".repeat(before), "~".repeat(length.max(1)));
    format!("At {shown}:{} char:{}\n+ {line}\n+ {blanks}{marks}", at.line, at.column)
}

/// `$PSCmdlet`.
pub(crate) struct CmdletObject {
    /// The command.
    pub(crate) context: Rc<CommandContext>,
    /// Its scope.
    pub(crate) frame: Rc<Frame>,
}

impl NativeObject for CmdletObject {
    fn kind(&self) -> TypeRef {
        named("System.Management.Automation.PSScriptCmdlet")
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Parts of `$ExecutionContext`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EngineObject {
    /// `$ExecutionContext`.
    Context,
    /// `.InvokeCommand`.
    InvokeCommand,
    /// `.SessionState`.
    SessionState,
    /// `.SessionState.PSVariable`.
    Variables,
    /// `.SessionState.Path`.
    Paths,
}

impl NativeObject for EngineObject {
    fn kind(&self) -> TypeRef {
        named(match self {
            EngineObject::Context => "System.Management.Automation.EngineIntrinsics",
            EngineObject::InvokeCommand => "System.Management.Automation.CommandInvocationIntrinsics",
            EngineObject::SessionState => "System.Management.Automation.SessionState",
            EngineObject::Variables => "System.Management.Automation.PSVariableIntrinsics",
            EngineObject::Paths => "System.Management.Automation.PathIntrinsics",
        })
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A result of members that the engine answers itself.
pub(super) type Answer = Option<Outcome<Value>>;

/// `[ref] $x`: a variable as an object.
pub(crate) struct Reference(pub(crate) Rc<super::Variable>);

impl Reference {
    /// What it refers to.
    pub(crate) fn get(&self) -> Value {
        self.0.get()
    }
}

impl NativeObject for Reference {
    fn kind(&self) -> TypeRef {
        named("System.Management.Automation.PSReference[object]")
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn referenced(&self) -> Option<Value> {
        Some(self.get())
    }
    fn set_referenced(&self, value: Value) -> Outcome<()> {
        self.0.value.replace(value);
        Ok(())
    }
}

/// A warning, verbose or debug record.
pub(super) fn message_record(kind: &str, text: &str) -> Value {
    object(kind, vec![("Message", Value::str(text)), ("InvocationInfo", Value::Null)])
}

/// An `ArrayList`.
pub(super) fn array_list(items: Vec<Value>) -> Value {
    List::value(TypeRef::ARRAYLIST, items)
}

/// A `Collection<PSObject>`, as `.Invoke()` gives it.
pub(super) fn collection(items: Vec<Value>) -> Value {
    crate::value::members::library::list::collection(items)
}

/// A variable as scripts see it: `PSVariable`. What is set on it is set in the variable.
pub(crate) struct VariableObject(pub(crate) Rc<super::Variable>);

impl VariableObject {
    const NAMES: [&str; 8] =
        ["Name", "Description", "Value", "Visibility", "Module", "ModuleName", "Options", "Attributes"];
}

impl NativeObject for VariableObject {
    fn kind(&self) -> TypeRef {
        TypeRef::PSVARIABLE
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn member_names(&self) -> Vec<Str> {
        Self::NAMES.into_iter().map(Str::from).collect()
    }
    fn member(&self, name: &str) -> Option<Value> {
        let known = Self::NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
        Some(match known {
            "Name" => Value::str(self.0.name.name()),
            "Description" => Value::Str(self.0.description.borrow().clone().unwrap_or_else(|| Str::from(""))),
            "Value" => self.0.get(),
            "Visibility" => Value::str("Public"),
            "ModuleName" => Value::str(""),
            "Options" => {
                named("System.Management.Automation.ScopedItemOptions").enum_of(i64::from(self.0.options.get().0))
            }
            "Attributes" => collection(self.0.attributes.borrow().clone()),
            _ => Value::Null,
        })
    }
    fn set_member(&self, name: &str, value: &Value) -> Option<Outcome<()>> {
        match name.to_ascii_lowercase().as_str() {
            "value" => {
                self.0.value.replace(value.clone());
            }
            "description" => {
                self.0.description.replace(Some(crate::value::convert::to_text(value)));
            }
            "options" => {
                let kind = named("System.Management.Automation.ScopedItemOptions");
                return Some(crate::value::convert::to_plain(value, kind).map(|value| {
                    if let Value::Enum(member) = value {
                        self.0.options.set(super::Options(u8::try_from(member.bits).unwrap_or(0)));
                    }
                }));
            }
            _ => return None,
        }
        Some(Ok(()))
    }
}

/// A variable as scripts see it: `PSVariable`.
pub(crate) fn variable_object(variable: Rc<super::Variable>) -> Value {
    Native::value(VariableObject(variable))
}
