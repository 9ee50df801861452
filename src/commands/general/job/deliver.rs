//! Records of a job handed to the command that fetches them: each to the stream it was written to.

use crate::runtime::jobs::Records;
use crate::runtime::{Invocation, Stream};
use crate::value::{Outcome, Value, convert, members};

/// Writes one record where it belongs.
pub(super) fn deliver(run: &mut Invocation<'_>, stream: Stream, value: Value) -> Outcome<()> {
    match (stream, value) {
        (Stream::Output, value) => run.write(value),
        (Stream::Error, Value::Error(record)) => run.session.write_error_record(record, run.context, run.out),
        (Stream::Information, record) => {
            let shown = host_text(run, &record)?;
            run.session.write_information(record, shown.as_deref(), run.context, run.out)
        }
        (stream, record) => {
            let text = convert::to_text(&members::get(run.session, &record, "Message")?.unwrap_or(record)).to_string();
            run.session.write_message(stream, &text, run.context, run.out)
        }
    }
}

/// What `Write-Host` would have shown, where the record is of it.
fn host_text(run: &mut Invocation<'_>, record: &Value) -> Outcome<Option<String>> {
    let data = members::get(run.session, record, "MessageData")?.unwrap_or_default();
    if crate::value::TypeRef::of(&data).name() != "System.Management.Automation.HostInformationMessage" {
        return Ok(None);
    }
    let mut member = |name: &str| members::get(run.session, &data, name).map(Option::unwrap_or_default);
    let mut text = convert::to_text(&member("Message")?).to_string();
    if !convert::to_bool(&member("NoNewLine")?) {
        text.push('\n');
    }
    Ok(Some(text))
}

/// Hands on what has been written so far.
pub(super) fn drain(run: &mut Invocation<'_>, records: &Records) -> Outcome<()> {
    while let Some((stream, value)) = records.pop() {
        deliver(run, stream, value)?;
    }
    Ok(())
}
