//! `ConvertTo-Csv`, `ConvertFrom-Csv`, `Export-Csv`, `Import-Csv`.

mod convert;
mod file;
mod read;
mod write;

use crate::runtime::CmdletSpec;

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] =
    &[&convert::ConvertToCsv::SPEC, &convert::ConvertFromCsv::SPEC, &file::ExportCsv::SPEC, &file::ImportCsv::SPEC];
