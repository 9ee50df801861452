//! The address of a PostgreSQL store as libpq reads it: how the connection is encrypted, with which files, and where a
//! password comes from that the address does not hold. No message here repeats any part of the address.

use crate::api::Problem;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// How a connection is encrypted, and what is asked of the server's certificate: libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Encryption {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyAuthority,
    VerifyFull,
}

const MODES: [(&str, Encryption); 6] = [
    ("disable", Encryption::Disable),
    ("allow", Encryption::Allow),
    ("prefer", Encryption::Prefer),
    ("require", Encryption::Require),
    ("verify-ca", Encryption::VerifyAuthority),
    ("verify-full", Encryption::VerifyFull),
];

/// Options of the address that are about encryption and passwords, with libpq's variables for them.
const OWN: [(&str, &str); 6] = [
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslcrl", "PGSSLCRL"),
    ("passfile", "PGPASSFILE"),
];

/// Where trust in the server begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    /// Nowhere: any certificate is taken.
    None,
    /// The authorities of the operating system (`sslrootcert=system`).
    System,
    File(PathBuf),
}

/// A parsed address.
pub(super) struct Address {
    pub(crate) config: Config,
    pub(crate) encryption: Encryption,
    pub(crate) roots: Roots,
    /// The service's own certificate with its key.
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
    /// Certificates that their authorities have revoked.
    pub(crate) revoked: Option<PathBuf>,
}

/// What surrounds an address: variables of the environment, and libpq's folder in the home directory.
pub(super) struct Surroundings<'a> {
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    pub(crate) home: Option<PathBuf>,
}

impl Surroundings<'_> {
    /// A file of libpq's folder, where it exists.
    fn file(&self, name: &str) -> Option<PathBuf> {
        let file = self.home.as_ref()?.join(".postgresql").join(name);
        file.exists().then_some(file)
    }
}

fn faulty(reason: &str) -> Problem {
    let message = format!(
        "The address of the PostgreSQL store cannot be read: {reason}. It looks like \
         postgres://user@host:5432/database?sslmode=verify-full; special characters of a password are percent-encoded."
    );
    Problem::new("PC-E25", message).terminating()
}

impl Address {
    /// Reads an address in the surroundings of this process.
    pub(crate) fn read(address: &str) -> Result<Self, Problem> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Address::read_in(
            address,
            &Surroundings { variable: &variable, home: std::env::var_os("HOME").map(PathBuf::from) },
        )
    }

    pub(super) fn read_in(address: &str, around: &Surroundings<'_>) -> Result<Self, Problem> {
        let (plain, given) = split(address);
        let option = |name: &str| {
            let written = given.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            let variable = OWN.iter().find(|(known, _)| *known == name).map_or("", |(_, variable)| variable);
            written.or_else(|| (around.variable)(variable))
        };
        let mut config =
            Config::from_str(&plain).map_err(|_| faulty("it holds an option that is not known, or has no host"))?;
        if config.get_user().is_none()
            && let Some(user) = (around.variable)("PGUSER")
        {
            config.user(&user);
        }
        let roots = match option("sslrootcert") {
            Some(name) if name == "system" => Roots::System,
            Some(file) => Roots::File(file.into()),
            None => around.file("root.crt").map_or(Roots::None, Roots::File),
        };
        let encryption = encryption(option("sslmode").as_deref(), &roots, &config)?;
        if config.get_password().is_none()
            && let Some(password) = password(&config, option("passfile"), around)
        {
            config.password(password);
        }
        let certificate = option("sslcert").map(PathBuf::from).or_else(|| around.file("postgresql.crt"));
        let key = option("sslkey").map(PathBuf::from).or_else(|| around.file("postgresql.key"));
        let certificate = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(faulty("sslcert and sslkey belong together")),
        };
        let revoked = option("sslcrl").map(PathBuf::from).or_else(|| around.file("root.crl"));
        Ok(Address { config, encryption, roots, certificate, revoked })
    }

    /// The servers' names, for messages.
    pub(crate) fn hosts(&self) -> String {
        let ports = self.config.get_ports();
        let named = self.config.get_hosts().iter().enumerate().map(|(place, host)| {
            let port = ports.get(place).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                Host::Unix(path) => path.display().to_string(),
            }
        });
        named.collect::<Vec<_>>().join(", ")
    }
}

