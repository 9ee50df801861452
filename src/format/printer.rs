//! Packets to lines: keeps the order of documents, holds a table's rows back until its widths are known, and hands
//! each packet to the writer of its shape.

use super::cells;
use super::lines::{LineSink, write_list, write_tokens};
use super::packet::{Entry, EntryBody, Packet, Shape, TableShape, Token};
use super::style::{self, Accents};
use super::table::TableWriter;
use super::widths;
use crate::value::{ErrorCategory, Fault, Outcome};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Rows that are looked at before a table's widths are fixed.
const ROWS_MEASURED: usize = 4096;
/// How long a person at a terminal waits for them.
const PATIENCE: Duration = Duration::from_millis(300);

/// How lines are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// Columns of the display.
    pub(crate) width: usize,
    /// A person is watching: rows are not held back for long.
    pub(crate) live: bool,
    /// Colours of headings and labels.
    pub(crate) accents: Accents,
}

/// Where a stream of packets stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Outside,
    Document,
    Group,
}

/// Writes packets as lines.
pub(crate) struct Printer {
    layout: Layout,
    place: Place,
    shape: Option<Rc<Shape>>,
    /// Once a table was measured, all later ones of the stream are.
    measuring: bool,
    /// Rows to measure before writing; `None` for a whole group.
    measured_rows: Option<usize>,
    held: Option<Held>,
    writer: Writer,
}

/// Packets of a group that wait for its widths.
#[derive(Default)]
struct Held {
    packets: Vec<Packet>,
    rows: usize,
    since: Option<Instant>,
}

/// The writer of the open group.
enum Writer {
    None,
    Table(TableWriter),
    List,
    Wide { table: TableWriter, columns: usize, cells: Vec<String> },
    Custom,
}

impl Printer {
    /// A printer at the beginning of its stream.
    pub(crate) fn new(layout: Layout) -> Self {
        Printer {
            layout,
            place: Place::Outside,
            shape: None,
            measuring: false,
            measured_rows: None,
            held: None,
            writer: Writer::None,
        }
    }

    /// True between documents.
    pub(crate) fn is_idle(&self) -> bool {
        self.place == Place::Outside
    }

    /// How lines are made from now on.
    pub(crate) fn set_layout(&mut self, layout: Layout) {
        self.layout = layout;
    }

    /// Takes a packet.
    pub(crate) fn packet(&mut self, packet: Packet, sink: &mut dyn LineSink) -> Outcome<()> {
        self.step(&packet)?;
        match &packet {
            Packet::Start(shape) => {
                self.shape = Some(shape.clone());
                self.plan_measuring(shape);
                Ok(())
            }
            Packet::GroupStart(_) if self.measuring => {
                let since = self.layout.live.then(Instant::now);
                self.held = Some(Held { packets: vec![packet], rows: 0, since });
                Ok(())
            }
            _ if self.held.is_some() => self.hold(packet, sink),
            _ => self.write(&packet, None, sink),
        }
    }

    /// Writes what is still held back.
    pub(crate) fn finish(&mut self, sink: &mut dyn LineSink) -> Outcome<()> {
        self.release(sink)
    }

    /// Packets come in the order of documents; out-of-band entries may come at any time.
    fn step(&mut self, packet: &Packet) -> Outcome<()> {
        let (wanted, next) = match packet {
            Packet::Start(_) => (Place::Outside, Place::Document),
            Packet::GroupStart(_) => (Place::Document, Place::Group),
            Packet::Entry(entry) if entry.out_of_band => return Ok(()),
            Packet::Entry(_) => (Place::Group, Place::Group),
            Packet::GroupEnd => (Place::Group, Place::Document),
            Packet::End => (Place::Document, Place::Outside),
        };
        if self.place != wanted {
            return Fault::new(
                "ConsoleLineOutputOutOfSequencePacket",
                "output of a Format command arrived out of order; only Out commands may stand after a Format command",
            )
            .category(ErrorCategory::InvalidData)
            .exception("System.InvalidOperationException")
            .err();
        }
        self.place = next;
        Ok(())
    }

    fn plan_measuring(&mut self, shape: &Shape) {
        match shape {
            Shape::Table(table) if table.auto_size => {
                self.measuring = true;
                self.measured_rows = None;
            }
            Shape::Table(table) if table.columns.first().is_some_and(|column| column.width == 0) => {
                self.measuring = true;
                self.measured_rows = Some(ROWS_MEASURED);
            }
            Shape::Wide { auto_size: true, .. } => {
                self.measuring = true;
                self.measured_rows = None;
            }
            Shape::Table(_) | Shape::List | Shape::Wide { .. } | Shape::Custom => {}
        }
    }

    fn hold(&mut self, packet: Packet, sink: &mut dyn LineSink) -> Outcome<()> {
        let Some(held) = &mut self.held else { return Ok(()) };
        held.rows += usize::from(matches!(&packet, Packet::Entry(entry) if !entry.out_of_band));
        let full = self.measured_rows.is_some_and(|most| held.rows >= most)
            || held.since.is_some_and(|since| since.elapsed() > PATIENCE);
        let last = matches!(packet, Packet::GroupEnd);
        held.packets.push(packet);
        if full || last { self.release(sink) } else { Ok(()) }
    }

