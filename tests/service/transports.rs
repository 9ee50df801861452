//! The two transports give the same answers; over a socket a token is needed.

use super::fixture::{Site, new_room, set_room};
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::Access;

fn remote(address: std::net::SocketAddr, token: Option<String>) -> ManagementClient {
    ManagementClient::new(Connection::Remote(Endpoint::new(format!("http://{address}")).token(token)))
}

fn exercise(client: &ManagementClient) {
    let made = client.call(&new_room("over the wire \\ % ? &", "IT")).unwrap_err();
    assert_eq!(made.id, "PC-E25");
    client.call(&new_room("wire % ? & ü", "IT")).unwrap();
    let room = client.call(&Call::new("Get", "CsPersistentChatRoom").identity("wire % ? & ü")).unwrap();
    assert_eq!(room.value.len(), 1);
    for number in 0..7 {
        client.call(&new_room(&format!("r{number}"), "IT")).unwrap();
    }
    let mut call = Call::new("Get", "CsPersistentChatRoom").with("category", "IT").with("disabled", false);
    call.page_size = Some(3);
    let sizes: Vec<usize> = client.pages(&call).map(|page| page.unwrap().value.len()).collect();
    assert_eq!(sizes, [3, 3, 3]);
    let problem = client.call(&Call::new("Get", "CsPersistentChatRoom").identity("no/such:room")).unwrap_err();
    assert_eq!((problem.id.as_str(), problem.target.as_str()), ("PC-E21", Some("no/such:room")));
    assert!(!problem.request_id.is_empty());
    let preview =
        client.call(&Call::new("Clear", "CsPersistentChatRoom").identity("r1").with("endDate", "2030-01-01").what_if());
    assert_eq!(preview.unwrap().targets.len(), 1);
    let transaction = client.begin().unwrap();
    let mut within = new_room("within", "IT");
    within.transaction = Some(transaction.clone());
    client.call(&within).unwrap();
    client.rollback(&transaction).unwrap();
    assert!(client.call(&Call::new("Get", "CsPersistentChatRoom").identity("within")).is_err());
    client.call(&set_room("r1").with("description", serde_json::Value::Null)).unwrap();
}

#[test]
fn in_process_and_over_a_socket_alike() {
    let site = Site::with_first_room();
    if site.service.store().engine() == "sqlite" {
        exercise(&ManagementClient::new(Connection::Embedded {
            directory: site.directory.path().to_owned(),
            actor: None,
        }));
    }
    let site = Site::with_first_room();
    let token = site
        .service
        .create_token(&pcsh::service::TokenWish { actor: None, label: "t".into(), read_only: false, days: 1 })
        .unwrap();
    exercise(&remote(site.serve(Access::Tokens), Some(token.1)));
}

#[test]
fn tokens_open_and_close_the_door() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Tokens);
    let wish =
        |read_only| pcsh::service::TokenWish { actor: Some("kmyer".into()), label: "ken".into(), read_only, days: 1 };
    let get = Call::new("Get", "CsPersistentChatRoom");
    let id = |client: &ManagementClient, call: &Call| {
        client.call(call).map(|_| String::new()).unwrap_or_else(|problem| problem.id)
    };
    assert_eq!(id(&remote(address, None), &get), "PC-E09");
    assert_eq!(id(&remote(address, Some("pcsh_wrong".into())), &get), "PC-E09");
    let (number, text) = site.service.create_token(&wish(false)).unwrap();
    let client = remote(address, Some(text));
    assert_eq!(id(&client, &Call::new("Get", "CsServiceStatus")), "");
    site.service.revoke_token(number).unwrap();
    assert_eq!(id(&client, &get), "PC-E09");
    let (_, text) = site.service.create_token(&pcsh::service::TokenWish { actor: None, ..wish(true) }).unwrap();
    let client = remote(address, Some(text));
    assert_eq!(id(&client, &get), "");
    assert_eq!(id(&client, &new_room("x", "IT")), "PC-E07");
    assert_eq!(id(&client, &Call::new("New", "CsTransaction")), "PC-E07");
    site.pass(2 * 86_400_000);
    assert_eq!(id(&client, &get), "PC-E09");
}

