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
        let new = Call::new("New", "CsDirectoryEntry").identity(dn.as_str()).with("objectClass", "user");
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
                let caller = CallerId { actor: Some(format!("staff{letter}")), read_only: false, local: false };
                let result = site.service.execute(&Request { call, caller, id: "role".to_owned() });
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
        assert!([403, 404, 400].contains(&status), "{method} {path}: {status} {text}");
        let (status, _) = send(method, &format!("{path}?whatIf=false"), &body);
        assert!([403, 404, 400].contains(&status), "{method} {path}: {status}");
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
