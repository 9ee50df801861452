//! Syntax errors: PowerShell's error ids, our own words.

use super::span::Span;

/// One thing that is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// PowerShell's id, for example `MissingEndCurlyBrace`.
    pub id: &'static str,
    /// What is wrong, in our words.
    pub message: String,
    /// The text to point at.
    pub span: Span,
    /// More input could cure it: the prompt asks for another line.
    pub incomplete: bool,
}
