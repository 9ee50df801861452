//! A deployment for tests: fixture F of the scenarios, made once per test program, copied for each test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The folder of the scenarios.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// The home directory with the deployment of the fixture, made once.
static HOME: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let home = tempfile::tempdir().expect("a directory");
    let (printed, errors) = run(&folder().join("fixture.ps1"), home.path());
    assert_eq!(printed.trim(), "7 users, 4 active servers", "the fixture failed:\n{errors}");
    home
});

/// A copy of the deployment, for one test to change.
pub fn deployment() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a directory");
    copy(HOME.path(), home.path());
    home
}

/// Runs a script; what it wrote to standard output and to standard error.
pub fn run(script: &Path, home: &Path) -> (String, String) {
    run_with(script, home, &[])
}

/// The same with variables of the environment.
pub fn run_with(script: &Path, home: &Path, variables: &[(&str, &str)]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(script)
        .env("PCSH_HOME", home)
        .env("NO_COLOR", "1")
        .env("TZ", "UTC")
        .env_remove("PCSH_SERVER")
        .envs(variables.iter().copied())
        .current_dir(home)
        .output()
        .expect("pcsh runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    (text(&output.stdout), text(&output.stderr))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("readable").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).expect("copied")),
        }
    }
}
