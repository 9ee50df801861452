//! The cmdlets of a connection, through the program: log-ons of each kind, what is kept, what a role sees.

use super::restart::{Program, Running};
use std::path::Path;
use std::process::Command;

/// Runs a line of script; what it printed, and its errors.
fn shell(home: &Path, script: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-NonInteractive", "-Command", script])
        .env("PCSH_HOME", home)
        .env("NO_COLOR", "1")
        .env_remove("PCSH_SERVER")
        .env_remove("PCSH_TOKEN")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (text(&output.stdout), text(&output.stderr))
}

fn help_desk(program: &Program) -> Running {
    program.import_directory();
    program.run(&["directory", "add", "CN=Hanna,OU=IT,DC=contoso,DC=com", "objectClass=user", "samAccountName=hanna"]);
    program.run(&["directory", "join", "CsHelpDesk", "CN=Hanna,OU=IT,DC=contoso,DC=com"]);
    program.with_input(&["account", "set", "hanna"], "correct horse battery\n");
    program.start()
}

#[test]
fn a_role_sees_what_it_may_run() {
    let program = Program::new();
    let service = help_desk(&program);
    let (home, uri) = (program.directory.path().join("home"), program.uri());
    let connect = format!(
        "$who = [pscredential]::new('contoso\\hanna', (ConvertTo-SecureString 'correct horse battery' -AsPlainText -Force)); Connect-CsService -Uri {uri} -Credential $who -Remember | Out-Null; "
    );
    let count = "@(Get-Command Get-CsUser, New-CsPersistentChatRoom -ErrorAction SilentlyContinue).Name -join ','; \
        @(Get-Command -Noun CsPersistentChatRoom).Name -join ','; @(Get-Command Connect-CsService).Count";
    let (printed, errors) = shell(&home, &format!("{connect}{count}"));
    assert_eq!(printed.lines().collect::<Vec<_>>(), ["Get-CsUser", "Get-CsPersistentChatRoom", "1"], "{errors}");
    // The log-on was kept, for its owner's eyes only, until it is forgotten.
    let (printed, errors) = shell(&home, &format!("(Connect-CsService {uri}).Kind; Disconnect-CsService -Forget"));
    assert_eq!(printed, "Remote", "{errors}");
    let (_, errors) = shell(&home, &format!("Connect-CsService {uri}"));
    assert!(errors.contains("PC-E09") || errors.contains("token"), "{errors}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let kept = std::fs::metadata(home.join("logons.json")).unwrap();
        assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    }
    let (everything, _) = shell(&home, "@(Get-Command -Noun CsPersistentChatRoom).Count");
    assert_eq!(everything, "5");
    service.stop();
}

#[test]
fn a_certificate_connects() {
    let program = Program::new();
    program.import_directory();
    let file = program.directory.path().join("ken.pem");
    program.run(&["certificate", "create", "--user", "kmyer", &file.display().to_string()]);
    let service = program.start_over_tls();
    let home = program.directory.path().join("home");
    let authority = program.directory.path().join("data/tls-authority.pem");
    let uri = program.uri().replace("http://127.0.0.1", "https://localhost");
    let connect = format!("Connect-CsService {uri} -Certificate '{}'", file.display());
    let (printed, errors) = shell(
        &home,
        &format!(
            "{connect} -CertificateAuthority '{}' | Out-Null; (Invoke-CsServiceOperation Get-CsServiceStatus).Caller",
            authority.display()
        ),
    );
    assert_eq!(printed, "kmyer", "{errors}");
    let (_, errors) =
        shell(&home, &format!("try {{ {connect} }} catch {{ [Console]::Error.WriteLine($_.FullyQualifiedErrorId) }}"));
    assert!(errors.contains("PC-E85"), "{errors}");
    service.stop();
}

/// What openssl's client is told about protocols and ciphers.
#[test]
fn old_protocols_and_weak_ciphers_are_refused() {
    let program = Program::new();
    let service = program.start_over_tls();
    let target = program.uri().replace("http://", "");
    let shake = |options: &[&str]| {
        let output = Command::new("openssl")
            .args(["s_client", "-brief", "-connect", &target])
            .args(options)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    for (options, protocol) in [(&["-tls1_3"][..], "TLSv1.3"), (&["-tls1_2"][..], "TLSv1.2")] {
        let (good, text) = shake(options);
        assert!(good && text.contains(protocol), "{options:?}: {text}");
    }
    for options in [
        &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"][..],
        &["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
        &["-tls1_2", "-cipher", "AES128-SHA:AES256-SHA256:@SECLEVEL=0"],
        &["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0"],
        &["-tls1_2", "-cipher", "aNULL:eNULL:@SECLEVEL=0"],
    ] {
        let (good, text) = shake(options);
        assert!(!good, "{options:?}: {text}");
    }
    service.stop();
}
