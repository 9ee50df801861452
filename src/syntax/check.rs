//! What is wrong with text that reads well: variables that a method does not have, and what a `data` section may not
//! hold.

use super::ast::*;
use super::span::Span;
use super::walk::{self, Visitor};

/// An error's id, its place, and the word its text speaks of.
pub(super) type Finding = (&'static str, Span, String);

/// Variables that a method reads though nothing in it assigns them.
pub(super) fn foreign_variables(method: &ClassMethod) -> Vec<Finding> {
    let Some(body) = &method.body.end else { return Vec::new() };
    let mut seen = MethodBody::default();
    for parameter in &method.params {
        seen.assigned.push(parameter.name.to_ascii_lowercase());
    }
    walk::block(body, &mut seen);
    let MethodBody { assigned, read } = seen;
    let foreign = read.into_iter().filter(|(name, _)| !assigned.contains(name) && !KNOWN.contains(&name.as_str()));
    foreign.map(|(name, span)| ("VariableNotLocal", span, name)).collect()
}

/// Variables that every method sees.
const KNOWN: &[&str] = &[
    "$",
    "?",
    "^",
    "_",
    "args",
    "confirmpreference",
    "consolefilename",
    "debugpreference",
    "enabledexperimentalfeatures",
    "error",
    "erroractionpreference",
    "errorview",
    "event",
    "executioncontext",
    "false",
    "foreach",
    "formatenumerationlimit",
    "home",
    "host",
    "informationpreference",
    "input",
    "iscoreclr",
    "islinux",
    "ismacos",
    "iswindows",
    "lastexitcode",
    "matches",
    "myinvocation",
    "nestedpromptlevel",
    "null",
    "ofs",
    "outputencoding",
    "pid",
    "profile",
    "progresspreference",
    "psboundparameters",
    "pscmdlet",
    "pscommandpath",
    "psculture",
    "psdefaultparametervalues",
    "psedition",
    "psemailserver",
    "pshome",
    "psitem",
    "psscriptroot",
    "pssessionapplicationname",
    "psstyle",
    "psuiculture",
    "psversiontable",
    "pwd",
    "sender",
    "shellid",
    "stacktrace",
    "switch",
    "this",
    "true",
    "verbosepreference",
    "warningpreference",
    "whatifpreference",
];

/// What a method's body assigns and reads.
#[derive(Default)]
struct MethodBody {
    assigned: Vec<String>,
    read: Vec<(String, Span)>,
}

impl Visitor for MethodBody {
    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::ForEach { variable, .. } => self.assigned.push(variable.name.to_ascii_lowercase()),
            StatementKind::Data { name: Some(name), .. } => self.assigned.push(name.to_ascii_lowercase()),
            _ => {}
        }
    }

    fn command(&mut self, command: &Command) {
        // What -OutVariable and the like name is there afterwards, and nobody can tell names that are computed.
        let CommandKind::Invocation { arguments, .. } = &command.kind else { return };
        for argument in arguments {
            if let ArgumentKind::Value(Expr { kind: ExprKind::String(name, _), .. }) = &argument.kind {
                self.assigned.push(name.trim_start_matches('+').to_ascii_lowercase());
            }
        }
    }

    fn assignment(&mut self, _: &Pipeline, target: &Expr) {
        self.assign(target);
    }

    fn expression(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Variable(variable) if variable.scope.is_none() => {
                self.read.push((variable.name.to_ascii_lowercase(), expression.span));
            }
            ExprKind::Unary(
                UnaryOperator::PreIncrement
                | UnaryOperator::PreDecrement
                | UnaryOperator::PostIncrement
                | UnaryOperator::PostDecrement,
                inner,
            ) => self.assign(inner),
            _ => {}
        }
    }
}

impl MethodBody {
    fn assign(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Variable(variable) => self.assigned.push(variable.name.to_ascii_lowercase()),
            ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => self.assign(inner),
            ExprKind::Array(items) => items.iter().for_each(|item| self.assign(item)),
            ExprKind::Paren(inner) => {
                if let StatementKind::Pipeline(chain) = &inner.kind
                    && let PipelineKind::Commands(commands) = &chain.first.kind
                    && let [Command { kind: CommandKind::Expression(inner), .. }] = commands.as_slice()
                {
                    self.assign(inner);
                }
            }
            _ => {}
        }
    }
}

/// The errors of a `data` section that may use these commands beside `ConvertFrom-StringData`.
pub(super) fn data(body: &Block, supported: &[Expr]) -> Vec<Finding> {
    let mut allowed = vec!["ConvertFrom-StringData".to_owned()];
    for command in supported {
        match &command.kind {
            ExprKind::String(name, _) => allowed.push(name.to_string()),
            // What is computed is known only when the section runs.
            _ => return Vec::new(),
        }
    }
    let mut section = DataSection { allowed, found: Vec::new() };
    walk::block(body, &mut section);
    section.found
}

