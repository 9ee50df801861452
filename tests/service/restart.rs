//! The program as people run it: a bulk script survives restarts of the service, every object made exactly once; an end
//! in good order finishes what is under way.

use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// The program with a data directory of its own, on a port of its own.
pub struct Program {
    pub directory: tempfile::TempDir,
    data: PathBuf,
    port: u16,
    store: Option<String>,
}

/// A service that runs.
pub struct Running {
    child: Child,
}

impl Running {
    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and does not wait for it.
    pub fn ask_to_end(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for an end in good order.
    pub fn wait(mut self) {
        assert!(self.child.wait().unwrap().success(), "an end in good order");
    }

    /// Asks it to look at its files.
    pub fn hang_up(&self) {
        assert!(Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to end, as a service manager does.
    pub fn stop(self) {
        self.ask_to_end();
        self.wait();
    }

    /// Gives it no chance.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Program {
    /// Over a store elsewhere.
    pub fn over(store: String) -> Self {
        Program { store: Some(store), ..Program::new() }
    }

    pub fn new() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = tempfile::tempdir().unwrap();
        let store = super::fixture::new_store_on_a_server();
        Program { data: directory.path().join("data"), directory, port, store }
    }

    /// Over SQLite in a folder.
    pub fn within(data: &Path) -> Self {
        Program { data: data.to_owned(), store: None, ..Program::new() }
    }

    pub fn uri(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A sub-command of `pcsh service`, not started.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
        command.arg("service").args(words).arg("--data").arg(&self.data);
        if let Some(store) = &self.store {
            command.args(["--store", store]);
        }
        command
    }

    /// Runs a sub-command that must succeed; what it printed.
    pub fn run(&self, words: &[&str]) -> String {
        checked(words, self.command(words).output().unwrap())
    }

    pub fn with_input(&self, words: &[&str], input: &str) -> String {
        let mut child = self.command(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        checked(words, child.wait_with_output().unwrap())
    }

    pub fn import_directory(&self) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/contoso/directory.ldif");
        self.run(&["directory", "import", &file.display().to_string()]);
    }

    pub fn token(&self) -> String {
        self.run(&["token", "create"]).trim().to_owned()
    }

    pub fn start(&self) -> Running {
        self.start_with(Stdio::null(), "warn", &[])
    }

    pub fn start_over_tls(&self) -> Running {
        self.start_with(Stdio::null(), "warn", &["--tls"])
    }

    pub fn start_logging(&self, log: &Path) -> Running {
        self.start_with(std::fs::File::create(log).unwrap().into(), "trace", &[])
    }

    pub fn start_with(&self, log: Stdio, level: &str, more: &[&str]) -> Running {
        let mut command = self.serving();
        command.args(more).stderr(log).env("RUST_LOG", level);
        self.start_command(command)
    }

    /// What serves, not started.
    pub fn serving(&self) -> Command {
        let listen = format!("127.0.0.1:{}", self.port);
        self.command(&["serve", "--rate", "0", "--listen", &listen])
    }

    /// Starts what serves, and waits until it does.
    pub fn start_command(&self, mut command: Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("Listening"), "{line}");
        Running { child }
    }
}

fn checked(words: &[&str], output: Output) -> String {
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const OBJECTS: usize = 150;

#[test]
fn a_bulk_script_survives_restarts() {
    let program = Program::new();
    let token = program.token();
    let mut service = program.start();
    let script = program.directory.path().join("bulk.ps1");
    let text = format!(
        "$ErrorActionPreference = 'Stop'\n\
         1..{OBJECTS} | ForEach-Object {{ New-CsPersistentChatPolicy -Identity \"bulk$_\" -Description \"number $_\" | Out-Null }}\n\
         'done'\n"
    );
    std::fs::write(&script, text).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(&script)
        .env("PCSH_HOME", program.directory.path().join("home"))
        .env("PCSH_SERVER", program.uri())
        .env("PCSH_TOKEN", &token)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let restarts = 6;
    for number in 0..restarts {
        std::thread::sleep(Duration::from_millis(250));
        match number % 2 {
            0 => service.stop(),
            _ => service.kill(),
        }
        std::thread::sleep(Duration::from_millis(150));
        service = program.start();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(checked(&["bulk script"], output).trim(), "done");
    let endpoint = Endpoint::new(program.uri()).token(Some(token));
    let client = ManagementClient::new(Connection::Remote(endpoint));
    let policies: Vec<String> = client
        .pages(&Call::new("Get", "CsPersistentChatPolicy"))
        .flat_map(|page| page.unwrap().value)
        .map(|policy| policy["identity"].as_str().unwrap().to_owned())
        .collect();
    let created = client.call(&Call::new("Get", "CsAdminAudit").with("cmdlet", "New-CsPersistentChatPolicy")).unwrap();
    service.stop();
    let (there, made) = (policies.len() - 1, created.value.len());
    super::writers::report(&format!(
        "bulk script: {OBJECTS} objects over {restarts} restarts: {there} there, {made} made"
    ));
    assert_eq!((policies.len(), created.value.len()), (OBJECTS + 1, OBJECTS));
    program.run(&["audit", "verify"]);
}
