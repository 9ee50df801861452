//! Lowering of expressions and of the targets of assignments.

use super::statements::{lone_expression, statement_expression};
use super::{Lowerer, type_code};
use crate::runtime::code::*;
use crate::runtime::symbol::Symbol;
use crate::syntax::{self, BinaryOperator, Expr, ExprKind, Number, StringPart, UnaryOperator};
use crate::value::{ScriptBlock, Shape, Str, Value};
use std::cell::Cell;
use std::rc::Rc;

/// Variables whose options forbid or divert assignment in every scope.
const GUARDED: &[&str] = &[
    "true",
    "false",
    "null",
    "?",
    "HOME",
    "PID",
    "PSVersionTable",
    "ExecutionContext",
    "Host",
    "ShellId",
    "PSCulture",
    "PSUICulture",
    "PSHOME",
    "PSEdition",
    "IsLinux",
    "IsWindows",
    "IsMacOS",
    "IsCoreCLR",
    "Error",
    "EnabledExperimentalFeatures",
    "PWD",
];

/// `++` and `--`.
pub(super) fn is_increment(op: UnaryOperator) -> bool {
    use UnaryOperator::*;
    matches!(op, PreIncrement | PreDecrement | PostIncrement | PostDecrement)
}

impl Lowerer {
    pub(super) fn expression(&self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Number(number) => Node::Constant(number_value(number)),
            ExprKind::String(text, _) => Node::Constant(Value::str(&**text)),
            ExprKind::Expandable(parts, _) => self.expandable(parts),
            ExprKind::Variable(variable) => self.variable(variable),
            ExprKind::Type(name) => Node::Type(Box::new(type_code(&literal_type(name)))),
            ExprKind::Cast(name, inner) => self.cast(name, inner),
            ExprKind::Attributed(_, inner) => self.expression(inner),
            ExprKind::Array(items) => Node::Array(items.iter().map(|e| self.expression(e)).collect()),
            ExprKind::ArraySubexpression(block) => match lone_expression(block) {
                Some(inner) if !self.is_effect(inner) => Node::ArrayOfOne(Box::new(self.expression(inner))),
                _ => Node::ArrayOf(Box::new(self.block(block))),
            },
            ExprKind::Subexpression(block) => Node::Sub(Box::new(self.block(block))),
            ExprKind::Paren(statement) => self.paren(statement),
            ExprKind::Hashtable(pairs) => self.hashtable(pairs, false),
            ExprKind::ScriptBlock(ast) => {
                self.opaque.set(true);
                let text = self.source.slice(expr.span);
                if ["PSBoundParameters", "MyInvocation"].iter().any(|name| mentions(text, name)) {
                    self.asks_invocation.set(true);
                }
                Node::Block(ScriptBlock::new(ast.clone(), self.source.clone()))
            }
            ExprKind::Unary(op, inner) => self.unary(*op, inner),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right),
            ExprKind::Ternary(a, b, c) => {
                Node::Ternary(Box::new((self.expression(a), self.expression(b), self.expression(c))))
            }
            ExprKind::Member { target, name, is_static, null_conditional } => {
                Node::Member(Box::new(self.member(target, name, *is_static, *null_conditional)))
            }
            ExprKind::Call { target, name, type_arguments: _, arguments, is_static, null_conditional } => {
                Node::Call(Box::new(CallCode {
                    target: self.expression(target),
                    name: self.member_name(name),
                    arguments: arguments.iter().map(|e| self.expression(e)).collect(),
                    is_static: *is_static,
                    base_class: if self.method { base_of_this(target) } else { None },
                    null_conditional: *null_conditional,
                    symbol: Cell::default(),
                    site: Default::default(),
                }))
            }
            ExprKind::Index { target, index, null_conditional } => {
                Node::Index(Box::new((self.expression(target), self.expression(index))), *null_conditional)
            }
            ExprKind::Error => Node::Error,
        }
    }

    fn is_effect(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Unary(op, _) => is_increment(*op),
            ExprKind::Cast(name, _) => name.name.eq_ignore_ascii_case("void"),
            _ => false,
        }
    }

    fn expandable(&self, parts: &[StringPart]) -> Node {
        let lowered = parts.iter().map(|part| match part {
            StringPart::Text(text) => Part::Text(Str::from(&**text)),
            StringPart::Expression(expr) => Part::Value(self.expression(expr)),
        });
        Node::Expand(lowered.collect())
    }

    fn paren(&self, statement: &syntax::Statement) -> Node {
        if let Some(inner) = statement_expression(statement) {
            let node = self.expression(inner);
            return if self.is_effect(inner) { Node::Group(Box::new(node)) } else { node };
        }
        self.statement_value(statement)
    }

    fn cast(&self, name: &syntax::TypeName, inner: &Expr) -> Node {
        let plain = name.ranks.is_empty() && name.arguments.is_empty();
        if plain && let ExprKind::Hashtable(pairs) = &inner.kind {
            let short = name.name.rsplit('.').next().unwrap_or(&name.name);
            if short.eq_ignore_ascii_case("ordered") {
                return self.hashtable(pairs, true);
            }
            if short.eq_ignore_ascii_case("pscustomobject") {
                return match self.custom_object(pairs) {
                    Some(node) => node,
                    None => Node::Cast(Box::new((type_code(name), self.hashtable(pairs, true)))),
                };
            }
        }
        Node::Cast(Box::new((type_code(name), self.expression(inner))))
    }

    /// `[pscustomobject]@{ … }` with constant names makes its object directly, without a hashtable in between.
    fn custom_object(&self, pairs: &[(Expr, syntax::Statement)]) -> Option<Node> {
        let mut names: Vec<Str> = Vec::with_capacity(pairs.len());
        for (key, _) in pairs {
            let ExprKind::String(text, _) = &key.kind else { return None };
            let taken = names.iter().any(|n| n.to_lowercase() == text.to_lowercase());
            if taken || text.eq_ignore_ascii_case("PSTypeName") {
                return None;
            }
            names.push(Str::from(&**text));
        }
        let values = pairs.iter().map(|(_, value)| self.statement_value(value)).collect();
        Some(Node::Custom(Box::new((Rc::new(Shape { names }), values))))
    }

    fn hashtable(&self, pairs: &[(Expr, syntax::Statement)], ordered: bool) -> Node {
        let lowered = pairs.iter().map(|(key, value)| (self.expression(key), self.statement_value(value)));
        Node::Hashtable(lowered.collect(), ordered)
    }

    fn unary(&self, op: UnaryOperator, inner: &Expr) -> Node {
        use UnaryOperator::*;
        match op {
            Not => Node::Not(Box::new(self.expression(inner))),
            PreIncrement => self.increment(inner, 1, false),
            PreDecrement => self.increment(inner, -1, false),
            PostIncrement => self.increment(inner, 1, true),
            PostDecrement => self.increment(inner, -1, true),
            Minus => match self.expression(inner) {
                Node::Constant(Value::I32(n)) if n != i32::MIN => Node::Constant(Value::I32(-n)),
                Node::Constant(Value::F64(n)) => Node::Constant(Value::F64(-n)),
                node => Node::Unary(op, Box::new(node)),
            },
            BitNot | Plus | Split { .. } | Join => Node::Unary(op, Box::new(self.expression(inner))),
        }
    }

    fn increment(&self, inner: &Expr, delta: i32, post: bool) -> Node {
        let read = self.expression(inner);
        Node::Increment(Box::new(IncrementCode { target: self.target(inner), read, delta, post, own: self.own }))
    }

    fn binary(&self, op: BinaryOperator, left: &Expr, right: &Expr) -> Node {
        let right = match (&right.kind, op) {
            (ExprKind::Type(name), BinaryOperator::Is | BinaryOperator::IsNot | BinaryOperator::As) => {
                Node::Type(Box::new(type_code(name)))
            }
            _ => self.expression(right),
        };
        let pair = Box::new((self.expression(left), right));
        match op {
            BinaryOperator::And => Node::And(pair),
            BinaryOperator::Or => Node::Or(pair),
            BinaryOperator::Xor => Node::Xor(pair),
            BinaryOperator::Coalesce => Node::Coalesce(pair),
            BinaryOperator::Is | BinaryOperator::IsNot | BinaryOperator::As => Node::TypeTest(op, pair),
            _ => {
                let (left, right) = *pair;
                Node::Binary(Box::new(BinaryCode { op, left, right, misses: Cell::new(0) }))
            }
        }
    }

    fn member(&self, target: &Expr, name: &Expr, is_static: bool, null_conditional: bool) -> MemberCode {
        MemberCode {
            target: self.expression(target),
            name: self.member_name(name),
            is_static,
            null_conditional,
            site: Cell::new((0, 0)),
        }
    }

    fn member_name(&self, name: &Expr) -> MemberName {
        match self.expression(name) {
            Node::Constant(Value::Str(text)) => MemberName::Constant(text),
            node => MemberName::Dynamic(node),
        }
    }

    /// A variable being read.
    pub(super) fn variable(&self, variable: &syntax::Variable) -> Node {
        match self.scope_of(variable) {
            Some(scoped) => Node::Scoped(Box::new(scoped)),
            None => self.plain_variable(&variable.name),
        }
    }

    fn plain_variable(&self, name: &str) -> Node {
        let symbol = plain_symbol(name);
        match symbol {
            Symbol::NULL => Node::Constant(Value::Null),
            Symbol::TRUE => Node::Constant(Value::Bool(true)),
            Symbol::FALSE => Node::Constant(Value::Bool(false)),
            Symbol::QUESTION => Node::Succeeded,
            _ => {
                match symbol {
                    Symbol::FOREACH | Symbol::SWITCH => self.enumerator.set(true),
                    Symbol::BOUND_PARAMETERS | Symbol::MY_INVOCATION => self.asks_invocation.set(true),
                    Symbol::ARGS => self.asks_arguments.set(true),
                    _ => {}
                }
                Node::Local(self.layout.slot(symbol), symbol)
            }
        }
    }

    fn scope_of(&self, variable: &syntax::Variable) -> Option<Scoped> {
        let scope = variable.scope.as_deref()?;
        let named = match scope.to_ascii_lowercase().as_str() {
            "global" => ScopeName::Global,
            "script" => ScopeName::Script,
            "local" => ScopeName::Local,
            "private" => ScopeName::Private,
            "using" => ScopeName::Using,
            "variable" => return None,
            _ => ScopeName::Drive(Str::from(scope)),
        };
        Some(Scoped { scope: named, name: plain_symbol(&variable.name), text: Str::from(&*variable.name) })
    }

    /// A variable being assigned.
    pub(super) fn variable_target(&self, variable: &syntax::Variable) -> Target {
        if let Some(scoped) = self.scope_of(variable) {
            return Target::Scoped(Box::new(scoped));
        }
        let symbol = plain_symbol(&variable.name);
        if symbol == Symbol::NULL {
            return Target::Discard;
        }
        if GUARDED.iter().any(|name| name.eq_ignore_ascii_case(&variable.name)) {
            return Target::Guarded(symbol);
        }
        self.assigned.borrow_mut().push(symbol);
        let slot = self.layout.slot(symbol);
        if symbol == Symbol::DEFAULT_PARAMETERS || crate::runtime::streams::preference_type(symbol).is_some() {
            return Target::Preference(slot, symbol);
        }
        Target::Local(slot, symbol)
    }

    /// The left side of an assignment.
    pub(super) fn target(&self, expr: &Expr) -> Target {
        match &expr.kind {
            ExprKind::Variable(variable) => self.variable_target(variable),
            ExprKind::Member { target, name, is_static, null_conditional } => {
                Target::Member(Box::new(self.member(target, name, *is_static, *null_conditional)))
            }
            ExprKind::Index { target, index, .. } => {
                Target::Index(Box::new((self.expression(target), self.expression(index))))
            }
            ExprKind::Array(items) => Target::List(items.iter().map(|e| self.target(e)).collect()),
            ExprKind::Cast(..) | ExprKind::Attributed(..) => self.typed_target(expr),
            ExprKind::Paren(statement) => match statement_expression(statement) {
                Some(inner) => self.target(inner),
                None => Target::Invalid,
            },
            _ => Target::Invalid,
        }
    }

    fn typed_target(&self, expr: &Expr) -> Target {
        let mut kind = None;
        let mut attributes = Vec::new();
        let mut at = expr;
        loop {
            match &at.kind {
                ExprKind::Cast(name, inner) => {
                    kind.get_or_insert_with(|| type_code(name));
                    at = inner;
                }
                ExprKind::Attributed(attribute, inner) => {
                    attributes.push((**attribute).clone());
                    at = inner;
                }
                _ => break,
            }
        }
        Target::Typed(Box::new(TypedTarget { kind, attributes, target: self.target(at) }))
    }
}

