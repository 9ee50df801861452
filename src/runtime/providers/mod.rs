//! Providers: what drives show as items, and the paths that lead to them.

pub mod path;
