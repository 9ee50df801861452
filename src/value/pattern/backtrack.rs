//! A machine of our own for what the regex crates do not offer: every capture of a group that is repeated, matching
//! from right to left, and groups that take captures back (`(?<-open>)`). It goes through a tree and tries one way
//! after another, within limits.

use super::{Found, Options, Span, translate};
use crate::value::Str;
use smallvec::SmallVec;

/// Steps after which a search is given up.
const MOST_STEPS: u32 = 5_000_000;
/// Depth after which a way is given up.
const DEEPEST: u32 = 1_200;

/// A piece of a pattern.
enum Piece {
    Nothing,
    /// One character.
    One(Box<regex::Regex>),
    Sequence(Vec<Piece>),
    Choice(Vec<Piece>),
    /// A group that captures under a number, and takes back the last capture of another.
    Group {
        number: Option<usize>,
        takes: Option<usize>,
        inner: Box<Piece>,
    },
    Repeat {
        inner: Box<Piece>,
        least: u32,
        most: u32,
        greedy: bool,
    },
    Look {
        ahead: bool,
        negative: bool,
        inner: Box<Piece>,
    },
    Atomic(Box<Piece>),
    /// What a group captured last; without regard to case where the second says so.
    Reference(usize, bool),
    /// One way where a group captured, another where it did not.
    Condition(usize, Box<Piece>, Box<Piece>),
    At(Place),
}

/// A place in the text.
#[derive(Clone, Copy)]
enum Place {
    Start,
    End,
    LastLineEnd,
    LineStart,
    LineEnd,
    Word,
    NotWord,
}

/// A pattern as a tree.
pub(super) struct Program {
    root: Piece,
    groups: usize,
    backward: bool,
}

/// Reads a pattern whose groups have these names.
pub(super) fn compile(pattern: &str, options: Options, names: &[Str]) -> Result<Program, String> {
    let mut reader = Reader { characters: pattern.chars().collect(), at: 0, options: options.0, next_group: 1, names };
    let root = reader.choice()?;
    match reader.at == reader.characters.len() {
        true => Ok(Program { root, groups: names.len().max(1), backward: options.has(Options::RIGHT_TO_LEFT) }),
        false => Err("a parenthesis is closed that was not opened".to_owned()),
    }
}

/// The names of the groups of a pattern, by number: those without a name first.
pub(super) fn group_names(pattern: &str, options: Options) -> Vec<Str> {
    let explicit = options.has(Options::EXPLICIT_CAPTURE);
    let (mut count, mut named): (usize, Vec<Str>) = (0, Vec::new());
    let characters: Vec<char> = pattern.chars().collect();
    let (mut at, mut in_class) = (0, false);
    while let Some(c) = characters.get(at) {
        match c {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => match name_of_group(&characters, at + 1) {
                GroupName::Plain if !explicit => count += 1,
                GroupName::Named(name) if !named.contains(&name) && name.parse::<usize>().is_err() => named.push(name),
                GroupName::Named(_) | GroupName::Plain | GroupName::None => {}
            },
            _ => {}
        }
        at += 1;
    }
    (0..=count).map(|number| Str::from(number.to_string())).chain(named).collect()
}

enum GroupName {
    Plain,
    Named(Str),
    None,
}

fn name_of_group(characters: &[char], at: usize) -> GroupName {
    match (characters.get(at), characters.get(at + 1), characters.get(at + 2)) {
        (Some('?'), Some('<'), Some('=' | '!')) => GroupName::None,
        (Some('?'), Some(open @ ('<' | '\'')), _) => {
            let close = if *open == '<' { '>' } else { '\'' };
            let inside = characters.get(at + 2..).unwrap_or_default();
            let name: String = inside.iter().take_while(|c| **c != close && **c != '-').collect();
            if name.is_empty() { GroupName::None } else { GroupName::Named(Str::from(name)) }
        }
        (Some('?'), ..) => GroupName::None,
        _ => GroupName::Plain,
    }
}

struct Reader<'a> {
    characters: Vec<char>,
    at: usize,
    options: u32,
    next_group: usize,
    names: &'a [Str],
}

