//! The general cmdlets by family: each file declares its cmdlets and lists them in `CMDLETS`.

mod alias;
mod clixml;
mod command;
mod csv;
mod culture;
mod date;
mod each;
mod files;
mod html;
mod invoke;
mod json;
mod layout;
mod management;
mod measure;
mod member;
mod module;
mod object;
mod output;
mod select_string;
mod sort;
mod text;
mod type_data;
mod variable;
mod write;

use crate::runtime::CmdletSpec;

/// Every family's cmdlets.
#[rustfmt::skip]
pub const FAMILIES: &[&[&CmdletSpec]] = &[
    alias::CMDLETS,
    command::CMDLETS,
    clixml::CMDLETS,
    csv::CMDLETS,
    date::CMDLETS,
    each::CMDLETS,
    invoke::CMDLETS,
    files::CMDLETS,
    html::CMDLETS,
    culture::CMDLETS,
    json::CMDLETS,
    layout::CMDLETS,
    management::CMDLETS,
    member::CMDLETS,
    measure::CMDLETS,
    module::CMDLETS,
    output::CMDLETS,
    select_string::CMDLETS,
    sort::CMDLETS,
    text::CMDLETS,
    type_data::CMDLETS,
    variable::CMDLETS,
    write::CMDLETS,
];
