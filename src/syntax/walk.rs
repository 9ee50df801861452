//! A way through the tree: every statement, expression and variable that is assigned, in the order of the text.
//! Script blocks, functions and classes inside are shown, not entered: what they hold runs elsewhere.

use super::ast::*;

/// Sees the parts of a tree.
pub(super) trait Visitor {
    /// Before what the statement holds.
    fn statement(&mut self, _statement: &Statement) {}
    /// Before what the command holds.
    fn command(&mut self, _command: &Command) {}
    /// Before what the assignment holds.
    fn assignment(&mut self, _pipeline: &Pipeline, _target: &Expr) {}
    /// Before what the expression holds.
    fn expression(&mut self, _expression: &Expr) {}
    /// A handler of the block.
    fn trap(&mut self, _trap: &Trap) {}
}

pub(super) fn block(block: &Block, see: &mut dyn Visitor) {
    block.traps.iter().for_each(|trap| {
        see.trap(trap);
        self::block(&trap.body, see);
    });
    block.statements.iter().for_each(|inner| statement(inner, see));
}

fn statement(at: &Statement, see: &mut dyn Visitor) {
    see.statement(at);
    match &at.kind {
        StatementKind::Pipeline(inner) => chain(inner, see),
        StatementKind::If { clauses, otherwise } => {
            for (condition, body) in clauses {
                chain(condition, see);
                block(body, see);
            }
            otherwise.iter().for_each(|body| block(body, see));
        }
        StatementKind::While { condition, body, .. } => {
            chain(condition, see);
            block(body, see);
        }
        StatementKind::Do { condition, body, .. } => {
            block(body, see);
            chain(condition, see);
        }
        StatementKind::For { initializer, condition, iterator, body, .. } => {
            initializer.iter().for_each(|inner| statement(inner, see));
            condition.iter().for_each(|inner| chain(inner, see));
            iterator.iter().for_each(|inner| statement(inner, see));
            block(body, see);
        }
        StatementKind::ForEach { items, body, .. } => {
            chain(items, see);
            block(body, see);
        }
        StatementKind::Switch { subject, clauses, default, .. } => {
            chain(subject, see);
            for (test, body) in clauses {
                expression(test, see);
                block(body, see);
            }
            default.iter().for_each(|body| block(body, see));
        }
        StatementKind::Try { body, catches, finally } => {
            block(body, see);
            catches.iter().for_each(|clause| block(&clause.body, see));
            finally.iter().for_each(|body| block(body, see));
        }
        StatementKind::Return(value) | StatementKind::Throw(value) | StatementKind::Exit(value) => {
            value.iter().for_each(|inner| chain(inner, see));
        }
        StatementKind::Break(label) | StatementKind::Continue(label) => {
            label.iter().for_each(|inner| expression(inner, see));
        }
        StatementKind::Data { body, .. } => block(body, see),
        StatementKind::Function(_) | StatementKind::Class(_) | StatementKind::Enum(_) | StatementKind::Broken(_) => {}
    }
}

fn chain(at: &PipelineChain, see: &mut dyn Visitor) {
    pipeline(&at.first, see);
    at.rest.iter().for_each(|(_, inner)| pipeline(inner, see));
}

fn pipeline(at: &Pipeline, see: &mut dyn Visitor) {
    match &at.kind {
        PipelineKind::Commands(commands) => commands.iter().for_each(|inner| command(inner, see)),
        PipelineKind::Assignment { target, value, .. } => {
            see.assignment(at, target);
            expression(target, see);
            statement(value, see);
        }
    }
}

fn command(at: &Command, see: &mut dyn Visitor) {
    see.command(at);
    match &at.kind {
        CommandKind::Expression(inner) => expression(inner, see),
        CommandKind::Invocation { name, arguments, .. } => {
            expression(name, see);
            for argument in arguments {
                match &argument.kind {
                    ArgumentKind::Value(inner) | ArgumentKind::Parameter { value: Some(inner), .. } => {
                        expression(inner, see);
                    }
                    ArgumentKind::Parameter { value: None, .. }
                    | ArgumentKind::Splat(_)
                    | ArgumentKind::Verbatim(_) => {}
                }
            }
        }
    }
    for redirection in &at.redirections {
        if let RedirectionTarget::File { path, .. } = &redirection.to {
            expression(path, see);
        }
    }
}

fn expression(at: &Expr, see: &mut dyn Visitor) {
    see.expression(at);
    match &at.kind {
        ExprKind::Number(_)
        | ExprKind::String(..)
        | ExprKind::Variable(_)
        | ExprKind::Type(_)
        | ExprKind::ScriptBlock(_)
        | ExprKind::Error => {}
        ExprKind::Expandable(parts, _) => parts.iter().for_each(|part| {
            if let StringPart::Expression(inner) = part {
                expression(inner, see);
            }
        }),
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) | ExprKind::Unary(_, inner) => {
            expression(inner, see);
        }
        ExprKind::Array(items) => items.iter().for_each(|inner| expression(inner, see)),
        ExprKind::ArraySubexpression(inner) | ExprKind::Subexpression(inner) => block(inner, see),
        ExprKind::Paren(inner) => statement(inner, see),
        ExprKind::Hashtable(pairs) => pairs.iter().for_each(|(key, value)| {
            expression(key, see);
            statement(value, see);
        }),
        ExprKind::Binary(_, left, right) => {
            expression(left, see);
            expression(right, see);
        }
        ExprKind::Ternary(condition, yes, no) => {
            [condition, yes, no].into_iter().for_each(|inner| expression(inner, see));
        }
        ExprKind::Member { target, name, .. } => {
            expression(target, see);
            expression(name, see);
        }
        ExprKind::Call { target, name, arguments, .. } => {
            expression(target, see);
            expression(name, see);
            arguments.iter().for_each(|inner| expression(inner, see));
        }
        ExprKind::Index { target, index, .. } => {
            expression(target, see);
            expression(index, see);
        }
    }
}
