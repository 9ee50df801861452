//! Places where tests let the process die, as a machine does that loses its power. Programs for use have none of them.

/// Ends the process at once where `PCSH_FAULT_POINT` names this place.
#[cfg(debug_assertions)]
pub(super) fn point(name: &str) {
    if std::env::var("PCSH_FAULT_POINT").is_ok_and(|wanted| wanted == name) {
        std::process::abort();
    }
}

/// Nothing, in a program for use.
#[cfg(not(debug_assertions))]
pub(super) fn point(_name: &str) {}
