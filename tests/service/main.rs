//! The management service through its router: the administered systems' behaviour, check by check, and its safety.
#![allow(clippy::unwrap_used, reason = "a test says where it fails by panicking there")]

mod access;
mod fixture;
mod kill;
mod scenarios;
mod store;
mod transports;
