//! Where the cursor stands: the word it touches, the groups that are open around it, the command it is in.

use super::command_line::CommandLine;
use crate::syntax::{self, Parsed, Source, Token, TokenKind};
use std::ops::Range;
use std::rc::Rc;

/// A stretch of one group: a token, or a whole inner group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// An open group, or the text itself: what was written in it before the word at the cursor.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// `(`, `{`, `@{` …; empty for the text itself.
    pub(super) opener: String,
    /// Where it opens.
    pub(super) start: usize,
    pub(super) elements: Vec<Element>,
}

/// The name of a member that is being written, and what it is a member of.
#[derive(Debug)]
pub(super) struct MemberAccess {
    pub(super) target: Range<usize>,
    pub(super) name: Range<usize>,
    pub(super) is_static: bool,
}

/// A text with a cursor in it.
pub(super) struct Site<'t> {
    pub(super) text: &'t str,
    pub(super) cursor: usize,
    pub(super) parsed: Parsed,
    pub(super) tokens: Vec<Token>,
    /// The token that the cursor touches.
    pub(super) at: Option<Token>,
    /// Open groups, the innermost last; never empty.
    pub(super) groups: Vec<Group>,
}

fn range(token: &Token) -> Range<usize> {
    token.span.start as usize..token.span.end as usize
}

/// Tokens that are no part of a word at their end.
fn is_mark(kind: TokenKind, written: &str) -> bool {
    match kind {
        TokenKind::NewLine
        | TokenKind::StatementSeparator
        | TokenKind::GroupStart
        | TokenKind::GroupEnd
        | TokenKind::LineContinuation => true,
        TokenKind::Operator => !written.starts_with('-'),
        _ => false,
    }
}

impl<'t> Site<'t> {
    pub(super) fn new(text: &'t str, cursor: usize) -> Self {
        let source = Source::anonymous(text);
        let (parsed, tokens) = syntax::tokenize(&source);
        let slice = |token: &Token| text.get(range(token)).unwrap_or("");
        let touches = |token: &&Token| (token.span.start as usize) < cursor && cursor <= token.span.end as usize;
        // After `-Name:` a value begins.
        let ended = |token: &&Token| token.kind == TokenKind::CommandParameter && slice(token).ends_with(':');
        let fits = |token: &&Token| touches(token) && !is_mark(token.kind, slice(token)) && !ended(token);
        // A token inside another, as in a string, comes later; it is the one that is meant.
        let at = tokens.iter().rfind(fits).copied();
        let mut site = Site { text, cursor, parsed, tokens, at, groups: Vec::new() };
        site.groups = site.open_groups();
        site
    }

