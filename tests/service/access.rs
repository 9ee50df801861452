//! Checks of the chat cmdlets as rows: a call, and the error it must give.

use super::fixture::{POOL, Site, new_room, set_room};
use pcsh::api::Call;
use serde_json::{Value, json};

#[test]
fn every_check_has_its_id() {
    let site = Site::with_first_room();
    let long = "x".repeat(257);
    let category = |name: &str| Call::new("New", "CsPersistentChatCategory").with("name", name);
    let addin = |name: &str, url: &str| Call::new("New", "CsPersistentChatAddin").with("name", name).with("url", url);
    let get_room = || Call::new("Get", "CsPersistentChatRoom");
    let endpoint = |sip: &str, pool: &str| {
        Call::new("New", "CsPersistentChatEndpoint").with("sipAddress", sip).with("persistentChatPoolFqdn", pool)
    };
    let configuration = |identity: &str| Call::new("New", "CsPersistentChatConfiguration").identity(identity);
    let set_category = |name: &str| Call::new("Set", "CsPersistentChatCategory").identity(name);
    let rows = [
        ("PC-E25", category("")),
        ("PC-E25", category("a\\b")),
        ("PC-E25", category(&long)),
        ("PC-E25", category("ok").with("description", long.as_str())),
        ("PC-E23", category("it")),
        ("PC-E26", category("ITROOM")),
        ("PC-E01", category("new").with("persistentChatPoolFqdn", "nowhere.contoso.com")),
        ("PC-E21", set_category("Nowhere").with("name", "x")),
        ("PC-E30", set_category("IT").with("allowedMembers", json!({"add": "sip:nobody@contoso.com"}))),
        ("PC-E11", set_category("IT").with("allowedMembers", json!({"add": "OU=IT.DC=contoso,DC=com"}))),
        ("PC-E31", set_category("IT").with("creators", json!({"add": "sip:aroth@contoso.com"}))),
        ("PC-E40", Call::new("Remove", "CsPersistentChatCategory").identity("IT")),
        ("PC-E25", addin(&"a".repeat(51), "https://x.contoso.com")),
        ("PC-E25", addin("a", "ftp://x.contoso.com")),
        ("PC-E25", addin("a", "nonsense")),
        ("PC-E23", addin("tickets", "https://x.contoso.com")),
        ("PC-E41", Call::new("Remove", "CsPersistentChatAddin").identity("Tickets")),
        ("PC-E34", new_room("x", "Nowhere")),
        ("PC-E35", new_room("x", "IT").with("addin", "Nowhere")),
        ("PC-E23", new_room("itroom", "IT")),
        ("PC-E26", new_room("it", "IT")),
        ("PC-E25", new_room("", "IT")),
        ("PC-E25", new_room("x", "IT").with("privacy", "Loud")),
        ("PC-E21", get_room().identity("Nowhere")),
        ("PC-E01", get_room().identity("nowhere.contoso.com\\x")),
        ("PC-E27", get_room().with("searchDescription", true)),
        ("PC-E25", get_room().with("filter", "{Owner -eq \"x\"}")),
        ("PC-E25", get_room().with("chatContentExceedsMB", -1)),
        ("PC-E30", get_room().with("member", "sip:nobody@contoso.com")),
        ("PC-E34", get_room().with("category", "Nowhere")),
        ("PC-E18", set_room("ITRoom").with("category", "other.contoso.com\\IT")),
        ("PC-E31", set_room("ITRoom").with("members", json!({"add": "sip:aroth@contoso.com"}))),
        ("PC-E19", set_room("ITRoom").with("members", json!({"add": "Twin Name"})).with("asObject", true)),
        ("PC-E11", endpoint("nonsense", POOL)),
        ("PC-E12", endpoint("sip:chat@elsewhere.com", POOL)),
        ("PC-E01", endpoint("sip:chat@contoso.com", "fe-red.contoso.com")),
        ("PC-E43", endpoint("sip:KMYER@contoso.com", POOL)),
        ("PC-E24", configuration("global")),
        ("PC-E15", configuration("tag:x")),
        ("PC-E14", configuration("site:Paris")),
        ("PC-E14", configuration("service:PersistentChatServer:nowhere.contoso.com")),
        ("PC-E25", configuration("site:Redmond").with("defaultChatHistory", 501)),
        ("PC-E25", configuration("site:Redmond").with("defaultChatHistory", 0)),
        ("PC-E21", Call::new("Set", "CsPersistentChatConfiguration").identity("site:Redmond")),
        ("PC-E91", Call::new("Get", "CsNonsense")),
    ];
    for (name, dn) in
        [("twin1", "CN=Twin One,OU=IT,DC=contoso,DC=com"), ("twin2", "CN=Twin Two,OU=IT,DC=contoso,DC=com")]
    {
        let new = Call::new("New", "CsDirectoryEntry").identity(dn).with("samAccountName", name);
        site.ok(new.with("displayName", "Twin Name"));
        let enable = Call::new("Enable", "CsUser").identity(format!("contoso\\{name}"));
        site.ok(enable
            .with("registrarPool", "fe-red.contoso.com")
            .with("sipAddress", format!("sip:{name}@contoso.com")));
    }
    for (id, call) in rows {
        site.fails(id, call);
    }
}

