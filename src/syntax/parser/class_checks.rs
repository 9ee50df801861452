//! What must hold of a class beyond its grammar: members told apart, methods that return what they say.
//! Asked only of texts without other errors.

use super::Parser;
use crate::syntax::ast::{
    Block, Class, ClassMethod, Expr, ExprKind, ParameterAttribute, PipelineKind, Statement, StatementKind, TypeName,
    Variable,
};
use crate::syntax::check;
use crate::syntax::span::Span;
use std::rc::Rc;

/// Attributes that fields and properties may have, and parameters of methods may not.
const FIELD_ATTRIBUTES: &[&str] = &[
    "parameter",
    "alias",
    "allownull",
    "allowemptystring",
    "allowemptycollection",
    "validatecount",
    "validatelength",
    "validatenotnull",
    "validatenotnullorempty",
    "validatenotnullorwhitespace",
    "validatepattern",
    "validaterange",
    "validatescript",
    "validateset",
];

impl Parser<'_> {
    /// Checks every class that was read.
    pub(in crate::syntax) fn check_classes(&mut self) {
        for class in std::mem::take(&mut self.classes) {
            self.check_members(&class);
            for method in &class.methods {
                self.check_declaration(method);
                self.check_body(&class, method);
            }
        }
    }

    /// No two methods of one name take the same parameters.
    fn check_members(&mut self, class: &Class) {
        for (at, method) in class.methods.iter().enumerate() {
            let before = class.methods.get(..at).unwrap_or_default();
            let same = before.iter().any(|other| {
                other.name.eq_ignore_ascii_case(&method.name)
                    && other.is_static == method.is_static
                    && signature(other) == signature(method)
            });
            if same {
                self.error("MemberAlreadyDefined", method.span, &method.name);
            }
        }
    }

    fn check_declaration(&mut self, method: &ClassMethod) {
        if let (true, Some(kind)) = (method.is_constructor, &method.kind) {
            let start = self.lexer.local(kind.span.start).saturating_sub(1);
            self.error("ConstructorCantHaveReturnType", self.lexer.span(start, start + 1), &kind.name);
        }
        if method.is_constructor && method.is_static && !method.params.is_empty() {
            self.error("StaticConstructorCantHaveParameters", method.name_span, &method.name);
        }
        for parameter in &method.params {
            let mut types = 0;
            for attribute in &parameter.attributes {
                match attribute {
                    ParameterAttribute::Type(name) => {
                        types += 1;
                        if types == 2 {
                            let start = self.lexer.local(name.span.start).saturating_sub(1);
                            let span = self.lexer.span(start, start + 1);
                            self.error("MultipleTypeConstraintsOnMethodParam", span, &parameter.name);
                        }
                    }
                    ParameterAttribute::Attribute(attribute) => {
                        let name = attribute.name.name.to_ascii_lowercase();
                        if FIELD_ATTRIBUTES.contains(&name.trim_end_matches("attribute")) {
                            self.error("AttributeNotAllowedOnDeclaration", attribute.span, &attribute.name.name);
                        }
                    }
                }
            }
        }
    }

    fn check_body(&mut self, class: &Class, method: &ClassMethod) {
        let body = &method.body;
        if body.params.is_some() {
            self.error("ParamBlockNotAllowedInMethod", body.params_span, "");
        }
        if !body.unnamed {
            let named = [
                ("dynamicparam", &body.dynamic_param),
                ("begin", &body.begin),
                ("process", &body.process),
                ("end", &body.end),
                ("clean", &body.clean),
            ];
            for (keyword, block) in named {
                if let Some(block) = block {
                    let span = self.keyword_before(keyword, block.span);
                    self.error("NamedBlockNotAllowedInMethod", span, keyword);
                }
            }
            return;
        }
        let Some(block) = &body.end else { return };
        let gives = method.kind.as_ref().is_some_and(|kind| !is_void(kind)) && !method.is_constructor;
        let before = self.lexer.errors.len();
        self.check_statements(&Surroundings { class, method, gives }, block);
        if gives && self.lexer.errors.len() == before && !block_leaves(block) {
            self.error("MethodHasCodePathNotReturn", method.name_span, &method.name);
        }
        if self.lexer.errors.len() == before {
            self.note(check::foreign_variables(method));
        }
    }

    fn keyword_before(&self, keyword: &str, span: Span) -> Span {
        let end = self.lexer.slice(0, self.lexer.local(span.start)).trim_end().len();
        self.lexer.span(end.saturating_sub(keyword.len()), end)
    }

    /// Returns that do not fit the method, and properties that are assigned to like variables.
    fn check_statements(&mut self, around: &Surroundings<'_>, block: &Block) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Return(value) if around.gives && value.is_none() => {
                    self.error("NonVoidMethodMissingReturnValue", statement.span, &around.method.name);
                }
                StatementKind::Return(Some(_)) if !around.gives => {
                    self.error("VoidMethodHasReturn", statement.span, &around.method.name);
                }
                StatementKind::Pipeline(chain) => {
                    if let PipelineKind::Assignment { target, .. } = &chain.first.kind {
                        self.check_assignment(around, target);
                    }
                }
                _ => {
                    for inner in inner_blocks(statement) {
                        self.check_statements(around, inner);
                    }
                }
            }
        }
        for trap in &block.traps {
            self.check_statements(around, &trap.body);
        }
    }

    fn check_assignment(&mut self, around: &Surroundings<'_>, target: &Expr) {
        let Some(variable) = assigned_variable(target) else { return };
        let names = |name: &Rc<str>| name.eq_ignore_ascii_case(&variable.name);
        if variable.scope.is_some() || around.method.params.iter().any(|parameter| names(&parameter.name)) {
            return;
        }
        if let Some(property) = around.class.properties.iter().find(|property| names(&property.name)) {
            let id = if property.is_static { "MissingTypeInStaticPropertyAssignment" } else { "MissingThis" };
            self.error(id, variable.span, &variable.name);
        }
    }
}

