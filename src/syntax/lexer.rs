//! The cursor over source text: trivia, words, operators. The parser asks it for what its mode expects
//! (PowerShell's expression and argument modes read the same characters differently). Knows no grammar.

use super::ast::{BinaryOperator, CaseSensitivity, Comparison};
use super::error::SyntaxError;
use super::span::Span;
use super::token::{Token, TokenKind};

/// A place in a text, and what was noted on the way there.
pub(super) struct Lexer<'s> {
    text: &'s str,
    /// Byte offset of the next character.
    pub(super) position: usize,
    /// Added to offsets when spans are made: where `text` starts in the whole source.
    base: u32,
    pub(super) comments: Vec<Span>,
    /// Tokens in the order they were understood; only kept where somebody asked for them.
    pub(super) tokens: Option<Vec<Token>>,
    pub(super) errors: Vec<SyntaxError>,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    position: usize,
    comments: usize,
    tokens: usize,
    errors: usize,
}

impl Checkpoint {
    /// The place itself, empty.
    pub(super) fn span(self, lexer: &Lexer<'_>) -> Span {
        lexer.span(self.position, self.position)
    }
}

impl<'s> Lexer<'s> {
    pub(super) fn new(text: &'s str, base: u32, keep_tokens: bool) -> Self {
        Self { text, position: 0, base, comments: Vec::new(), tokens: keep_tokens.then(Vec::new), errors: Vec::new() }
    }

