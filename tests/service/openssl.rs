//! Certificates as an organisation makes them: with openssl, by an authority of its own that can revoke them.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// An authority in a folder.
pub struct OpenSsl {
    folder: tempfile::TempDir,
}

const SETTINGS: &str = "[ca]\ndefault_ca = it\n[it]\ndatabase = index\nnew_certs_dir = .\nserial = serial\ncertificate = ca.pem\n\
    private_key = ca.key\ndefault_md = sha256\npolicy = any\ncopy_extensions = copy\nunique_subject = no\ndefault_crl_days = 30\n\
    crlnumber = crlnumber\ncrl_extensions = list\n[list]\nauthorityKeyIdentifier = keyid\n[any]\ncommonName = supplied\n";

impl OpenSsl {
    /// A new authority.
    pub fn new() -> Self {
        let it = OpenSsl { folder: tempfile::tempdir().unwrap() };
        for (name, text) in [("settings", SETTINGS), ("index", ""), ("serial", "1000\n"), ("crlnumber", "01\n")] {
            std::fs::write(it.file(name), text).unwrap();
        }
        it.run(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=test authority",
            "-days",
            "30",
        ]);
        it
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs openssl in the folder.
    pub fn run(&self, arguments: &[&str]) {
        let mut command = Command::new("openssl");
        let output = command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A certificate `name.pem` with its key `name.key`; `alternatives` such as `DNS:localhost`, `days` may be negative.
    pub fn issue(&self, name: &str, common: &str, alternatives: &str, days: i32) -> (PathBuf, PathBuf) {
        let (key, request, certificate) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        let subject = format!("/CN={common}");
        let extension = match alternatives {
            "" => format!("subjectAltName=DNS:{common}"),
            given => format!("subjectAltName={given}"),
        };
        self.run(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            &key,
            "-out",
            &request,
            "-subj",
            &subject,
            "-addext",
            &extension,
        ]);
        let now = jiff_seconds();
        let (begin, end) = match days < 0 {
            true => (now + i64::from(days) * 86_400 - 86_400, now + i64::from(days) * 86_400),
            false => (now - 3600, now + i64::from(days) * 86_400),
        };
        let (begin, end) = (moment(begin), moment(end));
        self.run(&[
            "ca",
            "-config",
            "settings",
            "-batch",
            "-notext",
            "-in",
            &request,
            "-out",
            &certificate,
            "-startdate",
            &begin,
            "-enddate",
            &end,
        ]);
        self.make_private(&key);
        (self.file(&certificate), self.file(&key))
    }

    pub fn make_private(&self, name: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(self.file(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Revokes a certificate.
    pub fn revoke(&self, name: &str) {
        self.run(&["ca", "-config", "settings", "-revoke", &format!("{name}.pem")]);
    }

    /// Writes the list of what is revoked.
    pub fn list(&self, file: &str) -> PathBuf {
        self.run(&["ca", "-config", "settings", "-gencrl", "-out", file]);
        self.file(file)
    }
}

fn jiff_seconds() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

/// Seconds since 1970 as openssl takes them.
fn moment(seconds: i64) -> String {
    let output = Command::new("date").args(["-u", "-d", &format!("@{seconds}"), "+%Y%m%d%H%M%SZ"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