/// The type in `([Type]$this)`.
fn base_of_this(target: &Expr) -> Option<super::TypeCode> {
    let ExprKind::Paren(statement) = &target.kind else { return None };
    match &statement_expression(statement)?.kind {
        ExprKind::Cast(name, inner) => match &inner.kind {
            ExprKind::Variable(variable) if variable.name.eq_ignore_ascii_case("this") => Some(type_code(name)),
            _ => None,
        },
        _ => None,
    }
}

/// True where a text holds a name, in any case.
fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    text.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name))
}

/// The symbol of an unscoped variable: `$PSItem` is `$_`.
fn plain_symbol(name: &str) -> Symbol {
    let symbol = Symbol::new(name);
    if symbol == Symbol::PS_ITEM { Symbol::UNDERSCORE } else { symbol }
}

/// The value of a number literal.
/// The value of a number literal.
pub(in crate::runtime) fn number_value(number: &Number) -> Value {
    match number {
        Number::I32(n) => Value::I32(*n),
        Number::I64(n) => Value::I64(*n),
        Number::F64(n) => Value::F64(*n),
        Number::I8(n) => Value::I8(*n),
        Number::U8(n) => Value::U8(*n),
        Number::I16(n) => Value::I16(*n),
        Number::U16(n) => Value::U16(*n),
        Number::U32(n) => Value::U32(*n),
        Number::U64(n) => Value::U64(*n),
        Number::Decimal(digits) => digits.parse().map_or(Value::Null, |d| Value::Decimal(Rc::new(d))),
        Number::BigInt(digits) => digits.parse().map_or(Value::Null, |n| Value::BigInt(Rc::new(n))),
    }
}

/// `[pscustomobject]` by itself is the type `psobject`; only casts and type tests know it as a type of its own.
fn literal_type(name: &syntax::TypeName) -> std::borrow::Cow<'_, syntax::TypeName> {
    match name.name.eq_ignore_ascii_case("pscustomobject") && name.ranks.is_empty() {
        true => std::borrow::Cow::Owned(syntax::TypeName { name: "psobject".into(), ..name.clone() }),
        false => std::borrow::Cow::Borrowed(name),
    }
}