    pub(super) fn text(&self) -> &'s str {
        self.text
    }

    pub(super) fn at_end(&self) -> bool {
        self.position >= self.text.len()
    }

    /// The next byte; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    /// The byte `ahead` bytes after the next one; 0 beyond the end.
    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.position + ahead).copied().unwrap_or(0)
    }

    pub(super) fn peek_char(&self) -> Option<char> {
        self.char_at(self.position)
    }

    pub(super) fn char_at(&self, position: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(position)?;
        if byte < 0x80 { Some(byte as char) } else { self.text.get(position..)?.chars().next() }
    }

    pub(super) fn rest(&self) -> &'s str {
        self.text.get(self.position..).unwrap_or("")
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'s str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn slice_from(&self, start: usize) -> &'s str {
        self.slice(start, self.position)
    }

    /// Moves on by whole characters; `bytes` must be the length of something seen.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.position = (self.position + bytes).min(self.text.len());
    }

    pub(super) fn advance_char(&mut self) -> Option<char> {
        let next = self.peek_char()?;
        self.position += next.len_utf8();
        Some(next)
    }

    /// Takes `byte` if it is next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte && !self.at_end();
        self.position += usize::from(found);
        found
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.text.as_bytes().get(self.position..).is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start as u32, self.base + end as u32)
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        self.span(start, self.position)
    }

    /// Where `span` starts in this lexer's own text.
    pub(super) fn local(&self, offset: u32) -> usize {
        offset.saturating_sub(self.base) as usize
    }

    pub(super) fn base(&self) -> u32 {
        self.base
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            position: self.position,
            comments: self.comments.len(),
            tokens: self.tokens.as_ref().map_or(0, Vec::len),
            errors: self.errors.len(),
        }
    }

    /// Goes back to a place: what was noted since is forgotten.
    pub(super) fn restore(&mut self, place: Checkpoint) {
        self.position = place.position;
        self.comments.truncate(place.comments);
        self.errors.truncate(place.errors);
        if let Some(tokens) = &mut self.tokens {
            tokens.truncate(place.tokens);
        }
    }

    pub(super) fn mark(&mut self, kind: TokenKind, start: usize) {
        let span = self.span_from(start);
        if let Some(tokens) = &mut self.tokens {
            tokens.push(Token { kind, span });
        }
    }

    pub(super) fn error(&mut self, id: &'static str, span: Span, detail: &str) {
        self.errors.push(SyntaxError::new(id, span, detail, false));
    }

    /// An error that more text could cure, if nothing but blanks and comments is left.
    pub(super) fn error_incomplete(&mut self, id: &'static str, span: Span, detail: &str) {
        let nothing_left = self.skipped_blank(self.position) >= self.text.len();
        self.errors.push(SyntaxError::new(id, span, detail, nothing_left));
    }

    // Trivia ------------------------------------------------------------------------------------------

    /// Skips blanks, comments and continued line ends.
    pub(super) fn skip_space(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' | 0x0b | 0x0c => self.position += 1,
                b'`' => match line_end(self.text, self.position + 1) {
                    0 => return,
                    length => {
                        self.mark_line_continuation(length);
                        self.position += 1 + length;
                    }
                },
                b'#' => self.line_comment(),
                b'<' if self.peek_at(1) == b'#' => self.block_comment(),
                byte if byte >= 0x80 => match self.peek_char() {
                    Some(c)
                        if c.is_whitespace() && !matches!(c, '\u{2028}' | '\u{2029}') || c_is_bom(self.peek_char()) =>
                    {
                        self.advance_char();
                    }
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// Skips line ends too.
    pub(super) fn skip_newlines(&mut self) {
        loop {
            self.skip_space();
            match line_end(self.text, self.position) {
                0 => return,
                length => self.take_newline(length),
            }
        }
    }

    /// Skips line ends and semicolons.
    pub(super) fn skip_separators(&mut self) {
        loop {
            self.skip_newlines();
            let start = self.position;
            if !self.eat(b';') {
                return;
            }
            self.mark(TokenKind::StatementSeparator, start);
        }
    }

    /// Skips blanks if a comma follows them; elsewhere the blank ends the argument and stays.
    pub(super) fn skip_space_before_comma(&mut self) {
        if self.peek() == b',' {
            return;
        }
        let place = self.checkpoint();
        self.skip_space();
        if self.peek() != b',' {
            self.restore(place);
        }
    }

    pub(super) fn at_line_end(&self) -> bool {
        matches!(self.peek(), b'\n' | b'\r')
    }

    fn take_newline(&mut self, length: usize) {
        let start = self.position;
        self.position += length;
        self.mark(TokenKind::NewLine, start);
    }

    fn mark_line_continuation(&mut self, length: usize) {
        let span = self.span(self.position, self.position + 1 + length);
        if let Some(tokens) = &mut self.tokens {
            tokens.push(Token { kind: TokenKind::LineContinuation, span });
        }
    }

    fn line_comment(&mut self) {
        let start = self.position;
        self.position = comment_end(self.text, start);
        self.comments.push(self.span_from(start));
        self.mark(TokenKind::Comment, start);
    }

    fn block_comment(&mut self) {
        let start = self.position;
        match self.slice(start + 2, self.text.len()).find("#>") {
            Some(length) => self.position = start + 4 + length,
            None => {
                self.position = self.text.len();
                self.error_incomplete("MissingTerminatorMultiLineComment", self.span(start, start + 2), "");
            }
        }
        self.comments.push(self.span_from(start));
        self.mark(TokenKind::Comment, start);
    }

    /// The offset after blanks, line ends and comments, without moving or noting anything.
    pub(super) fn skipped_blank(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | 0x0b | 0x0c | b'\n' | b'\r' => at += 1,
                b'#' => at = comment_end(self.text, at),
                b'<' if bytes.get(at + 1) == Some(&b'#') => match self.slice(at + 2, self.text.len()).find("#>") {
                    Some(length) => at += 4 + length,
                    None => return self.text.len(),
                },
                b'`' if line_end(self.text, at + 1) > 0 => at += 1,
                _ => break,
            }
        }
        at
    }

    // Words -------------------------------------------------------------------------------------------

    /// The identifier that starts here, without taking it.
    pub(super) fn peek_identifier(&self) -> &'s str {
        let mut end = self.position;
        while let Some(c) = self.char_at(end) {
            if !is_identifier(c) || (end == self.position && c.is_ascii_digit()) {
                break;
            }
            end += c.len_utf8();
        }
        self.slice(self.position, end)
    }

    /// The word that starts here if it stands alone, as keywords must: what follows begins a new token.
    pub(super) fn peek_word(&self) -> &'s str {
        let word = self.peek_identifier();
        match self.char_at(self.position + word.len()) {
            Some(c) if !starts_new_token(c) => "",
            _ => word,
        }
    }

    /// Takes `keyword` (any case) if it stands here alone.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek_word().eq_ignore_ascii_case(keyword);
        if found {
            let start = self.position;
            self.position += keyword.len();
            self.mark(TokenKind::Keyword, start);
        }
        found
    }

    /// True where a dash of any kind comes next.
    pub(super) fn at_dash(&self) -> bool {
        self.dash_length() > 0
    }

    /// Length in bytes of the dash that comes next: hyphen, en dash, em dash, horizontal bar.
    pub(super) fn dash_length(&self) -> usize {
        match self.peek() {
            b'-' => 1,
            0xE2 if self.peek_at(1) == 0x80 && matches!(self.peek_at(2), 0x93..=0x95) => 3,
            _ => 0,
        }
    }

    /// The letters after a dash, without taking them.
    pub(super) fn peek_dash_word(&self) -> &'s str {
        let start = self.position + self.dash_length();
        let rest = self.slice(start, self.text.len());
        let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        &rest[..length]
    }

    /// The binary operator that comes next, with its precedence and length; the comma is not among them.
    pub(super) fn peek_binary_operator(&self) -> Option<(BinaryOperator, u8, usize)> {
        use BinaryOperator::*;
        let (first, second) = (self.peek(), self.peek_at(1));
        let free = second != b'=' && second != first;
        match first {
            b'+' if free => Some((Add, 9, 1)),
            b'*' if second != b'=' && second != b'>' => Some((Multiply, 10, 1)),
            b'/' if second != b'=' => Some((Divide, 10, 1)),
            b'%' if second != b'=' => Some((Remainder, 10, 1)),
            b'.' if second == b'.' => Some((Range, 13, 2)),
            b'?' if second == b'?' && self.peek_at(2) != b'=' => Some((Coalesce, 7, 2)),
            b'-' | 0xE2 => self.peek_dash_operator(),
            _ => None,
        }
    }

    fn peek_dash_operator(&self) -> Option<(BinaryOperator, u8, usize)> {
        let dash = self.dash_length();
        let word = self.peek_dash_word();
        if dash == 0 {
            return None;
        }
        if word.is_empty() {
            let next = self.peek_at(dash);
            return (next != b'=' && next != b'-').then_some((BinaryOperator::Subtract, 9, dash));
        }
        let (operator, precedence) = named_operator(word)?;
        Some((operator, precedence, dash + word.len()))
    }
}

