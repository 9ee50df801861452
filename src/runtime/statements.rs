//! Statements: blocks, conditions, loops, switch, try, and what leaves them.

use super::code::*;
use super::evaluate::numeric;
use super::scope::Slot;
use super::session::Session;
use super::sink::Sink;
use super::symbol::Symbol;
use crate::syntax::{CaseSensitivity, SwitchMatching};
use crate::value::members::library::list::List;
use crate::value::{Control, ErrorCategory, Fault, Outcome, Str, TypeRef, Unwind, Value, convert, generation};

/// How a statement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Completion {
    /// At its end.
    Normal,
    /// By `break`, with a label.
    Break(Option<Symbol>),
    /// By `continue`, with a label.
    Continue(Option<Symbol>),
    /// By `return`; its value is already written.
    Return,
}

/// What a loop does after its body.
enum Turn {
    Again,
    Leave,
    Pass(Completion),
}

impl Completion {
    /// What a loop of this label does when its body ended so.
    fn turn(self, own: Option<Symbol>) -> Turn {
        match self {
            Completion::Normal => Turn::Again,
            Completion::Return => Turn::Pass(self),
            Completion::Break(None) => Turn::Leave,
            Completion::Continue(None) => Turn::Again,
            Completion::Break(label) if label == own => Turn::Leave,
            Completion::Continue(label) if label == own => Turn::Again,
            Completion::Break(_) | Completion::Continue(_) => Turn::Pass(self),
        }
    }
}

impl Session {
    /// Runs the statements of a block.
    pub(super) fn run_block(&mut self, block: &BlockCode, out: &mut dyn Sink) -> Outcome<Completion> {
        for statement in &block.statements {
            match self.run_statement(statement, out) {
                Ok(Completion::Normal) => {}
                Ok(completion) => return Ok(completion),
                Err(unwind) => match self.statement_failed(unwind, statement, block, out)? {
                    Completion::Normal => {}
                    completion => return Ok(completion),
                },
            }
        }
        Ok(Completion::Normal)
    }

    /// What becomes of an error, or of a way of leaving, that reached the end of a statement.
    #[cold]
    fn statement_failed(
        &mut self,
        unwind: Unwind,
        statement: &Statement,
        block: &BlockCode,
        out: &mut dyn Sink,
    ) -> Outcome<Completion> {
        match unwind {
            Unwind::Control(control) => {
                for value in std::mem::take(&mut self.leaked) {
                    out.write(self, value)?;
                }
                let symbol = |l: Option<Str>| l.map(|l| Symbol::new(&l));
                match *control {
                    Control::Return => Ok(Completion::Return),
                    Control::Break(label) => Ok(Completion::Break(symbol(label))),
                    Control::Continue(label) => Ok(Completion::Continue(symbol(label))),
                    other => Err(other.into()),
                }
            }
            error => self.handle_error(error, statement, &block.traps, out),
        }
    }

    /// Runs one statement.
    pub(super) fn run_statement(&mut self, statement: &Statement, out: &mut dyn Sink) -> Outcome<Completion> {
        self.position = statement.span;
        if self.watched {
            self.before_statement(statement)?;
        }
        match &statement.kind {
            StatementKind::Effect(node) => {
                self.effect(node)?;
                if sets_status(node) {
                    self.succeeded = true;
                }
            }
            StatementKind::Expression(node) => {
                let value = self.eval(node)?;
                if sets_status(node) {
                    self.succeeded = true;
                }
                self.emit(value, out)?;
            }
            StatementKind::Pipeline(code) => self.run_pipeline(code, out)?,
            StatementKind::Chain(code) => return self.run_chain(code, out),
            StatementKind::If(code) => {
                for (condition, body) in &code.clauses {
                    if self.test(condition)? {
                        return self.run_block(body, out);
                    }
                }
                if let Some(body) = &code.otherwise {
                    return self.run_block(body, out);
                }
            }
            StatementKind::Loop(code) => return self.run_loop(code, out),
            StatementKind::ForEach(code) => return self.run_for_each(code, out),
            StatementKind::Switch(code) => return self.run_switch(code, out),
            StatementKind::Try(code) => return self.run_try(code, out),
            StatementKind::Function(template) => self.define_function(template)?,
            StatementKind::Type(definition) => self.define_type(definition)?,
            StatementKind::Return(value) => {
                if let Some(value) = value {
                    self.run_statement(value, out)?;
                }
                return Ok(Completion::Return);
            }
            StatementKind::Result(node) => {
                self.method_result = match node {
                    Some(node) => self.eval(node)?,
                    None => Value::Null,
                };
                return Ok(Completion::Return);
            }
            StatementKind::Break(label) => return Ok(Completion::Break(self.label(label)?)),
            StatementKind::Continue(label) => return Ok(Completion::Continue(self.label(label)?)),
            StatementKind::Throw(value) => return self.throw(value.as_deref(), statement.span),
            StatementKind::Exit(value) => return self.exit(value.as_deref()),
            StatementKind::Data(target, body) => {
                let value = self.eval_block(body)?;
                match target {
                    Some(target) => self.assign(target, value)?,
                    None => self.emit(value, out)?,
                }
            }
        }
        Ok(Completion::Normal)
    }

