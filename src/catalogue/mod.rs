//! The catalogue: what can be administered, as data. One manifest per noun under `cmdlets/` says its properties,
//! verbs, parameters, roles, views, help and examples; everything else (cmdlets, API, help, OpenAPI) is made of it.
//! Knows nothing of how a service keeps or checks the things; `pattern` only names the behaviour a noun follows.

mod collection;
mod index;
mod manifest;
mod read;
mod value_type;

pub use collection::Catalogue;
pub use index::{BUILT_IN, BuiltIn};
pub(crate) use manifest::{Access, Column, Impact, Membership, Noun, Pattern, Property, Scope, ViewStyle, wire_name};
pub use manifest::{Cmdlet, Parameter};
pub(crate) use read::ManifestError;
pub use read::parse;
pub use value_type::ValueType;
