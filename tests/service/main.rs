//! The management service through its router: the administered systems' behaviour, check by check, and its safety.
#![allow(clippy::unwrap_used, reason = "a test says where it fails by panicking there")]

mod access;
mod answers;
mod attacks;
mod batch;
mod certificates;
mod clock;
mod cluster;
mod compliance;
mod connection;
mod deploy;
mod disk;
mod endurance;
mod failures;
mod federation;
mod fixture;
mod generations;
mod kill;
mod limits;
mod logons;
mod openssl;
mod pkcs12;
mod postgres_tls;
mod queue;
mod renewal;
mod replicas;
mod restart;
mod roles;
mod scenarios;
mod secrets;
mod store;
mod together;
mod transports;
mod writers;
