//! Lowering of statements.

use super::{Lowerer, type_code};
use crate::runtime::code::*;
use crate::runtime::symbol::Symbol;
use crate::syntax::{self, AssignmentOperator, BinaryOperator, ExprKind, PipelineKind, StatementKind as Syntax};
use crate::value::ScriptBlock;
use std::rc::Rc;

/// What `block.rs` knows as a body: one statement that is one expression.
pub(super) fn lone_expression(block: &syntax::Block) -> Option<&syntax::Expr> {
    match (block.statements.as_slice(), block.traps.is_empty()) {
        ([only], true) => statement_expression(only),
        _ => None,
    }
}

/// The expression that a statement is, where it is nothing but one.
pub(super) fn statement_expression(statement: &syntax::Statement) -> Option<&syntax::Expr> {
    match &statement.kind {
        Syntax::Pipeline(chain) => chain_expression(chain),
        _ => None,
    }
}

/// The expression that a chain is, where it is nothing but one.
pub(super) fn chain_expression(chain: &syntax::PipelineChain) -> Option<&syntax::Expr> {
    if !chain.rest.is_empty() || chain.background {
        return None;
    }
    match &chain.first.kind {
        PipelineKind::Commands(commands) => match commands.as_slice() {
            [syntax::Command { kind: syntax::CommandKind::Expression(e), redirections, .. }]
                if redirections.is_empty() =>
            {
                Some(e)
            }
            _ => None,
        },
        PipelineKind::Assignment { .. } => None,
    }
}

impl Lowerer {
    pub(super) fn statement(&self, statement: &syntax::Statement) -> Statement {
        Statement { span: statement.span, kind: self.statement_kind(statement) }
    }

    fn statement_kind(&self, statement: &syntax::Statement) -> StatementKind {
        match &statement.kind {
            Syntax::Pipeline(chain) => self.chain(chain),
            Syntax::If { clauses, otherwise } => StatementKind::If(Box::new(IfCode {
                clauses: clauses.iter().map(|(c, b)| (self.chain_value(c), self.block(b))).collect(),
                otherwise: otherwise.as_ref().map(|b| self.block(b)),
            })),
            Syntax::While { label, condition, body } => {
                self.loop_code(label, (None, Some(condition), None), body, false, false)
            }
            Syntax::Do { label, body, condition, until } => {
                self.loop_code(label, (None, Some(condition), None), body, true, *until)
            }
            Syntax::For { label, initializer, condition, iterator, body } => self.loop_code(
                label,
                (initializer.as_deref(), condition.as_ref(), iterator.as_deref()),
                body,
                false,
                false,
            ),
            Syntax::ForEach { label, variable, items, body } => self.for_each(label, variable, items, body),
            Syntax::Switch { .. } => self.switch(&statement.kind),
            Syntax::Function(function) => StatementKind::Function(self.function(function)),
            Syntax::Class(class) => self.type_statement(TypeDefinition::Class(class.clone())),
            Syntax::Enum(definition) => self.type_statement(TypeDefinition::Enum(definition.clone())),
            Syntax::Try { body, catches, finally } => StatementKind::Try(Box::new(TryCode {
                body: self.block(body),
                catches: catches
                    .iter()
                    .map(|c| CatchCode { types: c.types.iter().map(type_code).collect(), body: self.block(&c.body) })
                    .collect(),
                finally: finally.as_ref().map(|b| self.block(b)),
                slot: self.layout.slot(Symbol::UNDERSCORE),
            })),
            Syntax::Break(label) => StatementKind::Break(label.as_ref().map(|e| self.expression(e))),
            Syntax::Continue(label) => StatementKind::Continue(label.as_ref().map(|e| self.expression(e))),
            Syntax::Return(value) if self.method => {
                StatementKind::Result(value.as_ref().map(|chain| Box::new(self.chain_value(chain))))
            }
            Syntax::Return(value) => StatementKind::Return(self.optional(value)),
            Syntax::Throw(value) => StatementKind::Throw(self.optional(value)),
            Syntax::Exit(value) => StatementKind::Exit(self.optional(value)),
            // Nothing of a text with errors runs.
            Syntax::Broken(_) => StatementKind::Effect(Node::Error),
            Syntax::Data { name, supported: _, body } => {
                let target = name.as_ref().map(|n| {
                    let symbol = Symbol::new(n);
                    Target::Local(self.layout.slot(symbol), symbol)
                });
                StatementKind::Data(target, Box::new(self.block(body)))
            }
        }
    }