#[test]
fn what_is_not_a_request_is_refused_in_order() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Local(Default::default()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let send = |method: &str, path: &str, body: &str| {
        let request = reqwest::Client::new()
            .request(method.parse().unwrap(), format!("http://{address}{path}"))
            .header("content-type", "application/json")
            .body(body.to_owned());
        runtime.block_on(async { request.send().await.unwrap().status().as_u16() })
    };
    for (method, path, body, status) in [
        ("GET", "/healthz", "", 200),
        ("GET", "/readyz", "", 200),
        ("GET", "/metrics", "", 200),
        ("GET", "/openapi.json", "", 200),
        ("GET", "/nowhere", "", 404),
        ("GET", "/v1/nonsense", "", 404),
        ("POST", "/v1/persistent-chat-rooms", "{", 400),
        ("POST", "/v1/persistent-chat-rooms", "[1]", 400),
        ("POST", "/v1/persistent-chat-rooms/x:fly", "", 404),
        ("PUT", "/v1/persistent-chat-rooms", "{}", 405),
        ("POST", "/v1/users", "{}", 405),
        ("POST", "/v1/persistent-chat-rooms?whatIf=yes", "{}", 400),
        ("POST", "/v1/persistent-chat-categories", "{\"name\": \"x\", \"descripton\": \"misspelt\"}", 400),
        ("POST", "/v1/persistent-chat-categories", "{\"name\": 5}", 400),
        ("GET", "/v1/persistent-chat-rooms?pageSize=0", "", 400),
        ("GET", "/v1/persistent-chat-rooms?cursor=zzz", "", 400),
        ("GET", "/v1/persistent-chat-rooms?pageSize=-1", "", 400),
        ("DELETE", "/v1/persistent-chat-rooms/nowhere", "", 404),
    ] {
        assert_eq!(send(method, path, body), status, "{method} {path}");
    }
}

#[test]
fn passwords_give_tokens_and_failures_slow_down() {
    let site = Site::with_first_room();
    assert_eq!(site.service.set_password("kmyer", "short").unwrap_err().id, "PC-E25");
    assert_eq!(site.service.set_password("nobody", "long enough, really").unwrap_err().id, "PC-E20");
    site.service.set_password("KMyer", "correct horse battery").unwrap();
    let address = site.serve(Access::Tokens);
    let log_on = |password: &str| {
        let mut call = Call::new("New", "CsSession").with("userName", "contoso\\kmyer").with("password", password);
        call.transaction = Some(String::new());
        remote(address, None).call(&call)
    };
    let reply = log_on("correct horse battery").unwrap();
    let token = super::fixture::text(reply.value.first().unwrap(), "token");
    let status = remote(address, Some(token)).call(&Call::new("Get", "CsServiceStatus")).unwrap();
    assert_eq!(status.value.first().unwrap()["caller"], "kmyer");
    for _ in 0..4 {
        assert_eq!(log_on("wrong").unwrap_err().id, "PC-E09");
    }
    let request = pcsh::service::Request {
        call: Call::new("New", "CsSession").with("userName", "kmyer").with("password", "correct horse battery"),
        caller: Default::default(),
        id: "t".into(),
    };
    assert_eq!(site.service.log_on(&request, None).unwrap_err().id, "PC-E98");
    site.pass(3_000);
    site.service.log_on(&request, None).unwrap();
    let failed = site.ok(Call::new("Get", "CsAdminAudit").with("cmdlet", "log-on"));
    assert_eq!(failed.value.len(), 4);
}

#[test]
fn tls_is_made_at_the_first_start() {
    let directory = tempfile::tempdir().unwrap();
    let address = "127.0.0.1:0".parse().unwrap();
    let first = pcsh::service::tls::tls(directory.path(), Default::default(), address).unwrap();
    let second = pcsh::service::tls::tls(directory.path(), Default::default(), address).unwrap();
    assert_eq!(first.served().fingerprint, second.served().fingerprint);
    let site = Site::with_first_room();
    let router = pcsh::service::router(site.service.clone(), Access::Tokens);
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            send.send(listener.local_addr().unwrap()).unwrap();
            pcsh::service::serve::serve_on(listener, Some(first), router, Default::default()).await.unwrap();
        });
    });
    let address = receive.recv().unwrap();
    let authority = std::fs::read(directory.path().join("tls-authority.pem")).unwrap();
    let trusted = reqwest::Certificate::from_pem(&authority).unwrap();
    let get = |builder: reqwest::ClientBuilder| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            builder.build().unwrap().get(format!("https://{address}/healthz")).send().await.map(|r| r.status())
        })
    };
    assert_eq!(get(reqwest::Client::builder().add_root_certificate(trusted)).unwrap(), 200);
    assert!(get(reqwest::Client::builder()).is_err());
}
