//! Loops and `switch`.

use super::Parser;
use super::statements::{Attempt, broken};
use crate::syntax::ast::{
    Block, Broken, Command, CommandKind, Expr, ExprKind, Part, Pipeline, PipelineChain, PipelineKind, Statement,
    StatementKind, StringKind, SwitchMatching, Variable,
};
use crate::syntax::lexer::is_identifier;
use crate::syntax::token::TokenKind;
use std::rc::Rc;

/// A label that stood before a loop or `switch`.
pub(super) type Label = Option<Rc<str>>;

/// What a switch was told between its keyword and its subject.
struct SwitchFlags {
    matching: SwitchMatching,
    case_sensitive: bool,
    file: Option<Expr>,
    is_file: bool,
    /// The file's name is missing.
    is_broken: bool,
}

impl<'s> Parser<'s> {
    fn loop_condition(&mut self, keyword: &str) -> Result<PipelineChain, Vec<Part>> {
        const IDS: [&str; 3] = [
            "MissingOpenParenthesisAfterKeyword",
            "MissingExpressionAfterKeyword",
            "MissingEndParenthesisAfterStatement",
        ];
        self.condition(keyword, IDS)
    }

    pub(super) fn while_statement(&mut self, label: Label) -> Attempt {
        let condition = self.loop_condition("while").map_err(broken)?;
        match self.required_block("MissingLoopStatement", "while") {
            Some(body) => Ok(StatementKind::While { label, condition, body }),
            None => Err(broken(vec![Part::Chain(condition)])),
        }
    }

    pub(super) fn do_statement(&mut self, label: Label) -> Attempt {
        let Some(body) = self.required_block("MissingLoopStatement", "do") else { return Err(Broken::default()) };
        let until = self.eat_keyword_on_later_line("until");
        if !until && !self.eat_keyword_on_later_line("while") {
            self.missing("MissingWhileOrUntilInDoWhile", "");
            return Err(broken(vec![Part::Block(body)]));
        }
        match self.loop_condition(if until { "until" } else { "while" }) {
            Ok(condition) => Ok(StatementKind::Do { label, body, condition, until }),
            Err(rest) => Err(broken([Part::Block(body)].into_iter().chain(rest).collect())),
        }
    }

    pub(super) fn for_statement(&mut self, label: Label) -> Attempt {
        let before = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        if !self.open("(") {
            self.missing_behind(before, "MissingOpenParenthesisAfterKeyword", "for");
            return Err(Broken::default());
        }
        let (initializer, condition, iterator) = self.with_commas(false, |parser| {
            let initializer = parser.for_part(Self::pipeline_statement).map(Box::new);
            let condition = parser.for_part(Self::pipeline_chain);
            let iterator = parser.for_part(Self::pipeline_statement).map(Box::new);
            (initializer, condition, iterator)
        });
        let parts = |initializer: Option<Box<Statement>>, condition: Option<PipelineChain>, iterator| {
            let first = initializer.map(|one: Box<Statement>| Part::Statement(*one));
            let last = Option::<Box<Statement>>::map(iterator, |one| Part::Statement(*one));
            broken(first.into_iter().chain(condition.map(Part::Chain)).chain(last).collect())
        };
        let behind = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if !self.lexer.eat(b')') {
            self.missing_behind(behind, "MissingEndParenthesisAfterStatement", "for");
            return Err(parts(initializer, condition, iterator));
        }
        self.lexer.mark(TokenKind::GroupEnd, start);
        match self.required_block("MissingLoopStatement", "for") {
            Some(body) => Ok(StatementKind::For { label, initializer, condition, iterator, body }),
            None => Err(parts(initializer, condition, iterator)),
        }
    }

    /// One of the three parts of `for`, with the semicolon or line end after it.
    fn for_part<T>(&mut self, parse: fn(&mut Self) -> Option<T>) -> Option<T> {
        self.lexer.skip_newlines();
        let found = match self.lexer.peek() {
            b';' | b')' => None,
            _ => parse(self),
        };
        self.lexer.skip_space();
        if self.lexer.peek() == b';' {
            let start = self.lexer.position;
            self.lexer.advance(1);
            self.lexer.mark(TokenKind::StatementSeparator, start);
        }
        found
    }

