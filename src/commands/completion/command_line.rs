//! The command that the cursor is in, bound as far as it is written: which parameters have values, and which one the
//! word at the cursor is for.

use super::site::{Element, Site};
use crate::commands::general::command_signature;
use crate::runtime::binder::{ALL_SETS, CommandSignature, Parameter, SetMask};
use crate::runtime::{Collector, Command, FunctionInfo, Session, Symbol};
use crate::syntax::TokenKind;
use crate::value::Value;
use std::ops::Range;
use std::rc::Rc;

/// A word of a command.
#[derive(Clone, Debug)]
pub(super) enum Word {
    /// `-Name`, with the name as written; true where a colon follows.
    Parameter(String, bool),
    /// An argument as written.
    Value(Range<usize>),
    /// Between the items of one argument.
    Comma,
}

/// A command as far as it is written.
#[derive(Clone, Debug)]
pub(super) struct CommandLine {
    /// Its name as written.
    pub(super) name: String,
    /// Where the name starts.
    pub(super) start: usize,
    /// What stands before the word at the cursor.
    pub(super) words: Vec<Word>,
    /// What stands after it.
    pub(super) after: Vec<Word>,
    /// The words as tokens, for `-Where`-like looks at neighbours.
    pub(super) input: Option<Range<usize>>,
}

impl CommandLine {
    /// The command at the end of a statement; `None` where none has begun.
    pub(super) fn new(site: &Site<'_>, statement: &[Element]) -> Option<CommandLine> {
        let at = statement.iter().rposition(|element| element.kind == TokenKind::Command)?;
        let (name, rest) = (statement.get(at)?, statement.get(at + 1..)?);
        let ends = |element: &Element| {
            element.kind == TokenKind::Operator && matches!(site.slice(element), "|" | "=" | "&" | "&&" | "||")
        };
        if rest.iter().any(ends) || site.slice(name).starts_with('[') {
            return None;
        }
        let input = site.pipeline_input(statement);
        let words = words_of(site, rest.iter().copied());
        let after = site.tokens.iter().filter(|token| token.span.start as usize >= site.word().end.max(site.cursor));
        let stop = |kind: TokenKind, text: &str| {
            matches!(kind, TokenKind::StatementSeparator | TokenKind::NewLine | TokenKind::GroupEnd)
                || kind == TokenKind::Operator && matches!(text, "|" | "&&" | "||" | "&")
        };
        let elements = after
            .map(|token| Element { kind: token.kind, start: token.span.start as usize, end: token.span.end as usize })
            .take_while(|element| !stop(element.kind, site.slice(element)));
        let name_text = site.slice(name).trim_matches(['\'', '"']).to_owned();
        Some(CommandLine { name: name_text, start: name.start, words, after: words_of(site, elements), input })
    }

    /// A command of which only the name is known.
    pub(super) fn named(name: &str) -> CommandLine {
        CommandLine { name: name.to_owned(), start: 0, words: Vec::new(), after: Vec::new(), input: None }
    }

    /// The command that is meant and what it takes; `None` for programs and unknown names.
    pub(super) fn signature(&self, session: &mut Session, site: &Site<'_>) -> Option<(Command, Rc<CommandSignature>)> {
        if let Some(function) = site.function(&self.name).and_then(|text| defined(session, &self.name, text)) {
            let signature = command_signature(session, &function).ok().flatten()?;
            return Some((function, signature));
        }
        let command = session.find_command(&self.name, Symbol::new(&self.name)).ok().flatten()?;
        let signature = command_signature(session, &command).ok().flatten()?;
        Some((command, signature))
    }
}

fn words_of(site: &Site<'_>, elements: impl Iterator<Item = Element>) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut last_end = None;
    for element in elements {
        let written = site.slice(&element);
        // Commas are no tokens here: they are looked for between two words.
        if let Some(end) = last_end
            && site.text.get(end..element.start).is_some_and(|between| between.contains(','))
        {
            found.push(Word::Comma);
        }
        let adjacent = last_end == Some(element.start);
        last_end = Some(element.end);
        match (element.kind, found.last_mut()) {
            (TokenKind::CommandParameter, _) => {
                let name = written.trim_start_matches('-');
                found.push(Word::Parameter(name.trim_end_matches(':').to_owned(), name.ends_with(':')));
            }
            // `"a"b`, `$x.y`, `(1).z` are one word.
            (_, Some(Word::Value(range))) if adjacent => range.end = element.end,
            (TokenKind::NewLine, _) => {}
            _ => found.push(Word::Value(element.start..element.end)),
        }
    }
    found
}

/// A function that the text defines, made in a scope of its own.
fn defined(session: &mut Session, name: &str, text: &str) -> Option<Command> {
    let block = session.parse_block(super::site::source_of(&format!("{text}\n${{function:{name}}}"))).ok()?;
    let mut output = Collector::default();
    session.run_block_with(&block, &[], None, &mut output).ok()?;
    match output.into_value() {
        Value::ScriptBlock(block) => Some(Command::Function(FunctionInfo::new(name, block, session.state.clone()))),
        _ => None,
    }
}

/// A command line bound to what its command takes.
pub(super) struct Bound {
    pub(super) signature: Rc<CommandSignature>,
    /// Parameters with their values as written, in the order of the line.
    pub(super) values: Vec<(u16, Vec<Range<usize>>)>,
    /// Sets that are still possible.
    pub(super) sets: SetMask,
    /// The parameters that the word at the cursor may be for, likeliest first.
    pub(super) targets: Vec<u16>,
}

