//! Text to syntax tree. Knows nothing of values or of running anything.
//!
//! The parser pulls tokens in the mode it is in (PowerShell's expression and argument modes forbid lexing
//! ahead), never fails, and returns a tree together with every error it found.

mod ast;
mod error;
mod span;

pub use ast::*;
pub use error::SyntaxError;
pub use span::{Position, Source, Span};
