//! Script blocks with their parameters and named blocks; functions, classes, enums, `using`, comment-based help.

use super::Parser;
use super::statements::{Attempt, broken, whole};
use crate::syntax::ast::{
    Attribute, Block, Class, ClassMethod, ClassProperty, CommandKind, Enum, Expr, ExprKind, Function, Parameter,
    ParameterAttribute, Part, PipelineKind, ScriptBlock, StatementKind, TypeName, Using, UsingKind,
};
use crate::syntax::help;
use crate::syntax::token::TokenKind;
use std::rc::Rc;

/// Names of the blocks a function body may consist of.
const BLOCK_NAMES: &[&str] = &["begin", "process", "end", "clean", "dynamicparam"];

/// The error of a parameter list without its end.
const UNCLOSED_LIST: &str = "MissingEndParenthesisInFunctionParameterList";

/// What stands before a class member's name.
#[derive(Default)]
struct MemberPrefix {
    kind: Option<TypeName>,
    attributes: Vec<Attribute>,
    is_static: bool,
    is_hidden: bool,
}

impl Parser<'_> {
    /// The whole text as a script.
    pub(in crate::syntax) fn script(&mut self) -> ScriptBlock {
        let mut script = ScriptBlock::default();
        self.script_block_body(&mut script, true);
        while !self.lexer.at_end() {
            self.unexpected_token();
            let start = self.lexer.position;
            self.lexer.advance(1);
            self.lexer.mark(TokenKind::GroupEnd, start);
            let mut more = Block::default();
            self.statements_into(&mut more);
            let end = script.end.get_or_insert_default();
            end.statements.append(&mut more.statements);
            end.traps.append(&mut more.traps);
        }
        script.span = self.lexer.span(0, self.lexer.text().len());
        if let Some(end) = script.end.as_mut().filter(|_| script.unnamed) {
            end.span = script.span;
        }
        let comments = &self.lexer.comments;
        script.requires = help::requires(self.lexer.text(), comments);
        script.help = help::of_script(self.lexer.text(), comments);
        script
    }

    /// `{ … }` as a script block. `None` where no brace comes next.
    pub(super) fn script_block_in_braces(&mut self) -> Option<Rc<ScriptBlock>> {
        let before = self.lexer.position;
        if !self.open("{") {
            return None;
        }
        let opening = self.lexer.span_from(before);
        let start = self.lexer.position;
        let mut block = ScriptBlock::default();
        let outer = self.finally.take();
        self.with_commas(false, |parser| parser.script_block_body(&mut block, false));
        self.finally = outer;
        self.lexer.skip_newlines();
        block.span = self.lexer.span_from(start);
        if let Some(end) = block.end.as_mut().filter(|_| block.unnamed) {
            end.span = block.span;
        }
        self.close_from(opening);
        Some(Rc::new(block))
    }

    fn script_block_body(&mut self, block: &mut ScriptBlock, is_script: bool) {
        self.lexer.skip_separators();
        while is_script && self.lexer.peek_word().eq_ignore_ascii_case("using") {
            block.using.extend(self.using());
            self.lexer.skip_separators();
        }
        if self.lexer.peek_word().eq_ignore_ascii_case("param") || self.attributes_before(&["param"]) {
            let start = self.lexer.position;
            block.attributes = self.attributes_of_param();
            self.lexer.eat_keyword("param");
            self.lexer.skip_newlines();
            block.params = self.parameter_list();
            block.params_span = self.lexer.span_from(start);
            self.lexer.skip_separators();
        }
        let named = BLOCK_NAMES.iter().any(|name| self.lexer.peek_word().eq_ignore_ascii_case(name));
        if named {
            self.named_blocks(block);
        } else {
            block.unnamed = true;
            block.end = Some(self.statements());
        }
    }

    fn attributes_of_param(&mut self) -> Vec<Attribute> {
        let mixed = self.attributes();
        for one in &mixed {
            if let ParameterAttribute::Type(name) = one {
                self.error("TypeNotAllowedBeforeParam", name.span, &name.name);
            }
        }
        only_attributes(mixed)
    }

    fn named_blocks(&mut self, block: &mut ScriptBlock) {
        loop {
            self.lexer.skip_separators();
            if self.lexer.at_end() || matches!(self.lexer.peek(), b'}' | b')') {
                return;
            }
            let start = self.lexer.position;
            let word = self.lexer.peek_word();
            let Some(name) = BLOCK_NAMES.iter().find(|name| word.eq_ignore_ascii_case(name)) else {
                let token = self.token_text();
                self.error("MissingNamedBlocks", self.lexer.span(start, start + token.len()), token);
                self.statements();
                return;
            };
            self.lexer.eat_keyword(name);
            let keyword = self.lexer.span_from(start);
            let body = self.block().unwrap_or_else(|| {
                self.missing("MissingNamedStatementBlock", name);
                Block { span: keyword, ..Block::default() }
            });
            let slot = match *name {
                "begin" => &mut block.begin,
                "process" => &mut block.process,
                "end" => &mut block.end,
                "clean" => &mut block.clean,
                _ => &mut block.dynamic_param,
            };
            if slot.replace(body).is_some() {
                self.error("DuplicateScriptCommandClause", keyword, name);
            }
        }
    }

    // Parameters --------------------------------------------------------------------------------------

    /// `( parameters )`; `None` where no bracket comes next.
    fn parameter_list(&mut self) -> Option<Vec<Parameter>> {
        if !self.open("(") {
            return None;
        }
        let parameters = self.with_commas(true, Self::parameters);
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if self.lexer.eat(b')') {
            self.lexer.mark(TokenKind::GroupEnd, start);
        } else {
            self.missing_behind(place, UNCLOSED_LIST, "");
        }
        Some(parameters)
    }

    fn parameters(&mut self) -> Vec<Parameter> {
        let mut found: Vec<Parameter> = Vec::new();
        loop {
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            let errors = self.lexer.errors.len();
            match self.nested(Self::parameter) {
                Some(parameter) => {
                    if found.iter().any(|other| other.name.eq_ignore_ascii_case(&parameter.name)) {
                        self.error("DuplicateFormalParameter", parameter.name_span, &parameter.name);
                    }
                    found.push(parameter);
                }
                None if found.is_empty() || self.lexer.errors.len() > errors => {
                    if self.lexer.errors.len() == errors {
                        self.rewind(place);
                    }
                    return found;
                }
                None => {
                    self.missing_behind(place, "MissingExpressionAfterToken", ",");
                    return found;
                }
            }
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                self.rewind(place);
                return found;
            }
        }
    }

    fn parameter(&mut self) -> Option<Parameter> {
        let start = self.lexer.position;
        let attributes = self.attributes();
        let variable = self.declared_variable();
        let Some(variable) = variable else {
            if !attributes.is_empty() {
                self.missing("InvalidFunctionParameter", "");
            }
            return None;
        };
        for attribute in &attributes {
            if let ParameterAttribute::Type(name) = attribute
                && name.name.eq_ignore_ascii_case("void")
            {
                self.error("VoidTypeConstraintNotAllowed", name.span, "");
            }
        }
        let name: Rc<str> = match &variable.scope {
            Some(scope) => format!("{scope}:{}", variable.name).into(),
            None => variable.name.clone(),
        };
        let end = self.lexer.position;
        let place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let mut default = None;
        if self.lexer.eat(b'=') {
            self.lexer.skip_newlines();
            default = self.expression();
            if default.is_none() {
                self.missing("MissingExpressionAfterToken", "=");
            }
        } else {
            self.rewind(place);
        }
        let span = self.lexer.span(start, default.as_ref().map_or(end, |d| self.lexer.local(d.span.end)));
        Some(Parameter { span, name, name_span: variable.span, attributes, default })
    }

    // Functions ---------------------------------------------------------------------------------------

    /// `function name (…) { … }`, the keyword taken.
    pub(super) fn function(&mut self, start: usize, keyword: &str) -> StatementKind {
        whole(self.function_definition(start, keyword))
    }

    fn function_definition(&mut self, start: usize, keyword: &str) -> Attempt {
        let place = self.lexer.checkpoint();
        self.lexer.skip_space();
        let name_start = self.lexer.position;
        let Some(name) = self.bare_word().and_then(|word| Self::constant_text(&word)) else {
            self.missing_behind(place, "MissingNameAfterKeyword", keyword);
            return Err(broken(Vec::new()));
        };
        self.lexer.mark(TokenKind::CommandArgument, name_start);
        let mut place = self.lexer.checkpoint();
        self.lexer.skip_newlines();
        let errors = self.lexer.errors.len();
        let params = self.parameter_list();
        let parts =
            |params: Option<Vec<Parameter>>| broken(params.into_iter().flatten().map(Part::Parameter).collect());
        if params.is_some() {
            place = self.lexer.checkpoint();
            if self.lexer.errors.get(errors..).is_some_and(|new| new.iter().any(|error| error.id == UNCLOSED_LIST)) {
                return Err(parts(params));
            }
        }
        self.lexer.skip_newlines();
        let body_start = self.lexer.position;
        let Some(mut body) = self.nested(Self::script_block_in_braces) else {
            self.missing_behind(place, "MissingFunctionBody", "");
            return Err(parts(params));
        };
        let body_span = self.lexer.span_from(body_start);
        let help = help::of_function(self.lexer.text(), &self.lexer.comments, self.lexer.base(), start, body_span);
        if let (Some(text), Some(body)) = (help, Rc::get_mut(&mut body)) {
            body.help = Some(text);
        }
        let span = self.lexer.span_from(start);
        if params.is_some() && body.params.is_some() {
            self.error("OnlyOneParameterListAllowed", span, "");
        }
        let filter = keyword == "filter";
        Ok(StatementKind::Function(Rc::new(Function { span, name, filter, params, body })))
    }

    // Classes and enums -------------------------------------------------------------------------------

    /// `[Attribute()] class …` and the same for `enum`.
    pub(super) fn attributed_definition(&mut self) -> StatementKind {
        let start = self.lexer.position;
        let attributes = only_attributes(self.attributes());
        if self.lexer.eat_keyword("class") {
            return self.class(start, attributes);
        }
        self.lexer.eat_keyword("enum");
        self.enumeration(start, attributes)
    }

    fn definition_name(&mut self, keyword: &str) -> Option<Rc<str>> {
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        let word = self.lexer.peek_identifier();
        if word.is_empty() {
            self.missing("MissingNameAfterKeyword", keyword);
            return None;
        }
        self.lexer.advance(word.len());
        self.lexer.mark(TokenKind::Type, start);
        Some(word.into())
    }

    pub(super) fn class(&mut self, start: usize, attributes: Vec<Attribute>) -> StatementKind {
        let name = self.definition_name("class");
        let known = name.is_some();
        let mut class = Class {
            span: self.lexer.span_from(start),
            name: name.unwrap_or_default(),
            attributes,
            bases: Vec::new(),
            properties: Vec::new(),
            methods: Vec::new(),
        };
        self.lexer.skip_newlines();
        if self.lexer.eat(b':') {
            class.bases = self.base_types();
        }
        self.lexer.skip_newlines();
        if self.open("{") {
            let opening = self.lexer.span_from(self.lexer.position);
            self.with_commas(false, |parser| parser.class_members(&mut class));
            self.close_from(opening);
        } else if known {
            self.missing("MissingTypeBody", "class");
        }
        class.span = self.lexer.span_from(start);
        let class = Rc::new(class);
        self.classes.push(class.clone());
        StatementKind::Class(class)
    }

    fn base_types(&mut self) -> Vec<TypeName> {
        let mut bases = Vec::new();
        let mut before = ":";
        loop {
            self.lexer.skip_newlines();
            match self.type_name() {
                Some(name) => bases.push(name),
                None => {
                    self.missing("TypeNameExpected", before);
                    return bases;
                }
            }
            self.lexer.skip_newlines();
            if !self.lexer.eat(b',') {
                return bases;
            }
            before = ",";
        }
    }

    fn class_members(&mut self, class: &mut Class) {
        loop {
            self.lexer.skip_separators();
            if self.lexer.at_end() || self.lexer.peek() == b'}' {
                return;
            }
            let start = self.lexer.position;
            if !self.class_member(class) || self.lexer.position == start {
                return self.skip_members();
            }
        }
    }

    /// After an error: on to the brace that closes the class.
    fn skip_members(&mut self) {
        self.statements();
    }

    fn class_member(&mut self, class: &mut Class) -> bool {
        let start = self.lexer.position;
        let prefix = self.member_prefix();
        if self.lexer.peek() == b'$' {
            return match self.variable() {
                Some(variable) => self.class_property(class, start, prefix, variable.name),
                None => false,
            };
        }
        let name_start = self.lexer.position;
        let word = self.lexer.peek_identifier();
        if word.is_empty() {
            self.missing("IncompleteMemberDefinition", "");
            return false;
        }
        self.lexer.advance(word.len());
        self.lexer.mark(TokenKind::Member, name_start);
        let name_span = self.lexer.span_from(name_start);
        self.class_method(class, start, prefix, (word, name_span))
    }

    fn member_prefix(&mut self) -> MemberPrefix {
        let mut prefix = MemberPrefix::default();
        loop {
            let place = self.lexer.checkpoint();
            self.lexer.skip_newlines();
            if self.lexer.peek() == b'[' {
                match self.bracketed() {
                    Some(ParameterAttribute::Type(name)) => {
                        if prefix.kind.is_some() {
                            let start = self.lexer.local(name.span.start).saturating_sub(1);
                            self.error("TooManyTypes", self.lexer.span(start, self.lexer.position), &name.name);
                        }
                        prefix.kind = Some(name);
                    }
                    Some(ParameterAttribute::Attribute(attribute)) => prefix.attributes.push(attribute),
                    None => return prefix,
                }
            } else if self.lexer.eat_keyword("static") {
                self.report_double_qualifier(prefix.is_static, "static");
                prefix.is_static = true;
            } else if self.lexer.eat_keyword("hidden") {
                self.report_double_qualifier(prefix.is_hidden, "hidden");
                prefix.is_hidden = true;
            } else {
                if self.lexer.peek() == b'}' {
                    self.rewind(place);
                }
                return prefix;
            }
        }
    }

    fn report_double_qualifier(&mut self, seen: bool, qualifier: &str) {
        if seen {
            let end = self.lexer.position;
            self.error("DuplicateQualifier", self.lexer.span(end - qualifier.len(), end), qualifier);
        }
    }

    fn class_property(&mut self, class: &mut Class, start: usize, prefix: MemberPrefix, name: Rc<str>) -> bool {
        self.lexer.skip_space();
        let mut default = None;
        if self.lexer.eat(b'=') {
            self.lexer.skip_newlines();
            default = self.expression();
            if default.is_none() {
                self.missing("ExpectedValueExpression", "=");
            }
        }
        let span = self.lexer.span_from(start);
        if class.properties.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
            self.error("MemberAlreadyDefined", span, &name);
        }
        let MemberPrefix { kind, attributes, is_static, is_hidden } = prefix;
        class.properties.push(ClassProperty { span, name, kind, attributes, default, is_static, is_hidden });
        self.member_terminator()
    }

    /// A property or enum member ends at a line end, `;` or the closing brace.
    fn member_terminator(&mut self) -> bool {
        self.lexer.skip_space();
        let ended = self.lexer.at_line_end() || matches!(self.lexer.peek(), b';' | b'}');
        if !ended && !self.abandoned {
            self.missing("MissingPropertyTerminator", "");
        }
        ended
    }

    fn class_method(
        &mut self,
        class: &mut Class,
        start: usize,
        prefix: MemberPrefix,
        (name, name_span): (&str, crate::syntax::Span),
    ) -> bool {
        self.lexer.skip_newlines();
        let Some(params) = self.parameter_list() else {
            self.missing("MissingMethodParameterList", "");
            return false;
        };
        let is_constructor = name.eq_ignore_ascii_case(&class.name);
        let Ok(base_call) = self.base_call(is_constructor) else { return false };
        self.lexer.skip_newlines();
        let Some(body) = self.nested(Self::script_block_in_braces) else {
            if !self.abandoned {
                self.missing("MissingFunctionBody", "");
            }
            return false;
        };
        let span = self.lexer.span_from(start);
        let MemberPrefix { kind, is_static, is_hidden, .. } = prefix;
        let name = name.into();
        class.methods.push(ClassMethod {
            span,
            name,
            name_span,
            kind,
            params,
            base_call,
            body,
            is_static,
            is_hidden,
            is_constructor,
        });
        true
    }

    /// `: base( … )` after a constructor's parameters; `Err` after an error.
    fn base_call(&mut self, is_constructor: bool) -> Result<Option<Vec<Expr>>, ()> {
        self.lexer.skip_newlines();
        let start = self.lexer.position;
        if !self.lexer.eat(b':') {
            return Ok(None);
        }
        self.lexer.skip_newlines();
        if !self.lexer.eat_keyword("base") {
            self.unexpected_token();
            return Err(());
        }
        if !is_constructor {
            self.error("BaseMethodCallOnlyInConstructor", self.lexer.span_from(start), "base");
        }
        self.lexer.skip_newlines();
        if self.lexer.peek() != b'(' {
            self.missing("MissingMethodParameterList", "");
            return Err(());
        }
        Ok(Some(self.call_arguments()))
    }

    pub(super) fn enumeration(&mut self, start: usize, attributes: Vec<Attribute>) -> StatementKind {
        let name = self.definition_name("enum");
        let known = name.is_some();
        let mut members = Vec::new();
        self.lexer.skip_newlines();
        let underlying = if self.lexer.eat(b':') { self.base_types().pop() } else { None };
        self.lexer.skip_newlines();
        if self.open("{") {
            self.with_commas(false, |parser| parser.enum_members(&mut members));
            self.close(b'}', "MissingEndCurlyBrace");
        } else if known {
            self.missing("MissingTypeBody", "enum");
        }
        let span = self.lexer.span_from(start);
        StatementKind::Enum(Rc::new(Enum { span, name: name.unwrap_or_default(), attributes, underlying, members }))
    }

    fn enum_members(&mut self, members: &mut Vec<(Rc<str>, Option<Expr>, crate::syntax::Span)>) {
        loop {
            self.lexer.skip_separators();
            let start = self.lexer.position;
            let word = self.lexer.peek_identifier();
            if word.is_empty() {
                if !self.lexer.at_end() && self.lexer.peek() != b'}' {
                    self.unexpected_token();
                    self.skip_members();
                }
                return;
            }
            self.lexer.advance(word.len());
            self.lexer.mark(TokenKind::Member, start);
            self.lexer.skip_space();
            let mut value = None;
            if self.lexer.eat(b'=') {
                self.lexer.skip_newlines();
                value = self.expression();
                match &value {
                    None => self.missing("ExpectedValueExpression", "="),
                    Some(value) if !is_constant(&value.kind) => {
                        self.error("EnumeratorValueMustBeConstant", value.span, "");
                    }
                    Some(_) => {}
                }
            }
            let span = self.lexer.span_from(start);
            if members.iter().any(|(other, ..)| other.eq_ignore_ascii_case(word)) {
                self.error("MemberAlreadyDefined", span, word);
            }
            members.push((word.into(), value, span));
            if !self.member_terminator() {
                return self.skip_members();
            }
        }
    }

    // using -------------------------------------------------------------------------------------------

    /// A `using` statement.
    fn using(&mut self) -> Option<Using> {
        const KINDS: &[(&str, UsingKind)] =
            &[("namespace", UsingKind::Namespace), ("module", UsingKind::Module), ("assembly", UsingKind::Assembly)];
        let start = self.lexer.position;
        self.lexer.eat_keyword("using");
        self.lexer.skip_space();
        let word = self.lexer.peek_word();
        let Some((keyword, kind)) = KINDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)) else {
            self.missing("MissingUsingStatementDirective", "");
            self.skip_line();
            return None;
        };
        self.lexer.eat_keyword(keyword);
        self.lexer.skip_space();
        let item = match self.lexer.peek() {
            b';' | b'\n' | b'\r' => None,
            _ => self.single_argument(),
        };
        let Some(item) = item else {
            self.missing("MissingUsingItemName", keyword);
            return None;
        };
        let constant = Self::constant_text(&item);
        let name = constant.clone().unwrap_or_else(|| {
            self.lexer.slice(self.lexer.local(item.span.start), self.lexer.local(item.span.end)).into()
        });
        let specification = constant.is_none().then_some(item);
        Some(Using { span: self.lexer.span_from(start), kind: *kind, name, specification })
    }

    fn skip_line(&mut self) {
        let rest = self.lexer.rest();
        self.lexer.advance(rest.find(['\n', '\r', ';']).unwrap_or(rest.len()));
    }

    /// `using` after other statements: reported, then read like any other.
    pub(super) fn misplaced_using(&mut self, start: usize) -> StatementKind {
        self.error("UsingMustBeAtStartOfScript", self.lexer.span_from(start), "");
        self.lexer.position = start;
        let _read_for_its_errors = self.using();
        StatementKind::Break(None)
    }
}

/// What can be worked out without running anything.
fn is_constant(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Number(_) | ExprKind::String(..) | ExprKind::Type(_) | ExprKind::Error => true,
        ExprKind::Unary(_, inner) | ExprKind::Cast(_, inner) => is_constant(&inner.kind),
        ExprKind::Binary(_, left, right) => is_constant(&left.kind) && is_constant(&right.kind),
        ExprKind::Member { target, is_static: true, .. } => is_constant(&target.kind),
        ExprKind::Paren(inner) => match &inner.kind {
            StatementKind::Pipeline(chain) => match &chain.first.kind {
                PipelineKind::Commands(commands) => commands
                    .iter()
                    .all(|command| matches!(&command.kind, CommandKind::Expression(one) if is_constant(&one.kind))),
                PipelineKind::Assignment { .. } => false,
            },
            _ => false,
        },
        _ => false,
    }
}

/// The attributes among attributes and types; a bare type before `param` has no meaning.
fn only_attributes(mixed: Vec<ParameterAttribute>) -> Vec<Attribute> {
    mixed
        .into_iter()
        .filter_map(|one| match one {
            ParameterAttribute::Attribute(attribute) => Some(attribute),
            ParameterAttribute::Type(_) => None,
        })
        .collect()
}
