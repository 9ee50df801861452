//! The management service through its router: the administered systems' behaviour, check by check, and its safety.
#![allow(clippy::unwrap_used, reason = "a test says where it fails by panicking there")]

mod access;
mod batch;
mod certificates;
mod cluster;
mod compliance;
mod connection;
mod failures;
mod federation;
mod fixture;
mod kill;
mod limits;
mod openssl;
mod postgres_tls;
mod queue;
mod renewal;
mod replicas;
mod restart;
mod roles;
mod scenarios;
mod secrets;
mod store;
mod transports;
mod writers;
