//! The service inside this process: the router is called directly, opened at the first call.

use super::Transport;
use crate::api::{Call, Page, Problem};
use std::path::PathBuf;

/// The in-process transport.
pub(super) struct Embedded {
    directory: PathBuf,
    actor: Option<String>,
}

impl Embedded {
    pub(super) fn new(directory: PathBuf, actor: Option<String>) -> Self {
        Embedded { directory, actor }
    }
}

impl Transport for Embedded {
    fn send(&self, call: &Call) -> Page {
        let who = self.actor.as_deref().unwrap_or("the local operator");
        let place = self.directory.display();
        Err(Problem::new("PC-E91", format!("{} is not served yet ({who}, {place}).", call.cmdlet())))
    }
}