/// The binary operator with this name, in any case, and its precedence (about_Operator_Precedence).
fn named_operator(word: &str) -> Option<(BinaryOperator, u8)> {
    use BinaryOperator::*;
    let mut buffer = [0u8; 12];
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"and" => (And, 1),
        b"or" => (Or, 1),
        b"xor" => (Xor, 1),
        b"band" => (BitAnd, 2),
        b"bor" => (BitOr, 2),
        b"bxor" => (BitXor, 2),
        b"is" => (Is, 5),
        b"isnot" => (IsNot, 5),
        b"as" => (As, 5),
        b"join" => (Join, 5),
        b"shl" => (ShiftLeft, 5),
        b"shr" => (ShiftRight, 5),
        b"f" => (Format, 12),
        plain => {
            if let Some(found) = comparison(plain) {
                return Some((Compare(found, CaseSensitivity::Insensitive), 5));
            }
            let (case, rest) = plain.split_first()?;
            let sensitivity = match case {
                b'c' => CaseSensitivity::Sensitive,
                b'i' => CaseSensitivity::Insensitive,
                _ => return None,
            };
            (Compare(comparison(rest)?, sensitivity), 5)
        }
    })
}

fn comparison(word: &[u8]) -> Option<Comparison> {
    use Comparison::*;
    Some(match word {
        b"eq" => Equal,
        b"ne" => NotEqual,
        b"gt" => Greater,
        b"ge" => GreaterOrEqual,
        b"lt" => Less,
        b"le" => LessOrEqual,
        b"like" => Like,
        b"notlike" => NotLike,
        b"match" => Match,
        b"notmatch" => NotMatch,
        b"replace" => Replace,
        b"split" => Split,
        b"contains" => Contains,
        b"notcontains" => NotContains,
        b"in" => In,
        b"notin" => NotIn,
        _ => return None,
    })
}

/// Length of the line end at `at`: 0, 1 or 2.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(at) {
        Some(b'\n') => 1,
        Some(b'\r') => 1 + usize::from(bytes.get(at + 1) == Some(&b'\n')),
        _ => 0,
    }
}

fn comment_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let length = bytes.get(start..).and_then(|rest| rest.iter().position(|b| matches!(b, b'\n' | b'\r')));
    length.map_or(bytes.len(), |n| start + n)
}

fn c_is_bom(c: Option<char>) -> bool {
    c == Some('\u{feff}')
}

/// Letters, digits and underscores of any script.
pub(super) fn is_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && c.is_alphanumeric())
}

/// Characters of variable names without braces, the colon aside.
pub(super) fn is_variable(c: char) -> bool {
    is_identifier(c) || c == '?'
}

/// Characters that end any word and begin a new token.
pub(super) fn starts_new_token(c: char) -> bool {
    match c {
        '\0' | '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ' => true,
        '&' | '(' | ')' | ',' | ';' | '{' | '|' | '}' | '<' | '>' => true,
        c => !c.is_ascii() && c.is_whitespace(),
    }
}

/// `'` and its typographic forms.
pub(super) fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// `"` and its typographic forms.
pub(super) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201e}')
}
