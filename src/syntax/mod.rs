//! Text to syntax tree. Knows nothing of values or of running anything.
//!
//! The parser pulls tokens in the mode it is in (PowerShell's expression and argument modes forbid lexing
//! ahead), never fails, and returns a tree together with every error it found.

mod ast;
mod check;
mod error;
mod help;
mod lexer;
mod number;
mod parser;
mod print;
mod span;
mod token;
mod walk;

pub(crate) use ast::*;
pub(crate) use error::SyntaxError;
pub use print::print;
pub use span::{Source, Span};
pub(crate) use token::{Token, TokenKind};

use lexer::Lexer;
use parser::Parser;
use std::rc::Rc;

/// A text understood: its tree, and all that is wrong with it.
#[derive(Debug)]
pub struct Parsed {
    /// The tree; whole even where there are errors.
    pub ast: Rc<ScriptBlock>,
    /// In the order they were met.
    pub errors: Vec<SyntaxError>,
    /// There are errors, and more text could cure the first: the prompt should ask for another line.
    pub(crate) incomplete: bool,
}

/// Parses a script.
pub fn parse(source: &Source) -> Parsed {
    parse_with(source, false).0
}

/// Parses a script and keeps its tokens, in the order of the text; those inside strings stand after the string.
pub fn tokenize(source: &Source) -> (Parsed, Vec<Token>) {
    let (parsed, mut tokens) = parse_with(source, true);
    tokens.sort_by_key(|token| (token.span.start, std::cmp::Reverse(token.span.end)));
    (parsed, tokens)
}

fn parse_with(source: &Source, keep_tokens: bool) -> (Parsed, Vec<Token>) {
    let mut parser = Parser::new(Lexer::new(&source.text, 0, keep_tokens), 0);
    let ast = Rc::new(parser.script());
    if parser.lexer.errors.is_empty() {
        parser.check_classes();
    }
    let tokens = parser.lexer.tokens.take().unwrap_or_default();
    let errors = parser.into_errors();
    let incomplete = errors.first().is_some_and(|error| error.incomplete);
    (Parsed { ast, errors, incomplete }, tokens)
}

#[cfg(test)]
mod tests;
