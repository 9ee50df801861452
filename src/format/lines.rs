//! Lists and custom layouts as lines, and where lines go.

use super::cells;
use super::packet::Token;
use super::printer::Layout;
use super::style::RESET;
use crate::value::{Outcome, Str};

/// Takes finished lines.
pub(crate) trait LineSink {
    /// Takes one line, without its end.
    fn line(&mut self, text: &str) -> Outcome<()>;
}

/// Lines kept in memory.
impl LineSink for Vec<String> {
    fn line(&mut self, text: &str) -> Outcome<()> {
        self.push(text.to_owned());
        Ok(())
    }
}

/// Lines joined into a text, each with a line feed.
impl LineSink for String {
    fn line(&mut self, text: &str) -> Outcome<()> {
        self.push_str(text);
        self.push('\n');
        Ok(())
    }
}

/// Between a label and its value.
const SEPARATOR: &str = " : ";

/// Writes the properties of an object, one per line; long values go on below themselves.
pub(crate) fn write_list(fields: &[(Str, Str)], layout: &Layout, sink: &mut dyn LineSink) -> Outcome<()> {
    let (display, accent) = (layout.width, layout.accents.label.as_deref());
    let Some(most) = display.checked_sub(SEPARATOR.len() + 1).filter(|&most| most > 0) else { return Ok(()) };
    let label_room = fields.iter().map(|(label, _)| cells::width(label)).max().unwrap_or(0).min(most);
    let indent = label_room + SEPARATOR.len();
    let room = display - indent;
    let mut line = String::new();
    for (label, value) in fields {
        let mut first = true;
        for text in cells::split_lines(value).flat_map(|text| cells::wrap(&text, room, room)) {
            line.clear();
            if first {
                let label = cells::clip(label, label_room);
                line.push_str(accent.unwrap_or(""));
                line.push_str(label);
                cells::pad(&mut line, label_room.saturating_sub(cells::width(label)));
                line.push_str(SEPARATOR);
                line.push_str(if accent.is_some() { RESET } else { "" });
            } else {
                cells::pad(&mut line, indent);
            }
            first = false;
            line.push_str(&text);
            sink.line(&line)?;
        }
    }
    Ok(())
}

/// Writes a custom layout. What stands after its last line end is a line too, even when it is empty.
pub(crate) fn write_tokens(tokens: &[Token], display: usize, sink: &mut dyn LineSink) -> Outcome<()> {
    let mut writer = TokenWriter { display, pending: None, sink };
    writer.write(tokens, 0)?;
    writer.end_line(0)
}

struct TokenWriter<'a> {
    display: usize,
    /// The line so far, and the indentation its first text stood at.
    pending: Option<(usize, String)>,
    sink: &'a mut dyn LineSink,
}

impl TokenWriter<'_> {
    fn write(&mut self, tokens: &[Token], indent: usize) -> Outcome<()> {
        for token in tokens {
            match token {
                Token::Text(text) => self.pending.get_or_insert_with(|| (indent, String::new())).1.push_str(text),
                Token::NewLine => self.end_line(indent)?,
                Token::Frame(step, inner) => self.write(inner, indent + step)?,
            }
        }
        Ok(())
    }

    fn end_line(&mut self, indent: usize) -> Outcome<()> {
        let (indent, text) = self.pending.take().unwrap_or((indent, String::new()));
        let room = self.display.saturating_sub(indent).max(1);
        for line in cells::wrap(&text, room, room) {
            let mut padded = String::new();
            cells::pad(&mut padded, indent);
            padded.push_str(&line);
            self.sink.line(&padded)?;
        }
        Ok(())
    }
}
