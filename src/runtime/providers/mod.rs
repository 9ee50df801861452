//! Providers: what drives show as items, and the paths that lead to them.

pub(crate) mod drive;
pub(crate) mod files;
pub(crate) mod items;
pub(crate) mod objects;
pub(crate) mod path;
pub(crate) mod resolve;

pub(crate) use drive::{Drive, Location, Provider};
pub(crate) use resolve::Expansion;
