//! Jobs: `Start-Job`, `Start-ThreadJob`, `Get-Job`, `Wait-Job`, `Receive-Job`, `Stop-Job`, `Remove-Job`.

mod choose;
mod control;
mod deliver;
pub(super) mod parallel;
mod process;
mod receive;
mod start;

pub(crate) use process::serve;

use crate::runtime::CmdletSpec;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &start::StartThreadJob::SPEC,
    &start::StartJob::SPEC,
    &control::GetJob::SPEC,
    &control::WaitJob::SPEC,
    &control::StopJob::SPEC,
    &control::RemoveJob::SPEC,
    &receive::ReceiveJob::SPEC,
];
