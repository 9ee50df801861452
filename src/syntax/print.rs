//! Tree to text: one canonical way to write what was understood. Printing and parsing again gives the same tree,
//! which is how tests see that the parser loses nothing. Comments and layout are not kept.

use super::ast::*;
use std::fmt::Write;

/// A script as text.
pub fn print(script: &ScriptBlock) -> String {
    let mut printer = Printer::default();
    printer.script_block(script);
    printer.text
}

#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn separated<T>(&mut self, items: &[T], separator: &str, mut print: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.add(separator);
            }
            print(self, item);
        }
    }

    // Blocks and statements ---------------------------------------------------------------------------

    fn script_block(&mut self, block: &ScriptBlock) {
        for using in &block.using {
            self.using(using);
        }
        for attribute in &block.attributes {
            self.attribute(attribute);
        }
        if let Some(params) = &block.params {
            self.add("param");
            self.parameters(params);
            self.add("\n");
        }
        if block.unnamed {
            if let Some(end) = &block.end {
                self.statements(end);
            }
            return;
        }
        let named = [
            ("dynamicparam", &block.dynamic_param),
            ("begin", &block.begin),
            ("process", &block.process),
            ("end", &block.end),
            ("clean", &block.clean),
        ];
        for (name, body) in named {
            if let Some(body) = body {
                self.add(name);
                self.block(body);
                self.add("\n");
            }
        }
    }

    fn using(&mut self, using: &Using) {
        let kind = match using.kind {
            UsingKind::Namespace => "namespace",
            UsingKind::Module => "module",
            UsingKind::Assembly => "assembly",
        };
        let _infallible = write!(self.text, "using {kind} ");
        match &using.specification {
            Some(specification) => self.expression(specification),
            None if using.kind == UsingKind::Namespace => self.add(&using.name),
            None => self.add(&single_quoted(&using.name)),
        }
        self.add("\n");
    }

    fn block(&mut self, block: &Block) {
        self.add(" {\n");
        self.statements(block);
        self.add("}");
    }

    fn statements(&mut self, block: &Block) {
        for trap in &block.traps {
            self.add("trap ");
            if let Some(kind) = &trap.kind {
                self.bracketed_type(kind);
            }
            self.block(&trap.body);
            self.add("\n");
        }
        for statement in &block.statements {
            self.statement(statement);
            self.add("\n");
        }
    }

    fn condition(&mut self, keyword: &str, condition: &PipelineChain) {
        self.add(keyword);
        self.add(" (");
        self.chain(condition);
        self.add(")");
    }

    fn label(&mut self, label: &Option<std::rc::Rc<str>>) {
        if let Some(label) = label {
            let _infallible = write!(self.text, ":{label} ");
        }
    }

    fn keyword_and_chain(&mut self, keyword: &str, chain: &Option<PipelineChain>) {
        self.add(keyword);
        if let Some(chain) = chain {
            self.add(" ");
            self.chain(chain);
        }
    }

    fn keyword_and_label(&mut self, keyword: &str, label: &Option<Expr>) {
        self.add(keyword);
        if let Some(label) = label {
            self.add(" ");
            self.expression(label);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Pipeline(chain) => self.chain(chain),
            StatementKind::If { clauses, otherwise } => {
                for (at, (condition, body)) in clauses.iter().enumerate() {
                    self.condition(if at == 0 { "if" } else { " elseif" }, condition);
                    self.block(body);
                }
                if let Some(otherwise) = otherwise {
                    self.add(" else");
                    self.block(otherwise);
                }
            }
            StatementKind::While { label, condition, body } => {
                self.label(label);
                self.condition("while", condition);
                self.block(body);
            }
            StatementKind::Do { label, body, condition, until } => {
                self.label(label);
                self.add("do");
                self.block(body);
                self.condition(if *until { " until" } else { " while" }, condition);
            }
            StatementKind::For { label, initializer, condition, iterator, body } => {
                self.label(label);
                self.add("for (");
                initializer.iter().for_each(|part| self.statement(part));
                self.add("; ");
                condition.iter().for_each(|part| self.chain(part));
                self.add("; ");
                iterator.iter().for_each(|part| self.statement(part));
                self.add(")");
                self.block(body);
            }
            StatementKind::ForEach { label, variable, items, body, .. } => {
                self.label(label);
                self.add("foreach (");
                self.variable('$', variable);
                self.add(" in ");
                self.chain(items);
                self.add(")");
                self.block(body);
            }
            StatementKind::Switch { .. } => self.switch(&statement.kind),
            StatementKind::Function(function) => self.function(function),
            StatementKind::Class(class) => self.class(class),
            StatementKind::Enum(enumeration) => self.enumeration(enumeration),
            StatementKind::Try { body, catches, finally } => self.try_statement(body, catches, finally),
            StatementKind::Break(label) => self.keyword_and_label("break", label),
            StatementKind::Continue(label) => self.keyword_and_label("continue", label),
            StatementKind::Return(chain) => self.keyword_and_chain("return", chain),
            StatementKind::Throw(chain) => self.keyword_and_chain("throw", chain),
            StatementKind::Exit(chain) => self.keyword_and_chain("exit", chain),
            StatementKind::Broken(_) => {}
            StatementKind::Data { name, supported, body } => {
                self.add("data ");
                self.add(name.as_deref().unwrap_or(""));
                if !supported.is_empty() {
                    self.add(" -SupportedCommand ");
                    self.separated(supported, ", ", Self::expression);
                }
                self.block(body);
            }
        }
    }

    fn switch(&mut self, kind: &StatementKind) {
        let StatementKind::Switch { label, matching, case_sensitive, file, subject, clauses, default } = kind else {
            return;
        };
        self.label(label);
        self.add("switch");
        self.add(match matching {
            SwitchMatching::Exact => "",
            SwitchMatching::Wildcard => " -Wildcard",
            SwitchMatching::Regex => " -Regex",
        });
        self.add(if *case_sensitive { " -CaseSensitive" } else { "" });
        self.add(if *file { " -File " } else { " (" });
        self.chain(subject);
        self.add(if *file { " {\n" } else { ") {\n" });
        for (test, body) in clauses {
            self.expression(test);
            self.block(body);
            self.add("\n");
        }
        if let Some(default) = default {
            self.add("default");
            self.block(default);
            self.add("\n");
        }
        self.add("}");
    }

    fn try_statement(&mut self, body: &Block, catches: &[Catch], finally: &Option<Block>) {
        self.add("try");
        self.block(body);
        for catch in catches {
            self.add(" catch ");
            self.separated(&catch.types, ", ", Self::bracketed_type);
            self.block(&catch.body);
        }
        if let Some(finally) = finally {
            self.add(" finally");
            self.block(finally);
        }
    }

    // Definitions -------------------------------------------------------------------------------------

    fn body(&mut self, body: &ScriptBlock) {
        self.add(" {\n");
        self.script_block(body);
        self.add("}");
    }

    fn function(&mut self, function: &Function) {
        self.add(if function.filter { "filter " } else { "function " });
        self.add(&bare_word(&function.name));
        self.add(" ");
        if let Some(params) = &function.params {
            self.parameters(params);
        }
        self.body(&function.body);
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        self.add("(");
        self.separated(parameters, ", ", |printer, parameter| {
            for attribute in &parameter.attributes {
                match attribute {
                    ParameterAttribute::Type(name) => printer.bracketed_type(name),
                    ParameterAttribute::Attribute(attribute) => printer.attribute(attribute),
                }
            }
            printer.name('$', &parameter.name);
            if let Some(default) = &parameter.default {
                printer.add(" = ");
                printer.expression(default);
            }
        });
        self.add(")");
    }

    fn attribute(&mut self, attribute: &Attribute) {
        self.add("[");
        self.type_name(&attribute.name);
        self.add("(");
        self.separated(&attribute.positional, ", ", Self::expression);
        if !attribute.positional.is_empty() && !attribute.named.is_empty() {
            self.add(", ");
        }
        self.separated(&attribute.named, ", ", |printer, (name, value, _)| {
            printer.add(name);
            if let Some(value) = value {
                printer.add(" = ");
                printer.expression(value);
            }
        });
        self.add(")]");
    }

    fn class(&mut self, class: &Class) {
        class.attributes.iter().for_each(|attribute| self.attribute(attribute));
        let _infallible = write!(self.text, "class {}", class.name);
        if !class.bases.is_empty() {
            self.add(" : ");
            self.separated(&class.bases, ", ", Self::type_name);
        }
        self.add(" {\n");
        for property in &class.properties {
            property.attributes.iter().for_each(|attribute| self.attribute(attribute));
            self.qualifiers(property.is_static, property.is_hidden, &property.kind);
            let _infallible = write!(self.text, "${}", property.name);
            if let Some(default) = &property.default {
                self.add(" = ");
                self.expression(default);
            }
            self.add("\n");
        }
        for method in &class.methods {
            self.qualifiers(method.is_static, method.is_hidden, &method.kind);
            self.add(&method.name);
            self.parameters(&method.params);
            if let Some(arguments) = &method.base_call {
                self.add(" : base(");
                self.separated(arguments, ", ", Self::expression);
                self.add(")");
            }
            self.body(&method.body);
            self.add("\n");
        }
        self.add("}");
    }

    fn qualifiers(&mut self, is_static: bool, is_hidden: bool, kind: &Option<TypeName>) {
        self.add(if is_hidden { "hidden " } else { "" });
        self.add(if is_static { "static " } else { "" });
        if let Some(kind) = kind {
            self.bracketed_type(kind);
        }
    }

    fn enumeration(&mut self, enumeration: &Enum) {
        enumeration.attributes.iter().for_each(|attribute| self.attribute(attribute));
        let _infallible = write!(self.text, "enum {}", enumeration.name);
        if let Some(underlying) = &enumeration.underlying {
            self.add(" : ");
            self.type_name(underlying);
        }
        self.add(" {\n");
        for (name, value, _) in &enumeration.members {
            self.add(name);
            if let Some(value) = value {
                self.add(" = ");
                self.expression(value);
            }
            self.add("\n");
        }
        self.add("}");
    }

    fn bracketed_type(&mut self, name: &TypeName) {
        self.add("[");
        self.type_name(name);
        self.add("]");
    }

    fn type_name(&mut self, name: &TypeName) {
        self.add(&name.name);
        if !name.arguments.is_empty() {
            self.add("[");
            self.separated(&name.arguments, ", ", |printer, argument| {
                if argument.assembly.is_some() { printer.bracketed_type(argument) } else { printer.type_name(argument) }
            });
            self.add("]");
        }
        for rank in &name.ranks {
            let _infallible = write!(self.text, "[{}]", ",".repeat(usize::from(rank.saturating_sub(1))));
        }
        if let Some(assembly) = &name.assembly {
            let _infallible = write!(self.text, ", {assembly}");
        }
    }

    // Pipelines ---------------------------------------------------------------------------------------

    fn chain(&mut self, chain: &PipelineChain) {
        self.pipeline(&chain.first);
        for (operator, pipeline) in &chain.rest {
            self.add(match operator {
                ChainOperator::And => " && ",
                ChainOperator::Or => " || ",
            });
            self.pipeline(pipeline);
        }
        self.add(if chain.background { " &" } else { "" });
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        match &pipeline.kind {
            PipelineKind::Commands(commands) => self.separated(commands, " | ", Self::command),
            PipelineKind::Assignment { target, operator, value } => {
                self.expression(target);
                self.add(match operator {
                    AssignmentOperator::Set => " = ",
                    AssignmentOperator::Add => " += ",
                    AssignmentOperator::Subtract => " -= ",
                    AssignmentOperator::Multiply => " *= ",
                    AssignmentOperator::Divide => " /= ",
                    AssignmentOperator::Remainder => " %= ",
                    AssignmentOperator::Coalesce => " ??= ",
                });
                self.statement(value);
            }
        }
    }

    fn command(&mut self, command: &Command) {
        match &command.kind {
            CommandKind::Expression(expression) => self.expression(expression),
            CommandKind::Invocation { operator, name, arguments } => {
                self.add(match operator {
                    InvocationOperator::None => "",
                    InvocationOperator::Call => "& ",
                    InvocationOperator::Dot => ". ",
                });
                self.expression(name);
                for argument in arguments {
                    self.add(" ");
                    self.argument(argument);
                }
            }
        }
        for redirection in &command.redirections {
            self.redirection(redirection);
        }
    }

    fn argument(&mut self, argument: &Argument) {
        match &argument.kind {
            ArgumentKind::Value(Expr { kind: ExprKind::Array(items), .. }) => {
                self.separated(items, ",", Self::expression);
            }
            ArgumentKind::Value(value) => self.expression(value),
            ArgumentKind::Parameter { name, value } => {
                let _infallible = write!(self.text, "-{name}");
                if let Some(value) = value {
                    self.add(":");
                    self.expression(value);
                }
            }
            ArgumentKind::Splat(variable) => self.variable('@', variable),
            ArgumentKind::Verbatim(text) => {
                let _infallible = write!(self.text, "--% {text}");
            }
        }
    }

    fn redirection(&mut self, redirection: &Redirection) {
        self.add(" ");
        match redirection.from {
            0 => self.add("*"),
            from => {
                let _infallible = write!(self.text, "{from}");
            }
        }
        match &redirection.to {
            RedirectionTarget::File { path, append } => {
                self.add(if *append { ">> " } else { "> " });
                self.expression(path);
            }
            RedirectionTarget::Stream(stream) => {
                let _infallible = write!(self.text, ">&{stream}");
            }
        }
    }

    // Expressions -------------------------------------------------------------------------------------

    fn variable(&mut self, mark: char, variable: &Variable) {
        match &variable.scope {
            Some(scope) => self.name(mark, &format!("{scope}:{}", variable.name)),
            None => self.name(mark, &variable.name),
        }
    }

    fn name(&mut self, mark: char, name: &str) {
        let special = matches!(name, "$" | "?" | "^");
        let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'));
        self.text.push(mark);
        if special || (plain && !name.is_empty()) || mark == '@' {
            self.add(name);
        } else {
            let escaped = name.replace('`', "``").replace('{', "`{").replace('}', "`}");
            let _infallible = write!(self.text, "{{{escaped}}}");
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Number(number) => self.number(number),
            ExprKind::String(text, StringKind::Bare) => self.add(&bare_word(text)),
            ExprKind::String(text, _) => self.add(&single_quoted(text)),
            ExprKind::Expandable(parts, kind) => self.expandable(parts, *kind),
            ExprKind::Variable(variable) => self.variable('$', variable),
            ExprKind::Type(name) => self.bracketed_type(name),
            ExprKind::Cast(name, value) => {
                self.bracketed_type(name);
                self.expression(value);
            }
            ExprKind::Attributed(attribute, value) => {
                self.attribute(attribute);
                self.expression(value);
            }
            ExprKind::Array(items) if items.len() == 1 => {
                self.add(",");
                items.iter().for_each(|item| self.expression(item));
            }
            ExprKind::Array(items) => self.separated(items, ", ", Self::expression),
            ExprKind::ArraySubexpression(block) => self.bracketed_statements("@(", block),
            ExprKind::Subexpression(block) => self.bracketed_statements("$(", block),
            ExprKind::Paren(inner) => {
                self.add("(");
                self.statement(inner);
                self.add(")");
            }
            ExprKind::Hashtable(pairs) => self.hashtable(pairs),
            ExprKind::ScriptBlock(block) => {
                self.add("{");
                self.script_block(block);
                self.add("}");
            }
            ExprKind::Unary(operator, operand) => self.unary(*operator, operand),
            ExprKind::Binary(operator, left, right) => {
                self.expression(left);
                let _infallible = write!(self.text, " {} ", binary_text(*operator));
                self.expression(right);
            }
            ExprKind::Ternary(condition, yes, no) => {
                self.expression(condition);
                self.add(" ? ");
                self.expression(yes);
                self.add(" : ");
                self.expression(no);
            }
            ExprKind::Member { target, name, is_static, null_conditional } => {
                self.member(target, name, *is_static, *null_conditional);
            }
            ExprKind::Call { target, name, type_arguments, arguments, is_static, null_conditional } => {
                self.member(target, name, *is_static, *null_conditional);
                if !type_arguments.is_empty() {
                    self.add("[");
                    self.separated(type_arguments, ", ", Self::type_name);
                    self.add("]");
                }
                self.add("(");
                self.separated(arguments, ", ", Self::expression);
                self.add(")");
            }
            ExprKind::Index { target, index, null_conditional } => {
                self.expression(target);
                self.add(if *null_conditional { "?[" } else { "[" });
                self.expression(index);
                self.add("]");
            }
            ExprKind::Error => self.add("<#?#>"),
        }
    }

    fn bracketed_statements(&mut self, opening: &str, block: &Block) {
        self.add(opening);
        for (at, statement) in block.statements.iter().enumerate() {
            self.add(if at > 0 { "; " } else { "" });
            self.statement(statement);
        }
        self.add(")");
    }

    fn hashtable(&mut self, pairs: &[(Expr, Statement)]) {
        self.add("@{");
        for (key, value) in pairs {
            self.expression(key);
            self.add(" = ");
            self.statement(value);
            self.add("; ");
        }
        self.add("}");
    }

    fn member(&mut self, target: &Expr, name: &Expr, is_static: bool, null_conditional: bool) {
        match &target.kind {
            // A point after decimal digits would be read as a decimal point.
            ExprKind::Number(Number::I32(number)) => {
                let sign = if *number < 0 { "-" } else { "" };
                let _infallible = write!(self.text, "{sign}0x{:x}", number.unsigned_abs());
            }
            _ => self.expression(target),
        }
        self.add(match (is_static, null_conditional) {
            (true, _) => "::",
            (false, true) => "?.",
            (false, false) => ".",
        });
        self.expression(name);
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expr) {
        let (before, after) = match operator {
            UnaryOperator::Not => ("-not ", ""),
            UnaryOperator::BitNot => ("-bnot ", ""),
            UnaryOperator::Minus => ("- ", ""),
            UnaryOperator::Plus => ("+ ", ""),
            UnaryOperator::PreIncrement => ("++", ""),
            UnaryOperator::PreDecrement => ("--", ""),
            UnaryOperator::PostIncrement => ("", "++"),
            UnaryOperator::PostDecrement => ("", "--"),
            UnaryOperator::Split { case_sensitive: false } => ("-split ", ""),
            UnaryOperator::Split { case_sensitive: true } => ("-csplit ", ""),
            UnaryOperator::Join => ("-join ", ""),
        };
        self.add(before);
        self.expression(operand);
        self.add(after);
    }

    fn number(&mut self, number: &Number) {
        let text = match number {
            Number::I32(n) => n.to_string(),
            Number::I64(n) => format!("{n}l"),
            Number::F64(n) if n.is_infinite() => format!("{}1e999", if *n < 0.0 { "-" } else { "" }),
            Number::F64(n) => format!("{n:e}"),
            Number::Decimal(digits) => format!("{digits}d"),
            Number::BigInt(digits) => format!("{digits}n"),
            Number::I8(n) => format!("{n}y"),
            Number::U8(n) => format!("{n}uy"),
            Number::I16(n) => format!("{n}s"),
            Number::U16(n) => format!("{n}us"),
            Number::U32(n) => format!("{n}u"),
            Number::U64(n) => format!("{n}ul"),
        };
        self.add(&text);
    }

    /// Bare words keep going without quotes around them; everything else is printed with double quotes.
    fn expandable(&mut self, parts: &[StringPart], kind: StringKind) {
        let quote = if kind == StringKind::Bare { "" } else { "\"" };
        self.add(quote);
        for part in parts {
            match part {
                StringPart::Text(text) if kind == StringKind::Bare => self.add(&escaped(text, BARE_SPECIAL)),
                StringPart::Text(text) => self.add(&escaped(text, "\"$`")),
                StringPart::Expression(Expr { kind: ExprKind::Variable(variable), .. }) => {
                    let scope = variable.scope.as_ref().map_or(String::new(), |scope| format!("{scope}:"));
                    let name = format!("{scope}{}", variable.name).replace('`', "``");
                    let name = name.replace('{', "`{").replace('}', "`}");
                    let _infallible = write!(self.text, "${{{name}}}");
                }
                StringPart::Expression(expression) => self.subexpression_in_string(expression),
            }
        }
        self.add(quote);
    }

    /// Inside a string quotes are doubled again.
    fn subexpression_in_string(&mut self, expression: &Expr) {
        let mut inner = Printer::default();
        inner.expression(expression);
        self.add(&inner.text.replace('`', "``").replace('"', "`\""));
    }
}