type Read = Result<Piece, String>;

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text.chars().enumerate().all(|(more, c)| self.characters.get(self.at + more) == Some(&c));
        self.at += if found { text.chars().count() } else { 0 };
        found
    }

    fn until(&mut self, close: char) -> String {
        let rest = self.characters.get(self.at..).unwrap_or_default();
        let text: String = rest.iter().take_while(|c| **c != close).collect();
        self.at += text.chars().count() + 1;
        text
    }

    fn has(&self, option: Options) -> bool {
        self.options & option.0 != 0
    }

    fn choice(&mut self) -> Read {
        let mut ways = vec![self.sequence()?];
        while self.eat("|") {
            ways.push(self.sequence()?);
        }
        Ok(if ways.len() == 1 { ways.pop().unwrap_or(Piece::Nothing) } else { Piece::Choice(ways) })
    }

    fn sequence(&mut self) -> Read {
        let mut pieces = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            if self.has(Options::IGNORE_PATTERN_WHITESPACE) && (c.is_whitespace() || c == '#') {
                if c == '#' {
                    self.until('\n');
                } else {
                    self.at += 1;
                }
                continue;
            }
            let piece = self.piece(c)?;
            pieces.push(self.quantified(piece)?);
        }
        Ok(Piece::Sequence(pieces))
    }

    fn quantified(&mut self, piece: Piece) -> Read {
        let sign = match self.peek() {
            Some('*') => Some((0, u32::MAX)),
            Some('+') => Some((1, u32::MAX)),
            Some('?') => Some((0, 1)),
            _ => None,
        };
        self.at += usize::from(sign.is_some());
        let counted = if sign.is_none() && self.peek() == Some('{') { self.counts() } else { None };
        let Some((least, most)) = sign.or(counted) else { return Ok(piece) };
        let greedy = !self.eat("?");
        Ok(Piece::Repeat { inner: Box::new(piece), least, most, greedy })
    }

    /// `{2}`, `{2,}`, `{2,3}`, taken; none where the brace stands for itself.
    fn counts(&mut self) -> Option<(u32, u32)> {
        let rest: String = self.characters.get(self.at + 1..)?.iter().take_while(|c| **c != '}').collect();
        let (least, most) = match rest.split_once(',') {
            None => (rest.parse().ok()?, rest.parse().ok()?),
            Some((least, "")) => (least.parse().ok()?, u32::MAX),
            Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
        };
        self.at += rest.chars().count() + 2;
        Some((least, most))
    }

    fn piece(&mut self, c: char) -> Read {
        match c {
            '(' => self.group(),
            '[' => self.class(),
            '\\' => self.escape(),
            '^' | '$' => {
                self.at += 1;
                Ok(Piece::At(match (c, self.has(Options::MULTILINE)) {
                    ('^', true) => Place::LineStart,
                    ('^', false) => Place::Start,
                    (_, true) => Place::LineEnd,
                    (_, false) => Place::LastLineEnd,
                }))
            }
            c => {
                self.at += 1;
                self.one(&if matches!(c, '{' | '}' | ']' | '-' | '#') { format!("\\{c}") } else { c.to_string() })
            }
        }
    }

    /// A piece of a pattern that stands for one character.
    fn one(&self, text: &str) -> Read {
        let kept = self.options & !(Options::RIGHT_TO_LEFT.0 | Options::IGNORE_PATTERN_WHITESPACE.0);
        let translated = translate::translate(text, Options(kept))?;
        let machine = regex::Regex::new(&format!("\\A(?:{})\\z", translated.text)).map_err(|why| why.to_string())?;
        Ok(Piece::One(Box::new(machine)))
    }

    fn class(&mut self) -> Read {
        let start = self.at;
        let mut depth = 0;
        while let Some(c) = self.peek() {
            self.at += 1;
            let opens = self.at - 1 == start || self.characters.get(self.at.wrapping_sub(2)) == Some(&'-');
            match c {
                '\\' => self.at += 1,
                '[' if opens => {
                    depth += 1;
                    self.eat("^");
                    self.eat("]");
                }
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let text: String = self.characters.get(start..self.at).unwrap_or_default().iter().collect();
                return self.one(&text);
            }
        }
        Err("a class of characters is not closed".to_owned())
    }

    fn escape(&mut self) -> Read {
        let start = self.at;
        let c = self.characters.get(self.at + 1).copied().ok_or("a backslash stands at the end")?;
        self.at += 2;
        let place = match c {
            'A' => Some(Place::Start),
            'z' => Some(Place::End),
            'Z' => Some(Place::LastLineEnd),
            'b' => Some(Place::Word),
            'B' => Some(Place::NotWord),
            _ => None,
        };
        if let Some(place) = place {
            return Ok(Piece::At(place));
        }
        let ignore_case = self.has(Options::IGNORE_CASE);
        match c {
            '1'..='9' => {
                let more = self.characters.get(self.at..).unwrap_or_default();
                let digits: String =
                    std::iter::once(c).chain(more.iter().copied().take_while(char::is_ascii_digit)).collect();
                self.at += digits.len() - 1;
                return Ok(Piece::Reference(digits.parse().map_err(|_| "a group's number is too large")?, ignore_case));
            }
            'k' => {
                let open = self.peek();
                self.at += 1;
                let name = self.until(if open == Some('\'') { '\'' } else { '>' });
                return Ok(Piece::Reference(self.number_of(&name)?, ignore_case));
            }
            'x' => self.at += 2,
            'u' => self.at += 4,
            'c' => self.at += 1,
            'p' | 'P' if self.eat("{") => drop(self.until('}')),
            _ => {}
        }
        let end = self.at.min(self.characters.len());
        let text: String = self.characters.get(start..end).unwrap_or_default().iter().collect();
        self.one(&text)
    }

    fn number_of(&self, name: &str) -> Result<usize, String> {
        let found = self.names.iter().position(|known| known.as_str() == name);
        found.ok_or_else(|| format!("there is no group '{name}'"))
    }

    fn closed(&mut self) -> Result<(), String> {
        if self.eat(")") { Ok(()) } else { Err("a parenthesis is not closed".to_owned()) }
    }

    /// What is in the parentheses; options set there end there.
    fn inner(&mut self) -> Read {
        let outer = self.options;
        let inner = self.choice();
        self.options = outer;
        self.closed()?;
        inner
    }

    fn group(&mut self) -> Read {
        self.at += 1;
        let look = [("?=", true, false), ("?!", true, true), ("?<=", false, false), ("?<!", false, true)];
        for (mark, ahead, negative) in look {
            if self.eat(mark) {
                return Ok(Piece::Look { ahead, negative, inner: Box::new(self.inner()?) });
            }
        }
        if self.eat("?:") {
            return self.inner();
        }
        if self.eat("?>") {
            return Ok(Piece::Atomic(Box::new(self.inner()?)));
        }
        if self.eat("?#") {
            self.until(')');
            return Ok(Piece::Nothing);
        }
        if self.eat("?(") {
            let name = self.until(')');
            let number = self.number_of(&name)?;
            return Ok(match self.inner()? {
                Piece::Choice(mut ways) if ways.len() == 2 => {
                    let no = ways.pop().unwrap_or(Piece::Nothing);
                    Piece::Condition(number, Box::new(ways.pop().unwrap_or(Piece::Nothing)), Box::new(no))
                }
                yes => Piece::Condition(number, Box::new(yes), Box::new(Piece::Nothing)),
            });
        }
        if self.eat("?<") || self.eat("?'") {
            let close = if self.characters.get(self.at - 1) == Some(&'<') { '>' } else { '\'' };
            let name = self.until(close);
            let (name, takes) = name.split_once('-').map_or((name.as_str(), None), |(name, taken)| (name, Some(taken)));
            let number = if name.is_empty() { None } else { Some(self.number_of(name)?) };
            let takes = takes.map(|taken| self.number_of(taken)).transpose()?;
            return Ok(Piece::Group { number, takes, inner: Box::new(self.inner()?) });
        }
        if self.eat("?") {
            return self.set_options();
        }
        if self.has(Options::EXPLICIT_CAPTURE) {
            return self.inner();
        }
        let number = Some(self.next_group);
        self.next_group += 1;
        Ok(Piece::Group { number, takes: None, inner: Box::new(self.inner()?) })
    }

    /// `(?i)` or `(?i:…)`.
    fn set_options(&mut self) -> Read {
        let outer = self.options;
        let mut on = true;
        while let Some(c) = self.peek() {
            self.at += 1;
            let option = match c {
                'i' => Options::IGNORE_CASE,
                'm' => Options::MULTILINE,
                's' => Options::SINGLELINE,
                'n' => Options::EXPLICIT_CAPTURE,
                'x' => Options::IGNORE_PATTERN_WHITESPACE,
                '-' => {
                    on = false;
                    continue;
                }
                ')' => return Ok(Piece::Nothing),
                ':' => {
                    let inner = self.choice();
                    self.options = outer;
                    self.closed()?;
                    return inner;
                }
                _ => break,
            };
            self.options = if on { self.options | option.0 } else { self.options & !option.0 };
        }
        Err("what stands behind '(?' is not known".to_owned())
    }
}

