//! Objects to packets: chooses a view for the first object, keeps its shape for those that follow, and turns
//! each into text. Strings and numbers stand outside of documents.

use super::custom;
use super::expression::{Expression, Selector};
use super::object;
use super::packet::{Entry, EntryBody, Packet, Row, Shape, TableShape, Token};
use super::resolve::{self, Request};
use super::view::{Body, Column, CustomBody, ShapeKind, View, ViewTable};
use crate::value::{Engine, Outcome, Str, Value};
use std::rc::Rc;

/// Settings that come from the session.
#[derive(Clone)]
pub(crate) struct Settings {
    /// All views.
    pub(crate) views: Rc<ViewTable>,
    /// `$FormatEnumerationLimit`; negative for no limit.
    pub(crate) enumeration_limit: i64,
}

/// Turns a stream of objects into packets.
pub(crate) struct Shaper {
    settings: Settings,
    request: Rc<Request>,
    document: Option<Document>,
}

/// A document that has begun.
struct Document {
    generator: Generator,
    view: Option<Rc<View>>,
    group: Option<Group>,
    started: bool,
}

/// What objects are grouped by, and the key of the group that is open.
struct Group {
    expression: Expression,
    label: Option<Str>,
    indent: usize,
    format: Option<Str>,
    key: Value,
}

/// How the objects of a document become text.
enum Generator {
    Table { columns: Vec<Column>, wrap: bool, size: usize },
    List(Option<Vec<Column>>),
    Wide(Option<Column>),
    Custom(Option<CustomBody>),
}

impl Shaper {
    /// A shaper for one command; the default request is that of an object nobody formatted.
    pub(crate) fn new(settings: Settings, request: Rc<Request>) -> Self {
        Shaper { settings, request, document: None }
    }

    /// True between the first object and the end.
    pub(crate) fn is_open(&self) -> bool {
        self.document.is_some()
    }

    /// Takes an object of the stream; collections are taken apart.
    pub(crate) fn process(&mut self, engine: &mut dyn Engine, value: &Value, packets: &mut Vec<Packet>) -> Outcome<()> {
        match object::enumerate(value) {
            Some(items) if self.request.expand_collections => {
                items.iter().try_for_each(|item| self.object(engine, item, packets))
            }
            _ => self.object(engine, value, packets),
        }
    }

    /// Ends the document.
    pub(crate) fn finish(&mut self, packets: &mut Vec<Packet>) {
        if self.document.take().is_some() {
            packets.extend([Packet::GroupEnd, Packet::End]);
        }
    }

    fn object(&mut self, engine: &mut dyn Engine, value: &Value, packets: &mut Vec<Packet>) -> Outcome<()> {
        if value.is_null() {
            return Ok(());
        }
        if let Some(entry) = self.out_of_band(engine, value)? {
            packets.push(Packet::Entry(Rc::new(entry)));
            return Ok(());
        }
        match &self.document {
            None => {
                let (document, shape) = self.begin(engine, value)?;
                self.document = Some(document);
                packets.push(Packet::Start(Rc::new(shape)));
            }
            Some(document) if !self.request.force && !document.accepts(value) => {
                let fields = self.fields(engine, value, None)?;
                packets.push(Packet::Entry(Rc::new(Entry { out_of_band: true, body: EntryBody::List(fields) })));
                return Ok(());
            }
            Some(_) => {}
        }
        self.turn_group(engine, value, packets)?;
        let body = self.payload(engine, value)?;
        packets.push(Packet::Entry(Rc::new(Entry { out_of_band: false, body })));
        Ok(())
    }

