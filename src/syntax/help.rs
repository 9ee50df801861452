//! What comments say to the shell: comment-based help (about_Comment_Based_Help) and `#Requires` lines.

use super::ast::Requires;
use super::span::Span;
use std::rc::Rc;

/// Words that make a comment a help comment when a line begins with a dot and one of them.
const HELP_WORDS: &[&str] = &[
    "SYNOPSIS",
    "DESCRIPTION",
    "PARAMETER",
    "EXAMPLE",
    "INPUTS",
    "OUTPUTS",
    "NOTES",
    "LINK",
    "COMPONENT",
    "ROLE",
    "FUNCTIONALITY",
    "FORWARDHELPTARGETNAME",
    "FORWARDHELPCATEGORY",
    "REMOTEHELPRUNSPACE",
    "EXTERNALHELP",
];

/// The help of a script: its first comments, with nothing but blanks before them.
pub(super) fn of_script(text: &str, comments: &[Span]) -> Option<Rc<str>> {
    let first = comments.first()?;
    let before = text.get(..first.start as usize)?;
    if !before.trim_start_matches('\u{feff}').trim().is_empty() {
        return None;
    }
    let groups = groups(text, comments, 0);
    groups.iter().take(2).find_map(|group| help_text(&group.text)).or_else(|| {
        let last = groups.last()?;
        let after = text.get(last.end..)?;
        after.trim().is_empty().then(|| help_text(&last.text)).flatten()
    })
}

/// How many comments just before a function are looked at: each line of a help comment may be one.
const MOST_LINES: usize = 100;

/// The help of a function: comments just before it, first in its body, or last in its body.
pub(super) fn of_function(text: &str, comments: &[Span], base: u32, start: usize, body: Span) -> Option<Rc<str>> {
    if comments.is_empty() {
        return None;
    }
    let (body_start, body_end) = (body.start.saturating_sub(base) as usize, body.end.saturating_sub(base) as usize);
    let before = comments.partition_point(|c| (c.start.saturating_sub(base) as usize) < start);
    let from = before.saturating_sub(MOST_LINES);
    let groups = groups(text, comments.get(from..)?, base);
    let blank = |range: std::ops::Range<usize>| text.get(range).is_some_and(|between| between.trim().is_empty());
    let inside = |group: &&Group| group.start >= body_start && group.end <= body_end;
    let first = groups.iter().find(inside).filter(|group| blank(body_start + 1..group.start));
    let last = groups.iter().rev().find(inside).filter(|group| blank(group.end..body_end.saturating_sub(1)));
    let before = groups.iter().rev().find(|group| group.end <= start).filter(|group| {
        blank(group.end..start) && text.get(group.end..start).is_some_and(|gap| gap.matches('\n').count() <= 2)
    });
    [first, last, before].into_iter().flatten().find_map(|group| help_text(&group.text))
}

/// Comments that follow each other line by line, as one text without their marks.
struct Group {
    start: usize,
    end: usize,
    text: String,
    block: bool,
}

fn groups(text: &str, comments: &[Span], base: u32) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for comment in comments {
        let (start, end) = (comment.start.saturating_sub(base) as usize, comment.end.saturating_sub(base) as usize);
        let Some(written) = text.get(start..end) else { continue };
        let block = written.starts_with("<#");
        let inner = if block {
            written.trim_start_matches("<#").trim_end_matches("#>")
        } else {
            written.trim_start_matches('#')
        };
        match groups.last_mut() {
            Some(last) if !block && !last.block && joins(text, last.end, start) => {
                last.text.push('\n');
                last.text.push_str(inner);
                last.end = end;
            }
            _ => groups.push(Group { start, end, text: inner.to_owned(), block }),
        }
    }
    groups
}

fn joins(text: &str, end: usize, start: usize) -> bool {
    text.get(end..start).is_some_and(|gap| gap.trim().is_empty() && gap.matches('\n').count() <= 1)
}

fn help_text(comment: &str) -> Option<Rc<str>> {
    let is_help = comment.lines().any(|line| {
        let word = line.trim().strip_prefix('.').unwrap_or("");
        let word = word.split_whitespace().next().unwrap_or("");
        HELP_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
    });
    is_help.then(|| comment.into())
}

/// All demands of `#Requires` lines.
pub(super) fn requires(text: &str, comments: &[Span]) -> Vec<Requires> {
    let mut found = Vec::new();
    for comment in comments {
        let Some(written) = text.get(comment.start as usize..comment.end as usize) else { continue };
        let keyword = written.get(..9).unwrap_or("");
        if keyword.eq_ignore_ascii_case("#requires") {
            requires_line(&written[9..], &mut found);
        }
    }
    found
}

fn requires_line(line: &str, found: &mut Vec<Requires>) {
    for option in line.split(" -").map(str::trim).filter(|option| !option.is_empty()) {
        let (name, value) = option.split_once(char::is_whitespace).unwrap_or((option, ""));
        let value = value.trim();
        let lower = name.to_ascii_lowercase();
        let abbreviates = |full: &str| !lower.is_empty() && full.starts_with(&lower);
        if abbreviates("version") {
            found.push(Requires::Version(value.into()));
        } else if abbreviates("modules") {
            found.extend(split_outside_braces(value).into_iter().map(|one| Requires::Module(one.into())));
        } else if abbreviates("psedition") {
            found.push(Requires::Edition(value.into()));
        } else if abbreviates("runasadministrator") {
            found.push(Requires::Administrator);
        }
    }
}

fn split_outside_braces(list: &str) -> Vec<&str> {
    let mut depth = 0i32;
    list.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|one| !one.is_empty())
    .collect()
}