#[test]
fn members_null_inherits_and_emptied_does_not() {
    let site = Site::with_first_room();
    site.ok(
        set_room("ITRoom").with("members", json!({"remove": ["sip:kmyer@contoso.com", "sip:packerman@contoso.com"]}))
    );
    let room = site.room("ITRoom");
    assert_eq!((&room["members"], &room["membersInherited"]), (&json!([]), &json!(false)));
    site.ok(set_room("ITRoom").with("members", Value::Null));
    assert_eq!(site.room("ITRoom")["membersInherited"], true);
    let reply = site.ok(set_room("ITRoom").with("members", json!({"remove": "sip:kmyer@contoso.com"})));
    assert_eq!(reply.warnings.len(), 1);
}

#[test]
fn instances_carry_their_changes() {
    let site = Site::with_first_room();
    let mut room = site.room("ITRoom");
    room["description"] = json!("changed");
    site.ok(Call::new("Set", "CsPersistentChatRoom").with("instance", room).with("privacy", "Open"));
    let room = site.room("ITRoom");
    assert_eq!((&room["description"], &room["privacy"]), (&json!("changed"), &json!("Open")));
    assert_eq!(room["members"].as_array().unwrap().len(), 2);
    let made = site.one(Call::new("New", "CsPersistentChatPolicy").identity("Sales").with("inMemory", true));
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatPolicy")).value.len(), 1);
    site.ok(Call::new("Set", "CsPersistentChatPolicy").with("instance", made));
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatPolicy")).value.len(), 2);
}

#[test]
fn narrowing_a_category_purges_its_rooms() {
    let site = Site::with_first_room();
    let set = Call::new("Set", "CsPersistentChatCategory").identity("IT");
    let reply = site.ok(set.with("deniedMembers", json!({"add": "sip:kmyer@contoso.com"})));
    assert!(reply.warnings.iter().any(|text| text.contains("1 member, 1 manager")), "{:?}", reply.warnings);
    assert_eq!(site.room("ITRoom")["members"], json!(["sip:packerman@contoso.com"]));
}

#[test]
fn listings_page_without_an_empty_end() {
    let site = Site::with_first_room();
    for number in 0..9 {
        site.ok(new_room(&format!("r{number}"), "IT"));
    }
    let mut call = Call::new("Get", "CsPersistentChatRoom");
    call.page_size = Some(5);
    let first = site.ok(call.clone());
    call.cursor = first.next_cursor.clone();
    let second = site.ok(call.clone());
    assert_eq!((first.value.len(), second.value.len(), second.next_cursor), (5, 5, None));
    let mut other = call.clone().with("privacy", "Open");
    other.cursor = first.next_cursor;
    site.fails("PC-E25", other);
    let mut few = Call::new("Get", "CsPersistentChatRoom").with("resultSize", 7);
    few.page_size = Some(5);
    let page = site.ok(few.clone());
    few.cursor = page.next_cursor;
    assert_eq!(site.ok(few).value.len(), 2);
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatRoom").with("resultSize", 0)).value.len(), 0);
}
