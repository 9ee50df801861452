//! The general cmdlets by family: each file declares its cmdlets and lists them in `CMDLETS`.

mod csv;
mod date;
mod json;
mod object;
mod write;

use crate::runtime::CmdletSpec;

/// Every family's cmdlets.
#[rustfmt::skip]
pub const FAMILIES: &[&[&CmdletSpec]] = &[
    csv::CMDLETS,
    date::CMDLETS,
    json::CMDLETS,
    write::CMDLETS,
];
