//! `ConvertTo-Html`: objects as a table or a list of a page.

use super::picking::value_or_null;
use crate::cmdlet;
use crate::format::expression::{EXPRESSION, Expression, Key, LABEL, Selector, key};
use crate::format::object::own_text;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::convert::{array_type_name, to_text};
use crate::value::{Hashtable, Outcome, Str, Value};
use std::rc::Rc;

/// The cmdlets of this file.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&ConvertToHtml::SPEC];

const STRICT: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"  \
                       \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">";
const TRANSITIONAL: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"  \
                            \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">";
/// Keys of a property hashtable.
const KEYS: &[Key] = &[EXPRESSION, LABEL, key("alignment"), key("width")];
/// What a page may say of itself as if the server had.
const SERVER_META: [&str; 3] = ["content-type", "default-style", "x-ua-compatible"];
/// What else HTML knows by name.
const KNOWN_META: [&str; 6] = ["application-name", "author", "description", "generator", "keywords", "viewport"];

const PAGE: SetMembership = SetMembership::of("Page");
const FILLED: &[Validation] = &[Validation::NotNullOrEmpty];

cmdlet! {
    /// Objects as HTML.
    pub(crate) struct ConvertToHtml = "ConvertTo-Html", class "Microsoft.PowerShell.Commands.ConvertToHtmlCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Page"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes objects as a page of HTML with a table or a list.",
        examples: &[("[pscustomobject]@{ a = 1 } | ConvertTo-Html -Fragment", "A table without a page around it.")],
        outputs: &["System.String"],
    }
    parameters {
        input: Option<Value> = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]),
        property: Vec<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        body: Vec<Str> = ParameterSpec::new("Body").sets(&[PAGE.position(3)]),
        head: Option<Vec<Str>> = ParameterSpec::new("Head").sets(&[PAGE.position(1)]),
        title: Option<Str> = ParameterSpec::new("Title").sets(&[PAGE.position(2)]).validate(FILLED),
        shape: Option<Str> = ParameterSpec::new("As").validate(&[Validation::Set(&["Table", "List"])]),
        style: Option<Str> = ParameterSpec::new("CssUri").alias(&["cu", "uri"]).sets(&[PAGE]).validate(FILLED),
        fragment: Switch = ParameterSpec::new("Fragment").sets(&[SetMembership::of("Fragment")]),
        after: Vec<Str> = ParameterSpec::new("PostContent").validate(FILLED),
        before: Vec<Str> = ParameterSpec::new("PreContent").validate(FILLED),
        meta: Option<Rc<Hashtable>> = ParameterSpec::new("Meta").sets(&[PAGE]).validate(FILLED),
        charset: Option<Str> = ParameterSpec::new("Charset").sets(&[PAGE])
            .validate(&[Validation::NotNullOrEmpty, Validation::Pattern("^[A-Za-z0-9]\\w+\\S+[A-Za-z0-9]$")]),
        transitional: Switch = ParameterSpec::new("Transitional").sets(&[PAGE]),
    }
    state { selectors: Vec<Selector>, columns: Vec<Column>, rows: usize }
}

/// What a column shows.
struct Column {
    label: Str,
    expression: Expression,
    width: Option<Str>,
    alignment: Option<Str>,
}