    /// The text of an object that is never part of a document.
    fn out_of_band(&self, engine: &mut dyn Engine, value: &Value) -> Outcome<Option<Entry>> {
        if self.request.force {
            return Ok(None);
        }
        let entry = |body| Ok(Some(Entry { out_of_band: true, body }));
        if let Value::Str(text) = value {
            return entry(EntryBody::Text(text.clone()));
        }
        if object::is_scalar(value) {
            return entry(EntryBody::Text(object::text(engine, value)?));
        }
        let names = object::type_names(value);
        if let Some(view) = self.settings.views.find(&names, |view| view.out_of_band)
            && let Body::Custom(write) = &view.body
        {
            return entry(EntryBody::Custom(write(engine, value)?));
        }
        if object::has_no_properties(engine, value)? && self.settings.views.default_view(&names).is_none() {
            return entry(EntryBody::Text(object::text(engine, value)?));
        }
        Ok(None)
    }

    /// Chooses how a document that starts with this object is laid out.
    fn begin(&self, engine: &mut dyn Engine, value: &Value) -> Outcome<(Document, Shape)> {
        let view = resolve::view(&self.settings.views, &self.request, value)?;
        let kind = match (self.request.shape, &view) {
            (Some(shape), _) => shape,
            (None, Some(view)) => view.body.kind(),
            (None, None) => resolve::natural_shape(engine, value)?,
        };
        let (generator, shape) = match kind {
            ShapeKind::Table => self.begin_table(engine, value, view.as_deref())?,
            ShapeKind::List => (Generator::List(view.as_deref().and_then(list_columns)), Shape::List),
            ShapeKind::Wide => self.begin_wide(engine, value, view.as_deref())?,
            ShapeKind::Custom => (Generator::Custom(view.as_deref().and_then(custom_body)), Shape::Custom),
        };
        let group =
            self.request.group_by.as_ref().map(group_of_selector).or_else(|| view.as_deref().and_then(group_of_view));
        Ok((Document { generator, view, group, started: false }, shape))
    }

    fn begin_table(&self, engine: &mut dyn Engine, value: &Value, view: Option<&View>) -> Outcome<(Generator, Shape)> {
        let request = &self.request;
        let (columns, wrap, hide) = match view.map(|view| &view.body) {
            Some(Body::Table { columns, wrap, hide_headers }) => (columns.clone(), *wrap, *hide_headers),
            _ => (resolve::table_columns(engine, request, value)?, false, false),
        };
        let heads = resolve::heads(engine, &columns, value)?;
        let shape =
            TableShape { columns: heads, auto_size: request.auto_size, hide_headers: request.hide_headers || hide };
        Ok((Generator::Table { columns, wrap: wrap || request.wrap, size: 0 }, Shape::Table(shape)))
    }

    fn begin_wide(&self, engine: &mut dyn Engine, value: &Value, view: Option<&View>) -> Outcome<(Generator, Shape)> {
        let column = match view.map(|view| &view.body) {
            Some(Body::Wide(column)) => Some(column.clone()),
            _ => resolve::wide_column(engine, &self.request, value)?,
        };
        let shape = Shape::Wide { columns: self.request.columns, auto_size: self.request.auto_size };
        Ok((Generator::Wide(column), shape))
    }

    /// Opens a group before its first object, and another where the key changes.
    fn turn_group(&mut self, engine: &mut dyn Engine, value: &Value, packets: &mut Vec<Packet>) -> Outcome<()> {
        let limit = self.settings.enumeration_limit;
        let Some(document) = &mut self.document else { return Ok(()) };
        let turned = match &mut document.group {
            Some(group) => group.turn(engine, value)?,
            None => false,
        };
        if document.started && !turned {
            return Ok(());
        }
        if document.started {
            packets.push(Packet::GroupEnd);
        }
        document.started = true;
        let heading = match &document.group {
            Some(group) => group.heading(engine, limit)?,
            None => None,
        };
        packets.push(Packet::GroupStart(heading));
        Ok(())
    }

