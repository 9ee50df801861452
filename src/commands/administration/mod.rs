//! The administration cmdlets: every cmdlet that a manifest describes, and the few that steer the connection itself.
//! Here a line leaves the shell: bound parameters become calls of the management API. No rule of the administered
//! system lives here; those are the service's.

mod approval;
mod argument;
mod cmdlet;
mod connection;
mod declare;
mod file;
mod identities;
mod object;
mod problem;
mod progress;
mod source;
mod state;
mod time;
mod transaction;
mod view;

pub(crate) use identities::identities;
pub(crate) use source::ManifestSource;
pub(crate) use state::Administration;

use crate::runtime::Session;
use std::rc::Rc;

/// Makes the administration cmdlets known. Manifests of the user's own are looked for in the settings directory when a
/// cmdlet is first named that is not compiled in.
pub(crate) fn register(session: &mut Session) {
    let source = Rc::new(ManifestSource::new(|| crate::client::settings_directory().join("cmdlets")));
    session.extension::<source::Manifests>().0 = Some(source.clone());
    session.cmdlet_sources.push(source);
    connection::CMDLETS.iter().chain(transaction::CMDLETS).for_each(|spec| session.register(spec));
}

/// The noun and the cmdlet of a manifest that a declaration was made from; none for those that are compiled in.
pub(crate) fn manifest_of(
    spec: &crate::runtime::CmdletSpec,
) -> Option<(&'static crate::catalogue::Noun, &'static crate::catalogue::Cmdlet)> {
    declare::declared(spec).map(|declared| (&*declared.noun, &declared.cmdlet))
}