/// Takes the options that are read here out of an address.
fn split(address: &str) -> (String, Vec<(String, String)>) {
    // A password may hold a question mark, too.
    let host = address.find('@').unwrap_or(0);
    let Some(mark) = address.get(host..).and_then(|rest| rest.find('?')) else {
        return (address.to_owned(), Vec::new());
    };
    let (before, query) = address.split_at(host + mark);
    let query = query.trim_start_matches('?');
    let (mut rest, mut own) = (Vec::new(), Vec::new());
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match OWN.iter().any(|(known, _)| *known == name) {
            true => own.push((name.to_owned(), decoded(value))),
            false => rest.push(part),
        }
    }
    match rest.is_empty() {
        true => (before.to_owned(), own),
        false => (format!("{before}?{}", rest.join("&")), own),
    }
}

/// Percent-encoding undone; a plus stays one, as libpq has it.
fn decoded(text: &str) -> String {
    let kept = text.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={kept}").as_bytes()).next().map_or_else(String::new, |(_, v)| v.into_owned())
}

fn encryption(mode: Option<&str>, roots: &Roots, config: &Config) -> Result<Encryption, Problem> {
    let known = |mode: &str| MODES.iter().find(|(name, _)| *name == mode).map(|(_, found)| *found);
    let names = || MODES.map(|(name, _)| name).join(", ");
    let wanted = match mode {
        Some(mode) => known(mode).ok_or_else(|| faulty(&format!("sslmode is one of {}", names())))?,
        None if *roots == Roots::System => Encryption::VerifyFull,
        None => Encryption::Prefer,
    };
    if *roots == Roots::System && wanted < Encryption::VerifyFull {
        return Err(faulty("sslrootcert=system goes with sslmode=verify-full only"));
    }
    if wanted >= Encryption::VerifyAuthority && *roots == Roots::None {
        return Err(faulty(
            "sslmode=verify-ca and verify-full need the authority of the server's certificate: sslrootcert=FILE, or system",
        ));
    }
    if config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_))) && config.get_hostaddrs().is_empty() {
        // A socket of this machine is not encrypted, whatever is asked for.
        return Ok(Encryption::Disable);
    }
    // With an authority at hand, asking for encryption means asking for that authority.
    let verifies = wanted == Encryption::Require && *roots != Roots::None;
    Ok(if verifies { Encryption::VerifyAuthority } else { wanted })
}

/// The password that the environment or the password file knows.
fn password(config: &Config, file: Option<String>, around: &Surroundings<'_>) -> Option<String> {
    if let Some(password) = (around.variable)("PGPASSWORD") {
        return Some(password);
    }
    let file = file.map(PathBuf::from).or_else(|| Some(around.home.as_ref()?.join(".pgpass")))?;
    let text = read_private(&file)?;
    let user = config.get_user()?;
    let database = config.get_dbname().unwrap_or(user);
    let ports = config.get_ports();
    config.get_hosts().iter().enumerate().find_map(|(place, host)| {
        let port = ports.get(place).or(ports.first()).copied().unwrap_or(5432).to_string();
        let host = match host {
            Host::Tcp(name) => name.as_str(),
            Host::Unix(_) => "localhost",
        };
        text.lines().find_map(|line| password_of(line, [host, &port, database, user]))
    })
}

/// A password file that others can read is not used, as libpq has it.
fn read_private(file: &Path) -> Option<String> {
    let about = std::fs::metadata(file).ok()?;
    if !about.is_file() {
        return None;
    }
    if is_open(&about) {
        tracing::warn!(file = %file.display(), "the password file is not used: others can read it (chmod 600)");
        return None;
    }
    std::fs::read_to_string(file).ok()
}

