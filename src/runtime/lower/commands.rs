//! Lowering of pipelines, commands, arguments and redirections.

use super::Lowerer;
use crate::runtime::code::*;
use crate::runtime::symbol::Symbol;
use crate::syntax::{self, ArgumentKind, CommandKind, ExprKind, Span};
use crate::value::{Str, Value};
use std::cell::RefCell;

impl Lowerer {
    pub(super) fn pipeline_code(&self, commands: &[syntax::Command]) -> PipelineCode {
        PipelineCode { elements: commands.iter().map(|c| self.element(c)).collect() }
    }

    fn element(&self, command: &syntax::Command) -> ElementCode {
        let kind = match &command.kind {
            CommandKind::Expression(expr) => ElementKind::Expression(self.expression(expr)),
            CommandKind::Invocation { operator, name, arguments } => {
                ElementKind::Command(self.command(command.span, *operator, name, arguments))
            }
        };
        let redirections = command.redirections.iter().map(|r| self.redirection(r)).collect();
        ElementCode { span: command.span, kind, redirections }
    }

    fn command(
        &self,
        span: Span,
        operator: syntax::InvocationOperator,
        name: &syntax::Expr,
        arguments: &[syntax::Argument],
    ) -> CommandCode {
        let like_method = match arguments {
            [only] => name.span.end == only.span.start && is_list_in_parentheses(only),
            _ => false,
        };
        let name = match &name.kind {
            ExprKind::String(text, _) => CommandName::Word(Str::from(&**text), Symbol::new(text)),
            _ => CommandName::Value(self.expression(name)),
        };
        let arguments: Box<[ArgumentCode]> = arguments.iter().map(|a| self.argument(a)).collect();
        let plain =
            arguments.iter().all(|a| matches!(&a.kind, ArgumentForm::Value(_, text) if text.as_deref() != Some("--")));
        CommandCode {
            span,
            operator,
            name,
            arguments,
            plain,
            like_method,
            plan: Default::default(),
            cache: RefCell::new(None),
        }
    }

    fn argument(&self, argument: &syntax::Argument) -> ArgumentCode {
        let kind = match &argument.kind {
            ArgumentKind::Value(expr) => {
                let text = match &expr.kind {
                    ExprKind::Number(_) => Some(Str::from(self.source.slice(expr.span))),
                    // The mark is told from a quoted '--' by keeping its text.
                    ExprKind::String(word, syntax::StringKind::Bare) if &**word == "--" => Some(Str::from("--")),
                    _ => None,
                };
                ArgumentForm::Value(self.expression(expr), text)
            }
            ArgumentKind::Parameter { name, value } => ArgumentForm::Parameter {
                name: Str::from(&**name),
                value: value.as_ref().map(|v| self.expression(v)),
                written: Str::from(self.written(argument.span, value.as_ref())),
            },
            ArgumentKind::Splat(variable) => ArgumentForm::Splat(self.variable(variable)),
            ArgumentKind::Verbatim(text) => ArgumentForm::Verbatim(Str::from(&**text)),
        };
        ArgumentCode { span: argument.span, kind }
    }

    /// `-Name` or `-Name:` as it was written, for commands that take it as text.
    fn written(&self, span: Span, value: Option<&syntax::Expr>) -> &str {
        match value {
            Some(value) => self.source.slice(Span::new(span.start, value.span.start)),
            None => self.source.slice(span),
        }
    }

    fn redirection(&self, redirection: &syntax::Redirection) -> RedirectionCode {
        let to = match &redirection.to {
            syntax::RedirectionTarget::Stream(_) => RedirectionTarget::Output,
            syntax::RedirectionTarget::File { path, append } => match self.expression(path) {
                Node::Constant(Value::Null) => RedirectionTarget::Null,
                node => RedirectionTarget::File(node, *append),
            },
        };
        RedirectionCode { from: redirection.from, to }
    }
}

/// `(1, 2)`.
fn is_list_in_parentheses(argument: &syntax::Argument) -> bool {
    let ArgumentKind::Value(syntax::Expr { kind: ExprKind::Paren(statement), .. }) = &argument.kind else {
        return false;
    };
    super::statements::statement_expression(statement).is_some_and(|inner| matches!(inner.kind, ExprKind::Array(_)))
}
