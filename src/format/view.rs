//! Views: how objects of a type are laid out when nobody says otherwise. The compiled-in ones are tables of data in
//! `views`; manifests and Update-FormatData register more, which go first.

use super::cells::Alignment;
use super::expression::Expression;
use super::packet::Token;
use super::views;
use crate::value::{Engine, Outcome, Str, Value};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// A view.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// For `-View`.
    pub(crate) name: Str,
    /// Full names of the types it is for.
    pub(crate) types: Vec<Str>,
    /// What heads a group of objects.
    pub(crate) group_by: Option<GroupBy>,
    /// Its layout.
    pub(crate) body: Body,
    /// Objects stand outside of documents, as strings do.
    pub(crate) out_of_band: bool,
}

/// The layout of a view.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// Rows.
    Table {
        /// Columns in order.
        columns: Vec<Column>,
        /// Long cells are broken into lines.
        wrap: bool,
        /// Without heading.
        hide_headers: bool,
    },
    /// A property per line.
    List(Vec<Column>),
    /// One value per object.
    Wide(Column),
    /// Anything.
    Custom(CustomBody),
}

/// The kinds of layout, in the order of their names' use in commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeKind {
    /// Format-Table.
    Table,
    /// Format-List.
    List,
    /// Format-Wide.
    Wide,
    /// Format-Custom.
    Custom,
}

/// Writes an object as text with indentation.
pub(crate) type CustomBody = fn(&mut dyn Engine, &Value) -> Outcome<Vec<Token>>;

/// A column of a table or a line of a list.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its heading; the name of the property where nothing is said.
    pub(crate) label: Option<Str>,
    /// 0 where its cells decide.
    pub(crate) width: usize,
    /// Where its cells stand; for a table without a view the first object decides.
    pub(crate) alignment: Option<Alignment>,
    /// Where its value comes from.
    pub(crate) expression: Expression,
    /// How its value is written.
    pub(crate) format: Option<Str>,
}

impl Column {
    /// A property under its own name.
    pub(crate) fn property(name: impl Into<Str>) -> Self {
        Column::of(Expression::Name(name.into()))
    }

    /// Any expression under its own name.
    pub(crate) fn of(expression: Expression) -> Self {
        Column { label: None, width: 0, alignment: None, expression, format: None }
    }

    /// With a heading.
    pub(crate) fn label(mut self, label: impl Into<Str>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With a width.
    pub(crate) fn width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// With a side.
    pub(crate) fn align(mut self, alignment: Alignment) -> Self {
        self.alignment = Some(alignment);
        self
    }

    /// Its heading.
    pub(crate) fn heading(&self) -> Str {
        self.label.clone().unwrap_or_else(|| self.expression.label())
    }
}

/// What heads a group of objects.
#[derive(Clone, Debug)]
pub(crate) struct GroupBy {
    /// The value that objects of a group share.
    pub(crate) expression: Expression,
    /// What the heading calls it; the expression's own name where nothing is said.
    pub(crate) label: Option<Str>,
    /// Indentation of the heading.
    pub(crate) indent: usize,
}

impl Body {
    /// Its kind.
    pub(crate) fn kind(&self) -> ShapeKind {
        match self {
            Body::Table { .. } => ShapeKind::Table,
            Body::List(_) => ShapeKind::List,
            Body::Wide(_) => ShapeKind::Wide,
            Body::Custom(_) => ShapeKind::Custom,
        }
    }
}

/// All views.
#[derive(Debug, Default)]
pub(crate) struct ViewTable {
    registered: RefCell<Vec<Rc<View>>>,
    /// Views that go after the compiled-in ones.
    appended: RefCell<Vec<Rc<View>>>,
    found: RefCell<FxHashMap<Box<str>, Rc<[Rc<View>]>>>,
}

impl ViewTable {
    /// Adds a view; it goes before those already there.
    pub(crate) fn register(&self, view: View) {
        self.registered.borrow_mut().insert(0, Rc::new(view));
        self.found.borrow_mut().clear();
    }

    /// Adds a view; it goes after all that are there.
    pub(crate) fn append(&self, view: View) {
        self.appended.borrow_mut().push(Rc::new(view));
        self.found.borrow_mut().clear();
    }

    /// All views, best first.
    pub(crate) fn all(&self) -> Vec<Rc<View>> {
        let own = self.registered.borrow().clone();
        let compiled = views::all().map(|row| Rc::new(row.view()));
        own.into_iter().chain(compiled).chain(self.appended.borrow().iter().cloned()).collect()
    }

    /// All views of exactly this type, best first.
    pub(crate) fn of_type(&self, type_name: &str) -> Rc<[Rc<View>]> {
        if let Some(found) = self.found.borrow().get(type_name) {
            return found.clone();
        }
        let registered = self.registered.borrow();
        let appended = self.appended.borrow();
        let is_for = |view: &&Rc<View>| view.types.iter().any(|name| name.eq_ignore_ascii_case(type_name));
        let own = registered.iter().filter(is_for);
        let last = appended.iter().filter(is_for);
        let views: Rc<[Rc<View>]> =
            own.cloned().chain(views::of_type(type_name).map(|row| Rc::new(row.view()))).chain(last.cloned()).collect();
        self.found.borrow_mut().insert(type_name.into(), views.clone());
        views
    }

    /// The view for an object with these type names, nearest type first.
    pub(crate) fn find(&self, type_names: &[Str], wanted: impl Fn(&View) -> bool) -> Option<Rc<View>> {
        type_names.iter().find_map(|name| self.of_type(name).iter().find(|view| wanted(view)).cloned())
    }

    /// The view that is used when no command asks for a shape.
    pub(crate) fn default_view(&self, type_names: &[Str]) -> Option<Rc<View>> {
        self.find(type_names, |view| !view.out_of_band)
    }

    /// The view of a shape, by name where one is given.
    pub(crate) fn of_shape(&self, type_names: &[Str], shape: ShapeKind, name: Option<&str>) -> Option<Rc<View>> {
        self.find(type_names, |view| {
            !view.out_of_band
                && view.body.kind() == shape
                && name.is_none_or(|name| view.name.eq_ignore_ascii_case(name))
        })
    }
}
