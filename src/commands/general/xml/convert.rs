//! `ConvertTo-Xml`: objects as elements named `Object` and `Property`.

use crate::cmdlet;
use crate::commands::general::object::properties;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::members::{self, library::xml};
use crate::value::xml::QName;
use crate::value::xml::write::{Layout, Writer};
use crate::value::{Culture, Engine, Outcome, Str, TypeRef, Value, convert, enumerate, format_text};

cmdlet! {
    /// Objects as XML.
    pub(crate) struct ConvertToXml = "ConvertTo-Xml", class "Microsoft.PowerShell.Commands.ConvertToXmlCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Describes objects as an XML document.",
        examples: &[("[pscustomobject]@{ a = 1 } | ConvertTo-Xml -As String", "An element with a property.")],
        outputs: &["System.Xml.XmlDocument", "System.String"],
    }
    parameters {
        depth: Option<i32> = ParameterSpec::new("Depth").validate(&[Validation::Range(1.0, 2147483647.0)]),
        input_object: Value = ParameterSpec::new("InputObject").allow_null()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        no_type: Switch = ParameterSpec::new("NoTypeInformation"),
        form: Option<Str> = ParameterSpec::new("As").validate(&[Validation::Set(&["Stream", "String", "Document"])]),
    }
    state { writer: Option<Writer>, begun: bool }
}

const DECLARATION: &str = "version=\"1.0\" encoding=\"utf-8\"";

impl Cmdlet for ConvertToXml {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.begin(run)?;
        let value = std::mem::take(&mut self.input_object);
        let (typed, depth) = (!self.no_type.0, self.depth.unwrap_or(1));
        if self.is_stream() {
            let mut writer = Writer::new(Layout::indented());
            Describer { engine: run.session, writer: &mut writer, typed }.object(&value, Name::First, depth)?;
            return run.write(Value::from(writer.take()));
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        Describer { engine: run.session, writer, typed }.object(&value, Name::First, depth)
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.begin(run)?;
        let Some(mut writer) = self.writer.take() else { return run.write(Value::from("</Objects>")) };
        writer.end_element(false);
        let text = writer.take();
        let as_text = self.form.as_ref().is_some_and(|form| form.eq_ignore_ascii_case("String"));
        run.write(if as_text { Value::from(text) } else { xml::parse(&text)? })
    }
}

impl ConvertToXml {
    fn is_stream(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.eq_ignore_ascii_case("Stream"))
    }

    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        if self.is_stream() {
            run.write(Value::from(format!("<?xml {DECLARATION}?>")))?;
            return run.write(Value::from("<Objects>"));
        }
        let mut writer = Writer::new(Layout::indented());
        writer.declaration(DECLARATION);
        writer.start_element(&QName::new("", "Objects", ""));
        self.writer = Some(writer);
        Ok(())
    }
}

/// What an element is called.
#[derive(Clone, Copy)]
enum Name<'a> {
    /// An object of the pipeline.
    First,
    /// An item in another object.
    Item,
    /// A property.
    Property(&'a str),
}

/// Writes objects.
struct Describer<'a> {
    engine: &'a mut dyn Engine,
    writer: &'a mut Writer,
    typed: bool,
}

/// Types that are written as their text.
const PLAIN: [TypeRef; 8] = [
    TypeRef::GUID,
    TypeRef::URI,
    TypeRef::VERSION,
    TypeRef::SEMANTIC_VERSION,
    TypeRef::SCRIPTBLOCK,
    TypeRef::XMLDOCUMENT,
    TypeRef::SECURESTRING,
    TypeRef::DATETIMEOFFSET,
];

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Wrapped(wrapped) => is_plain(&wrapped.base),
        Value::Enum(_) | Value::Object(_) | Value::Hashtable(_) | Value::Array(_) => false,
        Value::Type(_) | Value::Error(_) | Value::Exception(_) => false,
        Value::Native(_) | Value::ScriptBlock(_) => PLAIN.contains(&TypeRef::of(value)),
        _ => true,
    }
}

impl Describer<'_> {
    fn start(&mut self, name: Name<'_>, kind: Option<&str>) {
        let tag = if matches!(name, Name::First) { "Object" } else { "Property" };
        self.writer.start_element(&QName::new("", tag, ""));
        if let Name::Property(name) = name {
            self.writer.attribute(&QName::new("", "Name", ""), name);
        }
        if let Some(kind) = kind.filter(|_| self.typed) {
            self.writer.attribute(&QName::new("", "Type", ""), kind);
        }
    }

    fn plain(&mut self, value: &Value, name: Name<'_>) -> Outcome<()> {
        let text = match value {
            Value::Object(_) | Value::Native(_) => convert::to_text_with(self.engine, value, None)?.to_string(),
            other => format_text::format_value(other, None, Culture::current())?,
        };
        self.start(name, Some(TypeRef::of(value).name()));
        if !text.is_empty() {
            self.writer.text(&text);
        }
        self.writer.end_element(!text.is_empty());
        Ok(())
    }

    fn object(&mut self, value: &Value, name: Name<'_>, depth: i32) -> Outcome<()> {
        if value.is_null() {
            self.start(name, None);
            self.writer.end_element(false);
            return Ok(());
        }
        if is_plain(value) {
            return self.plain(value, name);
        }
        let pairs = match value {
            Value::Hashtable(table) => Some(table.pairs()),
            Value::Native(native) => native.data.pairs(),
            _ => None,
        };
        if let Some(pairs) = pairs {
            self.start(name, Some(TypeRef::of(value).name()));
            for (key, value) in &pairs {
                self.object(key, Name::Property("Key"), depth)?;
                self.object(value, Name::Property("Value"), depth)?;
            }
            self.writer.end_element(false);
            return Ok(());
        }
        if let Some(items) = enumerate(value) {
            self.start(name, Some(TypeRef::of(value).name()));
            items.iter().try_for_each(|item| self.object(item, Name::Item, depth))?;
            self.writer.end_element(false);
            return Ok(());
        }
        match depth {
            0 => self.as_text(value, name),
            _ => self.with_properties(value, name, depth),
        }
    }

    /// Too deep for properties: the text, and the notes of an object that has some.
    fn as_text(&mut self, value: &Value, name: Name<'_>) -> Outcome<()> {
        let Value::Object(object) = value else { return self.plain(value, name) };
        if object.kind != TypeRef::PSCUSTOMOBJECT {
            return self.plain(value, name);
        }
        self.start(name, None);
        self.plain(value, Name::Item)?;
        for (name, value) in properties(self.engine, value)? {
            self.start(Name::Property(&name), Some("System.Management.Automation.PSNoteProperty"));
            let text = convert::to_text_with(self.engine, &value, None)?;
            if !text.is_empty() {
                self.writer.text(&text);
            }
            self.writer.end_element(false);
        }
        self.writer.end_element(false);
        Ok(())
    }

    fn with_properties(&mut self, value: &Value, name: Name<'_>, depth: i32) -> Outcome<()> {
        self.start(name, Some(TypeRef::of(value).name()));
        if let Value::Enum(member) = value {
            self.object(&Value::I32(member.bits as i32), Name::Property("value__"), depth)?;
            self.writer.end_element(false);
            return Ok(());
        }
        for name in members::property_names(value) {
            let found = members::get_own(self.engine, value, &name).ok().flatten().unwrap_or_default();
            if found.is_null() {
                self.start(Name::Property(&name), Some("System.Object"));
                self.writer.end_element(false);
            } else {
                self.object(&found, Name::Property(&name), depth - 1)?;
            }
        }
        self.writer.end_element(false);
        Ok(())
    }
}
