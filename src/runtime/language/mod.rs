//! Syntax trees, tokens and places as scripts see them: `System.Management.Automation.Language`. A tree is built from
//! the syntax storey's when somebody asks; its nodes are numbered, and an object is a tree with a number.

mod build;
mod expressions;
mod names;
mod place;
mod search;
mod tokens;

pub(super) use place::extent;
pub(super) use tokens::{outermost, plain_token, token_values, unknown_token};

use crate::syntax::{self, Source, Span};
use crate::value::members::library::list;
use crate::value::members::library::tuple;
use crate::value::{Native, NativeObject, ScriptBlock, Str, TypeRef, Value};
use std::any::Any;
use std::rc::Rc;

/// The number of a node in its tree.
type NodeId = u32;

/// What a property of a node holds. Children are visited in the order of the properties.
enum Field {
    /// A child, where there is one.
    Child(Option<NodeId>),
    /// Children in order.
    Children(Vec<NodeId>),
    /// Children two by two, as the clauses of `if` are.
    Pairs(Vec<(NodeId, NodeId)>),
    /// Options by name, with what was given to them.
    Flags(Vec<(Rc<str>, Option<NodeId>)>),
    /// A node that another property has as its child.
    Same(NodeId),
    /// Anything else.
    Plain(Value),
}

/// One node.
struct Node {
    kind: TypeRef,
    span: Span,
    parent: Option<NodeId>,
    fields: Vec<(&'static str, Field)>,
    /// The block itself, where this is a script block's node.
    block: Option<Rc<syntax::ScriptBlock>>,
}

/// A whole tree.
pub(super) struct Tree {
    source: Rc<Source>,
    nodes: Vec<Node>,
}

/// A node of a tree as an object.
#[derive(Clone)]
pub(super) struct AstNode {
    tree: Rc<Tree>,
    id: NodeId,
}

impl AstNode {
    /// The object.
    fn value(self) -> Value {
        Native::value(self)
    }

    fn at(&self, id: NodeId) -> Value {
        AstNode { tree: self.tree.clone(), id }.value()
    }

    fn node(&self) -> Option<&Node> {
        self.tree.nodes.get(self.id as usize)
    }

    fn children(&self, ids: &[NodeId]) -> Value {
        list::collection(ids.iter().map(|id| self.at(*id)).collect())
    }

    fn field(&self, field: &Field) -> Value {
        match field {
            Field::Child(None) => Value::Null,
            Field::Child(Some(id)) | Field::Same(id) => self.at(*id),
            Field::Children(ids) => self.children(ids),
            Field::Pairs(pairs) => {
                let tuple = |(first, second): &(NodeId, NodeId)| tuple::pair(self.at(*first), self.at(*second));
                list::collection(pairs.iter().map(tuple).collect())
            }
            Field::Flags(flags) => {
                let table = crate::value::Hashtable::plain();
                for (name, id) in flags {
                    let given = id.map_or(Value::Null, |id| self.at(id));
                    table.insert_text(name.to_string(), tuple::pair(Value::str(&**name), given));
                }
                Value::Hashtable(table)
            }
            Field::Plain(value) => value.clone(),
        }
    }
}

impl NativeObject for AstNode {
    fn kind(&self) -> TypeRef {
        self.node().map_or(TypeRef::AST, |node| node.kind)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn text(&self) -> String {
        self.node().map_or_else(String::new, |node| self.tree.source.slice(node.span).to_owned())
    }

    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        let other = other.as_any().downcast_ref::<AstNode>();
        Some(other.is_some_and(|other| Rc::ptr_eq(&self.tree, &other.tree) && self.id == other.id))
    }

    fn member(&self, name: &str) -> Option<Value> {
        let node = self.node()?;
        if name.eq_ignore_ascii_case("Extent") {
            return Some(place::extent(&self.tree.source, node.span));
        }
        if name.eq_ignore_ascii_case("Parent") {
            return Some(node.parent.map_or(Value::Null, |parent| self.at(parent)));
        }
        let (_, field) = node.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(self.field(field))
    }

    fn member_names(&self) -> Vec<Str> {
        let own = self.node().into_iter().flat_map(|node| node.fields.iter().map(|(name, _)| Str::from(*name)));
        own.chain([Str::from("Extent"), Str::from("Parent")]).collect()
    }
}

/// True for the objects that answer calls here.
pub(super) fn answers(id: std::any::TypeId) -> bool {
    use std::any::TypeId;
    [TypeId::of::<AstNode>(), TypeId::of::<names::WrittenType>(), TypeId::of::<place::ScriptPosition>()].contains(&id)
}

/// The tree of a script block: what `.Ast` gives. A function's block gives the function.
pub(super) fn tree_of(block: &ScriptBlock) -> Value {
    match &block.function {
        Some(function) => build::function_tree(function, &block.source),
        None => build::script_tree(&block.ast, &block.source),
    }
}

/// The tree of a whole script.
pub(super) fn script_tree(ast: &Rc<syntax::ScriptBlock>, source: &Rc<Source>) -> Value {
    build::script_tree(ast, source)
}

/// The value of a number as it is written; null where it is none.
fn number_of(text: &str) -> Value {
    use crate::syntax::{CommandKind, ExprKind, PipelineKind, StatementKind};
    let parsed = syntax::parse(&Source::anonymous(text));
    let end = parsed.ast.end.as_ref().and_then(|end| end.statements.first());
    let Some(StatementKind::Pipeline(chain)) = end.map(|one| &one.kind) else { return Value::Null };
    let PipelineKind::Commands(commands) = &chain.first.kind else { return Value::Null };
    match commands.first().map(|command| &command.kind) {
        Some(CommandKind::Expression(one)) => match &one.kind {
            ExprKind::Number(number) => super::lower::number_value(number),
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}
