//! A style sheet read into templates and instructions; everything in it is checked here.

use super::NAMESPACE;
use crate::value::xml::xpath::{self, Axis, Dialect, Expression, Step};
use roxmltree::{Document, Node};
use std::cell::RefCell;

/// A style sheet.
#[derive(Debug, Default)]
pub(crate) struct StyleSheet {
    pub(super) templates: Vec<Template>,
    pub(super) globals: Vec<Variable>,
    /// `text`, `xml` or `html`.
    pub(super) method: String,
    pub(super) without_declaration: bool,
    /// Prefixes of its expressions, with their namespaces.
    pub(super) namespaces: Vec<(String, String)>,
}

/// What a template matches: steps along children and attributes.
#[derive(Debug)]
pub(super) struct Path {
    /// From the document's root.
    pub(super) absolute: bool,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) struct Template {
    /// What it matches: alternatives of paths.
    pub(super) patterns: Vec<Path>,
    pub(super) name: Option<String>,
    pub(super) mode: Option<String>,
    pub(super) priority: Option<f64>,
    pub(super) parameters: Vec<Variable>,
    pub(super) body: Vec<Instruction>,
}

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Select(Expression),
    Body(Vec<Instruction>),
}

#[derive(Debug)]
pub(super) struct Sort {
    pub(super) select: Expression,
    pub(super) numbers: bool,
    pub(super) descending: bool,
}

/// Text with expressions in braces.
pub(super) type Pattern = Vec<Piece>;

#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Value(Expression),
}

#[derive(Debug)]
pub(super) enum Instruction {
    Text(String),
    ValueOf(Expression),
    CopyOf(Expression),
    Copy(Vec<Instruction>),
    ForEach { select: Expression, sorts: Vec<Sort>, body: Vec<Instruction> },
    Apply { select: Option<Expression>, mode: Option<String>, sorts: Vec<Sort>, parameters: Vec<Variable> },
    Call { name: String, parameters: Vec<Variable> },
    If(Expression, Vec<Instruction>),
    Choose(Vec<(Option<Expression>, Vec<Instruction>)>),
    Variable(Variable),
    Element { name: Pattern, attributes: Vec<(String, Pattern)>, body: Vec<Instruction> },
    Attribute { name: Pattern, body: Vec<Instruction> },
    Comment(Vec<Instruction>),
}

type Read<T> = Result<T, String>;

/// Reads a style sheet and keeps the names of its variables: those that are used must be set somewhere.
#[derive(Default)]
struct Reader {
    used: RefCell<Vec<String>>,
    set: RefCell<Vec<String>>,
}

pub(super) fn style_sheet(text: &str) -> Read<StyleSheet> {
    let document = Document::parse(text).map_err(|error| format!("it is not well-formed XML: {error}"))?;
    let root = document.root_element();
    if !is(root, "stylesheet") && !is(root, "transform") {
        return Err("it is not an XSLT style sheet".to_owned());
    }
    let prefixed = |one: &roxmltree::Namespace<'_>| Some((one.name()?.to_owned(), one.uri().to_owned()));
    let namespaces = root.namespaces().filter_map(prefixed).collect();
    let mut sheet = StyleSheet { method: "xml".to_owned(), namespaces, ..StyleSheet::default() };
    let reader = Reader::default();
    for node in root.children().filter(Node::is_element) {
        reader.top_level(&mut sheet, node).map_err(|reason| at(node, &reason))?;
    }
    let set = reader.set.into_inner();
    if let Some(name) = reader.used.into_inner().into_iter().find(|name| !set.contains(name)) {
        return Err(format!("nothing sets the variable '{name}'"));
    }
    let unknown = sheet.templates.iter().find_map(|template| missing_call(&sheet, &template.body));
    match unknown {
        Some(name) => Err(format!("there is no template called '{name}'")),
        None => Ok(sheet),
    }
}

fn at(node: Node<'_, '_>, reason: &str) -> String {
    if reason.starts_with("line ") {
        return reason.to_owned();
    }
    let line = node.document().text_pos_at(node.range().start).row;
    format!("line {line}: {reason}")
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.tag_name().namespace() == Some(NAMESPACE) && node.tag_name().name() == name
}

