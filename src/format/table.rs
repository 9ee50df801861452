//! Rows of a table as lines: heading, rule, cells in fitted columns, long cells broken into lines where asked.

use super::cells::{self, Alignment};
use super::lines::LineSink;
use super::packet::TableShape;
use super::style;
use super::widths::{self, NARROWEST, SEPARATOR, Widths};
use crate::value::Outcome;

/// Lines in a colour.
struct AccentedLines<'a> {
    accent: Option<&'a str>,
    sink: &'a mut dyn LineSink,
}

impl LineSink for AccentedLines<'_> {
    fn line(&mut self, text: &str) -> Outcome<()> {
        self.sink.line(&style::paint(text, self.accent))
    }
}

/// Writes the rows of one group.
pub(crate) struct TableWriter {
    widths: Widths,
    alignments: Vec<Alignment>,
    line: String,
}

impl TableWriter {
    /// A writer for a table; measured widths go before those that were asked for.
    pub(crate) fn of_shape(shape: &TableShape, measured: Option<&[usize]>, display: usize) -> Self {
        let wanted: Vec<usize> = match measured {
            Some(measured) => measured.to_vec(),
            None => shape.columns.iter().map(|column| column.width).collect(),
        };
        Self::new(&wanted, shape.columns.iter().map(|column| column.alignment).collect(), display)
    }

    /// A writer for a number of equal columns.
    pub(crate) fn even(columns: usize, display: usize) -> Self {
        Self::new(&vec![0; columns], vec![Alignment::Left; columns], display)
    }

    fn new(wanted: &[usize], alignments: Vec<Alignment>, display: usize) -> Self {
        let widths = if display < NARROWEST { vec![None; wanted.len()] } else { widths::fit(wanted, display) };
        TableWriter { widths, alignments, line: String::new() }
    }

    fn is_hidden(&self) -> bool {
        self.widths.iter().all(Option::is_none)
    }

    /// The heading and the rule below it.
    pub(crate) fn header(&mut self, shape: &TableShape, accent: Option<&str>, sink: &mut dyn LineSink) -> Outcome<()> {
        if self.is_hidden() || shape.hide_headers {
            return Ok(());
        }
        let mut accented = AccentedLines { accent, sink };
        let sink: &mut dyn LineSink = if accent.is_some() { &mut accented } else { accented.sink };
        self.row(shape.columns.iter().map(|column| column.label.as_str()), true, sink)?;
        let rules: Vec<String> = shape
            .columns
            .iter()
            .zip(&self.widths)
            .map(|(column, width)| {
                let room = width.unwrap_or(0);
                let label = cells::width(&column.label);
                "-".repeat(if label == 0 { room } else { label.min(room) })
            })
            .collect();
        self.row(rules.iter().map(String::as_str), false, sink)
    }

    /// A row; `wrap` breaks long cells into lines.
    pub(crate) fn row<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a str>,
        wrap: bool,
        sink: &mut dyn LineSink,
    ) -> Outcome<()> {
        if self.is_hidden() {
            return Ok(());
        }
        if wrap { self.lines(texts, sink) } else { self.line(texts, sink) }
    }

    fn line<'a>(&mut self, texts: impl Iterator<Item = &'a str>, sink: &mut dyn LineSink) -> Outcome<()> {
        let last = self.widths.len().saturating_sub(1);
        self.line.clear();
        for (at, text) in texts.enumerate() {
            let Some(Some(width)) = self.widths.get(at).copied() else { continue };
            if at > 0 {
                cells::pad(&mut self.line, SEPARATOR);
            }
            cells::write_cell(&mut self.line, text, width, self.alignments[at], at < last);
        }
        sink.line(&self.line)
    }

    /// The cells one below the other where they are long; unlike a plain row, the last shown column is not filled.
    fn lines<'a>(&mut self, texts: impl Iterator<Item = &'a str>, sink: &mut dyn LineSink) -> Outcome<()> {
        let shown: Vec<(usize, Alignment, Vec<String>)> = texts
            .zip(self.widths.iter().zip(&self.alignments))
            .filter_map(|(text, (width, alignment))| {
                width.map(|width| (width, *alignment, cells::wrap(text, width, width)))
            })
            .collect();
        let height = shown.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0);
        for number in 0..height {
            self.line.clear();
            // Nothing is filled up behind the last cell that goes on.
            let last = shown.iter().rposition(|(_, _, lines)| lines.len() > number).unwrap_or(0);
            for (at, (width, alignment, lines)) in shown.iter().enumerate().take(last + 1) {
                if at > 0 {
                    cells::pad(&mut self.line, SEPARATOR);
                }
                match lines.get(number) {
                    Some(text) => cells::write_cell(&mut self.line, text.trim_end(), *width, *alignment, at < last),
                    None => cells::pad(&mut self.line, *width),
                }
            }
            sink.line(&self.line)?;
        }
        Ok(())
    }
}
