//! The general cmdlets by family: each file declares its cmdlets and lists them in `CMDLETS`.

mod json;
mod object;

use crate::runtime::CmdletSpec;

/// Every family's cmdlets.
pub const FAMILIES: &[&[&CmdletSpec]] = &[json::CMDLETS];
