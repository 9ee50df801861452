//! The cmdlets: general ones, one file per cmdlet or tight family, and those of the administration, made of manifests.

pub(crate) mod administration;
mod aliases;
pub(crate) mod completion;
pub(crate) mod general;
pub(crate) mod help;
mod ps_style;
mod session_variables;

pub(crate) use session_variables::profile_places;

use crate::runtime::Session;

/// Makes every cmdlet and the built-in aliases known to a session.
pub fn register(session: &mut Session) {
    session.equip = Some(register);
    session.completion = Some(completion::answer);
    for spec in general::FAMILIES.iter().copied().flatten() {
        session.register(spec);
    }
    help::register(session);
    administration::register(session);
    aliases::register(session);
    general::register(session);
    session_variables::register(session);
}
