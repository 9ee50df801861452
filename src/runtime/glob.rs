//! File name expansion of bare words that are arguments of programs: `*`, `?` and `[…]` per path part.

use std::path::{Path, PathBuf};

/// The existing paths that a word stands for, in order, written as the word is: relative stays relative.
pub(super) fn expand(location: &Path, word: &str) -> Vec<String> {
    let (start, rest) = match word.strip_prefix('/') {
        Some(rest) => (PathBuf::from("/"), rest),
        None => (PathBuf::new(), word),
    };
    let mut found = vec![start];
    for part in rest.split('/').filter(|p| !p.is_empty()) {
        found = found.iter().flat_map(|base| step(location, base, part)).collect();
    }
    let shown = |p: &PathBuf| p.to_string_lossy().trim_start_matches("./").to_string();
    let mut texts: Vec<String> = found.iter().map(shown).collect();
    texts.sort();
    texts
}

fn step(location: &Path, base: &Path, part: &str) -> Vec<PathBuf> {
    if !part.contains(['*', '?', '[']) {
        let path = base.join(part);
        return if location.join(&path).exists() { vec![path] } else { Vec::new() };
    }
    let Ok(entries) = std::fs::read_dir(location.join(base)) else { return Vec::new() };
    let names = entries.filter_map(|e| Some(e.ok()?.file_name().to_string_lossy().into_owned()));
    let hidden = part.starts_with('.');
    names.filter(|n| (hidden || !n.starts_with('.')) && matches(part, n)).map(|n| base.join(n)).collect()
}

/// Whether a name fits a pattern, case and all.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    fits(&pattern, &name)
}

fn fits(pattern: &[char], name: &[char]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some(('*', rest)) => (0..=name.len()).any(|at| name.get(at..).is_some_and(|tail| fits(rest, tail))),
        Some(('?', rest)) => name.split_first().is_some_and(|(_, tail)| fits(rest, tail)),
        Some(('[', rest)) => match (rest.iter().position(|c| *c == ']'), name.split_first()) {
            (Some(end), Some((first, tail))) => {
                let (set, after) = rest.split_at(end);
                in_set(set, *first) && after.get(1..).is_some_and(|after| fits(after, tail))
            }
            _ => false,
        },
        Some((letter, rest)) => name.split_first().is_some_and(|(first, tail)| first == letter && fits(rest, tail)),
    }
}

fn in_set(set: &[char], letter: char) -> bool {
    let mut at = 0;
    while let Some(first) = set.get(at) {
        match (set.get(at + 1), set.get(at + 2)) {
            (Some('-'), Some(last)) => {
                if (*first..=*last).contains(&letter) {
                    return true;
                }
                at += 3;
            }
            _ => {
                if *first == letter {
                    return true;
                }
                at += 1;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_fit_names() {
        let cases = [
            ("*.txt", "a.txt", true),
            ("*.txt", "a.TXT", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[a-c]x", "dx", false),
            ("*", "", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
