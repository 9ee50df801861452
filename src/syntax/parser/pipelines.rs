//! Pipelines: chains with `&&` and `||`, elements joined by `|`, assignments, redirections.

use super::Parser;
use super::expressions::LATE_REFERENCE;
use crate::syntax::ast::{
    AssignmentOperator, ChainOperator, Command, CommandKind, Expr, ExprKind, Pipeline, PipelineChain, PipelineKind,
    Redirection, RedirectionTarget, Statement, StatementKind,
};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// A chain as a statement.
    pub(super) fn pipeline_statement(&mut self) -> Option<Statement> {
        let chain = self.pipeline_chain()?;
        Some(Statement { span: chain.span, kind: StatementKind::Pipeline(chain) })
    }

    /// Pipelines joined by `&&` and `||`.
    pub(super) fn pipeline_chain(&mut self) -> Option<PipelineChain> {
        let first = self.pipeline()?;
        let mut chain = PipelineChain { span: first.span, first, rest: Vec::new(), background: false };
        loop {
            self.lexer.skip_space();
            let start = self.lexer.position;
            let operator = match (self.lexer.peek(), self.lexer.peek_at(1)) {
                (b'&', b'&') => ChainOperator::And,
                (b'|', b'|') => ChainOperator::Or,
                (b'&', _) => {
                    self.lexer.advance(1);
                    self.lexer.mark(TokenKind::Operator, start);
                    chain.background = true;
                    chain.span = chain.span.to(self.lexer.span_from(start));
                    return Some(chain);
                }
                _ => return Some(chain),
            };
            self.lexer.advance(2);
            self.lexer.mark(TokenKind::Operator, start);
            let text = self.lexer.slice_from(start);
            self.lexer.skip_newlines();
            let next = match self.lexer.peek() {
                b'|' | b'&' if self.lexer.peek_at(1) == self.lexer.peek() => None,
                _ => self.pipeline(),
            };
            let Some(next) = next else {
                self.missing("EmptyPipelineChainElement", text);
                return Some(chain);
            };
            chain.span = chain.span.to(next.span);
            chain.rest.push((operator, next));
        }
    }

    /// Elements joined by `|`, or one assignment. `None` where none starts here.
    fn pipeline(&mut self) -> Option<Pipeline> {
        self.lexer.skip_space();
        let mut commands: Vec<Command> = Vec::new();
        let mut place = self.lexer.checkpoint();
        loop {
            match self.leading_expression() {
                Some(expression) => {
                    self.lexer.skip_space();
                    if let Some((operator, length)) = self.peek_assignment() {
                        return Some(self.assignment(expression, operator, length));
                    }
                    if !commands.is_empty() {
                        self.error("ExpressionsMustBeFirstInPipeline", expression.span, "");
                    }
                    commands.push(self.expression_element(expression));
                }
                None => match self.command() {
                    Some(command) => commands.push(command),
                    None if !commands.is_empty() || self.at_pipe() => {
                        self.lexer.error_incomplete("EmptyPipeElement", place.span(&self.lexer), "|");
                        if self.at_pipe() {
                            self.take_pipe();
                            place = self.lexer.checkpoint();
                            self.lexer.skip_newlines();
                            continue;
                        }
                    }
                    None => return None,
                },
            }
            if !self.continues_with_pipe() {
                return finished(commands);
            }
            self.take_pipe();
            place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            if self.lexer.at_end() {
                self.missing_behind(place, "EmptyPipeElement", "|");
                return finished(commands);
            }
        }
    }

    fn at_pipe(&self) -> bool {
        self.lexer.peek() == b'|' && self.lexer.peek_at(1) != b'|'
    }

    fn take_pipe(&mut self) {
        let start = self.lexer.position;
        self.lexer.advance(1);
        self.lexer.mark(TokenKind::Operator, start);
    }

    /// True where `|` follows, perhaps first on a later line; reports whatever cannot follow an element.
    fn continues_with_pipe(&mut self) -> bool {
        self.lexer.skip_space();
        if self.lexer.at_line_end() {
            let next = self.lexer.skipped_blank(self.lexer.position);
            if self.lexer.char_at(next) == Some('|') {
                self.lexer.skip_newlines();
            }
        }
        match self.lexer.peek() {
            b'|' => self.at_pipe(),
            b';' | b')' | b'}' | b'\n' | b'\r' | b'&' => false,
            _ if self.lexer.at_end() => false,
            _ => {
                self.unexpected_token();
                false
            }
        }
    }

    fn leading_expression(&mut self) -> Option<Expr> {
        // A word can never begin an expression; most lines begin with one.
        if self.lexer.peek().is_ascii_alphabetic() {
            return None;
        }
        if self.lexer.peek() == b'.' && !self.lexer.peek_at(1).is_ascii_digit() {
            return None;
        }
        let place = self.lexer.checkpoint();
        if self.at_redirection() {
            return None;
        }
        let found = self.expression();
        if found.is_none() && !self.abandoned {
            self.rewind(place);
        }
        found
    }

    fn expression_element(&mut self, expression: Expr) -> Command {
        let mut span = expression.span;
        let redirections = self.redirections();
        if let Some(last) = redirections.last() {
            span = span.to(last.span());
        }
        Command {
            span,
            kind: CommandKind::Expression(expression),
            redirections: redirections.into_iter().map(|r| r.0).collect(),
        }
    }

    // Assignment --------------------------------------------------------------------------------------

    fn peek_assignment(&self) -> Option<(AssignmentOperator, usize)> {
        use AssignmentOperator::*;
        let second = self.lexer.peek_at(1);
        match self.lexer.peek() {
            b'=' => Some((Set, 1)),
            b'+' if second == b'=' => Some((Add, 2)),
            b'-' if second == b'=' => Some((Subtract, 2)),
            b'*' if second == b'=' => Some((Multiply, 2)),
            b'/' if second == b'=' => Some((Divide, 2)),
            b'%' if second == b'=' => Some((Remainder, 2)),
            b'?' if second == b'?' && self.lexer.peek_at(2) == b'=' => Some((Coalesce, 3)),
            _ => None,
        }
    }

    fn assignment(&mut self, target: Expr, operator: AssignmentOperator, length: usize) -> Pipeline {
        let start = self.lexer.position;
        self.lexer.advance(length);
        self.lexer.mark(TokenKind::Operator, start);
        let text = self.lexer.slice_from(start);
        self.lexer.skip_newlines();
        let value = self.nested(|parser| {
            Some(parser.statement().unwrap_or_else(|| parser.missing_statement("ExpectedValueExpression", text)))
        });
        let value = value.unwrap_or_else(|| self.empty_statement());
        if let Some(late) = self.lexer.errors.iter_mut().rev().find(|error| error.id == LATE_REFERENCE)
            && late.span.start >= target.span.start
            && late.span.end <= target.span.end
        {
            late.id = "ReferenceNeedsToBeByItselfInTypeConstraint";
        }
        let compound_list = operator != AssignmentOperator::Set && matches!(target.kind, ExprKind::Array(_));
        if compound_list || !is_assignable(&target.kind) {
            let written = self.lexer.slice(self.lexer.local(target.span.start), self.lexer.local(target.span.end));
            self.error("InvalidLeftHandSide", target.span, written);
        }
        if let ExprKind::Cast(name, _) = &target.kind
            && name.name.eq_ignore_ascii_case("void")
        {
            self.error("VoidTypeConstraintNotAllowed", name.span, "");
        }
        let span = target.span.to(value.span);
        Pipeline { span, kind: PipelineKind::Assignment { target, operator, value: Box::new(value) } }
    }

    /// A statement in the place of a missing one, which is reported.
    pub(super) fn missing_statement(&mut self, id: &'static str, detail: &str) -> Statement {
        if !self.abandoned {
            self.missing(id, detail);
        }
        self.empty_statement()
    }

    fn empty_statement(&self) -> Statement {
        let expression = self.error_expression();
        let span = expression.span;
        let command = Command { span, kind: CommandKind::Expression(expression), redirections: Vec::new() };
        let first = Pipeline { span, kind: PipelineKind::Commands(vec![command]) };
        let chain = PipelineChain { span, first, rest: Vec::new(), background: false };
        Statement { span, kind: StatementKind::Pipeline(chain) }
    }

    // Redirection -------------------------------------------------------------------------------------

    /// True at `>`, `2>`, `*>` and at `<`.
    pub(super) fn at_redirection(&self) -> bool {
        match self.lexer.peek() {
            b'>' | b'<' => true,
            b'1'..=b'6' | b'*' => self.lexer.peek_at(1) == b'>',
            _ => false,
        }
    }

    /// All redirections that stand here.
    fn redirections(&mut self) -> Vec<Placed> {
        let mut found = Vec::new();
        loop {
            self.lexer.skip_space();
            if !self.at_redirection() {
                return found;
            }
            self.redirection(&mut found);
        }
    }

    /// One redirection, pushed where it makes sense.
    pub(super) fn redirection(&mut self, found: &mut Vec<Placed>) {
        let start = self.lexer.position;
        if self.lexer.eat(b'<') {
            self.error("RedirectionNotSupported", self.lexer.span_from(start), "<");
            return;
        }
        let from = match self.lexer.peek() {
            b'*' => 0,
            digit @ b'1'..=b'6' => digit - b'0',
            _ => 1,
        };
        self.lexer.advance(usize::from(self.lexer.peek() != b'>'));
        self.lexer.advance(1);
        let append = self.lexer.eat(b'>');
        let merge = self.lexer.peek() == b'&' && matches!(self.lexer.peek_at(1), b'1' | b'2');
        if merge && !append {
            let stream = self.lexer.peek_at(1) - b'0';
            self.lexer.advance(2);
            self.lexer.mark(TokenKind::Operator, start);
            if stream == 2 || from == 1 {
                let text = self.lexer.slice_from(start);
                return self.error("RedirectionNotSupported", self.lexer.span_from(start), text);
            }
            return self.push_redirection(found, start, from, RedirectionTarget::Stream(stream));
        }
        self.lexer.mark(TokenKind::Operator, start);
        self.lexer.skip_space();
        match self.single_argument() {
            Some(path) => self.push_redirection(found, start, from, RedirectionTarget::File { path, append }),
            None => self.missing("MissingFileSpecification", ""),
        }
    }

    fn push_redirection(&mut self, found: &mut Vec<Placed>, start: usize, from: u8, to: RedirectionTarget) {
        let span = self.lexer.span_from(start);
        if found.iter().any(|Placed(other)| other.from == from) {
            self.error("StreamAlreadyRedirected", span, "");
            return;
        }
        found.push(Placed(Redirection { span, from, to }));
    }
}

/// A redirection of the command being read.
pub(super) struct Placed(pub(super) Redirection);

impl Placed {
    fn span(&self) -> crate::syntax::Span {
        self.0.span
    }
}

fn finished(commands: Vec<Command>) -> Option<Pipeline> {
    let span = commands.first()?.span.to(commands.last()?.span);
    Some(Pipeline { span, kind: PipelineKind::Commands(commands) })
}

/// What can stand on the left of `=`.
fn is_assignable(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Member { null_conditional, .. } | ExprKind::Index { null_conditional, .. } => !null_conditional,
        ExprKind::Variable(_) => true,
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => is_assignable(&inner.kind),
        ExprKind::Array(items) => items.iter().all(|item| is_assignable(&item.kind)),
        ExprKind::Paren(inner) => paren_is_assignable(inner),
        _ => false,
    }
}

fn paren_is_assignable(statement: &Statement) -> bool {
    let StatementKind::Pipeline(chain) = &statement.kind else { return false };
    match &chain.first.kind {
        PipelineKind::Commands(commands) => matches!(
            commands.as_slice(),
            [Command { kind: CommandKind::Expression(inner), .. }] if is_assignable(&inner.kind)
        ),
        PipelineKind::Assignment { .. } => false,
    }
}
