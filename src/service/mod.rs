//! The management service.

pub mod filter;
pub mod ldap_filter;
