//! What an expression may be, without running it: from values that are there already, from the types of members and
//! commands, and from what the text assigned before the cursor.

use super::command_line::CommandLine;
use super::site::{Element, Site, source_of};
use crate::runtime::{Session, Symbol};
use crate::syntax::{self, ArgumentKind, CommandKind, Expr, ExprKind, PipelineKind, Statement, StatementKind};
use crate::value::{TypeRef, Value, convert, enumerate, members, types};
use std::ops::Range;
use std::rc::Rc;

/// What is known of an expression.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// Its value.
    Value(Value),
    /// Its type.
    Type(TypeRef),
    /// It is a type literal.
    Static(TypeRef),
    /// Names that it has as properties or keys beside its type's.
    Names(Rc<[String]>, TypeRef),
    /// An instance of a class that the text declares.
    Class(Rc<syntax::Class>),
    /// A class that the text declares.
    StaticClass(Rc<syntax::Class>),
}

/// How deep inference goes; a variable may be assigned from itself.
const DEPTH: u8 = 12;

pub(super) struct Inference<'a> {
    session: &'a mut Session,
    site: &'a Site<'a>,
    depth: u8,
}

impl<'a> Inference<'a> {
    pub(super) fn new(session: &'a mut Session, site: &'a Site<'a>) -> Self {
        Inference { session, site, depth: 0 }
    }

    /// What a stretch of the text may be.
    pub(super) fn of_range(&mut self, range: Range<usize>) -> Vec<Known> {
        match self.site.text.get(range) {
            Some(text) => self.of_text(text),
            None => Vec::new(),
        }
    }

    fn of_text(&mut self, text: &str) -> Vec<Known> {
        if self.depth >= DEPTH {
            return Vec::new();
        }
        self.depth += 1;
        let parsed = syntax::parse(&source_of(text));
        let statements = parsed.ast.end.as_ref().map(|block| block.statements.as_slice()).unwrap_or_default();
        let found = statements.last().map(|statement| self.statement(statement)).unwrap_or_default();
        self.depth -= 1;
        found
    }

    fn statement(&mut self, statement: &Statement) -> Vec<Known> {
        let StatementKind::Pipeline(chain) = &statement.kind else { return Vec::new() };
        match &chain.first.kind {
            PipelineKind::Assignment { value, .. } => self.statement(value),
            PipelineKind::Commands(commands) => self.pipeline(commands),
        }
    }

    fn pipeline(&mut self, commands: &[syntax::Command]) -> Vec<Known> {
        let mut found = Vec::new();
        for command in commands {
            found = match &command.kind {
                CommandKind::Expression(expression) => self.expression(expression),
                CommandKind::Invocation { name, arguments, .. } => self.command(name, arguments, found),
            };
        }
        found
    }

    /// What a command gives, from its declared output types; some pass on what they get.
    fn command(&mut self, name: &Expr, arguments: &[syntax::Argument], input: Vec<Known>) -> Vec<Known> {
        let ExprKind::String(name, _) = &name.kind else { return Vec::new() };
        let line = CommandLine::named(name);
        let Some((command, signature)) = line.signature(self.session, self.site) else { return Vec::new() };
        let full = command.name();
        const PASSING: [&str; 7] =
            ["Where-Object", "Sort-Object", "Tee-Object", "Get-Unique", "Get-Random", "Select-Object", "Write-Output"];
        if PASSING.iter().any(|known| full.eq_ignore_ascii_case(known)) && !input.is_empty() {
            return items(input);
        }
        if full.eq_ignore_ascii_case("ForEach-Object") {
            return self.each(arguments, input);
        }
        if full.eq_ignore_ascii_case("New-Object") {
            let texts = arguments.iter().filter_map(|argument| match &argument.kind {
                ArgumentKind::Value(Expr { kind: ExprKind::String(text, _), .. }) => Some(text.clone()),
                _ => None,
            });
            let kind = texts.into_iter().find_map(|text| self.session.resolve_type_text(&text).ok());
            return kind.map(Known::Type).into_iter().collect();
        }
        let outputs = signature.outputs.clone();
        let cmdlet = match &command {
            crate::runtime::Command::Cmdlet(spec) => spec.outputs,
            _ => &[],
        };
        let named = cmdlet.iter().filter_map(|name| types::resolve(name)).map(Known::Type);
        let mut found: Vec<Known> = named.collect();
        for output in outputs {
            let kind = match output {
                Value::Type(kind) => Some(kind),
                other => self.session.resolve_type_text(&convert::to_text(&other)).ok(),
            };
            found.extend(kind.map(Known::Type));
        }
        found
    }