/// A search in progress.
struct Search<'t> {
    text: &'t str,
    captures: Vec<Vec<Span>>,
    steps: u32,
    depth: u32,
}

/// What is to be matched after a piece.
type Next<'n, 't> = &'n mut dyn FnMut(&mut Search<'t>, usize) -> bool;

impl<'t> Search<'t> {
    fn character(&self, at: usize, backward: bool) -> Option<&'t str> {
        if backward {
            let (start, _) = self.text.get(..at)?.char_indices().next_back()?;
            return self.text.get(start..at);
        }
        let rest = self.text.get(at..)?;
        let first = rest.chars().next()?;
        rest.get(..first.len_utf8())
    }

    fn is_word(&self, at: usize, backward: bool) -> bool {
        let character = self.character(at, backward).and_then(|text| text.chars().next());
        character.is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    fn is_at(&self, place: Place, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        match place {
            Place::Start => at == 0,
            Place::End => rest.is_empty(),
            Place::LastLineEnd => rest.is_empty() || rest == "\n",
            Place::LineStart => at == 0 || self.text.as_bytes().get(at - 1) == Some(&b'\n'),
            Place::LineEnd => rest.is_empty() || rest.starts_with('\n'),
            Place::Word | Place::NotWord => {
                let border = self.is_word(at, true) != self.is_word(at, false);
                border == matches!(place, Place::Word)
            }
        }
    }

    /// Matches a piece and then what comes next; false where no way leads to the end.
    fn run(&mut self, piece: &Piece, at: usize, backward: bool, next: Next<'_, 't>) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth > DEEPEST {
            return false;
        }
        self.depth += 1;
        let matched = self.step(piece, at, backward, next);
        self.depth -= 1;
        matched
    }

    fn step(&mut self, piece: &Piece, at: usize, backward: bool, next: Next<'_, 't>) -> bool {
        match piece {
            Piece::Nothing => next(self, at),
            Piece::At(place) => self.is_at(*place, at) && next(self, at),
            Piece::One(machine) => match self.character(at, backward) {
                Some(c) if machine.is_match(c) => next(self, moved(at, c.len(), backward)),
                _ => false,
            },
            Piece::Sequence(pieces) => self.sequence(pieces, at, backward, next),
            Piece::Choice(ways) => ways.iter().any(|way| self.run(way, at, backward, next)),
            Piece::Group { number, takes, inner } => self.group(*number, *takes, inner, at, backward, next),
            Piece::Repeat { inner, least, most, greedy } => {
                self.repeat(inner, (*least, *most, *greedy), 0, at, backward, next)
            }
            Piece::Look { ahead, negative, inner } => {
                let before = self.captures.clone();
                let found = self.run(inner, at, !*ahead, &mut |_, _| true);
                if found == *negative {
                    self.captures = before;
                    return false;
                }
                if *negative {
                    self.captures = before.clone();
                }
                let matched = next(self, at);
                if !matched {
                    self.captures = before;
                }
                matched
            }
            Piece::Atomic(inner) => {
                let before = self.captures.clone();
                let mut end = at;
                let found = self.run(inner, at, backward, &mut |_, place| {
                    end = place;
                    true
                });
                let matched = found && next(self, end);
                if !matched {
                    self.captures = before;
                }
                matched
            }
            Piece::Reference(group, ignore_case) => self.reference(*group, *ignore_case, at, backward, next),
            Piece::Condition(group, yes, no) => {
                let captured = self.captures.get(*group).is_some_and(|captures| !captures.is_empty());
                self.run(if captured { yes } else { no }, at, backward, next)
            }
        }
    }

    fn sequence(&mut self, pieces: &[Piece], at: usize, backward: bool, next: Next<'_, 't>) -> bool {
        let split = if backward { pieces.split_last() } else { pieces.split_first() };
        match split {
            None => next(self, at),
            Some((piece, rest)) => {
                self.run(piece, at, backward, &mut |search, place| search.sequence(rest, place, backward, next))
            }
        }
    }

    fn group(
        &mut self,
        number: Option<usize>,
        takes: Option<usize>,
        inner: &Piece,
        at: usize,
        backward: bool,
        next: Next<'_, 't>,
    ) -> bool {
        self.run(inner, at, backward, &mut |search, end| {
            let mut span = (at.min(end), at.max(end));
            let taken = match takes {
                Some(taken) => match search.captures.get_mut(taken).and_then(Vec::pop) {
                    Some(capture) => {
                        span = (capture.1.min(span.0), span.0.max(capture.1));
                        Some((taken, capture))
                    }
                    None => return false,
                },
                None => None,
            };
            if let Some(captures) = number.and_then(|number| search.captures.get_mut(number)) {
                captures.push(span);
            }
            if next(search, end) {
                return true;
            }
            if let Some(captures) = number.and_then(|number| search.captures.get_mut(number)) {
                captures.pop();
            }
            if let Some((taken, capture)) = taken
                && let Some(captures) = search.captures.get_mut(taken)
            {
                captures.push(capture);
            }
            false
        })
    }

    fn repeat(
        &mut self,
        inner: &Piece,
        (least, most, greedy): (u32, u32, bool),
        done: u32,
        at: usize,
        backward: bool,
        next: Next<'_, 't>,
    ) -> bool {
        if let Piece::One(machine) = inner {
            return self.repeat_one(machine, (least, most, greedy), at, backward, next);
        }
        if !greedy && done >= least && next(self, at) {
            return true;
        }
        let again = done < most
            && self.run(inner, at, backward, &mut |search, place| {
                // An empty turn would go on for ever.
                (place != at || done < least)
                    && search.repeat(inner, (least, most, greedy), done + 1, place, backward, next)
            });
        again || greedy && done >= least && next(self, at)
    }

    /// Repeats of one character need no depth.
    fn repeat_one(
        &mut self,
        machine: &regex::Regex,
        (least, most, greedy): (u32, u32, bool),
        at: usize,
        backward: bool,
        next: Next<'_, 't>,
    ) -> bool {
        let mut places = vec![at];
        let mut place = at;
        let wanted = if greedy { most } else { least };
        while (places.len() as u64) <= u64::from(wanted) {
            match self.character(place, backward) {
                Some(c) if machine.is_match(c) => place = moved(place, c.len(), backward),
                _ => break,
            }
            places.push(place);
        }
        if places.len() <= least as usize {
            return false;
        }
        if greedy {
            return places.iter().skip(least as usize).rev().any(|place| next(self, *place));
        }
        let mut count = least;
        loop {
            if next(self, place) {
                return true;
            }
            match self.character(place, backward) {
                Some(c) if count < most && machine.is_match(c) => place = moved(place, c.len(), backward),
                _ => return false,
            }
            count += 1;
        }
    }

    fn reference(&mut self, group: usize, ignore_case: bool, at: usize, backward: bool, next: Next<'_, 't>) -> bool {
        let Some((start, end)) = self.captures.get(group).and_then(|captures| captures.last().copied()) else {
            return false;
        };
        let wanted = self.text.get(start..end).unwrap_or_default();
        let target = moved(at, wanted.len(), backward);
        let found = self.text.get(at.min(target)..at.max(target)).unwrap_or_default();
        let same = if ignore_case { found.to_lowercase() == wanted.to_lowercase() } else { found == wanted };
        same && (!backward || wanted.len() <= at) && next(self, target)
    }
}

