//! XML: a tree of nodes that scripts change, its reading and writing, and XPath 1.0 over it. What of it scripts see
//! as members of .NET types stands in `members::library::xml`.

pub(crate) mod read;
pub(crate) mod tree;
pub(crate) mod write;
pub(crate) mod xpath;

pub(crate) use tree::{Node, NodeKind, QName, Tree, XML, XMLNS};
