//! Tokens of an OpenID Connect provider, as rows: what is in the token, and what becomes of it.

use super::fixture::{START, Site};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use pcsh::service::{Access, FederationOptions};
use serde_json::{Value, json};

const ISSUER: &str = "https://login.contoso.com";

/// A key of the provider: private for signing, public as it is published.
struct Key {
    pair: rcgen::KeyPair,
    id: String,
}

impl Key {
    fn new(id: &str) -> Self {
        Key { pair: rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap(), id: id.to_owned() }
    }

    fn published(&self) -> Value {
        use base64::Engine;
        let encoded = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        // An uncompressed point: 4, x, y.
        let point = self.pair.public_key_raw();
        let (x, y) = (encoded(&point[1..33]), encoded(&point[33..]));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": x, "y": y })
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &EncodingKey::from_ec_der(&self.pair.serialize_der())).unwrap()
    }
}

fn claims(change: Value) -> Value {
    let now = START / 1000;
    let mut claims = json!({
        "iss": ISSUER, "aud": "pcsh", "sub": "1", "iat": now, "exp": now + 600, "preferred_username": "kmyer",
    });
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

#[test]
fn provider_tokens_are_checked() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    let (key, next, foreign) = (Key::new("one"), Key::new("two"), Key::new("one"));
    let publish = |all: &[&Key]| {
        let set = json!({ "keys": all.iter().map(|key| key.published()).collect::<Vec<_>>() });
        std::fs::write(keys.path(), set.to_string()).unwrap();
    };
    publish(&[&key]);
    let site = Site::with_options(|options| {
        options.federation = Some(FederationOptions {
            issuer: ISSUER.to_owned(),
            audience: "pcsh".to_owned(),
            keys: Some(keys.path().display().to_string()),
            claim: None,
        });
    });
    site.ok(
        Call::new("Import", "CsDirectoryEntry").with("document", include_str!("../../examples/contoso/directory.ldif"))
    );
    let address = site.serve(Access::Tokens);
    let ask = |token: String, call: &Call| {
        let endpoint = Endpoint::new(format!("http://{address}")).token(Some(token));
        ManagementClient::new(Connection::Remote(endpoint)).call(call)
    };
    let status = Call::new("Get", "CsServiceStatus");
    let now = START / 1000;
    let good = [
        json!({}),
        json!({ "aud": ["other", "pcsh"] }),
        json!({ "exp": now - 30 }),
        json!({ "nbf": now + 30 }),
        json!({ "preferred_username": "CONTOSO\\kmyer" }),
    ];
    for change in good {
        let reply =
            ask(key.sign(&claims(change.clone())), &status).unwrap_or_else(|problem| panic!("{change}: {problem}"));
        assert_eq!(reply.value[0]["caller"], "kmyer");
    }
    let bad = [
        (json!({ "iss": "https://evil.example" }), "issuer"),
        (json!({ "aud": "another" }), "audience"),
        (json!({ "exp": now - 61 }), "expired"),
        (json!({ "exp": "soon" }), ""),
        (json!({ "nbf": now + 90 }), "clocks"),
        (json!({ "preferred_username": "nobody" }), "nobody"),
        (json!({ "preferred_username": "" }), "name a user"),
    ];
    for (change, words) in bad {
        let problem = ask(key.sign(&claims(change.clone())), &status).unwrap_err();
        assert!(problem.id == "PC-E09" && problem.detail.contains(words), "{change}: {problem}");
    }
    let forged = [
        foreign.sign(&claims(json!({}))),
        // No signature at all, and a shared secret in place of a key.
        "eyJhbGciOiJub25lIiwia2lkIjoib25lIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmNvbnRvc28uY29tIn0.".to_owned(),
        {
            let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) };
            encode(&header, &claims(json!({})), &EncodingKey::from_secret(key.pair.public_key_raw())).unwrap()
        },
        next.sign(&claims(json!({}))),
    ];
    for token in forged {
        assert_eq!(ask(token, &status).unwrap_err().id, "PC-E09");
    }
    // The provider changes its keys: the new one is fetched when it is first seen, the old one is no longer believed.
    publish(&[&next]);
    site.pass(11_000);
    ask(next.sign(&claims(json!({}))), &status).unwrap();
    assert_eq!(ask(key.sign(&claims(json!({}))), &status).unwrap_err().id, "PC-E09");
    let reader = next.sign(&claims(json!({ "scope": "openid pcsh.read" })));
    let write = Call::new("New", "CsPersistentChatPolicy").identity("x");
    let refused = ask(reader, &write).unwrap_err();
    assert!(refused.id == "PC-E07" && refused.detail.contains("read"), "{refused}");
}
