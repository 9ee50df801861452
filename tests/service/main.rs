//! The management service through its router: the administered systems' behaviour, check by check, and its safety.

mod access;
mod fixture;
mod kill;
mod scenarios;
mod store;
mod transports;
