//! Regular expressions with .NET's meaning, on the regex crate where it can say the same, else on fancy-regex.
//! Right-to-left matching, balancing groups and the captures of repeated groups go to a machine of our own.

mod backtrack;
mod replace;
mod translate;

pub(crate) use replace::Replacement;

use super::{ErrorCategory, Fault, Hashtable, Outcome, Str, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// `RegexOptions`, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Options(pub(crate) u32);

impl Options {
    /// `None`.
    pub(crate) const NONE: Options = Options(0);
    /// `IgnoreCase`, what the operators use.
    pub(crate) const IGNORE_CASE: Options = Options(1);
    /// `Multiline`.
    pub(crate) const MULTILINE: Options = Options(2);
    /// `ExplicitCapture`.
    pub(crate) const EXPLICIT_CAPTURE: Options = Options(4);
    /// `Singleline`.
    pub(crate) const SINGLELINE: Options = Options(16);
    /// `IgnorePatternWhitespace`.
    pub(crate) const IGNORE_PATTERN_WHITESPACE: Options = Options(32);
    /// `RightToLeft`.
    pub(crate) const RIGHT_TO_LEFT: Options = Options(64);

    /// True where all bits of `other` are set.
    pub(crate) fn has(self, other: Options) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    pub(crate) fn with(self, other: Options) -> Options {
        Options(self.0 | other.0)
    }
}

/// Start and end of a group, in bytes.
pub(crate) type Span = (usize, usize);

/// One match: the whole at 0, then the groups by .NET's numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Spans; `None` for a group that took no part.
    pub(crate) groups: SmallVec<[Option<Span>; 4]>,
}

impl Found {
    /// The span of the whole match.
    pub(crate) fn span(&self) -> Span {
        self.groups.first().copied().flatten().unwrap_or((0, 0))
    }

    /// The text of a group.
    pub(crate) fn text<'a>(&self, group: usize, input: &'a str) -> Option<&'a str> {
        let (start, end) = self.groups.get(group).copied().flatten()?;
        input.get(start..end)
    }
}

/// The machine that runs a pattern.
enum Machine {
    Plain(Box<regex::Regex>, RefCell<regex::CaptureLocations>),
    Fancy(Box<fancy_regex::Regex>),
    /// What the crates do not offer.
    Own(Box<backtrack::Program>),
}

/// A compiled pattern.
pub(crate) struct Pattern {
    source: Str,
    options: Options,
    /// Names by .NET's group number; numbers as text for unnamed groups.
    names: Vec<Str>,
    /// The machine's groups that feed each .NET group.
    feeds: Vec<SmallVec<[usize; 1]>>,
    machine: Machine,
    /// For inputs that end in a newline, where `$` may match before it: only patterns with such a `$` have one.
    before_newline: Option<(String, OnceCell<Box<fancy_regex::Regex>>)>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}/", self.source)
    }
}

thread_local! {
    /// Compiled patterns by options and text: compiling costs a thousand times a match.
    static CACHE: RefCell<FxHashMap<u32, FxHashMap<Box<str>, Rc<Pattern>>>> = RefCell::default();
}

/// Patterns kept per set of options before the cache starts anew.
const CACHE_LIMIT: usize = 512;

impl Pattern {
    /// A pattern, compiled once per text and options.
    #[inline]
    pub(crate) fn cached(pattern: &str, options: Options) -> Outcome<Rc<Pattern>> {
        let known = CACHE.with_borrow(|cache| cache.get(&options.0).and_then(|kept| kept.get(pattern)).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Rc::new(Self::compile(pattern, options)?);
        CACHE.with_borrow_mut(|cache| {
            let kept = cache.entry(options.0).or_default();
            if kept.len() >= CACHE_LIMIT {
                kept.clear();
            }
            kept.insert(pattern.into(), made.clone());
        });
        Ok(made)
    }

    /// Compiles a pattern.
    pub(crate) fn compile(pattern: &str, options: Options) -> Outcome<Pattern> {
        if options.has(Options::RIGHT_TO_LEFT) || has_balancing_group(pattern) {
            return Self::compile_own(pattern, options);
        }
        let translated = translate::translate(pattern, options).map_err(|why| invalid(pattern, &why))?;
        let plain = if translated.needs_backtracking { None } else { plain_machine(&translated.text) };
        let machine = match plain {
            Some(machine) => machine,
            None => Machine::Fancy(Box::new(fancy(&translated.text).map_err(|why| invalid(pattern, &why))?)),
        };
        let before_newline = translated.has_final_anchor.then(|| {
            let text = translated.text.replace(translate::FINAL_ANCHOR, "(?=\\n?\\z)");
            (text, OnceCell::new())
        });
        Ok(Pattern {
            source: Str::from(pattern),
            options,
            names: translated.names.into_iter().map(Str::from).collect(),
            feeds: translated.feeds,
            machine,
            before_newline,
        })
    }

    /// The text it was made from.
    pub(crate) fn source(&self) -> &Str {
        &self.source
    }

    /// The options it was made with.
    pub(crate) fn options(&self) -> Options {
        self.options
    }

    /// Names of the groups by number; `0` first.
    pub(crate) fn group_names(&self) -> &[Str] {
        &self.names
    }

    /// The number of the group with a name (or a number written out).
    pub(crate) fn group_number(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.as_str() == name)
    }

