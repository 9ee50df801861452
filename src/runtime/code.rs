//! The executable form of code: what lowering makes of the syntax tree, with names resolved to slots.
//! Nothing here runs anything.

use super::command::Command;
use super::scope::Layout;
use super::symbol::Symbol;
use crate::syntax::{self, BinaryOperator, InvocationOperator, Source, Span, SwitchMatching, TypeName, UnaryOperator};
use crate::value::{ScriptBlock, Shape, Str, TypeRef, Value, members};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

/// The compiled forms of one script block: for a scope of its own, and for each layout it ran in.
#[derive(Default)]
pub(crate) struct Compiled {
    /// With a layout of its own.
    pub(crate) own: OnceCell<Rc<Code>>,
    /// Against layouts of frames it ran in; the last used first.
    pub(crate) shared: RefCell<Vec<(Weak<Layout>, Rc<Code>)>>,
    /// The signature for the binder, made when first called as a command.
    pub(crate) signature: OnceCell<Rc<dyn std::any::Any>>,
    /// True for a parameter check or default that needs the whole binder.
    pub(crate) facts: OnceCell<Facts>,
}

/// What the caller must know of a body before choosing how to call it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// `[CmdletBinding()]` or a `[Parameter()]` attribute.
    pub(crate) advanced: bool,
    /// Every parameter is a name with at most a type and a default.
    pub(crate) simple: bool,
    /// Has `begin`, `process`, `clean` or `dynamicparam`.
    pub(crate) blocks: bool,
}

/// A script block's code against one layout.
pub(crate) struct Code {
    /// Slots of its names.
    pub(crate) layout: Rc<Layout>,
    /// The text.
    pub(crate) source: Rc<Source>,
    /// In order.
    pub(crate) params: Box<[ParamCode]>,
    /// `dynamicparam`.
    pub(crate) dynamic_param: Option<BlockCode>,
    /// `begin`.
    pub(crate) begin: Option<BlockCode>,
    /// `process`.
    pub(crate) process: Option<BlockCode>,
    /// `end`, or the unnamed body.
    pub(crate) end: Option<BlockCode>,
    /// `clean`.
    pub(crate) clean: Option<BlockCode>,
    /// It looks at what it was called with, which must then be kept from the start.
    pub(crate) asks_invocation: bool,
    /// It looks at `$args`.
    pub(crate) asks_arguments: bool,
    /// Classes and enumerations that it declares, which are known before its first statement runs.
    pub(crate) types: Box<[TypeDefinition]>,
    /// How it may be called.
    pub(crate) facts: Facts,
    /// `using` statements at its head.
    pub(crate) using: Box<[syntax::Using]>,
}

/// A type that a script declares.
#[derive(Clone)]
pub(crate) enum TypeDefinition {
    /// `class`.
    Class(Rc<syntax::Class>),
    /// `enum`.
    Enum(Rc<syntax::Enum>),
}

/// One parameter.
pub(crate) struct ParamCode {
    /// Its name.
    pub(crate) name: Symbol,
    /// As written.
    pub(crate) text: Str,
    /// Its slot.
    pub(crate) slot: u32,
    /// Its type.
    pub(crate) kind: Option<TypeCode>,
    /// `[switch]`.
    pub(crate) is_switch: bool,
    /// The default.
    pub(crate) default: Option<Node>,
    /// True where the body may assign to it, so that its type must be kept.
    pub(crate) assigned: bool,
}

/// A type name that is resolved when first needed.
pub(crate) struct TypeCode {
    /// As written.
    pub(crate) name: TypeName,
    /// Resolved.
    pub(crate) resolved: Cell<Option<TypeRef>>,
}

/// Statements of one block.
pub(crate) struct BlockCode {
    /// In order.
    pub(crate) statements: Box<[Statement]>,
    /// Handlers of `trap`, in order.
    pub(crate) traps: Box<[TrapCode]>,
}

/// `trap`.
pub(crate) struct TrapCode {
    /// `None` catches all.
    pub(crate) kind: Option<TypeCode>,
    /// The handler.
    pub(crate) body: BlockCode,
}

/// A statement and its place.
pub(crate) struct Statement {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) kind: StatementKind,
}

