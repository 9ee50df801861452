//! The management service.

pub mod certificate;
pub mod directory_file;
pub mod filter;
pub mod ldap_filter;
