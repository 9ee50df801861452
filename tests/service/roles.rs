//! Every role against every cmdlet, as the domain's rules name them, not as the manifests do; and the read-only token,
//! which writes by no path.

use super::fixture::Site;
use pcsh::api::{Call, collection};
use pcsh::service::{Access, CallerId, Request};
use serde_json::{Value, json};

/// Roles besides the administrator's, who may do everything, each by a letter.
const ROLES: [(char, &str); 10] = [
    ('P', "CsPersistentChatAdministrator"),
    ('U', "CsUserAdministrator"),
    ('S', "CsServerAdministrator"),
    ('H', "CsHelpDesk"),
    ('V', "CsViewOnlyAdministrator"),
    ('R', "CsArchivingAdministrator"),
    ('O', "CsVoiceAdministrator"),
    ('L', "CsLocationAdministrator"),
    ('G', "CsResponseGroupAdministrator"),
    ('M', "CsResponseGroupManager"),
];

/// Verbs and noun (a star stands for any part), and the roles that may; the first row that fits counts.
const RULES: &[(&str, &str, &str)] = &[
    ("New Set Remove", "CsPersistentChatAddin", "P"),
    ("New Set Remove", "CsPersistentChatCategory", "P"),
    ("New Set Remove Clear", "CsPersistentChatRoom", "P"),
    ("Remove", "CsPersistentChatMessage", "P"),
    ("Get", "CsPersistentChatComplianceConfiguration", "PVR"),
    ("Get", "CsPersistentChat*", "PUSHV"),
    ("New Set Remove", "CsPersistentChat*Configuration", "P"),
    ("New Set Remove Grant", "CsPersistentChatPolicy", "PU"),
    ("New Remove", "CsPersistentChatEndpoint", "P"),
    ("Set", "CsPersistentChatState", "PS"),
    ("Set", "CsPersistentChatActiveServer", "PS"),
    ("Export Import", "CsPersistentChatData", "P"),
    ("Test", "CsPersistentChatMessage", "PSH"),
    ("Enable Disable Set Move", "CsUser", "U"),
    ("Get", "CsUser", "PUSHVROLGM"),
    ("Get", "CsSite", "PUSHVROLGM"),
    ("Get", "CsPool", "PUSHVROLGM"),
    ("Get", "CsService", "PUSHVROLGM"),
    ("Get", "CsComputer", "PUSHVROLGM"),
    ("Get", "CsArchiving*", "PUSHVROLG"),
    ("Get", "CsAdminAudit", "V"),
    ("Get", "*", "PUSHVOLG"),
    ("Grant", "CsArchivingPolicy", "UR"),
    ("Export", "CsArchivingData", "R"),
    ("Invoke", "CsArchivingDatabasePurge", "R"),
    ("Set", "CsArchivingServer", ""),
    ("Invoke", "CsBackupServiceSync", "S"),
    ("Backup", "CsPool", "S"),
    // Rights over the directory come by its own groups.
    ("Grant Test", "CsOUPermission", ""),
    ("Grant Test", "CsSetupPermission", ""),
    ("Test", "CsXmppIM", "SH"),
    ("New Set Remove", "CsArchiving*", "R"),
    ("Grant", "CsExternalAccessPolicy", ""),
    ("Grant", "*", "U"),
    ("Start Stop", "CsWindowsService", "S"),
    ("Start", "CsPool", "S"),
    ("Invoke", "CsManagementStoreReplication", "S"),
    ("Test", "CsIM", "SH"),
    ("Test", "CsPresence", "SH"),
    ("Test", "CsRegistration", "SH"),
    ("Test", "CsGroupIM", "SH"),
    ("Test", "CsFederatedPartner", "SH"),
    ("Test", "*", "S"),
    ("*", "*", ""),
];

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end),
        None => pattern == text,
    }
}

fn expected(verb: &str, noun: &str) -> &'static str {
    let row =
        RULES.iter().find(|(verbs, nouns, _)| verbs.split(' ').any(|known| fits(known, verb)) && fits(nouns, noun));
    row.map_or("", |(_, _, roles)| roles)
}

/// Somebody for each role, and the administrator under `A`.
fn staff(site: &Site) {
    for (letter, role) in ROLES.iter().chain(&[('A', "CsAdministrator")]) {
        let dn = format!("CN=Staff {letter},OU=IT,DC=contoso,DC=com");
        let new = Call::new("New", "CsDirectoryEntry").identity(dn.as_str()).with("type", "user");
        site.ok(new.with("samAccountName", format!("staff{letter}")));
        site.ok(Call::new("Set", "CsDirectoryEntry").identity(*role).with("members", json!({ "add": [dn] })));
    }
}

