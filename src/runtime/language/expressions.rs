//! From the syntax storey's tree to the one that scripts see: commands, redirections and expressions.

use super::build::{Builder, Fields, member, text, truth, type_value};
use super::{Field, NodeId, names};
use crate::runtime::lower::number_value;
use crate::syntax::{
    Argument, ArgumentKind, AssignmentOperator, BinaryOperator, CaseSensitivity, Command, CommandKind, Comparison,
    Expr, ExprKind, InvocationOperator, Redirection, RedirectionTarget, Span, StringKind, StringPart, TypeName,
    UnaryOperator, Variable,
};
use crate::value::{TypeRef, Value};

impl Builder {
    // Commands ----------------------------------------------------------------------------------------

    pub(super) fn command(&mut self, command: &Command) -> NodeId {
        match &command.kind {
            CommandKind::Expression(expression) => {
                let inner = self.expression(expression);
                let redirections = self.redirections(&command.redirections);
                let fields = vec![("Expression", Field::Child(Some(inner))), ("Redirections", redirections)];
                self.node(TypeRef::COMMAND_EXPRESSION_AST, command.span, fields)
            }
            CommandKind::Invocation { operator, name, arguments } => {
                let mut elements = vec![self.expression(name)];
                for argument in arguments {
                    self.argument(argument, &mut elements);
                }
                let redirections = self.redirections(&command.redirections);
                let operator = match operator {
                    InvocationOperator::None => "Unknown",
                    InvocationOperator::Call => "Ampersand",
                    InvocationOperator::Dot => "Dot",
                };
                let fields = vec![
                    ("CommandElements", Field::Children(elements)),
                    ("Redirections", redirections),
                    ("InvocationOperator", Field::Plain(member(TypeRef::TOKEN_KIND, operator))),
                    ("DefiningKeyword", Field::Plain(Value::Null)),
                ];
                self.node(TypeRef::COMMAND_AST, command.span, fields)
            }
        }
    }

    fn argument(&mut self, argument: &Argument, elements: &mut Vec<NodeId>) {
        let span = argument.span;
        let element = match &argument.kind {
            ArgumentKind::Value(value) => self.expression(value),
            ArgumentKind::Splat(variable) => self.variable_node(variable, true),
            ArgumentKind::Verbatim(rest) => {
                elements.push(self.bare_word("--%", Span::new(span.start, span.start + 3)));
                self.bare_word(rest, Span::new(span.end.saturating_sub(rest.len() as u32), span.end))
            }
            ArgumentKind::Parameter { name, value } => {
                let value = value.as_ref().map(|value| self.expression(value));
                let fields = vec![
                    ("Argument", Field::Child(value)),
                    ("ParameterName", text(name)),
                    ("ErrorPosition", Field::Plain(super::extent(&self.source, span))),
                ];
                self.node(TypeRef::COMMAND_PARAMETER_AST, span, fields)
            }
        };
        elements.push(element);
    }

    fn redirections(&mut self, redirections: &[Redirection]) -> Field {
        Field::Children(redirections.iter().map(|one| self.redirection(one)).collect())
    }

    fn redirection(&mut self, redirection: &Redirection) -> NodeId {
        let stream = |number: u8| Field::Plain(TypeRef::REDIRECTION_STREAM.enum_of(i64::from(number)));
        match &redirection.to {
            RedirectionTarget::Stream(to) => {
                let fields = vec![("FromStream", stream(redirection.from)), ("ToStream", stream(*to))];
                self.node(TypeRef::MERGING_REDIRECTION_AST, redirection.span, fields)
            }
            RedirectionTarget::File { path, append } => {
                let location = self.expression(path);
                let fields = vec![
                    ("Location", Field::Child(Some(location))),
                    ("Append", truth(*append)),
                    ("FromStream", stream(redirection.from)),
                ];
                self.node(TypeRef::FILE_REDIRECTION_AST, redirection.span, fields)
            }
        }
    }

    // Leaves ------------------------------------------------------------------------------------------

    /// A constant that is no text.
    pub(super) fn constant(&mut self, value: Value, span: Span) -> NodeId {
        let kind = TypeRef::of(&value);
        let fields = vec![("Value", Field::Plain(value)), ("StaticType", Field::Plain(Value::Type(kind)))];
        self.node(TypeRef::CONSTANT_EXPRESSION_AST, span, fields)
    }

    /// A word without quotes.
    pub(super) fn bare_word(&mut self, word: &str, span: Span) -> NodeId {
        self.string(word, StringKind::Bare, span)
    }

    fn string(&mut self, value: &str, kind: StringKind, span: Span) -> NodeId {
        let fields = vec![
            ("StringConstantType", Field::Plain(string_type(kind))),
            ("Value", text(value)),
            ("StaticType", Field::Plain(Value::Type(TypeRef::STRING))),
        ];
        self.node(TypeRef::STRING_CONSTANT_EXPRESSION_AST, span, fields)
    }

