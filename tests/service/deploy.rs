//! What is delivered for running the service: the unit, the settings, the metrics; and how it speaks to a service manager.

use super::fixture::text;
use super::restart::Program;
use super::writers::{client, report};
use pcsh::api::Call;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn delivered(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)).unwrap()
}

/// Runs a program if the machine has it; its exit and what it said.
fn tool(name: &str, words: &[&str], input: &str) -> Option<(bool, String)> {
    let mut command = Command::new(name);
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn the_unit_is_understood_by_systemd() {
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("pcsh.service");
    std::fs::write(&unit, delivered("pcsh.service").replace("/usr/local/bin/pcsh", env!("CARGO_BIN_EXE_pcsh")))
        .unwrap();
    let path = unit.display().to_string();
    let Some((good, said)) = tool("systemd-analyze", &["verify", "--man=no", &path], "") else {
        return report("unit: not verified, systemd-analyze is not installed");
    };
    assert!(good && !said.contains("pcsh.service"), "{said}");
    let (_, said) = tool("systemd-analyze", &["security", "--offline=true", "--no-pager", &path], "").unwrap();
    let verdict = said.lines().find(|line| line.contains("Overall exposure level")).unwrap_or_default();
    let score = verdict.split(':').nth(1).and_then(|rest| rest.split_whitespace().next()?.parse::<f32>().ok());
    report(&format!("unit: exposure {} (0 is best, 10 worst)", score.unwrap_or(10.0)));
    assert!(score.is_some_and(|score| score <= 2.0), "{said}");
}

/// The settings as delivered, and with every suggestion taken.
#[test]
fn the_settings_are_understood_by_the_program() {
    let program = Program::new();
    program.run(&["init"]);
    let as_delivered = delivered("service.toml");
    let is_setting = |line: &str| line.split_once('=').is_some_and(|(name, _)| !name.trim().contains(' '));
    let taken: String = as_delivered
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert!(taken.lines().filter(|line| is_setting(line) && !line.starts_with('#')).count() > 10, "{taken}");
    for (name, settings) in [("delivered.toml", &as_delivered), ("taken.toml", &taken)] {
        let file = program.directory.path().join(name);
        std::fs::write(&file, settings).unwrap();
        let file = file.display().to_string();
        let store = program.directory.path().join("data").display().to_string();
        program.run(&["status", "--config", &file, "--store", &store]);
    }
    let file = program.directory.path().join("delivered.toml").display().to_string();
    let service = program.start_with(Stdio::null(), "warn", &["--config", &file]);
    client(&program.uri(), &program.token()).call(&Call::new("Get", "CsServiceStatus")).unwrap();
    service.stop();
    for faulty in ["listen = [1]", "lisen = \"x\"", "rate = \"many\"", "listen = "] {
        let file = program.directory.path().join("faulty.toml");
        std::fs::write(&file, faulty).unwrap();
        let output = program.command(&["status", "--config", &file.display().to_string()]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && (said.contains("PC-E61") || said.contains("PC-E90")), "{faulty}: {said}");
    }
}

#[test]
fn a_service_manager_is_told() {
    let program = Program::new();
    for abstract_name in [false, true] {
        let path = program.directory.path().join(format!("notify{abstract_name}"));
        let (socket, name) = match abstract_name {
            false => (UnixDatagram::bind(&path).unwrap(), path.display().to_string()),
            true => {
                use std::os::linux::net::SocketAddrExt;
                let name = format!("pcsh-test-{}", std::process::id());
                let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
                (UnixDatagram::bind_addr(&address).unwrap(), format!("@{name}"))
            }
        };
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut command = program.serving();
        command.env("NOTIFY_SOCKET", &name).env("WATCHDOG_USEC", "400000").stderr(Stdio::null());
        let service = program.start_command(command);
        let hear = || {
            let mut buffer = [0; 256];
            let length = socket.recv(&mut buffer).unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        };
        assert_eq!([hear(), hear(), hear()], ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
        service.ask_to_end();
        let end = Instant::now() + Duration::from_secs(10);
        while hear() != "STOPPING=1" {
            assert!(Instant::now() < end, "the manager hears of the end");
        }
        service.wait();
    }
}

/// A request whose body is still on its way when the service is asked to end is answered; new connections are refused.
#[test]
fn an_end_in_good_order_finishes_what_is_under_way() {
    let program = Program::new();
    let token = program.token();
    let service = program.start();
    let place = program.uri().trim_start_matches("http://").to_owned();
    let body = "{\"identity\": \"under-way\"}";
    let head = format!(
        "POST /v1/persistent-chat-policies HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: \
         application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut streams: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(&place).unwrap()).collect();
    for stream in &mut streams {
        stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body.as_bytes()[..5]).unwrap();
    }
    std::thread::sleep(Duration::from_millis(300));
    service.ask_to_end();
    std::thread::sleep(Duration::from_millis(500));
    assert!(TcpStream::connect(&place).is_err(), "nobody new is let in");
    let mut statuses = Vec::new();
    for stream in &mut streams {
        stream.write_all(&body.as_bytes()[5..]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        statuses.push(answer.split(' ').nth(1).unwrap_or_default().to_owned());
    }
    service.wait();
    statuses.sort();
    assert_eq!(statuses, ["200", "409", "409"], "all three are answered, one has made it");
    let again = program.start();
    let made =
        client(&program.uri(), &token).call(&Call::new("Get", "CsPersistentChatPolicy").identity("Tag:under-way"));
    assert_eq!(text(&made.unwrap().value[0], "identity"), "Tag:under-way");
    again.stop();
    report("asked to end with 3 requests under way: 3 answered, none lost");
}

/// What Prometheus asks of names, types and helps.
#[test]
fn metrics_follow_the_conventions() {
    let program = Program::new();
    let token = program.token();
    let service = program.start();
    client(&program.uri(), &token).call(&Call::new("Get", "CsServiceStatus")).unwrap();
    let mut stream = TcpStream::connect(program.uri().trim_start_matches("http://")).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    service.stop();
    let (head, metrics) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains("content-type: text/plain; version=0.0.4"), "{head}");
    let metrics: String = match head.to_lowercase().contains("chunked") {
        true => panic!("{head}"),
        false => metrics.to_owned(),
    };
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap_or_default();
        assert!(name.starts_with("pcsh_") || name.starts_with("process_"), "{line}");
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        for kind in ["HELP", "TYPE"] {
            let (whole, part) = (format!("# {kind} {name} "), format!("# {kind} {family} "));
            assert!(metrics.contains(&whole) || metrics.contains(&part), "{kind} of {name}");
        }
        let value = line.rsplit(' ').next().unwrap_or_default();
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
    match tool("promtool", &["check", "metrics"], &metrics) {
        Some((good, said)) => assert!(good && said.trim().is_empty(), "{said}"),
        None => report("metrics: not checked by promtool, which is not installed"),
    }
}
