//! The lines of earlier sessions: where they are kept, and which lines never are.

use std::path::PathBuf;

/// Words that make a line too delicate to keep.
const DELICATE: &[&str] = &["password", "asplaintext", "token", "apikey", "api-key", "secret", "credential"];

/// True for lines that must not reach the history file.
pub(crate) fn is_delicate(line: &str) -> bool {
    let lower = line.to_lowercase();
    DELICATE.iter().any(|word| lower.contains(word))
}

/// The history file, its directory made where it is missing.
pub(crate) fn file() -> Option<PathBuf> {
    let directory = crate::client::data_directory();
    std::fs::create_dir_all(&directory).ok()?;
    Some(directory.join("history.txt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delicate_lines_are_recognised() {
        for (line, delicate) in [
            ("Get-Item .", false),
            ("ConvertTo-SecureString x -AsPlainText", true),
            ("$env:PCSH_TOKEN = 'abc'", true),
            ("Connect-It -Password hunter2", true),
            ("Get-Secretary", true),
        ] {
            assert_eq!(is_delicate(line), delicate, "{line}");
        }
    }
}