    pub(super) fn foreach_statement(&mut self, label: Label) -> Attempt {
        let _flags = self.foreach_flags();
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        if !self.open("(") {
            self.missing_behind(place, "MissingOpenParenthesisAfterKeyword", "foreach");
            return Err(Broken::default());
        }
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let Some(variable) = self.declared_variable() else {
            self.missing_behind(place, "MissingVariableNameAfterForeach", "");
            return Err(Broken::default());
        };
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        if !self.lexer.eat_keyword("in") {
            self.missing_behind(place, "MissingInInForeach", "");
            return Err(broken(vec![Part::Variable(variable)]));
        }
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let Some(items) = self.with_commas(false, Self::pipeline_chain) else {
            self.missing_behind(place, "MissingForeachExpression", "");
            return Err(broken(vec![Part::Variable(variable)]));
        };
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        let closed = self.lexer.eat(b')');
        if !closed {
            self.missing_behind(place, "MissingEndParenthesisAfterForeach", "");
        } else {
            self.lexer.mark(TokenKind::GroupEnd, start);
        }
        let body = if closed { self.required_block("MissingForeachStatement", "foreach") } else { None };
        match body {
            Some(body) => Ok(StatementKind::ForEach { label, variable, items, body }),
            None => Err(broken(vec![Part::Variable(variable), Part::Chain(items)])),
        }
    }

    /// A variable that is being declared; `@name` is reported and taken for one.
    pub(super) fn declared_variable(&mut self) -> Option<Variable> {
        match self.lexer.peek() {
            b'$' => self.variable(),
            b'@' if self.lexer.char_at(self.lexer.position + 1).is_some_and(is_identifier) => {
                let variable = self.variable()?;
                self.error("SplattingNotPermitted", variable.span, &variable.name);
                Some(variable)
            }
            _ => None,
        }
    }

    fn foreach_flags(&mut self) -> Vec<Rc<str>> {
        let mut flags = Vec::new();
        while let Some((word, start)) = self.next_flag() {
            flags.push(word.into());
            let known = ["parallel", "throttlelimit"].iter().any(|name| name.starts_with(&word.to_ascii_lowercase()));
            let id = if known { "KeywordParameterReservedForFutureUse" } else { "InvalidForeachFlag" };
            self.error(id, self.lexer.span_from(start), word);
        }
        flags
    }

    /// The next `-word` of a loop's head, behind blanks, and where it starts.
    fn next_flag(&mut self) -> Option<(&'s str, usize)> {
        let place = self.lexer.checkpoint();
        self.lexer.skip_space();
        let word = self.lexer.peek_dash_word();
        if self.lexer.dash_length() == 0 || word.is_empty() {
            self.rewind(place);
            return None;
        }
        let start = self.lexer.position;
        self.lexer.advance(self.lexer.dash_length() + word.len());
        Some((word, start))
    }

    // switch ------------------------------------------------------------------------------------------

    pub(super) fn switch_statement(&mut self, label: Label) -> Attempt {
        let mut flags = self.switch_flags();
        let mut wrong = flags.is_broken;
        let subject = self.switch_subject(&mut flags, &mut wrong);
        let mut end = self.lexer.position;
        let mut clauses = Vec::new();
        let mut default = None;
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let cut_off = wrong && self.lexer.errors.last().is_some_and(|last| last.incomplete);
        let opening = self.lexer.position;
        if self.open("{") {
            let complete =
                self.with_commas(false, |parser| parser.switch_clauses(&mut clauses, &mut default, &mut end));
            wrong |= !complete;
            self.lexer.skip_newlines();
            let start = self.lexer.position;
            if self.lexer.eat(b'}') {
                self.lexer.mark(TokenKind::GroupEnd, start);
            } else if complete {
                wrong = true;
                self.error_incomplete("MissingEndCurlyBrace", self.lexer.span(opening, opening + 1), "");
            }
        } else {
            self.rewind(place);
            if !cut_off && !self.abandoned {
                self.missing("MissingCurlyBraceInSwitchStatement", "");
            }
            wrong = true;
        }
        if wrong {
            return Err(self.broken_switch(flags, subject, clauses, default, end));
        }
        let SwitchFlags { matching, case_sensitive, is_file, .. } = flags;
        let subject = subject.unwrap_or_else(|| self.empty_chain());
        let clauses = clauses.into_iter().filter_map(|(test, body)| Some((test, body?))).collect();
        Ok(StatementKind::Switch { label, matching, case_sensitive, file: is_file, subject, clauses, default })
    }

    /// What is switched on: a pipeline in parentheses, or the file that an option names.
    fn switch_subject(&mut self, flags: &mut SwitchFlags, wrong: &mut bool) -> Option<PipelineChain> {
        const IDS: [&str; 3] =
            ["PipelineValueRequired", "PipelineValueRequired", "MissingEndParenthesisInSwitchStatement"];
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let opening = self.lexer.position;
        let has_value = self.lexer.peek() == b'(';
        self.rewind(place);
        if flags.is_file {
            if !has_value {
                return flags.file.clone().map(|path| self.expression_chain(path));
            }
            self.error("PipelineValueRequired", self.lexer.span(opening, opening + 1), "switch");
            *wrong = true;
        }
        match self.condition("switch", IDS) {
            Ok(subject) => Some(subject),
            Err(parts) => {
                *wrong = true;
                parts.into_iter().find_map(|part| match part {
                    Part::Chain(chain) => Some(chain),
                    _ => None,
                })
            }
        }
    }

