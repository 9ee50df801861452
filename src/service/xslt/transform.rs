//! A style sheet at work: templates are chosen and carried out, and what they make is written.

use super::super::topology_document::escape;
use super::read::{Content, Instruction, Pattern, Piece, Sort, StyleSheet, Template, Variable};
use super::xpath::{Axis, Expression, Item, Path, Scope, Test, Value};
use roxmltree::Document;
use std::collections::HashMap;

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

    fn attribute(&mut self, name: &str, value: &str) {
        if let Some((_, attributes)) = &mut self.open {
            attributes.retain(|(known, _)| known != name);
            attributes.push((name.to_owned(), value.to_owned()));
        }
    }
}

struct Engine<'s> {
    sheet: &'s StyleSheet,
    depth: usize,
}

/// Applies the style sheet from the root of the document.
pub(super) fn run(sheet: &StyleSheet, document: &Document<'_>) -> Run<String> {
    let root = Item::Node(document.root());
    let mut engine = Engine { sheet, depth: 0 };
    let mut output = Output { plain: sheet.method == "text", ..Output::default() };
    let mut globals = HashMap::new();
    for variable in &sheet.globals {
        let value = engine.value(variable, &scope(root, &globals))?;
        globals.insert(variable.name.clone(), value);
    }
    engine.apply_all(&[root], None, &scope(root, &globals), &HashMap::new(), &mut output)?;
    let declared = sheet.method == "xml" && !sheet.without_declaration;
    let declaration = if declared { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" } else { "" };
    Ok(format!("{declaration}{}", output.text))
}

fn scope<'d, 'v>(item: Item<'d>, variables: &'v HashMap<String, Value<'d>>) -> Scope<'d, 'v> {
    Scope { item, position: 1, size: 1, current: item, variables }
}

impl Engine<'_> {
    /// Carries out the template of each item.
    fn apply_all<'d>(
        &mut self,
        items: &[Item<'d>],
        mode: Option<&str>,
        outer: &Scope<'d, '_>,
        parameters: &HashMap<String, Value<'d>>,
        output: &mut Output,
    ) -> Run<()> {
        for (number, item) in items.iter().enumerate() {
            let here = Scope { item: *item, position: number + 1, size: items.len(), current: *item, ..outer.clone() };
            match chosen(self.sheet, *item, mode, &here) {
                Some(template) => self.carry_out(template, &here, parameters, output)?,
                None => self.built_in(&here, mode, output)?,
            }
        }
        Ok(())
    }

    /// What holds where no template fits: text is written, children are looked at.
    fn built_in<'d>(&mut self, here: &Scope<'d, '_>, mode: Option<&str>, output: &mut Output) -> Run<()> {
        match here.item {
            Item::Attribute(..) => output.write(&here.item.text()),
            Item::Node(node) if node.is_text() => output.write(&here.item.text()),
            Item::Node(node) if node.is_element() || node.is_root() => {
                let children: Vec<Item<'d>> = node.children().map(Item::Node).collect();
                self.deeper(|engine| engine.apply_all(&children, mode, here, &HashMap::new(), output))?;
            }
            Item::Node(_) => {}
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

    fn carry_out<'d>(
        &mut self,
        template: &Template,
        here: &Scope<'d, '_>,
        given: &HashMap<String, Value<'d>>,
        output: &mut Output,
    ) -> Run<()> {
        let mut variables = here.variables.clone();
        for parameter in &template.parameters {
            let value = match given.get(&parameter.name) {
                Some(value) => value.clone(),
                None => self.value(parameter, here)?,
            };
            variables.insert(parameter.name.clone(), value);
        }
        self.deeper(|engine| engine.body(&template.body, here, variables, output))
    }

    /// Instructions one after another; variables hold until the end of them.
    fn body<'d>(
        &mut self,
        body: &[Instruction],
        outer: &Scope<'d, '_>,
        mut variables: HashMap<String, Value<'d>>,
        output: &mut Output,
    ) -> Run<()> {
        for instruction in body {
            if let Instruction::Variable(variable) = instruction {
                let here = Scope { variables: &variables, ..outer.clone() };
                let value = self.value(variable, &here)?;
                variables.insert(variable.name.clone(), value);
                continue;
            }
            let here = Scope { variables: &variables, ..outer.clone() };
            self.step(instruction, &here, output)?;
        }
        Ok(())
    }

    fn inner<'d>(&mut self, body: &[Instruction], here: &Scope<'d, '_>, output: &mut Output) -> Run<()> {
        self.body(body, here, here.variables.clone(), output)
    }

    fn step<'d>(&mut self, instruction: &Instruction, here: &Scope<'d, '_>, output: &mut Output) -> Run<()> {
        match instruction {
            Instruction::Text(text) => output.write(text),
            Instruction::ValueOf(select) => output.write(&here.evaluate(select).text()),
            Instruction::CopyOf(select) => match here.evaluate(select) {
                Value::Items(items) => items.iter().for_each(|item| copy(*item, output)),
                other => output.write(&other.text()),
            },
            Instruction::Copy(body) => self.copy_shallow(body, here, output)?,
            Instruction::ForEach { select, sorts, body } => {
                let items = sorted(here.evaluate(select).items(), sorts, here);
                for (number, item) in items.iter().enumerate() {
                    let one =
                        Scope { item: *item, position: number + 1, size: items.len(), current: *item, ..here.clone() };
                    self.inner(body, &one, output)?;
                }
            }
            Instruction::Apply { select, mode, sorts, parameters } => {
                let items = self.selected(select.as_ref(), here);
                let given = self.given(parameters, here)?;
                let items = sorted(items, sorts, here);
                self.deeper(|engine| engine.apply_all(&items, mode.as_deref(), here, &given, output))?;
            }
            Instruction::Call { name, parameters } => {
                let given = self.given(parameters, here)?;
                let sheet = self.sheet;
                let template = sheet.templates.iter().find(|template| template.name.as_ref() == Some(name));
                let template = template.ok_or_else(|| format!("there is no template called '{name}'"))?;
                self.carry_out(template, here, &given, output)?;
            }
            Instruction::If(test, body) => {
                if here.evaluate(test).truth() {
                    self.inner(body, here, output)?;
                }
            }
            Instruction::Choose(choices) => {
                let holds = |test: &Option<Expression>| test.as_ref().is_none_or(|test| here.evaluate(test).truth());
                if let Some((_, body)) = choices.iter().find(|(test, _)| holds(test)) {
                    self.inner(body, here, output)?;
                }
            }
            Instruction::Element { name, attributes, body } => {
                let name = filled(name, here);
                output.begin(&name);
                for (attribute, value) in attributes {
                    output.attribute(attribute, &filled(value, here));
                }
                self.inner(body, here, output)?;
                output.end(&name);
            }
            Instruction::Attribute { name, body } => {
                let value = self.text_of(body, here)?;
                output.attribute(&filled(name, here), &value);
            }
            Instruction::Comment(body) => {
                let text = self.text_of(body, here)?;
                output.close_tag(false);
                if !output.plain {
                    output.text.push_str(&format!("<!--{}-->", text.replace("--", "- -")));
                }
            }
            Instruction::Variable(_) => {}
        }
        Ok(())
    }

    fn copy_shallow<'d>(&mut self, body: &[Instruction], here: &Scope<'d, '_>, output: &mut Output) -> Run<()> {
        match here.item {
            Item::Attribute(_, attribute) => output.attribute(attribute.name(), attribute.value()),
            Item::Node(node) if node.is_element() => {
                output.begin(node.tag_name().name());
                self.inner(body, here, output)?;
                output.end(node.tag_name().name());
            }
            Item::Node(node) if node.is_root() => self.inner(body, here, output)?,
            Item::Node(node) if node.is_text() => output.write(&here.item.text()),
            Item::Node(_) => {}
        }
        Ok(())
    }

    fn selected<'d>(&self, select: Option<&Expression>, here: &Scope<'d, '_>) -> Vec<Item<'d>> {
        match (select, here.item) {
            (Some(select), _) => here.evaluate(select).items(),
            (None, Item::Node(node)) => node.children().map(Item::Node).collect(),
            (None, Item::Attribute(..)) => Vec::new(),
        }
    }

    fn given<'d>(&mut self, parameters: &[Variable], here: &Scope<'d, '_>) -> Run<HashMap<String, Value<'d>>> {
        parameters.iter().map(|one| Ok((one.name.clone(), self.value(one, here)?))).collect()
    }

    fn value<'d>(&mut self, variable: &Variable, here: &Scope<'d, '_>) -> Run<Value<'d>> {
        match &variable.value {
            Content::Select(select) => Ok(here.evaluate(select)),
            Content::Body(body) => Ok(Value::Text(self.text_of(body, here)?)),
        }
    }

    /// What instructions write, as text.
    fn text_of(&mut self, body: &[Instruction], here: &Scope<'_, '_>) -> Run<String> {
        let mut output = Output { plain: true, ..Output::default() };
        self.inner(body, here, &mut output)?;
        Ok(output.text)
    }
}

