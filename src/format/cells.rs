//! The text of one cell: measured in columns of the display, cut, padded, wrapped. Control sequences that colour
//! text take no room. Knows nothing of objects.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands where text was cut off.
pub(crate) const ELLIPSIS: &str = "…";

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Alignment {
    /// Against the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// Against the right edge.
    Right,
}

const SPACES: &str = "                                                                                ";

/// Appends blanks.
pub(crate) fn pad(line: &mut String, count: usize) {
    let mut left = count;
    while left > 0 {
        let step = left.min(SPACES.len());
        line.push_str(&SPACES[..step]);
        left -= step;
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { units(text).map(|unit| unit.width).sum() }
}

/// A piece of text that is never cut: a grapheme, or a control sequence of width nothing.
struct Unit<'a> {
    text: &'a str,
    width: usize,
}

/// Length in bytes of the control sequence that a text starts with; 0 when it starts with none.
fn sequence_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&0x1b) {
        return 0;
    }
    match bytes.get(1) {
        Some(b'[') => bytes[2..].iter().position(|b| (0x40..=0x7e).contains(b)).map_or(0, |at| at + 3),
        Some(b']') => operating_system_command(text),
        _ => 0,
    }
}

/// A hyperlink and the like: up to BEL or `ESC \`.
fn operating_system_command(text: &str) -> usize {
    let bell = text.find('\x07').map(|at| at + 1);
    let terminator = text.find("\x1b\\").map(|at| at + 2);
    match (bell, terminator) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or(0),
    }
}

fn units(text: &str) -> impl Iterator<Item = Unit<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let skip = sequence_length(rest);
        let (unit, width) = if skip > 0 {
            (&rest[..skip], 0)
        } else {
            let grapheme = rest.graphemes(true).next()?;
            (grapheme, grapheme_width(grapheme))
        };
        rest = &rest[unit.len()..];
        Some(Unit { text: unit, width })
    })
}

fn grapheme_width(grapheme: &str) -> usize {
    // A tab or another control character is counted as one column, as the console does before it knows better.
    if grapheme.chars().all(char::is_control) { 1 } else { grapheme.width() }
}

/// The longest beginning that fits into `room` columns, in bytes, and its width. Sequences after it are left out.
fn head(text: &str, room: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for unit in units(text) {
        if used + unit.width > room {
            break;
        }
        bytes += unit.text.len();
        used += unit.width;
    }
    (bytes, used)
}

/// The longest ending that fits, as the byte it starts at, and its width.
fn tail(text: &str, room: usize) -> (usize, usize) {
    let mut left = width(text);
    let mut at = 0;
    for unit in units(text) {
        if left <= room {
            break;
        }
        left -= unit.width;
        at += unit.text.len();
    }
    (at, left)
}

/// Everything a text says about colour, when a cut might have left it switched on.
fn reset_after(text: &str) -> &'static str {
    if text.contains('\x1b') { "\x1b[0m" } else { "" }
}

