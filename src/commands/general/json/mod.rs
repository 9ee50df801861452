//! `ConvertTo-Json`, `ConvertFrom-Json`, `Test-Json`.

mod from;
mod read;
mod schema;
mod test;
mod to;
mod write;

use crate::runtime::CmdletSpec;

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] =
    &[&to::ConvertToJson::SPEC, &from::ConvertFromJson::SPEC, &test::TestJson::SPEC];
