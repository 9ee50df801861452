//! The calls that led to where code runs: `Get-PSCallStack`, and the stack of an error.

use super::objects::{self, Occurrence};
use super::scope::{Frame, Running};
use super::session::Session;
use crate::syntax::{Source, Span};
use crate::value::{Str, Value, convert};
use std::rc::Rc;

/// One call: its scope and where it stands.
struct Place {
    frame: Rc<Frame>,
    source: Rc<Source>,
    span: Span,
}

/// The calls around a place, innermost first. One whose parameters are still being given their defaults has not
/// begun.
fn places(frame: &Rc<Frame>, source: &Rc<Source>, span: Span) -> Vec<Place> {
    let mut found = Vec::new();
    let (mut source, mut span) = (source.clone(), span);
    let mut next = Some(frame.clone());
    while let Some(frame) = next {
        if frame.running.get() != Running::Defaults {
            found.push(Place { frame: frame.clone(), source: source.clone(), span });
        }
        let Some(call_source) = &frame.call_source else { break };
        (source, span) = (call_source.clone(), frame.call_site.get());
        let caller = frame.context.borrow().as_ref().map(|context| context.caller.clone());
        // What is dot-sourced runs in its caller's own scope, so the caller of a scope may be inside of it.
        let caller = caller.filter(|caller| !found.iter().any(|place| Rc::ptr_eq(&place.frame, caller)));
        next = caller.or_else(|| frame.parent.clone());
    }
    found
}

/// `Get-It<Process>`: the function, or `<ScriptBlock>`, and which of its blocks.
fn function_name(frame: &Frame) -> String {
    let name = match &frame.function {
        Some(function) if !function.is_script => function.name.as_str(),
        _ => "<ScriptBlock>",
    };
    let part = match frame.running.get() {
        Running::Begin => "<Begin>",
        Running::Process => "<Process>",
        Running::End => "<End>",
        Running::Clean => "<Clean>",
        Running::Body | Running::Defaults => "",
    };
    format!("{name}{part}")
}

impl Session {
    /// The calls that led to an error, one a line.
    pub(super) fn stack_text(&self, at: &Occurrence) -> String {
        let line = |place: Place| {
            let file = place.source.path.as_deref().unwrap_or("<No file>");
            let number = place.source.position(place.span.start).line;
            format!("at {}, {file}: line {number}", function_name(&place.frame))
        };
        places(&at.frame, &at.source, at.span).into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The running calls as `Get-PSCallStack` gives them, innermost first.
    pub(crate) fn call_stack(&self) -> Vec<Value> {
        let all = places(&self.frame, &self.source, self.position);
        all.into_iter().map(|place| self.stack_frame(&place)).collect()
    }

    fn stack_frame(&self, place: &Place) -> Value {
        let function = function_name(&place.frame);
        let command = match &place.frame.function {
            Some(function) => function.name.clone(),
            None => Str::from("<ScriptBlock>"),
        };
        let line = place.source.position(place.span.start).line;
        let file = place.source.path.as_deref();
        let short = file.and_then(|path| path.rsplit('/').next());
        let location = short.map_or_else(|| "<No file>".to_owned(), |name| format!("{name}: line {line}"));
        let context = self.context_of(&place.frame);
        let shown = |(name, value): &(Str, Value)| format!("{name}={}", convert::to_text(value));
        let arguments: Vec<String> = context.bound.borrow().iter().map(shown).collect();
        objects::object(
            "System.Management.Automation.CallStackFrame",
            vec![
                ("Command", Value::Str(command)),
                ("Location", Value::str(location)),
                ("Arguments", Value::str(format!("{{{}}}", arguments.join(", ")))),
                ("ScriptName", file.map_or(Value::Null, Value::str)),
                ("ScriptLineNumber", Value::I32(line as i32)),
                ("InvocationInfo", self.my_invocation(&place.frame)),
                ("FunctionName", Value::str(function)),
            ],
        )
    }
}
