//! Schemas while services run: many that start at once over an empty or an older store, and a later generation's step taken
//! under this one's load.

use super::cluster::Cluster;
use super::restart::{Program, Running};
use super::writers::{Writers, client, report};
use pcsh::api::Call;
use std::time::Duration;

const SERVICES: usize = 4;

/// Starts all at the same moment.
fn start_at_once(programs: &[Program]) -> Vec<Running> {
    std::thread::scope(|scope| {
        let starting: Vec<_> = programs.iter().map(|program| scope.spawn(|| program.start())).collect();
        starting.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn steps(cluster: &Cluster) -> usize {
    cluster.query("SELECT COUNT(*) FROM migration").parse().unwrap()
}

#[test]
fn services_that_start_at_once_bring_up_a_store_once() {
    let cluster = Cluster::new("");
    let programs: Vec<Program> = (0..SERVICES).map(|_| Program::over(cluster.address())).collect();
    let services = start_at_once(&programs);
    let (newest, token) = (steps(&cluster), programs[0].token());
    let uris: Vec<String> = programs.iter().map(Program::uri).collect();
    let writers = Writers::start(&uris, &token, 1);
    std::thread::sleep(Duration::from_millis(500));
    writers
        .count(&uris[0], &token)
        .must_be_clean(&format!("{SERVICES} services started at once, empty store"), &programs[0]);
    services.into_iter().for_each(Running::stop);
    // The store as an older program left it.
    programs[0].run(&["migrate", "--down", "1"]);
    assert_eq!(steps(&cluster), 1);
    let services = start_at_once(&programs);
    assert_eq!(steps(&cluster), newest);
    let held = client(&uris[1], &token).pages(&Call::new("Get", "CsPersistentChatPolicy")).count();
    assert!(held > 0);
    for (number, uri) in uris.iter().enumerate() {
        let call = Call::new("New", "CsPersistentChatPolicy").identity(format!("after{number}"));
        client(uri, &token).call(&call).unwrap();
    }
    report(&format!("{SERVICES} services started at once over a store of schema 1: brought to schema {newest} once"));
    services.into_iter().for_each(Running::stop);
}

/// What the next generation would do: its step in one transaction, alone, adding and never taking away. Services of this
/// generation go on; new ones of it are told.
#[test]
fn a_later_generation_migrates_under_load() {
    let cluster = Cluster::new("");
    let programs: Vec<Program> = (0..3).map(|_| Program::over(cluster.address())).collect();
    let token = programs[0].token();
    let services: Vec<Running> = programs[..2].iter().map(Program::start).collect();
    let uris: Vec<String> = programs[..2].iter().map(Program::uri).collect();
    let writers = Writers::start(&uris, &token, 4);
    std::thread::sleep(Duration::from_millis(700));
    let before = writers.so_far().len();
    let next = steps(&cluster) + 1;
    cluster.query(&format!(
        "BEGIN; LOCK TABLE migration IN EXCLUSIVE MODE; ALTER TABLE object ADD COLUMN later TEXT; \
         ALTER TABLE audit ADD COLUMN later TEXT; CREATE TABLE later (id BIGINT PRIMARY KEY); \
         CREATE INDEX later_index ON object (later); \
         INSERT INTO migration VALUES ({next}, 'later', 'x'); COMMIT"
    ));
    std::thread::sleep(Duration::from_millis(1200));
    let after = writers.so_far().len();
    let refused = programs[2].command(&["status"]).output().unwrap();
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && told.contains("PC-E96") && told.contains("newer pcsh"), "{told}");
    let count = writers.count(&uris[1], &token);
    services.into_iter().for_each(Running::stop);
    cluster.query(&format!("DELETE FROM migration WHERE version = {next}"));
    let what = format!("a later generation's migration under load ({before} before it, {} after it)", after - before);
    count.must_be_clean(&what, &programs[0]);
    assert!(after > before, "writing goes on");
}
