//! PostgreSQL servers of our own: private clusters on free ports, which are started, killed, copied and promoted.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One server.
pub struct Cluster {
    folder: PathBuf,
    _owner: Option<tempfile::TempDir>,
    port: u16,
    options: String,
}

/// The newest installed version's programs.
fn binaries() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed (tests/run does it)")
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|path| path.join("postgres").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL is installed")
}

fn is_root() -> bool {
    String::from_utf8_lossy(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0"
}

/// A program of PostgreSQL's; as root it runs as its own user, for it refuses to run as root.
fn program(name: &str) -> Command {
    let path = binaries().join(name);
    match is_root() {
        true => {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        }
        false => Command::new(path),
    }
}

fn run(command: &mut Command) -> bool {
    command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn owned(folder: &Path) {
    if is_root() {
        assert!(run(Command::new("chown").arg("postgres").arg(folder)));
    }
}

impl Cluster {
    /// A new server, started.
    pub fn new(options: &str) -> Self {
        let owner = tempfile::tempdir().unwrap();
        let folder = owner.path().to_owned();
        let mut cluster = Cluster::within(&folder, options);
        cluster._owner = Some(owner);
        cluster.start();
        cluster
    }

    /// A server in a folder that exists, not started.
    pub fn within(folder: &Path, options: &str) -> Self {
        owned(folder);
        let cluster =
            Cluster { folder: folder.to_owned(), _owner: None, port: free_port(), options: options.to_owned() };
        assert!(run(program("initdb").args(["-N", "-A", "trust", "-U", "pcsh", "-D"]).arg(cluster.data())));
        cluster
    }

    /// A standby of a running server, started.
    pub fn standby(primary: &Cluster) -> Self {
        let owner = tempfile::tempdir().unwrap();
        let folder = owner.path().to_owned();
        owned(&folder);
        let standby = Cluster { folder, _owner: Some(owner), port: free_port(), options: String::new() };
        let source = format!("host=127.0.0.1 port={} user=pcsh application_name=standby", primary.port);
        assert!(run(program("pg_basebackup")
            .args(["-R", "-X", "stream", "-c", "fast", "-d", &source, "-D"])
            .arg(standby.data())));
        standby.start();
        standby
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Host and port, as an address of a store lists them.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn address(&self) -> String {
        format!("postgres://pcsh@{}/postgres", self.host())
    }

    pub fn start(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c max_connections=200 {}",
            self.port,
            self.folder.display(),
            self.options
        );
        let end = Instant::now() + Duration::from_secs(60);
        // What a killed server leaves behind needs a moment to go.
        while !run(program("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .args(["-w", "-l"])
            .arg(self.folder.join("log"))
            .args(["-o", &options, "start"]))
        {
            assert!(Instant::now() < end, "{}", std::fs::read_to_string(self.folder.join("log")).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// From now on only encrypted connections are taken from outside: with a password, of `machine` with a certificate.
    /// The superuser comes in through the socket.
    pub fn encrypt(&self, certificate: &Path, key: &Path, authority: &Path) {
        for (name, file) in [("server.pem", certificate), ("server.key", key), ("ca.pem", authority)] {
            let target = self.data().join(name);
            std::fs::copy(file, &target).unwrap();
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
            owned(&target);
        }
        for setting in
            ["ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'", "ssl_ca_file = 'ca.pem'", "ssl = on"]
        {
            self.query(&format!("ALTER SYSTEM SET {setting}"));
        }
        let rules = "local all all trust\nhostssl all machine all cert\nhostssl all all all scram-sha-256\n";
        std::fs::write(self.data().join("pg_hba.conf"), rules).unwrap();
        assert!(run(program("pg_ctl").arg("-D").arg(self.data()).arg("reload")));
        std::thread::sleep(Duration::from_millis(500));
    }

    /// kill -9 of the server: its helpers go with it.
    pub fn kill(&self) {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let id = file.lines().next().unwrap().trim().to_owned();
        assert!(run(Command::new("kill").args(["-9", &id])));
    }

    /// A standby hears no more of its primary.
    pub fn cut_off(&self) {
        self.query("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'");
        self.query("SELECT pg_reload_conf()");
    }

    pub fn promote(&self) {
        assert!(run(program("pg_ctl").arg("-D").arg(self.data()).args(["-w", "promote"])));
    }

    /// A statement outside of the service.
    pub fn query(&self, sql: &str) -> String {
        let mut client = postgres::Client::connect(&self.address(), postgres::NoTls).unwrap();
        let rows = client.simple_query(sql).unwrap();
        let first = rows.into_iter().find_map(|row| match row {
            postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        first.unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        run(program("pg_ctl").arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]));
    }
}
