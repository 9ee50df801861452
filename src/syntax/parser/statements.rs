//! Statements and the blocks that hold them.

use super::Parser;
use super::loops::Label;
use crate::syntax::ast::{
    Block, Broken, Catch, Expr, ParameterAttribute, Part, PipelineChain, Statement, StatementKind, Trap, TypeName,
};
use crate::syntax::check;
use crate::syntax::lexer::Checkpoint;
use crate::syntax::lexer::is_identifier;
use crate::syntax::token::TokenKind;
use std::rc::Rc;

/// A statement, or what was understood of it before it breaks off.
pub(super) type Attempt = Result<StatementKind, Broken>;

/// A broken statement of these parts.
pub(super) fn broken(parts: Vec<Part>) -> Broken {
    Broken { parts, ..Broken::default() }
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
                match self.trap() {
                    Ok(trap) => block.traps.push(trap),
                    Err(broken) => {
                        let kind = StatementKind::Broken(Box::new(broken));
                        block.statements.push(Statement { span: self.lexer.span_from(start), kind });
                    }
                }
            } else if let Some(statement) = self.statement() {
                self.report_double_class(block, &statement);
                block.statements.push(statement);
            }
            if self.lexer.position == start {
                self.skip_unexpected();
            }
        }
    }

    /// Two classes of one name cannot stand in one block.
    fn report_double_class(&mut self, block: &Block, statement: &Statement) {
        let StatementKind::Class(class) = &statement.kind else { return };
        let is_same = |other: &Statement| match &other.kind {
            StatementKind::Class(other) => other.name.eq_ignore_ascii_case(&class.name),
            _ => false,
        };
        if block.statements.iter().any(is_same) {
            self.error("MemberAlreadyDefined", statement.span, &class.name);
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
            let opening = parser.lexer.span_from(start);
            let mut block = parser.with_commas(false, Self::statements);
            parser.close_from(opening);
            block.span = parser.lexer.span_from(start);
            Some(block)
        })
    }

    /// A block that must be there; where it is not, that is reported right behind what stands before.
    pub(super) fn required_block(&mut self, missing: &'static str, keyword: &str) -> Option<Block> {
        let found = self.block();
        if found.is_none() && !self.abandoned {
            self.missing(missing, keyword);
        }
        found
    }

    /// Something is missing behind what was read last: blanks taken since are given back.
    pub(super) fn missing_behind(&mut self, place: Checkpoint, id: &'static str, detail: &str) {
        self.rewind(place);
        if !self.abandoned {
            self.missing(id, detail);
        }
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
        let mut span = self.lexer.span_from(start);
        if let StatementKind::Broken(broken) = &kind
            && let Some(end) = broken.end
        {
            span.end = end;
        }
        Some(Statement { span, kind })
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
            "if" => whole(self.if_statement()),
            "while" | "for" | "foreach" | "do" | "switch" => self.loop_statement(keyword, None),
            "function" | "filter" => self.function(start, keyword),
            "try" => whole(self.try_statement()),
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
            "data" => whole(self.data()),
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
        whole(match keyword {
            "while" => self.while_statement(label),
            "for" => self.for_statement(label),
            "foreach" => self.foreach_statement(label),
            "do" => self.do_statement(label),
            _ => self.switch_statement(label),
        })
    }

    /// `( pipeline )` after a keyword; what was understood of it otherwise.
    pub(super) fn condition(&mut self, keyword: &str, ids: [&'static str; 3]) -> Result<PipelineChain, Vec<Part>> {
        let before = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        if !self.open("(") {
            self.missing_behind(before, ids[0], keyword);
            return Err(Vec::new());
        }
        let inside = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let condition = self.with_commas(false, Self::pipeline_chain);
        if condition.is_none() {
            self.missing_behind(inside, ids[1], keyword);
        }
        let behind = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if self.lexer.eat(b')') {
            self.lexer.mark(TokenKind::GroupEnd, start);
            return condition.ok_or_else(Vec::new);
        }
        match condition {
            Some(_) => self.missing_behind(behind, ids[2], keyword),
            None => self.rewind(behind),
        }
        Err(condition.into_iter().map(Part::Chain).collect())
    }

    fn if_statement(&mut self) -> Attempt {
        const IDS: [&str; 3] = [
            "MissingOpenParenthesisInIfStatement",
            "IfStatementMissingCondition",
            "MissingEndParenthesisAfterStatement",
        ];
        let parts = |clauses: &[(PipelineChain, Block)]| {
            clauses.iter().flat_map(|(test, body)| [Part::Chain(test.clone()), Part::Block(body.clone())]).collect()
        };
        let mut clauses: Vec<(PipelineChain, Block)> = Vec::new();
        let mut keyword = "if";
        loop {
            let condition = self.condition(keyword, IDS).map_err(|mut rest| {
                let mut all: Vec<Part> = parts(&clauses);
                all.append(&mut rest);
                broken(all)
            })?;
            let Some(body) = self.required_block("MissingStatementBlock", keyword) else {
                let mut all: Vec<Part> = parts(&clauses);
                all.push(Part::Chain(condition));
                return Err(broken(all));
            };
            clauses.push((condition, body));
            if !self.eat_keyword_on_later_line("elseif") {
                break;
            }
            keyword = "elseif";
        }
        let mut otherwise = None;
        if self.eat_keyword_on_later_line("else") {
            otherwise = self.required_block("MissingStatementBlockAfterElse", "else");
            if otherwise.is_none() {
                return Err(broken(parts(&clauses)));
            }
        }
        Ok(StatementKind::If { clauses, otherwise })
    }

    /// Takes a keyword that may stand after line ends; where it does not, nothing has moved.
    pub(super) fn eat_keyword_on_later_line(&mut self, keyword: &str) -> bool {
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let found = self.lexer.eat_keyword(keyword);
        if !found {
            self.rewind(place);
        }
        found
    }

    // try, trap, data, jumps --------------------------------------------------------------------------

    fn try_statement(&mut self) -> Attempt {
        let Some(body) = self.required_block("MissingTryStatementBlock", "") else { return Err(Broken::default()) };
        let mut catches: Vec<Catch> = Vec::new();
        let mut types = None;
        loop {
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            let start = self.lexer.position;
            if !self.lexer.eat_keyword("catch") {
                self.rewind(place);
                break;
            }
            match self.catch_clause(start) {
                Ok(clause) => catches.push(clause),
                Err(without_body) => {
                    types = Some(without_body);
                    break;
                }
            }
        }
        let mut finally = None;
        let mut is_broken = types.is_some();
        if self.eat_keyword_on_later_line("finally") {
            let outer = self.finally.replace(0);
            finally = self.required_block("MissingFinallyStatementBlock", "");
            self.finally = outer;
            is_broken |= finally.is_none();
        }
        self.report_double_catches(&catches);
        if catches.is_empty() && finally.is_none() && !is_broken && !self.abandoned {
            self.missing("MissingCatchOrFinally", "");
            is_broken = true;
        }
        if !is_broken {
            return Ok(StatementKind::Try { body, catches, finally });
        }
        let mut parts = vec![Part::Block(body)];
        parts.extend(catches.into_iter().map(Part::Catch));
        parts.extend(types.into_iter().flatten().map(Part::Type));
        parts.extend(finally.map(Part::Block));
        Err(broken(parts))
    }

    fn report_double_catches(&mut self, catches: &[Catch]) {
        for pair in catches.windows(2) {
            if let [before, after] = pair
                && before.types.is_empty()
            {
                let start = self.lexer.local(after.span.start);
                self.error("EmptyCatchNotLast", self.lexer.span(start, start + "catch".len()), "");
            }
        }
        let mut seen: Vec<&TypeName> = Vec::new();
        for name in catches.iter().flat_map(|one| &one.types) {
            if seen.iter().any(|other| other.name.eq_ignore_ascii_case(&name.name) && other.arguments == name.arguments)
            {
                self.error("ExceptionTypeAlreadyCaught", name.span, &name.name);
            }
            seen.push(name);
        }
    }

    /// `[types] { }` of a `catch`; the types alone where the body is missing.
    fn catch_clause(&mut self, start: usize) -> Result<Catch, Vec<TypeName>> {
        let mut types = Vec::new();
        let mut place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        while self.lexer.peek() == b'[' {
            if let Some(ParameterAttribute::Type(name)) = self.bracketed() {
                types.push(name);
            }
            place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                break;
            }
            place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            if self.lexer.peek() != b'[' {
                self.missing_behind(place, "MissingTypeLiteralToken", "");
                return Err(types);
            }
        }
        self.rewind(place);
        match self.required_block("MissingCatchHandlerBlock", "") {
            Some(body) => Ok(Catch { span: self.lexer.span_from(start), types, body }),
            None => Err(types),
        }
    }

    fn trap(&mut self) -> Result<Trap, Broken> {
        let start = self.lexer.position;
        self.lexer.eat_keyword("trap");
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let kind = match self.bracketed() {
            Some(ParameterAttribute::Type(name)) => Some(name),
            _ => {
                self.rewind(place);
                None
            }
        };
        match self.required_block("MissingTrapStatement", "") {
            Some(body) => Ok(Trap { span: self.lexer.span_from(start), kind, body }),
            None => Err(broken(kind.into_iter().map(Part::Type).collect())),
        }
    }

    fn data(&mut self) -> Attempt {
        let mut place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let word = self.lexer.peek_identifier();
        let name = (!word.is_empty()).then(|| Rc::from(word));
        if name.is_some() {
            self.lexer.advance(word.len());
            place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
        }
        let mut supported = Vec::new();
        let flag = self.lexer.peek_dash_word();
        if self.lexer.at_dash() && !flag.is_empty() {
            let start = self.lexer.position;
            self.lexer.advance(self.lexer.dash_length() + flag.len());
            self.lexer.mark(TokenKind::CommandParameter, start);
            if !"supportedcommand".starts_with(&flag.to_ascii_lowercase()) {
                self.error("InvalidParameterForDataSectionStatement", self.lexer.span_from(start), flag);
                return Err(Broken::default());
            }
            self.supported_commands(&mut supported)?;
            place = self.lexer.checkpoint();
        }
        self.rewind(place);
        match self.required_block("MissingStatementBlockForDataSection", "") {
            Some(body) => {
                if self.lexer.errors.is_empty() {
                    self.note(check::data(&body, &supported));
                }
                Ok(StatementKind::Data { name, supported, body })
            }
            None => Err(broken(supported.into_iter().map(Part::Expression).collect())),
        }
    }

    /// The commands that a data section may use, with commas between.
    fn supported_commands(&mut self, supported: &mut Vec<Expr>) -> Result<(), Broken> {
        loop {
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            let Some(command) = self.single_argument() else {
                self.missing_behind(place, "MissingValueForSupportedCommandInDataSectionStatement", "");
                return Err(broken(supported.drain(..).map(Part::Expression).collect()));
            };
            supported.push(command);
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                self.rewind(place);
                return Ok(());
            }
        }
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

/// A statement that broke off is a statement too.
pub(super) fn whole(attempt: Attempt) -> StatementKind {
    attempt.unwrap_or_else(|broken| StatementKind::Broken(Box::new(broken)))
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
