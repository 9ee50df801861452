//! The syntax tree of a script: what was written, with places, and nothing of what it will do.

use super::span::Span;
use std::rc::Rc;

/// A script, a function body or a script block: optional `param`, then named blocks.
/// A body without named blocks is its `end` block (or `process` for a `filter`).
#[derive(Clone, Debug, Default)]
pub struct ScriptBlock {
    /// The text between the braces, or the whole script.
    pub span: Span,
    /// `using` statements, only at the head of a script.
    pub(crate) using: Vec<Using>,
    /// What `#Requires` lines ask for.
    pub(crate) requires: Vec<Requires>,
    /// Attributes before `param`, for example `[CmdletBinding()]`.
    pub(crate) attributes: Vec<Attribute>,
    /// The `param( )` list; `None` where there is no `param` keyword.
    pub(crate) params: Option<Vec<Parameter>>,
    /// From the attributes before `param` to the end of the list.
    pub(crate) params_span: Span,
    /// `dynamicparam { }`.
    pub(crate) dynamic_param: Option<Block>,
    /// `begin { }`.
    pub(crate) begin: Option<Block>,
    /// `process { }`.
    pub(crate) process: Option<Block>,
    /// `end { }`, or the whole unnamed body.
    pub end: Option<Block>,
    /// `clean { }`.
    pub(crate) clean: Option<Block>,
    /// True where `end` holds an unnamed body.
    pub(crate) unnamed: bool,
    /// Comment-based help, as the comment's text without its marks.
    pub(crate) help: Option<Rc<str>>,
}

/// Statements between braces, with the traps that guard them.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Braces included.
    pub span: Span,
    /// In order.
    pub statements: Vec<Statement>,
    /// `trap` statements of this block, wherever they stood.
    pub(crate) traps: Vec<Trap>,
}

/// `trap [Type] { }`.
#[derive(Clone, Debug)]
pub(crate) struct Trap {
    /// The whole statement.
    pub span: Span,
    /// The exception type; `None` catches all.
    pub(crate) kind: Option<TypeName>,
    /// The handler.
    pub(crate) body: Block,
}

/// `using namespace|module|assembly`.
#[derive(Clone, Debug)]
pub(crate) struct Using {
    /// The whole statement.
    pub span: Span,
    /// What is used.
    pub(crate) kind: UsingKind,
    /// Name, path, or for a module specification the hashtable's text.
    pub name: Rc<str>,
    /// The module specification, where one was given.
    pub(crate) specification: Option<Expr>,
}

/// The three kinds of `using`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UsingKind {
    /// A .NET namespace.
    Namespace,
    /// A module.
    Module,
    /// An assembly.
    Assembly,
}

/// One demand of a `#Requires` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Requires {
    /// `-Version n`.
    Version(Rc<str>),
    /// `-Modules name`, text of each specification.
    Module(Rc<str>),
    /// `-PSEdition name`.
    Edition(Rc<str>),
    /// `-RunAsAdministrator`.
    Administrator,
}

/// An attribute such as `[Parameter(Mandatory)]`.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// Brackets included.
    pub span: Span,
    /// Its type name.
    pub(crate) name: TypeName,
    /// Positional arguments.
    pub(crate) positional: Vec<Expr>,
    /// Named arguments; `None` for a bare name, which means `$true`.
    pub(crate) named: Vec<(Rc<str>, Option<Expr>, Span)>,
}

/// One parameter of a `param` list, function or method.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// From the first attribute to the default value.
    pub span: Span,
    /// Without `$`.
    pub name: Rc<str>,
    /// The variable's own place.
    pub(crate) name_span: Span,
    /// In order; type constraints stand among them.
    pub(crate) attributes: Vec<ParameterAttribute>,
    /// After `=`.
    pub(crate) default: Option<Expr>,
}

/// What may stand before a parameter.
#[derive(Clone, Debug)]
pub(crate) enum ParameterAttribute {
    /// `[int]`.
    Type(TypeName),
    /// `[Parameter(…)]`, `[ValidateSet(…)]`, `[Alias(…)]` …
    Attribute(Attribute),
}

