//! The general cmdlets by family: each file declares its cmdlets and lists them in `CMDLETS`.

use crate::runtime::CmdletSpec;

/// Every family's cmdlets.
pub const FAMILIES: &[&[&CmdletSpec]] = &[];
