//! The session's display: objects that reach the end of the main pipeline, as lines at the host. Layout is `format`'s.

use super::session::Session;
use super::symbol::Symbol;
use crate::format::style::Accents;
use crate::format::{Formatter, Layout, LineSink, Settings, ViewTable};
use crate::value::{Outcome, Value, convert};
use std::rc::Rc;

/// What the display keeps between objects.
#[derive(Default)]
pub(crate) struct Display {
    /// All views; manifests register theirs here.
    pub(crate) views: Rc<ViewTable>,
    formatter: Option<Formatter>,
    /// Objects for another shell, which gets them serialized at the end.
    serialized: Option<Vec<Value>>,
}

/// What formatting needs of a session.
pub(crate) fn settings(session: &mut Session) -> Settings {
    let limit = session.variable(Symbol::new("FormatEnumerationLimit"));
    let limit = limit.and_then(|limit| convert::to_i64(&limit).ok()).unwrap_or(4);
    Settings { views: session.extension::<Display>().views.clone(), enumeration_limit: limit }
}

/// Columns that lines at the host may take: the last one is left free, so that no terminal wraps by itself.
pub(crate) fn layout(session: &mut Session) -> Layout {
    let width = session.host.width().saturating_sub(1).max(1);
    Layout { width, live: session.interactive, accents: Accents::of(session) }
}

/// From now on, what is shown goes to another shell as serialized objects.
pub(crate) fn serialize(session: &mut Session) {
    session.extension::<Display>().serialized = Some(Vec::new());
}

/// Shows an object at the host, in the document that is open there.
pub(crate) fn show(session: &mut Session, value: &Value) -> Outcome<()> {
    if let Some(objects) = &mut session.extension::<Display>().serialized {
        objects.push(value.clone());
        return Ok(());
    }
    if let Some(mut formatter) = session.extension::<Display>().formatter.take() {
        if formatter.is_idle() && !matches!(value, Value::Str(_) | Value::I32(_) | Value::F64(_) | Value::Bool(_)) {
            // Width and colours may have changed since the last table.
            formatter.set_layout(layout(session));
        }
        let result = run(session, |session, lines| formatter.process(session, value, lines));
        session.extension::<Display>().formatter = Some(formatter);
        return result;
    }
    if let Value::Str(text) = value {
        session.host_line(text);
        return Ok(());
    }
    let mut formatter = Formatter::new(settings(session), layout(session));
    let result = run(session, |session, lines| formatter.process(session, value, lines));
    session.extension::<Display>().formatter = Some(formatter);
    result
}

/// Ends what is shown at the host.
pub(crate) fn end(session: &mut Session) {
    if let Some(objects) = session.extension::<Display>().serialized.as_mut().map(std::mem::take) {
        if !objects.is_empty()
            && let Ok(text) = super::native::serialized(session, &objects)
        {
            session.host.write(&text);
        }
        return;
    }
    let Some(mut formatter) = session.extension::<Display>().formatter.take() else { return };
    // Lines that are only written out call no script, so nothing can fail here.
    let mut lines = String::new();
    let _ = formatter.finish(&mut lines);
    session.host_text(&lines);
}

/// Lets a formatter write lines to the host after it has asked the session for what it needs.
fn run(session: &mut Session, step: impl FnOnce(&mut Session, &mut dyn LineSink) -> Outcome<()>) -> Outcome<()> {
    let mut lines = String::new();
    let result = step(session, &mut lines);
    session.host_text(&lines);
    result
}