/// A type as written: `int`, `string[]`, `System.Collections.Generic.List[int]`, `Dictionary[string,int[]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeName {
    /// Without the outer brackets.
    pub span: Span,
    /// Name without arguments and array marks.
    pub name: Rc<str>,
    /// Generic arguments.
    pub(crate) arguments: Vec<TypeName>,
    /// Ranks of array marks in order: `[]` is 1, `[,]` 2; `int[][]` is `[1, 1]`.
    pub(crate) ranks: Vec<u8>,
    /// After a comma: `[Type, Assembly]`.
    pub(crate) assembly: Option<Rc<str>>,
}

/// A statement with its place.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// What it is.
    pub(crate) kind: StatementKind,
}

/// Every kind of statement. Labels are without the colon.
#[derive(Clone, Debug)]
pub(crate) enum StatementKind {
    /// A pipeline or chain of them, and also a bare expression or assignment.
    Pipeline(PipelineChain),
    /// `if … elseif … else`.
    If {
        /// Condition and body in order.
        clauses: Vec<(PipelineChain, Block)>,
        /// `else`.
        otherwise: Option<Block>,
    },
    /// `while`.
    While {
        /// `:name`.
        label: Option<Rc<str>>,
        /// Tested before each turn.
        condition: PipelineChain,
        /// The loop.
        body: Block,
    },
    /// `do … while` and `do … until`.
    Do {
        /// `:name`.
        label: Option<Rc<str>>,
        /// The loop.
        body: Block,
        /// Tested after each turn.
        condition: PipelineChain,
        /// True for `until`.
        until: bool,
    },
    /// `for`.
    For {
        /// `:name`.
        label: Option<Rc<str>>,
        /// Run once.
        initializer: Option<Box<Statement>>,
        /// Tested before each turn; absent means forever.
        condition: Option<PipelineChain>,
        /// Run after each turn.
        iterator: Option<Box<Statement>>,
        /// The loop.
        body: Block,
    },
    /// `foreach ($x in …)`.
    ForEach {
        /// `:name`.
        label: Option<Rc<str>>,
        /// The loop variable.
        variable: Variable,
        /// What is gone through.
        items: PipelineChain,
        /// The loop.
        body: Block,
    },
    /// `switch`.
    Switch {
        /// `:name`.
        label: Option<Rc<str>>,
        /// How clauses are compared.
        matching: SwitchMatching,
        /// `-CaseSensitive`.
        case_sensitive: bool,
        /// `-File`: the subject is a path.
        file: bool,
        /// What is tested.
        subject: PipelineChain,
        /// Test and body in order. A test is an expression; a script block literal is a predicate.
        clauses: Vec<(Expr, Block)>,
        /// `default`.
        default: Option<Block>,
    },
    /// `function`, `filter`, `configuration` is not known.
    Function(Rc<Function>),
    /// `class`.
    Class(Rc<Class>),
    /// `enum`.
    Enum(Rc<Enum>),
    /// `try … catch … finally`.
    Try {
        /// Guarded.
        body: Block,
        /// In order.
        catches: Vec<Catch>,
        /// Always run.
        finally: Option<Block>,
    },
    /// `break [label]`.
    Break(Option<Expr>),
    /// `continue [label]`.
    Continue(Option<Expr>),
    /// `return [pipeline]`.
    Return(Option<PipelineChain>),
    /// `throw [pipeline]`.
    Throw(Option<PipelineChain>),
    /// `exit [pipeline]`.
    Exit(Option<PipelineChain>),
    /// `data [name] [-SupportedCommand …] { }`.
    Data {
        /// The variable that takes the result.
        name: Option<Rc<str>>,
        /// Commands that may be used inside.
        supported: Vec<Expr>,
        /// The section.
        body: Block,
    },
    /// A statement that breaks off: an error stands beside the tree.
    Broken(Box<Broken>),
}

/// What was understood of a statement that breaks off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Broken {
    /// Its parts in order, but for a `switch`.
    pub(crate) parts: Vec<Part>,
    /// The conditions of a `switch`.
    pub(crate) conditions: Vec<Part>,
    /// The clauses of a `switch`.
    pub(crate) bodies: Vec<Part>,
    /// The options of a `switch`, with what follows `-File`.
    pub(crate) flags: Vec<(Rc<str>, Option<PipelineChain>)>,
    /// Where it breaks off, where that is not where reading went on.
    pub(crate) end: Option<u32>,
}