    /// The variable of this whole name, scope included.
    pub(super) fn variable_named(&mut self, name: &str, span: Span) -> NodeId {
        let (scope, name) = match name.split_once(':') {
            Some((scope, name)) => (Some(scope.into()), name),
            None => (None, name),
        };
        self.variable_node(&Variable { span, name: name.into(), scope }, false)
    }

    pub(super) fn variable(&mut self, variable: &Variable) -> NodeId {
        let uses_caller = variable.scope.as_deref().is_some_and(|scope| scope.eq_ignore_ascii_case("using"));
        if !uses_caller {
            return self.variable_node(variable, false);
        }
        let plain = Variable { scope: None, ..variable.clone() };
        let inner = self.variable_node(&plain, false);
        let fields = vec![("SubExpression", Field::Child(Some(inner))), object_type()];
        self.node(TypeRef::USING_EXPRESSION_AST, variable.span, fields)
    }

    fn variable_node(&mut self, variable: &Variable, splatted: bool) -> NodeId {
        let fields = vec![
            ("VariablePath", Field::Plain(names::variable_path(variable))),
            ("Splatted", truth(splatted)),
            object_type(),
        ];
        self.node(TypeRef::VARIABLE_EXPRESSION_AST, variable.span, fields)
    }

    fn expandable(&mut self, parts: &[StringPart], kind: StringKind, span: Span) -> NodeId {
        let nested = parts.iter().filter_map(|part| match part {
            StringPart::Text(_) => None,
            StringPart::Expression(inner) => Some(self.expression(inner)),
        });
        let nested = nested.collect();
        let value: String = parts
            .iter()
            .map(|part| match part {
                StringPart::Text(words) => words.to_string(),
                StringPart::Expression(inner) => self.source.slice(inner.span).to_owned(),
            })
            .collect();
        let fields = vec![
            ("NestedExpressions", Field::Children(nested)),
            ("Value", text(&value)),
            ("StringConstantType", Field::Plain(string_type(kind))),
            ("StaticType", Field::Plain(Value::Type(TypeRef::STRING))),
        ];
        self.node(TypeRef::EXPANDABLE_STRING_EXPRESSION_AST, span, fields)
    }

    // Expressions -------------------------------------------------------------------------------------

