//! `Export-Clixml`, `Import-Clixml`, `ConvertTo-CliXml`, `ConvertFrom-CliXml`: objects as PowerShell's own XML.

mod command;
mod read;
mod write;

pub(in crate::commands) use command::register;

use crate::runtime::CmdletSpec;
use crate::value::{Engine, Outcome, Value};

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[
    &command::ExportClixml::SPEC,
    &command::ImportClixml::SPEC,
    &command::ConvertToCliXml::SPEC,
    &command::ConvertFromCliXml::SPEC,
];

/// Objects as one text, `depth` levels of each spelt out.
pub(super) fn to_text(engine: &mut dyn Engine, objects: &[Value], depth: i32) -> Outcome<String> {
    let mut writer = write::Writer::new(engine);
    for object in objects {
        writer.value(object, None, depth)?;
    }
    Ok(format!("{}{}{}", write::HEAD, writer.text, write::TAIL))
}

/// The objects of such a text.
pub(super) fn from_text(engine: &mut dyn Engine, text: &str) -> Outcome<Vec<Value>> {
    read::read(engine, text)
}
