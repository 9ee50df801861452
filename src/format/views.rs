//! How the rows of compiled-in views are written, and what view each makes; the rows themselves are in `rows`.

use super::cells::Alignment;
use super::expression::{Compute, Expression};
use super::view::{Body, Column, CustomBody, GroupBy, View};
use crate::value::Str;

mod rows;

/// A compiled-in view.
pub(crate) struct Row {
    /// For `-View`; the first type's name where it has none of its own.
    name: Option<&'static str>,
    types: &'static [&'static str],
    group: Option<(&'static str, &'static str, usize, Option<Compute>)>,
    body: RowBody,
    out_of_band: bool,
}

enum RowBody {
    Table(&'static [Cell]),
    /// A table whose long cells are broken into lines.
    Wrapped(&'static [Cell]),
    List(&'static [Cell]),
    Wide(Cell),
    Custom(CustomBody),
}

#[derive(Clone, Copy)]
pub(super) struct Cell {
    label: &'static str,
    property: &'static str,
    width: usize,
    alignment: Alignment,
    compute: Option<Compute>,
}

pub(super) const fn left(property: &'static str, width: usize) -> Cell {
    Cell { label: property, property, width, alignment: Alignment::Left, compute: None }
}

pub(super) const fn right(property: &'static str, width: usize) -> Cell {
    Cell { alignment: Alignment::Right, ..left(property, width) }
}

pub(super) const fn line(property: &'static str) -> Cell {
    left(property, 0)
}

impl Cell {
    pub(super) const fn from(self, property: &'static str) -> Cell {
        Cell { property, ..self }
    }
    pub(super) const fn computed(self, compute: Compute) -> Cell {
        Cell { compute: Some(compute), ..self }
    }

    fn column(&self) -> Column {
        let name = Str::from(self.property);
        let expression = match self.compute {
            Some(compute) => Expression::Code(name, compute),
            None => Expression::Name(name),
        };
        Column::of(expression).label(self.label).width(self.width).align(self.alignment)
    }
}

pub(super) const fn table(types: &'static [&'static str], cells: &'static [Cell]) -> Row {
    Row { name: None, types, group: None, body: RowBody::Table(cells), out_of_band: false }
}

pub(super) const fn list(types: &'static [&'static str], cells: &'static [Cell]) -> Row {
    Row { name: None, types, group: None, body: RowBody::List(cells), out_of_band: false }
}

pub(super) const fn wrapped(types: &'static [&'static str], cells: &'static [Cell]) -> Row {
    Row { name: None, types, group: None, body: RowBody::Wrapped(cells), out_of_band: false }
}

pub(super) const fn wide(types: &'static [&'static str], cell: Cell) -> Row {
    Row { name: None, types, group: None, body: RowBody::Wide(cell), out_of_band: false }
}

pub(super) const fn custom(types: &'static [&'static str], body: CustomBody) -> Row {
    Row { name: None, types, group: None, body: RowBody::Custom(body), out_of_band: false }
}

impl Row {
    pub(super) const fn named(self, name: &'static str) -> Row {
        Row { name: Some(name), ..self }
    }
    pub(super) const fn grouped(self, property: &'static str, label: &'static str, indent: usize) -> Row {
        Row { group: Some((property, label, indent, None)), ..self }
    }
    pub(super) const fn grouped_by(self, compute: Compute, label: &'static str, indent: usize) -> Row {
        Row { group: Some(("", label, indent, Some(compute))), ..self }
    }
    pub(super) const fn apart(self) -> Row {
        Row { out_of_band: true, ..self }
    }

    /// As a view.
    pub(crate) fn view(&self) -> View {
        let columns = |cells: &[Cell]| cells.iter().map(Cell::column).collect();
        let group_by = self.group.map(|(property, label, indent, compute)| GroupBy {
            expression: match compute {
                Some(compute) => Expression::Code(Str::from(label), compute),
                None => Expression::Name(Str::from(property)),
            },
            label: Some(Str::from(label)),
            indent,
        });
        let body = match &self.body {
            RowBody::Table(cells) => Body::Table { columns: columns(cells), wrap: false, hide_headers: false },
            RowBody::Wrapped(cells) => Body::Table { columns: columns(cells), wrap: true, hide_headers: false },
            RowBody::List(cells) => Body::List(columns(cells)),
            RowBody::Wide(cell) => Body::Wide(cell.column()),
            RowBody::Custom(write) => Body::Custom(*write),
        };
        View {
            name: Str::from(self.name.unwrap_or(self.types[0])),
            types: self.types.iter().copied().map(Str::from).collect(),
            group_by,
            body,
            out_of_band: self.out_of_band,
        }
    }
}

/// All compiled-in views.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    rows::VIEWS.iter()
}

/// The compiled-in views of a type, in order.
pub(crate) fn of_type(name: &str) -> impl Iterator<Item = &'static Row> {
    let name = name.to_owned();
    rows::VIEWS.iter().filter(move |row| row.types.iter().any(|candidate| candidate.eq_ignore_ascii_case(&name)))
}