#[test]
fn every_role_against_every_cmdlet() {
    let site = Site::with_first_room();
    staff(&site);
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for noun in site.service.catalogue().all() {
        for cmdlet in noun.cmdlets.iter().filter(|cmdlet| !cmdlet.local) {
            let roles = expected(&cmdlet.verb, &noun.name);
            for letter in ROLES.iter().map(|(letter, _)| *letter).chain(['A']) {
                let call = Call::new(&cmdlet.verb, &noun.name).identity("nothing of this name").what_if();
                let result = site.call_as_remote(&format!("staff{letter}"), call);
                let refused = result.is_err_and(|p| p.id == "PC-E07" && p.detail.contains("may not run"));
                let may = letter == 'A' || roles.contains(letter);
                if refused == may {
                    wrong.push(format!("{} {letter}: {}", cmdlet.name(), if may { "refused" } else { "allowed" }));
                }
                checked += 1;
            }
        }
    }
    super::writers::report(&format!("{checked} pairs of role and cmdlet"));
    assert!(wrong.is_empty(), "{} of {checked}: {wrong:#?}", wrong.len());
    assert!(checked > 1500);
}

/// The service's own nouns, which no manifest lists: directory, SQL side, messages, trail.
#[test]
fn own_nouns_are_the_administrators() {
    let site = Site::with_first_room();
    staff(&site);
    let own = [
        ("New Set Remove Get Import", "CsDirectoryEntry"),
        ("Update", "CsDatabase"),
        ("New Get", "CsPersistentChatMessage"),
    ];
    let mut checked = 0;
    for (verbs, noun) in own {
        for verb in verbs.split(' ') {
            for letter in ROLES.iter().map(|(letter, _)| *letter).chain(['A']) {
                let call = Call::new(verb, noun).identity("nothing of this name").what_if();
                let result = site.call_as_remote(&format!("staff{letter}"), call);
                let refused = result.is_err_and(|p| p.id == "PC-E07" && p.detail.contains("may not run"));
                assert_eq!(refused, letter != 'A', "{verb}-{noun} {letter}");
                checked += 1;
            }
        }
    }
    // Transactions keep others waiting: for those alone who may write something.
    for (letter, may) in [('A', true), ('P', true), ('U', true), ('H', false), ('V', false), ('M', false)] {
        let result = site.call_as_remote(&format!("staff{letter}"), Call::new("New", "CsTransaction"));
        assert_eq!(result.is_ok(), may, "New-CsTransaction {letter}: {result:?}");
        if let Ok(reply) = result {
            let id = super::fixture::text(&reply.value[0], "identity");
            // Nobody else can use it, or end it.
            let other = if letter == 'A' { "staffP" } else { "staffA" };
            for verb in ["Complete", "Undo"] {
                let call = Call::new(verb, "CsTransaction").identity(id.as_str());
                assert_eq!(site.call_as_remote(other, call).unwrap_err().id, "PC-E89");
            }
            site.call_as_remote(&format!("staff{letter}"), Call::new("Undo", "CsTransaction").identity(id)).unwrap();
        }
        checked += 1;
    }
    super::writers::report(&format!("{checked} pairs of role and the service's own nouns"));
}

/// Section 4.3: whoever may run the test may not for that reason set it up.
#[test]
fn setting_up_the_test_is_the_chat_administrators() {
    let site = Site::with_first_room();
    staff(&site);
    for (letter, may) in [('A', true), ('P', true), ('S', false), ('H', false)] {
        let call = Call::new("Test", "CsPersistentChatMessage")
            .with("targetFqdn", "fe-red.contoso.com")
            .with("setup", true)
            .with("testUser1SipAddress", "sip:kmyer@contoso.com")
            .with("testUser2SipAddress", "sip:packerman@contoso.com");
        let result = site.call_as_remote(&format!("staff{letter}"), call);
        let refused = result.as_ref().is_err_and(|problem| problem.id == "PC-E07");
        assert_eq!(refused, !may, "{letter}: {result:?}");
    }
}

