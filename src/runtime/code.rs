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
pub struct Compiled {
    /// With a layout of its own.
    pub own: OnceCell<Rc<Code>>,
    /// Against layouts of frames it ran in; the last used first.
    pub shared: RefCell<Vec<(Weak<Layout>, Rc<Code>)>>,
    /// The signature for the binder, made when first called as a command.
    pub signature: OnceCell<Rc<dyn std::any::Any>>,
    /// True for a parameter check or default that needs the whole binder.
    pub facts: OnceCell<Facts>,
}

/// What the caller must know of a body before choosing how to call it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// `[CmdletBinding()]` or a `[Parameter()]` attribute.
    pub advanced: bool,
    /// Every parameter is a name with at most a type and a default.
    pub simple: bool,
    /// Has `begin`, `process`, `clean` or `dynamicparam`.
    pub blocks: bool,
}

/// A script block's code against one layout.
pub struct Code {
    /// Slots of its names.
    pub layout: Rc<Layout>,
    /// The text.
    pub source: Rc<Source>,
    /// In order.
    pub params: Box<[ParamCode]>,
    /// `dynamicparam`.
    pub dynamic_param: Option<BlockCode>,
    /// `begin`.
    pub begin: Option<BlockCode>,
    /// `process`.
    pub process: Option<BlockCode>,
    /// `end`, or the unnamed body.
    pub end: Option<BlockCode>,
    /// `clean`.
    pub clean: Option<BlockCode>,
    /// It looks at what it was called with, which must then be kept from the start.
    pub asks_invocation: bool,
    /// It looks at `$args`.
    pub asks_arguments: bool,
    /// Classes and enumerations that it declares, which are known before its first statement runs.
    pub types: Box<[TypeDefinition]>,
    /// How it may be called.
    pub facts: Facts,
    /// `using` statements at its head.
    pub using: Box<[syntax::Using]>,
}

/// A type that a script declares.
#[derive(Clone)]
pub enum TypeDefinition {
    /// `class`.
    Class(Rc<syntax::Class>),
    /// `enum`.
    Enum(Rc<syntax::Enum>),
}

/// One parameter.
pub struct ParamCode {
    /// Its name.
    pub name: Symbol,
    /// As written.
    pub text: Str,
    /// Its slot.
    pub slot: u32,
    /// Its type.
    pub kind: Option<TypeCode>,
    /// `[switch]`.
    pub is_switch: bool,
    /// The default.
    pub default: Option<Node>,
    /// True where the body may assign to it, so that its type must be kept.
    pub assigned: bool,
}

/// A type name that is resolved when first needed.
pub struct TypeCode {
    /// As written.
    pub name: TypeName,
    /// Resolved.
    pub resolved: Cell<Option<TypeRef>>,
}

/// Statements of one block.
pub struct BlockCode {
    /// In order.
    pub statements: Box<[Statement]>,
    /// Handlers of `trap`, in order.
    pub traps: Box<[TrapCode]>,
}

/// `trap`.
pub struct TrapCode {
    /// `None` catches all.
    pub kind: Option<TypeCode>,
    /// The handler.
    pub body: BlockCode,
}

/// A statement and its place.
pub struct Statement {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StatementKind,
}

