//! Tokens as editors and `[PSParser]::Tokenize` see them: a kind and a place. The parser itself does not read them.

use super::span::Span;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Where.
    pub span: Span,
}

/// Kinds of token, named as `PSTokenType` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A command's name.
    Command,
    /// `-Name`.
    CommandParameter,
    /// A bare word that is an argument.
    CommandArgument,
    /// A number.
    Number,
    /// A string of any kind.
    String,
    /// `$name`.
    Variable,
    /// A member's name, or a key of a hash table.
    Member,
    /// `:name`.
    LoopLabel,
    /// An attribute's name.
    Attribute,
    /// A type's name, brackets included.
    Type,
    /// An operator.
    Operator,
    /// `(`, `{`, `@(` …
    GroupStart,
    /// `)`, `}`.
    GroupEnd,
    /// A word of the language.
    Keyword,
    /// A comment.
    Comment,
    /// `;`.
    StatementSeparator,
    /// The end of a line.
    NewLine,
    /// A backtick at the end of a line.
    LineContinuation,
}
