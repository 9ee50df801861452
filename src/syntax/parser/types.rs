//! Type names, and what stands in square brackets before something: type constraints and attributes.

use super::Parser;
use crate::syntax::ast::{Attribute, Expr, ParameterAttribute, TypeName};
use crate::syntax::lexer::is_identifier;
use crate::syntax::token::TokenKind;
use std::rc::Rc;

impl Parser<'_> {
    /// `[…]`: a type, or an attribute where an argument list follows the name.
    pub(super) fn bracketed(&mut self) -> Option<ParameterAttribute> {
        let start = self.lexer.position;
        if !self.lexer.eat(b'[') {
            return None;
        }
        self.lexer.skip_newlines();
        let name_start = self.lexer.position;
        let Some(mut name) = self.type_name() else {
            self.missing("MissingTypename", "");
            self.lexer.eat(b']');
            return None;
        };
        self.lexer.skip_newlines();
        if self.lexer.peek() == b'(' {
            self.lexer.mark(TokenKind::Attribute, name_start);
            let attribute = self.attribute_arguments(start, name);
            self.end_bracket();
            return Some(ParameterAttribute::Attribute(Attribute { span: self.lexer.span_from(start), ..attribute }));
        }
        if self.lexer.eat(b',') {
            name.assembly = Some(self.assembly_name());
        }
        self.end_bracket();
        self.lexer.mark(TokenKind::Type, start);
        Some(ParameterAttribute::Type(name))
    }

    fn end_bracket(&mut self) {
        self.lexer.skip_newlines();
        if !self.lexer.eat(b']') {
            self.missing("EndSquareBracketExpectedAtEndOfAttribute", "");
        }
    }

    /// Any number of bracketed attributes and types, line ends between them allowed.
    pub(super) fn attributes(&mut self) -> Vec<ParameterAttribute> {
        let mut found = Vec::new();
        while self.lexer.peek() == b'[' {
            let before = self.lexer.errors.len();
            found.extend(self.bracketed());
            if self.lexer.errors.len() > before {
                break;
            }
            self.lexer.skip_newlines();
        }
        found
    }

    /// A type name without its outer brackets.
    pub(super) fn type_name(&mut self) -> Option<TypeName> {
        let start = self.lexer.position;
        let mut end = start;
        while let Some(c) = self.lexer.char_at(end) {
            if !is_identifier(c) && !matches!(c, '.' | '+' | '`' | ':' | '\\') {
                break;
            }
            end += c.len_utf8();
        }
        if end == start || !self.lexer.char_at(start).is_some_and(is_identifier) {
            return None;
        }
        self.lexer.position = end;
        let mut name = TypeName {
            span: self.lexer.span_from(start),
            name: self.lexer.slice_from(start).into(),
            arguments: Vec::new(),
            ranks: Vec::new(),
            assembly: None,
        };
        self.type_suffixes(&mut name);
        name.span = self.lexer.span_from(start);
        Some(name)
    }

    /// Generic arguments and array marks.
    fn type_suffixes(&mut self, name: &mut TypeName) {
        while self.lexer.peek() == b'[' {
            let place = self.lexer.checkpoint();
            self.lexer.advance(1);
            self.lexer.skip_newlines();
            match self.lexer.peek() {
                _ if self.lexer.at_end() => {
                    self.missing("MissingTypename", "");
                    return;
                }
                b']' | b',' => {
                    let mut rank = 1u8;
                    while self.lexer.eat(b',') {
                        rank = rank.saturating_add(1);
                        self.lexer.skip_newlines();
                    }
                    if !self.lexer.eat(b']') {
                        return self.rewind(place);
                    }
                    name.ranks.push(rank);
                }
                _ if name.arguments.is_empty() && name.ranks.is_empty() => match self.nested(Self::type_arguments) {
                    Some(arguments) => name.arguments = arguments,
                    None => return self.rewind(place),
                },
                _ => return self.rewind(place),
            }
        }
    }

    /// `int, string]`, the opening bracket taken; `None` where this is no list of types.
    pub(super) fn type_arguments(&mut self) -> Option<Vec<TypeName>> {
        let mut arguments = Vec::new();
        loop {
            self.lexer.skip_newlines();
            let qualified = self.lexer.eat(b'[');
            let mut argument = self.nested(Self::type_name)?;
            if qualified {
                if self.lexer.eat(b',') {
                    argument.assembly = Some(self.assembly_name());
                }
                self.lexer.eat(b']');
            }
            arguments.push(argument);
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                break;
            }
        }
        self.lexer.eat(b']').then_some(arguments)
    }

    fn assembly_name(&mut self) -> Rc<str> {
        let start = self.lexer.position;
        let rest = self.lexer.rest();
        self.lexer.advance(rest.find([']', '\n']).unwrap_or(rest.len()));
        self.lexer.slice_from(start).trim().into()
    }

    /// `(positional, Name = value, Switch)` of an attribute, the name taken.
    fn attribute_arguments(&mut self, start: usize, name: TypeName) -> Attribute {
        let mut attribute =
            Attribute { span: self.lexer.span_from(start), name, positional: Vec::new(), named: Vec::new() };
        self.open("(");
        self.with_commas(true, |parser| parser.attribute_argument_list(&mut attribute));
        self.close(b')', "MissingEndParenthesisInExpression");
        attribute
    }

    fn attribute_argument_list(&mut self, attribute: &mut Attribute) {
        loop {
            self.lexer.skip_newlines();
            if let Some(named) = self.named_argument() {
                if attribute.named.iter().any(|(other, ..)| other.eq_ignore_ascii_case(&named.0)) {
                    self.error("DuplicateNamedArgument", named.2, &named.0);
                }
                attribute.named.push(named);
            } else if let Some(positional) = self.expression() {
                attribute.positional.push(positional);
            } else if !attribute.positional.is_empty() || !attribute.named.is_empty() {
                return self.missing("MissingExpressionAfterToken", ",");
            }
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                return;
            }
        }
    }

    fn named_argument(&mut self) -> Option<(Rc<str>, Option<Expr>, crate::syntax::Span)> {
        let start = self.lexer.position;
        let word = self.lexer.peek_identifier();
        if word.is_empty() {
            return None;
        }
        let after = self.lexer.skipped_blank(start + word.len());
        let next = self.lexer.char_at(after);
        if !matches!(next, Some('=' | ',' | ')') | None) {
            return None;
        }
        self.lexer.position = start + word.len();
        self.lexer.mark(TokenKind::Member, start);
        self.lexer.skip_newlines();
        let mut value = None;
        if self.lexer.eat(b'=') {
            self.lexer.skip_newlines();
            value = self.expression();
            if value.is_none() {
                self.missing("MissingExpressionInNamedArgument", "=");
            }
        }
        Some((word.into(), value, self.lexer.span_from(start)))
    }

    /// True where bracketed groups stand here and then one of `keywords`. Only looks.
    pub(super) fn attributes_before(&mut self, keywords: &[&str]) -> bool {
        if self.lexer.peek() != b'[' {
            return false;
        }
        let mut at = self.lexer.position;
        while self.lexer.char_at(at) == Some('[') {
            match bracket_end(self.lexer.text(), at) {
                Some(end) => at = self.lexer.skipped_blank(end),
                None => return false,
            }
        }
        let saved = std::mem::replace(&mut self.lexer.position, at);
        let word = self.lexer.peek_word();
        self.lexer.position = saved;
        keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
    }
}

/// Where the bracket that opens at `start` closes, quotes respected.
fn bracket_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'\'' | b'"' => at += 1 + bytes.get(at + 1..)?.iter().position(|b| *b == byte)?,
            b'`' => at += 1,
            _ => {}
        }
        at += 1;
    }
    None
}