    fn release(&mut self, sink: &mut dyn LineSink) -> Outcome<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        let measured = self.shape.clone().map(|shape| measure(&shape, &held.packets));
        for packet in &held.packets {
            self.write(packet, measured.as_deref(), sink)?;
        }
        Ok(())
    }

    fn write(&mut self, packet: &Packet, measured: Option<&[usize]>, sink: &mut dyn LineSink) -> Outcome<()> {
        match packet {
            Packet::Start(_) => Ok(()),
            Packet::GroupStart(heading) => self.start_group(heading.as_deref(), measured, sink),
            Packet::Entry(entry) if entry.out_of_band => self.write_apart(entry, sink),
            Packet::Entry(entry) => self.write_entry(entry, sink),
            Packet::GroupEnd => self.end_group(sink),
            Packet::End => match self.shape.take().as_deref() {
                // Every entry of a list is followed by a blank line already.
                Some(Shape::List) | None => Ok(()),
                Some(Shape::Table(_) | Shape::Wide { .. } | Shape::Custom) => sink.line(""),
            },
        }
    }

    fn start_group(
        &mut self,
        heading: Option<&Vec<Token>>,
        measured: Option<&[usize]>,
        sink: &mut dyn LineSink,
    ) -> Outcome<()> {
        if let Some(heading) = heading {
            sink.line("")?;
            self.write_heading(heading, sink)?;
        }
        sink.line("")?;
        self.writer = match self.shape.as_deref() {
            Some(Shape::Table(shape)) => {
                let mut table = TableWriter::of_shape(shape, measured, self.layout.width);
                table.header(shape, self.layout.accents.header.as_deref(), sink)?;
                Writer::Table(table)
            }
            Some(Shape::Wide { columns, .. }) => {
                let columns = match (measured.and_then(|m| m.first()), columns) {
                    (Some(&cell), _) => widths::side_by_side(cell, self.layout.width),
                    (None, 0) => 2,
                    (None, &columns) => columns,
                };
                Writer::Wide { table: TableWriter::even(columns, self.layout.width), columns, cells: Vec::new() }
            }
            Some(Shape::List) => Writer::List,
            Some(Shape::Custom) => Writer::Custom,
            None => Writer::None,
        };
        Ok(())
    }

    fn write_heading(&self, heading: &[Token], sink: &mut dyn LineSink) -> Outcome<()> {
        let Some(accent) = &self.layout.accents.label else { return write_tokens(heading, self.layout.width, sink) };
        let mut lines: Vec<String> = Vec::new();
        write_tokens(heading, self.layout.width, &mut lines)?;
        lines.iter().try_for_each(|line| sink.line(&style::paint(line, Some(accent))))
    }

    fn end_group(&mut self, sink: &mut dyn LineSink) -> Outcome<()> {
        if let Writer::Wide { table, columns, cells } = &mut self.writer
            && !cells.is_empty()
        {
            cells.resize(*columns, String::new());
            table.row(cells.iter().map(String::as_str), false, sink)?;
        }
        self.writer = Writer::None;
        Ok(())
    }

    fn write_apart(&self, entry: &Entry, sink: &mut dyn LineSink) -> Outcome<()> {
        match &entry.body {
            EntryBody::Text(text) => sink.line(text),
            EntryBody::Custom(tokens) => write_tokens(tokens, usize::MAX, sink),
            EntryBody::List(fields) => {
                sink.line("")?;
                write_list(fields, &self.layout, sink)?;
                sink.line("")
            }
            EntryBody::Wide(text) => sink.line(text),
            EntryBody::Row(row, _) => row.cells().try_for_each(|cell| sink.line(cell)),
        }
    }

    fn write_entry(&mut self, entry: &Entry, sink: &mut dyn LineSink) -> Outcome<()> {
        match (&mut self.writer, &entry.body) {
            (Writer::Table(table), EntryBody::Row(row, wrap)) => table.row(row.cells(), *wrap, sink),
            (Writer::List, EntryBody::List(fields)) => {
                write_list(fields, &self.layout, sink)?;
                sink.line("")
            }
            (Writer::Wide { table, columns, cells }, EntryBody::Wide(text)) => {
                cells.push(text.to_string());
                if cells.len() == *columns {
                    table.row(cells.iter().map(String::as_str), false, sink)?;
                    cells.clear();
                }
                Ok(())
            }
            (Writer::Custom, EntryBody::Custom(tokens)) => write_tokens(tokens, self.layout.width, sink),
            _ => self.write_apart(entry, sink),
        }
    }
}

/// The widths that the cells of a group ask for.
fn measure(shape: &Shape, packets: &[Packet]) -> Vec<usize> {
    let entries = packets.iter().filter_map(|packet| match packet {
        Packet::Entry(entry) if !entry.out_of_band => Some(&entry.body),
        _ => None,
    });
    match shape {
        Shape::Table(table) => measure_table(table, entries),
        Shape::Wide { auto_size: true, .. } => {
            let widest =
                entries.map(|body| if let EntryBody::Wide(text) = body { cells::width(text) } else { 0 }).max();
            vec![widest.unwrap_or(0)]
        }
        Shape::Wide { .. } | Shape::List | Shape::Custom => Vec::new(),
    }
}

fn measure_table<'a>(table: &TableShape, entries: impl Iterator<Item = &'a EntryBody>) -> Vec<usize> {
    let mut widest: Vec<usize> = table.columns.iter().map(|column| cells::width(&column.label)).collect();
    for body in entries {
        let EntryBody::Row(row, _) = body else { continue };
        for (width, cell) in widest.iter_mut().zip(row.cells()) {
            *width = (*width).max(cells::width(cell));
        }
    }
    widest
}
