//! Provider paths as text: qualifiers, parents, leaves, joining, `.` and `..`. Touches no drive.
//!
//! Off Windows the separator is `/`; `\` in a script's path means it too.

/// The separator of paths as they are shown.
pub(crate) const SEPARATOR: char = '/';

/// A path with its qualifier taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Qualified<'a> {
    /// `Env` of `Env:PATH`, or `Microsoft.PowerShell.Core\FileSystem` of a provider-qualified path.
    pub(crate) qualifier: Option<&'a str>,
    /// True for `provider::path`.
    pub(crate) by_provider: bool,
    /// What follows.
    pub(crate) rest: &'a str,
}

/// Splits `drive:rest` and `provider::rest`. A colon after a separator or wildcard belongs to the path.
pub(crate) fn qualified(path: &str) -> Qualified<'_> {
    let plain = Qualified { qualifier: None, by_provider: false, rest: path };
    if let Some((provider, rest)) = path.split_once("::")
        && !provider.is_empty()
        && !provider.contains(['/', ':'])
    {
        return Qualified { qualifier: Some(provider), by_provider: true, rest };
    }
    match path.split_once(':') {
        Some((drive, rest)) if !drive.is_empty() && !drive.contains(['/', '\\', '.', '~', '*', '?', '[']) => {
            Qualified { qualifier: Some(drive), by_provider: false, rest }
        }
        _ => plain,
    }
}

/// With `\` turned into the separator.
pub(crate) fn with_separators(path: &str) -> String {
    path.replace('\\', "/")
}

/// True where a path starts at a root or names a drive or provider.
pub(crate) fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || qualified(path).qualifier.is_some()
}

/// True where a path holds wildcard characters that are not escaped by a backtick.
pub(crate) fn has_wildcards(path: &str) -> bool {
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '`' => drop(chars.next()),
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// Takes the backticks off escaped wildcard characters.
pub(crate) fn unescape(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '`'
            && let Some(next) = chars.next_if(|n| matches!(n, '*' | '?' | '[' | ']' | '`'))
        {
            text.push(next);
        } else {
            text.push(c);
        }
    }
    text
}

/// `Join-Path`: one separator between the two, none of them resolved.
pub(crate) fn join(parent: &str, child: &str) -> String {
    let parent = with_separators(parent);
    let child = with_separators(child);
    if child.is_empty() {
        return if parent.ends_with(SEPARATOR) || parent.is_empty() { parent } else { format!("{parent}/") };
    }
    if parent.is_empty() {
        return child;
    }
    let child = child.trim_start_matches(SEPARATOR);
    if parent.ends_with(SEPARATOR) { format!("{parent}{child}") } else { format!("{parent}/{child}") }
}

/// `Split-Path -Parent`: what stands before the last separator; empty for a name alone, and for a root.
pub(crate) fn parent(path: &str) -> String {
    let path = with_separators(path);
    let trimmed = path.trim_end_matches(SEPARATOR);
    let head = root_of(trimmed).len();
    match trimmed.rfind(SEPARATOR) {
        Some(at) if at >= head => {
            let before = trimmed.get(..at).unwrap_or_default();
            if before.is_empty() { "/".to_owned() } else { before.to_owned() }
        }
        Some(0) if trimmed.len() > 1 => "/".to_owned(),
        _ if head > 0 && trimmed.len() > head => trimmed.get(..head).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// The drive part of a path with its colon, where it has one.
fn root_of(path: &str) -> &str {
    match qualified(path).qualifier {
        Some(_) => path.split_once(':').map_or("", |(drive, _)| path.get(..=drive.len()).unwrap_or("")),
        None => "",
    }
}

/// `Split-Path -Leaf`: what stands after the last separator or the drive's colon.
pub(crate) fn leaf(path: &str) -> String {
    let path = with_separators(path);
    let trimmed = path.trim_end_matches(SEPARATOR);
    if trimmed.is_empty() {
        return path;
    }
    let after_drive = root_of(trimmed).len();
    let at = trimmed.rfind(SEPARATOR).map_or(0, |i| i + 1).max(after_drive);
    trimmed.get(at..).unwrap_or_default().to_owned()
}

/// `Split-Path -LeafBase` and `-Extension` of a leaf: `a.b.txt` is `a.b` and `.txt`.
pub(crate) fn split_extension(leaf: &str) -> (&str, &str) {
    match leaf.rfind('.') {
        Some(at) => leaf.split_at(at),
        None => (leaf, ""),
    }
}

/// Resolves `.`, `..` and repeated separators of an absolute path; `..` at the root stays there.
pub(crate) fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let path = with_separators(path);
    for part in path.split(SEPARATOR) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    let mut text = String::with_capacity(path.len());
    for part in &parts {
        text.push(SEPARATOR);
        text.push_str(part);
    }
    if text.is_empty() { "/".to_owned() } else { text }
}

/// `Resolve-Path -Relative`: the way from a folder to a path, both absolute and normal.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split(SEPARATOR).filter(|p| !p.is_empty()).collect();
    let to: Vec<&str> = to.split(SEPARATOR).filter(|p| !p.is_empty()).collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - common;
    let mut parts: Vec<&str> = if up == 0 { vec!["."] } else { vec![".."; up] };
    parts.extend(to.iter().skip(common));
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart() {
        for (path, up, name) in [
            ("/a/b/c.txt", "/a/b", "c.txt"),
            ("/a/b/", "/a", "b"),
            ("/a", "/", "a"),
            ("/", "", "/"),
            ("a", "", "a"),
            ("a/b", "a", "b"),
            ("a\\b", "a", "b"),
            ("Env:PATH", "Env:", "PATH"),
            ("TestDrive:/x/y", "TestDrive:/x", "y"),
        ] {
            assert_eq!((parent(path).as_str(), leaf(path).as_str()), (up, name), "{path}");
        }
    }

    #[test]
    fn qualifiers_are_drives_or_providers() {
        for (path, qualifier, rest) in [
            ("Env:PATH", Some("Env"), "PATH"),
            ("FileSystem::/tmp", Some("FileSystem"), "/tmp"),
            ("Microsoft.PowerShell.Core\\FileSystem::/tmp", Some("Microsoft.PowerShell.Core\\FileSystem"), "/tmp"),
            ("/a:b", None, "/a:b"),
            ("./a:b", None, "./a:b"),
            ("plain", None, "plain"),
        ] {
            let found = qualified(path);
            assert_eq!((found.qualifier, found.rest), (qualifier, rest), "{path}");
        }
    }

    #[test]
    fn joining_and_normalizing() {
        for (a, b, joined) in
            [("a", "b", "a/b"), ("a/", "/b", "a/b"), ("a\\", "b", "a/b"), ("/", "b", "/b"), ("a", "", "a/")]
        {
            assert_eq!(join(a, b), joined);
        }
        for (path, normal) in [("/a/./b/../c", "/a/c"), ("/..", "/"), ("//a//b/", "/a/b")] {
            assert_eq!(normalize(path), normal);
        }
        assert_eq!(relative("/a/b", "/a/c/d"), "../c/d");
        assert_eq!(relative("/a", "/a/x"), "./x");
        assert_eq!(unescape("a`[1`].txt"), "a[1].txt");
        assert!(has_wildcards("a*") && !has_wildcards("a`*"));
        assert_eq!(split_extension("a.b.txt"), ("a.b", ".txt"));
    }
}