    /// An expression for its effect alone.
    #[inline]
    fn effect(&mut self, node: &Node) -> Outcome<()> {
        if let Node::Assign(code) = node
            && let (Target::Index(pair), None) = (&code.target, code.operator)
            && numeric::put_element(&self.frame.slots.borrow(), &pair.0, &pair.1, &code.value)
        {
            return Ok(());
        }
        if let Node::Assign(code) = node
            && let (Target::Local(slot, _), None, Node::Binary(binary)) = (&code.target, code.operator, &code.value)
        {
            let mut slots = self.frame.slots.borrow_mut();
            if let Some(number) = numeric::binary(&slots, binary)
                && let Some(Slot::Plain(place)) = slots.get_mut(*slot as usize)
            {
                if let Value::I32(_) | Value::F64(_) = place {
                    *place = number.value();
                    return Ok(());
                }
                let old = std::mem::replace(place, number.value());
                drop(slots);
                drop(old);
                return Ok(());
            }
        }
        if let Node::Increment(code) = node {
            return self.eval_increment(code, false).map(|_| ());
        }
        self.eval(node).map(|_| ())
    }

    fn label(&mut self, label: &Option<Node>) -> Outcome<Option<Symbol>> {
        let Some(node) = label else { return Ok(None) };
        let value = self.eval(node)?;
        Ok(Some(Symbol::new(&convert::to_text(&value))))
    }

    fn exit(&mut self, value: Option<&Statement>) -> Outcome<Completion> {
        let code = match value {
            Some(statement) => self.eval_statement(statement)?,
            None => Value::I32(0),
        };
        let code = match convert::to(self, &code, crate::value::TypeRef::INT32) {
            Ok(Value::I32(code)) => code,
            _ => 0,
        };
        Err(Control::Exit(code).into())
    }

    fn run_chain(&mut self, code: &ChainCode, out: &mut dyn Sink) -> Outcome<Completion> {
        if let Some(block) = &code.background {
            let job = self.start_background(block)?;
            self.emit(job, out)?;
            return Ok(Completion::Normal);
        }
        let mut completion = self.chain_link(&code.first, out)?;
        for (and, statement) in &code.rest {
            if completion != Completion::Normal {
                break;
            }
            if self.succeeded == *and {
                completion = self.chain_link(statement, out)?;
            }
        }
        Ok(completion)
    }

    /// A link of a chain fails like a statement of its own: the error is shown and the chain goes on by `$?`.
    fn chain_link(&mut self, statement: &Statement, out: &mut dyn Sink) -> Outcome<Completion> {
        match self.run_statement(statement, out) {
            Err(error @ (Unwind::Fault(_) | Unwind::Error(_))) => self.handle_error(error, statement, &[], out),
            other => other,
        }
    }