/// What a role of scopes may touch: caller, call, and the error, or nothing where it must succeed.
#[test]
fn custom_roles_keep_to_their_scopes() {
    let site = Site::with_first_room();
    let group = |name: &str, template: &str, scope: (&str, &str)| {
        let dn = format!("CN={name},OU=Groups,DC=contoso,DC=com");
        let new = Call::new("New", "CsDirectoryEntry").identity(dn.as_str()).with("type", "group");
        site.ok(new.with("samAccountName", name).with("groupType", "Security"));
        let role = Call::new("New", "CsAdminRole").identity(name).with("template", template).with(scope.0, scope.1);
        site.ok(role);
        let user = format!("CN={name} user,OU=IT,DC=contoso,DC=com");
        let new = Call::new("New", "CsDirectoryEntry").identity(user.as_str()).with("type", "user");
        site.ok(new.with("samAccountName", format!("{name}1")));
        site.ok(Call::new("Set", "CsDirectoryEntry").identity(name).with("members", json!({ "add": [user] })));
    };
    group("DublinChat", "CsPersistentChatAdministrator", ("configScopes", "site:Dublin"));
    group("RedmondChat", "CsPersistentChatAdministrator", ("configScopes", "site:Redmond"));
    group("SalesUsers", "CsUserAdministrator", ("userScopes", "OU:OU=Sales,DC=contoso,DC=com"));
    site.ok(Call::new("New", "CsPersistentChatPolicy").identity("Sales").with("enablePersistentChat", true));
    // An organizational unit whose name only begins like the scope's.
    site.ok(Call::new("New", "CsDirectoryEntry")
        .identity("OU=Sales2,DC=contoso,DC=com")
        .with("type", "organizationalUnit"));
    let twin = Call::new("New", "CsDirectoryEntry").identity("CN=Nearly Sold,OU=Sales2,DC=contoso,DC=com");
    site.ok(twin.with("type", "user").with("samAccountName", "nearly"));
    site.ok(Call::new("Enable", "CsUser")
        .identity("contoso\\nearly")
        .with("registrarPool", "fe-red.contoso.com")
        .with("sipAddress", "sip:nearly@contoso.com"));
    let configuration =
        |verb: &str, identity: &str| Call::new(verb, "CsPersistentChatConfiguration").identity(identity);
    let room = |name: &str| super::fixture::new_room(name, "IT");
    let grant = |user: &str| Call::new("Grant", "CsPersistentChatPolicy").identity(user).with("policyName", "Sales");
    let pool_service = "service:PersistentChatServer:pchat-red.contoso.com";
    let rows = [
        ("DublinChat1", configuration("New", "site:Dublin"), ""),
        ("DublinChat1", configuration("New", "site:Redmond"), "PC-E08"),
        ("DublinChat1", configuration("Set", "Global").with("defaultChatHistory", 7), "PC-E08"),
        ("DublinChat1", configuration("New", pool_service), "PC-E08"),
        ("DublinChat1", room("dublin's"), "PC-E08"),
        ("DublinChat1", super::fixture::set_room("ITRoom").with("description", "x"), "PC-E08"),
        ("DublinChat1", Call::new("Remove", "CsPersistentChatRoom").identity("ITRoom"), "PC-E08"),
        (
            "DublinChat1",
            Call::new("Clear", "CsPersistentChatRoom").identity("ITRoom").with("endDate", "2016-05-04"),
            "PC-E08",
        ),
        ("DublinChat1", Call::new("New", "CsPersistentChatCategory").with("name", "D"), "PC-E08"),
        (
            "DublinChat1",
            Call::new("New", "CsPersistentChatAddin").with("name", "D").with("url", "https://d.contoso.com"),
            "PC-E08",
        ),
        (
            "DublinChat1",
            Call::new("Set", "CsPersistentChatPolicy").identity("Tag:Sales").with("description", "x"),
            "PC-E08",
        ),
        ("DublinChat1", Call::new("New", "CsPersistentChatPolicy").identity("Tag:Dublin"), "PC-E08"),
        (
            "DublinChat1",
            Call::new("Set", "CsPersistentChatActiveServer")
                .with("activeServers", json!({ "remove": "pc4.contoso.com" })),
            "PC-E08",
        ),
        ("RedmondChat1", configuration("New", "site:Dublin"), "PC-E08"),
        ("RedmondChat1", configuration("New", pool_service), ""),
        ("RedmondChat1", room("redmond's"), ""),
        ("RedmondChat1", configuration("Set", "Global").with("defaultChatHistory", 7), "PC-E08"),
        ("SalesUsers1", grant("David Longmire"), ""),
        ("SalesUsers1", grant("Ken Myer"), "PC-E08"),
        ("SalesUsers1", grant("Nearly Sold"), "PC-E08"),
        ("SalesUsers1", Call::new("Set", "CsUser").identity("Ken Myer").with("enabled", true), "PC-E08"),
        ("SalesUsers1", Call::new("Disable", "CsUser").identity("Ken Myer"), "PC-E08"),
        (
            "SalesUsers1",
            Call::new("Move", "CsUser").identity("Ken Myer").with("target", "se-dub.contoso.com"),
            "PC-E08",
        ),
        ("SalesUsers1", Call::new("Set", "CsUser").identity("David Longmire").with("enabled", true), ""),
        ("SalesUsers1", room("nobody's"), "PC-E07"),
    ];
    let mut wrong = Vec::new();
    for (caller, call, id) in &rows {
        for rehearsed in [true, false] {
            let call = if rehearsed { call.clone().what_if() } else { call.clone() };
            let name = format!("{caller}: {} {:?} {:?}", call.cmdlet(), call.identity, call.parameters.0);
            let found = site.call_as_remote(caller, call).map_or_else(|problem| problem.id, |_| String::new());
            if found != *id {
                wrong.push(format!("{name}: '{found}' and should be '{id}'"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Reading users is limited in the same way; a batch and a transaction open no way around.
    let seen = site.call_as_remote("SalesUsers1", Call::new("Get", "CsUser")).unwrap();
    let outside = seen.value.iter().filter(|user| !user["identity"].as_str().unwrap().contains(",OU=Sales,"));
    assert_eq!(outside.count(), 0, "users of other units are shown");
    assert!(seen.value.len() >= 2);
    super::writers::report(&format!("{} calls of scoped roles, each rehearsed and done", rows.len()));
}

#[test]
fn nobody_without_a_role_gets_anything() {
    let site = Site::with_first_room();
    for noun in site.service.catalogue().all() {
        for cmdlet in noun.cmdlets.iter().filter(|cmdlet| !cmdlet.local) {
            let call = Call::new(&cmdlet.verb, &noun.name).identity("x").what_if();
            let caller = CallerId { actor: Some("tblum".to_owned()), read_only: false, local: false };
            let refused = site.service.execute(&Request { call, caller, id: "none".to_owned() }).unwrap_err();
            assert_eq!(refused.id, "PC-E07", "{}: {refused}", cmdlet.name());
        }
    }
    assert_eq!(site.call_as("tblum", Call::new("New", "CsTransaction")).unwrap_err().id, "PC-E07");
}

/// What may differ between two backups of a store that nobody wrote to.
fn content(site: &Site) -> Vec<String> {
    let file = site.directory.path().join("state");
    site.service.store().backup(&file).unwrap();
    std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_read_only_token_writes_by_no_path() {
    let site = Site::with_first_room();
    let token = site.token(None, true);
    let address = site.serve(Access::Tokens);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::new();
    let send = |method: &str, path: &str, body: &Value| {
        let request = client.request(method.parse().unwrap(), format!("http://{address}{path}"));
        let request = request.bearer_auth(&token).json(body);
        runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    };
    let before = content(&site);
    let own = ["CsDirectoryEntry", "CsDatabase", "CsPersistentChatMessage", "CsTransaction", "CsAdminAudit"];
    let verbs = ["new", "set", "remove", "import", "update", "complete", "undo", "test", "clear", "grant"];
    let mut paths = Vec::new();
    for noun in site.service.catalogue().all() {
        let base = format!("/v1/{}", collection(&noun.name));
        for cmdlet in noun.cmdlets.iter().filter(|cmdlet| !cmdlet.local && cmdlet.verb != "Get") {
            paths.push(("POST", format!("{base}/IT:{}", cmdlet.verb.to_lowercase())));
        }
        paths.extend(["POST", "PATCH", "DELETE"].map(|method| (method, base.clone())));
        paths.extend(["PATCH", "DELETE"].map(|method| (method, format!("{base}/ITRoom"))));
    }
    for noun in own {
        let base = format!("/v1/{}", collection(noun));
        paths.extend(verbs.map(|verb| ("POST", format!("{base}/ITRoom:{verb}"))));
        paths.extend(["POST", "PATCH", "DELETE"].map(|method| (method, base.clone())));
    }
    let body =
        json!({ "name": "evil", "identity": "evil", "category": "IT", "url": "http://x", "description": "evil" });
    for (method, path) in &paths {
        let (status, text) = send(method, path, &body);
        assert!([403, 404, 405, 400].contains(&status), "{method} {path}: {status} {text}");
        let (status, _) = send(method, &format!("{path}?whatIf=false"), &body);
        assert!([403, 404, 405, 400].contains(&status), "{method} {path}: {status}");
        let verb = json!({ "calls": [{ "method": method, "path": path, "body": body }] });
        let (_, text) = send("POST", "/v1/batch", &verb);
        assert!(!text.contains("\"status\":200"), "{method} {path}: {text}");
    }
    assert!(send("GET", "/v1/persistent-chat-rooms/ITRoom", &json!({})).0 == 200);
    let after = content(&site);
    assert_eq!(before.len(), after.len());
    assert_eq!(before, after, "the store is as it was");
    super::writers::report(&format!("{} paths tried with a read-only token", paths.len() * 3));
}