    /// True where the pattern matches somewhere.
    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> Outcome<bool> {
        if self.needs_newline_variant(text) {
            return Ok(self.find_at(text, 0)?.is_some());
        }
        match &self.machine {
            Machine::Plain(regex, _) => Ok(regex.is_match(text)),
            Machine::Fancy(regex) => regex.is_match(text).map_err(|why| exhausted(&self.source, &why)),
            Machine::Own(_) => Ok(self.find_at(text, 0)?.is_some()),
        }
    }

    #[inline]
    fn needs_newline_variant(&self, text: &str) -> bool {
        self.before_newline.is_some() && text.ends_with('\n')
    }

    /// The first match at or after a byte offset.
    pub(crate) fn find_at(&self, text: &str, start: usize) -> Outcome<Option<Found>> {
        if start > text.len() {
            return Ok(None);
        }
        if self.needs_newline_variant(text) {
            if let Some(regex) = self.newline_variant()? {
                return self.find_fancy(regex, text, start);
            }
        }
        match &self.machine {
            Machine::Plain(regex, _) if self.names.len() == 1 => Ok(regex.find_at(text, start).map(|found| {
                let mut groups = SmallVec::new();
                groups.push(Some((found.start(), found.end())));
                Found { groups }
            })),
            Machine::Plain(regex, locations) => {
                let mut locations = locations.borrow_mut();
                let found = regex.captures_read_at(&mut locations, text, start);
                Ok(found.map(|_| self.collect(|group| locations.get(group))))
            }
            Machine::Fancy(regex) => self.find_fancy(regex, text, start),
            Machine::Own(program) => {
                let from = if self.is_backward() { text.len() - start } else { start };
                Ok(program.find(text, from).map(|whole| whole.found()))
            }
        }
    }

    /// A pattern for the machine of our own.
    fn compile_own(pattern: &str, options: Options) -> Outcome<Pattern> {
        let names = backtrack::group_names(pattern, options);
        let program = backtrack::compile(pattern, options, &names).map_err(|why| invalid(pattern, &why))?;
        Ok(Pattern {
            source: Str::from(pattern),
            options,
            names,
            feeds: Vec::new(),
            machine: Machine::Own(Box::new(program)),
            before_newline: None,
        })
    }

    /// True for a pattern that looks from right to left; places count from the end of the text then.
    pub(crate) fn is_backward(&self) -> bool {
        self.options.has(Options::RIGHT_TO_LEFT)
    }

    /// Where to look on after a match.
    pub(crate) fn next_start(&self, text: &str, (start, end): Span) -> usize {
        match self.is_backward() {
            true => {
                let from_end = text.len() - start;
                let step = text.get(..start).and_then(|before| before.chars().next_back()).map_or(1, char::len_utf8);
                from_end + if start == end { step } else { 0 }
            }
            false => next_start(text, (start, end)),
        }
    }

    /// Every capture of a group in a match, first to last.
    pub(crate) fn captures_of(&self, text: &str, found: &Found, group: usize) -> Vec<Span> {
        let last: Vec<Span> = found.groups.get(group).copied().flatten().into_iter().collect();
        if group == 0 || last.is_empty() {
            return last;
        }
        let (start, end) = found.span();
        let made;
        let program = match &self.machine {
            Machine::Own(program) => program,
            Machine::Plain(..) | Machine::Fancy(_) => {
                let Ok(program) = backtrack::compile(&self.source, self.options, &self.names) else { return last };
                made = Box::new(program);
                &made
            }
        };
        let from = if self.is_backward() { end } else { start };
        let whole = program.match_at(text, from).filter(|whole| whole.span == (start, end));
        whole.and_then(|whole| whole.captures.get(group).cloned()).filter(|all| !all.is_empty()).unwrap_or(last)
    }

    fn newline_variant(&self) -> Outcome<Option<&fancy_regex::Regex>> {
        let Some((text, cell)) = &self.before_newline else { return Ok(None) };
        if cell.get().is_none() {
            let made = fancy(text).map_err(|why| invalid(&self.source, &why))?;
            cell.get_or_init(|| Box::new(made));
        }
        Ok(cell.get().map(|regex| &**regex))
    }

