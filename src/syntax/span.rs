//! Places in source text. A span is two byte offsets; line and column are worked out only when somebody asks.

use std::cell::OnceCell;
use std::rc::Rc;

/// A half-open range of byte offsets into one [`Source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` up to, not including, `end`.
    pub(crate) const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that covers both.
    pub(crate) fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// True when nothing lies between start and end.
    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// A script's text with the name it goes by in error messages.
#[derive(Debug)]
pub struct Source {
    /// The script file, absent for text typed at the prompt or passed with `-Command`.
    pub(crate) path: Option<Rc<str>>,
    /// The whole text.
    pub(crate) text: Rc<str>,
    /// Where lines start, found when first asked for.
    lines: OnceCell<Vec<u32>>,
}

/// A line and column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Source {
    /// Text without a file behind it.
    pub fn anonymous(text: impl Into<Rc<str>>) -> Rc<Self> {
        Rc::new(Self { path: None, text: text.into(), lines: OnceCell::new() })
    }

    /// The text of a script file.
    pub(crate) fn file(path: impl Into<Rc<str>>, text: impl Into<Rc<str>>) -> Rc<Self> {
        Rc::new(Self { path: Some(path.into()), text: text.into(), lines: OnceCell::new() })
    }

    /// The text that `span` covers; empty where the span lies outside.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        let end = (offset as usize).min(self.text.len());
        let starts = self.lines.get_or_init(|| line_starts(&self.text));
        let line = starts.partition_point(|start| *start as usize <= end).max(1);
        let line_start = starts.get(line - 1).map_or(0, |start| *start as usize);
        let column = self.text.get(line_start..end).map_or(0, |before| before.chars().count()) as u32 + 1;
        Position { line: line as u32, column }
    }

    /// The whole line that holds a byte offset, without its line end.
    pub(crate) fn line_at(&self, offset: u32) -> &str {
        let at = (offset as usize).min(self.text.len());
        let start = self.text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        let rest = &self.text[start..];
        rest.split('\n').next().unwrap_or("").trim_end_matches('\r')
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
}
