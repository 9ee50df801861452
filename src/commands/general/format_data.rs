//! `Update-FormatData` and `Get-FormatData`: views read from `.format.ps1xml` files, and the views there are.

use super::object::{file_path, io_fault};
use crate::cmdlet;
use crate::format::cells::Alignment;
use crate::format::expression::Expression;
use crate::format::{Body, Column, GroupBy, View};
use crate::runtime::display::Display;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, object};
use crate::syntax::Source;
use crate::value::wildcard::Wildcard;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Unwind, Value};
use roxmltree::{Document, Node};
use std::rc::Rc;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&UpdateFormatData::SPEC, &GetFormatData::SPEC];

cmdlet! {
    /// `Update-FormatData`.
    pub(crate) struct UpdateFormatData = "Update-FormatData", class "Microsoft.PowerShell.Commands.UpdateFormatDataCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("FileSet"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Reads files that say how objects are shown.",
        examples: &[("Update-FormatData -PrependPath ./Rooms.format.ps1xml", "From now on the views of that file go first.")],
        outputs: &[],
    }
    parameters {
        append: Vec<Str> = ParameterSpec::new("AppendPath").alias(&["PSPath", "Path"])
            .sets(&[SetMembership::of("FileSet").position(0).by_value().by_property()]),
        prepend: Vec<Str> = ParameterSpec::new("PrependPath").sets(&[SetMembership::of("FileSet")]),
    }
    state {}
}

impl Cmdlet for UpdateFormatData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        // Of several files that go first, the first one goes before the others.
        for path in self.prepend.iter().rev() {
            let Some(views) = read(run, path)? else { continue };
            let table = run.session.extension::<Display>().views.clone();
            views.into_iter().rev().for_each(|view| table.register(view));
        }
        for path in &self.append {
            let Some(views) = read(run, path)? else { continue };
            let table = run.session.extension::<Display>().views.clone();
            views.into_iter().for_each(|view| table.append(view));
        }
        Ok(())
    }
}

/// The views of a file; `None` where it has none and that was said.
fn read(run: &mut Invocation<'_>, path: &str) -> Outcome<Option<Vec<View>>> {
    let place = file_path(run.session, path);
    if !run.should_process(&place.to_string_lossy(), "Update FormatData")? {
        return Ok(None);
    }
    if place.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("ps1xml")) {
        let fault = Fault::new("WrongExtension", format!("'{path}' is no .ps1xml file"))
            .category(ErrorCategory::InvalidArgument)
            .exception("System.Management.Automation.PSInvalidOperationException");
        return run.error(fault).map(|()| None);
    }
    let text = match std::fs::read_to_string(&place) {
        Ok(text) => text,
        Err(error) => return run.error(io_fault(&error, &place)).map(|()| None),
    };
    match views_of(run, &text) {
        Ok(views) => Ok(Some(views)),
        Err(Unwind::Fault(fault)) => run.error(*fault).map(|()| None),
        Err(unwind) => Err(unwind),
    }
}

fn xml_fault(message: impl Into<String>) -> Fault {
    Fault::new("FormatXmlUpdateException", message)
        .category(ErrorCategory::InvalidOperation)
        .exception("System.Management.Automation.RuntimeException")
}

/// The child of an element under a name.
fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.has_tag_name(name))
}

/// The trimmed text of a child.
fn text_of(node: Node<'_, '_>, name: &str) -> Option<Str> {
    let text = node.children().find(|child| child.has_tag_name(name))?.text().unwrap_or("").trim();
    Some(Str::from(text))
}

/// The element that a path of names leads to.
fn descend<'a>(node: Node<'a, 'a>, path: &[&str]) -> Option<Node<'a, 'a>> {
    path.iter().try_fold(node, |at, name| child(at, name))
}

fn views_of(run: &mut Invocation<'_>, text: &str) -> Outcome<Vec<View>> {
    let document = Document::parse(text).map_err(|error| xml_fault(format!("the file is not XML: {error}")))?;
    let root = document.root_element();
    if !root.has_tag_name("Configuration") {
        return xml_fault("a format file begins with the element Configuration").err();
    }
    let Some(definitions) = child(root, "ViewDefinitions") else { return Ok(Vec::new()) };
    let views = definitions.children().filter(|node| node.has_tag_name("View"));
    views.map(|node| view_of(run, root, node)).collect()
}

