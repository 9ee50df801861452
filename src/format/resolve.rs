//! What a Format-* command asks for, and which columns and which shape an object gets by it.

use super::cells::Alignment;
use super::expression::{EXPRESSION, Expression, Key, LABEL, Selector, key};
use super::object;
use super::packet::ColumnHead;
use super::view::{Column, ShapeKind, View, ViewTable};
use crate::value::wildcard::Wildcard;
use crate::value::{Engine, ErrorCategory, Fault, Outcome, Str, Value};
use std::rc::Rc;

/// Objects with more properties are shown as lists.
const MOST_PROPERTIES_OF_A_TABLE: usize = 4;
/// Columns of a table nobody chose properties for.
const MOST_COLUMNS: usize = 10;

/// The parameters of a Format-* command.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The shape, where a command names one.
    pub(crate) shape: Option<ShapeKind>,
    /// `-Property`.
    pub(crate) properties: Vec<Selector>,
    /// `-GroupBy`.
    pub(crate) group_by: Option<Selector>,
    /// `-View`.
    pub(crate) view: Option<Str>,
    /// `-AutoSize`.
    pub(crate) auto_size: bool,
    /// `-Wrap`.
    pub(crate) wrap: bool,
    /// `-HideTableHeaders`.
    pub(crate) hide_headers: bool,
    /// `-Column`; 0 where not given.
    pub(crate) columns: usize,
    /// `-Depth` of Format-Custom.
    pub(crate) depth: usize,
    /// `-Force`: strings and numbers have properties too.
    pub(crate) force: bool,
    /// `-DisplayError`: a failed cell says so.
    pub(crate) display_error: bool,
    /// `-ExcludeProperty`.
    pub(crate) exclude: Vec<Wildcard>,
    /// False for `-Expand CoreOnly`.
    pub(crate) expand_collections: bool,
}

impl Default for Request {
    fn default() -> Self {
        Request {
            shape: None,
            properties: Vec::new(),
            group_by: None,
            view: None,
            auto_size: false,
            wrap: false,
            hide_headers: false,
            columns: 0,
            depth: 5,
            force: false,
            display_error: false,
            exclude: Vec::new(),
            expand_collections: true,
        }
    }
}

/// Keys of a hashtable given to Format-Table.
pub(crate) const TABLE_KEYS: &[Key] = &[EXPRESSION, LABEL, key("width"), key("alignment"), key("formatstring")];
/// Keys of a hashtable given to Format-List.
pub(crate) const LIST_KEYS: &[Key] = &[EXPRESSION, LABEL, key("formatstring")];
/// Keys of a hashtable given to Format-Wide.
pub(crate) const WIDE_KEYS: &[Key] = &[EXPRESSION, key("formatstring")];
/// Keys of a hashtable given to Format-Custom.
pub(crate) const CUSTOM_KEYS: &[Key] = &[EXPRESSION, key("depth")];
/// Keys of a hashtable given to `-GroupBy`.
pub(crate) const GROUP_KEYS: &[Key] = &[EXPRESSION, LABEL, key("formatstring")];

impl Request {
    /// A request for a shape.
    pub(crate) fn of(shape: ShapeKind) -> Self {
        Request { shape: Some(shape), ..Request::default() }
    }

    /// Reads `-Property` as this shape allows.
    pub(crate) fn read_properties(&mut self, values: &[Value]) -> Outcome<()> {
        let keys = match self.shape {
            Some(ShapeKind::List) => LIST_KEYS,
            Some(ShapeKind::Wide) => WIDE_KEYS,
            Some(ShapeKind::Custom) => CUSTOM_KEYS,
            Some(ShapeKind::Table) | None => TABLE_KEYS,
        };
        for value in values {
            let selector = Selector::read(value, keys)?;
            check_numbers(&selector)?;
            self.properties.push(selector);
        }
        Ok(())
    }
}

/// Widths are positive numbers, alignments known words.
fn check_numbers(selector: &Selector) -> Outcome<()> {
    if let Some(width) = selector.entry("width")
        && object::whole_number(width).is_none_or(|width| width < 1)
    {
        let message = format!("the width of a column is a whole number above 0, not '{}'", object::plain_text(width));
        return Fault::new("DictionaryKeyIllegalValue1", message).category(ErrorCategory::InvalidArgument).err();
    }
    if let Some(side) = selector.entry("alignment") {
        alignment(side)?;
    }
    Ok(())
}

fn alignment(value: &Value) -> Outcome<Alignment> {
    let text = object::plain_text(value);
    [("left", Alignment::Left), ("center", Alignment::Center), ("right", Alignment::Right)]
        .into_iter()
        .find(|(name, _)| !text.is_empty() && name.starts_with(&text.to_ascii_lowercase()))
        .map(|(_, alignment)| alignment)
        .ok_or_else(|| {
            let message = format!("'{text}' is not an alignment; use left, center or right");
            Fault::new("DictionaryKeyIllegalValue1", message).category(ErrorCategory::InvalidArgument).into()
        })
}

