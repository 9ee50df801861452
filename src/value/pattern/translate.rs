//! .NET's pattern language into that of the regex crates.

use super::Options;
use smallvec::SmallVec;

/// Stands in the translated text for a `$` or `\Z` that may match before a last newline.
pub(super) const FINAL_ANCHOR: &str = "(?:\\z)";

/// A translated pattern.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) text: String,
    /// Names by .NET's numbers.
    pub(super) names: Vec<String>,
    /// For each .NET group the machine's groups.
    pub(super) feeds: Vec<SmallVec<[usize; 1]>>,
    /// Lookaround, backreferences and the like.
    pub(super) needs_backtracking: bool,
    /// Has a `$` that may match before a last newline.
    pub(super) has_final_anchor: bool,
}

/// Flags that hold from here to the end of the group.
#[derive(Clone, Copy)]
struct Flags {
    ignore_case: bool,
    multiline: bool,
    singleline: bool,
    explicit: bool,
    extended: bool,
}

struct Translator {
    characters: Vec<char>,
    at: usize,
    text: String,
    flags: Flags,
    /// Flags to go back to at each closing parenthesis.
    stack: Vec<Flags>,
    /// Capturing groups in the machine's order: a name, or none.
    groups: Vec<Option<String>>,
    needs_backtracking: bool,
    has_final_anchor: bool,
    references: Vec<Reference>,
}

/// A backreference to fill in when all groups are known.
struct Reference {
    /// Where in the translated text.
    position: usize,
    name: String,
}

pub(super) fn translate(pattern: &str, options: Options) -> Result<Translated, String> {
    let flags = Flags {
        ignore_case: options.has(Options::IGNORE_CASE),
        multiline: options.has(Options::MULTILINE),
        singleline: options.has(Options::SINGLELINE),
        explicit: options.has(Options::EXPLICIT_CAPTURE),
        extended: options.has(Options::IGNORE_PATTERN_WHITESPACE),
    };
    let mut translator = Translator {
        characters: pattern.chars().collect(),
        at: 0,
        text: String::with_capacity(pattern.len() + 16),
        flags,
        stack: Vec::new(),
        groups: Vec::new(),
        needs_backtracking: false,
        has_final_anchor: false,
        references: Vec::new(),
    };
    translator.write_flags();
    while let Some(c) = translator.next() {
        translator.step(c)?;
    }
    if !translator.stack.is_empty() {
        return Err("a parenthesis is not closed".to_string());
    }
    translator.finish()
}

