//! The domain's rules, each a line of a script under `tests/rules`: a command, and the errors, warnings and texts that
//! must come of it. Every script starts from the scenarios' deployment.

mod common;

use common::{deployment, run};
use std::path::Path;

/// What a script prints besides rehearsals: nothing but the number of its rules where all hold.
fn rules(name: &str) {
    let home = deployment();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(format!("{name}.ps1"));
    let (printed, errors) = run(&script, home.path());
    let told: Vec<&str> = printed.lines().filter(|line| !line.starts_with("What if: ")).collect();
    match told.as_slice() {
        [only] if only.ends_with(" rules were tried") => {}
        _ => panic!("{name}:\n{}\n{errors}", told.join("\n")),
    }
}

#[test]
fn content() {
    rules("content");
}

#[test]
fn settings() {
    rules("settings");
}

#[test]
fn deployments() {
    rules("deployment");
}

#[test]
fn directory() {
    rules("directory");
}

#[test]
fn help() {
    rules("help");
}

#[test]
fn communication() {
    rules("communication");
}