    fn broken_switch(
        &mut self,
        flags: SwitchFlags,
        subject: Option<PipelineChain>,
        clauses: Vec<(Expr, Option<Block>)>,
        default: Option<Block>,
        end: usize,
    ) -> Broken {
        let file = flags.is_file.then(|| {
            let path = flags.file.map(|path| self.expression_chain(path));
            (Rc::from("file"), path)
        });
        let subject = if flags.is_file && file.as_ref().is_some_and(|(_, path)| same_place(path, &subject)) {
            None
        } else {
            subject
        };
        let of_clause = |(test, body): (Expr, Option<Block>)| {
            [Some(Part::Expression(test)), body.map(Part::Block)].into_iter().flatten()
        };
        let bodies = clauses.into_iter().flat_map(of_clause).chain(default.map(Part::Block));
        Broken {
            parts: Vec::new(),
            conditions: subject.into_iter().map(Part::Chain).collect(),
            bodies: bodies.collect(),
            flags: file.into_iter().collect(),
            end: Some(self.lexer.span(0, end).end),
        }
    }

    fn switch_flags(&mut self) -> SwitchFlags {
        let mut flags = SwitchFlags {
            matching: SwitchMatching::Exact,
            case_sensitive: false,
            file: None,
            is_file: false,
            is_broken: false,
        };
        while let Some((word, start)) = self.next_flag() {
            self.lexer.mark(TokenKind::CommandParameter, start);
            let lower = word.to_ascii_lowercase();
            let names = |full: &str| full.starts_with(&lower);
            if names("regex") {
                flags.matching = SwitchMatching::Regex;
            } else if names("wildcard") {
                flags.matching = SwitchMatching::Wildcard;
            } else if names("exact") {
                flags.matching = SwitchMatching::Exact;
            } else if names("casesensitive") {
                flags.case_sensitive = true;
            } else if names("file") {
                flags.is_file = true;
                let place = self.lexer.checkpoint();
                self.lexer.skip_space();
                flags.file = self.single_argument();
                if flags.file.is_none() {
                    flags.is_broken = true;
                    self.missing_behind(place, "MissingFilenameOption", "");
                }
            } else if names("parallel") {
                let span = self.lexer.span_from(start);
                self.error("KeywordParameterReservedForFutureUse", span, word);
            } else {
                let text = self.lexer.slice_from(start);
                self.error("InvalidSwitchFlag", self.lexer.span_from(start), text);
            }
        }
        flags
    }

    /// A single expression as a pipeline chain.
    fn expression_chain(&mut self, expression: Expr) -> PipelineChain {
        let span = expression.span;
        let command = Command { span, kind: CommandKind::Expression(expression), redirections: Vec::new() };
        let first = Pipeline { span, kind: PipelineKind::Commands(vec![command]) };
        PipelineChain { span, first, rest: Vec::new(), background: false }
    }

    fn empty_chain(&self) -> PipelineChain {
        let span = self.lexer.span_from(self.lexer.position);
        let first = Pipeline { span, kind: PipelineKind::Commands(Vec::new()) };
        PipelineChain { span, first, rest: Vec::new(), background: false }
    }

    /// The clauses up to the closing brace; false where one of them breaks off.
    fn switch_clauses(
        &mut self,
        clauses: &mut Vec<(Expr, Option<Block>)>,
        default: &mut Option<Block>,
        end: &mut usize,
    ) -> bool {
        let mut complete = true;
        *end = self.lexer.position;
        loop {
            let place = self.lexer.checkpoint();
            self.lexer.skip_separators();
            let Some(test) = self.single_argument() else {
                self.rewind(place);
                break;
            };
            *end = self.lexer.position;
            let is_default =
                matches!(&test.kind, ExprKind::String(text, StringKind::Bare) if text.eq_ignore_ascii_case("default"));
            let body = self.required_block("MissingSwitchStatementClause", "");
            let Some(body) = body else {
                clauses.push((test, None));
                return false;
            };
            *end = self.lexer.position;
            if !is_default {
                clauses.push((test, Some(body)));
            } else if default.is_some() {
                self.error("MultipleSwitchDefaultClauses", test.span, "");
                complete = false;
            } else {
                *default = Some(body);
            }
            if self.lexer.at_end() {
                break;
            }
        }
        if clauses.is_empty() && default.is_none() {
            self.missing("MissingSwitchConditionExpression", "");
            return false;
        }
        complete
    }
}

/// True for chains that were made of the same text.
fn same_place(one: &Option<PipelineChain>, other: &Option<PipelineChain>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.span == other.span)
}
