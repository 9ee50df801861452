//! Providers: what drives show as items, and the paths that lead to them.

pub mod drive;
pub mod files;
pub mod items;
pub mod objects;
pub mod path;
pub mod resolve;

pub use drive::{Drive, DriveTable, Location, Provider};
pub use resolve::Expansion;
