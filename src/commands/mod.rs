//! The cmdlets: general ones, one file per cmdlet or tight family, and those of the administration, made of manifests.

pub mod administration;
pub mod help;
