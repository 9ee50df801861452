//! Certificates are renewed and revoked while the service runs: nobody is cut off, the revoked are refused at once.

use super::openssl::OpenSsl;
use super::restart::Program;
use pcsh::api::{Call, Problem};
use pcsh::client::{Connection, Endpoint, ManagementClient};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

fn client(program: &Program, authority: &OpenSsl, name: &str, token: Option<String>) -> ManagementClient {
    let both = authority.file(&format!("{name}.both"));
    let pem = |end: &str| std::fs::read_to_string(authority.file(&format!("{name}.{end}"))).unwrap();
    std::fs::write(&both, format!("{}{}", pem("key"), pem("pem"))).unwrap();
    let endpoint = Endpoint {
        certificate: Some(both),
        authority: Some(authority.file("ca.pem")),
        patience: Duration::ZERO,
        ..Endpoint::new(program.uri().replace("http://127.0.0.1", "https://localhost"))
    };
    ManagementClient::new(Connection::Remote(endpoint.token(token)))
}

fn status(client: &ManagementClient) -> Result<String, Problem> {
    let reply = client.call(&Call::new("Get", "CsServiceStatus"))?;
    Ok(reply.value[0]["caller"].as_str().unwrap_or_default().to_owned())
}

/// Waits for something that is to come within some seconds.
fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// One connection of openssl's that asks again and again.
struct Kept {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Kept {
    fn open(address: &str) -> Self {
        let mut child = Command::new("openssl")
            .args(["s_client", "-quiet", "-connect", address])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Kept { child, out }
    }

    fn asks(&mut self) -> String {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        input.flush().unwrap();
        let mut answer = String::new();
        while !answer.ends_with("ok\n") {
            assert!(self.out.read_line(&mut answer).unwrap() > 0, "cut off after {answer}");
        }
        answer
    }
}

fn fingerprint(address: &str) -> String {
    let line = format!(
        "openssl s_client -connect {address} </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256"
    );
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().rsplit('=').next().unwrap().to_owned()
}

#[test]
fn certificates_are_renewed_and_revoked_while_the_service_runs() {
    let authority = OpenSsl::new();
    let program = Program::new();
    program.import_directory();
    let (certificate, key) = authority.issue("server", "localhost", "DNS:localhost", 20);
    authority.issue("ken", "kmyer", "", 20);
    authority.issue("pilar", "packerman", "", 20);
    let list = authority.list("list.crl");
    let name = |path: &PathBuf| path.display().to_string();
    let log = program.directory.path().join("log");
    let more = [
        "--certificate",
        &name(&certificate),
        "--key",
        &name(&key),
        "--client-authority",
        &name(&authority.file("ca.pem")),
        "--client-crl",
        &name(&list),
    ];
    let service = program.start_with(std::fs::File::create(&log).unwrap().into(), "info", &more);
    let address = program.uri().replace("http://127.0.0.1", "localhost");
    let said = |words: &str| std::fs::read_to_string(&log).unwrap().contains(words);
    assert!(said("ends soon"), "a certificate of 20 days is told of");

    let (ken, pilar) = (client(&program, &authority, "ken", None), client(&program, &authority, "pilar", None));
    assert_eq!((status(&ken).unwrap(), status(&pilar).unwrap()), ("kmyer".to_owned(), "packerman".to_owned()));
    authority.revoke("ken");
    authority.list("list.crl");
    soon("a revoked certificate is refused on the connection it has", || status(&ken).is_err());
    let problem = status(&ken).unwrap_err();
    assert!(problem.id == "PC-E09" && problem.detail.contains("revoked by its authority"), "{problem}");
    let problem = status(&client(&program, &authority, "ken", None)).unwrap_err();
    assert!(problem.id == "PC-E09" && problem.detail.contains("kmyer"), "{problem}");
    assert_eq!(status(&pilar).unwrap(), "packerman");
    let operator = client(&program, &authority, "pilar", Some(program.token()));
    let trail = operator.call(&Call::new("Get", "CsAdminAudit").with("cmdlet", "log-on")).unwrap();
    assert!(trail.value[0].to_string().contains("revoked by its authority"), "{:?}", trail.value);

    let mut kept = Kept::open(&address);
    assert!(kept.asks().starts_with("HTTP/1.1 200"));
    let before = fingerprint(&address);
    authority.issue("server", "localhost", "DNS:localhost", 300);
    service.hang_up();
    soon("the renewed certificate is served", || fingerprint(&address) != before);
    assert!(kept.asks().starts_with("HTTP/1.1 200"), "the old connection lives on");
    assert_eq!(status(&pilar).unwrap(), "packerman");
    let renewed = fingerprint(&address);

    std::fs::write(&certificate, "not a certificate").unwrap();
    soon("a file that cannot be used is told of", || said("cannot be used; what was read before stays"));
    assert_eq!(fingerprint(&address), renewed);
    assert!(kept.asks().starts_with("HTTP/1.1 200"));
    let metrics = Command::new("curl").args(["-ks", &format!("https://{address}/metrics")]).output().unwrap();
    let metrics = String::from_utf8(metrics.stdout).unwrap();
    for gauge in ["pcsh_certificate_expires_seconds 1", "pcsh_client_crl_expires_seconds 1"] {
        assert!(metrics.contains(gauge), "{gauge}: {metrics}");
    }
    kept.child.kill().unwrap();
    kept.child.wait().unwrap();
    service.stop();
}

#[test]
fn where_a_certificate_is_needed_a_revoked_one_is_not_made_up_for() {
    let authority = OpenSsl::new();
    let program = Program::new();
    program.import_directory();
    let (certificate, key) = authority.issue("server", "localhost", "DNS:localhost", 200);
    authority.issue("ken", "kmyer", "", 20);
    authority.revoke("ken");
    let list = authority.list("list.crl");
    let name = |path: &PathBuf| path.display().to_string();
    let more = [
        "--certificate",
        &name(&certificate),
        "--key",
        &name(&key),
        "--client-authority",
        &name(&authority.file("ca.pem")),
        "--client-crl",
        &name(&list),
        "--client-certificates",
        "required",
    ];
    let token = program.token();
    let service = program.start_with(Stdio::null(), "warn", &more);
    let problem = status(&client(&program, &authority, "ken", Some(token))).unwrap_err();
    assert!(problem.id == "PC-E09" && problem.detail.contains("revoked"), "{problem}");
    service.stop();
}
