//! Secrets are in no log, no audit record and no error; and what tries to break out of its place stays there.

use super::fixture::{POOL, Site, new_room};
use super::restart::Program;
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::Access;
use serde_json::json;
use std::time::Duration;

#[test]
fn secrets_stay_out_of_logs_audit_and_errors() {
    let program = Program::new();
    program.import_directory();
    let password = "correct horse battery staple";
    program.with_input(&["account", "set", "kmyer"], &format!("{password}\n"));
    let token = program.token();
    let log = program.directory.path().join("log");
    let service = program.start_logging(&log);
    let client = |token: Option<String>| {
        let endpoint = Endpoint { patience: Duration::ZERO, ..Endpoint::new(program.uri()).token(token) };
        ManagementClient::new(Connection::Remote(endpoint))
    };
    let log_on = |password: &str| {
        client(None).call(&Call::new("New", "CsSession").with("userName", "kmyer").with("password", password))
    };
    let session = log_on(password).unwrap().value[0]["token"].as_str().unwrap().to_owned();
    let wrong = "a wrong password of mine";
    let mut told = vec![log_on(wrong).unwrap_err().to_string()];
    told.push(
        client(Some("pcsh_guessed_token_text".to_owned())).call(&Call::new("Get", "CsUser")).unwrap_err().to_string(),
    );
    client(Some(token.clone())).call(&Call::new("New", "CsPersistentChatPolicy").identity("x")).unwrap();
    let secretive = Call::new("New", "CsPersistentChatPolicy").identity("y").with("password", wrong);
    told.extend(client(Some(token.clone())).call(&secretive).err().map(|problem| problem.to_string()));
    let trail = client(Some(token.clone())).call(&Call::new("Get", "CsAdminAudit")).unwrap();
    let backup = program.directory.path().join("backup");
    program.run(&["backup", &backup.display().to_string()]);
    service.stop();
    let places = [
        ("log", std::fs::read_to_string(&log).unwrap()),
        ("audit", serde_json::to_string(&trail).unwrap()),
        ("errors", told.join("\n")),
        ("backup", std::fs::read_to_string(&backup).unwrap()),
    ];
    assert!(places[0].1.contains("answered"), "the log has lines");
    for (place, text) in places {
        for secret in [password, wrong, token.as_str(), session.as_str(), "guessed_token_text"] {
            assert!(!text.contains(secret), "'{secret}' is in the {place}");
        }
    }
}

#[test]
fn nothing_breaks_out_of_its_place() {
    let site = Site::with_first_room();
    let address = site.serve(Access::Tokens);
    let token = site.token(None, false);
    let rooms = || site.ok(Call::new("Get", "CsPersistentChatRoom")).value.len();
    let nasty = [
        "'; DROP TABLE object; --",
        "\" OR 1=1 --",
        "$(touch /tmp/x)",
        "../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "a\u{0}b",
        "a\r\nset-cookie: x=y",
        "\u{202e}gnp.exe",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "\u{feff}",
    ];
    for (number, text) in nasty.iter().enumerate() {
        // Either refused in order, or stored and given back as it is.
        match site.call(new_room(text, "IT")) {
            Ok(reply) => assert_eq!(reply.value[0]["name"], *text),
            Err(problem) => assert!(problem.status == 400, "{text:?}: {problem}"),
        }
        let described = site.ok(new_room(&format!("holder{number}"), "IT").with("description", "plain"));
        assert_eq!(described.value.len(), 1);
        for call in [
            Call::new("Get", "CsPersistentChatRoom").identity(*text),
            Call::new("Get", "CsUser").identity(*text),
            Call::new("Get", "CsUser").with("filter", format!("DisplayName -eq '{text}'")),
            Call::new("Get", "CsUser").with("ldapFilter", format!("(cn={text})")),
            Call::new("Get", "CsPersistentChatRoom").with("filter", format!("Name -like \"{text}\"")),
            Call::new("Remove", "CsPersistentChatRoom").identity(format!("{POOL}\\{text}-")),
        ] {
            if let Err(problem) = site.call(call.clone()) {
                assert!(problem.status < 500, "{} {text:?}: {problem}", call.cmdlet());
            }
        }
    }
    let before = rooms();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("{{{}\"z\":1}}", "\"a\":1,".repeat(100_000));
    let bodies = [
        deep,
        wide,
        "{\"name\":\"a\",\"name\":\"b\"}".to_owned(),
        "{\"name\":1e999999}".to_owned(),
        "{\"name\":[{\"x\":null}],\"category\":{}}".to_owned(),
        "{\"__proto__\":{\"admin\":true}}".to_owned(),
        "\u{feff}{}".to_owned(),
        "null".to_owned(),
        "\"text\"".to_owned(),
        "{\"members\":{\"add\":{\"remove\":1}}}".to_owned(),
    ];
    for body in bodies {
        for path in ["/v1/persistent-chat-rooms", "/v1/persistent-chat-rooms/ITRoom", "/v1/users/x:enable", "/v1/batch"]
        {
            for method in ["POST", "PATCH"] {
                let request = client.request(method.parse().unwrap(), format!("http://{address}{path}"));
                let request = request.bearer_auth(&token).header("content-type", "application/json").body(body.clone());
                let (status, kind) = runtime.block_on(async {
                    let answer = request.send().await.unwrap();
                    (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap().to_owned())
                });
                let shown: String = body.chars().take(60).collect();
                assert!(status < 500, "{method} {path} {shown}: {status}");
                assert!(kind.starts_with("application/"), "{kind}");
            }
        }
    }
    assert!(rooms() >= before);
    for (name, value) in [
        ("idempotency-key", "x".repeat(5000)),
        ("if-match", "\"99999999999999999999\"".to_owned()),
        ("transaction-id", "../../x".to_owned()),
        ("session-computer", "'; --".to_owned()),
        ("x-request-id", "a b{evil}".to_owned()),
        ("authorization", "Bearer".to_owned()),
    ] {
        let request = client.patch(format!("http://{address}/v1/persistent-chat-rooms/ITRoom")).bearer_auth(&token);
        let request = request.header(name, &value).json(&json!({ "description": "d" }));
        let (status, id) = runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
            (answer.status().as_u16(), id)
        });
        assert!(status < 500, "{name}: {status}");
        assert!(!id.contains("evil"), "{name}: {id}");
    }
    let verdict = site.service.store().read(|tx| tx.verify_audit()).unwrap();
    assert!(matches!(verdict, pcsh::store::Verdict::Sound(_)), "{verdict:?}");
}
