//! The domain's rules, each a line of a script under `tests/rules`: a command, and the errors, warnings and texts that
//! must come of it. Every script starts from the scenarios' deployment.

mod common;

use common::{deployment, run_with};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a script prints besides rehearsals: nothing but the number of its rules where all hold.
fn rules(name: &str) {
    rules_in(name, deployment().path(), &[]);
}

fn rules_in(name: &str, home: &Path, variables: &[(&str, &str)]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(format!("{name}.ps1"));
    let (printed, errors) = run_with(&script, home, variables);
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

#[test]
fn updates() {
    rules("updates");
}

/// The same rules over a socket.
#[test]
fn updates_of_a_service_elsewhere() {
    let home = deployment();
    let service = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
        command.arg("service").args(words).arg("--data").arg(home.path().join("data"));
        command
    };
    let token = service(&["token", "create"]).output().expect("a token");
    let token = String::from_utf8_lossy(&token.stdout).trim().to_owned();
    let mut serving = service(&["serve", "--listen", "127.0.0.1:0"]);
    let mut serving = serving.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the service starts");
    let mut line = String::new();
    BufReader::new(serving.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let uri = line.trim().trim_start_matches("Listening on ").to_owned();
    let elsewhere = tempfile::tempdir().expect("a directory");
    rules_in("updates", elsewhere.path(), &[("PCSH_SERVER", &uri), ("PCSH_TOKEN", &token)]);
    serving.kill().expect("it runs");
    serving.wait().expect("it ends");
}

#[test]
fn data() {
    rules("data");
}
