//! The way to PostgreSQL, encrypted: every `sslmode` against a server with openssl's certificates, wrong ones told apart,
//! and the password in no message.

use super::cluster::Cluster;
use super::openssl::OpenSsl;
use pcsh::store::Store;

const PASSWORD: &str = "Tr0ub4dor-and-3";

/// A server with a certificate for `localhost`, which takes encrypted connections with a password only, or with a
/// certificate for the account `machine`.
fn server(authority: &OpenSsl) -> Cluster {
    let (certificate, key) = authority.issue("server", "db", "DNS:localhost", 20);
    let cluster = Cluster::new("");
    cluster.query(&format!("CREATE ROLE app LOGIN SUPERUSER PASSWORD '{PASSWORD}'"));
    cluster.query("CREATE ROLE machine LOGIN SUPERUSER");
    cluster.encrypt(&certificate, &key, &authority.file("ca.pem"));
    cluster
}

fn open(address: &str) -> Result<i64, pcsh::api::Problem> {
    let store = Store::open(address)?;
    assert_eq!(store.read(|tx| tx.meta("store-id"))?, None);
    store.schema_version()
}

#[test]
fn every_mode_checks_what_it_says() {
    let authority = OpenSsl::new();
    let stranger = OpenSsl::new();
    let cluster = server(&authority);
    let port = cluster.host().rsplit(':').next().unwrap().to_owned();
    let (ca, other) = (authority.file("ca.pem"), stranger.file("ca.pem"));
    let (ca, other, own) = (ca.display(), other.display(), authority.file("server.pem"));
    let address = |user: &str, host: &str, options: &str| format!("postgres://{user}@{host}:{port}/postgres?{options}");
    let app = format!("app:{PASSWORD}");
    authority.issue("client", "machine", "", 20);
    stranger.issue("client", "machine", "", 20);
    authority.issue("revoked", "x", "", 20);
    authority.revoke("server");
    let list = authority.list("list.crl");
    let client = |from: &OpenSsl| {
        let files = (from.file("client.pem"), from.file("client.key"));
        format!("sslmode=verify-full&sslrootcert={ca}&sslcert={}&sslkey={}", files.0.display(), files.1.display())
    };
    let good = [
        address(&app, "127.0.0.1", "sslmode=require"),
        address(&app, "127.0.0.1", "sslmode=prefer"),
        address(&app, "127.0.0.1", "sslmode=allow"),
        address(&app, "127.0.0.1", &format!("sslmode=verify-ca&sslrootcert={ca}")),
        address(&app, "localhost", &format!("sslmode=verify-full&sslrootcert={ca}")),
        address(&app, "localhost", &format!("sslmode=verify-full&sslrootcert={}", own.display())),
        address("machine", "localhost", &client(&authority)),
    ];
    for good in &good {
        assert!(open(good).unwrap_or_else(|problem| panic!("{good}: {problem}")) > 0);
    }
    let wrong = format!("app:{PASSWORD}x");
    let bad = [
        (address(&app, "127.0.0.1", "sslmode=disable"), "PC-E95", "pg_hba.conf"),
        (address(&app, "127.0.0.1", &format!("sslmode=verify-full&sslrootcert={ca}")), "PC-E85", "other names"),
        (address(&app, "localhost", &format!("sslmode=verify-ca&sslrootcert={other}")), "PC-E85", "sslrootcert"),
        (address(&app, "localhost", &format!("sslmode=require&sslrootcert={other}")), "PC-E85", "sslrootcert"),
        (
            address(&app, "localhost", &format!("sslmode=verify-full&sslrootcert={ca}&sslcrl={}", list.display())),
            "PC-E85",
            "revoked",
        ),
        (address(&wrong, "localhost", "sslmode=require"), "PC-E95", "PGPASSWORD"),
        (address("app", "localhost", "sslmode=require&passfile=/nowhere"), "PC-E95", "PGPASSWORD"),
        (address("machine", "localhost", "sslmode=require"), "PC-E95", "sslcert"),
        (address("machine", "localhost", &client(&stranger)), "PC-E95", "sslcert"),
        (address(&app, "localhost", "sslmode=require&sslrootcert=/nowhere.pem"), "PC-E60", "/nowhere.pem"),
    ];
    for (address, id, words) in &bad {
        let problem = open(address).expect_err(address);
        assert_eq!(problem.id, *id, "{address}: {problem}");
        assert!(problem.detail.contains(words), "{address}: {problem}");
        assert!(!problem.to_string().contains(PASSWORD), "{problem}");
    }
    println!("{} encrypted connections made, {} refused with a reason", good.len(), bad.len());
}

#[test]
fn a_server_without_encryption_is_told_apart() {
    let cluster = Cluster::new("");
    let address = |options: &str| format!("{}?{options}", cluster.address());
    assert!(open(&address("sslmode=prefer")).unwrap() > 0);
    assert!(open(&address("")).unwrap() > 0);
    let problem = open(&address("sslmode=require")).unwrap_err();
    assert!(problem.id == "PC-E95" && problem.detail.contains("ssl = on"), "{problem}");
}