    fn find_fancy(&self, regex: &fancy_regex::Regex, text: &str, start: usize) -> Outcome<Option<Found>> {
        let captures = regex.captures_from_pos(text, start).map_err(|why| exhausted(&self.source, &why))?;
        Ok(captures.map(|captures| self.collect(|group| captures.get(group).map(|found| (found.start(), found.end())))))
    }

    fn collect(&self, span: impl Fn(usize) -> Option<Span>) -> Found {
        let groups = self.feeds.iter().map(|feeds| feeds.iter().rev().find_map(|group| span(*group))).collect();
        Found { groups }
    }

    /// All matches from a byte offset on, at most `limit` of them.
    pub(crate) fn find_all(&self, text: &str, start: usize, limit: usize) -> Outcome<Vec<Found>> {
        let mut all = Vec::new();
        let mut at = start;
        while all.len() < limit {
            let Some(found) = self.find_at(text, at)? else { break };
            at = self.next_start(text, found.span());
            all.push(found);
            if at > text.len() {
                break;
            }
        }
        Ok(all)
    }
}

/// Where to look on after a match: one character further where it was empty.
pub(crate) fn next_start(text: &str, (start, end): Span) -> usize {
    if end > start {
        return end;
    }
    end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

/// `(?<a-b>…)` or `(?<-b>…)`.
fn has_balancing_group(pattern: &str) -> bool {
    pattern.split("(?<").skip(1).any(|rest| {
        let name = rest.split_once('>').map_or("", |(name, _)| name);
        name.contains('-') && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    })
}

fn plain_machine(text: &str) -> Option<Machine> {
    let regex = regex::RegexBuilder::new(text).size_limit(64 << 20).build().ok()?;
    let locations = RefCell::new(regex.capture_locations());
    Some(Machine::Plain(Box::new(regex), locations))
}

fn fancy(text: &str) -> Result<fancy_regex::Regex, String> {
    fancy_regex::RegexBuilder::new(text).backtrack_limit(10_000_000).build().map_err(|why| why.to_string())
}

/// The fault of a pattern that cannot be read: what `[regex]::new` and `-match` raise.
fn invalid(pattern: &str, why: &str) -> Fault {
    Fault::new(
        "System.Text.RegularExpressions.RegexParseException",
        format!("The regular expression '{pattern}' cannot be read: {why}."),
    )
    .exception("System.Text.RegularExpressions.RegexParseException")
    .category(ErrorCategory::OperationStopped)
    .target(pattern)
}

fn exhausted(pattern: &str, why: &fancy_regex::Error) -> super::Unwind {
    Fault::new(
        "System.Text.RegularExpressions.RegexMatchTimeoutException",
        format!("Matching '{pattern}' took too many steps ({why}); make its repetitions less ambiguous."),
    )
    .exception("System.Text.RegularExpressions.RegexMatchTimeoutException")
    .category(ErrorCategory::OperationStopped)
    .into()
}

/// A successful `-match`: what `$Matches` is made from when somebody looks at it.
#[derive(Clone, Debug)]
pub(crate) struct Captures {
    /// What was matched against.
    pub(crate) input: Str,
    /// With which pattern.
    pub(crate) pattern: Rc<Pattern>,
    /// Where.
    pub(crate) found: Found,
}

impl Captures {
    /// As `$Matches`: groups that took part, by number or name.
    pub(crate) fn to_hashtable(&self) -> Rc<Hashtable> {
        let table = Hashtable::plain();
        for (number, name) in self.pattern.group_names().iter().enumerate() {
            if let Some(text) = self.found.text(number, &self.input) {
                let key = name.parse::<i32>().map_or_else(|_| Value::Str(name.clone()), Value::I32);
                table.insert(key, Value::from(text));
            }
        }
        table
    }
}

/// Escapes a text so that it matches itself, as `[regex]::Escape` does.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\x0c' => escaped.push_str("\\f"),
            '\r' => escaped.push_str("\\r"),
            '\\' | '*' | '+' | '?' | '|' | '{' | '[' | '(' | ')' | '^' | '$' | '.' | '#' | ' ' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Takes escapes out again, as `[regex]::Unescape` does.
pub(crate) fn unescape(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let escape = characters.next()?;
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            _ => 0,
        };
        if digits > 0 {
            let code: String = characters.by_ref().take(digits).collect();
            plain.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
        } else {
            plain.push(simple_escape(escape).unwrap_or(escape));
        }
    }
    Some(plain)
}

fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\x0c',
        'v' => '\x0b',
        'a' => '\x07',
        'e' => '\x1b',
        _ => return None,
    })
}