/// Up to its first line break, with an ellipsis where there was one.
pub(crate) fn first_line(text: &str) -> Cow<'_, str> {
    match text.find(['\n', '\r']) {
        Some(at) => Cow::Owned(format!("{}{ELLIPSIS}", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

/// Writes a cell into a line: cut or padded to its column. `fill` says whether blanks after it are wanted, which
/// they are not in the last column.
pub(crate) fn write_cell(line: &mut String, text: &str, column: usize, alignment: Alignment, fill: bool) {
    let text = first_line(text);
    let taken = width(&text);
    if taken > column {
        return write_cut(line, &text, column, alignment, fill);
    }
    let room = column - taken;
    let (before, after) = match alignment {
        Alignment::Left => (0, room),
        Alignment::Right => (room, 0),
        Alignment::Center => (room / 2, room - room / 2),
    };
    pad(line, before);
    line.push_str(&text);
    if fill {
        pad(line, after);
    }
}

/// A right-aligned cell keeps its end, any other its beginning. A wide character that does not fit leaves a blank.
fn write_cut(line: &mut String, text: &str, column: usize, alignment: Alignment, fill: bool) {
    let room = column.saturating_sub(1);
    match alignment {
        Alignment::Right => {
            let (at, used) = tail(text, room);
            pad(line, room - used);
            line.push_str(ELLIPSIS);
            line.push_str(&text[at..]);
        }
        Alignment::Left | Alignment::Center => {
            let (bytes, used) = head(text, room);
            line.push_str(&text[..bytes]);
            line.push_str(ELLIPSIS);
            line.push_str(reset_after(&text[..bytes]));
            if fill {
                pad(line, room - used);
            }
        }
    }
}

/// A text cut at the right to `room` columns, without an ellipsis: how labels are shortened.
pub(crate) fn clip(text: &str, room: usize) -> &str {
    &text[..head(text, room).0]
}

/// Breaks a text into lines, at its own line breaks and between words; words that are too long are broken anywhere.
pub(crate) fn wrap(text: &str, first: usize, following: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in split_lines(text) {
        if width(&line) <= first {
            lines.push(line.into_owned());
        } else {
            Wrapper { lines: &mut lines, line: String::new(), left: first, room: first, following }.wrap(&line);
        }
    }
    lines
}

/// The lines of a text; carriage returns are not part of any.
pub(crate) fn split_lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split('\n').map(
        |line| {
            if line.contains('\r') { Cow::Owned(line.replace('\r', "")) } else { Cow::Borrowed(line) }
        },
    )
}

struct Wrapper<'a> {
    lines: &'a mut Vec<String>,
    line: String,
    left: usize,
    room: usize,
    following: usize,
}

impl Wrapper<'_> {
    fn wrap(mut self, text: &str) {
        for word in text.split_inclusive([' ', '\t']) {
            let taken = width(word);
            if taken > self.room {
                units(word).for_each(|unit| self.put(unit.text, unit.width));
            } else {
                self.put(word, taken);
            }
        }
        self.lines.push(self.line);
    }

    fn put(&mut self, text: &str, taken: usize) {
        if taken > self.left {
            let line = std::mem::take(&mut self.line);
            self.lines.push(line);
            self.room = self.following;
            self.left = self.room;
        }
        self.line.push_str(text);
        self.left = self.left.saturating_sub(taken);
    }
}

/// A text without its control sequences.
pub(crate) fn strip(text: &str) -> Cow<'_, str> {
    if !text.contains('\x1b') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        plain.push_str(&rest[..at]);
        let skip = sequence_length(&rest[at..]);
        if skip == 0 {
            plain.push('\x1b');
        }
        rest = &rest[at + skip.max(1)..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_columns() {
        for (text, columns) in [
            ("", 0),
            ("abc", 3),
            ("日本", 4),
            ("e\u{301}", 1),
            ("\x1b[31mred\x1b[0m", 3),
            ("\x1b]8;;u\x07x", 1),
            ("a\tb", 3),
        ] {
            assert_eq!(width(text), columns, "{text:?}");
        }
    }

    #[test]
    fn cells_are_cut_and_padded() {
        for (text, column, alignment, fill, expected) in [
            ("abc", 5, Alignment::Left, true, "abc  "),
            ("abc", 5, Alignment::Left, false, "abc"),
            ("abc", 5, Alignment::Right, false, "  abc"),
            ("abc", 6, Alignment::Center, true, " abc  "),
            ("abcdef", 4, Alignment::Left, true, "abc…"),
            ("abcdef", 4, Alignment::Right, true, "…def"),
            ("日本語", 5, Alignment::Left, true, "日本…"),
            ("日本語", 4, Alignment::Left, true, "日… "),
            ("one\ntwo", 10, Alignment::Left, false, "one…"),
        ] {
            let mut line = String::new();
            write_cell(&mut line, text, column, alignment, fill);
            assert_eq!(line, expected, "{text:?} in {column}");
        }
    }

    #[test]
    fn wrapping_keeps_words() {
        assert_eq!(
            wrap("a rather long topic line that has to be cut", 20, 20),
            ["a rather long topic ", "line that has to be ", "cut"]
        );
        assert_eq!(wrap("abcdefgh", 3, 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3, 3), [""]);
        assert_eq!(wrap("a\r\nb", 3, 3), ["a", "b"]);
    }
}
