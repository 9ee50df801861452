//! `Invoke-WebRequest` and `Invoke-RestMethod`: requests to any web service, and what comes back.

mod command;
mod exchange;
mod reply;

use crate::runtime::CmdletSpec;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&command::InvokeWebRequest::SPEC, &command::InvokeRestMethod::SPEC];
