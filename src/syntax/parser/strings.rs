//! Strings: quoted, here-strings, bare words, and what expands inside them. Escapes are resolved here.

use super::Parser;
use crate::syntax::ast::{Block, Expr, ExprKind, StringKind, StringPart};
use crate::syntax::lexer::{Lexer, is_double_quote, is_single_quote, line_end, starts_new_token};
use crate::syntax::token::TokenKind;

/// Text and expressions gathered for one string.
#[derive(Default)]
struct Parts {
    done: Vec<StringPart>,
    text: String,
}

impl Parts {
    fn expression(&mut self, expression: Expr) {
        if !self.text.is_empty() {
            self.done.push(StringPart::Text(self.text.as_str().into()));
            self.text.clear();
        }
        self.done.push(StringPart::Expression(expression));
    }

    fn finish(mut self, kind: StringKind) -> ExprKind {
        if self.done.is_empty() {
            return ExprKind::String(self.text.into(), kind);
        }
        if !self.text.is_empty() {
            self.done.push(StringPart::Text(self.text.into()));
        }
        ExprKind::Expandable(self.done, kind)
    }
}

impl Parser<'_> {
    /// A quoted string, if one starts here.
    pub(super) fn quoted_string(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let kind = match self.lexer.peek_char()? {
            c if is_single_quote(c) => {
                self.lexer.advance_char();
                let mut text = String::new();
                self.single_quoted(start, &mut text);
                ExprKind::String(text.into(), StringKind::Single)
            }
            c if is_double_quote(c) => {
                self.lexer.advance_char();
                let mut parts = Parts::default();
                self.double_quoted(start, &mut parts);
                parts.finish(StringKind::Double)
            }
            _ => return None,
        };
        self.lexer.mark(TokenKind::String, start);
        Some(Expr { span: self.lexer.span_from(start), kind })
    }

    /// `@'` or `@"`, if one starts here.
    pub(super) fn here_string(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let quote = self.lexer.char_at(start + 1)?;
        let is_quote = match quote {
            c if is_single_quote(c) => is_single_quote,
            c if is_double_quote(c) => is_double_quote,
            _ => return None,
        };
        self.lexer.advance(1 + quote.len_utf8());
        self.here_string_header();
        let body_end = self.here_string_footer(start, is_quote);
        let kind = if is_single_quote(quote) {
            let body = self.lexer.slice(self.lexer.position, body_end);
            ExprKind::String(body.into(), StringKind::SingleHere)
        } else {
            let mut parts = Parts::default();
            while self.lexer.position < body_end {
                self.expandable_character(&mut parts, true);
            }
            parts.finish(StringKind::DoubleHere)
        };
        self.lexer.position = body_end;
        self.lexer.advance(line_end(self.lexer.text(), body_end));
        if self.lexer.peek_char().is_some_and(is_quote) {
            self.lexer.advance_char();
            self.lexer.eat(b'@');
        }
        self.lexer.mark(TokenKind::String, start);
        Some(Expr { span: self.lexer.span_from(start), kind })
    }

    /// Only blanks may stand between the opening and the end of its line.
    fn here_string_header(&mut self) {
        while matches!(self.lexer.peek(), b' ' | b'\t') {
            self.lexer.advance(1);
        }
        match line_end(self.lexer.text(), self.lexer.position) {
            0 if self.lexer.at_end() => {}
            0 => {
                let here = self.lexer.position;
                self.error("UnexpectedCharactersAfterHereStringHeader", self.lexer.span(here, here + 1), "");
                let rest = self.lexer.rest();
                let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
                self.lexer.advance(line);
                self.lexer.advance(line_end(self.lexer.text(), self.lexer.position));
            }
            length => self.lexer.advance(length),
        }
    }

    /// Where the body ends: before the line end in front of the closing mark, which stands first on its line.
    fn here_string_footer(&mut self, start: usize, is_quote: fn(char) -> bool) -> usize {
        let text = self.lexer.text();
        let mut line = self.lexer.position;
        let mut body_end = line;
        loop {
            let first = self.lexer.char_at(line);
            if let Some(quote) = first.filter(|c| is_quote(*c))
                && self.lexer.char_at(line + quote.len_utf8()) == Some('@')
            {
                return body_end;
            }
            let rest = self.lexer.slice(line, text.len());
            let Some(length) = rest.find(['\n', '\r']) else { break };
            body_end = line + length;
            line = body_end + line_end(text, body_end);
        }
        let place = self.lexer.span(start, start + 2);
        if indented_footer(self.lexer.rest(), is_quote) {
            self.error("WhitespaceBeforeHereStringFooter", place, "");
            return text.len();
        }
        let saved = std::mem::replace(&mut self.lexer.position, text.len());
        self.error_incomplete("TerminatorExpectedAtEndOfString", place, self.lexer.slice(start, start + 2));
        self.lexer.position = saved;
        text.len()
    }

    fn single_quoted(&mut self, start: usize, text: &mut String) {
        loop {
            let run = self.lexer.rest().find(is_single_quote);
            let Some(run) = run else {
                text.push_str(self.lexer.rest());
                return self.unterminated(start, "'");
            };
            text.push_str(&self.lexer.rest()[..run]);
            self.lexer.advance(run);
            self.lexer.advance_char();
            match self.lexer.peek_char() {
                Some(c) if is_single_quote(c) => {
                    text.push(c);
                    self.lexer.advance_char();
                }
                _ => return,
            }
        }
    }

    fn double_quoted(&mut self, start: usize, parts: &mut Parts) {
        loop {
            match self.lexer.peek_char() {
                None => return self.unterminated(start, "\""),
                Some(c) if is_double_quote(c) => {
                    self.lexer.advance_char();
                    match self.lexer.peek_char() {
                        Some(c) if is_double_quote(c) => {
                            parts.text.push(c);
                            self.lexer.advance_char();
                        }
                        _ => return,
                    }
                }
                Some(_) => self.expandable_character(parts, false),
            }
        }
    }

    fn unterminated(&mut self, start: usize, quote: &str) {
        self.lexer.position = self.lexer.text().len();
        let place = self.lexer.span(start, start + self.lexer.char_at(start).map_or(1, char::len_utf8));
        self.error_incomplete("TerminatorExpectedAtEndOfString", place, quote);
    }

    /// One character, escape, variable or subexpression of an expandable string.
    fn expandable_character(&mut self, parts: &mut Parts, here: bool) {
        match self.lexer.peek() {
            b'$' => self.dollar(parts, here),
            b'`' => {
                self.lexer.advance(1);
                self.escape(&mut parts.text);
            }
            byte if byte < 0x80 => {
                let rest = self.lexer.rest();
                let run = rest
                    .bytes()
                    .position(|b| matches!(b, b'$' | b'`' | b'"' | b'\n' | b'\r' | 0x80..))
                    .unwrap_or(rest.len());
                let run = run.max(1);
                parts.text.push_str(&rest[..run]);
                self.lexer.advance(run);
            }
            _ => parts.text.extend(self.lexer.advance_char()),
        }
    }

    /// What a `$` inside a string starts; a lone one is text.
    fn dollar(&mut self, parts: &mut Parts, here: bool) {
        let start = self.lexer.position;
        if self.lexer.peek_at(1) == b'(' {
            let expression = self.string_subexpression(here);
            parts.expression(expression);
            return;
        }
        match self.variable() {
            Some(variable) => {
                let span = variable.span;
                parts.expression(Expr { span, kind: ExprKind::Variable(variable) });
            }
            None => {
                self.lexer.position = start + 1;
                parts.text.push('$');
            }
        }
    }

    /// `$( )` in a string: delimited by counting parentheses alone, whatever stands in quotes between them.
    /// Doubled quotes and escaped ones inside stand for one.
    fn string_subexpression(&mut self, here: bool) -> Expr {
        let start = self.lexer.position;
        self.lexer.advance(2);
        let inner_start = self.lexer.position;
        let mut depth = 1;
        let mut rewritten: Option<String> = None;
        loop {
            let at = self.lexer.position;
            let Some(c) = self.lexer.advance_char() else {
                self.error_incomplete("IncompleteDollarSubexpressionReference", self.lexer.span_from(start), "");
                break;
            };
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            let next = self.lexer.peek_char();
            let doubled = is_double_quote(c) && next.is_some_and(is_double_quote);
            let escaped = c == '`' && next.is_some_and(|n| is_double_quote(n) || n == '`');
            if !here && (doubled || escaped) {
                let text = rewritten.get_or_insert_with(|| self.lexer.slice(inner_start, at).to_owned());
                text.extend(self.lexer.advance_char());
            } else if let Some(text) = &mut rewritten {
                text.push(c);
            }
        }
        let inner_end = self.lexer.position - usize::from(depth == 0);
        let span = self.lexer.span_from(start);
        let plain = self.lexer.slice(inner_start, inner_end);
        let base = self.lexer.base() + inner_start as u32;
        let block = self.nested_block(rewritten.as_deref().unwrap_or(plain), base);
        Expr { span, kind: ExprKind::Subexpression(Block { span, ..block }) }
    }

    /// Parses a text that stands inside a string as statements.
    fn nested_block(&mut self, text: &str, base: u32) -> Block {
        let lexer = Lexer::new(text, base, self.lexer.tokens.is_some());
        let mut inner = Parser::new(lexer, self.depth + 1);
        if self.depth + 1 >= super::DEEPEST {
            self.abandon();
            return Block::default();
        }
        let (statements, traps) = inner.statements_to_end();
        self.lexer.comments.append(&mut inner.lexer.comments);
        if let (Some(outer), Some(found)) = (&mut self.lexer.tokens, &mut inner.lexer.tokens) {
            outer.append(found);
        }
        let abandoned = inner.abandoned;
        for mut error in inner.into_errors() {
            // The string itself is closed: no further line can cure what is wrong inside it.
            error.incomplete = false;
            self.lexer.errors.push(error);
        }
        if abandoned {
            self.abandoned = true;
            self.lexer.position = self.lexer.text().len();
        }
        Block { span: Default::default(), statements, traps }
    }

    /// What follows a backtick.
    pub(super) fn escape(&mut self, text: &mut String) {
        let Some(c) = self.lexer.advance_char() else { return };
        let plain = match c {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'u' => return self.unicode_escape(text),
            other => other,
        };
        text.push(plain);
    }

    /// `` `u{1F600} ``, the `u` taken.
    fn unicode_escape(&mut self, text: &mut String) {
        let start = self.lexer.position - 2;
        if !self.lexer.eat(b'{') {
            let span = self.lexer.span_from(start);
            return self.error("InvalidUnicodeEscapeSequence", span, "");
        }
        let digits_start = self.lexer.position;
        let digits = self.lexer.rest().bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let value = u32::from_str_radix(&self.lexer.rest()[..digits], 16).unwrap_or(u32::MAX);
        self.lexer.advance(digits);
        let at = self.lexer.position;
        let here = self.lexer.span(at, at + self.lexer.peek_char().map_or(0, char::len_utf8));
        match (self.lexer.peek(), digits) {
            (b'}', 0) => {
                self.lexer.advance(1);
                self.error("InvalidUnicodeEscapeSequence", self.lexer.span_from(start), "");
            }
            (b'}', _) => {
                self.lexer.advance(1);
                match char::from_u32(value) {
                    Some(c) => text.push(c),
                    None if value <= 0x10FFFF => text.push(char::REPLACEMENT_CHARACTER),
                    None => {
                        let span = self.lexer.span(digits_start, at);
                        self.error("InvalidUnicodeEscapeSequenceValue", span, "");
                    }
                }
            }
            (byte, 6) if byte.is_ascii_hexdigit() => self.error("TooManyDigitsInUnicodeEscapeSequence", here, ""),
            (_, 6) => self.error("MissingUnicodeEscapeSequenceTerminator", here, ""),
            _ => self.error("InvalidUnicodeEscapeSequence", here, ""),
        }
    }

    /// A bare word: text up to a blank or a character that starts a new token, with quotes, escapes, variables and
    /// subexpressions inside. `None` where nothing stands here.
    pub(super) fn bare_word(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let mut parts = Parts::default();
        while let Some(c) = self.lexer.peek_char() {
            match c {
                '`' if self.ends_line_after_backtick() => break,
                '`' => {
                    self.lexer.advance(1);
                    self.escape(&mut parts.text);
                }
                '$' => self.dollar(&mut parts, false),
                c if starts_new_token(c) => break,
                c if is_single_quote(c) => {
                    let quote = self.lexer.position;
                    self.lexer.advance_char();
                    self.single_quoted(quote, &mut parts.text);
                }
                c if is_double_quote(c) => {
                    let quote = self.lexer.position;
                    self.lexer.advance_char();
                    self.double_quoted(quote, &mut parts);
                }
                _ => self.plain_run(&mut parts.text),
            }
        }
        if self.lexer.position == start {
            return None;
        }
        Some(Expr { span: self.lexer.span_from(start), kind: parts.finish(StringKind::Bare) })
    }

    fn ends_line_after_backtick(&self) -> bool {
        line_end(self.lexer.text(), self.lexer.position + 1) > 0 || self.lexer.peek_at(1) == 0
    }

    fn plain_run(&mut self, text: &mut String) {
        let rest = self.lexer.rest();
        let plain =
            |c: &char| !starts_new_token(*c) && !matches!(c, '`' | '$') && !is_single_quote(*c) && !is_double_quote(*c);
        let length = rest.chars().take_while(plain).map(char::len_utf8).sum::<usize>();
        text.push_str(&rest[..length]);
        self.lexer.advance(length.max(usize::from(length == 0)));
    }
}

/// True where a line begins with blanks and then the closing mark.
fn indented_footer(body: &str, is_quote: fn(char) -> bool) -> bool {
    body.lines().any(|line| {
        let mark = line.trim_start_matches([' ', '\t']);
        mark.len() < line.len() && mark.starts_with(is_quote) && mark.chars().nth(1) == Some('@')
    })
}