fn moved(at: usize, length: usize, backward: bool) -> usize {
    if backward { at.saturating_sub(length) } else { at + length }
}

/// A match with every capture of every group, in the order they were made.
pub(super) struct Whole {
    pub(super) span: Span,
    pub(super) captures: Vec<Vec<Span>>,
}

impl Whole {
    /// The last capture of each group.
    pub(super) fn found(&self) -> Found {
        let mut groups: SmallVec<[Option<Span>; 4]> = self.captures.iter().map(|all| all.last().copied()).collect();
        if let Some(first) = groups.first_mut() {
            *first = Some(self.span);
        }
        Found { groups }
    }
}

impl Program {
    /// The match that begins at a place, where there is one.
    pub(super) fn match_at(&self, text: &str, at: usize) -> Option<Whole> {
        let mut search = Search { text, captures: vec![Vec::new(); self.groups], steps: 0, depth: 0 };
        let mut end = at;
        let matched = search.run(&self.root, at, self.backward, &mut |_, place| {
            end = place;
            true
        });
        matched.then(|| Whole { span: (at.min(end), at.max(end)), captures: search.captures })
    }

    /// The first match from a place on, in the direction of the pattern.
    pub(super) fn find(&self, text: &str, start: usize) -> Option<Whole> {
        let mut at = start;
        loop {
            if text.is_char_boundary(at)
                && let Some(found) = self.match_at(text, at)
            {
                return Some(found);
            }
            at = match self.backward {
                true => at.checked_sub(1)?,
                false if at < text.len() => at + 1,
                false => return None,
            };
        }
    }
}