    fn run_loop(&mut self, code: &LoopCode, out: &mut dyn Sink) -> Outcome<Completion> {
        if let Some(initializer) = &code.initializer {
            self.run_statement(initializer, out)?;
        }
        let mut test = !code.body_first;
        loop {
            if test
                && let Some(condition) = &code.condition
                && self.test(condition)? == code.until
            {
                return Ok(Completion::Normal);
            }
            test = true;
            match self.run_block(&code.body, out)?.turn(code.label) {
                Turn::Again => {}
                Turn::Leave => return Ok(Completion::Normal),
                Turn::Pass(completion) => return Ok(completion),
            }
            if let Some(iterator) = &code.iterator {
                self.run_statement(iterator, out)?;
            }
            self.check_cancelled()?;
        }
    }

    fn run_for_each(&mut self, code: &ForEachCode, out: &mut dyn Sink) -> Outcome<Completion> {
        if let (Node::Binary(range), false) = (&code.items, code.enumerator)
            && range.op == crate::syntax::BinaryOperator::Range
        {
            let (from, to) = (self.eval(&range.left)?, self.eval(&range.right)?);
            if let (Value::I32(from), Value::I32(to)) = (&from, &to) {
                return self.for_each_int(code, *from, *to, out);
            }
            let items = self.apply(crate::syntax::BinaryOperator::Range, &from, &to)?;
            return self.for_each_value(code, items, out);
        }
        let items = self.eval(&code.items)?;
        if code.enumerator {
            return self.for_each_enumerator(code, items, out);
        }
        self.for_each_value(code, items, out)
    }

    fn for_each_int(&mut self, code: &ForEachCode, from: i32, to: i32, out: &mut dyn Sink) -> Outcome<Completion> {
        let mut at = from;
        loop {
            match self.for_each_turn(code, Value::I32(at), out)? {
                Turn::Again => {}
                Turn::Leave => return Ok(Completion::Normal),
                Turn::Pass(completion) => return Ok(completion),
            }
            if at == to {
                return Ok(Completion::Normal);
            }
            at += if from <= to { 1 } else { -1 };
        }
    }

    fn for_each_turn(&mut self, code: &ForEachCode, item: Value, out: &mut dyn Sink) -> Outcome<Turn> {
        match &code.variable {
            Target::Local(slot, name) => self.assign_local(*slot, *name, item)?,
            target => self.assign(target, item)?,
        }
        self.check_cancelled()?;
        Ok(self.run_block(&code.body, out)?.turn(code.label))
    }

    fn for_each_value(&mut self, code: &ForEachCode, items: Value, out: &mut dyn Sink) -> Outcome<Completion> {
        if items.is_null() {
            return Ok(Completion::Normal);
        }
        // Index by index, so that the loop needs no copy and the body may change the array.
        if let Value::Array(array) = &items
            && array.dimensions.is_empty()
        {
            let mut at = 0;
            while let Some(item) = array.get(at) {
                at += 1;
                match self.for_each_turn(code, item, out)? {
                    Turn::Again => {}
                    Turn::Leave => break,
                    Turn::Pass(completion) => return Ok(completion),
                }
            }
            return Ok(Completion::Normal);
        }
        if let Value::Native(native) = &items
            && let Some(list) = native.downcast::<List>()
        {
            return self.for_each_of_list(code, &items, list, out);
        }
        let Some(list) = self.enumerate(&items)? else {
            return match self.for_each_turn(code, items, out)? {
                Turn::Again | Turn::Leave => Ok(Completion::Normal),
                Turn::Pass(completion) => Ok(completion),
            };
        };
        let before = generation(&items);
        for item in list {
            match self.for_each_turn(code, item, out)? {
                Turn::Again => {}
                Turn::Leave => break,
                Turn::Pass(completion) => return Ok(completion),
            }
            if generation(&items) != before {
                return changed_while_enumerated();
            }
        }
        Ok(Completion::Normal)
    }

