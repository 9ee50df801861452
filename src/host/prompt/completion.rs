//! What can follow at the cursor. A pure function of the text and of what a [`Knowledge`] answers; nothing is executed.

use crate::syntax::{self, Source, Token, TokenKind};
use std::ops::Range;

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is shown in the list.
    pub shown: String,
    /// What is put in.
    pub text: String,
}

/// Proposals for a stretch of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the replaced stretch starts.
    pub start: usize,
    /// Best first.
    pub candidates: Vec<Candidate>,
}

/// A parameter as completion needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The values it takes, where they are few and known.
    pub values: Vec<String>,
    /// Takes no value.
    pub is_switch: bool,
}

/// What the session knows; every list may be longer than the prefix asks for.
pub trait Knowledge {
    /// Names of commands.
    fn commands(&mut self, prefix: &str) -> Vec<String>;
    /// Parameters of a command.
    fn parameters(&mut self, command: &str) -> Vec<Parameter>;
    /// Variables, without `$`, with their scope or drive where one is asked for (`env:P`).
    fn variables(&mut self, prefix: &str) -> Vec<String>;
    /// Members of a variable with a chain of properties, such as `$x.Name`; or of `[type]` (static ones).
    fn members(&mut self, target: &str) -> Vec<String>;
    /// Types by the beginning of their name.
    fn types(&mut self, prefix: &str) -> Vec<String>;
    /// Files and directories; directories end in `/`.
    fn paths(&mut self, prefix: &str) -> Vec<String>;
    /// Identities that a service knows, for a parameter that names a thing.
    fn identities(&mut self, command: &str, parameter: &str, prefix: &str) -> Vec<String>;
}

/// Proposals at `cursor`, a byte offset.
pub fn complete(text: &str, cursor: usize, knowledge: &mut dyn Knowledge) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    let word = word_at_end(before);
    let written = &before[word.clone()];
    let found = match place_of(before, &word) {
        Place::Variable => {
            named(knowledge.variables(written.trim_start_matches(['$', '{'])), |name| variable_text(&name))
        }
        Place::Member { target, start } => {
            let prefix = &before[start..];
            let members = matching(knowledge.members(&before[target]), prefix);
            return Completion { start, candidates: named(members, std::convert::identity) };
        }
        Place::Type { start } => {
            let types = matching(knowledge.types(&before[start..]), &before[start..]);
            return Completion { start, candidates: named(types, std::convert::identity) };
        }
        Place::Command if !looks_like_path(written) => named(knowledge.commands(written), std::convert::identity),
        Place::Command => paths(knowledge, written),
        Place::Parameter { command } => {
            let names = knowledge.parameters(&command).into_iter().map(|parameter| format!("-{}", parameter.name));
            named(names.collect(), std::convert::identity)
        }
        Place::Value { command, parameter } => values(knowledge, &command, &parameter, written),
        Place::Argument => paths(knowledge, written),
    };
    let prefix = written.trim_start_matches(['\'', '"', '$', '{']);
    // `pool\name` is also found by its name.
    let own_name = |shown: &str| shown.rsplit('\\').next().is_some_and(|name| starts(name, prefix));
    let fits = |one: &Candidate| starts(&one.text, prefix) || starts(&one.shown, prefix) || own_name(&one.shown);
    let candidates = found.into_iter().filter(fits).collect();
    Completion { start: word.start, candidates }
}

/// What is wanted at the cursor.
#[derive(Debug, PartialEq)]
enum Place {
    Variable,
    Member { target: Range<usize>, start: usize },
    Type { start: usize },
    Command,
    Parameter { command: String },
    Value { command: String, parameter: String },
    Argument,
}

/// The unfinished word before the cursor; quotes keep blanks together.
fn word_at_end(before: &str) -> Range<usize> {
    let mut start = 0;
    let mut quote = None;
    for (at, c) in before.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                start = if at == start { at } else { start };
            }
            None if c.is_whitespace() || matches!(c, '|' | ';' | '(' | '{' | '}' | ')' | ',' | '=' | '&') => {
                start = at + c.len_utf8();
            }
            None => {}
        }
    }
    start..before.len()
}