/// A whole part of a broken statement.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// A condition and the like.
    Chain(PipelineChain),
    /// A statement of a `for`'s head.
    Statement(Statement),
    /// A body.
    Block(Block),
    /// A value.
    Expression(Expr),
    /// A type in brackets.
    Type(TypeName),
    /// A `catch` clause.
    Catch(Catch),
    /// A parameter.
    Parameter(Parameter),
    /// The variable of `foreach`.
    Variable(Variable),
}

/// How `switch` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SwitchMatching {
    /// `-eq`, the default.
    Exact,
    /// `-Wildcard`.
    Wildcard,
    /// `-Regex`.
    Regex,
}

/// One `catch`.
#[derive(Clone, Debug)]
pub(crate) struct Catch {
    /// The whole clause.
    pub span: Span,
    /// Exception types; empty catches all.
    pub(crate) types: Vec<TypeName>,
    /// The handler.
    pub(crate) body: Block,
}

/// `function name(params) { }` or a class method's body.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// The whole definition.
    pub span: Span,
    /// With a scope such as `global:` still on it.
    pub name: Rc<str>,
    /// True for `filter`: the body is a process block.
    pub(crate) filter: bool,
    /// Parameters in parentheses after the name; the body's own `param` otherwise.
    pub(crate) params: Option<Vec<Parameter>>,
    /// The body.
    pub(crate) body: Rc<ScriptBlock>,
}

/// `class Name : Base, Interface { }`.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// The whole definition.
    pub span: Span,
    /// Its name.
    pub name: Rc<str>,
    /// Attributes before `class`.
    pub(crate) attributes: Vec<Attribute>,
    /// Base class and interfaces.
    pub(crate) bases: Vec<TypeName>,
    /// Properties in order.
    pub(crate) properties: Vec<ClassProperty>,
    /// Methods and constructors in order.
    pub(crate) methods: Vec<ClassMethod>,
}

/// A property of a class.
#[derive(Clone, Debug)]
pub(crate) struct ClassProperty {
    /// The whole member.
    pub span: Span,
    /// Without `$`.
    pub name: Rc<str>,
    /// `[int]`.
    pub(crate) kind: Option<TypeName>,
    /// Validation and the like.
    pub(crate) attributes: Vec<Attribute>,
    /// Initial value.
    pub(crate) default: Option<Expr>,
    /// `static`.
    pub(crate) is_static: bool,
    /// `hidden`.
    pub(crate) is_hidden: bool,
}

/// A method or, where its name is the class's, a constructor.
#[derive(Clone, Debug)]
pub(crate) struct ClassMethod {
    /// The whole member.
    pub span: Span,
    /// Its name.
    pub name: Rc<str>,
    /// The name's own place.
    pub(crate) name_span: Span,
    /// Return type; absent means `void` in effect of `[object]` as PowerShell has it.
    pub(crate) kind: Option<TypeName>,
    /// Parameters.
    pub(crate) params: Vec<Parameter>,
    /// Arguments of `: base( … )`.
    pub(crate) base_call: Option<Vec<Expr>>,
    /// The body.
    pub(crate) body: Rc<ScriptBlock>,
    /// `static`.
    pub(crate) is_static: bool,
    /// `hidden`.
    pub(crate) is_hidden: bool,
    /// A constructor.
    pub(crate) is_constructor: bool,
}

/// `enum Name : type { }`.
#[derive(Clone, Debug)]
pub(crate) struct Enum {
    /// The whole definition.
    pub span: Span,
    /// Its name.
    pub name: Rc<str>,
    /// `[Flags()]` and the like.
    pub(crate) attributes: Vec<Attribute>,
    /// `: byte`.
    pub(crate) underlying: Option<TypeName>,
    /// Members in order, with explicit values.
    pub(crate) members: Vec<(Rc<str>, Option<Expr>, Span)>,
}

/// Pipelines joined by `&&` and `||`, perhaps run in the background with `&`.
#[derive(Clone, Debug)]
pub(crate) struct PipelineChain {
    /// The whole chain.
    pub span: Span,
    /// The first.
    pub(crate) first: Pipeline,
    /// Operator and pipeline, in order.
    pub(crate) rest: Vec<(ChainOperator, Pipeline)>,
    /// Ends in `&`.
    pub(crate) background: bool,
}

/// `&&` or `||`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainOperator {
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// Commands joined by `|`, or one assignment.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// The whole pipeline.
    pub span: Span,
    /// What it is.
    pub(crate) kind: PipelineKind,
}