    /// The same without a copy, for a list that the body must not change.
    fn for_each_of_list(
        &mut self,
        code: &ForEachCode,
        items: &Value,
        list: &List,
        out: &mut dyn Sink,
    ) -> Outcome<Completion> {
        let before = generation(items);
        let mut at = 0;
        loop {
            let Some(item) = list.items.borrow().get(at).cloned() else { return Ok(Completion::Normal) };
            at += 1;
            match self.for_each_turn(code, item, out)? {
                Turn::Again => {}
                Turn::Leave => return Ok(Completion::Normal),
                Turn::Pass(completion) => return Ok(completion),
            }
            if generation(items) != before {
                return changed_while_enumerated();
            }
        }
    }

    /// A loop whose body moves `$foreach` itself.
    fn for_each_enumerator(&mut self, code: &ForEachCode, items: Value, out: &mut dyn Sink) -> Outcome<Completion> {
        if items.is_null() {
            return Ok(Completion::Normal);
        }
        let list = match self.enumerate(&items)? {
            Some(list) => list,
            None => vec![items],
        };
        let enumerator = super::objects::Enumerator::new(list);
        let previous = self.frame.put_slot(code.slot, Slot::Plain(enumerator.value()));
        let mut result = Ok(Completion::Normal);
        while let Some(item) = enumerator.next() {
            match self.for_each_turn(code, item, out) {
                Ok(Turn::Again) => {}
                Ok(Turn::Leave) => break,
                Ok(Turn::Pass(completion)) => {
                    result = Ok(completion);
                    break;
                }
                Err(unwind) => {
                    result = Err(unwind);
                    break;
                }
            }
        }
        self.frame.put_slot(code.slot, previous);
        result
    }

    fn run_switch(&mut self, code: &SwitchCode, out: &mut dyn Sink) -> Outcome<Completion> {
        let subject = self.eval(&code.subject)?;
        let items = if code.file {
            self.lines_of_file(&subject)?
        } else {
            match self.enumerate(&subject)? {
                Some(list) => list,
                None if matches!(subject, Value::Nothing) => Vec::new(),
                None => vec![subject],
            }
        };
        let enumerator = super::objects::Enumerator::new(items);
        let underscore = self.frame.slot(code.slot);
        let outer = self.frame.put_slot(code.enumerator, Slot::Plain(enumerator.value()));
        let mut result = Ok(Completion::Normal);
        while let Some(item) = enumerator.next() {
            let turn = self.switch_item(code, item, out).map(|completion| completion.turn(code.label));
            match turn {
                Ok(Turn::Again) => {}
                Ok(Turn::Leave) => break,
                Ok(Turn::Pass(completion)) => {
                    result = Ok(completion);
                    break;
                }
                Err(unwind) => {
                    result = Err(unwind);
                    break;
                }
            }
        }
        self.frame.put_slot(code.slot, underscore);
        self.frame.put_slot(code.enumerator, outer);
        result
    }

    fn switch_item(&mut self, code: &SwitchCode, item: Value, out: &mut dyn Sink) -> Outcome<Completion> {
        self.check_cancelled()?;
        self.frame.put(code.slot, item);
        let mut matched = false;
        for (test, body) in &code.clauses {
            // A clause may have changed what the later ones look at.
            let item = self.frame.read(code.slot).unwrap_or_default();
            if !self.switch_matches(code, test, &item)? {
                continue;
            }
            matched = true;
            let completion = self.run_block(body, out)?;
            if completion != Completion::Normal {
                return Ok(completion);
            }
        }
        match &code.default {
            Some(body) if !matched => self.run_block(body, out),
            _ => Ok(Completion::Normal),
        }
    }

    fn switch_matches(&mut self, code: &SwitchCode, test: &SwitchTest, item: &Value) -> Outcome<bool> {
        let case = if code.case_sensitive { CaseSensitivity::Sensitive } else { CaseSensitivity::Insensitive };
        let node = match test {
            SwitchTest::Block(block) => return Ok(convert::to_bool(&self.eval_block(block)?)),
            SwitchTest::Value(node) => node,
        };
        let pattern = self.eval(node)?;
        if let Value::ScriptBlock(block) = &pattern {
            let answer = self.collect(|s, out| s.run_in_current_scope(block, Some(item.clone()), &[], out))?;
            return Ok(convert::to_bool(&answer));
        }
        match code.matching {
            SwitchMatching::Exact => self.switch_equal(item, &pattern, case),
            SwitchMatching::Wildcard => self.switch_text(crate::syntax::Comparison::Like, item, &pattern, case),
            SwitchMatching::Regex => self.switch_text(crate::syntax::Comparison::Match, item, &pattern, case),
        }
    }