fn place_of(before: &str, word: &Range<usize>) -> Place {
    let written = &before[word.clone()];
    if let Some(member) = member_at_end(before) {
        return member;
    }
    if let Some(open) = written.rfind('[').filter(|open| !written[*open..].contains(']')) {
        return Place::Type { start: word.start + open + 1 };
    }
    if written.starts_with('$') {
        return Place::Variable;
    }
    let words = words_of_command(before, word.start);
    let Some(command) = words.first().cloned() else { return Place::Command };
    let dashed = |text: &str| text.starts_with('-') && text.len() > 1;
    if written.starts_with('-') {
        return Place::Parameter { command };
    }
    match words.last().filter(|last| words.len() > 1 && dashed(last)) {
        Some(parameter) => Place::Value { command, parameter: parameter.trim_start_matches('-').to_owned() },
        // The first argument of the administration's cmdlets is an identity.
        None if words.len() == 1 && command.contains("-Cs") && !looks_like_path(written) => {
            Place::Value { command, parameter: "Identity".to_owned() }
        }
        None => Place::Argument,
    }
}

/// `$x.Na`, `$x.Name.Le`, `[type]::Me`: what stands before the last access operator, and where the name starts.
fn member_at_end(before: &str) -> Option<Place> {
    let name_length =
        before.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum::<usize>();
    let start = before.len() - name_length;
    let head = before.get(..start)?;
    let target = head.strip_suffix("::").or_else(|| head.strip_suffix('.'))?;
    let begin = target.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '[' | ']' | ':' | '+')));
    let begin = begin.map_or(0, |at| at + target[at..].chars().next().map_or(1, char::len_utf8));
    let chain = target.get(begin..)?;
    let is_target = chain.starts_with('$') || (chain.starts_with('[') && chain.ends_with(']'));
    is_target.then_some(Place::Member { target: begin..target.len(), start })
}

/// The words of the command that the cursor stands in, up to `end`.
fn words_of_command(before: &str, end: usize) -> Vec<String> {
    let head = before.get(..end).unwrap_or(before);
    let source = Source::anonymous(head);
    let (_, tokens) = syntax::tokenize(&source);
    let last_command = tokens.iter().rposition(|token| token.kind == TokenKind::Command);
    let Some(first) = last_command else { return Vec::new() };
    let rest: &[Token] = tokens.get(first..).unwrap_or_default();
    if rest.iter().skip(1).any(|token| ends_command(token, head)) {
        return Vec::new();
    }
    let text = |token: &Token| source.slice(token.span).to_owned();
    rest.iter().filter(|token| token.kind != TokenKind::NewLine).map(text).collect()
}

fn ends_command(token: &Token, text: &str) -> bool {
    let written = text.get(token.span.start as usize..token.span.end as usize).unwrap_or("");
    match token.kind {
        TokenKind::StatementSeparator | TokenKind::NewLine | TokenKind::GroupStart | TokenKind::GroupEnd => true,
        TokenKind::Operator => matches!(written, "|" | "&&" | "||" | "&" | "="),
        _ => false,
    }
}

fn values(knowledge: &mut dyn Knowledge, command: &str, parameter: &str, written: &str) -> Vec<Candidate> {
    let lower = parameter.to_lowercase();
    let known = knowledge.parameters(command);
    let exact = known.iter().find(|one| one.name.to_lowercase() == lower);
    let Some(found) = exact.or_else(|| known.iter().find(|one| one.name.to_lowercase().starts_with(&lower))) else {
        return paths(knowledge, written);
    };
    if found.is_switch {
        return paths(knowledge, written);
    }
    if !found.values.is_empty() {
        return named(found.values.clone(), std::convert::identity);
    }
    let prefix = written.trim_start_matches(['\'', '"']);
    let identities = knowledge.identities(command, &found.name, prefix);
    if !identities.is_empty() {
        return named(identities, |text| quoted(&text));
    }
    paths(knowledge, written)
}

fn paths(knowledge: &mut dyn Knowledge, written: &str) -> Vec<Candidate> {
    let prefix = written.trim_start_matches(['\'', '"']);
    named(knowledge.paths(prefix), |path| quoted(&path))
}

