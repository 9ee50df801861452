//! Expressions: precedence climbing over arrays, unary operators, primaries and what hangs on them
//! (about_Operator_Precedence).

use super::{LONGEST_CHAIN, Parser};
use crate::syntax::ast::{
    BinaryOperator, Expr, ExprKind, Number, ParameterAttribute, ScriptBlock, Statement, StringKind, UnaryOperator,
};
use crate::syntax::lexer::is_identifier;
use crate::syntax::token::TokenKind;
use std::rc::Rc;

/// The error of `[type][ref]value`.
pub(super) const LATE_REFERENCE: &str = "ReferenceNeedsToBeLastTypeInTypeConversion";

impl Parser<'_> {
    /// Any expression, the ternary included. `None` where none starts here.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        self.nested(|parser| {
            let condition = parser.binary(0)?;
            parser.lexer.skip_space();
            if parser.lexer.peek() != b'?' || parser.lexer.peek_at(1) == b'?' {
                return Some(condition);
            }
            Some(parser.ternary(condition))
        })
    }

    fn ternary(&mut self, condition: Expr) -> Expr {
        self.operator(1);
        let errors = self.lexer.errors.len();
        self.ternaries += 1;
        let yes = self.ternary_operand("?");
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        if self.lexer.peek() != b':' || self.lexer.peek_at(1) == b':' {
            self.ternaries -= 1;
            self.rewind(place);
            if self.lexer.errors.len() == errors && !self.abandoned {
                self.missing("MissingColonInTernaryExpression", "");
            }
            return Expr { span: condition.span.to(yes.span), kind: ExprKind::Error };
        }
        self.operator(1);
        let no = self.ternary_operand(":");
        self.ternaries -= 1;
        let span = condition.span.to(no.span);
        Expr { span, kind: ExprKind::Ternary(Box::new(condition), Box::new(yes), Box::new(no)) }
    }

    /// What stands behind `?` or `:`; what is missing is reported right behind the mark.
    fn ternary_operand(&mut self, mark: &str) -> Expr {
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        self.expression().unwrap_or_else(|| {
            self.missing_behind(place, "ExpectedValueExpression", mark);
            self.error_expression()
        })
    }

    /// Operators of precedence `lowest` and above; all group from the left.
    fn binary(&mut self, lowest: u8) -> Option<Expr> {
        let mut left = self.array()?;
        for _ in 0..LONGEST_CHAIN {
            self.lexer.skip_space();
            let Some((operator, precedence, length)) = self.lexer.peek_binary_operator() else { return Some(left) };
            if precedence < lowest {
                return Some(left);
            }
            let start = self.lexer.position;
            self.operator(length);
            self.lexer.skip_newlines();
            let text = self.lexer.slice(start, start + length);
            let right = self.operand("ExpectedValueExpression", text, |parser| parser.binary(precedence + 1));
            left = binary_expression(operator, left, right);
        }
        self.abandon();
        Some(left)
    }

    /// The operand after an operator that was just taken, or an error in its place.
    fn operand(&mut self, id: &'static str, operator: &str, parse: impl FnOnce(&mut Self) -> Option<Expr>) -> Expr {
        if let Some(found) = parse(self) {
            return found;
        }
        if !self.abandoned {
            self.missing(id, operator);
        }
        self.error_expression()
    }

    fn operator(&mut self, length: usize) {
        let start = self.lexer.position;
        self.lexer.advance(length);
        self.lexer.mark(TokenKind::Operator, start);
    }

    /// `a, b, c`.
    fn array(&mut self) -> Option<Expr> {
        let first = self.unary()?;
        if self.comma_separates {
            return Some(first);
        }
        self.lexer.skip_space();
        if self.lexer.peek() != b',' {
            return Some(first);
        }
        let mut span = first.span;
        let mut items = vec![first];
        while self.lexer.peek() == b',' {
            self.operator(1);
            self.lexer.skip_newlines();
            let item = self.operand("MissingExpressionAfterToken", ",", Self::unary);
            span = span.to(item.span);
            items.push(item);
            self.lexer.skip_space();
        }
        Some(Expr { span, kind: ExprKind::Array(items) })
    }

    /// Prefix operators, casts, and primaries with `++` or `--` behind them.
    pub(super) fn unary(&mut self) -> Option<Expr> {
        self.lexer.skip_space();
        if let Some((operator, length)) = self.peek_prefix_operator() {
            return self.nested(|parser| Some(parser.prefix(operator, length)));
        }
        if self.lexer.peek() == b',' && !self.comma_separates {
            let start = self.lexer.position;
            self.operator(1);
            self.lexer.skip_newlines();
            let item =
                self.nested(|parser| Some(parser.operand("MissingExpressionAfterOperator", ",", Self::unary)))?;
            return Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::Array(vec![item]) });
        }
        if self.lexer.peek() == b'[' {
            return self.nested(Self::cast_or_type);
        }
        let expression = self.primary()?;
        self.lexer.skip_space();
        Some(self.increment_behind(expression))
    }

    fn peek_prefix_operator(&self) -> Option<(UnaryOperator, usize)> {
        use UnaryOperator::*;
        let signs_number = |at: usize| {
            let next = self.lexer.peek_at(at);
            next.is_ascii_digit() || (next == b'.' && self.lexer.peek_at(at + 1).is_ascii_digit())
        };
        match self.lexer.peek() {
            b'!' => return Some((Not, 1)),
            b'+' if self.lexer.peek_at(1) == b'+' => return Some((PreIncrement, 2)),
            b'+' if !signs_number(1) => return Some((Plus, 1)),
            b'-' if self.lexer.peek_at(1) == b'-' => return Some((PreDecrement, 2)),
            _ => {}
        }
        let dash = self.lexer.dash_length();
        if dash == 0 {
            return None;
        }
        let word = self.lexer.peek_dash_word();
        if word.is_empty() {
            let negative_number = dash == 1 && signs_number(1);
            let word_follows = self.lexer.char_at(self.lexer.position + dash).is_some_and(is_identifier);
            return (!negative_number && !word_follows).then_some((Minus, dash));
        }
        Some((named_prefix(word)?, dash + word.len()))
    }

    fn prefix(&mut self, operator: UnaryOperator, length: usize) -> Expr {
        let start = self.lexer.position;
        let text = self.lexer.slice(start, start + length);
        self.operator(length);
        self.lexer.skip_newlines();
        let operand = self.operand("MissingExpressionAfterOperator", text, Self::unary);
        let steps = matches!(operator, UnaryOperator::PreIncrement | UnaryOperator::PreDecrement);
        if steps {
            self.require_assignable(&operand, text);
        }
        Expr { span: self.lexer.span_from(start).to(operand.span), kind: ExprKind::Unary(operator, Box::new(operand)) }
    }

    fn increment_behind(&mut self, expression: Expr) -> Expr {
        let operator = match (self.lexer.peek(), self.lexer.peek_at(1)) {
            (b'+', b'+') => UnaryOperator::PostIncrement,
            (b'-', b'-') => UnaryOperator::PostDecrement,
            _ => return expression,
        };
        let start = self.lexer.position;
        self.operator(2);
        self.require_assignable(&expression, self.lexer.slice_from(start));
        let span = expression.span.to(self.lexer.span_from(start));
        Expr { span, kind: ExprKind::Unary(operator, Box::new(expression)) }
    }

    fn require_assignable(&mut self, expression: &Expr, operator: &str) {
        if !is_steppable(&expression.kind) {
            self.error("OperatorRequiresVariableOrProperty", expression.span, operator);
        }
    }

    /// `[type]value`, `[type]::Member`, `[Attribute()]$variable`, or a type by itself.
    fn cast_or_type(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        match self.bracketed() {
            None => Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::Error }),
            Some(ParameterAttribute::Attribute(attribute)) => {
                self.lexer.skip_newlines();
                let inner = self.operand("UnexpectedToken", "]", Self::unary);
                if !describes_variable(&inner.kind) {
                    self.error("UnexpectedAttribute", attribute.span, &attribute.name.name);
                }
                let span = self.lexer.span_from(start);
                Some(Expr { span, kind: ExprKind::Attributed(Box::new(attribute), Box::new(inner)) })
            }
            Some(ParameterAttribute::Type(name)) => {
                let span = self.lexer.span_from(start);
                let is_reference = name.name.eq_ignore_ascii_case("ref");
                let literal = |name| Expr { span, kind: ExprKind::Type(name) };
                if matches!(self.lexer.peek(), b'.' | b':' | b'?') {
                    let member = self.postfix(literal(name), false);
                    return Some(self.increment_behind(member));
                }
                self.lexer.skip_space();
                if self.lexer.peek() == b',' {
                    return Some(literal(name));
                }
                Some(match self.unary() {
                    Some(value) => {
                        self.check_reference(is_reference, &value);
                        let ordered = name.name.eq_ignore_ascii_case("ordered") && name.ranks.is_empty();
                        if ordered && !matches!(value.kind, ExprKind::Hashtable(_) | ExprKind::Error) {
                            self.error("OrderedAttributeOnlyOnHashLiteralNode", span, "");
                        }
                        let span = span.to(value.span);
                        Expr { span, kind: ExprKind::Cast(name, Box::new(value)) }
                    }
                    None => literal(name),
                })
            }
        }
    }

    /// `[ref]` stands by itself, or last of all types before a value.
    fn check_reference(&mut self, outer_is_reference: bool, value: &Expr) {
        if let ExprKind::Cast(inner, _) = &value.kind
            && inner.name.eq_ignore_ascii_case("ref")
        {
            let id = match outer_is_reference {
                true => "ReferenceNeedsToBeByItselfInTypeSequence",
                false => LATE_REFERENCE,
            };
            let start = self.lexer.local(value.span.start);
            self.error(id, self.lexer.span(start, self.lexer.local(inner.span.end) + 1), "");
        }
    }

    /// A value with its members and indexes. `None` where none starts here.
    pub(super) fn primary(&mut self) -> Option<Expr> {
        let value = self.value()?;
        Some(self.postfix(value, false))
    }

    /// A value alone: variable, literal, bracketed thing.
    pub(super) fn value(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        match self.lexer.peek() {
            b'$' if self.lexer.peek_at(1) == b'(' => self.subexpression(),
            b'$' => self.variable().map(|variable| Expr { span: variable.span, kind: ExprKind::Variable(variable) }),
            b'@' => self.at_sign(),
            b'(' => self.nested(Self::parenthesized),
            b'{' => self.nested(Self::script_block_literal),
            b'0'..=b'9' | b'.' | b'-' | b'+' => self.number(),
            b'\'' | b'"' | 0xE2 => self.quoted_string(),
            _ => {
                debug_assert_eq!(start, self.lexer.position);
                None
            }
        }
    }

    fn at_sign(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        match self.lexer.peek_at(1) {
            b'(' => self.array_subexpression(),
            b'{' => self.nested(Self::hashtable),
            _ => {
                if let Some(here) = self.here_string() {
                    return Some(here);
                }
                if self.lexer.char_at(start + 1).is_some_and(is_identifier)
                    && let Some(variable) = self.variable()
                {
                    self.error("SplattingNotPermitted", variable.span, &variable.name);
                    return Some(Expr { span: variable.span, kind: ExprKind::Variable(variable) });
                }
                self.lexer.advance(1);
                self.error_incomplete("UnrecognizedToken", self.lexer.span_from(start), "@");
                Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::Error })
            }
        }
    }

    fn subexpression(&mut self) -> Option<Expr> {
        self.statements_in_parentheses("$(", ExprKind::Subexpression)
    }

    fn array_subexpression(&mut self) -> Option<Expr> {
        self.statements_in_parentheses("@(", ExprKind::ArraySubexpression)
    }

    fn statements_in_parentheses(
        &mut self,
        opening: &str,
        make: fn(crate::syntax::ast::Block) -> ExprKind,
    ) -> Option<Expr> {
        let start = self.lexer.position;
        self.nested(|parser| {
            parser.open(opening);
            let mut block = parser.with_commas(false, Self::statements);
            parser.close(b')', "MissingEndParenthesisInSubexpression");
            block.span = parser.lexer.span_from(start);
            Some(Expr { span: block.span, kind: make(block) })
        })
    }

    /// `( pipeline )`.
    pub(super) fn parenthesized(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        self.open("(");
        self.lexer.skip_newlines();
        let inner = self
            .with_commas(false, Self::pipeline_statement)
            .unwrap_or_else(|| self.missing_statement("ExpectedExpression", "("));
        self.close(b')', "MissingEndParenthesisInExpression");
        Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::Paren(Box::new(inner)) })
    }

    /// `{ … }` as a value.
    pub(super) fn script_block_literal(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let body: Rc<ScriptBlock> = self.script_block_in_braces()?;
        Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::ScriptBlock(body) })
    }

    /// `@{ key = value; … }`.
    fn hashtable(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        self.open("@{");
        let opening = self.lexer.span_from(self.lexer.position);
        let mut pairs: Vec<(Expr, Statement)> = Vec::new();
        self.with_commas(false, |parser| {
            loop {
                parser.lexer.skip_separators();
                let Some(key) = parser.hashtable_key() else { break };
                let value = parser.hashtable_value();
                // A `try` looks for its `finally` beyond the line's end and takes that end with it.
                let open_ended = matches!(value.kind, crate::syntax::ast::StatementKind::Try { finally: None, .. });
                pairs.push((key, value));
                parser.lexer.skip_space();
                if open_ended && parser.lexer.at_line_end() {
                    parser.lexer.skip_newlines();
                }
                if !parser.lexer.at_line_end() && parser.lexer.peek() != b';' {
                    break;
                }
            }
        });
        self.report_double_keys(&pairs);
        self.close_from(opening);
        Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::Hashtable(pairs) })
    }

    fn hashtable_key(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let word = self.lexer.peek_identifier();
        if word.is_empty() {
            return self.unary();
        }
        self.lexer.advance(word.len());
        self.lexer.mark(TokenKind::Member, start);
        Some(Expr { span: self.lexer.span_from(start), kind: ExprKind::String(word.into(), StringKind::Bare) })
    }

    fn hashtable_value(&mut self) -> Statement {
        self.lexer.skip_newlines();
        if self.lexer.peek() != b'=' {
            return self.missing_statement("MissingEqualsInHashLiteral", "");
        }
        self.operator(1);
        self.lexer.skip_newlines();
        match self.statement() {
            Some(value) => value,
            None => self.missing_statement("MissingStatementInHashLiteral", ""),
        }
    }

    fn report_double_keys(&mut self, pairs: &[(Expr, Statement)]) {
        let constant = |expression: &Expr| match &expression.kind {
            ExprKind::String(text, _) => Some(text.to_lowercase()),
            ExprKind::Number(Number::I32(number)) => Some(number.to_string()),
            _ => None,
        };
        let mut seen = rustc_hash::FxHashSet::default();
        for (key, _) in pairs {
            if let Some(text) = constant(key)
                && !seen.insert(text)
            {
                let text = self.lexer.slice(self.lexer.local(key.span.start), self.lexer.local(key.span.end));
                self.error("DuplicateKeyInHashLiteral", key.span, text);
            }
        }
    }

    // What hangs on a value ---------------------------------------------------------------------------

    /// Members, calls and indexes, which must follow without a blank. In arguments (`argument`) a point before a
    /// blank is not one of them.
    pub(super) fn postfix(&mut self, value: Expr, argument: bool) -> Expr {
        let mut value = value;
        for _ in 0..LONGEST_CHAIN {
            let (first, second) = (self.lexer.peek(), self.lexer.peek_at(1));
            value = match (first, second) {
                (b'.', b'.') => return value,
                (b'.', b' ' | b'\t' | b'\r' | b'\n' | 0) if argument => return value,
                (b'.', _) => self.member(value, 1, false, false),
                (b':', b':') => self.member(value, 2, true, false),
                (b'[', _) => self.index(value, 1),
                (b'?', b'.') => self.member(value, 2, false, true),
                (b'?', b'[') => self.index(value, 2),
                _ => return value,
            };
        }
        self.abandon();
        value
    }

    fn index(&mut self, target: Expr, length: usize) -> Expr {
        let null_conditional = length == 2;
        self.operator(length);
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let index = self.with_commas(false, Self::expression);
        let index = index.unwrap_or_else(|| {
            self.missing_behind(place, "MissingArrayIndexExpression", "");
            self.error_expression()
        });
        self.close_index(&index);
        let span = target.span.to(self.lexer.span_from(self.lexer.position));
        Expr { span, kind: ExprKind::Index { target: Box::new(target), index: Box::new(index), null_conditional } }
    }

    fn close_index(&mut self, index: &Expr) {
        self.lexer.skip_newlines();
        let closed = self.lexer.eat(b']');
        if !closed && !matches!(index.kind, ExprKind::Error) {
            self.missing("MissingEndSquareBracket", "");
        }
    }

    fn member(&mut self, target: Expr, length: usize, is_static: bool, null_conditional: bool) -> Expr {
        let operator = self.lexer.slice(self.lexer.position, self.lexer.position + length);
        self.operator(length);
        self.lexer.skip_newlines();
        let name = self.member_name().unwrap_or_else(|| {
            self.missing("MissingPropertyName", operator);
            self.error_expression()
        });
        let type_arguments = self.method_type_arguments();
        let (target, name) = (Box::new(target), Box::new(name));
        let kind = match self.lexer.peek() {
            b'(' if !matches!(name.kind, ExprKind::Error) => {
                let arguments = self.nested(|parser| Some(parser.call_arguments())).unwrap_or_default();
                ExprKind::Call { target, name, type_arguments, arguments, is_static, null_conditional }
            }
            b'{' if matches!(name.kind, ExprKind::String(..)) => {
                let arguments = self.nested(Self::script_block_literal).into_iter().collect();
                ExprKind::Call { target, name, type_arguments, arguments, is_static, null_conditional }
            }
            _ => ExprKind::Member { target, name, is_static, null_conditional },
        };
        let start = match &kind {
            ExprKind::Call { target, .. } | ExprKind::Member { target, .. } => target.span,
            _ => Default::default(),
        };
        Expr { span: start.to(self.lexer.span_from(self.lexer.position)), kind }
    }

    fn member_name(&mut self) -> Option<Expr> {
        let start = self.lexer.position;
        let mut word = self.lexer.peek_identifier();
        if word.is_empty() {
            let digits = self.lexer.rest().bytes().take_while(u8::is_ascii_digit).count();
            word = self.lexer.slice(start, start + digits);
            if let Ok(number) = word.parse::<i32>()
                && number.to_string() == word
            {
                self.lexer.advance(digits);
                self.lexer.mark(TokenKind::Member, start);
                let kind = ExprKind::Number(Number::I32(number));
                return Some(Expr { span: self.lexer.span_from(start), kind });
            }
        }
        if !word.is_empty() {
            self.lexer.advance(word.len());
            self.lexer.mark(TokenKind::Member, start);
            return Some(Expr {
                span: self.lexer.span_from(start),
                kind: ExprKind::String(word.into(), StringKind::Bare),
            });
        }
        match self.lexer.peek() {
            b'$' | b'(' | b'{' | b'\'' | b'"' | 0xE2 => self.value(),
            _ => None,
        }
    }

    /// `[int]` between a method's name and its arguments; anything else there is an index.
    fn method_type_arguments(&mut self) -> Vec<crate::syntax::ast::TypeName> {
        let place = self.lexer.checkpoint();
        if self.lexer.eat(b'[')
            && let Some(arguments) = self.nested(Self::type_arguments)
            && self.lexer.peek() == b'('
        {
            return arguments;
        }
        self.rewind(place);
        Vec::new()
    }

    /// `( a, b )`, the bracket not yet taken.
    pub(super) fn call_arguments(&mut self) -> Vec<Expr> {
        self.open("(");
        let arguments = self.with_commas(true, Self::separated_expressions);
        self.close(b')', "MissingEndParenthesisInMethodCall");
        arguments
    }

    fn separated_expressions(&mut self) -> Vec<Expr> {
        let mut found = Vec::new();
        self.lexer.skip_newlines();
        let Some(first) = self.expression() else { return found };
        found.push(first);
        loop {
            self.lexer.skip_newlines();
            if self.lexer.peek() != b',' {
                return found;
            }
            self.operator(1);
            self.lexer.skip_newlines();
            found.push(self.operand("MissingExpressionAfterToken", ",", Self::expression));
        }
    }
}

/// True for what an attribute can stand before.
fn describes_variable(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Variable(_) | ExprKind::Error | ExprKind::Member { .. } | ExprKind::Index { .. } => true,
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => describes_variable(&inner.kind),
        _ => false,
    }
}

fn binary_expression(operator: BinaryOperator, left: Expr, right: Expr) -> Expr {
    Expr { span: left.span.to(right.span), kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)) }
}

fn named_prefix(word: &str) -> Option<UnaryOperator> {
    use UnaryOperator::*;
    const NAMES: &[(&str, UnaryOperator)] = &[
        ("not", Not),
        ("bnot", BitNot),
        ("join", Join),
        ("split", Split { case_sensitive: false }),
        ("isplit", Split { case_sensitive: false }),
        ("csplit", Split { case_sensitive: true }),
    ];
    NAMES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, operator)| *operator)
}

/// What `++` and `--` can change.
fn is_steppable(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Variable(_) | ExprKind::Member { .. } | ExprKind::Index { .. } | ExprKind::Error => true,
        ExprKind::Paren(_) => true,
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => is_steppable(&inner.kind),
        _ => false,
    }
}