    /// `ForEach-Object Name` and `ForEach-Object { $_.Name }`.
    fn each(&mut self, arguments: &[syntax::Argument], input: Vec<Known>) -> Vec<Known> {
        let first = arguments.iter().find_map(|argument| match &argument.kind {
            ArgumentKind::Value(expression) => Some(expression),
            _ => None,
        });
        match first.map(|expression| &expression.kind) {
            Some(ExprKind::String(name, _)) => items(input).iter().flat_map(|one| self.member(one, name)).collect(),
            Some(ExprKind::ScriptBlock(block)) => {
                let last = block.end.as_ref().and_then(|body| body.statements.last());
                let Some(StatementKind::Pipeline(chain)) = last.map(|statement| &statement.kind) else {
                    return Vec::new();
                };
                let PipelineKind::Commands(commands) = &chain.first.kind else { return Vec::new() };
                match commands.first().map(|command| &command.kind) {
                    Some(CommandKind::Expression(Expr { kind: ExprKind::Member { target, name, .. }, .. })) => {
                        let is_item = matches!(&target.kind, ExprKind::Variable(v) if &*v.name == "_");
                        match &name.kind {
                            ExprKind::String(name, _) if is_item => {
                                items(input).iter().flat_map(|one| self.member(one, name)).collect()
                            }
                            _ => Vec::new(),
                        }
                    }
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn expression(&mut self, expression: &Expr) -> Vec<Known> {
        let one = |known: Known| vec![known];
        match &expression.kind {
            ExprKind::Variable(variable) => self.variable(&variable.name, variable.scope.as_deref()),
            ExprKind::String(text, _) => one(Known::Value(Value::str(&**text))),
            ExprKind::Expandable(..) => one(Known::Type(TypeRef::STRING)),
            ExprKind::Number(number) => one(Known::Type(number_type(number))),
            ExprKind::Type(name) => self.static_type(&name.name),
            ExprKind::Cast(name, inner) => self.cast(name, inner),
            ExprKind::Attributed(_, inner) => self.expression(inner),
            ExprKind::Array(items) => {
                let first: Vec<Known> = items.iter().flat_map(|item| self.expression(item)).collect();
                let texts = first.iter().all(|known| matches!(known, Known::Value(Value::Str(_))));
                let values = first.iter().filter_map(|known| match known {
                    Known::Value(value) => Some(value.clone()),
                    _ => None,
                });
                match texts {
                    true => one(Known::Value(Value::array(values.collect()))),
                    false => one(Known::Type(TypeRef::array_of(TypeRef::OBJECT))),
                }
            }
            ExprKind::ArraySubexpression(_) => one(Known::Type(TypeRef::array_of(TypeRef::OBJECT))),
            ExprKind::Subexpression(block) => {
                block.statements.last().map(|last| self.statement(last)).unwrap_or_default()
            }
            ExprKind::Paren(inner) => self.statement(inner),
            ExprKind::Hashtable(pairs) => one(Known::Names(keys(pairs), TypeRef::HASHTABLE)),
            ExprKind::ScriptBlock(_) => one(Known::Type(TypeRef::SCRIPTBLOCK)),
            ExprKind::Unary(_, inner) => {
                let found = self.expression(inner);
                if found.is_empty() { one(Known::Type(TypeRef::INT32)) } else { found }
            }
            ExprKind::Binary(operator, left, _) => self.binary(*operator, left),
            ExprKind::Ternary(_, yes, no) => {
                let mut found = self.expression(yes);
                found.extend(self.expression(no));
                found
            }
            ExprKind::Member { target, name, is_static, .. } => {
                let ExprKind::String(name, _) = &name.kind else { return Vec::new() };
                let targets = self.expression(target);
                targets.iter().flat_map(|known| self.property(known, name, *is_static)).collect()
            }
            ExprKind::Call { target, name, .. } => {
                let ExprKind::String(name, _) = &name.kind else { return Vec::new() };
                let targets = self.expression(target);
                targets.iter().filter_map(|known| returned(known, name)).collect()
            }
            ExprKind::Index { target, index, .. } => {
                let targets = self.expression(target);
                self.indexed(targets, index)
            }
            ExprKind::Error => Vec::new(),
        }
    }

    fn binary(&mut self, operator: syntax::BinaryOperator, left: &Expr) -> Vec<Known> {
        use syntax::BinaryOperator as Op;
        let kind = match operator {
            Op::And | Op::Or | Op::Xor | Op::Is | Op::IsNot => TypeRef::BOOLEAN,
            Op::Format | Op::Join => TypeRef::STRING,
            Op::Range => TypeRef::array_of(TypeRef::INT32),
            Op::Compare(..) => TypeRef::BOOLEAN,
            _ => {
                let found = self.expression(left);
                return match found.as_slice() {
                    [Known::Value(value)] => vec![Known::Type(TypeRef::of(value))],
                    _ => found,
                };
            }
        };
        vec![Known::Type(kind)]
    }

    fn static_type(&mut self, name: &str) -> Vec<Known> {
        if let Some(class) = self.class(name) {
            return vec![Known::StaticClass(class)];
        }
        self.session.resolve_type_text(name).ok().map(Known::Static).into_iter().collect()
    }

    /// A class that the text declares.
    pub(super) fn class(&self, name: &str) -> Option<Rc<syntax::Class>> {
        let statements = self.site.parsed.ast.end.as_ref()?.statements.iter();
        statements.into_iter().find_map(|statement| match &statement.kind {
            StatementKind::Class(class) if class.name.eq_ignore_ascii_case(name) => Some(class.clone()),
            _ => None,
        })
    }

    /// A type by the text of its literal, with the text's own classes.
    pub(super) fn type_named(&mut self, name: &str) -> Option<Known> {
        if let Some(class) = self.class(name) {
            return Some(Known::Class(class));
        }
        self.session.resolve_type_text(name).ok().map(Known::Type)
    }

    fn cast(&mut self, name: &syntax::TypeName, inner: &Expr) -> Vec<Known> {
        let inner_known = self.expression(inner);
        let text = type_text(name);
        if matches!(text.to_ascii_lowercase().as_str(), "pscustomobject" | "psobject" | "ordered")
            && let Some(Known::Names(names, _)) = inner_known.first()
        {
            return vec![Known::Names(names.clone(), TypeRef::PSCUSTOMOBJECT)];
        }
        self.type_named(&text).into_iter().collect()
    }

    /// A variable: its value where the session has one, else what the text assigns to it before the cursor.
    pub(super) fn variable(&mut self, name: &str, scope: Option<&str>) -> Vec<Known> {
        if name.eq_ignore_ascii_case("_") || name.eq_ignore_ascii_case("PSItem") {
            let found = self.pipeline_item();
            if !found.is_empty() {
                return found;
            }
        }
        if name.eq_ignore_ascii_case("this")
            && let Some(class) = self.enclosing_class()
        {
            return vec![Known::Class(class)];
        }
        let assigned = self.assigned(name);
        if !assigned.is_empty() {
            return assigned;
        }
        let value = match scope {
            Some(scope) if scope.eq_ignore_ascii_case("env") => {
                self.session.environment.get(name).map(|text| Value::str(text.as_str()))
            }
            _ => self.session.variable(Symbol::new(name)),
        };
        match value.filter(|value| !value.is_null()) {
            Some(value) => vec![Known::Value(value)],
            None if name.eq_ignore_ascii_case("args") => vec![Known::Type(TypeRef::array_of(TypeRef::OBJECT))],
            None => Vec::new(),
        }
    }

    fn enclosing_class(&self) -> Option<Rc<syntax::Class>> {
        let at = self.site.cursor as u32;
        let statements = self.site.parsed.ast.end.as_ref()?.statements.iter();
        statements.into_iter().find_map(|statement| match &statement.kind {
            StatementKind::Class(class) if class.span.start <= at && at <= class.span.end => Some(class.clone()),
            _ => None,
        })
    }

    /// `$_` at the cursor: what the command around the innermost block gets from the pipeline.
    pub(super) fn pipeline_item(&mut self) -> Vec<Known> {
        for at in (1..self.site.groups.len()).rev() {
            let (Some(group), Some(outer)) = (self.site.groups.get(at), self.site.groups.get(at - 1)) else { continue };
            if group.opener != "{" {
                continue;
            }
            let statement: Vec<Element> = self.site.statement_of(outer).to_vec();
            if statement.last().is_some_and(|last| self.site.slice(last).eq_ignore_ascii_case("catch")) {
                return vec![Known::Type(TypeRef::ERROR_RECORD)];
            }
            if let Some(range) = self.site.pipeline_input(&statement) {
                let found = self.of_range(range);
                return items(found);
            }
        }
        Vec::new()
    }

    /// What the text assigns to a variable before the cursor: its type where one is written, else its last value.
    fn assigned(&mut self, name: &str) -> Vec<Known> {
        let Some(found) = super::variables::declarations(self.site)
            .into_iter()
            .rfind(|declared| declared.name.eq_ignore_ascii_case(name))
        else {
            return Vec::new();
        };
        if let Some(known) = found.type_name.and_then(|written| self.type_named(&written)) {
            return vec![known];
        }
        match found.value {
            Some(range) if !found.is_item => self.of_range(range),
            Some(range) => items(self.of_range(range)),
            None => Vec::new(),
        }
    }

    fn member(&mut self, of: &Known, name: &str) -> Vec<Known> {
        self.property(of, name, false)
    }

    fn property(&mut self, of: &Known, name: &str, is_static: bool) -> Vec<Known> {
        let found = match of {
            Known::Value(value) => members::get(self.session, value, name).ok().flatten().map(Known::Value),
            Known::Static(kind) if is_static => {
                members::get_static(self.session, *kind, name).ok().flatten().map(Known::Value)
            }
            Known::Static(_) => property_type(TypeRef::TYPE, name).map(Known::Type),
            Known::Type(kind) | Known::Names(_, kind) => property_type(*kind, name).map(Known::Type),
            Known::Class(class) | Known::StaticClass(class) => {
                let property = class.properties.iter().find(|property| property.name.eq_ignore_ascii_case(name));
                property.and_then(|property| property.kind.as_ref()).and_then(|kind| self.type_named(&type_text(kind)))
            }
        };
        found.into_iter().collect()
    }

    fn indexed(&mut self, targets: Vec<Known>, index: &Expr) -> Vec<Known> {
        let key = match &index.kind {
            ExprKind::String(text, _) => Some(Value::str(&**text)),
            ExprKind::Number(syntax::Number::I32(number)) => Some(Value::I32(*number)),
            _ => None,
        };
        let mut found = Vec::new();
        for target in targets {
            match (&target, &key) {
                (Known::Value(value), Some(key)) => {
                    found.extend(members::index(self.session, value, key).ok().map(Known::Value));
                }
                _ => found.extend(items(vec![target])),
            }
        }
        found
    }
}

/// The items of what may be collections.
pub(super) fn items(known: Vec<Known>) -> Vec<Known> {
    known.into_iter().flat_map(each_item).collect()
}

fn each_item(known: Known) -> Vec<Known> {
    match &known {
        Known::Value(value) => match enumerate(value) {
            // A few are enough to know what there is.
            Some(values) => values.into_iter().filter(|item| !item.is_null()).take(10).map(Known::Value).collect(),
            None => vec![known],
        },
        Known::Type(kind) => match kind.info().element {
            Some(element) => vec![Known::Type(element)],
            None => vec![known],
        },
        _ => vec![known],
    }
}

fn number_type(number: &syntax::Number) -> TypeRef {
    match number {
        syntax::Number::I64(_) => TypeRef::INT64,
        syntax::Number::F64(_) => TypeRef::DOUBLE,
        syntax::Number::Decimal(_) => TypeRef::DECIMAL,
        syntax::Number::BigInt(_) => TypeRef::BIGINTEGER,
        _ => TypeRef::INT32,
    }
}

fn keys(pairs: &[(Expr, Statement)]) -> Rc<[String]> {
    let name = |(key, _): &(Expr, Statement)| match &key.kind {
        ExprKind::String(text, _) => Some(text.to_string()),
        _ => None,
    };
    pairs.iter().filter_map(name).collect()
}

/// A type's name as it is written in a literal.
fn type_text(name: &syntax::TypeName) -> String {
    let mut text = name.name.to_string();
    if !name.arguments.is_empty() {
        let arguments: Vec<String> = name.arguments.iter().map(type_text).collect();
        text = format!("{text}[{}]", arguments.join(","));
    }
    for rank in &name.ranks {
        text.push('[');
        text.extend(std::iter::repeat_n(',', usize::from(rank.saturating_sub(1))));
        text.push(']');
    }
    text
}

fn property_type(kind: TypeRef, name: &str) -> Option<TypeRef> {
    let row = members::find_property(kind, name)?;
    types::resolve(row.kind)
}

/// What a method returns, read off its signature.
fn returned(known: &Known, name: &str) -> Option<Known> {
    match known {
        Known::Static(kind) if name.eq_ignore_ascii_case("new") => Some(Known::Type(*kind)),
        Known::StaticClass(class) if name.eq_ignore_ascii_case("new") => Some(Known::Class(class.clone())),
        Known::Static(kind) => result_of(members::find_static_method(*kind, name)?),
        Known::Type(kind) | Known::Names(_, kind) => result_of(members::find_method(*kind, name)?),
        Known::Value(value) => result_of(members::find_method(TypeRef::of(value), name)?),
        Known::Class(class) | Known::StaticClass(class) => {
            let method = class.methods.iter().find(|method| method.name.eq_ignore_ascii_case(name))?;
            types::resolve(&method.kind.as_ref()?.name).map(Known::Type)
        }
    }
}

fn result_of(method: &members::Method) -> Option<Known> {
    let signature = method.overloads.first()?.signature;
    let signature = signature.strip_prefix("static ").unwrap_or(signature);
    let kind = signature.split_whitespace().next()?;
    types::resolve(kind).map(Known::Type)
}