/// May the group or others read a file?
pub(super) fn is_open(about: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o077 != 0;
    #[cfg(not(unix))]
    return about.len() == u64::MAX;
}

/// The last field of a line `host:port:database:user:password` whose others fit; `*` fits all, `\` quotes.
fn password_of(line: &str, wanted: [&str; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let is_last = fields.len() > wanted.len();
        match (letter, fields.last_mut()) {
            ('\\', Some(field)) => field.extend(letters.next()),
            (':', _) if !is_last => fields.push(String::new()),
            (other, Some(field)) => field.push(other),
            (_, None) => {}
        }
    }
    let password = fields.get(wanted.len())?.clone();
    let fits = fields.iter().zip(wanted).all(|(field, wanted)| field == "*" || field == wanted);
    fits.then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str, variables: &[(&str, &str)], home: Option<&Path>) -> Result<Address, Problem> {
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
        Address::read_in(address, &Surroundings { variable: &variable, home: home.map(Path::to_owned) })
    }

    #[test]
    fn modes_are_libpq_s() {
        let rows: [(&str, &[(&str, &str)], Encryption); 9] = [
            ("postgres://u@h/d", &[], Encryption::Prefer),
            ("postgres://u@h/d?sslmode=disable", &[], Encryption::Disable),
            ("postgres://u@h/d?sslmode=require", &[], Encryption::Require),
            ("postgres://u@h/d?sslmode=require&sslrootcert=/x", &[], Encryption::VerifyAuthority),
            ("postgres://u@h/d?connect_timeout=3&sslrootcert=%2Fx&sslmode=verify-full", &[], Encryption::VerifyFull),
            ("postgres://u@h/d?sslrootcert=system", &[], Encryption::VerifyFull),
            ("postgres://u@h/d", &[("PGSSLMODE", "require")], Encryption::Require),
            ("postgres://u@h/d?sslmode=disable", &[("PGSSLMODE", "require")], Encryption::Disable),
            ("postgres:///d?host=/run/postgresql&sslmode=require", &[], Encryption::Disable),
        ];
        for (address, variables, expected) in rows {
            assert_eq!(read(address, variables, None).unwrap().encryption, expected, "{address}");
        }
    }

    #[test]
    fn faults_say_what_to_do_and_keep_the_password() {
        for address in [
            "postgres://u:secret@h/d?sslmode=always",
            "postgres://u:secret@h/d?sslmode=verify-full",
            "postgres://u:secret@h/d?sslrootcert=system&sslmode=require",
            "postgres://u:secret@h/d?sslcert=/x",
            "postgres://u@h/d?secret@x=1",
            "postgres://u:secret@h:port/d",
        ] {
            let problem = read(address, &[], None).err().unwrap();
            assert_eq!(problem.id, "PC-E25", "{address}");
            assert!(!problem.to_string().contains("secret"), "{problem}");
        }
    }

    #[test]
    fn passwords_come_from_the_environment_or_the_file() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(".pgpass");
        std::fs::write(&file, "# mine\nother:5432:*:u:no\nh:*:d:u:a\\:b\\\\c\n*:*:*:*:last\n").unwrap();
        let found = |address: &str, variables: &[(&str, &str)]| {
            let read = read(address, variables, Some(home.path())).unwrap();
            read.config.get_password().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
        };
        assert_eq!(found("postgres://u@h/d", &[("PGPASSWORD", "env")]).as_deref(), Some("env"));
        assert_eq!(found("postgres://u:own@h/d", &[("PGPASSWORD", "env")]).as_deref(), Some("own"));
        assert_eq!(found("postgres://u:o?n@h/d?sslmode=require", &[]).as_deref(), Some("o?n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(found("postgres://u@h/d", &[]), None, "others can read the file");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert_eq!(found("postgres://u@h/d", &[]).as_deref(), Some("a:b\\c"));
            assert_eq!(found("postgres://v@x:99/d", &[]).as_deref(), Some("last"));
        }
    }
}