impl Bound {
    pub(super) fn new(site: &Site<'_>, line: &CommandLine, signature: Rc<CommandSignature>) -> Bound {
        let mut bound = Bound { signature, values: Vec::new(), sets: ALL_SETS, targets: Vec::new() };
        let mut positional: Vec<Vec<Range<usize>>> = Vec::new();
        let named_later: Vec<u16> = line.after.iter().filter_map(|word| bound.named(word)).collect();
        let (mut waiting, mut comma, mut last) = (None, false, None);
        for word in &line.words {
            match word {
                Word::Parameter(name, colon) => {
                    let number = bound.find(name);
                    let takes = number.filter(|number| *colon || !bound.signature.is_switch(*number));
                    if let (Some(number), None) = (number, takes) {
                        bound.values.push((number, Vec::new()));
                    }
                    (waiting, comma) = (takes, false);
                }
                Word::Comma => comma = true,
                Word::Value(range) => {
                    match (waiting.take(), comma) {
                        (Some(number), _) => {
                            bound.values.push((number, vec![range.clone()]));
                            last = Some(number);
                        }
                        (None, true) => match last {
                            Some(number) => bound.extend(number, range),
                            None => positional.last_mut().into_iter().for_each(|items| items.push(range.clone())),
                        },
                        (None, false) => {
                            positional.push(vec![range.clone()]);
                            last = None;
                        }
                    }
                    comma = false;
                }
            }
        }
        let trailing = site.before().trim_end_matches(site.written()).trim_end().ends_with(',');
        bound.bind_named(&named_later);
        let open = positional.len() - usize::from(trailing && last.is_none() && !positional.is_empty());
        let target = waiting.or(last.filter(|_| trailing));
        bound.targets = match target {
            Some(number) => vec![number],
            None => bound.positional_at(open),
        };
        bound.bind_positional(positional);
        bound
    }

    fn named(&self, word: &Word) -> Option<u16> {
        match word {
            Word::Parameter(name, _) => self.find(name),
            _ => None,
        }
    }

    /// The parameter of a name, an alias or an unmistakable beginning.
    pub(super) fn find(&self, name: &str) -> Option<u16> {
        if let Some(number) = self.signature.find(name) {
            return Some(number);
        }
        let count = self.signature.parameters.len() + self.signature.common.len();
        let starts = |number: &u16| begins(&self.signature.parameter_name(*number), name);
        let fitting: Vec<u16> = (0..count as u16).filter(starts).collect();
        match fitting.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    fn extend(&mut self, number: u16, range: &Range<usize>) {
        if let Some((_, items)) = self.values.iter_mut().rev().find(|(known, _)| *known == number) {
            items.push(range.clone());
        }
    }

    fn bind_named(&mut self, later: &[u16]) {
        let numbers = self.values.iter().map(|(number, _)| *number).chain(later.iter().copied());
        let sets = numbers.filter_map(|number| self.signature.parameter(number)).fold(ALL_SETS, |m, p| m & p.sets);
        self.sets = sets;
        self.values.extend(later.iter().map(|number| (*number, Vec::new())));
    }

    pub(super) fn is_bound(&self, number: u16) -> bool {
        self.values.iter().any(|(known, _)| *known == number)
    }

    /// The parameters that a positional argument of this number may be for, those of the default set first.
    fn positional_at(&self, index: usize) -> Vec<u16> {
        let default = self.signature.default_set & self.sets;
        let count = self.signature.sets.len().min(32) as u32;
        let others = (0..count).map(|bit| 1 << bit).filter(|mask| mask & self.sets != 0 && *mask != default);
        let masks = Some(default).filter(|mask| *mask != 0).into_iter().chain(others);
        let masks: Vec<SetMask> = if count == 0 { vec![ALL_SETS] } else { masks.collect() };
        let mut found = Vec::new();
        for mask in masks {
            let mut row: Vec<(i32, u16)> = Vec::new();
            for (number, parameter) in self.signature.parameters.iter().enumerate() {
                let number = number as u16;
                if let Some(position) = parameter.position(mask).filter(|_| !self.is_bound(number)) {
                    row.push((position, number));
                }
            }
            row.sort();
            let at = row.get(index).or_else(|| row.last().filter(|(_, number)| self.takes_rest(*number, mask)));
            if let Some((_, number)) = at
                && !found.contains(number)
            {
                found.push(*number);
            }
        }
        found
    }

    fn takes_rest(&self, number: u16, mask: SetMask) -> bool {
        self.signature.parameter(number).is_some_and(|parameter| parameter.is_remaining(mask))
    }

    fn bind_positional(&mut self, positional: Vec<Vec<Range<usize>>>) {
        for items in positional {
            if let Some(number) = self.positional_at(0).first().copied() {
                self.values.push((number, items));
            }
        }
    }

    /// Parameters that have no value yet, in their order, with their numbers.
    pub(super) fn open(&self) -> impl Iterator<Item = (u16, &Parameter)> {
        let numbered = self.signature.parameters.iter().enumerate().map(|(at, parameter)| (at as u16, parameter));
        numbered.filter(|(number, _)| !self.is_bound(*number))
    }

    /// The values of a parameter as written.
    pub(super) fn value_of(&self, name: &str) -> Option<&[Range<usize>]> {
        let number = self.signature.find(name)?;
        self.values.iter().find(|(known, _)| *known == number).map(|(_, items)| items.as_slice())
    }

    /// The plain texts given to a parameter, without quotes.
    pub(super) fn texts_of(&self, site: &Site<'_>, name: &str) -> Vec<String> {
        let text =
            |range: &Range<usize>| site.text.get(range.clone()).unwrap_or("").trim_matches(['\'', '"']).to_owned();
        self.value_of(name).unwrap_or_default().iter().map(text).collect()
    }
}

/// True where a name begins with a text, in any case.
pub(super) fn begins(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}
