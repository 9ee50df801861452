//! `ConvertTo-Html`: objects as a table or a list of a page.

use super::object;
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::convert::to_text;
use crate::value::{Hashtable, Outcome, ScriptBlock, Str, Value, members};
use std::rc::Rc;

/// The cmdlets of this file.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&ConvertToHtml::SPEC];

const DOCTYPE: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"  \
                       \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">";

cmdlet! {
    /// Objects as HTML.
    pub struct ConvertToHtml = "ConvertTo-Html", class "Microsoft.PowerShell.Commands.ConvertToHtmlCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Page"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes objects as a page of HTML with a table or a list.",
        examples: &[("[pscustomobject]@{ a = 1 } | ConvertTo-Html -Fragment", "A table without a page around it.")],
        outputs: &["System.String"],
    }
    parameters {
        input_object: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        property: Option<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        body: Vec<Str> = ParameterSpec::new("Body").sets(&[SetMembership::of("Page").position(3)]),
        head: Vec<Str> = ParameterSpec::new("Head").sets(&[SetMembership::of("Page").position(1)]),
        title: Option<Str> = ParameterSpec::new("Title").sets(&[SetMembership::of("Page").position(2)]),
        shape: Option<Str> = ParameterSpec::new("As").validate(&[Validation::Set(&["Table", "List"])]),
        style: Option<Str> = ParameterSpec::new("CssUri").alias(&["cu", "uri"]).sets(&[SetMembership::of("Page")]),
        after: Vec<Str> = ParameterSpec::new("PostContent"),
        before: Vec<Str> = ParameterSpec::new("PreContent"),
        fragment: Switch = ParameterSpec::new("Fragment").sets(&[SetMembership::of("Fragment")]),
    }
    state { columns: Option<Vec<Column>>, rows: usize }
}

/// What a column shows.
enum Column {
    Property(Str),
    Expression(Str, Rc<ScriptBlock>),
}

impl Column {
    fn label(&self) -> &Str {
        match self {
            Column::Property(name) | Column::Expression(name, _) => name,
        }
    }
}

impl Cmdlet for ConvertToHtml {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !self.fragment.0 {
            self.open_page(run)?;
        }
        lines(run, &self.before)
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = std::mem::take(&mut self.input_object);
        if value.is_null() {
            return Ok(());
        }
        if self.columns.is_none() {
            let columns = self.chosen(&value);
            self.open_table(&columns, run)?;
            self.columns = Some(columns);
        }
        self.rows += 1;
        let columns = self.columns.as_deref().unwrap_or_default();
        if self.is_list() { list(columns, self.rows, &value, run) } else { row(columns, &value, run) }
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.columns.is_none() {
            line(run, "<table>")?;
        }
        line(run, "</table>")?;
        lines(run, &self.after)?;
        if self.fragment.0 { Ok(()) } else { line(run, "</body></html>") }
    }
}

impl ConvertToHtml {
    fn is_list(&self) -> bool {
        self.shape.as_ref().is_some_and(|shape| shape.eq_ignore_ascii_case("List"))
    }

    fn open_page(&self, run: &mut Invocation<'_>) -> Outcome<()> {
        line(run, DOCTYPE)?;
        line(run, "<html xmlns=\"http://www.w3.org/1999/xhtml\">")?;
        line(run, "<head>")?;
        let title = self.title.as_deref().unwrap_or("HTML TABLE");
        if self.head.is_empty() {
            line(run, &format!("<title>{}</title>", escape(title)))?;
        }
        lines(run, &self.head)?;
        if let Some(style) = &self.style {
            line(run, &format!("<link rel=\"stylesheet\" type=\"text/css\" href=\"{}\" />", escape(style)))?;
        }
        line(run, "</head><body>")?;
        lines(run, &self.body)
    }

    fn open_table(&self, columns: &[Column], run: &mut Invocation<'_>) -> Outcome<()> {
        line(run, "<table>")?;
        if self.is_list() {
            return Ok(());
        }
        line(run, &format!("<colgroup>{}</colgroup>", "<col/>".repeat(columns.len())))?;
        let cells: String = columns.iter().map(|column| format!("<th>{}</th>", escape(column.label()))).collect();
        line(run, &format!("<tr>{cells}</tr>"))
    }

    /// The columns asked for, or all properties of the first object.
    fn chosen(&self, first: &Value) -> Vec<Column> {
        let given = match &self.property {
            Some(Value::Array(array)) => array.items().clone(),
            Some(single) if !single.is_null() => vec![single.clone()],
            _ => return object::property_names(first).into_iter().map(Column::Property).collect(),
        };
        given.iter().flat_map(|wanted| column(wanted, first)).collect()
    }
}

fn column(wanted: &Value, first: &Value) -> Vec<Column> {
    match wanted {
        Value::Hashtable(table) => calculated(table).into_iter().collect(),
        Value::ScriptBlock(block) => vec![Column::Expression(Str::from(block.text()), block.clone())],
        other => {
            let name = to_text(other);
            match crate::value::wildcard::Wildcard::new(&name, false) {
                Ok(pattern) if crate::value::wildcard::has_wildcard(&name) => {
                    let names = object::property_names(first).into_iter();
                    names.filter(|known| pattern.matches(known)).map(Column::Property).collect()
                }
                _ => vec![Column::Property(name)],
            }
        }
    }
}

/// `@{ Label = …; Expression = … }`, by any beginning of these words, or `Name`.
fn calculated(table: &Hashtable) -> Option<Column> {
    let entry = |words: [&str; 2]| {
        let entries = table.entries.borrow();
        let fits = |key: &Value| {
            let key = to_text(key).to_ascii_lowercase();
            !key.is_empty() && words.iter().any(|word| word.starts_with(&key))
        };
        entries.values().find(|(key, _)| fits(key)).map(|(_, value)| value.clone())
    };
    let label = entry(["label", "name"]).map(|label| to_text(&label));
    match entry(["expression", "expression"])? {
        Value::ScriptBlock(block) => {
            Some(Column::Expression(label.unwrap_or_else(|| Str::from(block.text())), block.clone()))
        }
        other => Some(Column::Property(to_text(&other))),
    }
}

fn cell(column: &Column, value: &Value, run: &mut Invocation<'_>) -> Outcome<String> {
    let found = match column {
        Column::Property(name) => members::get(run.session, value, name)?.unwrap_or_default(),
        Column::Expression(_, block) => run.evaluate_block(block, value.clone())?,
    };
    Ok(escape(&to_text(&found)))
}

fn row(columns: &[Column], value: &Value, run: &mut Invocation<'_>) -> Outcome<()> {
    let mut text = String::from("<tr>");
    for column in columns {
        text.push_str(&format!("<td>{}</td>", cell(column, value, run)?));
    }
    line(run, &(text + "</tr>"))
}

fn list(columns: &[Column], number: usize, value: &Value, run: &mut Invocation<'_>) -> Outcome<()> {
    if number > 1 {
        line(run, "<tr><td><hr></td></tr>")?;
    }
    for column in columns {
        let text = cell(column, value, run)?;
        line(run, &format!("<tr><td>{}:</td><td>{text}</td></tr>", escape(column.label())))?;
    }
    Ok(())
}

fn line(run: &mut Invocation<'_>, text: &str) -> Outcome<()> {
    run.write(Value::from(text))
}

fn lines(run: &mut Invocation<'_>, texts: &[Str]) -> Outcome<()> {
    texts.iter().try_for_each(|text| line(run, text))
}

fn escape(text: &str) -> String {
    let replaced = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    replaced.replace('"', "&quot;").replace('\'', "&#39;")
}
