//! Commands and their arguments (argument mode): bare words, parameters, lists, splatting, `--%`.

use super::Parser;
use super::pipelines::Placed;
use crate::syntax::ast::{
    Argument, ArgumentKind, Command, CommandKind, Expr, ExprKind, InvocationOperator, StringKind,
};
use crate::syntax::lexer::{is_identifier, is_variable, starts_new_token};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// A command with its arguments. `None` where none starts here.
    pub(super) fn command(&mut self) -> Option<Command> {
        self.lexer.skip_space();
        let start = self.lexer.position;
        let mut redirections: Vec<Placed> = Vec::new();
        let operator = self.invocation_operator();
        while operator == InvocationOperator::None && self.at_redirection() {
            self.redirection(&mut redirections);
            self.lexer.skip_space();
        }
        let Some(name) = self.command_name(operator) else {
            return self.nameless_command(start, operator, redirections);
        };
        let arguments = self.arguments(&mut redirections);
        let kind = CommandKind::Invocation { operator, name, arguments };
        let last = self.lexer.slice_from(start).trim_end().len();
        let span = self.lexer.span(start, start + last);
        Some(Command { span, kind, redirections: redirections.into_iter().map(|r| r.0).collect() })
    }

    /// `> file` alone makes an empty file; an operator alone is an error.
    fn nameless_command(
        &mut self,
        start: usize,
        operator: InvocationOperator,
        redirections: Vec<Placed>,
    ) -> Option<Command> {
        let operator_text = match operator {
            InvocationOperator::None if redirections.is_empty() => {
                return (self.lexer.position > start).then(|| self.empty_command(start, Vec::new()));
            }
            InvocationOperator::None => return Some(self.empty_command(start, redirections)),
            InvocationOperator::Call => "&",
            InvocationOperator::Dot => ".",
        };
        self.missing("MissingExpression", operator_text);
        Some(self.empty_command(start, redirections))
    }

    fn empty_command(&mut self, start: usize, redirections: Vec<Placed>) -> Command {
        let span = self.lexer.span_from(start);
        let nothing = Expr { span, kind: ExprKind::Subexpression(Default::default()) };
        let redirections = redirections.into_iter().map(|r| r.0).collect();
        Command { span, kind: CommandKind::Expression(nothing), redirections }
    }

    fn invocation_operator(&mut self) -> InvocationOperator {
        let start = self.lexer.position;
        let next = self.lexer.char_at(start + 1);
        let found = match self.lexer.peek() {
            b'&' if next != Some('&') => InvocationOperator::Call,
            b'.' if next.is_none_or(|c| starts_new_token(c) || matches!(c, '$' | '\'' | '"')) => {
                InvocationOperator::Dot
            }
            _ => return InvocationOperator::None,
        };
        self.lexer.advance(1);
        self.lexer.mark(TokenKind::Operator, start);
        self.lexer.skip_space();
        found
    }

    fn command_name(&mut self, operator: InvocationOperator) -> Option<Expr> {
        let start = self.lexer.position;
        if operator != InvocationOperator::None {
            return self.single_argument();
        }
        // After `|` an expression was refused already: what stands here is a word.
        let name = self.bare_word()?;
        self.lexer.mark(TokenKind::Command, start);
        Some(name)
    }

    fn arguments(&mut self, redirections: &mut Vec<Placed>) -> Vec<Argument> {
        let mut found = Vec::new();
        while !self.abandoned {
            self.lexer.skip_space();
            let start = self.lexer.position;
            match self.lexer.peek() {
                b'\n' | b'\r' | b';' | b')' | b'}' | b'|' | b'&' => return found,
                b',' => {
                    self.lexer.advance(1);
                    self.error("MissingArgument", self.lexer.span_from(start), "");
                }
                _ if self.at_redirection() => self.redirection(redirections),
                _ => match self.argument() {
                    Some(kind) => found.push(Argument { span: self.lexer.span_from(start), kind }),
                    None => return found,
                },
            }
        }
        found
    }

    fn argument(&mut self) -> Option<ArgumentKind> {
        if self.lexer.at_dash()
            && let Some(special) = self.dashed_argument()
        {
            return Some(special);
        }
        if self.lexer.peek() == b'@' && self.lexer.char_at(self.lexer.position + 1).is_some_and(is_identifier) {
            return self.variable().map(ArgumentKind::Splat);
        }
        self.argument_list().map(ArgumentKind::Value)
    }

    /// `-Name`, `-Name:value`, `--%`; `None` for dashes that are plain text.
    fn dashed_argument(&mut self) -> Option<ArgumentKind> {
        let start = self.lexer.position;
        if self.lexer.starts_with("--%") && self.lexer.char_at(start + 3).is_none_or(starts_new_token) {
            return Some(self.verbatim());
        }
        let name_start = start + self.lexer.dash_length();
        let first = self.lexer.char_at(name_start)?;
        if !is_variable(first) || first.is_ascii_digit() {
            return None;
        }
        let mut end = name_start;
        while let Some(c) = self.lexer.char_at(end) {
            if starts_new_token(c) || matches!(c, '.' | '[' | ':') {
                break;
            }
            if matches!(c, '\'' | '"' | '`' | '$') {
                return None;
            }
            end += c.len_utf8();
        }
        self.lexer.position = end;
        let name = self.lexer.slice(name_start, end);
        let colon = self.lexer.eat(b':');
        self.lexer.mark(TokenKind::CommandParameter, start);
        if !colon {
            return Some(ArgumentKind::Parameter { name: name.into(), value: None });
        }
        self.lexer.skip_space();
        let value = self.argument_list();
        if value.is_none() {
            self.missing("ParameterRequiresArgument", self.lexer.slice(start, end));
        }
        Some(ArgumentKind::Parameter { name: name.into(), value })
    }

    /// Everything after `--%` up to the end of the line or a pipe, quotes respected.
    fn verbatim(&mut self) -> ArgumentKind {
        self.lexer.advance(3);
        let start = self.lexer.position;
        let mut quoted = false;
        while let Some(c) = self.lexer.peek_char() {
            let ends = matches!(c, '|') || (c == '&' && self.lexer.peek_at(1) == b'&');
            if matches!(c, '\n' | '\r') || (!quoted && ends) {
                break;
            }
            quoted ^= c == '"';
            self.lexer.advance_char();
        }
        self.lexer.mark(TokenKind::CommandArgument, start);
        ArgumentKind::Verbatim(self.lexer.slice_from(start).trim().into())
    }

    /// One argument, or several joined by commas into an array.
    pub(super) fn argument_list(&mut self) -> Option<Expr> {
        let first = self.single_argument()?;
        let start = first.span;
        let mut items = vec![first];
        loop {
            self.lexer.skip_space_before_comma();
            if self.lexer.peek() != b',' {
                break;
            }
            self.lexer.advance(1);
            self.lexer.skip_newlines();
            match self.single_argument() {
                Some(item) => items.push(item),
                None => {
                    self.missing("MissingExpression", ",");
                    break;
                }
            }
        }
        if items.len() == 1 {
            return items.pop();
        }
        let span = items.last().map_or(start, |last| start.to(last.span));
        Some(Expr { span, kind: ExprKind::Array(items) })
    }

    /// A single argument: a value with its members, or a bare word.
    pub(super) fn single_argument(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let value = match self.lexer.peek() {
            b'$' if self.lexer.peek_at(1) != b'(' => return self.variable_argument(),
            b'$' | b'(' | b'{' | b'\'' | b'"' => self.with_commas(false, Self::value),
            0xE2 => self.quoted_string(),
            b'@' => self.with_commas(false, Self::value),
            b'0'..=b'9' | b'.' => self.number_argument(),
            _ => None,
        };
        if let Some(value) = value {
            return Some(self.postfix(value, true));
        }
        if self.abandoned {
            return None;
        }
        self.lexer.position = start;
        let word = self.bare_word()?;
        self.lexer.mark(TokenKind::CommandArgument, start);
        Some(word)
    }

    /// A variable with its members; or, where text is attached, a bare word that expands it.
    fn variable_argument(&mut self) -> Option<Expr> {
        let place = self.lexer.checkpoint();
        let start = self.lexer.position;
        let variable = self.variable();
        let ends = match (self.lexer.peek(), self.lexer.peek_at(1)) {
            (b'.' | b'[', _) | (b':', b':') | (b'?', b'.' | b'[') => true,
            _ => self.lexer.peek_char().is_none_or(starts_new_token),
        };
        if let Some(variable) = variable.filter(|_| ends) {
            let value = Expr { span: variable.span, kind: ExprKind::Variable(variable) };
            return Some(self.postfix(value, true));
        }
        self.rewind(place);
        let word = self.bare_word()?;
        self.lexer.mark(TokenKind::CommandArgument, start);
        Some(word)
    }

    /// The text of a constant word or string, where this is one.
    pub(super) fn constant_text(expression: &Expr) -> Option<std::rc::Rc<str>> {
        match &expression.kind {
            ExprKind::String(text, StringKind::Bare | StringKind::Single | StringKind::Double) => Some(text.clone()),
            _ => None,
        }
    }
}