/// A pipeline is commands, or an assignment whose right side may be any statement.
#[derive(Clone, Debug)]
pub(crate) enum PipelineKind {
    /// `a | b | c`; a single expression is one element.
    Commands(Vec<Command>),
    /// `left = right`.
    Assignment {
        /// A variable, member, index, typed variable, or list of them.
        target: Expr,
        /// `=`, `+=` …
        operator: AssignmentOperator,
        /// A pipeline, or a statement such as `if`.
        value: Box<Statement>,
    },
}

/// Assignment operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AssignmentOperator {
    /// `=`.
    Set,
    /// `+=`.
    Add,
    /// `-=`.
    Subtract,
    /// `*=`.
    Multiply,
    /// `/=`.
    Divide,
    /// `%=`.
    Remainder,
    /// `??=`.
    Coalesce,
}

/// One element of a pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// With its redirections.
    pub span: Span,
    /// What it is.
    pub(crate) kind: CommandKind,
    /// `> file`, `2>&1` …
    pub(crate) redirections: Vec<Redirection>,
}

/// An expression, or a command with arguments.
#[derive(Clone, Debug)]
pub(crate) enum CommandKind {
    /// An expression as the first element.
    Expression(Expr),
    /// `name args`, `& block args`, `. script args`.
    Invocation {
        /// `&`, `.` or neither.
        operator: InvocationOperator,
        /// The command: a bare word is a string constant.
        name: Expr,
        /// In order.
        arguments: Vec<Argument>,
    },
}

/// How a command is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InvocationOperator {
    /// By its name.
    None,
    /// `&`: in a new scope.
    Call,
    /// `.`: in the current scope.
    Dot,
}

/// An argument of a command.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    /// Where.
    pub span: Span,
    /// What.
    pub(crate) kind: ArgumentKind,
}

/// The forms of argument.
#[derive(Clone, Debug)]
pub(crate) enum ArgumentKind {
    /// A value: bare words are string constants, numbers keep their text.
    Value(Expr),
    /// `-Name` or `-Name:value`.
    Parameter {
        /// Without the dash.
        name: Rc<str>,
        /// After a colon.
        value: Option<Expr>,
    },
    /// `@name`: splatting.
    Splat(Variable),
    /// `--%` and the rest of the line.
    Verbatim(Rc<str>),
}

/// `2> file`, `*>&1` …
#[derive(Clone, Debug)]
pub(crate) struct Redirection {
    /// Where.
    pub span: Span,
    /// What is redirected: 1 output … 6 information; 0 means `*`, all streams.
    pub(crate) from: u8,
    /// Where it goes.
    pub(crate) to: RedirectionTarget,
}

/// The targets of redirection.
#[derive(Clone, Debug)]
pub(crate) enum RedirectionTarget {
    /// `> path` or `>> path`.
    File {
        /// The path.
        path: Expr,
        /// `>>`.
        append: bool,
    },
    /// `>&1`.
    Stream(u8),
}

/// A variable reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// With `$` or `@`.
    pub span: Span,
    /// Name without scope.
    pub name: Rc<str>,
    /// Scope or drive before the colon: `global`, `script`, `local`, `private`, `using`, `env`, `function` …
    pub(crate) scope: Option<Rc<str>>,
}

/// An expression with its place.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    /// The whole expression.
    pub span: Span,
    /// What it is.
    pub(crate) kind: ExprKind,
}

