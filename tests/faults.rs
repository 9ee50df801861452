//! What happens when the ground gives way: no room on the disk, no right to write, a damaged store, a shell killed while
//! it writes. Every time a clear error with an id and a way out, and nothing lost or half done.

mod common;

use common::deployment;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs a command, errors shown with their ids; standard output, standard error, exit code.
fn pcsh(home: &Path, command: &str) -> (String, String, Option<i32>) {
    limited(home, command, "unlimited")
}

/// The same with a limit on the size of files, in blocks of 512 bytes.
fn limited(home: &Path, command: &str, blocks: &str) -> (String, String, Option<i32>) {
    let command = format!("$ErrorView = 'NormalView'; {command}");
    let shell = format!("ulimit -f {blocks} && exec \"$0\" -NoProfile -NonInteractive -Command \"$1\"");
    let output = Command::new("sh")
        .args(["-c", &shell, env!("CARGO_BIN_EXE_pcsh"), &command])
        .env("PCSH_HOME", home)
        .env("NO_COLOR", "1")
        .env_remove("PCSH_SERVER")
        .output()
        .expect("pcsh runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

const MAKE_ROOMS: &str = "\
    $made = 0
    try { 1..2000 | ForEach-Object { $null = New-CsPersistentChatRoom -Category c -Name \"F_$_\" -Description ('x' * 200) -ErrorAction Stop; $made++ } }
    catch { ($_.FullyQualifiedErrorId -split ',')[0] }
    $made";
const COUNT_ROOMS: &str = "(Get-CsPersistentChatRoom | Measure-Object).Count";

#[test]
fn a_full_disk_stops_the_work_and_loses_nothing() {
    let home = deployment();
    pcsh(home.path(), "New-CsPersistentChatCategory -Name c");
    let (printed, errors, _) = limited(home.path(), MAKE_ROOMS, "1200");
    let lines: Vec<&str> = printed.lines().collect();
    let [id, made] = lines.as_slice() else { panic!("{printed}{errors}") };
    assert_eq!(*id, "PC-E95", "{errors}");
    let (count, errors, _) = pcsh(home.path(), COUNT_ROOMS);
    assert_eq!(count.trim(), *made, "{errors}");
    let (all, errors, _) = pcsh(home.path(), &format!("{}; {COUNT_ROOMS}", MAKE_ROOMS.replace("F_", "G_")));
    assert_eq!(all.lines().next(), Some("2000"), "{errors}");
}

#[test]
fn a_transaction_on_a_full_disk_leaves_nothing() {
    let home = deployment();
    pcsh(home.path(), "New-CsPersistentChatCategory -Name c");
    let block = "try { Use-CsTransaction { 1..2000 | ForEach-Object { $null = New-CsPersistentChatRoom -Category c -Name \"F_$_\" -Description ('x' * 200) -ErrorAction Stop } } } catch { ($_.FullyQualifiedErrorId -split ',')[0] }";
    let (printed, errors, _) = limited(home.path(), block, "1200");
    assert_eq!(printed.trim(), "PC-E95", "{errors}");
    let (count, errors, _) = pcsh(home.path(), COUNT_ROOMS);
    assert_eq!(count.trim(), "0", "{errors}");
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let folder = tempfile::tempdir().expect("a directory");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    for home in [file.as_path(), Path::new("/proc/pcsh")] {
        let (printed, errors, code) = pcsh(home, "Get-CsSite");
        assert!(errors.contains("PC-E95") && errors.contains("PCSH_HOME"), "{errors}");
        assert!(errors.contains(&home.display().to_string()), "{errors}");
        assert_eq!((printed.as_str(), code), ("", Some(1)));
    }
}

#[test]
fn a_damaged_store_is_told_and_left_alone() {
    let random: Vec<u8> = (0u32..60_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (offset, bytes, length) in [(0, &random[..40], None), (8192, &random[..], None), (0, &[][..], Some(40_000))] {
        let home = deployment();
        let file = home.path().join("data/pcsh.db");
        let mut content = fs::read(&file).expect("readable");
        content[offset..offset + bytes.len()].copy_from_slice(bytes);
        content.truncate(length.unwrap_or(content.len()));
        fs::write(&file, &content).expect("written");
        let (printed, errors, code) = pcsh(home.path(), "Get-CsUser; New-CsPersistentChatCategory -Name c");
        assert!(errors.contains("PC-E96") && errors.contains("pcsh service restore"), "{errors}");
        assert_eq!((printed.as_str(), code), ("", Some(1)), "{errors}");
        assert_eq!(fs::read(&file).expect("readable"), content, "the damaged file was written to");
    }
}

/// Starts a script that appends to a file what was acknowledged, waits until the file has so many lines, and kills it.
fn killed_after(home: &Path, script: &str, lines: usize) -> Vec<String> {
    let file = home.join("acknowledged.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-NonInteractive", "-Command", script])
        .env("PCSH_HOME", home)
        .env_remove("PCSH_SERVER")
        .current_dir(home)
        .spawn()
        .expect("pcsh runs");
    let read = || fs::read_to_string(&file).unwrap_or_default().lines().map(str::to_owned).collect::<Vec<_>>();
    let started = Instant::now();
    while read().len() < lines && started.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    read()
}

#[test]
fn what_a_killed_shell_acknowledged_is_there() {
    let home = deployment();
    pcsh(home.path(), "New-CsPersistentChatCategory -Name c");
    let mut acknowledged = Vec::new();
    for round in 0..8 {
        let script = format!(
            "1..100000 | ForEach-Object {{ (New-CsPersistentChatRoom -Category c -Name \"K{round}_$_\").Name | Add-Content acknowledged.txt }}"
        );
        acknowledged = killed_after(home.path(), &script, acknowledged.len() + 3 + round * 7);
    }
    assert!(acknowledged.len() >= 8 * 3, "{acknowledged:?}");
    let (printed, errors, _) = pcsh(home.path(), "(Get-CsPersistentChatRoom).Name");
    let there: HashSet<&str> = printed.lines().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|name| !there.contains(name.as_str())).collect();
    assert!(lost.is_empty(), "lost: {lost:?}\n{errors}");
    assert_eq!(there.len(), printed.lines().count(), "a room is there twice");
    let verified = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["service", "audit", "verify"])
        .env("PCSH_HOME", home.path())
        .output()
        .expect("pcsh runs");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn a_shell_killed_in_a_transaction_leaves_nothing_of_it() {
    let home = deployment();
    pcsh(home.path(), "New-CsPersistentChatCategory -Name c");
    let script = "Use-CsTransaction { 1..100000 | ForEach-Object { $null = New-CsPersistentChatRoom -Category c -Name \"T_$_\"; if ($_ -eq 300) { 'under way' | Add-Content acknowledged.txt } } }";
    assert_eq!(killed_after(home.path(), script, 1), ["under way"]);
    let after = format!("{COUNT_ROOMS}; $null = New-CsPersistentChatRoom -Category c -Name after; {COUNT_ROOMS}");
    let (count, errors, _) = pcsh(home.path(), &after);
    assert_eq!(count.split_whitespace().collect::<Vec<_>>(), ["0", "1"], "{errors}");
}
