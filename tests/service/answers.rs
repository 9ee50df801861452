//! Answers that are given again, and writers that share a commit: nothing stale, nothing lost, nobody starved.

use super::fixture::Site;
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::{Access, CallerId, Options, Request};
use std::net::SocketAddr;
use std::sync::Barrier;
use std::time::Duration;

const POLICY: &str = "CsPersistentChatPolicy";

fn remote(address: SocketAddr, token: &str) -> ManagementClient {
    let mut endpoint = Endpoint::new(format!("http://{address}"));
    endpoint.token = Some(token.to_owned());
    endpoint.patience = Duration::ZERO;
    ManagementClient::new(Connection::Remote(endpoint))
}

fn description(client: &ManagementClient) -> String {
    let reply = client.call(&Call::new("Get", POLICY).identity("Tag:p")).unwrap();
    super::fixture::text(reply.value.first().unwrap(), "description")
}

#[test]
fn what_was_acknowledged_is_read_through_every_service() {
    let site = Site::empty();
    let token = site.token(None, false);
    let (_other, second) = site.serve_another(Access::Tokens);
    let clients = [remote(site.serve(Access::Tokens), &token), remote(second, &token)];
    clients[0].call(&Call::new("New", POLICY).identity("p").with("description", "-")).unwrap();
    for number in 0..60 {
        let text = number.to_string();
        let (writer, reader) = (&clients[number % 2], &clients[(number / 2) % 2]);
        writer.call(&Call::new("Set", POLICY).identity("Tag:p").with("description", text.as_str())).unwrap();
        // From the third time on the answer is one that was kept.
        for client in [reader, reader, reader, reader, &clients[0], &clients[1]] {
            assert_eq!(description(client), text);
        }
    }
}

#[test]
fn a_kept_answer_ends_with_its_token() {
    let site = Site::with_first_room();
    let wish = |days| pcsh::service::TokenWish { actor: None, label: "t".into(), read_only: true, days };
    let address = site.serve(Access::Tokens);
    let (_other, second) = site.serve_another(Access::Tokens);
    let get = Call::new("Get", "CsPersistentChatRoom").identity("ITRoom");
    let (id, text) = site.service.create_token(&wish(1)).unwrap();
    let clients = [remote(address, &text), remote(second, &text)];
    for client in clients.iter().cycle().take(12) {
        client.call(&get).unwrap();
    }
    site.service.revoke_token(id).unwrap();
    assert_eq!(clients[0].call(&get).unwrap_err().id, "PC-E09");
    // Another service believes a token it has just seen for a second, and no longer.
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(clients[1].call(&get).unwrap_err().id, "PC-E09");
    let (_, text) = site.service.create_token(&wish(1)).unwrap();
    let client = remote(address, &text);
    (0..4).for_each(|_| drop(client.call(&get).unwrap()));
    site.pass(2 * 86_400_000);
    assert_eq!(client.call(&get).unwrap_err().id, "PC-E09");
}

#[test]
fn kept_answers_are_for_those_who_may_have_them() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Tokens);
    let get = Call::new("Get", "CsPersistentChatRoom").identity("ITRoom");
    let operator = remote(address, &site.token(None, false));
    (0..4).for_each(|_| drop(operator.call(&get).unwrap()));
    // Abe Roth holds no role.
    let nobody = remote(address, &site.token(Some("aroth"), false));
    for _ in 0..4 {
        assert_eq!(nobody.call(&get).unwrap_err().id, "PC-E07");
        operator.call(&get).unwrap();
    }
}

#[test]
fn what_the_clock_says_is_not_kept() {
    let site = Site::empty();
    let client = remote(site.serve(Access::Tokens), &site.token(None, true));
    let mut times = Vec::new();
    for _ in 0..4 {
        let reply = client.call(&Call::new("Get", "CsServiceStatus")).unwrap();
        times.push(super::fixture::text(reply.value.first().unwrap(), "time"));
        site.pass(1000);
    }
    times.dedup();
    assert_eq!(times.len(), 4);
}

#[test]
fn writers_in_line_commit_together_and_fail_alone() {
    const WRITERS: usize = 24;
    let site = Site::empty();
    let gate = Barrier::new(WRITERS);
    let made: Vec<(usize, String)> = std::thread::scope(|scope| {
        let write = |writer: usize| {
            let (service, gate) = (site.service.clone(), &gate);
            move || {
                gate.wait();
                let mut made = Vec::new();
                for number in 0..8 {
                    // Every name is wanted by two; both send the same key for it where they are the first ones.
                    let name = format!("n{}-{number}", writer / 2);
                    let mut call = Call::new("New", POLICY).identity(name.as_str());
                    call.idempotency_key = (writer < 4).then(|| format!("key {name}"));
                    let caller = CallerId { local: true, ..CallerId::default() };
                    match service.execute(&Request { call, caller, id: format!("r{writer}-{number}") }) {
                        Ok(_) => made.push((writer, name)),
                        Err(problem) => assert!(writer >= 4 && problem.id == "PC-E23", "{problem}"),
                    }
                }
                made
            }
        };
        let running: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(write(writer))).collect();
        running.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let own = made.iter().filter(|(writer, _)| *writer >= 4).count();
    assert_eq!((own, made.len()), ((WRITERS - 4) / 2 * 8, (WRITERS - 4) / 2 * 8 + 4 * 8));
    assert_eq!(site.ok(Call::new("Get", POLICY)).value.len(), WRITERS / 2 * 8 + 1);
    let verdict = site.service.store().read(|tx| tx.verify_audit()).unwrap();
    assert!(matches!(verdict, pcsh::store::Verdict::Sound(count) if count == WRITERS as i64 / 2 * 8), "{verdict:?}");
}

#[test]
fn who_waits_too_long_in_line_is_told_so() {
    let site = Site::with_options(|options: &mut Options| options.limits.rate = 0);
    if site.service.store().engine() != "sqlite" {
        return;
    }
    let open = super::fixture::text(&site.one(Call::new("New", "CsTransaction")), "identity");
    let refused = site.fails("PC-E94", Call::new("New", POLICY).identity("late"));
    assert!(refused.detail.contains("busy"), "{refused}");
    site.ok(Call::new("Undo", "CsTransaction").identity(open.as_str()));
    site.ok(Call::new("New", POLICY).identity("late"));
}
