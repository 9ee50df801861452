//! PowerShell's wildcard patterns: `*`, `?`, `[a-z]`, and the backtick that takes their meaning away.

use super::collate::simple_upper;
use super::{ErrorCategory, Fault, Outcome};

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Literal(char),
    One,
    Any,
    Set(Vec<(char, char)>),
}

/// A pattern ready to match.
#[derive(Clone, Debug)]
pub(crate) struct Wildcard {
    steps: Vec<Step>,
    case_sensitive: bool,
}

impl Wildcard {
    /// Reads a pattern; a bracket that is never closed is an error.
    pub(crate) fn new(pattern: &str, case_sensitive: bool) -> Outcome<Self> {
        Self::read(pattern, case_sensitive).ok_or_else(|| invalid(pattern).into())
    }

    fn read(pattern: &str, case_sensitive: bool) -> Option<Self> {
        let fold = |c: char| if case_sensitive { c } else { simple_upper(c) };
        let mut steps = Vec::with_capacity(pattern.len());
        let mut characters = pattern.chars();
        while let Some(c) = characters.next() {
            match c {
                '*' if steps.last() == Some(&Step::Any) => {}
                '*' => steps.push(Step::Any),
                '?' => steps.push(Step::One),
                '[' => steps.push(Step::Set(read_set(&mut characters, fold)?)),
                '`' => steps.push(Step::Literal(fold(characters.next().unwrap_or('`')))),
                other => steps.push(Step::Literal(fold(other))),
            }
        }
        Some(Self { steps, case_sensitive })
    }

    /// True where the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        if text.is_ascii() {
            return self.run(text.as_bytes(), |byte| {
                if self.case_sensitive { *byte as char } else { byte.to_ascii_uppercase() as char }
            });
        }
        let characters: Vec<char> = text.chars().collect();
        self.run(&characters, |c| if self.case_sensitive { *c } else { simple_upper(*c) })
    }

    /// Walks text and pattern together; on a mismatch the last `*` takes one character more.
    fn run<T>(&self, text: &[T], fold: impl Fn(&T) -> char) -> bool {
        let (mut at, mut step) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            let fits = match (self.steps.get(step), text.get(at)) {
                (Some(Step::Any), _) => {
                    retry = Some((step + 1, at));
                    step += 1;
                    continue;
                }
                (Some(step), Some(c)) => step.fits(fold(c)),
                (None, _) | (_, None) => false,
            };
            if fits {
                at += 1;
                step += 1;
            } else if let Some((after, from)) = &mut retry {
                *from += 1;
                (at, step) = (*from, *after);
            } else {
                return false;
            }
        }
        self.steps.iter().skip(step).all(|rest| *rest == Step::Any)
    }

    /// True where the pattern is a plain text.
    pub(crate) fn is_literal(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Literal(_)))
    }
}

impl Step {
    #[inline]
    fn fits(&self, c: char) -> bool {
        match self {
            Step::Literal(literal) => *literal == c,
            Step::One | Step::Any => true,
            Step::Set(ranges) => ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)),
        }
    }
}

/// Reads a set up to its closing bracket, which counts as a member where it comes first.
fn read_set(characters: &mut std::str::Chars<'_>, fold: impl Fn(char) -> char) -> Option<Vec<(char, char)>> {
    let mut members: Vec<(char, bool)> = Vec::new();
    loop {
        match characters.next()? {
            ']' if !members.is_empty() => break,
            '`' => members.push((characters.next()?, true)),
            c => members.push((c, false)),
        }
    }
    let mut ranges = Vec::new();
    let mut rest = members.as_slice();
    while let Some(((first, _), after)) = rest.split_first() {
        match after {
            [('-', false), (last, _), beyond @ ..] => {
                ranges.push((fold(*first), fold(*last)));
                rest = beyond;
            }
            _ => {
                ranges.push((fold(*first), fold(*first)));
                rest = after;
            }
        }
    }
    Some(ranges)
}

fn invalid(pattern: &str) -> Fault {
    Fault::new(
        "RuntimeException",
        format!("The wildcard pattern '{pattern}' has a '[' that is never closed; write `[ to mean the character."),
    )
    .exception("System.Management.Automation.WildcardPatternException")
    .category(ErrorCategory::NotSpecified)
}

/// True where a text has an unescaped `*`, `?` or `[`.
pub(crate) fn has_wildcard(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let special = !escaped && matches!(c, '*' | '?' | '[');
        escaped = !escaped && c == '`';
        special
    })
}

/// Puts a backtick before every wildcard character.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '`') {
            escaped.push('`');
        }
        escaped.push(c);
    }
    escaped
}

/// Takes the backticks before wildcard characters out.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let next = characters.peek().copied();
        if c != '`' || !next.is_some_and(|next| matches!(next, '*' | '?' | '[' | ']' | '`')) {
            plain.push(c);
        } else {
            plain.extend(characters.next());
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let cases = [
            ("hello", "h*", true),
            ("hello", "H*O", true),
            ("hello", "ell", false),
            ("hello", "*ell*", true),
            ("hello", "h?llo", true),
            ("hllo", "h?llo", false),
            ("hello", "h[aeiou]llo", true),
            ("hallo", "h[a-f]llo", true),
            ("h-llo", "h[-a]llo", true),
            ("a*b", "a`*b", true),
            ("axb", "a`*b", false),
            ("a[b", "a`[b", true),
            ("a]b", "a]b", true),
            ("", "", true),
            ("", "*", true),
            ("x", "", false),
            ("multi\nline", "multi*line", true),
            ("b3", "[a-c][0-9]", true),
            ("aXbXc", "a*x*c", true),
            ("été", "?T?", true),
            ("]", "[]]", true),
        ];
        for (text, pattern, expected) in cases {
            let matched = Wildcard::new(pattern, false).map(|wildcard| wildcard.matches(text)).ok();
            assert_eq!(matched, Some(expected), "{text} -like {pattern}");
        }
        assert!(Wildcard::new("[", false).is_err());
        assert!(has_wildcard("a*") && !has_wildcard("a`*"));
        assert_eq!(unescape(&escape("a[1]*`")), "a[1]*`");
    }
}