/// Every kind of statement.
pub(crate) enum StatementKind {
    /// An expression whose value is output.
    Expression(Node),
    /// An expression for its effect: assignment, `$i++`.
    Effect(Node),
    /// Commands.
    Pipeline(Box<PipelineCode>),
    /// `a && b || c`, or in the background.
    Chain(Box<ChainCode>),
    /// `if`.
    If(Box<IfCode>),
    /// `while`, `for`, `do`.
    Loop(Box<LoopCode>),
    /// `foreach`.
    ForEach(Box<ForEachCode>),
    /// `switch`.
    Switch(Box<SwitchCode>),
    /// `function`, `filter`.
    Function(Rc<ScriptBlock>),
    /// `class` or `enum`.
    Type(TypeDefinition),
    /// `try`.
    Try(Box<TryCode>),
    /// `break`.
    Break(Option<Node>),
    /// `continue`.
    Continue(Option<Node>),
    /// `return`.
    Return(Option<Box<Statement>>),
    /// `return` of a method: what it gives is the method's result.
    Result(Option<Box<Node>>),
    /// `throw`.
    Throw(Option<Box<Statement>>),
    /// `exit`.
    Exit(Option<Box<Statement>>),
    /// `data`.
    Data(Option<Target>, Box<BlockCode>),
}

/// `a && b || c`.
pub(crate) struct ChainCode {
    /// The first pipeline.
    pub(crate) first: Statement,
    /// True for `&&`.
    pub(crate) rest: Vec<(bool, Statement)>,
    /// Ends in `&`: the text to run.
    pub(crate) background: Option<Rc<ScriptBlock>>,
}

/// `if`.
pub(crate) struct IfCode {
    /// Conditions and bodies.
    pub(crate) clauses: Box<[(Node, BlockCode)]>,
    /// `else`.
    pub(crate) otherwise: Option<BlockCode>,
}

/// `while`, `do` and `for`.
pub(crate) struct LoopCode {
    /// `:name`.
    pub(crate) label: Option<Symbol>,
    /// Run once.
    pub(crate) initializer: Option<Statement>,
    /// `None` is forever.
    pub(crate) condition: Option<Node>,
    /// True for `until`.
    pub(crate) until: bool,
    /// True for `do`: the first test comes after the first turn.
    pub(crate) body_first: bool,
    /// Run after each turn.
    pub(crate) iterator: Option<Statement>,
    /// The loop.
    pub(crate) body: BlockCode,
}

/// `foreach`.
pub(crate) struct ForEachCode {
    /// `:name`.
    pub(crate) label: Option<Symbol>,
    /// The variable.
    pub(crate) variable: Target,
    /// The collection.
    pub(crate) items: Node,
    /// True where the body mentions `$foreach`.
    pub(crate) enumerator: bool,
    /// Slot of `$foreach`.
    pub(crate) slot: u32,
    /// The loop.
    pub(crate) body: BlockCode,
}

/// `switch`.
pub(crate) struct SwitchCode {
    /// `:name`.
    pub(crate) label: Option<Symbol>,
    /// How clauses compare.
    pub(crate) matching: SwitchMatching,
    /// `-CaseSensitive`.
    pub(crate) case_sensitive: bool,
    /// `-File`.
    pub(crate) file: bool,
    /// The subject.
    pub(crate) subject: Node,
    /// Tests and bodies.
    pub(crate) clauses: Box<[(SwitchTest, BlockCode)]>,
    /// `default`.
    pub(crate) default: Option<BlockCode>,
    /// Slot of `$_`.
    pub(crate) slot: u32,
    /// Slot of `$switch`.
    pub(crate) enumerator: u32,
}

/// A clause's test.
pub(crate) enum SwitchTest {
    /// A value compared with the item.
    Value(Node),
    /// A predicate run with `$_`.
    Block(BlockCode),
}

/// `try`.
pub(crate) struct TryCode {
    /// Guarded.
    pub(crate) body: BlockCode,
    /// In order.
    pub(crate) catches: Box<[CatchCode]>,
    /// Always.
    pub(crate) finally: Option<BlockCode>,
    /// Slot of `$_`.
    pub(crate) slot: u32,
}

/// `catch`.
pub(crate) struct CatchCode {
    /// Empty catches all.
    pub(crate) types: Box<[TypeCode]>,
    /// The handler.
    pub(crate) body: BlockCode,
}

/// Commands joined by `|`.
pub(crate) struct PipelineCode {
    /// In order.
    pub(crate) elements: Box<[ElementCode]>,
}

/// One element.
pub(crate) struct ElementCode {
    /// With its redirections.
    pub(crate) span: Span,
    /// What.
    pub(crate) kind: ElementKind,
    /// Where its streams go.
    pub(crate) redirections: Box<[RedirectionCode]>,
}

