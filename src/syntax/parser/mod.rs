//! Recursive descent over the lexer. Each function returns what it understood (`None` where nothing of its kind
//! starts here) and notes errors beside; nothing fails. "Can this begin an X?" is asked of the function that parses X.

mod class_checks;
mod commands;
mod definitions;
mod expressions;
mod literals;
mod loops;
mod pipelines;
mod statements;
mod strings;
mod types;

use super::ast::{Class, Expr, ExprKind};
use super::error::SyntaxError;
use super::lexer::{Checkpoint, Lexer};
use super::span::Span;
use super::token::TokenKind;
use std::rc::Rc;

/// How deep statements, blocks and expressions may nest: enough for any script that people write, and few
/// enough for the smallest stack the shell runs on.
const DEEPEST: u32 = 400;

/// How many operators of one level may follow each other: the tree leans left and is walked by recursion.
pub(super) const LONGEST_CHAIN: usize = 4000;

/// The parser's state: a cursor, how deep it is, and what the surroundings forbid.
pub(super) struct Parser<'s> {
    pub(super) lexer: Lexer<'s>,
    depth: u32,
    /// In arguments of methods and attributes a comma separates; it does not make an array.
    comma_separates: bool,
    /// Within a `finally` block: how many loops inside it surround this place.
    finally: Option<u32>,
    /// Within how many ternary expressions this place is: there `?` and `:` end a number.
    ternaries: u32,
    /// Classes that were read, for checks once all is read.
    classes: Vec<Rc<Class>>,
    /// Nested too deeply: everything ends here and says nothing more.
    abandoned: bool,
}

impl<'s> Parser<'s> {
    pub(super) fn new(lexer: Lexer<'s>, depth: u32) -> Self {
        Self {
            lexer,
            depth,
            comma_separates: false,
            finally: None,
            ternaries: 0,
            classes: Vec::new(),
            abandoned: false,
        }
    }

    /// Errors in the order they were met; nothing after the one that ended it all.
    pub(super) fn into_errors(self) -> Vec<SyntaxError> {
        let mut errors = self.lexer.errors;
        if let Some(last) = errors.iter().position(|e| e.id == "ScriptTooComplicated") {
            errors.drain(..last);
            errors.truncate(1);
        }
        errors
    }

    /// Runs `parse` one level deeper, unless that is too deep.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEEPEST {
            self.abandon();
            return None;
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn abandon(&mut self) {
        if !self.abandoned {
            self.abandoned = true;
            let start = self.lexer.position;
            self.error("ScriptTooComplicated", self.lexer.span(start, start + 1), "");
        }
        self.lexer.position = self.lexer.text().len();
    }

    /// Back to a place, unless everything was given up: then the error must stay and nothing be read again.
    fn rewind(&mut self, place: Checkpoint) {
        if !self.abandoned {
            self.lexer.restore(place);
        }
    }

    /// Runs `parse` where commas separate (`true`) or make arrays (`false`).
    fn with_commas<T>(&mut self, separate: bool, parse: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.comma_separates, separate);
        let result = parse(self);
        self.comma_separates = outer;
        result
    }

    fn error(&mut self, id: &'static str, span: Span, detail: &str) {
        self.lexer.error(id, span, detail);
    }

    /// Errors that a look at what was understood found.
    fn note(&mut self, found: Vec<super::check::Finding>) {
        for (id, span, detail) in found {
            self.error(id, span, &detail);
        }
    }

    fn error_incomplete(&mut self, id: &'static str, span: Span, detail: &str) {
        self.lexer.error_incomplete(id, span, detail);
    }

    /// Something is missing right here.
    fn missing(&mut self, id: &'static str, detail: &str) {
        let here = self.lexer.span_from(self.lexer.position);
        self.error_incomplete(id, here, detail);
    }

    /// Takes a bracket, marking it; false where it is not next.
    fn open(&mut self, text: &str) -> bool {
        let found = self.lexer.starts_with(text);
        if found {
            let start = self.lexer.position;
            self.lexer.advance(text.len());
            self.lexer.mark(TokenKind::GroupStart, start);
        }
        found
    }

    /// Takes the closing bracket after blanks and line ends, or notes that it is missing.
    fn close(&mut self, bracket: u8, missing: &'static str) {
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if self.lexer.eat(bracket) {
            self.lexer.mark(TokenKind::GroupEnd, start);
        } else {
            self.missing(missing, "");
        }
    }

    /// Takes the closing brace of what was opened at a place; where it is missing, the opening is what is shown.
    fn close_from(&mut self, opening: Span) {
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if self.lexer.eat(b'}') {
            self.lexer.mark(TokenKind::GroupEnd, start);
        } else {
            self.error_incomplete("MissingEndCurlyBrace", opening, "");
        }
    }

    /// An expression that stands where something could not be understood.
    fn error_expression(&self) -> Expr {
        Expr { span: self.lexer.span_from(self.lexer.position), kind: ExprKind::Error }
    }

    /// The token that starts here, for messages: a word, or one character.
    fn token_text(&self) -> &'s str {
        let start = self.lexer.position;
        let dash = self.lexer.dash_length();
        let word = match dash {
            0 => self.lexer.peek_identifier(),
            _ => self.lexer.peek_dash_word(),
        };
        if !word.is_empty() {
            return self.lexer.slice(start, start + dash + word.len());
        }
        let doubled = matches!(self.lexer.peek(), b'&' | b'|') && self.lexer.peek_at(1) == self.lexer.peek();
        let length = self.lexer.peek_char().map_or(0, char::len_utf8) + usize::from(doubled);
        self.lexer.slice(start, start + length)
    }

    /// Reports the token that starts here as unexpected; does not take it.
    fn unexpected_token(&mut self) {
        let token = self.token_text();
        let start = self.lexer.position;
        self.error("UnexpectedToken", self.lexer.span(start, start + token.len()), token);
    }
}
