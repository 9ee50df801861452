//! The lines of earlier sessions: where they are kept, and which lines never are.

use std::path::PathBuf;

/// Words that make a line too delicate to keep.
const DELICATE: &[&str] = &["password", "asplaintext", "token", "apikey", "api-key", "secret", "credential"];

/// True for lines that must not reach the history file.
pub fn is_delicate(line: &str) -> bool {
    let lower = line.to_lowercase();
    DELICATE.iter().any(|word| lower.contains(word))
}

/// Where the shell keeps what it writes: `PCSH_HOME`, or the user's data directory.
pub fn data_directory(home: Option<PathBuf>) -> Option<PathBuf> {
    home.or_else(|| directories::ProjectDirs::from("", "", "pcsh").map(|places| places.data_dir().to_owned()))
}

/// The history file, its directory made where it is missing.
pub fn file() -> Option<PathBuf> {
    let directory = data_directory(std::env::var_os("PCSH_HOME").map(PathBuf::from))?;
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

    #[test]
    fn a_home_of_its_own_wins() {
        assert_eq!(data_directory(Some("/h".into())), Some("/h".into()));
    }
}