/// What an element is.
pub(crate) enum ElementKind {
    /// An expression.
    Expression(Node),
    /// A command.
    Command(CommandCode),
}

/// A redirection.
pub(crate) struct RedirectionCode {
    /// The stream, 0 for all.
    pub(crate) from: u8,
    /// Where to.
    pub(crate) to: RedirectionTarget,
}

/// A redirection's target.
pub(crate) enum RedirectionTarget {
    /// A file: path, and true to append.
    File(Node, bool),
    /// The output stream.
    Output,
    /// `$null`.
    Null,
}

/// A command with its arguments.
pub(crate) struct CommandCode {
    /// The whole.
    pub(crate) span: Span,
    /// `&`, `.` or neither.
    pub(crate) operator: InvocationOperator,
    /// The command.
    pub(crate) name: CommandName,
    /// In order.
    pub(crate) arguments: Box<[ArgumentCode]>,
    /// True where every argument is a plain value: no parameter, no splat.
    pub(crate) plain: bool,
    /// `f(1, 2)`: written as a method is called, which strict mode refuses.
    pub(crate) like_method: bool,
    /// How its arguments bind, once known.
    pub(crate) plan: super::bound::PlanCell,
    /// What the name meant last time.
    pub(crate) cache: RefCell<Option<CommandCache>>,
}

/// What names a command.
pub(crate) enum CommandName {
    /// A word.
    Word(Str, Symbol),
    /// Anything else: a string, a block, a command object.
    Value(Node),
}

/// A resolved command name, valid while the session's generation stays.
#[derive(Clone)]
pub(crate) struct CommandCache {
    /// The session's generation then.
    pub(crate) generation: u64,
    /// The session state of the caller, by address.
    pub(crate) state: usize,
    /// What it is.
    pub(crate) command: Command,
}

/// An argument.
pub(crate) struct ArgumentCode {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) kind: ArgumentForm,
}

/// The forms of argument.
pub(crate) enum ArgumentForm {
    /// A value, with the text of a number literal.
    Value(Node, Option<Str>),
    /// `-Name[:value]`.
    Parameter {
        /// Without the dash.
        name: Str,
        /// After a colon.
        value: Option<Node>,
        /// With the dash.
        written: Str,
    },
    /// `@name`.
    Splat(Node),
    /// After `--%`.
    Verbatim(Str),
}

/// Where an assignment goes.
pub(crate) enum Target {
    /// A slot of this frame.
    Local(u32, Symbol),
    /// `$global:x`, `$env:x` …
    Scoped(Box<Scoped>),
    /// `$ErrorActionPreference` and the like, which convert what they get.
    Preference(u32, Symbol),
    /// A variable whose assignment needs a look at its options: `$true`, `$HOME` …
    Guarded(Symbol),
    /// `$null = …`.
    Discard,
    /// `[int] $x`, with attributes as syntax for their checks.
    Typed(Box<TypedTarget>),
    /// `a.b`.
    Member(Box<MemberCode>),
    /// `a[b]`.
    Index(Box<(Node, Node)>),
    /// `a, b, c`.
    List(Box<[Target]>),
    /// Not assignable, for the error.
    Invalid,
}

/// A target with a type or attributes in front.
pub(crate) struct TypedTarget {
    /// Types, outermost last.
    pub(crate) kind: Option<TypeCode>,
    /// Attributes.
    pub(crate) attributes: Vec<syntax::Attribute>,
    /// The variable.
    pub(crate) target: Target,
}

/// Which scope a variable names.
#[derive(Clone, Debug)]
pub(crate) enum ScopeName {
    /// `global:`.
    Global,
    /// `script:`.
    Script,
    /// `local:`.
    Local,
    /// `private:`.
    Private,
    /// `using:`.
    Using,
    /// `env:`, `function:`, `alias:` …
    Drive(Str),
}

/// A variable with a scope or drive.
pub(crate) struct Scoped {
    /// Which.
    pub(crate) scope: ScopeName,
    /// Its name.
    pub(crate) name: Symbol,
    /// As written, for drives.
    pub(crate) text: Str,
}

/// An assignment.
pub(crate) struct AssignCode {
    /// Where to.
    pub(crate) target: Target,
    /// How; `None` for `=`.
    pub(crate) operator: Option<BinaryOperator>,
    /// What.
    pub(crate) value: Node,
    /// True in a body with a scope of its own: an operator like `+=` looks at this scope alone.
    pub(crate) own: bool,
}