impl Translator {
    fn next(&mut self) -> Option<char> {
        let c = self.characters.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(index, c)| self.peek(index) == Some(c))
    }

    /// Takes everything up to a closing character, which is taken too.
    fn until(&mut self, close: char) -> Result<String, String> {
        let rest = self.characters.get(self.at..).unwrap_or(&[]);
        let length = rest.iter().position(|c| *c == close).ok_or_else(|| format!("'{close}' is missing"))?;
        let text = rest.iter().take(length).collect();
        self.at += length + 1;
        Ok(text)
    }

    fn write_flags(&mut self) {
        let flag = |on: bool, letter: char| if on { (Some(letter), None) } else { (None, Some(letter)) };
        let (i_on, i_off) = flag(self.flags.ignore_case, 'i');
        let (s_on, s_off) = flag(self.flags.singleline, 's');
        let on: String = [i_on, s_on].into_iter().flatten().collect();
        let off: String = [i_off, s_off].into_iter().flatten().collect();
        self.text.push_str("(?");
        self.text.push_str(&on);
        if !off.is_empty() {
            self.text.push('-');
            self.text.push_str(&off);
        }
        self.text.push(')');
    }

    fn step(&mut self, c: char) -> Result<(), String> {
        match c {
            '(' => return self.open(),
            ')' => {
                self.flags = self.stack.pop().ok_or("a parenthesis closes nothing")?;
                self.text.push(')');
            }
            '[' => return self.class(),
            '\\' => return self.escape(),
            '^' if self.flags.multiline => self.text.push_str("(?m:^)"),
            '$' if self.flags.multiline => self.text.push_str("(?m:$)"),
            '$' => self.final_anchor(),
            '{' if !self.is_quantifier() => self.text.push_str("\\{"),
            '}' => self.text.push('}'),
            '#' if self.flags.extended => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            }
            c if self.flags.extended && c.is_whitespace() => {}
            '{' => self.quantifier(),
            '*' | '+' | '?' | '|' | '.' | '^' => self.text.push(c),
            other => self.literal(other),
        }
        Ok(())
    }

    fn literal(&mut self, c: char) {
        let mut buffer = [0; 4];
        self.text.push_str(&regex::escape(c.encode_utf8(&mut buffer)));
    }

    fn final_anchor(&mut self) {
        self.has_final_anchor = true;
        self.text.push_str(FINAL_ANCHOR);
    }

    /// True where the brace just read opens `{n}`, `{n,}` or `{n,m}`.
    fn is_quantifier(&self) -> bool {
        let rest = self.characters.get(self.at..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|c| *c == '}') else { return false };
        let inside: String = rest.iter().take(length).collect();
        let (low, high) = inside.split_once(',').unwrap_or((&inside, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !low.is_empty() && digits(low) && digits(high)
    }

    fn quantifier(&mut self) {
        self.text.push('{');
        while let Some(c) = self.next() {
            self.text.push(c);
            if c == '}' {
                break;
            }
        }
    }

    fn open(&mut self) -> Result<(), String> {
        if self.starts_with("?#") {
            return self.until(')').map(drop);
        }
        self.stack.push(self.flags);
        if self.peek(0) != Some('?') {
            self.open_group(if self.flags.explicit { None } else { Some(None) });
            return Ok(());
        }
        self.at += 1;
        for (prefix, fancy) in [(":", false), ("=", true), ("!", true), ("<=", true), ("<!", true), (">", true)] {
            if self.starts_with(prefix) {
                self.at += prefix.len();
                self.needs_backtracking |= fancy;
                self.text.push_str("(?");
                self.text.push_str(prefix);
                return Ok(());
            }
        }
        match self.next() {
            Some('<') => self.open_named('>'),
            Some('\'') => self.open_named('\''),
            Some('(') => self.open_condition(),
            Some('P') if self.peek(0) == Some('<') => {
                self.at += 1;
                self.open_named('>')
            }
            Some(_) => {
                self.at -= 1;
                self.open_flags()
            }
            None => Err("a group begins and does not go on".to_string()),
        }
    }

    /// Opens a group: not capturing, capturing, or capturing under a name.
    fn open_group(&mut self, capture: Option<Option<String>>) {
        match capture {
            None => self.text.push_str("(?:"),
            Some(name) => {
                self.groups.push(name);
                self.text.push('(');
            }
        }
    }

    fn open_named(&mut self, close: char) -> Result<(), String> {
        let name = self.until(close)?;
        if name.contains('-') {
            return Err("balancing groups are not supported".to_string());
        }
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Err(format!("'{name}' is no name for a group"));
        }
        self.open_group(Some(Some(name)));
        Ok(())
    }

    fn open_condition(&mut self) -> Result<(), String> {
        self.needs_backtracking = true;
        let condition = self.until(')')?;
        self.text.push_str("(?(");
        self.references.push(Reference { position: self.text.len(), name: condition });
        self.text.push(')');
        Ok(())
    }

    /// `(?i)` for the rest of the group, or `(?i:` for a group of its own.
    fn open_flags(&mut self) -> Result<(), String> {
        let mut on = true;
        let mut flags = self.flags;
        loop {
            match self.next().ok_or("an option is not closed")? {
                '-' => on = false,
                '+' => on = true,
                'i' => flags.ignore_case = on,
                'm' => flags.multiline = on,
                's' => flags.singleline = on,
                'n' => flags.explicit = on,
                'x' => flags.extended = on,
                ')' => {
                    self.stack.pop();
                    self.flags = flags;
                    self.write_flags();
                    return Ok(());
                }
                ':' => {
                    self.flags = flags;
                    self.text.push_str("(?:");
                    self.write_flags();
                    return Ok(());
                }
                other => return Err(format!("'{other}' is no option")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let c = self.next().ok_or("a backslash ends the pattern")?;
        match c {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'A' | 'z' => {
                self.text.push('\\');
                self.text.push(c);
            }
            'Z' => self.final_anchor(),
            'G' => {
                self.needs_backtracking = true;
                self.text.push_str("\\G");
            }
            'p' | 'P' => self.category(c)?,
            'k' => {
                let close = match self.next() {
                    Some('<') => '>',
                    Some('\'') => '\'',
                    Some('{') => '}',
                    _ => return Err("\\k needs a name".to_string()),
                };
                let name = self.until(close)?;
                self.reference(name);
            }
            '1'..='9' => {
                let mut digits = c.to_string();
                while let Some(digit) = self.peek(0).filter(char::is_ascii_digit) {
                    digits.push(digit);
                    self.at += 1;
                }
                self.reference(digits);
            }
            other => {
                let literal = self.escaped_character(other)?;
                self.literal(literal);
            }
        }
        Ok(())
    }

    fn reference(&mut self, name: String) {
        self.needs_backtracking = true;
        self.text.push_str("(?:\\");
        self.references.push(Reference { position: self.text.len(), name });
        self.text.push(')');
    }

    fn category(&mut self, letter: char) -> Result<(), String> {
        if self.next() != Some('{') {
            return Err(format!("\\{letter} needs a name in braces"));
        }
        let name = self.until('}')?;
        let script = match name.strip_prefix("Is") {
            Some("BasicLatin") => {
                self.text.push_str(if letter == 'p' { "[\\x00-\\x7f]" } else { "[^\\x00-\\x7f]" });
                return Ok(());
            }
            Some("GreekandCoptic") => "Greek",
            Some("CJKUnifiedIdeographs") => "Han",
            Some(block) => block,
            None => &name,
        };
        self.text.push_str(&format!("\\{letter}{{{script}}}"));
        Ok(())
    }

    /// The character that an escape stands for.
    fn escaped_character(&mut self, letter: char) -> Result<char, String> {
        let hex = |translator: &mut Self, count: usize| {
            let digits: String = (0..count).filter_map(|ahead| translator.peek(ahead)).collect();
            translator.at += digits.chars().count();
            u32::from_str_radix(&digits, 16)
                .ok()
                .filter(|_| digits.len() == count)
                .and_then(char::from_u32)
                .ok_or_else(|| format!("\\{letter} needs {count} hexadecimal digits"))
        };
        match letter {
            'x' => hex(self, 2),
            'u' => hex(self, 4),
            'c' => {
                let control = self.next().ok_or("\\c needs a letter")?;
                char::from_u32(u32::from(control.to_ascii_uppercase()) ^ 64).ok_or_else(|| "\\c needs a letter".into())
            }
            '0' => {
                let digits: String = (0..2).map_while(|ahead| self.peek(ahead).filter(|c| c.is_digit(8))).collect();
                self.at += digits.len();
                let code = if digits.is_empty() { 0 } else { u32::from_str_radix(&digits, 8).unwrap_or(0) };
                char::from_u32(code).ok_or_else(|| "an octal escape is too large".into())
            }
            other => match super::simple_escape(other) {
                Some(c) => Ok(c),
                None if other.is_ascii_alphanumeric() => Err(format!("\\{other} has no meaning")),
                None => Ok(other),
            },
        }
    }

    /// A character class; brackets and operators of the target language are escaped.
    fn class(&mut self) -> Result<(), String> {
        self.text.push('[');
        if self.peek(0) == Some('^') {
            self.at += 1;
            self.text.push('^');
        }
        let mut first = true;
        loop {
            let c = self.next().ok_or("a character class is not closed")?;
            match c {
                ']' if !first => break,
                '-' if self.peek(0) == Some('[') => {
                    self.at += 1;
                    self.text.push_str("--");
                    self.class()?;
                }
                '-' if first || self.peek(0) == Some(']') => self.text.push_str("\\-"),
                '-' => self.text.push('-'),
                '\\' => self.class_escape()?,
                '[' if self.peek(0) == Some(':') => self.text.push_str("\\["),
                '[' | ']' | '&' | '~' | '^' | '#' => {
                    self.text.push('\\');
                    self.text.push(c);
                }
                other => self.text.push(other),
            }
            first = false;
        }
        self.text.push(']');
        Ok(())
    }

    fn class_escape(&mut self) -> Result<(), String> {
        let c = self.next().ok_or("a character class is not closed")?;
        match c {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                self.text.push('\\');
                self.text.push(c);
                // After a shorthand a hyphen is itself.
                if self.peek(0) == Some('-') && self.peek(1) != Some('[') {
                    self.at += 1;
                    self.text.push_str("\\-");
                }
            }
            'p' | 'P' => self.category(c)?,
            'b' => self.text.push_str("\\x08"),
            other => {
                let literal = self.escaped_character(other)?;
                self.text.push_str(&format!("\\x{{{:x}}}", u32::from(literal)));
            }
        }
        Ok(())
    }

    /// Numbers the groups as .NET does (unnamed first, then named) and fills in the backreferences.
    fn finish(mut self) -> Result<Translated, String> {
        let mut names = vec!["0".to_string()];
        let mut feeds: Vec<SmallVec<[usize; 1]>> = vec![SmallVec::from_slice(&[0])];
        let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        let mut add = |name: String, machine_group: usize| match names.iter().position(|known| *known == name) {
            Some(index) => {
                if let Some(feed) = feeds.get_mut(index) {
                    feed.push(machine_group);
                }
            }
            None => {
                names.push(name);
                feeds.push(SmallVec::from_slice(&[machine_group]));
            }
        };
        let mut unnamed = 0;
        for (index, group) in self.groups.iter().enumerate() {
            match group {
                None => {
                    unnamed += 1;
                    add(unnamed.to_string(), index + 1);
                }
                Some(name) if is_number(name) => add(name.clone(), index + 1),
                Some(_) => {}
            }
        }
        for (index, group) in self.groups.iter().enumerate() {
            if let Some(name) = group.as_ref().filter(|name| !is_number(name)) {
                add(name.clone(), index + 1);
            }
        }
        let by_name = |name: &str| {
            let group = names.iter().position(|known| known == name)?;
            feeds.get(group).and_then(|feed| feed.last())
        };
        for reference in self.references.iter().rev() {
            let group = by_name(&reference.name).ok_or_else(|| format!("there is no group {}", reference.name))?;
            self.text.insert_str(reference.position, &group.to_string());
        }
        Ok(Translated {
            text: self.text,
            names,
            feeds,
            needs_backtracking: self.needs_backtracking,
            has_final_anchor: self.has_final_anchor,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Pattern, Replacement, escape, unescape};

    fn groups(pattern: &str, options: Options, text: &str) -> Option<Vec<String>> {
        let pattern = Pattern::compile(pattern, options).ok()?;
        let found = pattern.find_at(text, 0).ok()??;
        Some((0..pattern.group_names().len()).map(|g| found.text(g, text).unwrap_or("-").to_string()).collect())
    }

    #[test]
    fn matching() {
        let cases: &[(&str, &str, Option<&[&str]>)] = &[
            (r"(\w+)\s+(\w+)", "John Smith", Some(&["John Smith", "John", "Smith"])),
            (r"(?<k>\w+)=(?<v>\w+)", "key=value", Some(&["key=value", "key", "value"])),
            (r"(?<n>a)(b)", "ab", Some(&["ab", "b", "a"])),
            (r"(?'q'x)", "x", Some(&["x", "x"])),
            (r"(a)(x)?(b)", "ab", Some(&["ab", "a", "-", "b"])),
            (r"a$", "a\n", Some(&["a"])),
            (r"a\z", "a\n", None),
            (r"^b$", "a\nb", None),
            (r"(?m)^b$", "a\nb", Some(&["b"])),
            (r"(\w)\1", "hello", Some(&["ll", "l"])),
            (r"(?<c>\w)\k<c>", "hello", Some(&["ll", "l"])),
            (r"(?<=c)a", "abca", Some(&["a"])),
            (r"x{,3}", "x{,3}", Some(&["x{,3}"])),
            (r"[a-z-[aeiou]]+", "aebcd", Some(&["bcd"])),
            (r"[[]", "[", Some(&["["])),
            (r"[\w-]+", "a-b", Some(&["a-b"])),
            (r"\<a\>", "<a>", Some(&["<a>"])),
            (r"(?i:A)b", "ab", Some(&["ab"])),
            (r"(?x) a b # note", "ab", Some(&["ab"])),
            (r"\u0041\x42", "AB", Some(&["AB"])),
            (r"(?#note)a", "a", Some(&["a"])),
            (r"a{2}", "aaa", Some(&["aa"])),
            (r"[^\]]+", "ab]", Some(&["ab"])),
            (r"\d+(?!\d|%)", "12% 34", Some(&["34"])),
        ];
        for (pattern, text, expected) in cases {
            let expected: Option<Vec<String>> = expected.map(|all| all.iter().map(ToString::to_string).collect());
            assert_eq!(groups(pattern, Options::NONE, text), expected, "{pattern} on {text}");
        }
        assert!(groups("ABC", Options::IGNORE_CASE, "xabc").is_some());
        for bad in ["[", "(", "a)", "\\", "(?<x-y>a)", "*"] {
            assert!(Pattern::compile(bad, Options::NONE).is_err(), "{bad}");
        }
    }

    #[test]
    fn replacing() {
        let cases = [
            ("abc", "(b)", "<$1>", "a<b>c"),
            ("abc", "(?<x>b)", "<${x}>", "a<b>c"),
            ("abc", "b", "$$", "a$c"),
            ("abc", "b", "$9", "a$9c"),
            ("abc", "b", "${nope}", "a${nope}c"),
            ("abc", "b", "[$`]", "a[a]c"),
            ("abc", "b", "[$']", "a[c]c"),
            ("abc", "b", "[$_]", "a[abc]c"),
            ("aXb", "(a)(X)(b)", "[$+]", "[b]"),
            ("abc", "(a)", "$11", "$11bc"),
            ("abc", "(a)", "${1}1", "a1bc"),
            ("a.b.c", ".", "-", "-----"),
            ("abc", "$", "!", "abc!"),
            ("abc", "^", "> ", "> abc"),
            ("aaa", "a{2}", "b", "ba"),
            ("x", "", "-", "-x-"),
        ];
        for (text, pattern, replacement, expected) in cases {
            let pattern = Pattern::compile(pattern, Options::IGNORE_CASE).ok();
            let replaced = pattern.and_then(|pattern| {
                let replacement = Replacement::new(replacement, &pattern);
                pattern.replace(text, &replacement, 0, usize::MAX).ok().flatten()
            });
            assert_eq!(replaced.as_deref(), Some(expected), "{text} {replacement}");
        }
    }

    #[test]
    fn escaping() {
        assert_eq!(escape("a.b (c)"), r"a\.b\ \(c\)");
        assert_eq!(unescape(r"a\.b\t\x41").as_deref(), Some("a.b\tA"));
    }
}
