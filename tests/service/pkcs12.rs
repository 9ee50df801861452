//! PKCS#12 files as openssl writes them, old and new: imported, and shown to a service by the shell.

use super::fixture::{Site, text};
use super::openssl::OpenSsl;
use super::restart::Program;
use base64::Engine;
use pcsh::api::Call;
use std::process::Command;

/// How the file is made, and whether it can be opened.
const KINDS: [(&str, &[&str]); 5] = [
    ("aes", &[]),
    ("legacy", &["-legacy"]),
    ("triple", &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"]),
    ("aes128", &["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha384"]),
    ("unencrypted", &["-certpbe", "NONE"]),
];

fn written(authority: &OpenSsl, kind: &str, more: &[&str], password: &str) -> Vec<u8> {
    let file = format!("{kind}.pfx");
    let secret = format!("pass:{password}");
    let mut words = vec!["pkcs12", "-export", "-in", "ken.pem", "-inkey", "ken.key", "-certfile", "ca.pem"];
    words.extend(["-name", "Ken's", "-passout", &secret, "-out", &file]);
    words.extend(more);
    authority.run(&words);
    std::fs::read(authority.file(&file)).unwrap()
}

#[test]
fn files_of_openssl_are_imported() {
    let authority = OpenSsl::new();
    authority.issue("ken", "kmyer", "DNS:pc1.contoso.com", 20);
    let site = Site::with_first_room();
    let import = |bytes: &[u8], password: &str| {
        let content = base64::engine::general_purpose::STANDARD.encode(bytes);
        Call::new("Import", "CsCertificate").with("byteInput", content).with("password", password)
    };
    for (kind, more) in KINDS {
        let bytes = written(&authority, kind, more, "s3cret päss");
        let shown = site.one(import(&bytes, "s3cret päss"));
        assert_eq!(text(&shown, "subject"), "CN=kmyer", "{kind}");
        let problem = site.fails("PC-E61", import(&bytes, "wrong"));
        assert!(problem.detail.contains("password is wrong"), "{kind}: {problem}");
        let problem = site.fails("PC-E61", import(&bytes, ""));
        assert!(problem.detail.contains("-Password"), "{kind}: {problem}");
        let half = bytes.get(..bytes.len() / 2).unwrap();
        site.fails("PC-E61", import(half, "s3cret päss"));
    }
    // PEM: the key stays apart from the certificate, and must be its own.
    let pem = |name: &str| std::fs::read_to_string(authority.file(name)).unwrap();
    site.one(import(format!("{}{}", pem("ken.pem"), pem("ken.key")).as_bytes(), ""));
    authority.issue("other", "other", "", 20);
    site.fails("PC-E76", import(format!("{}{}", pem("ken.pem"), pem("other.key")).as_bytes(), ""));
    let trail = serde_json::to_string(&site.ok(Call::new("Get", "CsAdminAudit")).value).unwrap();
    assert!(!trail.contains("BEGIN PRIVATE KEY") && !trail.contains("s3cret"));
}

#[test]
fn the_shell_connects_with_one_and_shows_what_it_is_connected_to() {
    let authority = OpenSsl::new();
    let program = Program::new();
    program.import_directory();
    let (certificate, key) = authority.issue("server", "localhost", "DNS:localhost", 200);
    authority.issue("ken", "kmyer", "", 20);
    for (kind, more) in KINDS {
        written(&authority, kind, more, "s3cret");
    }
    let name = |path: &std::path::PathBuf| path.display().to_string();
    let ca = name(&authority.file("ca.pem"));
    let more = ["--certificate", &name(&certificate), "--key", &name(&key), "--client-authority", &ca];
    let service = program.start_with(std::process::Stdio::null(), "warn", &more);
    let uri = program.uri().replace("http://127.0.0.1", "https://localhost");
    let script = authority.file("script.ps1");
    let source = format!(
        "$before = Get-CsConnection\n\
         \"$($before.Kind) $($before.State) $($before.Account) $($before.Connected)\"\n\
         $given = @{{ Uri = '{uri}'; CertificateAuthority = '{ca}' }}\n\
         foreach ($kind in 'aes', 'legacy', 'triple', 'aes128', 'unencrypted') {{\n\
         $c = Connect-CsService @given -Certificate \"{folder}/$kind.pfx\" -Password (ConvertTo-SecureString s3cret -AsPlainText -Force)\n\
         \"$kind $($c.Kind) $($c.State) $($c.Account) $($c.Authentication) $($c.Rights) $($c.Connected) $([int]($c.AuthenticationExpires - (Get-Date)).TotalDays) $($c.CertificateFingerprint.Length)\"\n\
         }}\n\
         try {{ Connect-CsService @given -Certificate '{folder}/aes.pfx' -Password wrong }} catch {{ $_.FullyQualifiedErrorId; \"$_\" -match 'password is wrong' }}\n\
         Disconnect-CsService; (Get-CsConnection).Kind\n",
        folder = name(&authority.file("")).trim_end_matches('/'),
    );
    std::fs::write(&script, source).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(&script)
        .env("PCSH_HOME", program.directory.path().join("home"))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let expected: String = ["aes", "legacy", "triple", "aes128", "unencrypted"]
        .map(|kind| format!("{kind} Remote Ready kmyer Certificate ReadWrite True 20 95\n"))
        .concat();
    let expected = format!("Embedded Ready local operator False\n{expected}PC-E61,Connect-CsService\nTrue\nEmbedded\n");
    assert_eq!(printed, expected, "{}", String::from_utf8_lossy(&output.stderr));
    service.stop();
}
