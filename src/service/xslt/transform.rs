//! A style sheet at work: templates are chosen and carried out, and what they make is written.

use super::super::topology_document::escape;
use super::read::{Content, Instruction, Path, Pattern, Piece, Sort, StyleSheet, Template, Variable};
use crate::value::Str;
use crate::value::xml::xpath::{Axis, Context, Expression, Found, Refused, Test, Variables};
use crate::value::xml::{Node, NodeKind, XMLNS, read};

/// Deepest nesting of templates.
const DEEPEST: usize = 500;

type Run<T> = Result<T, String>;

/// What is written so far: text, and the start tag that attributes can still join.
#[derive(Default)]
struct Output {
    text: String,
    /// Name and attributes of the element whose start tag is not written yet.
    open: Option<(String, Vec<(String, String)>)>,
    plain: bool,
}

impl Output {
    fn close_tag(&mut self, empty: bool) {
        let Some((name, attributes)) = self.open.take() else { return };
        self.text.push('<');
        self.text.push_str(&name);
        for (name, value) in attributes {
            self.text.push_str(&format!(" {name}=\"{}\"", escape(&value)));
        }
        self.text.push_str(if empty { "/>" } else { ">" });
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.plain {
            self.text.push_str(text);
            return;
        }
        self.close_tag(false);
        self.text.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    }

    fn begin(&mut self, name: &str) {
        self.close_tag(false);
        if !self.plain {
            self.open = Some((name.to_owned(), Vec::new()));
        }
    }

    fn end(&mut self, name: &str) {
        match self.open.is_some() {
            true => self.close_tag(true),
            false if !self.plain => self.text.push_str(&format!("</{name}>")),
            false => {}
        }
    }

    fn comment(&mut self, text: &str) {
        self.close_tag(false);
        if !self.plain {
            self.text.push_str(&format!("<!--{}-->", text.replace("--", "- -")));
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        if let Some((_, attributes)) = &mut self.open {
            attributes.retain(|(known, _)| known != name);
            attributes.push((name.to_owned(), value.to_owned()));
        }
    }
}

struct Engine<'s> {
    sheet: &'s StyleSheet,
    /// What every template sees.
    globals: Variables,
    depth: usize,
}

