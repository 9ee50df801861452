//! Objects to text, in four steps that do not know each other's insides: views (which columns, `view`), packets
//! (an object's cells as text, `shaper`), widths (arithmetic, `widths`), lines (`printer`). Writes to nothing itself.

pub(crate) mod cells;
mod custom;
mod error_details;
pub(crate) mod error_view;
pub(crate) mod expression;
mod lines;
pub(crate) mod object;
mod packet;
mod printer;
mod resolve;
mod shaper;
pub(crate) mod style;
mod table;
mod view;
mod views;
mod views_code;
mod widths;

#[cfg(test)]
mod tests;

pub(crate) use lines::LineSink;
pub(crate) use packet::{Packet, Token};
pub(crate) use printer::{Layout, Printer};
pub(crate) use resolve::{GROUP_KEYS, Request};
pub(crate) use shaper::{Settings, Shaper};
pub(crate) use view::{Body, Column, GroupBy, ShapeKind, View, ViewTable};

use crate::value::{Engine, Outcome, Value};
use std::rc::Rc;

/// Takes the objects of a stream as they come and writes lines: what Out-Default, Out-String and Out-File share.
pub(crate) struct Formatter {
    shaper: Shaper,
    printer: Printer,
    packets: Vec<Packet>,
}

impl Formatter {
    /// A formatter at the beginning of its stream.
    pub(crate) fn new(settings: Settings, layout: Layout) -> Self {
        Formatter {
            shaper: Shaper::new(settings, Rc::new(Request::default())),
            printer: Printer::new(layout),
            packets: Vec::new(),
        }
    }

    /// True between documents.
    pub(crate) fn is_idle(&self) -> bool {
        !self.shaper.is_open() && self.printer.is_idle()
    }

    /// How the lines of documents to come are made.
    pub(crate) fn set_layout(&mut self, layout: Layout) {
        self.printer.set_layout(layout);
    }

    /// Takes an object, or a packet that a Format-* command made of one.
    pub(crate) fn process(&mut self, engine: &mut dyn Engine, value: &Value, sink: &mut dyn LineSink) -> Outcome<()> {
        match Packet::of(value) {
            Some(packet) => {
                if matches!(packet, Packet::Start(_)) && self.shaper.is_open() {
                    self.finish(sink)?;
                }
                self.printer.packet(packet.clone(), sink)
            }
            None => {
                let result = self.shaper.process(engine, value, &mut self.packets);
                self.print(sink)?;
                result
            }
        }
    }

    /// Ends the open document and writes what was held back. The formatter can go on after that.
    pub(crate) fn finish(&mut self, sink: &mut dyn LineSink) -> Outcome<()> {
        self.shaper.finish(&mut self.packets);
        self.print(sink)?;
        self.printer.finish(sink)
    }

    fn print(&mut self, sink: &mut dyn LineSink) -> Outcome<()> {
        for packet in self.packets.drain(..) {
            self.printer.packet(packet, sink)?;
        }
        Ok(())
    }
}