fn view_of<'a>(run: &mut Invocation<'_>, root: Node<'a, 'a>, node: Node<'a, 'a>) -> Outcome<View> {
    let name = text_of(node, "Name").unwrap_or_default();
    let types = types_of(root, node);
    if types.is_empty() {
        return xml_fault(format!("the view '{name}' names no types; give ViewSelectedBy a TypeName")).err();
    }
    let body = if let Some(table) = child(node, "TableControl") {
        table_of(run, table)?
    } else if let Some(list) = child(node, "ListControl") {
        Body::List(list_of(run, list)?)
    } else if let Some(wide) = child(node, "WideControl") {
        let item = descend(wide, &["WideEntries", "WideEntry", "WideItem"]);
        let Some(item) = item else { return xml_fault(format!("the view '{name}' shows nothing")).err() };
        Body::Wide(column_of(run, item)?)
    } else {
        return xml_fault(format!("the view '{name}' is no table, list or wide view, which are what this shell reads"))
            .err();
    };
    let group_by = match child(node, "GroupBy") {
        Some(group) => {
            let column = column_of(run, group)?;
            Some(GroupBy { label: text_of(group, "Label"), expression: column.expression, indent: 3 })
        }
        None => None,
    };
    let out_of_band = child(node, "OutOfBand").is_some();
    Ok(View { name, types, group_by, body, out_of_band })
}

/// The types that a view is for, those of named sets among them.
fn types_of<'a>(root: Node<'a, 'a>, view: Node<'a, 'a>) -> Vec<Str> {
    let Some(selected) = child(view, "ViewSelectedBy") else { return Vec::new() };
    let names = |node: Node<'a, 'a>| -> Vec<Str> {
        let found = node.children().filter(|child| child.has_tag_name("TypeName"));
        found.map(|name| Str::from(name.text().unwrap_or("").trim())).collect()
    };
    let mut types = names(selected);
    let wanted = text_of(selected, "SelectionSetName");
    let sets = child(root, "SelectionSets").into_iter().flat_map(|sets| sets.children());
    for set in
        sets.filter(|set| set.has_tag_name("SelectionSet") && wanted.is_some() && text_of(*set, "Name") == wanted)
    {
        types.extend(child(set, "Types").map(names).unwrap_or_default());
    }
    types
}

/// The entry that is for all objects of a view, else its first.
fn entry_of<'a>(control: Node<'a, 'a>, entries: &str, entry: &str) -> Option<Node<'a, 'a>> {
    let all: Vec<_> = child(control, entries)?.children().filter(|node| node.has_tag_name(entry)).collect();
    all.iter().find(|node| child(**node, "EntrySelectedBy").is_none()).or(all.first()).copied()
}

fn table_of(run: &mut Invocation<'_>, table: Node<'_, '_>) -> Outcome<Body> {
    let heads: Vec<Node<'_, '_>> = child(table, "TableHeaders")
        .into_iter()
        .flat_map(|heads| heads.children())
        .filter(|node| node.has_tag_name("TableColumnHeader"))
        .collect();
    let Some(entry) = entry_of(table, "TableRowEntries", "TableRowEntry") else {
        return xml_fault("a table needs a TableRowEntry").err();
    };
    let mut columns = Vec::new();
    let items = child(entry, "TableColumnItems").into_iter().flat_map(|items| items.children());
    for (at, item) in items.filter(|node| node.has_tag_name("TableColumnItem")).enumerate() {
        let mut column = column_of(run, item)?;
        if let Some(head) = heads.get(at) {
            column.label = text_of(*head, "Label").filter(|label| !label.is_empty()).or(column.label);
            column.width = text_of(*head, "Width").and_then(|width| width.parse().ok()).unwrap_or(0);
            column.alignment = text_of(*head, "Alignment").and_then(|side| alignment(&side)).or(column.alignment);
        }
        // A view's column without a side stands at the left.
        column.alignment = column.alignment.or(Some(Alignment::Left));
        columns.push(column);
    }
    let hide_headers = child(table, "HideTableHeaders").is_some();
    Ok(Body::Table { columns, wrap: child(entry, "Wrap").is_some(), hide_headers })
}

fn list_of(run: &mut Invocation<'_>, list: Node<'_, '_>) -> Outcome<Vec<Column>> {
    let Some(entry) = entry_of(list, "ListEntries", "ListEntry") else {
        return xml_fault("a list needs a ListEntry").err();
    };
    let items = child(entry, "ListItems").into_iter().flat_map(|items| items.children());
    let items = items.filter(|node| node.has_tag_name("ListItem"));
    items
        .map(|item| {
            let column = column_of(run, item)?;
            Ok(Column { label: text_of(item, "Label").or(column.label.clone()), ..column })
        })
        .collect()
}

