//! Replacement texts: `$1`, `${name}`, `$&`, `` $` ``, `$'`, `$+`, `$_` and `$$`.

use super::{Found, Pattern};

/// A piece of a replacement.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Literal(String),
    Group(usize),
    Before,
    After,
    LastGroup,
    Input,
}

/// A replacement text, read once for a pattern.
#[derive(Debug, Clone)]
pub(crate) struct Replacement(Vec<Piece>);

impl Replacement {
    /// Reads a replacement; what names no group of the pattern stays as it is.
    pub(crate) fn new(text: &str, pattern: &Pattern) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            push_literal(&mut pieces, &rest[..at]);
            let after = &rest[at + 1..];
            match read_piece(after, pattern) {
                Some((piece, used)) => {
                    match piece {
                        Piece::Literal(text) => push_literal(&mut pieces, &text),
                        other => pieces.push(other),
                    }
                    rest = after.get(used..).unwrap_or("");
                }
                None => {
                    push_literal(&mut pieces, "$");
                    rest = after;
                }
            }
        }
        push_literal(&mut pieces, rest);
        Replacement(pieces)
    }

    /// Writes the replacement of one match.
    pub(crate) fn write(&self, found: &Found, input: &str, output: &mut String) {
        let (start, end) = found.span();
        for piece in &self.0 {
            let text = match piece {
                Piece::Literal(text) => Some(text.as_str()),
                Piece::Group(group) => found.text(*group, input),
                Piece::Before => input.get(..start),
                Piece::After => input.get(end..),
                Piece::LastGroup => found.text(found.groups.len() - 1, input),
                Piece::Input => Some(input),
            };
            output.push_str(text.unwrap_or(""));
        }
    }
}

fn push_literal(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Literal(literal)) => literal.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Literal(text.to_string())),
    }
}

/// Reads what follows a `$`: the piece, and how many bytes it took.
fn read_piece(after: &str, pattern: &Pattern) -> Option<(Piece, usize)> {
    let single = |piece: Piece| Some((piece, 1));
    match after.chars().next()? {
        '$' => single(Piece::Literal("$".to_string())),
        '&' => single(Piece::Group(0)),
        '`' => single(Piece::Before),
        '\'' => single(Piece::After),
        '+' => single(Piece::LastGroup),
        '_' => single(Piece::Input),
        '{' => {
            let end = after.find('}')?;
            let group = pattern.group_number(after.get(1..end)?)?;
            Some((Piece::Group(group), end + 1))
        }
        c if c.is_ascii_digit() => {
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let group = pattern.group_number(&after.get(..digits)?.parse::<u32>().ok()?.to_string())?;
            Some((Piece::Group(group), digits))
        }
        _ => None,
    }
}

impl Pattern {
    /// Replaces matches from a byte offset on, at most `limit` of them.
    pub(crate) fn replace(
        &self,
        input: &str,
        replacement: &Replacement,
        start: usize,
        limit: usize,
    ) -> crate::value::Outcome<Option<String>> {
        let mut output = String::new();
        if self.is_backward() {
            let mut all = self.find_all(input, start, limit)?;
            all.reverse();
            let mut copied = 0;
            for found in &all {
                let (from, to) = found.span();
                output.push_str(input.get(copied..from).unwrap_or(""));
                replacement.write(found, input, &mut output);
                copied = to;
            }
            output.push_str(input.get(copied..).unwrap_or(""));
            return Ok((!all.is_empty()).then_some(output));
        }
        let mut copied = 0;
        let mut at = start;
        let mut count = 0;
        while count < limit {
            let Some(found) = self.find_at(input, at)? else { break };
            let (from, to) = found.span();
            if count == 0 {
                output.reserve(input.len() + 16);
            }
            output.push_str(input.get(copied..from).unwrap_or(""));
            replacement.write(&found, input, &mut output);
            copied = to;
            at = super::next_start(input, (from, to));
            count += 1;
        }
        if count == 0 {
            return Ok(None);
        }
        output.push_str(input.get(copied..).unwrap_or(""));
        Ok(Some(output))
    }
}
