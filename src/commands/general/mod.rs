//! The general cmdlets by family: each file declares its cmdlets and lists them in `CMDLETS`.

mod alias;
mod alias_file;
mod alike;
mod archive;
mod breakpoint;
mod clipboard;
mod clixml;
mod command;
mod compare;
mod completer;
mod csv;
mod culture;
mod date;
mod each;
mod event;
mod files;
mod format_data;
mod get_error;
mod group;
pub(crate) mod history;
mod html;
mod invoke;
mod job;
mod json;
mod layout;
mod localized;
mod machine;
mod management;
mod manifest;
mod markdown;
mod measure;
mod member;
mod module;
mod object;
mod output;
mod picking;
mod process;
mod random;
mod secure_string;
mod select;
mod select_string;
mod sort;
mod start_process;
mod text;
mod time_zone;
mod timing;
mod transcript;
mod type_data;
mod update_list;
mod variable;
mod verb;
mod web;
mod where_object;
mod write;
mod xml;

pub(crate) use command::{abbreviation, all_commands, signature_of as command_signature};
pub(crate) use job::serve as serve_job;
pub(crate) use verb::VERBS;

use crate::runtime::CmdletSpec;

/// Every family's cmdlets.
#[rustfmt::skip]
pub(crate) const FAMILIES: &[&[&CmdletSpec]] = &[
    alias::CMDLETS,
    clipboard::CMDLETS,
    clixml::CMDLETS,
    command::CMDLETS,
    compare::CMDLETS,
    csv::CMDLETS,
    culture::CMDLETS,
    date::CMDLETS,
    archive::CMDLETS,
    breakpoint::CMDLETS,
    each::CMDLETS,
    event::CMDLETS,
    files::CMDLETS,
    format_data::CMDLETS,
    get_error::CMDLETS,
    group::CMDLETS,
    history::CMDLETS,
    html::CMDLETS,
    invoke::CMDLETS,
    job::CMDLETS,
    json::CMDLETS,
    layout::CMDLETS,
    management::CMDLETS,
    machine::CMDLETS,
    markdown::CMDLETS,
    measure::CMDLETS,
    member::CMDLETS,
    module::CMDLETS,
    output::CMDLETS,
    SINGLE,
    secure_string::CMDLETS,
    select::CMDLETS,
    select_string::CMDLETS,
    sort::CMDLETS,
    text::CMDLETS,
    timing::CMDLETS,
    transcript::CMDLETS,
    type_data::CMDLETS,
    variable::CMDLETS,
    where_object::CMDLETS,
    web::CMDLETS,
    write::CMDLETS,
    xml::CMDLETS,
];

/// Cmdlets with a file to themselves.
#[rustfmt::skip]
const SINGLE: &[&CmdletSpec] = &[
    &alias_file::ExportAlias::SPEC,
    &alias_file::ImportAlias::SPEC,
    &completer::RegisterArgumentCompleter::SPEC,
    &localized::ImportLocalizedData::SPEC,
    &manifest::NewModuleManifest::SPEC,
    &process::GetProcess::SPEC,
    &process::StopProcess::SPEC,
    &process::WaitProcess::SPEC,
    &random::GetRandom::SPEC,
    &random::GetSecureRandom::SPEC,
    &start_process::StartProcess::SPEC,
    &time_zone::GetTimeZone::SPEC,
    &update_list::UpdateList::SPEC,
    &verb::GetVerb::SPEC,
];

/// What sessions need of these families beside their cmdlets.
pub(super) fn register(session: &mut crate::runtime::Session) {
    clixml::register(session);
}
