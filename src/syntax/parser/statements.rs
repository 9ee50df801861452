//! Statements and the blocks that hold them.

use super::Parser;
use crate::syntax::ast::{
    Block, Catch, Command, CommandKind, Expr, ExprKind, ParameterAttribute, Pipeline, PipelineChain, PipelineKind,
    Statement, StatementKind, StringKind, SwitchMatching, Trap, TypeName, Variable,
};
use crate::syntax::lexer::is_identifier;
use crate::syntax::token::TokenKind;
use std::rc::Rc;

/// A label that stood before a loop or `switch`.
type Label = Option<Rc<str>>;

/// What a switch was told between its keyword and its subject.
struct SwitchFlags {
    matching: SwitchMatching,
    case_sensitive: bool,
    file: Option<Expr>,
    is_file: bool,
}

impl Parser<'_> {
    /// A whole text as statements, closing brackets without an opening reported.
    pub(super) fn statements_to_end(&mut self) -> (Vec<Statement>, Vec<Trap>) {
        let mut block = Block::default();
        loop {
            self.statements_into(&mut block);
            if self.lexer.at_end() {
                return (block.statements, block.traps);
            }
            self.unexpected_token();
            let start = self.lexer.position;
            self.lexer.advance(1);
            self.lexer.mark(TokenKind::GroupEnd, start);
        }
    }

    /// Statements up to a closing bracket or the end.
    pub(super) fn statements(&mut self) -> Block {
        let mut block = Block::default();
        self.statements_into(&mut block);
        block
    }

    pub(super) fn statements_into(&mut self, block: &mut Block) {
        loop {
            self.lexer.skip_separators();
            if self.lexer.at_end() || matches!(self.lexer.peek(), b')' | b'}') {
                return;
            }
            let start = self.lexer.position;
            if self.lexer.peek_word().eq_ignore_ascii_case("trap") {
                block.traps.extend(self.trap());
            } else if let Some(statement) = self.statement() {
                block.statements.push(statement);
            }
            if self.lexer.position == start {
                self.skip_unexpected();
            }
        }
    }

    /// Reports and skips what can begin no statement.
    fn skip_unexpected(&mut self) {
        let token = self.token_text();
        self.unexpected_token();
        self.lexer.advance(token.len().max(1));
        while !self.lexer.at_end() && !self.lexer.text().is_char_boundary(self.lexer.position) {
            self.lexer.position += 1;
        }
    }

    /// `{ … }`. `None` where no brace comes next (after line ends), which the caller reports.
    pub(super) fn block(&mut self) -> Option<Block> {
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        if self.lexer.peek() != b'{' {
            self.rewind(place);
            return None;
        }
        self.nested(|parser| {
            let start = parser.lexer.position;
            parser.open("{");
            let mut block = parser.with_commas(false, Self::statements);
            parser.close(b'}', "MissingEndCurlyBrace");
            block.span = parser.lexer.span_from(start);
            Some(block)
        })
    }

    /// A block that must be there.
    fn required_block(&mut self, missing: &'static str, keyword: &str) -> Block {
        self.block().unwrap_or_else(|| {
            if !self.abandoned {
                self.missing(missing, keyword);
            }
            Block { span: self.lexer.span_from(self.lexer.position), ..Block::default() }
        })
    }

    /// One statement. `None` where none starts here.
    pub(super) fn statement(&mut self) -> Option<Statement> {
        self.lexer.skip_space();
        let start = self.lexer.position;
        let kind = match self.lexer.peek() {
            b':' => self.labelled()?,
            b'[' if self.attributes_before(&["class", "enum"]) => self.attributed_definition(),
            byte if byte.is_ascii_alphabetic() => match self.keyword_statement()? {
                Some(kind) => kind,
                None => return self.pipeline_statement(),
            },
            _ => return self.pipeline_statement(),
        };
        Some(Statement { span: self.lexer.span_from(start), kind })
    }

    /// A statement that begins with a word of the language; the inner `None` where the word is none.
    /// The outer `None` means that nothing could be made of it.
    fn keyword_statement(&mut self) -> Option<Option<StatementKind>> {
        let word = self.lexer.peek_word();
        let Some(keyword) = statement_keyword(word) else { return Some(None) };
        let start = self.lexer.position;
        self.lexer.advance(word.len());
        self.lexer.mark(TokenKind::Keyword, start);
        self.nested(|parser| Some(parser.after_keyword(keyword, start))).map(Some)
    }

    fn after_keyword(&mut self, keyword: &'static str, start: usize) -> StatementKind {
        match keyword {
            "if" => self.if_statement(),
            "while" | "for" | "foreach" | "do" | "switch" => self.loop_statement(keyword, None),
            "function" | "filter" => self.function(start, keyword),
            "try" => self.try_statement(),
            "return" => {
                self.check_leaving(start, keyword, true);
                StatementKind::Return(self.pipeline_chain())
            }
            "throw" => StatementKind::Throw(self.pipeline_chain()),
            "exit" => StatementKind::Exit(self.pipeline_chain()),
            "break" | "continue" => {
                self.check_leaving(start, keyword, false);
                let label = self.jump_label();
                if keyword == "break" { StatementKind::Break(label) } else { StatementKind::Continue(label) }
            }
            "class" => self.class(start, Vec::new()),
            "enum" => self.enumeration(start, Vec::new()),
            "data" => self.data(),
            "using" => self.misplaced_using(start),
            _ => self.reserved(start, keyword),
        }
    }

    fn reserved(&mut self, start: usize, keyword: &str) -> StatementKind {
        self.error("ReservedKeywordNotAllowed", self.lexer.span_from(start), keyword);
        StatementKind::Break(None)
    }

    fn labelled(&mut self) -> Option<StatementKind> {
        let start = self.lexer.position;
        if !self.lexer.char_at(start + 1).is_some_and(|c| is_identifier(c) && !c.is_ascii_digit()) {
            return self.pipeline_chain().map(StatementKind::Pipeline);
        }
        self.lexer.advance(1);
        let name = self.lexer.peek_identifier();
        self.lexer.advance(name.len());
        self.lexer.mark(TokenKind::LoopLabel, start);
        self.lexer.skip_newlines();
        let keyword_start = self.lexer.position;
        match statement_keyword(self.lexer.peek_word()) {
            Some(keyword @ ("while" | "for" | "foreach" | "do" | "switch")) => {
                self.lexer.advance(keyword.len());
                self.lexer.mark(TokenKind::Keyword, keyword_start);
                self.nested(|parser| Some(parser.loop_statement(keyword, Some(name.into()))))
            }
            _ => {
                // No loop follows: what looked like a label is the name of a command.
                self.lexer.position = start;
                self.pipeline_chain().map(StatementKind::Pipeline)
            }
        }
    }

    /// Reports a jump that would leave a `finally` block; a loop inside the block may be left.
    fn check_leaving(&mut self, start: usize, keyword: &str, whole_function: bool) {
        if self.finally.is_some_and(|loops| whole_function || loops == 0) {
            self.error("ControlLeavingFinally", self.lexer.span_from(start), keyword);
        }
    }

    fn loop_statement(&mut self, keyword: &'static str, label: Label) -> StatementKind {
        let outer = self.finally;
        self.finally = outer.map(|loops| loops + 1);
        let statement = self.loop_by_keyword(keyword, label);
        self.finally = outer;
        statement
    }

    fn loop_by_keyword(&mut self, keyword: &'static str, label: Label) -> StatementKind {
        match keyword {
            "while" => self.while_statement(label),
            "for" => self.for_statement(label),
            "foreach" => self.foreach_statement(label),
            "do" => self.do_statement(label),
            _ => self.switch_statement(label),
        }
    }

    /// `( pipeline )` after a keyword.
    fn condition(&mut self, keyword: &str, ids: [&'static str; 3]) -> Option<PipelineChain> {
        self.lexer.skip_newlines();
        if !self.open("(") {
            self.missing(ids[0], keyword);
            return None;
        }
        self.lexer.skip_newlines();
        let condition = self.with_commas(false, Self::pipeline_chain);
        if condition.is_none() && !self.abandoned {
            self.missing(ids[1], keyword);
        }
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if self.lexer.eat(b')') {
            self.lexer.mark(TokenKind::GroupEnd, start);
        } else if condition.is_some() {
            self.missing(ids[2], keyword);
        }
        condition
    }

    fn if_statement(&mut self) -> StatementKind {
        const IDS: [&str; 3] = [
            "MissingOpenParenthesisInIfStatement",
            "IfStatementMissingCondition",
            "MissingEndParenthesisAfterStatement",
        ];
        let mut clauses = Vec::new();
        let mut keyword = "if";
        while let Some(condition) = self.condition(keyword, IDS) {
            clauses.push((condition, self.required_block("MissingStatementBlock", keyword)));
            if !self.eat_keyword_on_later_line("elseif") {
                break;
            }
            keyword = "elseif";
        }
        let otherwise = self
            .eat_keyword_on_later_line("else")
            .then(|| self.required_block("MissingStatementBlockAfterElse", "else"));
        StatementKind::If { clauses, otherwise }
    }

    /// Takes a keyword that may stand after line ends; where it does not, nothing has moved.
    fn eat_keyword_on_later_line(&mut self, keyword: &str) -> bool {
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let found = self.lexer.eat_keyword(keyword);
        if !found {
            self.rewind(place);
        }
        found
    }

    fn loop_condition(&mut self, keyword: &str) -> PipelineChain {
        const IDS: [&str; 3] = [
            "MissingOpenParenthesisAfterKeyword",
            "MissingExpressionAfterKeyword",
            "MissingEndParenthesisAfterStatement",
        ];
        self.condition(keyword, IDS).unwrap_or_else(|| self.empty_chain())
    }

    fn empty_chain(&self) -> PipelineChain {
        let span = self.lexer.span_from(self.lexer.position);
        let first = Pipeline { span, kind: PipelineKind::Commands(Vec::new()) };
        PipelineChain { span, first, rest: Vec::new(), background: false }
    }

    fn while_statement(&mut self, label: Label) -> StatementKind {
        let condition = self.loop_condition("while");
        let body = self.required_block("MissingLoopStatement", "while");
        StatementKind::While { label, condition, body }
    }

    fn do_statement(&mut self, label: Label) -> StatementKind {
        let body = self.required_block("MissingLoopStatement", "do");
        let until = self.eat_keyword_on_later_line("until");
        if !until && !self.eat_keyword_on_later_line("while") {
            self.missing("MissingWhileOrUntilInDoWhile", "");
            return StatementKind::Do { label, body, condition: self.empty_chain(), until };
        }
        let condition = self.loop_condition(if until { "until" } else { "while" });
        StatementKind::Do { label, body, condition, until }
    }

    fn for_statement(&mut self, label: Label) -> StatementKind {
        self.lexer.skip_newlines();
        if !self.open("(") {
            self.missing("MissingOpenParenthesisAfterKeyword", "for");
        }
        let (initializer, condition, iterator) = self.with_commas(false, |parser| {
            let initializer = parser.for_part(Self::pipeline_statement).map(Box::new);
            let condition = parser.for_part(Self::pipeline_chain);
            let iterator = parser.for_part(Self::pipeline_statement).map(Box::new);
            (initializer, condition, iterator)
        });
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if self.lexer.eat(b')') {
            self.lexer.mark(TokenKind::GroupEnd, start);
        } else {
            self.missing("MissingEndParenthesisAfterStatement", "for");
        }
        let body = self.required_block("MissingLoopStatement", "for");
        StatementKind::For { label, initializer, condition, iterator, body }
    }

    /// One of the three parts of `for`, with the semicolon or line end after it.
    fn for_part<T>(&mut self, parse: fn(&mut Self) -> Option<T>) -> Option<T> {
        self.lexer.skip_newlines();
        let found = match self.lexer.peek() {
            b';' | b')' => None,
            _ => parse(self),
        };
        self.lexer.skip_space();
        if self.lexer.peek() == b';' {
            let start = self.lexer.position;
            self.lexer.advance(1);
            self.lexer.mark(TokenKind::StatementSeparator, start);
        }
        found
    }

    fn foreach_statement(&mut self, label: Label) -> StatementKind {
        let flags = self.foreach_flags();
        self.lexer.skip_newlines();
        if !self.open("(") {
            self.missing("MissingOpenParenthesisAfterKeyword", "foreach");
        }
        self.lexer.skip_newlines();
        let variable = match self.lexer.peek() {
            b'$' => self.variable(),
            _ => None,
        };
        let variable = variable.unwrap_or_else(|| {
            self.missing("MissingVariableNameAfterForeach", "");
            Variable { span: self.lexer.span_from(self.lexer.position), name: "".into(), scope: None }
        });
        self.lexer.skip_newlines();
        if !self.lexer.eat_keyword("in") {
            self.missing("MissingInInForeach", "");
        }
        self.lexer.skip_newlines();
        let items = self.with_commas(false, Self::pipeline_chain).unwrap_or_else(|| {
            self.missing("MissingForeachExpression", "");
            self.empty_chain()
        });
        self.close(b')', "MissingEndParenthesisAfterForeach");
        let body = self.required_block("MissingForeachStatement", "foreach");
        StatementKind::ForEach { label, variable, items, flags, body }
    }

    fn foreach_flags(&mut self) -> Vec<Rc<str>> {
        let mut flags = Vec::new();
        loop {
            self.lexer.skip_space();
            let word = self.lexer.peek_dash_word();
            if self.lexer.dash_length() == 0 || word.is_empty() {
                return flags;
            }
            flags.push(word.into());
            let start = self.lexer.position;
            self.lexer.advance(self.lexer.dash_length() + word.len());
            let known = ["parallel", "throttlelimit"].iter().any(|name| name.starts_with(&word.to_ascii_lowercase()));
            let id = if known { "KeywordParameterReservedForFutureUse" } else { "InvalidForeachFlag" };
            self.error(id, self.lexer.span_from(start), word);
        }
    }

    // switch ------------------------------------------------------------------------------------------

    fn switch_statement(&mut self, label: Label) -> StatementKind {
        let mut flags = self.switch_flags();
        let subject = match flags.file.take() {
            Some(path) => self.expression_chain(path),
            None if flags.is_file => self.empty_chain(),
            None => {
                const IDS: [&str; 3] =
                    ["PipelineValueRequired", "PipelineValueRequired", "MissingEndParenthesisInSwitchStatement"];
                self.condition("switch", IDS).unwrap_or_else(|| self.empty_chain())
            }
        };
        let mut clauses = Vec::new();
        let mut default = None;
        self.lexer.skip_newlines();
        if self.open("{") {
            self.with_commas(false, |parser| parser.switch_clauses(&mut clauses, &mut default));
            self.close(b'}', "MissingEndCurlyBrace");
        } else {
            self.missing("MissingCurlyBraceInSwitchStatement", "");
        }
        let SwitchFlags { matching, case_sensitive, is_file, .. } = flags;
        StatementKind::Switch { label, matching, case_sensitive, file: is_file, subject, clauses, default }
    }

    fn switch_flags(&mut self) -> SwitchFlags {
        let mut flags =
            SwitchFlags { matching: SwitchMatching::Exact, case_sensitive: false, file: None, is_file: false };
        loop {
            self.lexer.skip_space();
            let word = self.lexer.peek_dash_word();
            if self.lexer.dash_length() == 0 || word.is_empty() {
                return flags;
            }
            let start = self.lexer.position;
            self.lexer.advance(self.lexer.dash_length() + word.len());
            self.lexer.mark(TokenKind::CommandParameter, start);
            let lower = word.to_ascii_lowercase();
            let names = |full: &str| full.starts_with(&lower);
            if names("regex") {
                flags.matching = SwitchMatching::Regex;
            } else if names("wildcard") {
                flags.matching = SwitchMatching::Wildcard;
            } else if names("exact") {
                flags.matching = SwitchMatching::Exact;
            } else if names("casesensitive") {
                flags.case_sensitive = true;
            } else if names("file") {
                flags.is_file = true;
                self.lexer.skip_space();
                flags.file = self.single_argument();
                if flags.file.is_none() {
                    self.missing("MissingFilenameOption", "");
                }
            } else {
                let text = self.lexer.slice_from(start);
                self.error("InvalidSwitchFlag", self.lexer.span_from(start), text);
            }
        }
    }

    /// A single expression as a pipeline chain.
    fn expression_chain(&mut self, expression: Expr) -> PipelineChain {
        let span = expression.span;
        let command = Command { span, kind: CommandKind::Expression(expression), redirections: Vec::new() };
        let first = Pipeline { span, kind: PipelineKind::Commands(vec![command]) };
        PipelineChain { span, first, rest: Vec::new(), background: false }
    }

    fn switch_clauses(&mut self, clauses: &mut Vec<(Expr, Block)>, default: &mut Option<Block>) {
        loop {
            self.lexer.skip_separators();
            let start = self.lexer.position;
            let Some(test) = self.single_argument() else { break };
            let is_default =
                matches!(&test.kind, ExprKind::String(text, StringKind::Bare) if text.eq_ignore_ascii_case("default"));
            let body = self.required_block("MissingSwitchStatementClause", "");
            if is_default {
                if default.is_some() {
                    self.error("MultipleSwitchDefaultClauses", test.span, "");
                }
                *default = Some(body);
            } else {
                clauses.push((test, body));
            }
            if self.lexer.position == start || self.lexer.at_end() {
                break;
            }
        }
        if clauses.is_empty() && default.is_none() {
            self.missing("MissingSwitchConditionExpression", "");
        }
    }

    // try, trap, data, jumps --------------------------------------------------------------------------

    fn try_statement(&mut self) -> StatementKind {
        let Some(body) = self.block() else {
            self.missing("MissingTryStatementBlock", "");
            return StatementKind::Try { body: Block::default(), catches: Vec::new(), finally: None };
        };
        let mut catches: Vec<Catch> = Vec::new();
        loop {
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            let start = self.lexer.position;
            if !self.lexer.eat_keyword("catch") {
                self.rewind(place);
                break;
            }
            if catches.last().is_some_and(|last| last.types.is_empty()) {
                self.error("EmptyCatchNotLast", self.lexer.span_from(start), "");
            }
            catches.push(self.catch_clause(start));
        }
        let finally = self.eat_keyword_on_later_line("finally").then(|| {
            let outer = self.finally.replace(0);
            let block = self.required_block("MissingFinallyStatementBlock", "");
            self.finally = outer;
            block
        });
        self.report_double_catches(&catches);
        let closed = self.lexer.errors.iter().all(|error| !error.incomplete);
        if catches.is_empty() && finally.is_none() && closed && !self.abandoned {
            self.missing("MissingCatchOrFinally", "");
        }
        StatementKind::Try { body, catches, finally }
    }

    fn report_double_catches(&mut self, catches: &[Catch]) {
        let mut seen: Vec<&TypeName> = Vec::new();
        for name in catches.iter().flat_map(|one| &one.types) {
            if seen.iter().any(|other| other.name.eq_ignore_ascii_case(&name.name) && other.arguments == name.arguments)
            {
                self.error("ExceptionTypeAlreadyCaught", name.span, &name.name);
            }
            seen.push(name);
        }
    }

    fn catch_clause(&mut self, start: usize) -> Catch {
        let mut types = Vec::new();
        self.lexer.skip_newlines();
        while self.lexer.peek() == b'[' {
            if let Some(ParameterAttribute::Type(name)) = self.bracketed() {
                types.push(name);
            }
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                break;
            }
            self.lexer.skip_newlines();
            if self.lexer.peek() != b'[' {
                self.missing("MissingTypeLiteralToken", "");
            }
        }
        let body = self.required_block("MissingCatchHandlerBlock", "");
        Catch { span: self.lexer.span_from(start), types, body }
    }

    fn trap(&mut self) -> Option<Trap> {
        let start = self.lexer.position;
        self.lexer.eat_keyword("trap");
        self.lexer.skip_newlines();
        let kind = match self.bracketed() {
            Some(ParameterAttribute::Type(name)) => Some(name),
            _ => None,
        };
        let body = self.required_block("MissingTrapStatement", "");
        Some(Trap { span: self.lexer.span_from(start), kind, body })
    }

    fn data(&mut self) -> StatementKind {
        self.lexer.skip_newlines();
        let word = self.lexer.peek_identifier();
        let name = (!word.is_empty()).then(|| Rc::from(word));
        self.lexer.advance(word.len());
        let mut supported = Vec::new();
        self.lexer.skip_newlines();
        let flag = self.lexer.peek_dash_word();
        if self.lexer.at_dash() && !flag.is_empty() && "supportedcommand".starts_with(&flag.to_ascii_lowercase()) {
            self.lexer.advance(self.lexer.dash_length() + flag.len());
            self.lexer.skip_space();
            supported.extend(self.argument_list());
        }
        let body = self.required_block("MissingStatementBlockForDataSection", "");
        StatementKind::Data { name, supported, body }
    }

    /// The label after `break` or `continue`, on the same line.
    fn jump_label(&mut self) -> Option<Expr> {
        self.lexer.skip_space();
        match self.lexer.peek() {
            b';' | b')' | b'}' | b'\n' | b'\r' | b'|' | b'&' => None,
            _ => self.single_argument(),
        }
    }
}

/// Words that begin statements, in lower case.
const STATEMENT_KEYWORDS: &[&str] = &[
    "break", "class", "continue", "data", "define", "do", "enum", "exit", "filter", "for", "foreach", "from",
    "function", "if", "return", "switch", "throw", "try", "using", "var", "while",
];

fn statement_keyword(word: &str) -> Option<&'static str> {
    if word.len() < 2 || word.len() > 8 {
        return None;
    }
    STATEMENT_KEYWORDS.iter().find(|keyword| word.eq_ignore_ascii_case(keyword)).copied()
}