/// The method that statements stand in.
struct Surroundings<'a> {
    class: &'a Class,
    method: &'a ClassMethod,
    /// It returns a value.
    gives: bool,
}

fn is_void(kind: &TypeName) -> bool {
    kind.ranks.is_empty() && ["void", "system.void"].iter().any(|void| kind.name.eq_ignore_ascii_case(void))
}

/// The types of a method's parameters; `object` where none is written.
fn signature(method: &ClassMethod) -> Vec<String> {
    let one = |attribute: &ParameterAttribute| match attribute {
        ParameterAttribute::Type(name) => Some(format!("{}{:?}{:?}", name.name, name.arguments.len(), name.ranks)),
        ParameterAttribute::Attribute(_) => None,
    };
    let kinds = method.params.iter().map(|parameter| parameter.attributes.iter().find_map(one));
    kinds.map(|kind| kind.unwrap_or_else(|| "object".to_owned()).to_ascii_lowercase()).collect()
}

fn assigned_variable(target: &Expr) -> Option<&Variable> {
    match &target.kind {
        ExprKind::Variable(variable) => Some(variable),
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => assigned_variable(inner),
        _ => None,
    }
}

/// The blocks of a statement that run in the same method.
fn inner_blocks(statement: &Statement) -> Vec<&Block> {
    match &statement.kind {
        StatementKind::If { clauses, otherwise } => clauses.iter().map(|clause| &clause.1).chain(otherwise).collect(),
        StatementKind::While { body, .. }
        | StatementKind::Do { body, .. }
        | StatementKind::For { body, .. }
        | StatementKind::ForEach { body, .. } => vec![body],
        StatementKind::Switch { clauses, default, .. } => {
            clauses.iter().map(|clause| &clause.1).chain(default).collect()
        }
        StatementKind::Try { body, catches, finally } => {
            [body].into_iter().chain(catches.iter().map(|one| &one.body)).chain(finally).collect()
        }
        _ => Vec::new(),
    }
}

/// True where the end of a block is never reached.
fn block_leaves(block: &Block) -> bool {
    block.statements.iter().any(leaves)
}

fn leaves(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Return(_) | StatementKind::Throw(_) | StatementKind::Exit(_) => true,
        StatementKind::If { clauses, otherwise } => {
            otherwise.as_ref().is_some_and(block_leaves) && clauses.iter().all(|(_, body)| block_leaves(body))
        }
        StatementKind::Switch { clauses, default, .. } => {
            default.as_ref().is_some_and(block_leaves) && clauses.iter().all(|(_, body)| block_leaves(body))
        }
        StatementKind::Try { body, catches, finally } => {
            finally.as_ref().is_some_and(block_leaves)
                || (block_leaves(body) && catches.iter().all(|one| block_leaves(&one.body)))
        }
        StatementKind::Do { body, .. } => block_leaves(body),
        // A loop without end is left only by what stands in it.
        StatementKind::While { condition, body, .. } => is_always_true(condition) && !has_break(body),
        StatementKind::For { condition: None, body, .. } => !has_break(body),
        _ => false,
    }
}

fn is_always_true(condition: &crate::syntax::ast::PipelineChain) -> bool {
    use crate::syntax::ast::{CommandKind, Number};
    let PipelineKind::Commands(commands) = &condition.first.kind else { return false };
    match commands.first().map(|command| &command.kind) {
        Some(CommandKind::Expression(one)) => match &one.kind {
            ExprKind::Variable(variable) => variable.name.eq_ignore_ascii_case("true"),
            ExprKind::Number(Number::I32(number)) => *number != 0,
            _ => false,
        },
        _ => false,
    }
}

fn has_break(block: &Block) -> bool {
    block.statements.iter().any(|statement| {
        matches!(statement.kind, StatementKind::Break(_)) || inner_blocks(statement).into_iter().any(has_break)
    })
}
