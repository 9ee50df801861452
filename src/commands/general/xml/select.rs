//! `Select-Xml`.

use crate::cmdlet;
use crate::commands::general::object::matching_paths;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::members::library::xml::{namespaces_of, node_of, parse, select, value};
use crate::value::members::set_own_text;
use crate::value::xml::{Node, write};
use crate::value::{Engine, ErrorCategory, Fault, Outcome, Str, TypeRef, Unwind, Value, convert};
use std::fs;
use std::path::Path;

cmdlet! {
    /// The nodes that an XPath expression selects.
    pub(crate) struct SelectXml = "Select-Xml", class "Microsoft.PowerShell.Commands.SelectXmlCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Xml"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Finds nodes in XML text, files and documents by an XPath expression.",
        examples: &[("Select-Xml -Content '<a><b>x</b></a>' -XPath '//b'", "The element b.")],
        outputs: &["Microsoft.PowerShell.Commands.SelectXmlInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path")
            .sets(&[SetMembership::of("Path").mandatory().position(1).by_property()]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("LiteralPath").mandatory().by_property()]),
        xml: Vec<Value> = ParameterSpec::new("Xml").alias(&["Node"])
            .sets(&[SetMembership::of("Xml").mandatory().position(1).by_value().by_property()]),
        content: Vec<Str> = ParameterSpec::new("Content").sets(&[SetMembership::of("Content").mandatory().by_value()]),
        xpath: Str = ParameterSpec::new("XPath").sets(&[SetMembership::of("").mandatory().position(0)]),
        namespace: Option<Value> = ParameterSpec::new("Namespace"),
    }
    state {}
}

impl Cmdlet for SelectXml {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for node in std::mem::take(&mut self.xml) {
            match node_of(&node) {
                Some(node) => self.search(run, &node, "InputStream")?,
                None => self.search_text(run, &node)?,
            }
        }
        for text in std::mem::take(&mut self.content) {
            self.search_text(run, &Value::Str(text))?;
        }
        let mut paths = Vec::new();
        for path in &self.path {
            paths.extend(matching_paths(run.session, path)?);
        }
        let here = run.session.current_directory();
        paths.extend(self.literal_path.iter().map(|path| here.join(path.as_str())));
        paths.iter().try_for_each(|path| self.search_file(run, path))
    }
}

impl SelectXml {
    fn search_text(&self, run: &mut Invocation<'_>, text: &Value) -> Outcome<()> {
        match convert::to(run.session, text, TypeRef::XMLDOCUMENT) {
            Ok(document) => match node_of(&document) {
                Some(node) => self.search(run, &node, "InputStream"),
                None => Ok(()),
            },
            Err(Unwind::Fault(fault)) => run.error(*fault),
            Err(error) => Err(error),
        }
    }

    fn search_file(&self, run: &mut Invocation<'_>, path: &Path) -> Outcome<()> {
        let shown = path.display().to_string();
        let unreadable = |why: String| {
            Fault::new("ProcessingFile", format!("The file '{shown}' cannot be read as XML: {why}"))
                .exception("System.ArgumentException")
                .category(ErrorCategory::InvalidArgument)
                .target(shown.as_str())
        };
        let text = match fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => return run.error(unreadable(error.to_string())),
        };
        match parse(&text) {
            Ok(document) => match node_of(&document) {
                Some(node) => self.search(run, &node, &shown),
                None => Ok(()),
            },
            Err(Unwind::Fault(fault)) => run.error(unreadable(fault.message.clone())),
            Err(error) => Err(error),
        }
    }

    fn search(&self, run: &mut Invocation<'_>, node: &Node, path: &str) -> Outcome<()> {
        let namespaces = match &self.namespace {
            Some(Value::Hashtable(table)) => {
                table.pairs().iter().map(|(key, value)| (convert::to_text(key), convert::to_text(value))).collect()
            }
            Some(other) => namespaces_of(other),
            None => Vec::new(),
        };
        let found = select(node, &self.xpath, &namespaces).map_err(|error| match error {
            Unwind::Fault(mut fault) => {
                fault.id = "System.Xml.XPath.XPathException".into();
                Unwind::Fault(fault)
            }
            other => other,
        })?;
        found.into_iter().try_for_each(|node| run.write(info(node, path, &self.xpath)))
    }
}

/// A `SelectXmlInfo`: its text is the node's, with the path of a file.
fn info(node: Node, path: &str, pattern: &Str) -> Value {
    let text = match node.kind() {
        crate::value::xml::NodeKind::Element | crate::value::xml::NodeKind::Document => write::inner(&node),
        _ => node.value().to_string(),
    };
    let text = text.trim();
    let shown = if path == "InputStream" { text.to_owned() } else { format!("{text}:{path}") };
    let properties = vec![("Node", value(node)), ("Path", Value::from(path)), ("Pattern", Value::Str(pattern.clone()))];
    let info = crate::runtime::objects::object("Microsoft.PowerShell.Commands.SelectXmlInfo", properties);
    set_own_text(&info, shown);
    info
}
