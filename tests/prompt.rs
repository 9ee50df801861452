//! The prompt on a real terminal: lines run, unfinished ones wait, Ctrl-C and Ctrl-D mean what they mean, history stays.

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