/// Applies the style sheet from the root of the document.
pub(super) fn run(sheet: &StyleSheet, document: &str) -> Run<String> {
    let tree = read::document(document, read::Blanks::Kept).map_err(|fault| fault.message)?;
    let root = Node::document(&tree);
    let text = |(prefix, namespace): &(String, String)| (Str::from(prefix.as_str()), Str::from(namespace.as_str()));
    let namespaces: Vec<(Str, Str)> = sheet.namespaces.iter().map(text).collect();
    let start = Context::new(root.clone(), &namespaces);
    let mut engine = Engine { sheet, globals: Variables::new(), depth: 0 };
    for variable in &sheet.globals {
        let known = engine.globals.clone();
        let value = engine.value(variable, &start.with(&known))?;
        engine.globals.insert(variable.name.clone(), value);
    }
    let mut output = Output { plain: sheet.method == "text", ..Output::default() };
    let globals = engine.globals.clone();
    engine.apply_all(&[root], None, &start.with(&globals), &Variables::new(), &mut output)?;
    let declared = sheet.method == "xml" && !sheet.without_declaration;
    let declaration = if declared { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" } else { "" };
    Ok(format!("{declaration}{}", output.text))
}

/// The value of an expression.
fn evaluated(expression: &Expression, here: &Context<'_>) -> Run<Found> {
    here.evaluate(expression).map_err(|why: Refused| why.to_string())
}

/// The nodes of an expression; none where it gives something else.
fn nodes(expression: &Expression, here: &Context<'_>) -> Run<Vec<Node>> {
    match evaluated(expression, here)? {
        Found::Nodes(nodes) => Ok(nodes),
        Found::Number(_) | Found::Text(_) | Found::Flag(_) => Ok(Vec::new()),
    }
}

impl Engine<'_> {
    /// Carries out the template of each node.
    fn apply_all(
        &mut self,
        nodes: &[Node],
        mode: Option<&str>,
        outer: &Context<'_>,
        given: &Variables,
        output: &mut Output,
    ) -> Run<()> {
        for (number, node) in nodes.iter().enumerate() {
            let here = outer.on(node.clone(), number + 1, nodes.len());
            match chosen(self.sheet, mode, &here)? {
                Some(template) => self.carry_out(template, &here, given, output)?,
                None => self.built_in(&here, mode, output)?,
            }
        }
        Ok(())
    }

    /// What holds where no template fits: text is written, children are looked at.
    fn built_in(&mut self, here: &Context<'_>, mode: Option<&str>, output: &mut Output) -> Run<()> {
        let node = here.node();
        match node.kind() {
            NodeKind::Element | NodeKind::Document => {
                let children = seen_children(node);
                self.deeper(|engine| engine.apply_all(&children, mode, here, &Variables::new(), output))?;
            }
            kind if kind.is_text() || kind == NodeKind::Attribute => output.write(&node.value()),
            _ => {}
        }
        Ok(())
    }

    fn deeper(&mut self, work: impl FnOnce(&mut Self) -> Run<()>) -> Run<()> {
        if self.depth >= DEEPEST {
            return Err("its templates call each other without end".to_owned());
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// A template sees the variables of the style sheet and its parameters, not those of its caller.
    fn carry_out(
        &mut self,
        template: &Template,
        here: &Context<'_>,
        given: &Variables,
        output: &mut Output,
    ) -> Run<()> {
        let mut variables = self.globals.clone();
        for parameter in &template.parameters {
            let value = match given.get(&parameter.name) {
                Some(value) => value.clone(),
                None => self.value(parameter, &here.with(&variables))?,
            };
            variables.insert(parameter.name.clone(), value);
        }
        self.deeper(|engine| engine.body(&template.body, here, variables, output))
    }

    /// Instructions one after another; variables hold until the end of them.
    fn body(
        &mut self,
        body: &[Instruction],
        outer: &Context<'_>,
        mut variables: Variables,
        output: &mut Output,
    ) -> Run<()> {
        for instruction in body {
            if let Instruction::Variable(variable) = instruction {
                let value = self.value(variable, &outer.with(&variables))?;
                variables.insert(variable.name.clone(), value);
                continue;
            }
            self.step(instruction, &outer.with(&variables), output)?;
        }
        Ok(())
    }

    fn inner(&mut self, body: &[Instruction], here: &Context<'_>, output: &mut Output) -> Run<()> {
        let variables = here.variables().cloned().unwrap_or_default();
        self.body(body, here, variables, output)
    }

    fn step(&mut self, instruction: &Instruction, here: &Context<'_>, output: &mut Output) -> Run<()> {
        match instruction {
            Instruction::Text(text) => output.write(text),
            Instruction::ValueOf(select) => output.write(&evaluated(select, here)?.text()),
            Instruction::CopyOf(select) => match evaluated(select, here)? {
                Found::Nodes(nodes) => nodes.iter().for_each(|node| copy(node, output)),
                other => output.write(&other.text()),
            },
            Instruction::Copy(body) => self.copy_shallow(body, here, output)?,
            Instruction::ForEach { select, sorts, body } => {
                let nodes = sorted(nodes(select, here)?, sorts, here)?;
                for (number, node) in nodes.iter().enumerate() {
                    self.inner(body, &here.on(node.clone(), number + 1, nodes.len()), output)?;
                }
            }
            Instruction::Apply { select, mode, sorts, parameters } => {
                let nodes = match select {
                    Some(select) => nodes(select, here)?,
                    None => seen_children(here.node()),
                };
                let given = self.given(parameters, here)?;
                let nodes = sorted(nodes, sorts, here)?;
                self.deeper(|engine| engine.apply_all(&nodes, mode.as_deref(), here, &given, output))?;
            }
            Instruction::Call { name, parameters } => {
                let given = self.given(parameters, here)?;
                let sheet = self.sheet;
                let template = sheet.templates.iter().find(|template| template.name.as_ref() == Some(name));
                let template = template.ok_or_else(|| format!("there is no template called '{name}'"))?;
                self.carry_out(template, here, &given, output)?;
            }
            Instruction::If(test, body) => {
                if evaluated(test, here)?.flag() {
                    self.inner(body, here, output)?;
                }
            }
            Instruction::Choose(choices) => self.choose(choices, here, output)?,
            Instruction::Element { name, attributes, body } => {
                let name = filled(name, here)?;
                output.begin(&name);
                for (attribute, value) in attributes {
                    output.attribute(attribute, &filled(value, here)?);
                }
                self.inner(body, here, output)?;
                output.end(&name);
            }
            Instruction::Attribute { name, body } => {
                let value = self.text_of(body, here)?;
                output.attribute(&filled(name, here)?, &value);
            }
            Instruction::Comment(body) => {
                let text = self.text_of(body, here)?;
                output.comment(&text);
            }
            Instruction::Variable(_) => {}
        }
        Ok(())
    }

    fn choose(
        &mut self,
        choices: &[(Option<Expression>, Vec<Instruction>)],
        here: &Context<'_>,
        output: &mut Output,
    ) -> Run<()> {
        for (test, body) in choices {
            let holds = match test {
                Some(test) => evaluated(test, here)?.flag(),
                None => true,
            };
            if holds {
                return self.inner(body, here, output);
            }
        }
        Ok(())
    }

    fn copy_shallow(&mut self, body: &[Instruction], here: &Context<'_>, output: &mut Output) -> Run<()> {
        let node = here.node();
        match node.kind() {
            NodeKind::Attribute => output.attribute(&node.full_name(), &node.value()),
            NodeKind::Element => {
                output.begin(&node.full_name());
                let declarations = node.attributes().into_iter().filter(|one| one.name().namespace.as_str() == XMLNS);
                declarations.for_each(|one| output.attribute(&one.full_name(), &one.value()));
                self.inner(body, here, output)?;
                output.end(&node.full_name());
            }
            NodeKind::Document => self.inner(body, here, output)?,
            kind if kind.is_text() => output.write(&node.value()),
            NodeKind::Comment => output.comment(&node.value()),
            _ => {}
        }
        Ok(())
    }

    fn given(&mut self, parameters: &[Variable], here: &Context<'_>) -> Run<Variables> {
        parameters.iter().map(|one| Ok((one.name.clone(), self.value(one, here)?))).collect()
    }

    fn value(&mut self, variable: &Variable, here: &Context<'_>) -> Run<Found> {
        match &variable.value {
            Content::Select(select) => evaluated(select, here),
            Content::Body(body) => Ok(Found::Text(self.text_of(body, here)?)),
        }
    }

    /// What instructions write, as text.
    fn text_of(&mut self, body: &[Instruction], here: &Context<'_>) -> Run<String> {
        let mut output = Output { plain: true, ..Output::default() };
        self.inner(body, here, &mut output)?;
        Ok(output.text)
    }
}

/// The children that templates are applied to; XSLT knows no declarations.
fn seen_children(node: &Node) -> Vec<Node> {
    node.children().into_iter().filter(|child| child.kind() != NodeKind::Declaration).collect()
}

fn filled(pattern: &Pattern, here: &Context<'_>) -> Run<String> {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => Ok(text.clone()),
        Piece::Value(expression) => Ok(evaluated(expression, here)?.text()),
    };
    pattern.iter().map(piece).collect()
}

/// A node with everything below it.
fn copy(node: &Node, output: &mut Output) {
    match node.kind() {
        NodeKind::Attribute => output.attribute(&node.full_name(), &node.value()),
        NodeKind::Element => {
            output.begin(&node.full_name());
            node.attributes().iter().for_each(|one| output.attribute(&one.full_name(), &one.value()));
            node.children().iter().for_each(|child| copy(child, output));
            output.end(&node.full_name());
        }
        NodeKind::Document => node.children().iter().for_each(|child| copy(child, output)),
        kind if kind.is_text() => output.write(&node.value()),
        NodeKind::Comment => output.comment(&node.value()),
        _ => {}
    }
}

fn sorted(mut nodes: Vec<Node>, sorts: &[Sort], here: &Context<'_>) -> Run<Vec<Node>> {
    // The last key first: the sort is stable.
    for sort in sorts.iter().rev() {
        let key = |node: Node| Ok((evaluated(&sort.select, &here.on(node.clone(), 1, 1))?.text(), node));
        let mut keyed: Vec<(String, Node)> = nodes.into_iter().map(key).collect::<Run<_>>()?;
        keyed.sort_by(|(left, _), (right, _)| {
            let order = match sort.numbers {
                true => {
                    let number = |text: &str| text.trim().parse::<f64>().unwrap_or(f64::NEG_INFINITY);
                    number(left).total_cmp(&number(right))
                }
                false => left.to_lowercase().cmp(&right.to_lowercase()).then_with(|| left.cmp(right)),
            };
            if sort.descending { order.reverse() } else { order }
        });
        nodes = keyed.into_iter().map(|(_, node)| node).collect();
    }
    Ok(nodes)
}

/// The template for a node: of the highest priority, and of those the last.
fn chosen<'s>(sheet: &'s StyleSheet, mode: Option<&str>, here: &Context<'_>) -> Run<Option<&'s Template>> {
    let mut best: Option<(f64, &Template)> = None;
    for template in sheet.templates.iter().filter(|template| template.mode.as_deref() == mode) {
        for pattern in &template.patterns {
            let priority = template.priority.unwrap_or_else(|| natural_priority(pattern));
            let better = best.is_none_or(|(known, _)| priority >= known);
            if better && fits(pattern, pattern.steps.len(), here.node(), here)? {
                best = Some((priority, template));
            }
        }
    }
    Ok(best.map(|(_, template)| template))
}

/// XSLT 1.0, 5.5: names before kinds of nodes, longer patterns before both.
fn natural_priority(pattern: &Path) -> f64 {
    match pattern.steps.as_slice() {
        [step] if !pattern.absolute && step.predicates.is_empty() => match step.test {
            Test::Name(..) | Test::Instruction(Some(_)) => 0.0,
            Test::AnyIn(_) => -0.25,
            Test::Any | Test::Node | Test::Text | Test::Comment | Test::Instruction(None) => -0.5,
        },
        _ => 0.5,
    }
}

/// Do the first steps of a pattern match a node? They are looked at from the last to the first.
fn fits(pattern: &Path, length: usize, node: &Node, here: &Context<'_>) -> Run<bool> {
    let is_root = node.kind() == NodeKind::Document;
    let Some(step) = length.checked_sub(1).and_then(|at| pattern.steps.get(at)) else {
        return Ok(!pattern.absolute || is_root);
    };
    if step.axis == Axis::DescendantOrSelf {
        for above in std::iter::successors(Some(node.clone()), Node::parent) {
            if fits(pattern, length - 1, &above, here)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let passes = |node: &Node| here.passes(node, step).map_err(|why| why.to_string());
    let of_axis = (step.axis == Axis::Attribute) == (node.kind() == NodeKind::Attribute);
    if !of_axis || is_root || !passes(node)? {
        return Ok(false);
    }
    let siblings = match node.parent() {
        Some(parent) if step.axis == Axis::Child && !step.predicates.is_empty() => seen_children(&parent),
        _ => vec![node.clone()],
    };
    let mut alike = Vec::new();
    for sibling in siblings {
        if passes(&sibling)? {
            alike.push(sibling);
        }
    }
    let position = alike.iter().position(|other| other == node).map_or(1, |at| at + 1);
    for predicate in &step.predicates {
        let holds = match evaluated(predicate, &here.on(node.clone(), position, alike.len()))? {
            Found::Number(number) => number == position as f64,
            other => other.flag(),
        };
        if !holds {
            return Ok(false);
        }
    }
    if length == 1 && !pattern.absolute {
        return Ok(true);
    }
    match node.parent() {
        Some(parent) => fits(pattern, length - 1, &parent, here),
        None => Ok(false),
    }
}
