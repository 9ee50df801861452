//! Several calls in one request.

use super::fixture::Site;
use pcsh::api::Call;
use pcsh::service::Access;
use serde_json::{Value, json};

#[test]
fn a_batch_is_all_or_nothing_when_it_is_asked_to_be() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Tokens);
    let token = site.token(None, false);
    let reader = site.token(None, true);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let send = |token: &str, key: &str, body: &Value| {
        let request = reqwest::Client::new()
            .post(format!("http://{address}/v1/batch"))
            .bearer_auth(token)
            .header("idempotency-key", key)
            .json(body);
        runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        })
    };
    let new = |name: &str| json!({ "method": "POST", "path": "/v1/persistent-chat-rooms", "body": { "name": name, "category": "IT" } });
    let get = |name: &str| json!({ "method": "GET", "path": format!("/v1/persistent-chat-rooms/{name}") });
    let there = |name: &str| site.call(Call::new("Get", "CsPersistentChatRoom").identity(name)).is_ok();
    let (status, reply) = send(&token, "k1", &json!({ "calls": [new("a"), new("ITRoom"), get("a"), new("b%20c")] }));
    let statuses: Vec<&Value> = reply["value"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!((status, statuses), (200, vec![&json!(200), &json!(409), &json!(200), &json!(200)]));
    let atomic = json!({ "atomic": true, "calls": [new("x"), get("x"), new("ITRoom")] });
    let (status, problem) = send(&token, "k2", &atomic);
    assert_eq!((status, problem["id"].as_str()), (409, Some("PC-E23")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("call 2") && !there("x"), "{problem}");
    let atomic = json!({ "atomic": true, "calls": [new("x"), new("y"), get("x")] });
    let (status, first) = send(&token, "k3", &atomic);
    assert_eq!(status, 200, "{first}");
    assert_eq!(send(&token, "k3", &atomic), (200, first));
    assert!(there("x") && there("y"));
    assert_eq!(send(&token, "k3", &json!({ "atomic": true, "calls": [new("z")] })).1["id"], "PC-E93");
    assert_eq!(send(&reader, "k4", &json!({ "atomic": true, "calls": [new("r")] })).1["id"], "PC-E07");
    assert_eq!(send(&reader, "k5", &json!({ "calls": [new("r")] })).1["value"][0]["body"]["id"], "PC-E07");
    for bad in [
        json!({}),
        json!({ "calls": 1 }),
        json!({ "atomic": true, "calls": [1] }),
        json!({ "atomic": 1, "calls": [] }),
        json!({ "atomic": true, "calls": [{ "method": "GET", "path": "/etc/passwd" }] }),
        json!({ "atomic": true, "calls": [{ "method": "POST", "path": "/v1/transactions" }] }),
    ] {
        assert_eq!(send(&token, "k6", &bad).0, 400, "{bad}");
    }
    assert_eq!(send(&token, "k7", &json!({ "calls": vec![get("x"); 1001] })).0, 413);
}