impl Cmdlet for ConvertToHtml {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let all = [Value::from("*")];
        let wanted = if self.property.is_empty() { &all[..] } else { &self.property };
        self.selectors = wanted.iter().map(|wanted| Selector::read(wanted, KEYS)).collect::<Outcome<_>>()?;
        if !self.fragment.0 {
            self.open_page(run)?;
        }
        lines(run, &self.before)?;
        line(run, "<table>")
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = if run.expects_input() { run.object.cloned() } else { self.input.clone() };
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(()) };
        self.rows += 1;
        if self.is_list() {
            return self.list(run, &value);
        }
        if self.columns.is_empty() {
            self.columns = self.resolve(run, &value)?;
            if self.columns.is_empty() {
                return Ok(());
            }
            self.headings(run)?;
        }
        let mut text = String::from("<tr>");
        for column in &self.columns {
            text.push_str(&format!("<td>{}</td>", cell(column, &value, run)?));
        }
        line(run, &(text + "</tr>"))
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
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
        line(run, if self.transitional.0 { TRANSITIONAL } else { STRICT })?;
        line(run, "<html xmlns=\"http://www.w3.org/1999/xhtml\">")?;
        line(run, "<head>")?;
        if let Some(charset) = &self.charset {
            line(run, &format!("<meta charset=\"{charset}\">"))?;
        }
        self.write_meta(run)?;
        match &self.head {
            Some(head) => lines(run, head)?,
            None => line(run, &format!("<title>{}</title>", self.title.as_deref().unwrap_or("HTML TABLE")))?,
        }
        if let Some(style) = &self.style {
            line(run, &format!("<link rel=\"stylesheet\" type=\"text/css\" href=\"{style}\" />"))?;
        }
        line(run, "</head><body>")?;
        lines(run, &self.body)
    }

    fn write_meta(&self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(meta) = &self.meta else { return Ok(()) };
        let pairs: Vec<(Value, Value)> = meta.pairs();
        for (name, content) in pairs {
            let (name, content) = (to_text(&name), to_text(&content));
            let lower = name.to_ascii_lowercase();
            let attribute = if SERVER_META.contains(&lower.as_str()) { "http-equiv" } else { "name" };
            if attribute == "name" && !KNOWN_META.contains(&lower.as_str()) {
                run.warning(&format!("'{name}' with '{content}' is not a meta name that browsers know"))?;
            }
            line(run, &format!("<meta {attribute}=\"{name}\" content=\"{content}\">"))?;
        }
        Ok(())
    }

    /// The columns that an object has of those that were asked for.
    fn resolve(&self, run: &mut Invocation<'_>, value: &Value) -> Outcome<Vec<Column>> {
        let mut columns = Vec::with_capacity(self.selectors.len());
        for selector in &self.selectors {
            let entry = |key| selector.entry(key).map(to_text);
            for expression in selector.expression.resolve(run.session, value)? {
                let label = selector.label().unwrap_or_else(|| expression.label());
                columns.push(Column { label, expression, width: entry("width"), alignment: entry("alignment") });
            }
        }
        Ok(columns)
    }

    fn headings(&self, run: &mut Invocation<'_>) -> Outcome<()> {
        let attribute = |name: &str, value: &Option<Str>| match value {
            Some(value) => format!(" {name} = \"{value}\""),
            None => String::new(),
        };
        let column = |c: &Column| format!("<col{}{}/>", attribute("width", &c.width), attribute("align", &c.alignment));
        let columns: String = self.columns.iter().map(column).collect();
        line(run, &format!("<colgroup>{columns}</colgroup>"))?;
        let cells: String = self.columns.iter().map(|column| format!("<th>{}</th>", column.label)).collect();
        line(run, &format!("<tr>{cells}</tr>"))
    }

    fn list(&self, run: &mut Invocation<'_>, value: &Value) -> Outcome<()> {
        let columns = self.resolve(run, value)?;
        if columns.is_empty() {
            return Ok(());
        }
        if self.rows > 1 {
            line(run, "<tr><td><hr></td></tr>")?;
        }
        for column in &columns {
            let text = cell(column, value, run)?;
            line(run, &format!("<tr><td>{}:</td><td>{text}</td></tr>", column.label))?;
        }
        Ok(())
    }
}

fn cell(column: &Column, value: &Value, run: &mut Invocation<'_>) -> Outcome<String> {
    match value_or_null(run.session, value, &column.expression)? {
        Value::Array(array) => Ok(escape(&array_type_name(&array))),
        found => Ok(escape(&own_text(run.session, &found)?)),
    }
}

fn line(run: &mut Invocation<'_>, text: &str) -> Outcome<()> {
    run.write(Value::from(text))
}

fn lines(run: &mut Invocation<'_>, texts: &[Str]) -> Outcome<()> {
    texts.iter().try_for_each(|text| line(run, text))
}

/// Text as .NET encodes it for HTML: marks by name, Latin letters and what is beyond 16 bits by number.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{A0}'..='\u{FF}' | '\u{10000}'.. => escaped.push_str(&format!("&#{};", u32::from(c))),
            other => escaped.push(other),
        }
    }
    escaped
}
