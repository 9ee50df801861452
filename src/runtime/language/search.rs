//! What trees answer when called: searching, constant values, names.

use super::names::WrittenType;
use super::place::ScriptPosition;
use super::{AstNode, Field, NodeId, Tree};
use crate::runtime::objects::Answer;
use crate::runtime::session::Session;
use crate::runtime::sink::Collector;
use crate::syntax::Source;
use crate::value::members::library::list;
use crate::value::{Engine, ErrorCategory, Fault, Native, Outcome, ScriptBlock, Str, TypeRef, Value, convert};
use std::rc::Rc;

impl Tree {
    /// A node and all below it in visiting order; without what stands in nested blocks where those are not asked for.
    fn below(&self, root: NodeId, nested: bool) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            let Some(node) = self.nodes.get(id as usize) else { continue };
            found.push(id);
            let is_block = node.kind == TypeRef::SCRIPT_BLOCK_EXPRESSION_AST
                || node.kind == TypeRef::FUNCTION_DEFINITION_AST
                || node.kind == TypeRef::FUNCTION_MEMBER_AST;
            if !nested && is_block {
                continue;
            }
            let at = open.len();
            for (_, field) in &node.fields {
                match field {
                    Field::Child(child) => open.extend(child),
                    Field::Children(children) => open.extend(children),
                    Field::Pairs(pairs) => pairs.iter().for_each(|(first, second)| open.extend([first, second])),
                    Field::Flags(_) | Field::Same(_) | Field::Plain(_) => {}
                }
            }
            if let Some(added) = open.get_mut(at..) {
                added.reverse();
            }
        }
        found
    }
}

/// Nodes whose value can be worked out without running anything that could do harm.
const SAFE: [TypeRef; 15] = [
    TypeRef::CONSTANT_EXPRESSION_AST,
    TypeRef::STRING_CONSTANT_EXPRESSION_AST,
    TypeRef::EXPANDABLE_STRING_EXPRESSION_AST,
    TypeRef::ARRAY_LITERAL_AST,
    TypeRef::ARRAY_EXPRESSION_AST,
    TypeRef::SUB_EXPRESSION_AST,
    TypeRef::PAREN_EXPRESSION_AST,
    TypeRef::HASHTABLE_AST,
    TypeRef::UNARY_EXPRESSION_AST,
    TypeRef::BINARY_EXPRESSION_AST,
    TypeRef::TERNARY_EXPRESSION_AST,
    TypeRef::PIPELINE_AST,
    TypeRef::COMMAND_EXPRESSION_AST,
    TypeRef::STATEMENT_BLOCK_AST,
    TypeRef::SCRIPT_BLOCK_EXPRESSION_AST,
];

/// Variables that are the same everywhere.
const CONSTANT_VARIABLES: [&str; 3] = ["true", "false", "null"];

impl AstNode {
    fn plain(&self, name: &str) -> Option<Str> {
        match crate::value::NativeObject::member(self, name)? {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The name of a variable as it was written.
    fn variable_name(&self) -> &str {
        let span = self.node().map_or_else(Default::default, |node| node.span);
        self.tree.source.slice(span).trim_start_matches(['$', '@', '{']).trim_end_matches('}')
    }

    fn is_constant_variable(&self) -> bool {
        let name = self.variable_name();
        CONSTANT_VARIABLES.iter().any(|known| name.eq_ignore_ascii_case(known))
    }

    fn is_safe(&self) -> bool {
        self.tree.below(self.id, false).iter().all(|id| {
            let one = AstNode { tree: self.tree.clone(), id: *id };
            one.node().is_some_and(|node| {
                SAFE.contains(&node.kind)
                    || (node.kind == TypeRef::VARIABLE_EXPRESSION_AST && one.is_constant_variable())
            })
        })
    }

    /// The name of a command that is written as a word.
    fn command_name(&self) -> Value {
        let Some(node) = self.node() else { return Value::Null };
        let first = node.fields.iter().find_map(|(_, field)| match field {
            Field::Children(ids) => ids.first().copied(),
            _ => None,
        });
        let Some(first) = first else { return Value::Null };
        let name = AstNode { tree: self.tree.clone(), id: first };
        let is_word = name.node().is_some_and(|node| node.kind == TypeRef::STRING_CONSTANT_EXPRESSION_AST);
        if is_word { name.plain("Value").map_or(Value::Null, Value::Str) } else { Value::Null }
    }

    fn script_block(&self) -> Option<Rc<ScriptBlock>> {
        let block = self.node()?.block.clone()?;
        Some(ScriptBlock::new(block, self.tree.source.clone()))
    }
}

impl Session {
    /// Methods of trees, type names and places.
    pub(in crate::runtime) fn language_call(&mut self, native: &Rc<Native>, name: &str, arguments: &[Value]) -> Answer {
        if let Some(node) = native.downcast::<AstNode>() {
            return self.ast_call(&node.clone(), name, arguments);
        }
        if let Some(written) = native.downcast::<WrittenType>() {
            if !name.eq_ignore_ascii_case("GetReflectionType") {
                return None;
            }
            let kind = self.find_type(&written.name.clone());
            return Some(Ok(kind.map_or(Value::Null, Value::Type)));
        }
        let position = native.downcast::<ScriptPosition>()?;
        name.eq_ignore_ascii_case("GetFullScript").then(|| Ok(Value::str(&*position.source.text)))
    }

    fn ast_call(&mut self, node: &AstNode, name: &str, arguments: &[Value]) -> Answer {
        Some(match name.to_ascii_lowercase().as_str() {
            "find" => self.find_nodes(node, arguments, true),
            "findall" => self.find_nodes(node, arguments, false),
            "getcommandname" => Ok(node.command_name()),
            "getscriptblock" => Ok(node.script_block().map_or(Value::Null, Value::ScriptBlock)),
            "isconstantvariable" => Ok(Value::Bool(node.is_constant_variable())),
            "safegetvalue" => self.safe_value(node),
            "copy" => Ok(node.clone().value()),
            _ => return None,
        })
    }

    /// The nodes that a predicate takes: the first one, or all of them.
    fn find_nodes(&mut self, node: &AstNode, arguments: &[Value], only_first: bool) -> Outcome<Value> {
        let Some(Value::ScriptBlock(predicate)) = arguments.first() else {
            return Fault::new("ArgumentNullException", "A block that tells which nodes are wanted is missing.")
                .exception("System.ArgumentNullException")
                .err();
        };
        let nested = arguments.get(1).is_some_and(convert::to_bool);
        let mut found = Vec::new();
        for id in node.tree.below(node.id, nested) {
            let candidate = node.at(id);
            let answer = self.invoke(predicate, std::slice::from_ref(&candidate), Some(candidate.clone()))?;
            if !convert::to_bool(&answer) {
                continue;
            }
            if only_first {
                return Ok(candidate);
            }
            found.push(candidate);
        }
        Ok(if only_first { Value::Null } else { list::collection(found) })
    }

    /// The value of an expression that only consists of constants.
    fn safe_value(&mut self, node: &AstNode) -> Outcome<Value> {
        if !node.is_safe() {
            return Fault::new(
                "InvalidOperationException",
                "The expression holds more than constants, so its value cannot be worked out without running it.",
            )
            .category(ErrorCategory::InvalidOperation)
            .exception("System.InvalidOperationException")
            .err();
        }
        let text = crate::value::NativeObject::text(node);
        let block = self.parse_block(Source::anonymous(format!("({text})")))?;
        let mut collected = Collector::Empty;
        self.run_block_with(&block, &[], None, &mut collected)?;
        Ok(collected.into_value())
    }
}
