//! The prompt on a real terminal: lines run, unfinished ones wait, Ctrl-C and Ctrl-D mean what they mean, history stays.

mod common;

use rexpect::process::signal::SIGINT;
use rexpect::session::{PtySession, spawn_command};
use std::path::Path;
use std::process::Command;

/// Longest time that an answer may take, in milliseconds.
const PATIENCE: u64 = 20_000;

type Done = Result<(), Box<dyn std::error::Error>>;

fn start(home: &Path) -> Result<PtySession, rexpect::error::Error> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
    command
        .args(["-NoLogo", "-NoProfile"])
        .env("PCSH_HOME", home)
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .current_dir(home);
    let mut session = spawn_command(command, Some(PATIENCE))?;
    session.exp_string("> ")?;
    Ok(session)
}

#[test]
fn lines_run_and_exit_leaves_with_its_code() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    shell.send_line("'sum ' + (20 + 22)")?;
    shell.exp_string("sum 42")?;
    shell.send_line("exit 3")?;
    shell.exp_eof()?;
    let status = shell.process.wait()?;
    assert!(format!("{status:?}").contains(", 3)"), "{status:?}");
    Ok(())
}

#[test]
fn an_unfinished_line_waits_for_the_rest() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    shell.send_line("if ($true) {")?;
    shell.send_line("'in' + 'side'")?;
    shell.send_line("}")?;
    shell.exp_string("inside")?;
    shell.send_control('d')?;
    shell.exp_eof()?;
    Ok(())
}

#[test]
fn control_c_forgets_the_line() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    shell.send("'never' + ' run' {")?;
    shell.flush()?;
    shell.send_control('c')?;
    shell.exp_string("> ")?;
    shell.send_line("'still' + ' here'")?;
    shell.exp_string("still here")?;
    Ok(())
}

#[test]
fn control_c_stops_what_runs() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    shell.send_line("'go' + 'ing'; while ($true) { }")?;
    shell.exp_string("going")?;
    std::thread::sleep(std::time::Duration::from_millis(300));
    shell.process.signal(SIGINT)?;
    shell.exp_string("> ")?;
    shell.send_line("'after' + 'wards'")?;
    shell.exp_string("afterwards")?;
    Ok(())
}

#[test]
fn history_outlives_the_session_without_secrets() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    shell.send_line("'remember ' + 'me'")?;
    shell.exp_string("remember me")?;
    shell.send_line("$password = 'hush' + '!'; 'se' + 't'")?;
    shell.exp_string("set")?;
    shell.send_line("exit")?;
    shell.exp_eof()?;
    let kept = std::fs::read_to_string(home.path().join("data/history.txt"))?;
    assert!(kept.contains("remember") && !kept.contains("hush"), "{kept}");
    let mut again = start(home.path())?;
    again.send("\x1b[A")?;
    again.flush()?;
    again.exp_string("exit")?;
    again.send("\x1b[A")?;
    again.flush()?;
    again.exp_string("'remember")?;
    again.send_line("")?;
    again.exp_string("remember me")?;
    Ok(())
}

#[test]
fn the_history_lists_what_was_typed_but_not_itself() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    for line in ["1 + 1 | Out-Null", "throw 'no'", "$token = 'hush'"] {
        shell.send_line(line)?;
        shell.exp_string("> ")?;
    }
    shell.send_line(
        "(Get-History | ForEach-Object { \"[$($_.Id) $($_.ExecutionStatus) $($_.CommandLine)]\" }) -join ''",
    )?;
    shell.exp_string("[1 Completed 1 + 1 | Out-Null][2 Failed throw 'no']")?;
    shell.send_line("exit")?;
    shell.exp_eof()?;
    Ok(())
}

#[test]
fn profiles_run_before_commands_unless_told_not_to() -> Done {
    let home = tempfile::tempdir()?;
    std::fs::write(home.path().join("profile.ps1"), "$order = 'first'")?;
    std::fs::write(home.path().join("Microsoft.PowerShell_profile.ps1"), "$order += ' second'")?;
    let said = |options: &[&str]| -> Result<String, Box<dyn std::error::Error>> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
        let output = command.args(options).args(["-Command", "\"<$order>\""]).env("PCSH_HOME", home.path()).output()?;
        Ok(String::from_utf8(output.stdout)?)
    };
    assert_eq!(said(&[])?.trim(), "<first second>");
    assert_eq!(said(&["-NoProfile"])?.trim(), "<>");
    std::fs::write(home.path().join("profile.ps1"), "$order = 'left'; exit 7; $order = 'never'")?;
    assert_eq!(said(&[])?.trim(), "<left second>", "exit leaves the profile, not the shell");
    Ok(())
}

/// Progress is drawn on a terminal, and taken away when the work is done; in a pipe there is none.
#[test]
fn progress_is_shown_on_a_terminal_only() -> Done {
    let home = tempfile::tempdir()?;
    let work = "1..8 | ForEach-Object { Write-Progress -Activity ('Coun' + 'ting') -Status ('ste' + \"p $_\") \
                -PercentComplete ($_ * 12); Start-Sleep -Milliseconds 60 }; 'do' + 'ne'";
    let mut shell = start(home.path())?;
    shell.send_line(work)?;
    shell.exp_string("Counting")?;
    shell.exp_string("step")?;
    shell.exp_string("done")?;
    let output = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-Command", work])
        .env("PCSH_HOME", home.path())
        .output()?;
    let told = [output.stdout, output.stderr].concat();
    assert_eq!(String::from_utf8_lossy(&told).trim(), "done");
    Ok(())
}