    pub(super) fn expression(&mut self, expression: &Expr) -> NodeId {
        let span = expression.span;
        match &expression.kind {
            ExprKind::Number(number) => self.constant(number_value(number), span),
            ExprKind::String(words, kind) => self.string(words, *kind, span),
            ExprKind::Expandable(parts, kind) => self.expandable(parts, *kind, span),
            ExprKind::Variable(variable) => self.variable(variable),
            ExprKind::Type(name) => {
                let fields = vec![
                    ("TypeName", Field::Plain(names::type_name(name, &self.source))),
                    ("StaticType", Field::Plain(Value::Type(TypeRef::TYPE))),
                ];
                self.node(TypeRef::TYPE_EXPRESSION_AST, span, fields)
            }
            ExprKind::Cast(name, inner) => self.conversion(name, inner, span),
            ExprKind::Attributed(attribute, inner) => {
                let attribute = self.attribute(attribute);
                let child = self.expression(inner);
                let fields = vec![("Attribute", Field::Child(Some(attribute))), ("Child", Field::Child(Some(child)))];
                self.node(TypeRef::ATTRIBUTED_EXPRESSION_AST, span, fields)
            }
            ExprKind::Array(items) => {
                let elements = items.iter().map(|item| self.expression(item)).collect();
                let fields = vec![("Elements", Field::Children(elements)), array_type()];
                self.node(TypeRef::ARRAY_LITERAL_AST, span, fields)
            }
            ExprKind::ArraySubexpression(block) => {
                let inner = self.inner_block(block);
                let fields = vec![("SubExpression", Field::Child(Some(inner))), array_type()];
                self.node(TypeRef::ARRAY_EXPRESSION_AST, span, fields)
            }
            ExprKind::Subexpression(block) => {
                let inner = self.inner_block(block);
                let fields = vec![("SubExpression", Field::Child(Some(inner))), object_type()];
                self.node(TypeRef::SUB_EXPRESSION_AST, span, fields)
            }
            ExprKind::Paren(statement) => {
                let inner = self.statement(statement);
                let fields = vec![("Pipeline", Field::Child(Some(inner))), object_type()];
                self.node(TypeRef::PAREN_EXPRESSION_AST, span, fields)
            }
            ExprKind::Hashtable(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| (self.expression(key), self.statement(value))).collect();
                let fields = vec![
                    ("KeyValuePairs", Field::Pairs(pairs)),
                    ("StaticType", Field::Plain(Value::Type(TypeRef::HASHTABLE))),
                ];
                self.node(TypeRef::HASHTABLE_AST, span, fields)
            }
            ExprKind::ScriptBlock(block) => {
                let block = self.script_block(block);
                let fields = vec![
                    ("ScriptBlock", Field::Child(Some(block))),
                    ("StaticType", Field::Plain(Value::Type(TypeRef::SCRIPTBLOCK))),
                ];
                self.node(TypeRef::SCRIPT_BLOCK_EXPRESSION_AST, span, fields)
            }
            ExprKind::Unary(operator, inner) => {
                let child = self.expression(inner);
                let kind = unary_kind(*operator, self.source.slice(span));
                let fields = vec![
                    ("Child", Field::Child(Some(child))),
                    ("TokenKind", Field::Plain(member(TypeRef::TOKEN_KIND, kind))),
                    object_type(),
                ];
                self.node(TypeRef::UNARY_EXPRESSION_AST, span, fields)
            }
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ExprKind::Ternary(condition, yes, no) => {
                let fields = vec![
                    self.child("Condition", condition),
                    self.child("IfTrue", yes),
                    self.child("IfFalse", no),
                    object_type(),
                ];
                self.node(TypeRef::TERNARY_EXPRESSION_AST, span, fields)
            }
            ExprKind::Member { target, name, is_static, null_conditional } => {
                let fields = self.member_fields(target, name, *is_static, *null_conditional);
                self.node(TypeRef::MEMBER_EXPRESSION_AST, span, fields)
            }
            ExprKind::Call { target, name, type_arguments, arguments, is_static, null_conditional } => {
                let mut fields = self.member_fields(target, name, *is_static, *null_conditional);
                let ids: Vec<NodeId> = arguments.iter().map(|one| self.expression(one)).collect();
                let given = if ids.is_empty() { Field::Plain(Value::Null) } else { Field::Children(ids) };
                fields.push(("Arguments", given));
                let names = type_arguments.iter().map(|name| names::type_name(name, &self.source)).collect();
                let generic = if type_arguments.is_empty() { Value::Null } else { Value::array(names) };
                fields.push(("GenericTypeArguments", Field::Plain(generic)));
                self.node(TypeRef::INVOKE_MEMBER_EXPRESSION_AST, span, fields)
            }
            ExprKind::Index { target, index, null_conditional } => {
                let fields = vec![
                    self.child("Target", target),
                    self.child("Index", index),
                    ("NullConditional", truth(*null_conditional)),
                    object_type(),
                ];
                self.node(TypeRef::INDEX_EXPRESSION_AST, span, fields)
            }
            ExprKind::Error => {
                let fields = vec![("NestedAst", Field::Children(Vec::new())), object_type()];
                self.node(TypeRef::ERROR_EXPRESSION_AST, span, fields)
            }
        }
    }

    fn child(&mut self, name: &'static str, inner: &Expr) -> (&'static str, Field) {
        (name, Field::Child(Some(self.expression(inner))))
    }

    fn member_fields(&mut self, target: &Expr, name: &Expr, is_static: bool, null_conditional: bool) -> Fields {
        vec![
            self.child("Expression", target),
            self.child("Member", name),
            ("Static", truth(is_static)),
            ("NullConditional", truth(null_conditional)),
            object_type(),
        ]
    }

    fn conversion(&mut self, name: &TypeName, inner: &Expr, span: Span) -> NodeId {
        let constraint = self.type_constraint(name);
        let child = self.expression(inner);
        let fields = vec![
            ("Attribute", Field::Child(Some(constraint))),
            ("Type", Field::Same(constraint)),
            ("Child", Field::Child(Some(child))),
            ("StaticType", Field::Plain(names::static_type(name))),
        ];
        self.node(TypeRef::CONVERT_EXPRESSION_AST, span, fields)
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr, span: Span) -> NodeId {
        let (left_id, right_id) = (self.expression(left), self.expression(right));
        let between = Span::new(left.span.end, right.span.start.max(left.span.end));
        let written = self.source.slice(between);
        let lead = (written.len() - written.trim_start().len()) as u32;
        let place = Span::new(between.start + lead, between.start + lead + written.trim().len() as u32);
        let kind = binary_kind(operator);
        let static_type = match operator {
            BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Xor => TypeRef::BOOLEAN,
            BinaryOperator::Is | BinaryOperator::IsNot => TypeRef::BOOLEAN,
            BinaryOperator::Format => TypeRef::STRING,
            _ => TypeRef::OBJECT,
        };
        let fields = vec![
            ("Left", Field::Child(Some(left_id))),
            ("Right", Field::Child(Some(right_id))),
            ("Operator", Field::Plain(member(TypeRef::TOKEN_KIND, kind))),
            ("ErrorPosition", Field::Plain(super::extent(&self.source, place))),
            ("StaticType", Field::Plain(Value::Type(static_type))),
        ];
        self.node(TypeRef::BINARY_EXPRESSION_AST, span, fields)
    }
}