/// Every kind of statement.
pub enum StatementKind {
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
pub struct ChainCode {
    /// The first pipeline.
    pub first: Statement,
    /// True for `&&`.
    pub rest: Vec<(bool, Statement)>,
    /// Ends in `&`: the text to run.
    pub background: Option<Rc<ScriptBlock>>,
}

/// `if`.
pub struct IfCode {
    /// Conditions and bodies.
    pub clauses: Box<[(Node, BlockCode)]>,
    /// `else`.
    pub otherwise: Option<BlockCode>,
}

/// `while`, `do` and `for`.
pub struct LoopCode {
    /// `:name`.
    pub label: Option<Symbol>,
    /// Run once.
    pub initializer: Option<Statement>,
    /// `None` is forever.
    pub condition: Option<Node>,
    /// True for `until`.
    pub until: bool,
    /// True for `do`: the first test comes after the first turn.
    pub body_first: bool,
    /// Run after each turn.
    pub iterator: Option<Statement>,
    /// The loop.
    pub body: BlockCode,
}

/// `foreach`.
pub struct ForEachCode {
    /// `:name`.
    pub label: Option<Symbol>,
    /// The variable.
    pub variable: Target,
    /// The collection.
    pub items: Node,
    /// True where the body mentions `$foreach`.
    pub enumerator: bool,
    /// Slot of `$foreach`.
    pub slot: u32,
    /// The loop.
    pub body: BlockCode,
}

/// `switch`.
pub struct SwitchCode {
    /// `:name`.
    pub label: Option<Symbol>,
    /// How clauses compare.
    pub matching: SwitchMatching,
    /// `-CaseSensitive`.
    pub case_sensitive: bool,
    /// `-File`.
    pub file: bool,
    /// The subject.
    pub subject: Node,
    /// Tests and bodies.
    pub clauses: Box<[(SwitchTest, BlockCode)]>,
    /// `default`.
    pub default: Option<BlockCode>,
    /// Slot of `$_`.
    pub slot: u32,
    /// Slot of `$switch`.
    pub enumerator: u32,
}

/// A clause's test.
pub enum SwitchTest {
    /// A value compared with the item.
    Value(Node),
    /// A predicate run with `$_`.
    Block(BlockCode),
}

/// `try`.
pub struct TryCode {
    /// Guarded.
    pub body: BlockCode,
    /// In order.
    pub catches: Box<[CatchCode]>,
    /// Always.
    pub finally: Option<BlockCode>,
    /// Slot of `$_`.
    pub slot: u32,
}

/// `catch`.
pub struct CatchCode {
    /// Empty catches all.
    pub types: Box<[TypeCode]>,
    /// The handler.
    pub body: BlockCode,
}

/// Commands joined by `|`.
pub struct PipelineCode {
    /// In order.
    pub elements: Box<[ElementCode]>,
}

/// One element.
pub struct ElementCode {
    /// With its redirections.
    pub span: Span,
    /// What.
    pub kind: ElementKind,
    /// Where its streams go.
    pub redirections: Box<[RedirectionCode]>,
}

/// What an element is.
pub enum ElementKind {
    /// An expression.
    Expression(Node),
    /// A command.
    Command(CommandCode),
}

/// A redirection.
pub struct RedirectionCode {
    /// The stream, 0 for all.
    pub from: u8,
    /// Where to.
    pub to: RedirectionTarget,
}

/// A redirection's target.
pub enum RedirectionTarget {
    /// A file: path, and true to append.
    File(Node, bool),
    /// The output stream.
    Output,
    /// `$null`.
    Null,
}

/// A command with its arguments.
pub struct CommandCode {
    /// The whole.
    pub span: Span,
    /// `&`, `.` or neither.
    pub operator: InvocationOperator,
    /// The command.
    pub name: CommandName,
    /// In order.
    pub arguments: Box<[ArgumentCode]>,
    /// True where every argument is a plain value: no parameter, no splat.
    pub plain: bool,
    /// `f(1, 2)`: written as a method is called, which strict mode refuses.
    pub like_method: bool,
    /// How its arguments bind, once known.
    pub plan: super::bound::PlanCell,
    /// What the name meant last time.
    pub cache: RefCell<Option<CommandCache>>,
}

/// What names a command.
pub enum CommandName {
    /// A word.
    Word(Str, Symbol),
    /// Anything else: a string, a block, a command object.
    Value(Node),
}

/// A resolved command name, valid while the session's generation stays.
#[derive(Clone)]
pub struct CommandCache {
    /// The session's generation then.
    pub generation: u64,
    /// The session state of the caller, by address.
    pub state: usize,
    /// What it is.
    pub command: Command,
}

/// An argument.
pub struct ArgumentCode {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ArgumentForm,
}

/// The forms of argument.
pub enum ArgumentForm {
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
pub enum Target {
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
pub struct TypedTarget {
    /// Types, outermost last.
    pub kind: Option<TypeCode>,
    /// Attributes.
    pub attributes: Vec<syntax::Attribute>,
    /// The variable.
    pub target: Target,
}

/// Which scope a variable names.
#[derive(Clone, Debug)]
pub enum ScopeName {
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
pub struct Scoped {
    /// Which.
    pub scope: ScopeName,
    /// Its name.
    pub name: Symbol,
    /// As written, for drives.
    pub text: Str,
}

/// An assignment.
pub struct AssignCode {
    /// Where to.
    pub target: Target,
    /// How; `None` for `=`.
    pub operator: Option<BinaryOperator>,
    /// What.
    pub value: Node,
    /// True in a body with a scope of its own: an operator like `+=` looks at this scope alone.
    pub own: bool,
}

/// `a.b`.
pub struct MemberCode {
    /// Of what.
    pub target: Node,
    /// Which.
    pub name: MemberName,
    /// `::`.
    pub is_static: bool,
    /// `?.`.
    pub null_conditional: bool,
    /// Where a custom object's property was last time: the shape's address and the number.
    pub site: Cell<(usize, u32)>,
}

/// A member's name.
pub enum MemberName {
    /// As written.
    Constant(Str),
    /// Computed.
    Dynamic(Node),
}

/// `a.b(…)`.
pub struct CallCode {
    /// Of what.
    pub target: Node,
    /// Which.
    pub name: MemberName,
    /// Arguments.
    pub arguments: Box<[Node]>,
    /// `::`.
    pub is_static: bool,
    /// The base class in `([Base]$this).Method()`, whose own method is meant.
    pub base_class: Option<TypeCode>,
    /// `?.`.
    pub null_conditional: bool,
    /// The name as methods of script classes are found by it; known once it was needed.
    pub symbol: Cell<Option<Symbol>>,
    /// What was called here last.
    pub site: members::CallSite,
}

/// `++` and `--`.
pub struct IncrementCode {
    /// What.
    pub target: Target,
    /// Its value.
    pub read: Node,
    /// 1 or -1.
    pub delta: i32,
    /// True where the old value is the result.
    pub post: bool,
    /// True in a body with a scope of its own: only this scope is looked at.
    pub own: bool,
}

/// Arithmetic and comparison.
pub struct BinaryCode {
    /// Which.
    pub op: BinaryOperator,
    /// The left operand.
    pub left: Node,
    /// The right operand.
    pub right: Node,
    /// How often in a row it turned out not to be plain arithmetic.
    pub misses: Cell<u8>,
}

/// A part of an expandable string.
pub enum Part {
    /// As it is.
    Text(Str),
    /// A value.
    Value(Node),
}

/// An expression.
pub enum Node {
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
