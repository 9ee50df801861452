//! Failed log-ons: slowed down by account and address, without shutting the account's owner out.

use super::fixture::Site;
use pcsh::api::{Call, Problem};
use pcsh::service::{Peer, Request};
use std::net::IpAddr;

const PASSWORD: &str = "correct horse battery";

fn log_on(site: &Site, address: [u8; 4], password: &str) -> Result<(), Problem> {
    let request = Request {
        call: Call::new("New", "CsSession").with("userName", "kmyer").with("password", password),
        caller: Default::default(),
        id: "t".into(),
    };
    let peer = Peer { address: IpAddr::from(address), certificate: None };
    site.service.log_on(&request, Some(&peer)).map(drop)
}

#[test]
fn guessing_waits_longer_and_longer_and_the_owner_does_not() {
    let site = Site::with_first_room();
    site.service.set_password("kmyer", PASSWORD).unwrap();
    let (home, attacker, hotel) = ([192, 0, 2, 1], [198, 51, 100, 7], [203, 0, 113, 9]);
    log_on(&site, home, PASSWORD).unwrap();
    // Ten minutes of guessing, as fast as it is allowed to.
    let (mut tried, mut refused) = (0, 0);
    for _ in 0..120 {
        match log_on(&site, attacker, "guess").unwrap_err().id.as_str() {
            "PC-E09" => tried += 1,
            "PC-E98" => refused += 1,
            other => panic!("{other}"),
        }
        site.pass(5_000);
    }
    assert!(tried <= 14 && refused >= 100, "{tried} tried, {refused} refused");
    // The owner comes in from where they were before, however often the attacker tries in between.
    for _ in 0..3 {
        let _ = log_on(&site, attacker, "guess");
        log_on(&site, home, PASSWORD).unwrap();
    }
    // From a new place they wait a minute at the most.
    for number in 0..6 {
        let _ = log_on(&site, [198, 51, 100, 100 + number], "guess");
        site.pass(61_000);
    }
    let _ = log_on(&site, [198, 51, 100, 200], "guess");
    let late = log_on(&site, hotel, PASSWORD).unwrap_err();
    assert!(late.id == "PC-E98" && late.retry_after.unwrap() <= 60, "{late}");
    log_on(&site, home, PASSWORD).unwrap();
    log_on(&site, hotel, PASSWORD).unwrap();
    let failed = Call::new("Get", "CsAdminAudit").with("action", "LogOnFailed").with("target", "kmyer");
    let trail = site.ok(failed);
    assert!(trail.value.iter().any(|record| record["after"]["address"] == "198.51.100.7"), "{:?}", trail.value.last());
}

#[test]
fn a_known_token_is_let_in_though_others_at_its_address_guess() {
    let site = Site::with_first_room();
    let address = site.serve(pcsh::service::Access::Tokens);
    let token = site.token(None, false);
    let ask = |token: &str| {
        let endpoint = pcsh::client::Endpoint {
            patience: std::time::Duration::ZERO,
            ..pcsh::client::Endpoint::new(format!("http://{address}")).token(Some(token.to_owned()))
        };
        let client = pcsh::client::ManagementClient::new(pcsh::client::Connection::Remote(endpoint));
        client.call(&Call::new("Get", "CsServiceStatus")).map(drop).map_err(|problem| problem.id)
    };
    ask(&token).unwrap();
    for number in 0..25 {
        ask(&format!("pcsh_guess{number}")).unwrap_err();
    }
    assert_eq!(ask("pcsh_guess"), Err("PC-E98".to_owned()));
    assert_eq!(ask(&token), Ok(()));
}