/// The view for an object under a request; properties on the command line need none.
pub(crate) fn view(views: &ViewTable, request: &Request, value: &Value) -> Outcome<Option<Rc<View>>> {
    if !request.properties.is_empty() {
        return Ok(None);
    }
    if !object::may_have_view(value) && request.view.is_none() {
        return Ok(None);
    }
    let names = object::type_names(value);
    let found = match request.shape {
        None => views.default_view(&names),
        Some(shape) => views.of_shape(&names, shape, request.view.as_deref()),
    };
    match (&request.view, &found) {
        (Some(name), None) => {
            let message = format!("there is no view '{name}' for objects of type {}", names.first().map_or("", |n| n));
            Fault::new("FormatViewNotFound", message)
                .category(ErrorCategory::ObjectNotFound)
                .exception("System.Management.Automation.PipelineStoppedException")
                .err()
        }
        _ => Ok(found),
    }
}

/// A table for few properties, a list for many.
pub(crate) fn natural_shape(engine: &mut dyn Engine, value: &Value) -> Outcome<ShapeKind> {
    let count = own_names(engine, value)?.len();
    Ok(if count <= MOST_PROPERTIES_OF_A_TABLE { ShapeKind::Table } else { ShapeKind::List })
}

/// The properties an object shows of itself.
fn own_names(engine: &mut dyn Engine, value: &Value) -> Outcome<Vec<Str>> {
    let chosen = object::display_names(engine, value)?;
    Ok(if chosen.is_empty() { object::shown_names(value) } else { chosen })
}

/// The columns that a request gives on an object.
pub(crate) fn request_columns(engine: &mut dyn Engine, request: &Request, value: &Value) -> Outcome<Vec<Column>> {
    let mut columns = columns(engine, &request.properties, value)?;
    columns.retain(|column| {
        let (label, name) = (column.heading(), column.expression.label());
        !request.exclude.iter().any(|pattern| pattern.matches(&label) || pattern.matches(&name))
    });
    Ok(columns)
}

/// The columns that selectors give on an object; without selectors, those the object shows of itself.
pub(crate) fn columns(engine: &mut dyn Engine, selectors: &[Selector], value: &Value) -> Outcome<Vec<Column>> {
    if selectors.is_empty() {
        return Ok(own_names(engine, value)?.into_iter().map(Column::property).collect());
    }
    let mut columns: Vec<Column> = Vec::with_capacity(selectors.len());
    for selector in selectors {
        let found = selector.expression.resolve(engine, value)?;
        if found.is_empty() && !matches!(selector.expression, Expression::Pattern(_)) {
            columns.push(column_of(selector, selector.expression.clone())?);
        }
        for expression in found {
            columns.push(column_of(selector, expression)?);
        }
    }
    Ok(columns)
}

fn column_of(selector: &Selector, expression: Expression) -> Outcome<Column> {
    Ok(Column {
        label: selector.label(),
        width: selector
            .entry("width")
            .and_then(object::whole_number)
            .and_then(|width| usize::try_from(width).ok())
            .unwrap_or(0),
        alignment: selector.entry("alignment").map(alignment).transpose()?,
        format: selector.entry("formatstring").map(object::plain_text),
        expression,
    })
}

/// The columns of a table without a view.
pub(crate) fn table_columns(engine: &mut dyn Engine, request: &Request, value: &Value) -> Outcome<Vec<Column>> {
    let mut columns = request_columns(engine, request, value)?;
    if request.properties.is_empty() {
        columns.truncate(MOST_COLUMNS);
    }
    Ok(columns)
}

/// The one property that Format-Wide shows: the asked one, a name, or the first there is.
pub(crate) fn wide_column(engine: &mut dyn Engine, request: &Request, value: &Value) -> Outcome<Option<Column>> {
    if !request.properties.is_empty() {
        return Ok(request_columns(engine, request, value)?.into_iter().next());
    }
    if let Some(name) = object::naming_property(engine, value)? {
        return Ok(Some(Column::property(name)));
    }
    Ok(columns(engine, &[], value)?.into_iter().next())
}

/// The heads of columns; where nobody chose a side, scalars of the first object stand at the right.
pub(crate) fn heads(engine: &mut dyn Engine, columns: &[Column], first: &Value) -> Outcome<Vec<ColumnHead>> {
    let mut heads = Vec::with_capacity(columns.len());
    for column in columns {
        let alignment = match column.alignment {
            Some(alignment) => alignment,
            None => natural_alignment(engine, column, first)?,
        };
        heads.push(ColumnHead { label: column.heading(), width: column.width, alignment });
    }
    Ok(heads)
}

fn natural_alignment(engine: &mut dyn Engine, column: &Column, first: &Value) -> Outcome<Alignment> {
    let value = object::value_or_none(engine, first, &column.expression)?;
    Ok(match value {
        Some(value) if object::is_scalar(&value) && !object::is_string(&value) => Alignment::Right,
        Some(_) | None => Alignment::Left,
    })
}