fn filled(pattern: &Pattern, here: &Scope<'_, '_>) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Value(expression) => here.evaluate(expression).text(),
    };
    pattern.iter().map(piece).collect()
}

/// An item with everything below it.
fn copy(item: Item<'_>, output: &mut Output) {
    match item {
        Item::Attribute(_, attribute) => output.attribute(attribute.name(), attribute.value()),
        Item::Node(node) if node.is_element() => {
            output.begin(node.tag_name().name());
            node.attributes().for_each(|attribute| output.attribute(attribute.name(), attribute.value()));
            node.children().for_each(|child| copy(Item::Node(child), output));
            output.end(node.tag_name().name());
        }
        Item::Node(node) if node.is_root() => node.children().for_each(|child| copy(Item::Node(child), output)),
        Item::Node(node) if node.is_text() => output.write(&item.text()),
        Item::Node(_) => {}
    }
}

fn sorted<'d>(mut items: Vec<Item<'d>>, sorts: &[Sort], here: &Scope<'d, '_>) -> Vec<Item<'d>> {
    // The last key first: the sort is stable.
    for sort in sorts.iter().rev() {
        let key = |item: &Item<'d>| Scope { item: *item, current: *item, ..here.clone() }.evaluate(&sort.select).text();
        items.sort_by(|left, right| {
            let (left, right) = (key(left), key(right));
            let order = match sort.numbers {
                true => {
                    let number = |text: &str| text.trim().parse::<f64>().unwrap_or(f64::NEG_INFINITY);
                    number(&left).total_cmp(&number(&right))
                }
                false => left.to_lowercase().cmp(&right.to_lowercase()).then_with(|| left.cmp(&right)),
            };
            if sort.descending { order.reverse() } else { order }
        });
    }
    items
}

