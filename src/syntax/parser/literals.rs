//! Numbers and variables where expressions or arguments stand.

use super::Parser;
use crate::syntax::ast::{Expr, ExprKind, Number, Variable};
use crate::syntax::lexer::{is_identifier, is_variable, starts_new_token};
use crate::syntax::number;
use crate::syntax::token::TokenKind;

/// What before a colon is a scope and no drive.
const SCOPES: [&str; 5] = ["global", "local", "private", "script", "variable"];

impl Parser<'_> {
    /// A number of an expression; a sign may be part of it. `None` where the text is no number after all.
    pub(super) fn number(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let literal = number::literal(self.lexer.rest())?;
        let after = self.lexer.char_at(start + literal.length);
        let goes_on = matches!(after, Some('?' | ':')) && self.ternaries == 0;
        if goes_on && self.lexer.char_at(start + literal.length + 1).is_none_or(|c| c != ':' && c != '?')
            || after.is_some_and(is_identifier)
        {
            return None;
        }
        Some(self.take_number(literal))
    }

    /// A number as an argument: it must be the whole word.
    pub(super) fn number_argument(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let literal = number::literal(self.lexer.rest())?;
        let after = self.lexer.char_at(start + literal.length);
        if after.is_some_and(|c| !starts_new_token(c)) {
            return None;
        }
        Some(self.take_number(literal))
    }

    fn take_number(&mut self, literal: number::Literal) -> Expr {
        let start = self.lexer.position;
        self.lexer.advance(literal.length);
        let span = self.lexer.span_from(start);
        self.lexer.mark(TokenKind::Number, start);
        let number = literal.value.unwrap_or_else(|| {
            let text = self.lexer.slice_from(start);
            self.error("BadNumericConstant", span, text);
            Number::I32(0)
        });
        Expr { span, kind: ExprKind::Number(number) }
    }

    /// `$name`, `${name}`, `$scope:name`, or with `@` in front. `None` where no name follows: the mark is then text.
    pub(super) fn variable(&mut self) -> Option<Variable> {
        let start = self.lexer.position;
        let next = self.lexer.char_at(start + 1)?;
        if next == '{' && self.lexer.peek() == b'$' {
            return Some(self.braced_variable());
        }
        if matches!(next, '$' | '^' | '?') {
            self.lexer.advance(2);
            let name = self.lexer.slice_from(start + 1);
            return Some(self.named_variable(start, name));
        }
        let after_colon = next == ':' && self.lexer.char_at(start + 2).is_some_and(is_identifier);
        if !is_identifier(next) && !after_colon {
            return None;
        }
        self.lexer.position = self.variable_end(start + 1 + usize::from(after_colon));
        let name = self.lexer.slice_from(start + 1);
        if name.split_once(':').is_some_and(|(_, rest)| rest.is_empty()) {
            let span = self.lexer.span_from(start);
            let whole = self.lexer.slice_from(start);
            let scope = name.trim_end_matches(':');
            let is_scope = SCOPES.iter().any(|known| scope.eq_ignore_ascii_case(known));
            let id = if is_scope { "InvalidVariableReference" } else { "InvalidVariableReferenceWithDrive" };
            self.error(id, span, whole);
        }
        Some(self.named_variable(start, name))
    }

    /// Where a name without braces ends; a colon belongs to it unless it is half of `::`.
    fn variable_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(c) = self.lexer.char_at(at) {
            let colon = c == ':' && self.lexer.char_at(at + 1) != Some(':') && at > from;
            if !is_variable(c) && !colon {
                break;
            }
            at += c.len_utf8();
        }
        at
    }

    fn named_variable(&mut self, start: usize, name: &str) -> Variable {
        self.lexer.mark(TokenKind::Variable, start);
        let span = self.lexer.span_from(start);
        match name.split_once(':') {
            Some((scope, rest)) if !scope.is_empty() && !rest.is_empty() => {
                Variable { span, name: rest.into(), scope: Some(scope.into()) }
            }
            _ => Variable { span, name: name.trim_end_matches(':').into(), scope: None },
        }
    }

    fn braced_variable(&mut self) -> Variable {
        let start = self.lexer.position;
        self.lexer.advance(2);
        let mut name = String::new();
        loop {
            match self.lexer.advance_char() {
                Some('}') => break,
                Some('`') => self.escape(&mut name),
                Some(c) => name.push(c),
                None => {
                    self.error_incomplete("IncompleteDollarVariableReference", self.lexer.span_from(start), "");
                    return self.named_variable(start, &name);
                }
            }
        }
        if name.is_empty() {
            self.error("EmptyVariableReference", self.lexer.span_from(start), "");
        }
        self.named_variable(start, &name)
    }
}
