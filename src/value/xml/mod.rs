//! XML: a tree of nodes that scripts change, its reading and writing, and XPath 1.0 over it. What of it scripts see
//! as members of .NET types stands in `members::library::xml`.

pub mod read;
pub mod tree;
pub mod write;
pub mod xpath;

pub use tree::{Node, NodeKind, QName, Tree, XML, XMLNS};
