//! Batches and transactions of five writes each, while the service is killed: each is there whole or not at all, and what
//! was acknowledged is there.

use super::kill::rounds;
use super::restart::Program;
use super::writers::{client, report};
use pcsh::api::Call;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Writes that belong together.
const SIZE: usize = 5;

fn members(group: &str) -> Vec<String> {
    (0..SIZE).map(|number| format!("{group}-{number}")).collect()
}

/// One batch, sent under one key until it is answered.
fn send_batch(uri: &str, token: &str, group: &str, stop: &AtomicBool) -> bool {
    let calls: Vec<_> = members(group)
        .iter()
        .map(|name| json!({ "method": "POST", "path": "/v1/persistent-chat-policies", "body": { "identity": name } }))
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let http = reqwest::Client::new();
    while !stop.load(Ordering::SeqCst) {
        let request = http
            .post(format!("{uri}/v1/batch"))
            .bearer_auth(token)
            .header("idempotency-key", group)
            .timeout(Duration::from_secs(20))
            .json(&json!({ "atomic": true, "calls": calls }));
        match runtime.block_on(async { request.send().await }) {
            Ok(answer) if answer.status() == 200 => return true,
            Ok(answer) => assert!(answer.status() == 503, "{group}: {}", answer.status()),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    false
}

/// One transaction; whatever goes wrong on the way, it begins again under another name.
fn transact(client: &pcsh::client::ManagementClient, group: &str) -> bool {
    let work = || {
        let transaction = client.begin()?;
        for name in members(group) {
            let mut call = Call::new("New", "CsPersistentChatPolicy").identity(name);
            call.transaction = Some(transaction.clone());
            client.call(&call)?;
        }
        client.commit(&transaction)
    };
    match work() {
        Ok(()) => true,
        Err(problem) => {
            let known = problem.is_transient() || problem.id == "PC-E89";
            assert!(known, "{problem}");
            false
        }
    }
}

#[test]
fn batches_and_transactions_are_whole_after_kills() {
    let program = Program::new();
    let token = program.token();
    let rounds = rounds(4);
    let (stop, acknowledged) = (AtomicBool::new(false), Mutex::new(Vec::<String>::new()));
    let mut service = program.start();
    let service = std::thread::scope(|scope| {
        for writer in 0..4 {
            let (program, token, stop, acknowledged) = (&program, &token, &stop, &acknowledged);
            scope.spawn(move || {
                let client = client(&program.uri(), token);
                for number in 0.. {
                    let group = format!("g{writer}-{number}");
                    let done = match writer % 2 {
                        0 => send_batch(&program.uri(), token, &group, stop),
                        _ => transact(&client, &group),
                    };
                    if done {
                        acknowledged.lock().unwrap().push(group);
                    }
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
        }
        for _ in 0..rounds {
            std::thread::sleep(Duration::from_millis(700));
            service.kill();
            service = program.start();
        }
        std::thread::sleep(Duration::from_millis(700));
        stop.store(true, Ordering::SeqCst);
        service
    });
    let client = client(&program.uri(), &token);
    let all = |call: &Call| client.pages(call).flat_map(|page| page.unwrap().value).collect::<Vec<_>>();
    let mut groups = BTreeMap::<String, usize>::new();
    for policy in all(&Call::new("Get", "CsPersistentChatPolicy")) {
        let name = policy["identity"].as_str().unwrap().trim_start_matches("Tag:");
        if let Some((group, _)) = name.rsplit_once('-') {
            *groups.entry(group.to_owned()).or_default() += 1;
        }
    }
    let mut made = BTreeMap::<String, usize>::new();
    for record in all(&Call::new("Get", "CsAdminAudit").with("cmdlet", "New-CsPersistentChatPolicy")) {
        *made.entry(record["target"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    service.kill();
    let acknowledged = acknowledged.into_inner().unwrap();
    let lost = acknowledged.iter().filter(|group| groups.get(*group) != Some(&SIZE)).count();
    let torn = groups.values().filter(|count| **count != SIZE).count();
    let twice = made.values().filter(|count| **count > 1).count();
    let batches = acknowledged.iter().filter(|group| group.starts_with("g0") || group.starts_with("g2")).count();
    let verdict = program.run(&["audit", "verify"]);
    report(&format!(
        "{rounds} kills under batches and transactions of {SIZE} writes: {batches} batches and {} transactions \
         acknowledged, {lost} lost, {torn} torn, {twice} writes twice; {}",
        acknowledged.len() - batches,
        verdict.trim()
    ));
    assert_eq!((lost, torn, twice), (0, 0, 0));
    assert_eq!(made.len(), groups.len() * SIZE);
    assert!(batches > 3 && acknowledged.len() - batches > 3);
}