/// Every kind of expression.
#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// A number literal.
    Number(Number),
    /// A string without expansion; also a bare word in an argument.
    String(Rc<str>, StringKind),
    /// A string with parts to expand.
    Expandable(Vec<StringPart>, StringKind),
    /// `$name`.
    Variable(Variable),
    /// `[type]` as a value.
    Type(TypeName),
    /// `[type] expr`.
    Cast(TypeName, Box<Expr>),
    /// `[Attribute()] expr`: an attribute in front of a variable being assigned.
    Attributed(Box<Attribute>, Box<Expr>),
    /// `a, b`; also the unary comma, with one item.
    Array(Vec<Expr>),
    /// `@( )`.
    ArraySubexpression(Block),
    /// `$( )`.
    Subexpression(Block),
    /// `( )`.
    Paren(Box<Statement>),
    /// `@{ }`; keys are expressions, values statements.
    Hashtable(Vec<(Expr, Statement)>),
    /// `{ }`.
    ScriptBlock(Rc<ScriptBlock>),
    /// `-not`, `-`, `++` …
    Unary(UnaryOperator, Box<Expr>),
    /// `a -op b`.
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// `a ? b : c`.
    Ternary(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a.b`, `[t]::b`, `a?.b`.
    Member {
        /// Of what.
        target: Box<Expr>,
        /// The name: a constant, or an expression.
        name: Box<Expr>,
        /// `::`.
        is_static: bool,
        /// `?.`.
        null_conditional: bool,
    },
    /// `a.b(…)`.
    Call {
        /// Of what.
        target: Box<Expr>,
        /// The name.
        name: Box<Expr>,
        /// `.Method[type]()`.
        type_arguments: Vec<TypeName>,
        /// In order; a trailing script block as in `.Where{ }` included.
        arguments: Vec<Expr>,
        /// `::`.
        is_static: bool,
        /// `?.`.
        null_conditional: bool,
    },
    /// `a[b]`.
    Index {
        /// Of what.
        target: Box<Expr>,
        /// Which.
        index: Box<Expr>,
        /// `?[`.
        null_conditional: bool,
    },
    /// Where text could not be understood; an error stands beside the tree.
    Error,
}

/// A number as written, already valued.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Number {
    /// `int`, the narrowest that holds a plain literal.
    I32(i32),
    /// `long`, `10L`.
    I64(i64),
    /// `double`, `1.5`, `1e3`.
    F64(f64),
    /// `1.5d`; the digits, for a decimal type of the value storey.
    Decimal(Rc<str>),
    /// `10n` or too wide for anything else; decimal digits.
    BigInt(Rc<str>),
    /// `1y`.
    I8(i8),
    /// `1uy`.
    U8(u8),
    /// `1s`.
    I16(i16),
    /// `1us`.
    U16(u16),
    /// `1u`.
    U32(u32),
    /// `1ul`.
    U64(u64),
}

/// How a string was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StringKind {
    /// Without quotes.
    Bare,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `@'…'@`.
    SingleHere,
    /// `@"…"@`.
    DoubleHere,
}

/// Part of an expandable string.
#[derive(Clone, Debug)]
pub(crate) enum StringPart {
    /// As it is, escapes already resolved.
    Text(Rc<str>),
    /// `$name`, `${name}` or `$( )`.
    Expression(Expr),
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOperator {
    /// `-not`, `!`.
    Not,
    /// `-bnot`.
    BitNot,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
    /// `++x`.
    PreIncrement,
    /// `--x`.
    PreDecrement,
    /// `x++`.
    PostIncrement,
    /// `x--`.
    PostDecrement,
    /// `-split x`, case-insensitive; `-isplit` is the same.
    Split {
        /// `-csplit`.
        case_sensitive: bool,
    },
    /// `-join x`.
    Join,
}

/// Binary operators. `case_sensitive` tells the `c` forms from the plain and `i` forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
    /// `..`.
    Range,
    /// `-f`.
    Format,
    /// `-and`.
    And,
    /// `-or`.
    Or,
    /// `-xor`.
    Xor,
    /// `-band`.
    BitAnd,
    /// `-bor`.
    BitOr,
    /// `-bxor`.
    BitXor,
    /// `-shl`.
    ShiftLeft,
    /// `-shr`.
    ShiftRight,
    /// `??`.
    Coalesce,
    /// `-is`.
    Is,
    /// `-isnot`.
    IsNot,
    /// `-as`.
    As,
    /// `-join`.
    Join,
    /// A comparison or text operator that has `i` and `c` forms.
    Compare(Comparison, CaseSensitivity),
}

/// Which form of a comparison operator was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaseSensitivity {
    /// `-eq` or `-ieq`.
    Insensitive,
    /// `-ceq`.
    Sensitive,
}

/// Operators with case-sensitive forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// `-eq`.
    Equal,
    /// `-ne`.
    NotEqual,
    /// `-gt`.
    Greater,
    /// `-ge`.
    GreaterOrEqual,
    /// `-lt`.
    Less,
    /// `-le`.
    LessOrEqual,
    /// `-like`.
    Like,
    /// `-notlike`.
    NotLike,
    /// `-match`.
    Match,
    /// `-notmatch`.
    NotMatch,
    /// `-replace`.
    Replace,
    /// `-split`.
    Split,
    /// `-contains`.
    Contains,
    /// `-notcontains`.
    NotContains,
    /// `-in`.
    In,
    /// `-notin`.
    NotIn,
}