/// The template for an item: of the highest priority, and of those the last.
fn chosen<'s>(sheet: &'s StyleSheet, item: Item<'_>, mode: Option<&str>, here: &Scope<'_, '_>) -> Option<&'s Template> {
    let mut best: Option<(f64, &Template)> = None;
    for template in sheet.templates.iter().filter(|template| template.mode.as_deref() == mode) {
        for pattern in template.patterns.iter().filter(|pattern| fits(pattern, item, here)) {
            let priority = template.priority.unwrap_or_else(|| natural_priority(pattern));
            if best.is_none_or(|(known, _)| priority >= known) {
                best = Some((priority, template));
            }
        }
    }
    best.map(|(_, template)| template)
}

fn natural_priority(pattern: &Path) -> f64 {
    match pattern.steps.as_slice() {
        [step] if !pattern.absolute && step.conditions.is_empty() => match step.test {
            Test::Name(_) => 0.0,
            Test::Any | Test::AnyNode | Test::Text | Test::Comment => -0.5,
        },
        _ => 0.5,
    }
}

/// Does a pattern match an item? Its steps are looked at from the last to the first.
fn fits(pattern: &Path, item: Item<'_>, here: &Scope<'_, '_>) -> bool {
    fits_from(pattern, pattern.steps.len(), item, here)
}

fn fits_from(pattern: &Path, length: usize, item: Item<'_>, here: &Scope<'_, '_>) -> bool {
    let is_root = |item: &Item<'_>| matches!(item, Item::Node(node) if node.is_root());
    let Some(step) = length.checked_sub(1).and_then(|at| pattern.steps.get(at)) else {
        return !pattern.absolute || is_root(&item);
    };
    if step.axis == Axis::DescendantOrSelf {
        let mut at = Some(item);
        while let Some(found) = at {
            if fits_from(pattern, length - 1, found, here) {
                return true;
            }
            at = found.parent();
        }
        return false;
    }
    let of_axis = matches!((step.axis, item), (Axis::Attribute, Item::Attribute(..)) | (Axis::Child, Item::Node(_)));
    if !of_axis || is_root(&item) || !item.passes(&step.test) {
        return false;
    }
    let holds = step.conditions.iter().all(|condition| {
        let siblings = same_siblings(item, &step.test);
        let position = siblings.iter().position(|other| *other == item).map_or(1, |at| at + 1);
        let nothing = HashMap::new();
        let own = Scope { item, position, size: siblings.len(), current: item, variables: &nothing };
        match own.evaluate(condition) {
            Value::Number(number) => number == position as f64,
            other => other.truth(),
        }
    });
    if length == 1 && !pattern.absolute {
        return holds;
    }
    holds && item.parent().is_some_and(|parent| fits_from(pattern, length - 1, parent, here))
}

fn same_siblings<'d>(item: Item<'d>, test: &Test) -> Vec<Item<'d>> {
    match item.parent() {
        Some(Item::Node(parent)) if matches!(item, Item::Node(_)) => {
            parent.children().map(Item::Node).filter(|other| other.passes(test)).collect()
        }
        _ => vec![item],
    }
}
