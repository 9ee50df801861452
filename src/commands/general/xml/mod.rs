//! The cmdlets of XML: `Select-Xml` and `ConvertTo-Xml`.

mod convert;
mod select;

use crate::runtime::CmdletSpec;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&convert::ConvertToXml::SPEC, &select::SelectXml::SPEC];