fn object_type() -> (&'static str, Field) {
    ("StaticType", Field::Plain(Value::Type(TypeRef::OBJECT)))
}

fn array_type() -> (&'static str, Field) {
    ("StaticType", Field::Plain(type_value("System.Object[]")))
}

fn string_type(kind: StringKind) -> Value {
    let name = match kind {
        StringKind::Bare => "BareWord",
        StringKind::Single => "SingleQuoted",
        StringKind::Double => "DoubleQuoted",
        StringKind::SingleHere => "SingleQuotedHereString",
        StringKind::DoubleHere => "DoubleQuotedHereString",
    };
    member(TypeRef::STRING_CONSTANT_TYPE, name)
}

/// The token kind of an assignment operator.
pub(super) fn assignment_kind(operator: AssignmentOperator) -> &'static str {
    match operator {
        AssignmentOperator::Set => "Equals",
        AssignmentOperator::Add => "PlusEquals",
        AssignmentOperator::Subtract => "MinusEquals",
        AssignmentOperator::Multiply => "MultiplyEquals",
        AssignmentOperator::Divide => "DivideEquals",
        AssignmentOperator::Remainder => "RemainderEquals",
        AssignmentOperator::Coalesce => "QuestionQuestionEquals",
    }
}

fn unary_kind(operator: UnaryOperator, written: &str) -> &'static str {
    match operator {
        UnaryOperator::Not if written.starts_with('!') => "Exclaim",
        UnaryOperator::Not => "Not",
        UnaryOperator::BitNot => "Bnot",
        UnaryOperator::Minus => "Minus",
        UnaryOperator::Plus => "Plus",
        UnaryOperator::PreIncrement => "PlusPlus",
        UnaryOperator::PreDecrement => "MinusMinus",
        UnaryOperator::PostIncrement => "PostfixPlusPlus",
        UnaryOperator::PostDecrement => "PostfixMinusMinus",
        UnaryOperator::Split { case_sensitive: true } => "Csplit",
        UnaryOperator::Split { case_sensitive: false } => "Isplit",
        UnaryOperator::Join => "Join",
    }
}

fn binary_kind(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "Plus",
        BinaryOperator::Subtract => "Minus",
        BinaryOperator::Multiply => "Multiply",
        BinaryOperator::Divide => "Divide",
        BinaryOperator::Remainder => "Rem",
        BinaryOperator::Range => "DotDot",
        BinaryOperator::Format => "Format",
        BinaryOperator::And => "And",
        BinaryOperator::Or => "Or",
        BinaryOperator::Xor => "Xor",
        BinaryOperator::BitAnd => "Band",
        BinaryOperator::BitOr => "Bor",
        BinaryOperator::BitXor => "Bxor",
        BinaryOperator::ShiftLeft => "Shl",
        BinaryOperator::ShiftRight => "Shr",
        BinaryOperator::Coalesce => "QuestionQuestion",
        BinaryOperator::Is => "Is",
        BinaryOperator::IsNot => "IsNot",
        BinaryOperator::As => "As",
        BinaryOperator::Join => "Join",
        BinaryOperator::Compare(comparison, case) => comparison_kind(comparison, case),
    }
}

fn comparison_kind(comparison: Comparison, case: CaseSensitivity) -> &'static str {
    let (insensitive, sensitive) = match comparison {
        Comparison::Equal => ("Ieq", "Ceq"),
        Comparison::NotEqual => ("Ine", "Cne"),
        Comparison::Greater => ("Igt", "Cgt"),
        Comparison::GreaterOrEqual => ("Ige", "Cge"),
        Comparison::Less => ("Ilt", "Clt"),
        Comparison::LessOrEqual => ("Ile", "Cle"),
        Comparison::Like => ("Ilike", "Clike"),
        Comparison::NotLike => ("Inotlike", "Cnotlike"),
        Comparison::Match => ("Imatch", "Cmatch"),
        Comparison::NotMatch => ("Inotmatch", "Cnotmatch"),
        Comparison::Replace => ("Ireplace", "Creplace"),
        Comparison::Split => ("Isplit", "Csplit"),
        Comparison::Contains => ("Icontains", "Ccontains"),
        Comparison::NotContains => ("Inotcontains", "Cnotcontains"),
        Comparison::In => ("Iin", "Cin"),
        Comparison::NotIn => ("Inotin", "Cnotin"),
    };
    if case == CaseSensitivity::Sensitive { sensitive } else { insensitive }
}