impl Reader {
    fn expression(&self, text: &str) -> Read<Expression> {
        let read = xpath::parse(text, Dialect::StyleSheet).map_err(|why| format!("'{text}': {why}"))?;
        read.variables(&mut self.used.borrow_mut());
        Ok(read)
    }

    fn top_level(&self, sheet: &mut StyleSheet, node: Node<'_, '_>) -> Read<()> {
        if node.tag_name().namespace() != Some(NAMESPACE) {
            return Ok(());
        }
        match node.tag_name().name() {
            "output" => {
                if let Some(method) = node.attribute("method") {
                    method.clone_into(&mut sheet.method);
                }
                sheet.without_declaration = node.attribute("omit-xml-declaration") == Some("yes");
            }
            "template" => sheet.templates.push(self.template(node)?),
            "variable" | "param" => sheet.globals.push(self.variable(node)?),
            // They change white space only, which nothing here depends on.
            "strip-space" | "preserve-space" => {}
            other => return Err(format!("xsl:{other} is not supported")),
        }
        Ok(())
    }

    fn template(&self, node: Node<'_, '_>) -> Read<Template> {
        let patterns = match node.attribute("match") {
            None => Vec::new(),
            Some(text) => alternatives(self.expression(text)?)
                .ok_or_else(|| format!("'{text}' is no pattern; use steps, such as Conversation/Messages"))?,
        };
        let (parameters, rest): (Vec<_>, Vec<_>) = node.children().partition(|child| is(*child, "param"));
        Ok(Template {
            patterns,
            name: node.attribute("name").map(str::to_owned),
            mode: node.attribute("mode").map(str::to_owned),
            priority: node.attribute("priority").and_then(|text| text.parse().ok()),
            parameters: parameters.into_iter().map(|node| self.variable(node)).collect::<Read<_>>()?,
            body: self.instructions(rest)?,
        })
    }

    fn variable(&self, node: Node<'_, '_>) -> Read<Variable> {
        let name = node.attribute("name").ok_or("the attribute 'name' is missing")?.to_owned();
        self.set.borrow_mut().push(name.clone());
        let value = match node.attribute("select") {
            Some(text) => Content::Select(self.expression(text)?),
            None => Content::Body(self.instructions(node.children().collect())?),
        };
        Ok(Variable { name, value })
    }

    fn instructions(&self, nodes: Vec<Node<'_, '_>>) -> Read<Vec<Instruction>> {
        let mut found = Vec::new();
        for node in nodes {
            if let Some(text) = node.text().filter(|_| node.is_text()) {
                if !text.trim().is_empty() {
                    found.push(Instruction::Text(text.to_owned()));
                }
            } else if node.is_element() {
                found.push(self.instruction(node).map_err(|reason| at(node, &reason))?);
            }
        }
        Ok(found)
    }

    fn instruction(&self, node: Node<'_, '_>) -> Read<Instruction> {
        let body = || self.instructions(node.children().filter(|child| !is(*child, "sort")).collect());
        if node.tag_name().namespace() != Some(NAMESPACE) {
            let attributes = node.attributes().map(|one| Ok((one.name().to_owned(), self.pattern(one.value())?)));
            let name = vec![Piece::Text(node.tag_name().name().to_owned())];
            return Ok(Instruction::Element { name, attributes: attributes.collect::<Read<_>>()?, body: body()? });
        }
        let required = |name: &str| node.attribute(name).ok_or_else(|| format!("the attribute '{name}' is missing"));
        let select = || self.expression(required("select")?);
        Ok(match node.tag_name().name() {
            "text" => Instruction::Text(node.text().unwrap_or_default().to_owned()),
            "value-of" => Instruction::ValueOf(select()?),
            "copy-of" => Instruction::CopyOf(select()?),
            "copy" => Instruction::Copy(body()?),
            "for-each" => Instruction::ForEach { select: select()?, sorts: self.sorts(node)?, body: body()? },
            "apply-templates" => Instruction::Apply {
                select: node.attribute("select").map(|text| self.expression(text)).transpose()?,
                mode: node.attribute("mode").map(str::to_owned),
                sorts: self.sorts(node)?,
                parameters: self.parameters(node)?,
            },
            "call-template" => {
                Instruction::Call { name: required("name")?.to_owned(), parameters: self.parameters(node)? }
            }
            "if" => Instruction::If(self.expression(required("test")?)?, body()?),
            "choose" => Instruction::Choose(self.choices(node)?),
            "variable" => Instruction::Variable(self.variable(node)?),
            "element" => {
                Instruction::Element { name: self.pattern(required("name")?)?, attributes: Vec::new(), body: body()? }
            }
            "attribute" => Instruction::Attribute { name: self.pattern(required("name")?)?, body: body()? },
            "comment" => Instruction::Comment(body()?),
            other => return Err(format!("xsl:{other} is not supported")),
        })
    }