struct DataSection {
    allowed: Vec<String>,
    found: Vec<Finding>,
}

impl DataSection {
    fn refuse(&mut self, id: &'static str, span: Span, detail: &str) {
        self.found.push((id, span, detail.to_owned()));
    }
}

/// What a statement may not be in a `data` section.
fn refused_statement(kind: &StatementKind) -> Option<&'static str> {
    Some(match kind {
        StatementKind::Pipeline(_) | StatementKind::If { .. } | StatementKind::Broken(_) => return None,
        StatementKind::While { .. } | StatementKind::For { .. } => "ForWhileStatementNotSupportedInDataSection",
        StatementKind::Do { .. } => "DoWhileStatementNotSupportedInDataSection",
        StatementKind::ForEach { .. } => "ForeachStatementNotSupportedInDataSection",
        StatementKind::Switch { .. } => "SwitchStatementNotSupportedInDataSection",
        StatementKind::Function(_) | StatementKind::Class(_) | StatementKind::Enum(_) => {
            "FunctionDeclarationNotSupportedInDataSection"
        }
        StatementKind::Try { .. } => "TryStatementNotSupportedInDataSection",
        StatementKind::Break(_)
        | StatementKind::Continue(_)
        | StatementKind::Return(_)
        | StatementKind::Throw(_)
        | StatementKind::Exit(_) => "FlowControlStatementNotSupportedInDataSection",
        StatementKind::Data { .. } => "DataSectionStatementNotSupportedInDataSection",
    })
}

fn refused_operator(operator: BinaryOperator) -> bool {
    match operator {
        BinaryOperator::Range | BinaryOperator::Format | BinaryOperator::Join => true,
        BinaryOperator::Compare(comparison, _) => matches!(comparison, Comparison::Replace | Comparison::Split),
        _ => false,
    }
}

impl Visitor for DataSection {
    fn statement(&mut self, statement: &Statement) {
        if let Some(id) = refused_statement(&statement.kind) {
            self.refuse(id, statement.span, "");
        }
    }

    fn trap(&mut self, trap: &Trap) {
        self.refuse("TrapStatementNotSupportedInDataSection", trap.span, "");
    }

    fn assignment(&mut self, pipeline: &Pipeline, _: &Expr) {
        self.refuse("AssignmentStatementNotSupportedInDataSection", pipeline.span, "");
    }

    fn command(&mut self, command: &Command) {
        if !command.redirections.is_empty() {
            self.refuse("RedirectionNotSupportedInDataSection", command.span, "");
        }
        let CommandKind::Invocation { operator, name, .. } = &command.kind else { return };
        match (operator, &name.kind) {
            (InvocationOperator::Dot, _) => self.refuse("DotSourcingNotSupportedInDataSection", command.span, ""),
            (_, ExprKind::String(text, _)) => {
                if !self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(text)) {
                    self.refuse("CmdletNotInAllowedListForDataSection", command.span, text);
                }
            }
            _ => self.refuse("OperatorNotSupportedInDataSection", command.span, "&"),
        }
    }

    fn expression(&mut self, expression: &Expr) {
        const VARIABLES: [&str; 5] = ["PSCulture", "PSUICulture", "true", "false", "null"];
        let span = expression.span;
        match &expression.kind {
            ExprKind::Variable(variable) => {
                let known = VARIABLES.iter().any(|name| name.eq_ignore_ascii_case(&variable.name));
                if !known || variable.scope.is_some() {
                    self.refuse("VariableReferenceNotSupportedInDataSection", span, &variable.name);
                }
            }
            ExprKind::Call { .. } => self.refuse("MethodCallNotSupportedInDataSection", span, ""),
            ExprKind::Member { .. } => self.refuse("PropertyReferenceNotSupportedInDataSection", span, ""),
            ExprKind::Index { .. } => self.refuse("ArrayReferenceNotSupportedInDataSection", span, ""),
            ExprKind::ScriptBlock(_) => self.refuse("ScriptBlockNotSupportedInDataSection", span, ""),
            ExprKind::Attributed(..) => self.refuse("AttributeNotSupportedInDataSection", span, ""),
            ExprKind::Binary(operator, ..) if refused_operator(*operator) => {
                self.refuse("OperatorNotSupportedInDataSection", span, "");
            }
            ExprKind::Unary(
                UnaryOperator::Not | UnaryOperator::BitNot | UnaryOperator::Minus | UnaryOperator::Plus,
                _,
            ) => {}
            ExprKind::Unary(..) => self.refuse("OperatorNotSupportedInDataSection", span, ""),
            _ => {}
        }
    }
}