fn looks_like_path(written: &str) -> bool {
    written.starts_with(['.', '/', '~']) || written.contains('/')
}

/// In quotes where it would not be one word without.
fn quoted(text: &str) -> String {
    let plain = |c: char| !c.is_whitespace() && !"'\"`$();{}|&,<>@#".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

fn variable_text(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '?'));
    if plain { format!("${name}") } else { format!("${{{name}}}") }
}

fn named(names: Vec<String>, text: impl Fn(String) -> String) -> Vec<Candidate> {
    let mut names = names;
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup();
    names.into_iter().map(|shown| Candidate { text: text(shown.clone()), shown }).collect()
}

fn matching(names: Vec<String>, prefix: &str) -> Vec<String> {
    names.into_iter().filter(|name| starts(name, prefix)).collect()
}

fn starts(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    impl Knowledge for Fixed {
        fn commands(&mut self, _: &str) -> Vec<String> {
            list(&["Get-Item", "Get-ChildItem", "Set-Item"])
        }
        fn parameters(&mut self, command: &str) -> Vec<Parameter> {
            let named = |name: &str| Parameter { name: name.to_owned(), ..Parameter::default() };
            match command {
                "Get-Item" => vec![
                    named("Path"),
                    Parameter { values: list(&["All", "None"]), ..named("Kind") },
                    Parameter { is_switch: true, ..named("Force") },
                    named("Identity"),
                ],
                _ => Vec::new(),
            }
        }
        fn variables(&mut self, prefix: &str) -> Vec<String> {
            if prefix.starts_with("env:") { list(&["env:PATH", "env:HOME"]) } else { list(&["name", "null", "my var"]) }
        }
        fn members(&mut self, target: &str) -> Vec<String> {
            match target {
                "$x" | "$x.y" => list(&["Length", "Name"]),
                "[int]" => list(&["MaxValue", "MinValue", "Parse"]),
                _ => Vec::new(),
            }
        }
        fn types(&mut self, _: &str) -> Vec<String> {
            list(&["int", "string"])
        }
        fn paths(&mut self, _: &str) -> Vec<String> {
            list(&["a b.txt", "abc/", "other"])
        }
        fn identities(&mut self, _: &str, parameter: &str, _: &str) -> Vec<String> {
            if parameter == "Identity" { list(&["room one", "room2"]) } else { Vec::new() }
        }
    }

    #[test]
    fn proposals_fit_the_place() {
        let cases: &[(&str, usize, &[&str])] = &[
            ("Get-", 0, &["Get-ChildItem", "Get-Item"]),
            ("1 | set", 4, &["Set-Item"]),
            ("Get-Item -", 9, &["-Force", "-Identity", "-Kind", "-Path"]),
            ("Get-Item -ki", 9, &["-Kind"]),
            ("Get-Item -Kind ", 15, &["All", "None"]),
            ("Get-Item -Kind n", 15, &["None"]),
            ("Get-Item -Identity room", 19, &["'room one'", "room2"]),
            ("Get-Item a", 9, &["'a b.txt'", "abc/"]),
            ("Get-Item -Force ot", 16, &["other"]),
            ("$n", 0, &["$name", "$null"]),
            ("echo $m", 5, &["${my var}"]),
            ("$env:P", 0, &["$env:PATH"]),
            ("$x.Le", 3, &["Length"]),
            ("($x.y.", 6, &["Length", "Name"]),
            ("[int]::M", 7, &["MaxValue", "MinValue"]),
            ("[in", 1, &["int"]),
            ("$a = get-i", 5, &["Get-Item"]),
            ("if ($a) { get-i", 10, &["Get-Item"]),
            ("./a", 0, &[]),
        ];
        for (text, start, expected) in cases {
            let found = complete(text, text.len(), &mut Fixed);
            let texts: Vec<&str> = found.candidates.iter().map(|one| one.text.as_str()).collect();
            assert_eq!((found.start, texts.as_slice()), (*start, *expected), "{text}");
        }
    }

    #[test]
    fn any_cursor_is_safe() {
        let text = "\"é $x.\" | Get-Item -Kïnd 'ä [in";
        for cursor in 0..=text.len() + 1 {
            complete(text, cursor, &mut Fixed);
        }
    }
}
