//! The general cmdlets by family: each file declares its cmdlets and lists them in `CMDLETS`.

mod alias;
mod clixml;
mod command;
mod compare;
mod csv;
mod culture;
mod date;
mod each;
mod files;
mod group;
mod html;
mod introsort;
mod invoke;
mod job;
mod json;
mod layout;
mod management;
mod measure;
mod member;
mod module;
mod object;
mod output;
mod picking;
mod select;
mod select_string;
mod sort;
mod text;
mod timing;
mod type_data;
mod variable;
mod where_object;
mod write;

pub use job::serve as serve_job;

use crate::runtime::CmdletSpec;

/// Every family's cmdlets.
#[rustfmt::skip]
pub const FAMILIES: &[&[&CmdletSpec]] = &[
    alias::CMDLETS,
    clixml::CMDLETS,
    command::CMDLETS,
    compare::CMDLETS,
    csv::CMDLETS,
    culture::CMDLETS,
    date::CMDLETS,
    each::CMDLETS,
    files::CMDLETS,
    group::CMDLETS,
    html::CMDLETS,
    invoke::CMDLETS,
    job::CMDLETS,
    json::CMDLETS,
    layout::CMDLETS,
    management::CMDLETS,
    measure::CMDLETS,
    member::CMDLETS,
    module::CMDLETS,
    output::CMDLETS,
    select::CMDLETS,
    select_string::CMDLETS,
    sort::CMDLETS,
    text::CMDLETS,
    timing::CMDLETS,
    type_data::CMDLETS,
    variable::CMDLETS,
    where_object::CMDLETS,
    write::CMDLETS,
];

/// What sessions need of these families beside their cmdlets.
pub(super) fn register(session: &mut crate::runtime::Session) {
    clixml::register(session);
}
