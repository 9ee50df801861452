//! Colours of a line being typed. [`classify`] is a pure function of the text; painting only maps classes to colours.

use crate::syntax::{self, Source, Token, TokenKind};
use std::ops::Range;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Blanks, brackets, bare words.
    Plain,
    /// A command's name.
    Command,
    /// `-Name`.
    Parameter,
    /// A word of the language.
    Keyword,
    /// `$name`.
    Variable,
    /// A string.
    String,
    /// A number.
    Number,
    /// An operator.
    Operator,
    /// A type or attribute in brackets.
    Type,
    /// A member or a key.
    Member,
    /// A comment.
    Comment,
    /// Where the text goes wrong.
    Error,
}

/// Stretches that cover `text` from end to end, in order; neighbours differ in class.
pub(crate) fn classify(text: &str) -> Vec<(Range<usize>, Class)> {
    let source = Source::anonymous(text);
    let (parsed, tokens) = syntax::tokenize(&source);
    let mut classes = vec![Class::Plain; text.len()];
    for token in tokens {
        paint(&mut classes, &token_range(&token), class_of(token.kind));
    }
    // An unfinished line is not a wrong one.
    for error in parsed.errors.iter().filter(|_| !parsed.incomplete) {
        paint(&mut classes, &(error.span.start as usize..error.span.end as usize), Class::Error);
    }
    stretches(text, &classes)
}

fn token_range(token: &Token) -> Range<usize> {
    token.span.start as usize..token.span.end as usize
}

fn paint(classes: &mut [Class], range: &Range<usize>, class: Class) {
    let end = range.end.min(classes.len());
    if let Some(stretch) = classes.get_mut(range.start.min(end)..end) {
        stretch.fill(class);
    }
}

fn class_of(kind: TokenKind) -> Class {
    match kind {
        TokenKind::Command => Class::Command,
        TokenKind::CommandParameter => Class::Parameter,
        TokenKind::Number => Class::Number,
        TokenKind::String => Class::String,
        TokenKind::Variable => Class::Variable,
        TokenKind::Member => Class::Member,
        TokenKind::Attribute | TokenKind::Type => Class::Type,
        TokenKind::Operator => Class::Operator,
        TokenKind::Keyword | TokenKind::LoopLabel => Class::Keyword,
        TokenKind::Comment => Class::Comment,
        TokenKind::CommandArgument
        | TokenKind::GroupStart
        | TokenKind::GroupEnd
        | TokenKind::StatementSeparator
        | TokenKind::NewLine
        | TokenKind::LineContinuation => Class::Plain,
    }
}

/// Runs of one class; a run never ends inside a character.
fn stretches(text: &str, classes: &[Class]) -> Vec<(Range<usize>, Class)> {
    let mut found: Vec<(Range<usize>, Class)> = Vec::new();
    for (at, character) in text.char_indices() {
        let class = classes.get(at).copied().unwrap_or(Class::Plain);
        let end = at + character.len_utf8();
        match found.last_mut() {
            Some((range, last)) if *last == class => range.end = end,
            _ => found.push((at..end, class)),
        }
    }
    found
}

/// The text with its colours, as escape sequences.
pub(crate) fn colour(text: &str) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    for (range, class) in classify(text) {
        let stretch = text.get(range).unwrap_or("");
        match sequence(class) {
            "" => painted.push_str(stretch),
            code => {
                painted.push_str(code);
                painted.push_str(stretch);
                painted.push_str("\x1b[0m");
            }
        }
    }
    painted
}

fn sequence(class: Class) -> &'static str {
    match class {
        Class::Plain | Class::Member => "",
        Class::Command => "\x1b[93m",
        Class::Parameter | Class::Operator => "\x1b[90m",
        Class::Keyword | Class::Variable => "\x1b[92m",
        Class::String => "\x1b[36m",
        Class::Number => "\x1b[97m",
        Class::Type => "\x1b[37m",
        Class::Comment => "\x1b[32m",
        Class::Error => "\x1b[91m",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes that are not plain, each with its text.
    fn named(text: &str) -> Vec<(&str, Class)> {
        classify(text).into_iter().filter(|(_, class)| *class != Class::Plain).map(|(r, c)| (&text[r], c)).collect()
    }

    #[test]
    fn words_have_their_classes() {
        use Class::*;
        let cases: &[(&str, &[(&str, Class)])] = &[
            ("Get-Item -Path a.txt", &[("Get-Item", Command), ("-Path", Parameter)]),
            ("$x = 5 # five", &[("$x", Variable), ("=", Operator), ("5", Number), ("# five", Comment)]),
            ("if ($a) { 'b' }", &[("if", Keyword), ("$a", Variable), ("'b'", String)]),
            ("\"a $b c\"", &[("\"a ", String), ("$b", Variable), (" c\"", String)]),
            ("[int]$x", &[("[int]", Type), ("$x", Variable)]),
            ("@{ key = 1 }", &[("key", Member), ("=", Operator), ("1", Number)]),
            ("1 2", &[("1", Number), ("2", Error)]),
            ("Get-Item (", &[("Get-Item", Command)]),
        ];
        for (text, expected) in cases {
            assert_eq!(&named(text), expected, "{text}");
        }
    }

    #[test]
    fn stretches_cover_the_text() {
        for text in ["", "é", "\"é $x\" | ünï", "@'\nä", "1 + )"] {
            let whole: String = classify(text).into_iter().map(|(r, _)| &text[r]).collect();
            assert_eq!(whole, text);
        }
    }
}
