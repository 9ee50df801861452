//! Tokens of log-ons, kept by address in the settings directory, for their owner's eyes only.

use super::settings_directory;
use serde_json::{Map, Value};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn file() -> PathBuf {
    settings_directory().join("logons.json")
}

/// Addresses compare without their last slash, in any case.
fn key(uri: &str) -> String {
    uri.trim_end_matches('/').to_lowercase()
}

fn read(file: &Path) -> io::Result<Map<String, Value>> {
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Map::new()),
        Err(error) => Err(error),
    }
}

/// The token kept for an address. A file that cannot be read is as good as none: the service then asks for a log-on.
pub(crate) fn kept(uri: &str) -> Option<String> {
    read(&file()).ok()?.get(&key(uri))?.as_str().map(str::to_owned)
}

/// Keeps a token for an address, or forgets the one that is kept.
pub(crate) fn keep(uri: &str, token: Option<&str>) -> io::Result<()> {
    let file = file();
    let mut all = read(&file).unwrap_or_default();
    match token {
        Some(token) => drop(all.insert(key(uri), Value::from(token))),
        None if all.shift_remove(&key(uri)).is_none() => return Ok(()),
        None => {}
    }
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let partial = file.with_extension("partial");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&partial)?;
    out.write_all(Value::Object(all).to_string().as_bytes())?;
    out.sync_all()?;
    std::fs::rename(partial, file)
}