/// What an item shows: a property, or what a script block gives.
fn column_of(run: &mut Invocation<'_>, item: Node<'_, '_>) -> Outcome<Column> {
    let expression = match (text_of(item, "PropertyName"), text_of(item, "ScriptBlock")) {
        (Some(name), _) => Expression::Name(name),
        (None, Some(code)) => Expression::Block(run.session.parse_block(Source::anonymous(code.to_string()))?),
        (None, None) => return xml_fault("an item shows neither a PropertyName nor a ScriptBlock").err(),
    };
    let mut column = Column::of(expression);
    column.format = text_of(item, "FormatString");
    column.alignment = text_of(item, "Alignment").and_then(|side| alignment(&side));
    Ok(column)
}

fn alignment(side: &str) -> Option<Alignment> {
    [("left", Alignment::Left), ("center", Alignment::Center), ("right", Alignment::Right)]
        .into_iter()
        .find(|(name, _)| side.eq_ignore_ascii_case(name))
        .map(|(_, alignment)| alignment)
}

cmdlet! {
    /// `Get-FormatData`.
    pub(crate) struct GetFormatData = "Get-FormatData", class "Microsoft.PowerShell.Commands.GetFormatDataCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Lists the views that say how objects are shown.",
        examples: &[("(Get-FormatData System.Version).FormatViewDefinition[0].Control.Headers.Count", "4\n")],
        outputs: &["System.Management.Automation.ExtendedTypeDefinition"],
    }
    parameters {
        type_name: Vec<Str> = ParameterSpec::new("TypeName").sets(&[SetMembership::of("").position(0)]),
        version: Option<Value> = ParameterSpec::new("PowerShellVersion"),
    }
    state {}
}

impl Cmdlet for GetFormatData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let patterns = self.type_name.iter().map(|name| Wildcard::new(name, false)).collect::<Outcome<Vec<_>>>()?;
        let views = run.session.extension::<Display>().views.clone();
        let mut known: Vec<(Vec<Str>, Vec<Value>)> = Vec::new();
        for view in views.all() {
            let wanted = |name: &Str| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(name));
            if !view.types.iter().any(wanted) {
                continue;
            }
            let definition = definition_of(&view);
            match known.iter_mut().find(|(types, _)| *types == view.types) {
                Some((_, definitions)) => definitions.push(definition),
                None => known.push((view.types.clone(), vec![definition])),
            }
        }
        for (types, definitions) in known {
            let names: Vec<Value> = types.into_iter().map(Value::Str).collect();
            let first = names.first().cloned().unwrap_or_default();
            run.write(object(
                "System.Management.Automation.ExtendedTypeDefinition",
                vec![
                    ("TypeNames", Value::array(names)),
                    ("FormatViewDefinition", Value::array(definitions)),
                    ("TypeName", first),
                ],
            ))?;
        }
        Ok(())
    }
}

fn definition_of(view: &Rc<View>) -> Value {
    object(
        "System.Management.Automation.FormatViewDefinition",
        vec![("Name", Value::Str(view.name.clone())), ("Control", control_of(&view.body))],
    )
}

fn control_of(body: &Body) -> Value {
    let entry = |column: &Column| object("System.Management.Automation.DisplayEntry", shown(column));
    let entries = |columns: &[Column]| Value::array(columns.iter().map(entry).collect());
    match body {
        Body::Table { columns, hide_headers, .. } => object(
            "System.Management.Automation.TableControl",
            vec![
                ("Headers", Value::array(columns.iter().map(header_of).collect())),
                ("Rows", entries(columns)),
                ("HideTableHeaders", Value::Bool(*hide_headers)),
            ],
        ),
        Body::List(columns) => object("System.Management.Automation.ListControl", vec![("Entries", entries(columns))]),
        Body::Wide(column) => object("System.Management.Automation.WideControl", vec![("Entries", entry(column))]),
        Body::Custom(_) => object("System.Management.Automation.CustomControl", vec![("Entries", Value::Null)]),
    }
}

fn header_of(column: &Column) -> Value {
    let alignment = column.alignment.map_or("Undefined", |side| match side {
        Alignment::Left => "Left",
        Alignment::Center => "Center",
        Alignment::Right => "Right",
    });
    object(
        "System.Management.Automation.TableControlColumnHeader",
        vec![
            ("Label", Value::Str(column.heading())),
            ("Alignment", Value::from(alignment)),
            ("Width", Value::I32(i32::try_from(column.width).unwrap_or(0))),
        ],
    )
}

fn shown(column: &Column) -> Vec<(&'static str, Value)> {
    let kind = if matches!(column.expression, Expression::Block(_)) { "ScriptBlock" } else { "Property" };
    vec![("ValueType", Value::from(kind)), ("Value", Value::Str(column.expression.label()))]
}