    fn switch_equal(&mut self, item: &Value, pattern: &Value, case: CaseSensitivity) -> Outcome<bool> {
        match (item, pattern) {
            (Value::I32(a), Value::I32(b)) => Ok(a == b),
            // A member of an enumeration is known by its name alone.
            (Value::Enum(_), pattern) if TypeRef::of(pattern).is_number() => Ok(false),
            // A text is compared with the item's text: `switch ($true) { 'x' { } }` does not match.
            (item, Value::Str(_)) if !matches!(item, Value::Str(_)) => {
                let text = Value::Str(self.text_of(item)?);
                self.equal(&text, pattern, case)
            }
            _ => self.equal(item, pattern, case),
        }
    }

    fn switch_text(
        &mut self,
        comparison: crate::syntax::Comparison,
        item: &Value,
        pattern: &Value,
        case: CaseSensitivity,
    ) -> Outcome<bool> {
        let text = Value::Str(self.text_of(item)?);
        let pattern = match pattern {
            Value::Native(_) => pattern.clone(),
            other => Value::Str(self.text_of(other)?),
        };
        let op = crate::syntax::BinaryOperator::Compare(comparison, case);
        Ok(convert::to_bool(&self.apply(op, &text, &pattern)?))
    }

    fn run_try(&mut self, code: &TryCode, out: &mut dyn Sink) -> Outcome<Completion> {
        let guarded = self.guarded;
        self.guarded = guarded + 1;
        let result = self.run_block(&code.body, out);
        self.guarded = guarded;
        let result = match result {
            Err(error @ (Unwind::Fault(_) | Unwind::Error(_))) => self.run_catches(code, error, out),
            other => other,
        };
        let Some(finally) = &code.finally else { return result };
        let succeeded = self.succeeded;
        let ended = self.run_block(finally, out)?;
        self.succeeded = succeeded;
        match ended {
            Completion::Normal => result,
            left => Ok(left),
        }
    }

    fn run_catches(&mut self, code: &TryCode, error: Unwind, out: &mut dyn Sink) -> Outcome<Completion> {
        let record = self.record_of(error)?;
        self.remember_error(&record);
        for clause in &code.catches {
            let Some(shown) = self.catches(clause, &record)? else { continue };
            let previous = self.frame.put_slot(code.slot, Slot::Plain(Value::Error(shown)));
            self.caught.push(record);
            let result = self.run_block(&clause.body, out);
            self.caught.pop();
            self.frame.put_slot(code.slot, previous);
            return result;
        }
        Err(Unwind::Error(record))
    }

    /// Ends running code that was asked to stop.
    #[inline]
    pub(super) fn check_cancelled(&mut self) -> Outcome<()> {
        if self.cancellation.is_cancelled() {
            return Err(Control::Cancelled.into());
        }
        self.turns = self.turns.wrapping_add(1);
        if self.turns & 0xFFF == 0 {
            self.give_way();
        }
        Ok(())
    }
}

/// True for an expression that makes `$?` true by itself; commands in parentheses and subexpressions leave theirs.
fn sets_status(node: &Node) -> bool {
    match node {
        Node::Pipeline(_) | Node::Statement(_) | Node::Sub(_) | Node::ArrayOf(_) => false,
        Node::Assign(code) => sets_status(&code.value),
        Node::Group(inner) | Node::ArrayOfOne(inner) => sets_status(inner),
        _ => true,
    }
}

/// The error of a loop whose collection its own body changed.
fn changed_while_enumerated<T>() -> Outcome<T> {
    let text = "The collection was changed while the loop ran over it; loop over a copy: foreach ($x in @($list)).";
    Fault::new("System.InvalidOperationException", text)
        .exception("System.InvalidOperationException")
        .category(ErrorCategory::OperationStopped)
        .err()
}