    fn payload(&mut self, engine: &mut dyn Engine, value: &Value) -> Outcome<EntryBody> {
        let limit = self.settings.enumeration_limit;
        let request = self.request.clone();
        let Some(document) = &mut self.document else { return Ok(EntryBody::Text(Str::from(""))) };
        match &mut document.generator {
            Generator::Table { columns, wrap, size } => {
                let mut row = Row::with_capacity(*size);
                for column in columns.iter() {
                    object::write_cell(engine, value, column, limit, &request, row.text_mut())?;
                    row.end_cell();
                }
                *size = row.len();
                Ok(EntryBody::Row(row, *wrap))
            }
            Generator::List(None) => Ok(EntryBody::List(self.fields(engine, value, None)?)),
            Generator::List(Some(columns)) => {
                let columns = columns.clone();
                Ok(EntryBody::List(self.fields(engine, value, Some(columns))?))
            }
            Generator::Wide(column) => Ok(EntryBody::Wide(match column {
                Some(column) => object::cell(engine, value, column, limit, &request)?,
                None => object::text(engine, value)?,
            })),
            Generator::Custom(Some(write)) => Ok(EntryBody::Custom(write(engine, value)?)),
            Generator::Custom(None) => Ok(EntryBody::Custom(custom::tokens(engine, value, &request, limit)?)),
        }
    }

    /// Labels and values of a list; without columns, those that the request or the object itself asks for.
    fn fields(&self, engine: &mut dyn Engine, value: &Value, columns: Option<Vec<Column>>) -> Outcome<Vec<(Str, Str)>> {
        let columns = match columns {
            Some(columns) => columns,
            None if self.request.shape.is_some() => resolve::request_columns(engine, &self.request, value)?,
            None => resolve::columns(engine, &[], value)?,
        };
        let limit = self.settings.enumeration_limit;
        let mut fields = Vec::with_capacity(columns.len());
        for column in &columns {
            let mut text = String::new();
            object::write_value(engine, value, column, limit, &self.request, &mut text)?;
            fields.push((column.heading(), Str::from(text)));
        }
        Ok(fields)
    }
}

impl Document {
    /// True where the document's view can show the object; without a view it can show anything.
    fn accepts(&self, value: &Value) -> bool {
        let Some(view) = &self.view else { return true };
        let names = object::type_names(value);
        view.types.iter().any(|wanted| names.iter().any(|name| name.eq_ignore_ascii_case(wanted)))
    }
}

impl Group {
    /// Takes the key of the next object; true where it differs.
    fn turn(&mut self, engine: &mut dyn Engine, value: &Value) -> Outcome<bool> {
        let Some(key) = object::value_or_none(engine, value, &self.expression)? else { return Ok(false) };
        let same = object::same_key(engine, &self.key, &key);
        self.key = key;
        Ok(!same)
    }

    fn heading(&self, engine: &mut dyn Engine, limit: i64) -> Outcome<Option<Rc<Vec<Token>>>> {
        let mut text = self.label.clone().unwrap_or_else(|| self.expression.label()).to_string();
        text.push_str(": ");
        match self.format.as_ref().and_then(|format| object::formatted(engine, &self.key, format)) {
            Some(formatted) => text.push_str(&formatted),
            None => object::write_text(engine, &self.key, limit, false, &mut text)?,
        }
        Ok(Some(Rc::new(vec![Token::Frame(self.indent, vec![Token::Text(Str::from(text))])])))
    }
}

fn group_of_selector(selector: &Selector) -> Group {
    let format = selector.entry("formatstring").map(object::plain_text);
    Group { expression: selector.expression.clone(), label: selector.label(), indent: 3, format, key: Value::Null }
}

fn group_of_view(view: &View) -> Option<Group> {
    let group = view.group_by.as_ref()?;
    Some(Group {
        expression: group.expression.clone(),
        label: group.label.clone(),
        indent: group.indent,
        format: None,
        key: Value::Null,
    })
}

fn list_columns(view: &View) -> Option<Vec<Column>> {
    match &view.body {
        Body::List(columns) => Some(columns.clone()),
        Body::Table { .. } | Body::Wide(_) | Body::Custom(_) => None,
    }
}

fn custom_body(view: &View) -> Option<CustomBody> {
    match &view.body {
        Body::Custom(write) => Some(*write),
        Body::Table { .. } | Body::Wide(_) | Body::List(_) => None,
    }
}
