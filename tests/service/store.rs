//! Safety of the store: nothing twice, nothing lost, all or nothing, every change on record.

use super::fixture::{Site, new_room, set_room};
use pcsh::api::Call;
use pcsh::service::{CallerId, Options, Request, Service};

#[test]
fn an_idempotency_key_acts_once() {
    let site = Site::with_first_room();
    let mut call = new_room("once", "IT");
    call.idempotency_key = Some("key-1".to_owned());
    let first = site.ok(call.clone());
    let second = site.ok(call.clone());
    assert_eq!(first, second);
    let mut other = new_room("twice", "IT");
    other.idempotency_key = Some("key-1".to_owned());
    site.fails("PC-E93", other);
}

#[test]
fn a_transaction_is_all_or_nothing() {
    let site = Site::with_first_room();
    let begin = || super::fixture::text(&site.one(Call::new("New", "CsTransaction")), "identity");
    let within = |id: &str, mut call: Call| {
        call.transaction = Some(id.to_owned());
        call
    };
    let id = begin();
    for name in ["a", "b"] {
        site.ok(within(&id, new_room(name, "IT")));
    }
    site.fails("PC-E23", within(&id, new_room("a", "IT")));
    site.fails("PC-E21", Call::new("Get", "CsPersistentChatRoom").identity("a"));
    site.ok(within(&id, Call::new("Get", "CsPersistentChatRoom").identity("a")));
    site.ok(Call::new("Undo", "CsTransaction").identity(id.as_str()));
    site.fails("PC-E21", Call::new("Get", "CsPersistentChatRoom").identity("a"));
    let id = begin();
    site.ok(within(&id, new_room("a", "IT")));
    site.ok(Call::new("Complete", "CsTransaction").identity(id.as_str()));
    site.room("a");
    site.fails("PC-E89", within(&id, new_room("c", "IT")));
    let id = begin();
    site.ok(within(&id, new_room("late", "IT")));
    site.pass(120_000);
    site.room("a");
    site.fails("PC-E89", Call::new("Complete", "CsTransaction").identity(id.as_str()));
    site.fails("PC-E21", Call::new("Get", "CsPersistentChatRoom").identity("late"));
}

#[test]
fn every_change_is_audited_with_before_and_after() {
    let site = Site::with_first_room();
    site.ok(set_room("ITRoom").with("description", "new words"));
    let trail = site.ok(Call::new("Get", "CsAdminAudit").with("target", "*ITRoom").with("cmdlet", "Set-*"));
    let last = trail.value.last().unwrap();
    assert_eq!((&last["before"]["description"], &last["after"]["description"]), (&"".into(), &"new words".into()));
    assert_eq!(last["actor"], "local operator");
    let verdict = site.service.store().read(|tx| tx.verify_audit()).unwrap();
    assert!(matches!(verdict, pcsh::store::Verdict::Sound(count) if count > 10), "{verdict:?}");
}

#[test]
fn an_entity_tag_guards_against_lost_updates() {
    let site = Site::with_first_room();
    let mut call = set_room("ITRoom").with("description", "x");
    call.if_match = Some("\"1\"".to_owned());
    site.fails("PC-E92", call.clone());
    call.if_match = Some("*".to_owned());
    site.ok(call);
}

#[test]
fn a_failed_import_leaves_nothing() {
    let site = Site::empty();
    let text = "dn: DC=x,DC=com\nobjectClass: domainDNS\n\ndn: CN=G,DC=x,DC=com\nobjectClass: group\nmember: CN=Nobody,DC=x,DC=com\n";
    let problem = site.fails("PC-E80", Call::new("Import", "CsDirectoryEntry").with("document", text));
    assert!(problem.faults.iter().any(|fault| fault.starts_with("line 6")), "{problem}");
    assert!(site.ok(Call::new("Get", "CsDirectoryEntry")).value.is_empty());
}

#[test]
fn two_services_over_one_store_see_each_other() {
    let site = Site::with_first_room();
    let other = site.another();
    let run = |call: Call| {
        other.execute(&Request { call, caller: CallerId { local: true, ..CallerId::default() }, id: "2".into() })
    };
    run(new_room("theirs", "IT")).unwrap();
    site.room("theirs");
    site.ok(Call::new("Set", "CsPersistentChatActiveServer").with("activeServers", serde_json::Value::Null));
    assert_eq!(run(Call::new("Get", "CsPersistentChatRoom").identity("theirs")).unwrap_err().id, "PC-E05");
    let threads: Vec<_> = [site.service.clone(), other]
        .into_iter()
        .enumerate()
        .map(|(number, service)| {
            std::thread::spawn(move || {
                for round in 0..20 {
                    let call = Call::new("New", "CsPersistentChatPolicy").identity(format!("p{number}-{round}"));
                    let caller = CallerId { local: true, ..CallerId::default() };
                    service.execute(&Request { call, caller, id: "t".into() }).unwrap();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatPolicy")).value.len(), 41);
}

#[test]
fn broken_stores_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("pcsh.db"), "this is not a database, not at all, by no means").unwrap();
    let problem = Service::open(Options::in_directory(directory.path())).err().unwrap();
    assert_eq!(problem.id, "PC-E96", "{problem}");
    let directory = tempfile::tempdir().unwrap();
    drop(Service::open(Options::in_directory(directory.path())).unwrap());
    let connection = rusqlite::Connection::open(directory.path().join("pcsh.db")).unwrap();
    connection.execute("INSERT INTO migration VALUES (99, 'future', 'x')", []).unwrap();
    let problem = Service::open(Options::in_directory(directory.path())).err().unwrap();
    assert_eq!(problem.id, "PC-E96", "{problem}");
    assert!(problem.detail.contains("newer"), "{problem}");
    let file = directory.path().join("a-file");
    std::fs::write(&file, "x").unwrap();
    assert_eq!(Service::open(Options::in_directory(&file)).err().unwrap().id, "PC-E95");
}

#[test]
fn the_schema_goes_down_and_up() {
    let site = Site::empty();
    let store = site.service.store();
    assert!(store.schema_version().unwrap() > 0);
    store.migrate_down(0).unwrap();
    assert_eq!(store.schema_version().unwrap(), 0);
    let again = pcsh::store::Store::open(&site.store).unwrap();
    assert!(again.schema_version().unwrap() > 0);
}

#[test]
fn a_backup_restores_into_another_store() {
    let site = Site::with_first_room();
    let file = site.directory.path().join("backup.jsonl");
    let written = site.service.store().backup(&file).unwrap();
    let other = Site::empty();
    assert_eq!(other.service.store().restore(&file).unwrap(), written);
    assert_eq!(other.room("ITRoom"), site.room("ITRoom"));
    other.ok(new_room("after", "IT"));
    let verdict = other.service.store().read(|tx| tx.verify_audit()).unwrap();
    assert!(matches!(verdict, pcsh::store::Verdict::Sound(_)), "{verdict:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("ITRoom", "ITRoam", 1)).unwrap();
    assert_eq!(other.service.store().restore(&file).unwrap_err().id, "PC-E61");
    other.room("after");
}