    fn type_statement(&self, definition: TypeDefinition) -> StatementKind {
        self.types.borrow_mut().push(definition.clone());
        StatementKind::Type(definition)
    }

    fn optional(&self, value: &Option<syntax::PipelineChain>) -> Option<Box<Statement>> {
        value.as_ref().map(|chain| Box::new(Statement { span: chain.span, kind: self.chain(chain) }))
    }

    fn function(&self, function: &Rc<syntax::Function>) -> Rc<ScriptBlock> {
        Rc::new(ScriptBlock {
            ast: function.body.clone(),
            source: self.source.clone(),
            is_filter: function.filter,
            compiled: Default::default(),
            home: Default::default(),
            function: Some(function.clone()),
        })
    }

    #[allow(clippy::type_complexity, reason = "the head of a for statement in order")]
    fn loop_code(
        &self,
        label: &Option<Rc<str>>,
        head: (Option<&syntax::Statement>, Option<&syntax::PipelineChain>, Option<&syntax::Statement>),
        body: &syntax::Block,
        body_first: bool,
        until: bool,
    ) -> StatementKind {
        let (initializer, condition, iterator) = head;
        StatementKind::Loop(Box::new(LoopCode {
            label: label.as_deref().map(Symbol::new),
            initializer: initializer.map(|s| self.effect(s)),
            condition: condition.map(|c| self.chain_value(c)),
            until,
            body_first,
            iterator: iterator.map(|s| self.effect(s)),
            body: self.block(body),
        }))
    }

    /// A statement whose output nobody sees: the head of a `for`.
    fn effect(&self, statement: &syntax::Statement) -> Statement {
        let mut lowered = self.statement(statement);
        if let StatementKind::Expression(node) = lowered.kind {
            lowered.kind = StatementKind::Effect(node);
        }
        lowered
    }

    fn for_each(
        &self,
        label: &Option<Rc<str>>,
        variable: &syntax::Variable,
        items: &syntax::PipelineChain,
        body: &syntax::Block,
    ) -> StatementKind {
        let items = self.chain_value(items);
        let variable = self.variable_target(variable);
        let outer = self.enumerator.replace(false);
        let body = self.block(body);
        let enumerator = self.enumerator.replace(outer);
        StatementKind::ForEach(Box::new(ForEachCode {
            label: label.as_deref().map(Symbol::new),
            variable,
            items,
            enumerator,
            slot: if enumerator { self.layout.slot(Symbol::FOREACH) } else { 0 },
            body,
        }))
    }

    fn switch(&self, statement: &Syntax) -> StatementKind {
        let Syntax::Switch { label, matching, case_sensitive, file, subject, clauses, default } = statement else {
            return StatementKind::Effect(Node::Error);
        };
        let test = |expr: &syntax::Expr| match &expr.kind {
            ExprKind::ScriptBlock(block) => match &block.end {
                Some(body) => SwitchTest::Block(self.block(body)),
                None => SwitchTest::Block(BlockCode { statements: Box::default(), traps: Box::default() }),
            },
            _ => SwitchTest::Value(self.expression(expr)),
        };
        StatementKind::Switch(Box::new(SwitchCode {
            label: label.as_deref().map(Symbol::new),
            matching: *matching,
            case_sensitive: *case_sensitive,
            file: *file,
            subject: self.chain_value(subject),
            clauses: clauses.iter().map(|(t, b)| (test(t), self.block(b))).collect(),
            default: default.as_ref().map(|b| self.block(b)),
            slot: self.layout.slot(Symbol::UNDERSCORE),
            enumerator: self.layout.slot(Symbol::SWITCH),
        }))
    }

