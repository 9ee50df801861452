//! The machine's clock is moved under a running service, by years and back: what was acknowledged is there, the chain holds.

use super::restart::Program;
use super::writers::{Writers, report};
use std::path::PathBuf;
use std::time::Duration;

/// libfaketime, which Debian's package faketime brings.
fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    folders.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists())
}

#[test]
fn the_clock_of_the_machine_may_be_moved() {
    let Some(library) = library() else {
        return report("clock of the machine: not run, libfaketime is not installed");
    };
    let program = Program::new();
    let token = program.run(&["token", "create", "--days", "36500"]).trim().to_owned();
    let offset = program.directory.path().join("offset");
    std::fs::write(&offset, "+0").unwrap();
    let mut command = program.serving();
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", &offset)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("RUST_LOG", "warn");
    let service = program.start_command(command);
    let writers = Writers::start(&[program.uri()], &token, 4);
    let jumps = ["+400d", "-400d", "+1h", "-1h", "+4000d", "+0"];
    for jump in jumps {
        std::thread::sleep(Duration::from_millis(400));
        std::fs::write(&offset, jump).unwrap();
    }
    std::thread::sleep(Duration::from_millis(400));
    let count = writers.count(&program.uri(), &token);
    service.stop();
    count.must_be_clean(&format!("{} moves of the machine's clock", jumps.len()), &program);
}
