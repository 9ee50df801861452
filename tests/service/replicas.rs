//! Several services over one PostgreSQL, and what can happen to it: conflicting writers, kills of the database, a
//! fail-over to the standby, a full disk.

use super::cluster::Cluster;
use super::kill::rounds;
use super::restart::Program;
use super::writers::{Writers, client, report};
use pcsh::api::Call;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

const CLIENTS: usize = 32;
const NAMES: usize = 12;

/// Increments of one number by read, add, write-if-unchanged: each acknowledged one must count.
#[test]
fn two_replicas_lose_no_update_and_keep_names_unique() {
    let cluster = Cluster::new("");
    let programs = [Program::over(cluster.address()), Program::over(cluster.address())];
    let token = programs[0].token();
    let services = programs.each_ref().map(Program::start);
    client(&programs[0].uri(), &token)
        .call(&Call::new("New", "CsPersistentChatPolicy").identity("counter").with("description", "0"))
        .unwrap();
    let (added, made, refused) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let conflicts = AtomicUsize::new(0);
    let gate = Arc::new(Barrier::new(CLIENTS));
    let end = Duration::from_secs(rounds(5) as u64);
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (uri, token, gate) = (programs[number % 2].uri(), &token, gate.clone());
            let (added, made, refused, conflicts) = (&added, &made, &refused, &conflicts);
            scope.spawn(move || {
                let client = client(&uri, token);
                gate.wait();
                for name in 0..NAMES {
                    let call = Call::new("New", "CsPersistentChatPolicy").identity(format!("name{name}"));
                    match client.call(&call) {
                        Ok(_) => made.fetch_add(1, Ordering::SeqCst),
                        Err(problem) => {
                            assert_eq!(problem.id, "PC-E23", "{problem}");
                            refused.fetch_add(1, Ordering::SeqCst)
                        }
                    };
                }
                let began = Instant::now();
                while began.elapsed() < end {
                    let read =
                        client.call(&Call::new("Get", "CsPersistentChatPolicy").identity("Tag:counter")).unwrap();
                    let count: usize = read.value[0]["description"].as_str().unwrap().parse().unwrap();
                    let set = Call::new("Set", "CsPersistentChatPolicy").identity("Tag:counter");
                    let mut set = set.with("description", (count + 1).to_string());
                    set.if_match = read.revision.map(|revision| format!("\"{revision}\""));
                    match client.call(&set) {
                        Ok(_) => added.fetch_add(1, Ordering::SeqCst),
                        Err(problem) => {
                            assert_eq!(problem.id, "PC-E92", "{problem}");
                            conflicts.fetch_add(1, Ordering::SeqCst)
                        }
                    };
                }
            });
        }
    });
    let read =
        client(&programs[1].uri(), &token).call(&Call::new("Get", "CsPersistentChatPolicy").identity("Tag:counter"));
    let count: usize = read.unwrap().value[0]["description"].as_str().unwrap().parse().unwrap();
    let [added, made, refused, conflicts] = [added, made, refused, conflicts].map(AtomicUsize::into_inner);
    report(&format!(
        "2 replicas, {CLIENTS} clients: {added} increments acknowledged, {} lost, {conflicts} refused as overtaken; \
         {made} of {} creations of {NAMES} names succeeded",
        added - count,
        made + refused
    ));
    assert_eq!((count, made, refused), (added, NAMES, NAMES * (CLIENTS - 1)));
    assert!(added > 3);
    services.into_iter().for_each(super::restart::Running::stop);
    programs[0].run(&["audit", "verify"]);
}

#[test]
fn kills_of_the_database_lose_nothing() {
    let cluster = Cluster::new("");
    let programs = [Program::over(cluster.address()), Program::over(cluster.address())];
    let token = programs[0].token();
    let mut services = programs.each_ref().map(|program| Some(program.start()));
    let writers = Writers::start(&programs.each_ref().map(Program::uri), &token, 4);
    let rounds = rounds(3);
    for round in 0..rounds {
        std::thread::sleep(Duration::from_millis(800));
        cluster.kill();
        cluster.start();
        std::thread::sleep(Duration::from_millis(500));
        let at = round % 2;
        services[at].take().unwrap().kill();
        services[at] = Some(programs[at].start());
    }
    std::thread::sleep(Duration::from_millis(800));
    let count = writers.count(&programs[0].uri(), &token);
    services.into_iter().flatten().for_each(super::restart::Running::kill);
    count.must_be_clean(&format!("{rounds} kills of PostgreSQL, {rounds} of a service"), &programs[0]);
}

/// Without a synchronous standby, what the standby has not heard of is gone with the primary, acknowledged or not. The loss
/// is the tail only, and what is left is whole: nothing half done, nothing twice, the chain intact.
#[test]
fn a_fail_over_to_an_asynchronous_standby_loses_its_lag_only() {
    let primary = Cluster::new("-c wal_level=replica");
    let standby = Cluster::standby(&primary);
    let program = Program::over(format!("postgres://pcsh@{},{}/postgres", primary.host(), standby.host()));
    let token = program.token();
    let service = program.start();
    let writers = Writers::start(&[program.uri()], &token, 8);
    std::thread::sleep(Duration::from_millis(1200));
    let heard_of = writers.so_far();
    let place = primary.query("SELECT pg_current_wal_flush_lsn()");
    let end = Instant::now() + Duration::from_secs(30);
    while standby.query(&format!("SELECT pg_last_wal_receive_lsn() >= '{place}'")) != "t" {
        assert!(Instant::now() < end, "the standby follows");
        std::thread::sleep(Duration::from_millis(50));
    }
    standby.cut_off();
    std::thread::sleep(Duration::from_millis(1000));
    primary.kill();
    standby.promote();
    std::thread::sleep(Duration::from_millis(2500));
    let count = writers.count(&program.uri(), &token);
    let verdict = program.run(&["audit", "verify"]);
    report(&format!(
        "fail-over to an asynchronous standby that had lost touch for a second: {} writes acknowledged, {} of them lost \
         with the primary, {} twice; {}",
        count.acknowledged,
        count.lost.len(),
        count.twice,
        verdict.trim()
    ));
    assert!(!count.lost.is_empty(), "the standby lagged behind");
    assert!(heard_of.iter().all(|name| !count.lost.contains(name)), "only what the standby had not heard of is lost");
    assert_eq!(count.twice, 0);
    service.stop();
}

#[test]
fn a_fail_over_while_writing_loses_nothing() {
    let primary = Cluster::new("-c synchronous_standby_names=standby -c wal_level=replica");
    let standby = Cluster::standby(&primary);
    let end = Instant::now() + Duration::from_secs(30);
    while primary.query("SELECT sync_state FROM pg_stat_replication") != "sync" {
        assert!(Instant::now() < end, "the standby follows");
        std::thread::sleep(Duration::from_millis(100));
    }
    let program = Program::over(format!("postgres://pcsh@{},{}/postgres", primary.host(), standby.host()));
    let token = program.token();
    let service = program.start();
    let writers = Writers::start(&[program.uri()], &token, 8);
    std::thread::sleep(Duration::from_millis(1500));
    primary.kill();
    standby.promote();
    let before: usize = standby.query("SELECT COUNT(*) FROM object").parse().unwrap();
    std::thread::sleep(Duration::from_millis(2500));
    let count = writers.count(&program.uri(), &token);
    let after: usize = standby.query("SELECT COUNT(*) FROM object").parse().unwrap();
    assert!(after > before, "writing goes on after the fail-over: {before}, {after}");
    count.must_be_clean(&format!("fail-over to a synchronous standby, {} written after it", after - before), &program);
    service.stop();
}