#[test]
fn jobs_go_on_while_nobody_types() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    let mark = home.path().join("mark");
    let job = "$j = Start-ThreadJob { Start-Sleep -Milliseconds 100; Set-Content mark 1; 'its ' + 'output' }";
    shell.send_line(job)?;
    let begun = std::time::Instant::now();
    while !mark.exists() && begun.elapsed().as_secs() < 20 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(mark.exists(), "the job did not run while the prompt waited");
    shell.send_line("Receive-Job $j -Wait")?;
    shell.exp_string("its output")?;
    shell.send_line("$endless = Start-ThreadJob { Start-Sleep 1000 }; $endless.Name")?;
    shell.exp_string("Job2")?;
    shell.send_line("exit 3")?;
    shell.exp_eof()?;
    let status = shell.process.wait()?;
    assert!(format!("{status:?}").contains(", 3)"), "{status:?}");
    Ok(())
}

/// A shell whose line is typed bit by bit; nothing is sent before the prompt is there.
fn typed(shell: &mut PtySession, text: &str) -> Done {
    shell.send(text)?;
    shell.flush()?;
    Ok(())
}

#[test]
fn tab_completes_cmdlets_parameters_and_values() -> Done {
    let home = tempfile::tempdir()?;
    let mut shell = start(home.path())?;
    typed(&mut shell, "New-CsPersistentChatAd\t")?;
    shell.exp_string("New-CsPersistentChatAddin")?;
    shell.send_control('c')?;
    shell.exp_string("> ")?;
    typed(&mut shell, "New-CsPersistentChatRoom -Priv\t")?;
    shell.exp_string("-Privacy")?;
    typed(&mut shell, " Clo\t")?;
    shell.exp_string("Closed")?;
    shell.send_control('c')?;
    shell.exp_string("> ")?;
    shell.send_line("$colours = 'red'")?;
    shell.exp_string("> ")?;
    typed(&mut shell, "$colo\t")?;
    shell.exp_string("$colours")?;
    shell.send_line(".Length + 4000")?;
    shell.exp_string("4003")?;
    std::fs::write(home.path().join("report-of-may.csv"), "")?;
    typed(&mut shell, "Get-Content ./report-o\t")?;
    shell.exp_string("report-of-may.csv")?;
    Ok(())
}

#[test]
fn tab_completes_identities_that_the_service_knows() -> Done {
    let home = common::deployment();
    let mut shell = start(home.path())?;
    shell.send_line("$null = New-CsPersistentChatCategory -Name Gardening; 'ma' + 'de'")?;
    shell.exp_string("made")?;
    shell.exp_string("> ")?;
    // The first answer may come late on a slow machine; then the next key has it.
    typed(&mut shell, "Get-CsPersistentChatCategory -Identity Gard\t")?;
    std::thread::sleep(std::time::Duration::from_secs(2));
    typed(&mut shell, "\t")?;
    shell.exp_string("Gardening")?;
    Ok(())
}

#[test]
fn tab_gives_up_on_a_service_that_does_not_answer() -> Done {
    let home = tempfile::tempdir()?;
    // It takes connections and never says anything.
    let silent = std::net::TcpListener::bind("127.0.0.1:0")?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
    command
        .args(["-NoLogo", "-NoProfile"])
        .env("PCSH_HOME", home.path())
        .env("PCSH_SERVER", format!("http://{}", silent.local_addr()?))
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .current_dir(home.path());
    let mut shell = spawn_command(command, Some(PATIENCE))?;
    shell.exp_string("> ")?;
    let started = std::time::Instant::now();
    typed(&mut shell, "Get-CsPersistentChatRoom -Identity Op\t")?;
    typed(&mut shell, "\x15'still ' + 'alive'\r")?;
    shell.exp_string("still alive")?;
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
    Ok(())
}

#[test]
fn colours_and_hints_are_for_terminals_that_show_them() -> Done {
    let home = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_pcsh"));
    command
        .args(["-NoLogo", "-NoProfile"])
        .env("PCSH_HOME", home.path())
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .current_dir(home.path());
    let mut shell = spawn_command(command, Some(PATIENCE))?;
    shell.exp_string("> ")?;
    shell.send_line("'first ' + 'line'")?;
    shell.exp_string("first line")?;
    shell.exp_string("> ")?;
    typed(&mut shell, "'fir")?;
    // The rest of the earlier line, in grey.
    shell.exp_string("\x1b[90mst ' + 'line'")?;
    shell.send_control('c')?;
    shell.exp_string("> ")?;
    typed(&mut shell, "Get-Date -Format 'yyyy'")?;
    let before = shell.exp_string("-Format")?;
    assert!(before.contains("\x1b["), "{before:?}");
    Ok(())
}

#[test]
fn control_c_stops_a_long_bulk_and_keeps_what_was_done() -> Done {
    let home = common::deployment();
    let mut shell = start(home.path())?;
    shell.send_line("$null = New-CsPersistentChatCategory -Name c; 'rea' + 'dy'")?;
    shell.exp_string("ready")?;
    shell.exp_string("> ")?;
    shell.send_line("1..100000 | ForEach-Object { $r = New-CsPersistentChatRoom -Category c -Name \"B$_\"; if ($_ -eq 5) { 'und' + 'er way' } }")?;
    shell.exp_string("under way")?;
    shell.send_control('c')?;
    shell.exp_string("> ")?;
    shell.send_line(
        "$n = (Get-CsPersistentChatRoom | Measure-Object).Count; \"between: $($n -ge 5 -and $n -lt 100000)\"",
    )?;
    shell.exp_string("between: True")?;
    Ok(())
}
