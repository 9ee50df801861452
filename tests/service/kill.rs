//! The service is killed again and again under writers: what was acknowledged is there, nothing is there twice.

use super::restart::Program;
use super::writers::Writers;
use std::time::Duration;

/// Kills of one run; `PCSH_SOAK` makes them more.
pub fn rounds(usual: usize) -> usize {
    usual * std::env::var("PCSH_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let program = Program::new();
    let token = program.token();
    let rounds = rounds(6);
    let mut service = program.start();
    let writers = Writers::start(&[program.uri()], &token, 4);
    for _ in 0..rounds {
        std::thread::sleep(Duration::from_millis(500));
        service.kill();
        service = program.start();
    }
    std::thread::sleep(Duration::from_millis(500));
    let count = writers.count(&program.uri(), &token);
    service.kill();
    count.must_be_clean(&format!("{rounds} kills of the service"), &program);
}