/// `a.b`.
pub(crate) struct MemberCode {
    /// Of what.
    pub(crate) target: Node,
    /// Which.
    pub(crate) name: MemberName,
    /// `::`.
    pub(crate) is_static: bool,
    /// `?.`.
    pub(crate) null_conditional: bool,
    /// Where a custom object's property was last time: the shape's address and the number.
    pub(crate) site: Cell<(usize, u32)>,
}

/// A member's name.
pub(crate) enum MemberName {
    /// As written.
    Constant(Str),
    /// Computed.
    Dynamic(Node),
}

/// `a.b(…)`.
pub(crate) struct CallCode {
    /// Of what.
    pub(crate) target: Node,
    /// Which.
    pub(crate) name: MemberName,
    /// Arguments.
    pub(crate) arguments: Box<[Node]>,
    /// `::`.
    pub(crate) is_static: bool,
    /// The base class in `([Base]$this).Method()`, whose own method is meant.
    pub(crate) base_class: Option<TypeCode>,
    /// `?.`.
    pub(crate) null_conditional: bool,
    /// The name as methods of script classes are found by it; known once it was needed.
    pub(crate) symbol: Cell<Option<Symbol>>,
    /// What was called here last.
    pub(crate) site: members::CallSite,
}

/// `++` and `--`.
pub(crate) struct IncrementCode {
    /// What.
    pub(crate) target: Target,
    /// Its value.
    pub(crate) read: Node,
    /// 1 or -1.
    pub(crate) delta: i32,
    /// True where the old value is the result.
    pub(crate) post: bool,
    /// True in a body with a scope of its own: only this scope is looked at.
    pub(crate) own: bool,
}

/// Arithmetic and comparison.
pub(crate) struct BinaryCode {
    /// Which.
    pub(crate) op: BinaryOperator,
    /// The left operand.
    pub(crate) left: Node,
    /// The right operand.
    pub(crate) right: Node,
    /// How often in a row it turned out not to be plain arithmetic.
    pub(crate) misses: Cell<u8>,
}

/// A part of an expandable string.
pub(crate) enum Part {
    /// As it is.
    Text(Str),
    /// A value.
    Value(Node),
}

/// An expression.
pub(crate) enum Node {
    /// A literal.
    Constant(Value),
    /// A variable by slot.
    Local(u32, Symbol),
    /// A variable with a scope.
    Scoped(Box<Scoped>),
    /// `$?`.
    Succeeded,
    /// A string with parts.
    Expand(Box<[Part]>),
    /// `[type]`.
    Type(Box<TypeCode>),
    /// `[type] a`.
    Cast(Box<(TypeCode, Node)>),
    /// `a, b`.
    Array(Box<[Node]>),
    /// `@( )`.
    ArrayOf(Box<BlockCode>),
    /// `@( )` around one expression.
    ArrayOfOne(Box<Node>),
    /// `$( )`.
    Sub(Box<BlockCode>),
    /// A statement's output as a value.
    Statement(Box<Statement>),
    /// A pipeline's output as a value.
    Pipeline(Box<PipelineCode>),
    /// `@{ }`; true for `[ordered]`.
    Hashtable(Box<[(Node, Node)]>, bool),
    /// `[pscustomobject]@{ }` with constant distinct names.
    Custom(Box<(Rc<Shape>, Box<[Node]>)>),
    /// `{ }`.
    Block(Rc<ScriptBlock>),
    /// Unary operators other than `-not`.
    Unary(UnaryOperator, Box<Node>),
    /// `-not`.
    Not(Box<Node>),
    /// Arithmetic and comparison.
    Binary(Box<BinaryCode>),
    /// `-is`, `-isnot`, `-as`.
    TypeTest(BinaryOperator, Box<(Node, Node)>),
    /// `-and`.
    And(Box<(Node, Node)>),
    /// `-or`.
    Or(Box<(Node, Node)>),
    /// `-xor`.
    Xor(Box<(Node, Node)>),
    /// `??`.
    Coalesce(Box<(Node, Node)>),
    /// `a ? b : c`.
    Ternary(Box<(Node, Node, Node)>),
    /// `++`, `--`.
    Increment(Box<IncrementCode>),
    /// `a.b`.
    Member(Box<MemberCode>),
    /// `a.b()`.
    Call(Box<CallCode>),
    /// `a[b]`; true for `?[`.
    Index(Box<(Node, Node)>, bool),
    /// `a = b`.
    Assign(Box<AssignCode>),
    /// `( … )` around an assignment or increment: gives its value.
    Group(Box<Node>),
    /// Text that was not understood.
    Error,
}
