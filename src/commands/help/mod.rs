//! Get-Help: what a command or a topic is about, from declarations, manifests and the `about_` texts. All wording is
//! this project's own.

mod about;
mod comment;
mod get_help;
mod object;
mod text;
mod topic;

use crate::runtime::Session;

/// Makes Get-Help known.
pub(crate) fn register(session: &mut Session) {
    session.register(&get_help::GetHelp::SPEC);
    object::register_views(session);
}