/// Characters that end or change a bare word.
const BARE_SPECIAL: &str = " \t\r\n`$'\"&(),;{|}<>@#";

fn escaped(text: &str, special: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' if special.contains('\n') => result.push_str("`n"),
            '\r' if special.contains('\r') => result.push_str("`r"),
            c if special.contains(c) => result.extend(['`', c]),
            c => result.push(c),
        }
    }
    result
}

fn bare_word(text: &str) -> String {
    if text.is_empty() { "''".to_owned() } else { escaped(text, BARE_SPECIAL) }
}

fn single_quoted(text: &str) -> String {
    let mut result = String::from("'");
    for c in text.chars() {
        result.push(c);
        if super::lexer::is_single_quote(c) {
            result.push(c);
        }
    }
    result.push('\'');
    result
}

fn binary_text(operator: BinaryOperator) -> String {
    use BinaryOperator::*;
    let plain = match operator {
        Add => "+",
        Subtract => "-",
        Multiply => "*",
        Divide => "/",
        Remainder => "%",
        Range => "..",
        Format => "-f",
        And => "-and",
        Or => "-or",
        Xor => "-xor",
        BitAnd => "-band",
        BitOr => "-bor",
        BitXor => "-bxor",
        ShiftLeft => "-shl",
        ShiftRight => "-shr",
        Coalesce => "??",
        Is => "-is",
        IsNot => "-isnot",
        As => "-as",
        Join => "-join",
        Compare(comparison, sensitivity) => {
            let case = if sensitivity == CaseSensitivity::Sensitive { "c" } else { "" };
            return format!("-{case}{}", comparison_text(comparison));
        }
    };
    plain.to_owned()
}

fn comparison_text(comparison: Comparison) -> &'static str {
    use Comparison::*;
    match comparison {
        Equal => "eq",
        NotEqual => "ne",
        Greater => "gt",
        GreaterOrEqual => "ge",
        Less => "lt",
        LessOrEqual => "le",
        Like => "like",
        NotLike => "notlike",
        Match => "match",
        NotMatch => "notmatch",
        Replace => "replace",
        Split => "split",
        Contains => "contains",
        NotContains => "notcontains",
        In => "in",
        NotIn => "notin",
    }
}
