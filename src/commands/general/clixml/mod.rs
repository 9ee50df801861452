//! `Export-Clixml`, `Import-Clixml`, `ConvertTo-CliXml`, `ConvertFrom-CliXml`: objects as PowerShell's own XML.

mod command;
mod read;
mod write;

pub(in crate::commands) use command::register;

use crate::runtime::CmdletSpec;

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[
    &command::ExportClixml::SPEC,
    &command::ImportClixml::SPEC,
    &command::ConvertToCliXml::SPEC,
    &command::ConvertFromCliXml::SPEC,
];
