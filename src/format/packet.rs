//! What a Format-* command sends down the pipeline: finished text in the order of a document, not yet in lines.

use super::cells::Alignment;
use crate::value::{Native, NativeObject, Str, TypeRef, Value};
use smallvec::SmallVec;
use std::any::Any;
use std::rc::Rc;

/// One step of a document.
#[derive(Clone, Debug)]
pub(crate) enum Packet {
    /// A document of a shape begins.
    Start(Rc<Shape>),
    /// A group begins, under a heading where objects are grouped.
    GroupStart(Option<Rc<Vec<Token>>>),
    /// An object.
    Entry(Rc<Entry>),
    /// The group ends.
    GroupEnd,
    /// The document ends.
    End,
}

/// How the objects of a document are laid out.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// In rows.
    Table(TableShape),
    /// A property per line.
    List,
    /// One property of each object, side by side.
    Wide {
        /// Cells in a row; 0 where nobody said.
        columns: usize,
        /// As many as fit.
        auto_size: bool,
    },
    /// As the view pleases.
    Custom,
}

/// The head of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableShape {
    /// Its columns.
    pub(crate) columns: Vec<ColumnHead>,
    /// Size to all objects rather than to the first.
    pub(crate) auto_size: bool,
    /// No heading.
    pub(crate) hide_headers: bool,
}

/// The head of a column.
#[derive(Clone, Debug)]
pub(crate) struct ColumnHead {
    /// Its heading.
    pub(crate) label: Str,
    /// 0 where its cells decide.
    pub(crate) width: usize,
    /// Where its cells stand.
    pub(crate) alignment: Alignment,
}

/// One object's text.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Stands outside of the document it came in: a string among objects.
    pub(crate) out_of_band: bool,
    /// The text.
    pub(crate) body: EntryBody,
}

/// The text of an object, by shape.
#[derive(Clone, Debug)]
pub(crate) enum EntryBody {
    /// As it is.
    Text(Str),
    /// Cells of a table; `true` to break long ones into lines.
    Row(Row, bool),
    /// Labels and values.
    List(Vec<(Str, Str)>),
    /// The one cell.
    Wide(Str),
    /// Text with indentation.
    Custom(Vec<Token>),
}

/// The cells of a row, in one allocation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    text: String,
    ends: SmallVec<[u32; 8]>,
}

impl Row {
    /// A row about as long as another.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Row { text: String::with_capacity(bytes), ends: SmallVec::new() }
    }

    /// The text at the end, for writing a cell in place; `end_cell` closes it.
    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }

    /// What was written since the last cell is a cell.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// All the text, without bounds.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The cells in order.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        let mut from = 0usize;
        self.ends.iter().map(move |&end| {
            let cell = self.text.get(from..end as usize).unwrap_or("");
            from = end as usize;
            cell
        })
    }
}

/// A piece of custom layout.
#[derive(Clone, Debug)]
pub(crate) enum Token {
    /// Text.
    Text(Str),
    /// The end of a line.
    NewLine,
    /// Indented by so much.
    Frame(usize, Vec<Token>),
}

/// A packet on its way through a pipeline.
#[derive(Debug)]
pub(crate) struct FormatData(pub(crate) Packet);

impl NativeObject for FormatData {
    fn kind(&self) -> TypeRef {
        match self.0 {
            Packet::Start(_) => TypeRef::FORMAT_START_DATA,
            Packet::GroupStart(_) => TypeRef::GROUP_START_DATA,
            Packet::Entry(_) => TypeRef::FORMAT_ENTRY_DATA,
            Packet::GroupEnd => TypeRef::GROUP_END_DATA,
            Packet::End => TypeRef::FORMAT_END_DATA,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Packet {
    /// As an object for a pipeline.
    pub(crate) fn value(self) -> Value {
        Native::value(FormatData(self))
    }

    /// The packet that an object is.
    pub(crate) fn of(value: &Value) -> Option<&Packet> {
        match value {
            Value::Native(native) => native.downcast::<FormatData>().map(|data| &data.0),
            _ => None,
        }
    }
}