    /// What stands before the cursor.
    pub(super) fn before(&self) -> &'t str {
        self.text.get(..self.cursor).unwrap_or(self.text)
    }

    /// The word that is replaced: the token at the cursor, or nothing at the cursor.
    pub(super) fn word(&self) -> Range<usize> {
        self.at.as_ref().map_or(self.cursor..self.cursor, range)
    }

    /// The text of the word.
    pub(super) fn written(&self) -> &'t str {
        self.text.get(self.word()).unwrap_or("")
    }

    pub(super) fn slice(&self, element: &Element) -> &'t str {
        self.text.get(element.start..element.end).unwrap_or("")
    }

    /// The innermost open group.
    pub(super) fn inner(&self) -> &Group {
        // There is always the text's own group.
        const NONE: &Group = &Group { opener: String::new(), start: 0, elements: Vec::new() };
        self.groups.last().unwrap_or(NONE)
    }

    fn open_groups(&self) -> Vec<Group> {
        let end = self.word().start;
        let mut groups = vec![Group::default()];
        let mut reached = 0;
        for token in self.tokens.iter().filter(|token| token.span.end as usize <= end) {
            let at = range(token);
            // Tokens inside one that was taken as a whole.
            if at.start < reached {
                continue;
            }
            reached = at.end;
            let element = Element { kind: token.kind, start: at.start, end: at.end };
            match token.kind {
                TokenKind::GroupStart => {
                    let opener = self.text.get(at.clone()).unwrap_or("").to_owned();
                    groups.push(Group { opener, start: at.start, elements: Vec::new() });
                }
                TokenKind::GroupEnd if groups.len() > 1 => {
                    let closed = groups.pop().map_or(at.start, |group| group.start);
                    if let Some(group) = groups.last_mut() {
                        group.elements.push(Element { start: closed, ..element });
                    }
                }
                TokenKind::Comment | TokenKind::LineContinuation => {}
                _ => {
                    if let Some(group) = groups.last_mut() {
                        group.elements.push(element);
                    }
                }
            }
        }
        groups
    }

    /// The double-quoted string that the cursor is in where a variable or an expression is being written there: from
    /// its `$` on.
    pub(super) fn in_string(&self) -> Option<Range<usize>> {
        let token = self.at.filter(|token| matches!(token.kind, TokenKind::String | TokenKind::CommandArgument))?;
        let string = range(&token);
        let written = self.text.get(string.start..self.cursor)?;
        let quoted = written.starts_with('"') || written.starts_with("@\"");
        if !quoted && token.kind == TokenKind::String {
            return None;
        }
        let dollar = written.rfind('$')?;
        let name = written.get(dollar + 1..)?;
        let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '?'));
        let is_name = match name.strip_prefix('{') {
            Some(braced) => !braced.contains('}'),
            None => plain(name),
        };
        let escaped = written.get(..dollar).is_some_and(|before| before.ends_with('`'));
        if !is_name || escaped {
            return None;
        }
        let start = string.start + dollar;
        let rest = self.text.get(self.cursor..string.end).unwrap_or("");
        let more = match name.starts_with('{') {
            true => rest.find('}').map_or(0, |at| at + 1),
            false => rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()),
        };
        Some(start..self.cursor + more)
    }

    pub(super) fn is_in_comment(&self) -> bool {
        self.at.is_some_and(|token| token.kind == TokenKind::Comment)
    }

    /// The member access that the cursor is in: after `.` or `::`, with or without a name begun.
    pub(super) fn member_access(&self) -> Option<MemberAccess> {
        let elements = &self.inner().elements;
        let (mut name, mut at) = (self.word(), elements.len());
        if self.at.is_none() {
            // Between the operator and a name that follows, the name is what is replaced.
            let next = self.tokens.iter().find(|token| token.span.start as usize >= self.cursor);
            let next = next.filter(|token| token.kind == TokenKind::Member && token.span.start as usize == self.cursor);
            name = next.map_or(name, range);
        }
        at = at.checked_sub(1)?;
        while at > 0 && elements.get(at).is_some_and(|element| element.kind == TokenKind::NewLine) {
            at -= 1;
        }
        let operator = elements.get(at)?;
        let written = self.slice(operator);
        let is_access = matches!(written, "." | "::" | "?." | "?::");
        let word_fits = self.at.is_none_or(|token| {
            matches!(token.kind, TokenKind::Member | TokenKind::CommandArgument | TokenKind::Command)
        });
        if operator.kind != TokenKind::Operator || !is_access || !word_fits {
            return self.member_in_argument();
        }
        let target = self.expression_before(elements, at)?;
        Some(MemberAccess { target, name, is_static: written.ends_with("::") })
    }

    /// `ls "".Le` and `Get-Item $x.Le`: in arguments, where the tokens do not tell.
    fn member_in_argument(&self) -> Option<MemberAccess> {
        let word = self.word();
        let written = self.text.get(word.start..self.cursor)?;
        let at = self.at.filter(|token| token.kind == TokenKind::CommandArgument)?;
        if let Some(name) = written.strip_prefix('.') {
            let last = self.inner().elements.last().filter(|element| element.end == word.start)?;
            let is_value = matches!(last.kind, TokenKind::String | TokenKind::Variable | TokenKind::GroupEnd);
            let target = last.start..last.end;
            let name = word.end.min(self.cursor) - name.len()..at.span.end as usize;
            return is_value.then_some(MemberAccess { target, name, is_static: false });
        }
        let dot = written.rfind('.').filter(|_| written.starts_with('$') && !written.contains(['/', '\\']))?;
        let target = word.start..word.start + dot;
        Some(MemberAccess { target, name: word.start + dot + 1..word.end, is_static: false })
    }

    /// The expression that ends just before element `end`.
    fn expression_before(&self, elements: &[Element], end: usize) -> Option<Range<usize>> {
        let last = end.checked_sub(1)?;
        let mut first = last;
        while let Some(before) = first.checked_sub(1) {
            let (Some(this), Some(previous)) = (elements.get(first), elements.get(before)) else { break };
            let written = self.slice(previous);
            let joins = previous.kind == TokenKind::Operator && matches!(written, "." | "::" | "?." | "?::");
            let this_joins = this.kind == TokenKind::Operator || this.kind == TokenKind::GroupEnd;
            let member = this.kind == TokenKind::Member && joins;
            let adjacent = previous.end == this.start;
            let is_cast = previous.kind == TokenKind::Type && adjacent && self.slice(this) != "::";
            if !(member || joins || is_cast || (this_joins && adjacent && previous.kind != TokenKind::Operator)) {
                break;
            }
            if previous.kind == TokenKind::Command || previous.kind == TokenKind::Keyword {
                break;
            }
            first = before;
        }
        let (first, last) = (elements.get(first)?, elements.get(last)?);
        matches!(
            first.kind,
            TokenKind::Variable | TokenKind::Type | TokenKind::String | TokenKind::Number | TokenKind::GroupEnd
        )
        .then_some(first.start..last.end)
    }

    /// The elements of the statement that the cursor is in, as far as they are in its group.
    pub(super) fn statement(&self) -> &[Element] {
        self.statement_of(self.inner())
    }

    pub(super) fn statement_of<'g>(&self, group: &'g Group) -> &'g [Element] {
        let ends = |element: &Element| {
            let separates = matches!(element.kind, TokenKind::StatementSeparator | TokenKind::NewLine);
            separates || element.kind == TokenKind::Operator && matches!(self.slice(element), "&&" | "||")
        };
        // A line that ends in an operator goes on in the next.
        let goes_on = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| group.elements.get(before));
            before.is_some_and(|element| element.kind == TokenKind::Operator)
        };
        let at = (0..group.elements.len())
            .rev()
            .find(|at| group.elements.get(*at).is_some_and(&ends) && !goes_on(*at))
            .map_or(0, |at| at + 1);
        group.elements.get(at..).unwrap_or_default()
    }

    /// True where what stands before the word ends so.
    pub(super) fn follows(&self, end: &str) -> bool {
        self.text.get(..self.word().start).is_some_and(|before| before.trim_end().ends_with(end))
    }

    /// The keyword that stands before the word.
    pub(super) fn keyword_before(&self) -> Option<&'t str> {
        let last = self.statement().last().filter(|last| last.kind == TokenKind::Keyword)?;
        Some(self.slice(last))
    }

    /// The expression that is being indexed: what stands before an open `[`.
    pub(super) fn indexed(&self) -> Option<Range<usize>> {
        let before = self.text.get(..self.word().start)?.trim_end();
        let target = before.strip_suffix('[')?;
        let elements: Vec<Element> =
            self.inner().elements.iter().copied().filter(|element| element.end <= target.len()).collect();
        elements.last().filter(|last| last.end == target.len())?;
        let found = self.expression_before(&elements, elements.len());
        found.filter(|range| !self.text.get(range.clone()).unwrap_or("").starts_with('['))
    }

    /// The text of a function that the text itself defines.
    pub(super) fn function(&self, name: &str) -> Option<&'t str> {
        let text = |token: &Token| self.text.get(range(token)).unwrap_or("");
        let at = self.tokens.iter().zip(self.tokens.iter().skip(1)).position(|(keyword, named)| {
            let defines = matches!(text(keyword).to_ascii_lowercase().as_str(), "function" | "filter");
            keyword.kind == TokenKind::Keyword && defines && text(named).eq_ignore_ascii_case(name)
        })?;
        let (start, mut depth) = (self.tokens.get(at)?.span.start as usize, 0usize);
        for token in self.tokens.get(at..)? {
            match (token.kind, text(token)) {
                (TokenKind::GroupStart, "{" | "@{") => depth += 1,
                (TokenKind::GroupEnd, "}") if depth == 1 => return self.text.get(start..token.span.end as usize),
                (TokenKind::GroupEnd, "}") => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    /// Labels of the loops around the cursor, the outermost first.
    pub(super) fn loop_labels(&self) -> Vec<&'t str> {
        let label = |group: &Group| {
            let statement = self.statement_of(group);
            statement.iter().find(|element| element.kind == TokenKind::LoopLabel).map(|element| self.slice(element))
        };
        self.groups.iter().filter_map(label).map(|label| label.trim_start_matches(':')).collect()
    }

    /// True where the word is the first of its statement.
    pub(super) fn starts_statement(&self) -> bool {
        let group = self.inner();
        let holds_code = group.opener.is_empty() || group.opener.ends_with(['{', '(']) && group.opener != "@{";
        let piped = self
            .statement()
            .last()
            .is_some_and(|last| last.kind == TokenKind::Operator && matches!(self.slice(last), "|" | "=" | "&" | "."));
        holds_code && (self.statement().is_empty() || piped)
    }

    /// The command whose argument the word is.
    pub(super) fn command_line(&self) -> Option<CommandLine> {
        let elements = self.statement();
        CommandLine::new(self, elements)
    }

    /// What follows `using`: nothing, or the keyword after it.
    pub(super) fn using_statement(&self) -> Option<String> {
        let start = self.before().rfind(['\n', ';']).map_or(0, |at| at + 1);
        let mut line = self.before().get(start..)?;
        // A line continued by a backtick belongs to the one before.
        if let Some(earlier) = self.before().get(..start).and_then(|before| before.strip_suffix("`\n")) {
            let from = earlier.rfind('\n').map_or(0, |at| at + 1);
            line = if line.trim().is_empty() { earlier.get(from..)? } else { line };
        }
        let rest = line.trim_start().get(..6).filter(|word| word.eq_ignore_ascii_case("using ")).map(|_| line)?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let begun = !line.ends_with(char::is_whitespace);
        match (words.len(), begun) {
            (1, _) | (2, true) => Some(String::new()),
            (2, false) | (3, true) => words.get(1).map(|word| word.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// The pipeline before the last `|` of a statement, as text; `None` where the command is the first.
    pub(super) fn pipeline_input(&self, elements: &[Element]) -> Option<Range<usize>> {
        let is_pipe = |element: &Element| element.kind == TokenKind::Operator && self.slice(element) == "|";
        let pipe = elements.iter().rposition(is_pipe)?;
        let before = elements.get(..pipe)?;
        let is_assignment = |element: &Element| element.kind == TokenKind::Operator && self.slice(element) == "=";
        let first = before.iter().rposition(is_assignment).map_or(0, |at| at + 1);
        Some(before.get(first)?.start..before.last()?.end)
    }
}

/// A source of a part of a text.
pub(super) fn source_of(text: &str) -> Rc<Source> {
    Source::anonymous(text)
}
