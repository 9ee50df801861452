//! What the administration cmdlets refuse before anything is asked of the service: PowerShell's own ids, and nothing
//! executed; and how they are found, described and completed.

use std::process::Command;

/// Runs a command without a profile, errors shown with their ids; standard output, standard error, exit code.
fn pcsh(command: &str) -> (String, String, Option<i32>) {
    let command = format!("$ErrorView = 'NormalView'; {command}");
    let home = tempfile::tempdir().expect("a directory");
    let output = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-NonInteractive", "-Command", &command])
        .env("PCSH_HOME", home.path())
        .env("NO_COLOR", "1")
        .env_remove("PCSH_SERVER")
        .output()
        .expect("pcsh runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn the_binder_refuses_with_powershells_ids() {
    let cases = [
        ("New-CsPersistentChatRoom -Category x", "MissingMandatoryParameter,New-CsPersistentChatRoom"),
        ("New-CsPersistentChatRoom -Name x -Category y -WhatIf", "NamedParameterNotFound,New-CsPersistentChatRoom"),
        ("Get-CsPersistentChatRoom -P x", "AmbiguousParameter,Get-CsPersistentChatRoom"),
        ("Get-CsPersistentChatRoom -Identity x -Filter y", "AmbiguousParameterSet,Get-CsPersistentChatRoom"),
        ("Set-CsPersistentChatRoom x -Type Odd", "CannotConvertArgumentNoMessage,Set-CsPersistentChatRoom"),
        ("Set-CsPersistentChatRoom x -Disabled maybe", "CannotConvertArgument,Set-CsPersistentChatRoom"),
        ("'x' | New-CsPersistentChatCategory -Name y", "InputObjectNotBound,New-CsPersistentChatCategory"),
        ("Remove-CsPersistentChatMessage x", "PositionalParameterNotFound,Remove-CsPersistentChatMessage"),
        ("Set-CsPersistentChatConfiguration -DefaultChatHistory many", "CannotConvertArgumentNoMessage"),
        ("Set-CsPersistentChatActiveServer -Swap -ActiveServers x", "AmbiguousParameterSet"),
    ];
    for (command, id) in cases {
        let (printed, errors, code) = pcsh(command);
        assert!(errors.contains(id), "{command}: {errors}");
        assert_eq!((printed.as_str(), code), ("", Some(1)), "{command}");
    }
}

#[test]
fn help_of_every_cmdlet_can_be_shown() {
    let (printed, errors, _) = pcsh("Get-Help New-CsPersistentChatRoom -Parameter Privacy");
    assert!(printed.contains("Values: Open, Closed, Secret."), "{printed}{errors}");
    let (_, errors, _) = pcsh("Get-Help Get-CsNothingAtAll");
    assert!(errors.contains("HelpNotFound"), "{errors}");
}
