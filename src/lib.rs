//! pcsh: a PowerShell-compatible administration shell and the management service it administers.
//!
//! The storeys, each knowing only those above it: `syntax`, `value`, `format`, `runtime`, `catalogue`, `api`,
//! `store`, `service`, `client`, `commands`, `host`.

pub mod api;
pub mod catalogue;
pub mod client;
pub mod commands;
pub mod format;
pub mod host;
pub mod runtime;
pub mod service;
pub mod store;
pub mod syntax;
pub mod value;
