//! Literals made of parts: arrays, hashtables, custom objects, expandable strings.

use crate::runtime::code::{BlockCode, Node, Part};
use crate::runtime::session::Session;
use crate::runtime::sink::Collector;
use crate::value::{Fault, Hashtable, Outcome, PsObject, Shape, Value};
use std::rc::Rc;

impl Session {
    pub(super) fn eval_expand(&mut self, parts: &[Part]) -> Outcome<Value> {
        if !self.strict {
            return self.expand_parts(parts);
        }
        // The first version of strict mode lets variables in strings be unset.
        self.in_text += 1;
        let result = self.expand_parts(parts);
        self.in_text -= 1;
        result
    }

    #[inline]
    fn expand_parts(&mut self, parts: &[Part]) -> Outcome<Value> {
        let mut text = String::with_capacity(32);
        for part in parts {
            match part {
                Part::Text(fixed) => text.push_str(fixed),
                Part::Value(node) => match self.eval(node)? {
                    Value::Str(more) => text.push_str(&more),
                    Value::I32(n) => push_int(&mut text, n),
                    Value::Null | Value::Nothing => {}
                    other => text.push_str(&self.text_of(&other)?),
                },
            }
        }
        Ok(Value::str(text))
    }

    pub(super) fn eval_array(&mut self, nodes: &[Node]) -> Outcome<Value> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            items.push(match self.eval(node)? {
                Value::Nothing => Value::Null,
                value => value,
            });
        }
        Ok(Value::array(items))
    }

    /// `@( … )` around statements.
    pub(super) fn eval_array_of(&mut self, block: &BlockCode) -> Outcome<Value> {
        let mut collected = Collector::Empty;
        let completion = self.run_block(block, &mut collected).and_then(|c| c.into_outcome());
        if let Err(unwind) = completion {
            if let crate::value::Unwind::Control(_) = &unwind {
                self.leaked.extend(collected.into_items());
            }
            return Err(unwind);
        }
        Ok(Value::array(collected.into_items()))
    }

    /// `@( … )` around one expression: its items in a new array.
    pub(super) fn eval_array_of_node(&mut self, node: &Node) -> Outcome<Value> {
        let value = self.eval(node)?;
        if let (Node::Array(_) | Node::ArrayOf(_) | Node::ArrayOfOne(_), Value::Array(_)) = (node, &value) {
            return Ok(value);
        }
        let mut collected = Vec::new();
        self.each_item(value, &mut |_, item| {
            collected.push(item);
            Ok(())
        })?;
        Ok(Value::array(collected))
    }

    pub(super) fn eval_hashtable(&mut self, pairs: &[(Node, Node)], ordered: bool) -> Outcome<Value> {
        let table = if ordered { Hashtable::ordered() } else { Hashtable::sized(false, pairs.len()) };
        for (key, value) in pairs {
            let key = self.eval(key)?;
            if key.is_null() {
                return Fault::new("InvalidNullKey", "A hashtable key came out as null; every key needs a value.")
                    .err();
            }
            let value = match self.eval(value)? {
                Value::Nothing => Value::Null,
                value => value,
            };
            if table.contains(&key) {
                let shown = self.text_of(&key)?;
                return Fault::new(
                    "DuplicateKeyInHashLiteral",
                    format!("The key '{shown}' stands twice in this hashtable literal."),
                )
                .target(key)
                .err();
            }
            table.insert(key, value);
        }
        Ok(Value::Hashtable(table))
    }

    pub(super) fn eval_custom(&mut self, shape: &Rc<Shape>, nodes: &[Node]) -> Outcome<Value> {
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            values.push(match self.eval(node)? {
                Value::Nothing => Value::Null,
                value => value,
            });
        }
        Ok(Value::Object(PsObject::custom(shape.clone(), values)))
    }
}

fn push_int(text: &mut String, n: i32) {
    use std::fmt::Write;
    // Writing to a String cannot fail.
    let _ = write!(text, "{n}");
}