    fn sorts(&self, node: Node<'_, '_>) -> Read<Vec<Sort>> {
        let sort = |node: Node<'_, '_>| {
            Ok(Sort {
                select: self.expression(node.attribute("select").unwrap_or("."))?,
                numbers: node.attribute("data-type") == Some("number"),
                descending: node.attribute("order") == Some("descending"),
            })
        };
        node.children().filter(|child| is(*child, "sort")).map(sort).collect()
    }

    fn parameters(&self, node: Node<'_, '_>) -> Read<Vec<Variable>> {
        node.children().filter(|child| is(*child, "with-param")).map(|node| self.variable(node)).collect()
    }

    fn choices(&self, node: Node<'_, '_>) -> Read<Vec<(Option<Expression>, Vec<Instruction>)>> {
        let mut found = Vec::new();
        for choice in node.children().filter(Node::is_element) {
            let test = match (is(choice, "when"), choice.attribute("test")) {
                (true, Some(text)) => Some(self.expression(text)?),
                (true, None) => return Err("the attribute 'test' is missing".to_owned()),
                (false, _) if is(choice, "otherwise") => None,
                (false, _) => return Err("xsl:choose holds xsl:when and xsl:otherwise only".to_owned()),
            };
            found.push((test, self.instructions(choice.children().collect())?));
        }
        Ok(found)
    }

    /// Text with `{expression}`; doubled braces stand for themselves.
    fn pattern(&self, text: &str) -> Read<Pattern> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let (brace, after) = rest[at..].split_at(1);
            if let Some(doubled) = after.strip_prefix(brace) {
                plain.push_str(brace);
                rest = doubled;
            } else if brace == "{" {
                let end = after.find('}').ok_or_else(|| format!("'{text}' has a brace without its other"))?;
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Value(self.expression(&after[..end])?));
                rest = &after[end + 1..];
            } else {
                return Err(format!("'{text}' has a brace without its other"));
            }
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        Ok(pieces)
    }
}

/// The paths of a pattern.
fn alternatives(expression: Expression) -> Option<Vec<Path>> {
    let (absolute, steps) = match expression {
        Expression::Union(left, right) => {
            let mut all = alternatives(*left)?;
            all.extend(alternatives(*right)?);
            return Some(all);
        }
        Expression::Absolute(steps) => (true, steps),
        Expression::Relative(steps) => (false, steps),
        _ => return None,
    };
    let fits = |step: &Step| matches!(step.axis, Axis::Child | Axis::Attribute | Axis::DescendantOrSelf);
    steps.iter().all(fits).then(|| vec![Path { absolute, steps }])
}

/// The first template that is called and is not there.
fn missing_call(sheet: &StyleSheet, body: &[Instruction]) -> Option<String> {
    let known = |name: &str| sheet.templates.iter().any(|template| template.name.as_deref() == Some(name));
    body.iter().find_map(|instruction| match instruction {
        Instruction::Call { name, .. } if !known(name) => Some(name.clone()),
        Instruction::ForEach { body, .. }
        | Instruction::If(_, body)
        | Instruction::Copy(body)
        | Instruction::Element { body, .. }
        | Instruction::Attribute { body, .. }
        | Instruction::Comment(body) => missing_call(sheet, body),
        Instruction::Choose(choices) => choices.iter().find_map(|(_, body)| missing_call(sheet, body)),
        Instruction::Call { .. }
        | Instruction::Text(_)
        | Instruction::ValueOf(_)
        | Instruction::CopyOf(_)
        | Instruction::Apply { .. }
        | Instruction::Variable(_) => None,
    })
}
