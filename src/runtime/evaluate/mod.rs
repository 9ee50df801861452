//! Evaluation of expressions: one recursive function over the tree, with short ways for what loops are made of.

mod access;
mod literals;
pub(super) mod numeric;
mod operators;
mod variables;

use super::code::{BlockCode, Node, Statement, TypeCode};
use super::session::Session;
use super::sink::Collector;
use super::statements::Completion;
use crate::syntax::{BinaryOperator, CaseSensitivity, Comparison, UnaryOperator};
use crate::value::{Control, Fault, Outcome, Str, TypeRef, Unwind, Value, convert};
use std::rc::Rc;

pub(super) use access::set_quick_property;
pub(super) use operators::add_in_place;

impl Session {
    /// The value of an expression.
    pub(super) fn eval(&mut self, node: &Node) -> Outcome<Value> {
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Local(slot, name) => match self.frame.read(*slot) {
                Some(value) => Ok(value),
                None => self.read_unset(*name),
            },
            Node::Binary(code) => self.eval_binary(code),
            Node::Member(code) => self.eval_member(code),
            Node::Call(code) => self.eval_call(code),
            Node::Index(pair, conditional) => self.eval_index(&pair.0, &pair.1, *conditional),
            Node::Pipeline(code) => self.collect(|session, out| session.run_pipeline(code, out)),
            Node::Expand(parts) => self.eval_expand(parts),
            Node::Assign(code) => self.eval_assign(code, false).map(|_| Value::Nothing),
            Node::Increment(code) => self.eval_increment(code, true),
            Node::Group(inner) => self.eval_group(inner),
            Node::Not(inner) => Ok(Value::Bool(!self.test(inner)?)),
            Node::And(..) | Node::Or(..) => Ok(Value::Bool(self.test(node)?)),
            Node::Xor(pair) => Ok(Value::Bool(self.test(&pair.0)? ^ self.test(&pair.1)?)),
            Node::Ternary(parts) => {
                if self.test(&parts.0)? {
                    self.eval(&parts.1)
                } else {
                    self.eval(&parts.2)
                }
            }
            Node::Coalesce(pair) => {
                let left = self.eval_lenient(&pair.0)?;
                if left.is_null() { self.eval(&pair.1) } else { Ok(left) }
            }
            Node::Unary(op, inner) => self.eval_unary(*op, inner),
            Node::TypeTest(op, pair) => self.eval_type_test(*op, &pair.0, &pair.1),
            Node::Cast(pair) => self.eval_cast(&pair.0, &pair.1),
            // The short name is `PSObject`'s too, wherever it is not a cast.
            Node::Type(code) if code.name.name.eq_ignore_ascii_case("pscustomobject") => {
                Ok(Value::Type(TypeRef::PSOBJECT))
            }
            Node::Type(code) => self.type_of(code).map(Value::Type),
            Node::Array(items) => self.eval_array(items),
            Node::ArrayOf(block) => self.eval_array_of(block),
            Node::ArrayOfOne(inner) => self.eval_array_of_node(inner),
            Node::Sub(block) => self.eval_block(block),
            Node::Statement(statement) => self.eval_statement(statement),
            Node::Hashtable(pairs, ordered) => self.eval_hashtable(pairs, *ordered),
            Node::Custom(code) => self.eval_custom(&code.0, &code.1),
            Node::Block(template) => Ok(self.eval_block_literal(template)),
            Node::Scoped(scoped) => self.read_scoped(scoped),
            Node::Succeeded => Ok(Value::Bool(self.succeeded)),
            Node::Error => Fault::new("ParserError", "This part of the script was not understood.").err(),
        }
    }

    /// The value of an assignment or increment in parentheses.
    fn eval_group(&mut self, inner: &Node) -> Outcome<Value> {
        match inner {
            Node::Assign(code) => self.eval_assign(code, true),
            Node::Increment(code) => self.eval_increment(code, true),
            other => self.eval(other),
        }
    }

    /// The truth of an expression.
    pub(super) fn test(&mut self, node: &Node) -> Outcome<bool> {
        match node {
            Node::Binary(code) => {
                if let Some(result) = numeric::comparison(&self.frame.slots.borrow(), code) {
                    return Ok(result);
                }
                match self.eval_operator(code)? {
                    Value::Bool(result) => Ok(result),
                    other => Ok(convert::to_bool(&other)),
                }
            }
            Node::Not(inner) => Ok(!self.test(inner)?),
            Node::And(pair) => Ok(self.test(&pair.0)? && self.test(&pair.1)?),
            Node::Or(pair) => Ok(self.test(&pair.0)? || self.test(&pair.1)?),
            Node::Constant(value) => Ok(convert::to_bool(value)),
            other => {
                if let Some(truth) = numeric::truth(&self.frame.slots.borrow(), other) {
                    return Ok(truth);
                }
                Ok(convert::to_bool(&self.eval(other)?))
            }
        }
    }

    /// An operand of `??` or `?.`: an unset variable is null whatever the strict mode.
    pub(super) fn eval_lenient(&mut self, node: &Node) -> Outcome<Value> {
        match node {
            Node::Local(slot, name) => match self.frame.read(*slot) {
                Some(value) => Ok(value),
                None => Ok(self.lookup(*name).unwrap_or_default()),
            },
            _ => self.eval(node),
        }
    }

    /// Runs something that writes and gives what it wrote as a value. Where it is left by `break`, `return` and the
    /// like, what was written already goes on to the enclosing statement's output, as PowerShell does it.
    pub(super) fn collect<F>(&mut self, run: F) -> Outcome<Value>
    where
        F: FnOnce(&mut Session, &mut Collector) -> Outcome<()>,
    {
        let mut collected = Collector::Empty;
        match run(self, &mut collected) {
            Ok(()) => Ok(collected.into_value()),
            Err(Unwind::Control(control)) => {
                self.leaked.extend(collected.into_items());
                Err(Unwind::Control(control))
            }
            Err(error) => Err(error),
        }
    }

    /// A block's output as a value.
    pub(super) fn eval_block(&mut self, block: &BlockCode) -> Outcome<Value> {
        self.collect(|session, out| session.run_block(block, out)?.into_outcome())
    }

    /// A statement's output as a value.
    pub(super) fn eval_statement(&mut self, statement: &Statement) -> Outcome<Value> {
        self.collect(|session, out| session.run_statement(statement, out)?.into_outcome())
    }

    /// The type that a name stands for here.
    pub(super) fn type_of(&mut self, code: &TypeCode) -> Outcome<TypeRef> {
        if let Some(found) = code.resolved.get() {
            return Ok(found);
        }
        let found = self.find_type(&code.name)?;
        // A class can be defined again, so only types that stay are remembered.
        if found.info().kind != crate::value::TypeKind::ScriptClass {
            code.resolved.set(Some(found));
        }
        Ok(found)
    }

    fn eval_cast(&mut self, kind: &TypeCode, inner: &Node) -> Outcome<Value> {
        if kind.name.name.eq_ignore_ascii_case("ref") && kind.name.ranks.is_empty() {
            return self.eval_reference(inner);
        }
        let value = self.eval(inner)?;
        if kind.name.name.eq_ignore_ascii_case("void") {
            return Ok(Value::Nothing);
        }
        let kind = self.type_of(kind)?;
        self.convert(&value, kind)
    }

    /// `[ref] $x`: the variable itself; of anything else, its value in a reference of its own.
    fn eval_reference(&mut self, inner: &Node) -> Outcome<Value> {
        let variable = match inner {
            Node::Local(_, name) => self.find_variable(*name),
            Node::Scoped(scoped) => self.scoped_variable(scoped),
            other => {
                let value = self.eval(other)?;
                return convert::to(self, &value, TypeRef::PSREFERENCE);
            }
        };
        match variable {
            Some(variable) => Ok(crate::value::Native::value(super::objects::Reference(variable))),
            None => Fault::new(
                "NonExistingVariableReference",
                "[ref] needs a variable that exists; set it before referring to it.",
            )
            .err(),
        }
    }

    /// Converts as a cast does.
    pub(super) fn convert(&mut self, value: &Value, kind: TypeRef) -> Outcome<Value> {
        match value {
            Value::I32(n) if kind == TypeRef::INT32 => Ok(Value::I32(*n)),
            Value::Str(text) if kind == TypeRef::STRING => Ok(Value::Str(text.clone())),
            Value::Array(_) if kind == TypeRef::STRING => self.text_of(value).map(Value::Str),
            _ => convert::to(self, value, kind),
        }
    }

    fn eval_unary(&mut self, op: UnaryOperator, inner: &Node) -> Outcome<Value> {
        let value = self.eval(inner)?;
        crate::value::operators::unary(self, op, &value)
    }

    fn eval_type_test(&mut self, op: BinaryOperator, left: &Node, right: &Node) -> Outcome<Value> {
        let value = self.eval(left)?;
        if let (Node::Type(code), BinaryOperator::As) = (right, op) {
            let kind = self.type_of(code)?;
            return Ok(self.convert(&value, kind).unwrap_or_default());
        }
        let right = self.eval(right)?;
        crate::value::operators::binary(self, op, &value, &right)
    }

    /// The text of a value inside a string: arrays joined by `$OFS`.
    pub(super) fn text_of(&mut self, value: &Value) -> Outcome<Str> {
        match value {
            Value::Str(text) => Ok(text.clone()),
            Value::I32(n) => Ok(Str::from(n.to_string())),
            _ => {
                let separator = self.output_separator();
                convert::to_text_with(self, value, Some(&separator))
            }
        }
    }

    /// `$OFS`, or one space.
    pub(super) fn output_separator(&self) -> Str {
        match self.lookup(super::symbol::Symbol::OFS) {
            Some(Value::Str(text)) => text,
            Some(value) if !value.is_null() => convert::to_text(&value),
            _ => Str::from(" "),
        }
    }

    fn eval_block_literal(&mut self, template: &Rc<crate::value::ScriptBlock>) -> Value {
        let block = super::lower::instance(template);
        block.home.replace(Some(self.frame.state.clone()));
        Value::ScriptBlock(Rc::new(block))
    }

    /// `-eq` as `switch` and others need it.
    pub(super) fn equal(&mut self, left: &Value, right: &Value, case: CaseSensitivity) -> Outcome<bool> {
        let op = BinaryOperator::Compare(Comparison::Equal, case);
        Ok(convert::to_bool(&crate::value::operators::binary(self, op, left, right)?))
    }
}

impl Completion {
    /// As an outcome, where only normal completion has a place to go.
    pub(super) fn into_outcome(self) -> Outcome<()> {
        let label = |l: Option<super::symbol::Symbol>| l.map(|s| Str::from(s.name()));
        match self {
            Completion::Normal => Ok(()),
            Completion::Return => Err(Control::Return.into()),
            Completion::Break(l) => Err(Control::Break(label(l)).into()),
            Completion::Continue(l) => Err(Control::Continue(label(l)).into()),
        }
    }
}
