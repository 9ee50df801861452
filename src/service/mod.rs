//! The management service.

pub mod certificate;
pub mod compliance_xml;
pub mod directory_file;
pub mod export_file;
pub mod filter;
pub mod ldap_filter;