    /// A chain as a statement.
    pub(super) fn chain(&self, chain: &syntax::PipelineChain) -> StatementKind {
        if chain.rest.is_empty() && !chain.background {
            return self.pipeline(&chain.first);
        }
        let of = |p: &syntax::Pipeline| Statement { span: p.span, kind: self.pipeline(p) };
        StatementKind::Chain(Box::new(ChainCode {
            first: of(&chain.first),
            rest: chain.rest.iter().map(|(op, p)| (*op == syntax::ChainOperator::And, of(p))).collect(),
            background: chain.background.then(|| self.background(chain)),
        }))
    }

    /// The block that a job runs for a chain that ends in `&`.
    fn background(&self, chain: &syntax::PipelineChain) -> Rc<ScriptBlock> {
        let mut foreground = chain.clone();
        foreground.background = false;
        let statement = syntax::Statement { span: chain.span, kind: Syntax::Pipeline(foreground) };
        let body = syntax::Block { span: chain.span, statements: vec![statement], traps: Vec::new() };
        let ast =
            syntax::ScriptBlock { span: chain.span, end: Some(body), unnamed: true, ..syntax::ScriptBlock::default() };
        ScriptBlock::new(Rc::new(ast), self.source.clone())
    }

    fn pipeline(&self, pipeline: &syntax::Pipeline) -> StatementKind {
        match &pipeline.kind {
            PipelineKind::Commands(commands) => match commands.as_slice() {
                [syntax::Command { kind: syntax::CommandKind::Expression(e), redirections, .. }]
                    if redirections.is_empty() =>
                {
                    self.expression_statement(e)
                }
                _ => StatementKind::Pipeline(Box::new(self.pipeline_code(commands))),
            },
            PipelineKind::Assignment { target, operator, value } => {
                StatementKind::Effect(self.assignment(target, *operator, value))
            }
        }
    }

    fn expression_statement(&self, expr: &syntax::Expr) -> StatementKind {
        match &expr.kind {
            ExprKind::Unary(op, _) if super::expressions::is_increment(*op) => {
                StatementKind::Effect(self.expression(expr))
            }
            ExprKind::Cast(name, inner) if name.name.eq_ignore_ascii_case("void") && name.ranks.is_empty() => {
                StatementKind::Effect(self.expression(inner))
            }
            _ => StatementKind::Expression(self.expression(expr)),
        }
    }

    pub(super) fn assignment(
        &self,
        target: &syntax::Expr,
        operator: AssignmentOperator,
        value: &syntax::Statement,
    ) -> Node {
        let operator = match operator {
            AssignmentOperator::Set => None,
            AssignmentOperator::Add => Some(BinaryOperator::Add),
            AssignmentOperator::Subtract => Some(BinaryOperator::Subtract),
            AssignmentOperator::Multiply => Some(BinaryOperator::Multiply),
            AssignmentOperator::Divide => Some(BinaryOperator::Divide),
            AssignmentOperator::Remainder => Some(BinaryOperator::Remainder),
            AssignmentOperator::Coalesce => Some(BinaryOperator::Coalesce),
        };
        let value = self.statement_value(value);
        Node::Assign(Box::new(AssignCode { target: self.target(target), operator, value, own: self.own }))
    }

    /// A statement as a value: its expression, or what it outputs.
    pub(super) fn statement_value(&self, statement: &syntax::Statement) -> Node {
        match &statement.kind {
            Syntax::Pipeline(chain) => self.chain_value_at(chain),
            _ => Node::Statement(Box::new(self.statement(statement))),
        }
    }

    /// A chain as a value.
    pub(super) fn chain_value(&self, chain: &syntax::PipelineChain) -> Node {
        self.chain_value_at(chain)
    }

    fn chain_value_at(&self, chain: &syntax::PipelineChain) -> Node {
        if let Some(expr) = chain_expression(chain) {
            return self.expression(expr);
        }
        match self.chain(chain) {
            StatementKind::Pipeline(code) => Node::Pipeline(code),
            StatementKind::Effect(node) => Node::Group(Box::new(node)),
            StatementKind::Expression(node) => node,
            kind => Node::Statement(Box::new(Statement { span: chain.span, kind })),
        }
    }
}
