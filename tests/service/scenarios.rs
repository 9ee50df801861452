//! The scenarios of an administrator's work, as calls.

use super::fixture::{POOL, Site, new_room, set_room, text};
use pcsh::api::Call;
use serde_json::{Value, json};

fn names(reply: &pcsh::api::Reply, field: &str) -> Vec<String> {
    reply.value.iter().map(|object| text(object, field)).collect()
}

pub fn test_message() -> Call {
    Call::new("Test", "CsPersistentChatMessage")
        .with("targetFqdn", "fe-red.contoso.com")
        .with("chatRoomUri", format!("{POOL}\\ITRoom"))
        .with("senderSipAddress", "sip:kmyer@contoso.com")
        .with("senderCredential", json!({"userName": "contoso\\kmyer", "password": "x"}))
        .with("receiverSipAddress", "sip:packerman@contoso.com")
        .with("receiverCredential", json!({"userName": "contoso\\packerman", "password": "x"}))
}

#[test]
fn s1_first_room_end_to_end() {
    let site = Site::with_first_room();
    assert_eq!(site.one(test_message())["result"], "Success");
    site.ok(Call::new("Set", "CsPersistentChatPolicy").identity("Global").with("enablePersistentChat", false));
    let output = site.one(test_message());
    assert_eq!(output["result"], "Failure");
    assert!(text(&output, "diagnosis").contains("policy"), "{output}");
    let room = site.room("ITRoom");
    assert_eq!(room["members"], json!(["sip:kmyer@contoso.com", "sip:packerman@contoso.com"]));
    assert_eq!(room["messageCount"], 2);
}

#[test]
fn s2_bulk_creation() {
    let site = Site::deployed();
    let mut reader = csv::Reader::from_reader(include_str!("../../examples/contoso/rooms.csv").as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let header = reader.headers().unwrap().clone();
    let of = |row: &csv::StringRecord, name: &str| {
        row.get(header.iter().position(|known| known == name).unwrap()).unwrap().to_owned()
    };
    let mut failures = Vec::new();
    let mut made = 0;
    let mut categories: Vec<String> = rows.iter().map(|row| of(row, "Category")).collect();
    categories.sort();
    categories.dedup();
    for category in categories.iter().filter(|name| rows.iter().filter(|row| of(row, "Category") == **name).count() > 1)
    {
        site.ok(Call::new("New", "CsPersistentChatCategory").with("name", category.as_str()));
    }
    for row in &rows {
        let call = new_room(&of(row, "Name"), &format!("{POOL}\\{}", of(row, "Category")))
            .with("privacy", of(row, "Privacy"))
            .with("type", of(row, "Type"))
            .with("description", of(row, "Description"));
        match site.call(call) {
            Ok(_) => made += 1,
            Err(problem) => failures.push(problem.id),
        }
    }
    failures.sort();
    assert_eq!((made, failures), (118, vec!["PC-E23".to_owned(), "PC-E34".to_owned()]));
    let reply = site.ok(Call::new("Get", "CsPersistentChatRoom").with("filter", "{Name -like \"*\"}"));
    assert_eq!(reply.value.len(), 118);
}

#[test]
fn s4_ethical_wall() {
    let site = Site::deployed();
    for name in ["Trading", "Research"] {
        site.ok(Call::new("New", "CsPersistentChatCategory").with("name", name));
    }
    let (traders, analysts) = ("OU=Traders,DC=contoso,DC=com", "OU=Analysts,DC=contoso,DC=com");
    for (name, allowed, denied) in [("Trading", traders, analysts), ("Research", analysts, traders)] {
        let call = Call::new("Set", "CsPersistentChatCategory").identity(name);
        site.ok(call.with("allowedMembers", allowed).with("deniedMembers", denied));
    }
    site.ok(new_room("Desk", "Trading").with("privacy", "Secret"));
    site.ok(set_room("Desk").with("members", json!({"add": "sip:tblum@contoso.com"})));
    site.fails("PC-E31", set_room("Desk").with("members", json!({"add": "sip:oreyes@contoso.com"})));
    assert_eq!(site.room("Desk")["members"], json!(["sip:tblum@contoso.com"]));
    let eligible =
        Call::new("Get", "CsPersistentChatEligiblePrincipal").with("room", "Desk").with("filter", "*@contoso.com");
    assert_eq!(names(&site.ok(eligible), "sipAddress"), ["sip:tblum@contoso.com"]);
}

#[test]
fn s5_access_by_department() {
    let site = Site::deployed();
    let new = Call::new("New", "CsPersistentChatPolicy").identity("ITChat").with("enablePersistentChat", true);
    site.ok(new.with("description", "IT staff"));
    let users = site.ok(Call::new("Get", "CsUser").with("ldapFilter", "&(department=IT)(l=Redmond)"));
    let mut granted = Vec::new();
    for user in &users.value {
        let grant = Call::new("Grant", "CsPersistentChatPolicy").identity(text(user, "identity"));
        let shown = site.one(grant.with("policyName", "ITChat").with("passThru", true));
        granted.push((text(&shown, "displayName"), text(&shown, "persistentChatPolicy")));
    }
    let expected =
        [("Ken Myer", "ITChat"), ("Pilar Ackerman", "ITChat")].map(|(name, tag)| (name.to_owned(), tag.to_owned()));
    assert_eq!(granted, expected);
    let free = site.ok(Call::new("Get", "CsUser").with("filter", "{PersistentChatPolicy -eq $null}"));
    assert_eq!(free.value.len(), 5);
    for (name, policy) in [("Ken Myer", "ITChat"), ("Abe Roth", "Global")] {
        assert_eq!(site.one(Call::new("Get", "CsEffectivePolicy").identity(name))["persistentChatPolicy"], policy);
    }
    site.fails("PC-E42", Call::new("Remove", "CsPersistentChatPolicy").identity("ITChat"));
    for user in &users.value {
        let call = Call::new("Grant", "CsPersistentChatPolicy").identity(text(user, "identity"));
        site.ok(call.with("policyName", Value::Null));
    }
    site.ok(Call::new("Remove", "CsPersistentChatPolicy").identity("tag:itchat"));
    site.fails(
        "PC-E44",
        Call::new("Grant", "CsPersistentChatPolicy").identity("Ken Myer").with("policyName", "ITChat"),
    );
    site.fails("PC-E27", Call::new("Grant", "CsPersistentChatPolicy").identity("Ken Myer"));
    site.fails("PC-E20", Call::new("Grant", "CsPersistentChatPolicy").identity("No Body").with("policyName", "ITChat"));
}

#[test]
fn s6_site_and_pool_policy() {
    let site = Site::deployed();
    let policy = |name: &str, on: bool| {
        Call::new("New", "CsPersistentChatPolicy").identity(name).with("enablePersistentChat", on)
    };
    let effective =
        |name: &str| text(&site.one(Call::new("Get", "CsEffectivePolicy").identity(name)), "persistentChatPolicy");
    site.ok(policy("site:Redmond", true));
    site.fails("PC-E23", policy("site:Redmond", true));
    site.fails("PC-E14", policy("site:Paris", true));
    site.fails("PC-E24", policy("global", true));
    site.fails("PC-E15", policy("service:UserServer:fe-red.contoso.com", true));
    site.fails("PC-E13", policy("a:b:c:d", true));
    site.ok(policy("service:Registrar:fe-red.contoso.com", false));
    assert_eq!(effective("David Longmire"), "Service:Registrar:fe-red.contoso.com");
    site.ok(Call::new("Remove", "CsPersistentChatPolicy").identity("service:Registrar:fe-red.contoso.com"));
    assert_eq!(effective("David Longmire"), "Site:Redmond");
    assert_eq!(effective("Ida Byrne"), "Global");
    let found = site.ok(Call::new("Get", "CsPersistentChatPolicy").with("filter", "site:*"));
    assert_eq!(names(&found, "identity"), ["Site:Redmond"]);
    site.ok(Call::new("Remove", "CsPersistentChatPolicy").identity("Site:Redmond"));
    assert_eq!(names(&site.ok(Call::new("Get", "CsPersistentChatPolicy")), "identity"), ["Global"]);
    site.fails("PC-E16", Call::new("Get", "CsPersistentChatPolicy").identity("site:*"));
}

#[test]
fn s7_review_before_removal() {
    let site = Site::with_first_room();
    site.ok(Call::new("New", "CsPersistentChatCategory").with("name", "Empty"));
    site.ok(set_room("ITRoom").with("disabled", true));
    let reply = site.ok(Call::new("Remove", "CsPersistentChatRoom").identity("ITRoom").what_if());
    assert_eq!(reply.targets, [format!("{POOL}\\ITRoom")]);
    site.fails("PC-E40", Call::new("Remove", "CsPersistentChatCategory").identity("IT").what_if());
    site.ok(Call::new("Remove", "CsPersistentChatCategory").identity("Empty").what_if());
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatCategory")).value.len(), 2);
    assert_eq!(site.room("ITRoom")["disabled"], true);
}

#[test]
fn s8_auditorium() {
    let site = Site::with_first_room();
    site.ok(new_room("News", "IT").with("type", "Auditorium").with("privacy", "Open"));
    let present = |room: &str, who: &str| set_room(room).with("presenters", json!({"add": who}));
    site.ok(present("News", "sip:kmyer@contoso.com"));
    site.fails("PC-E32", present("ITRoom", "sip:kmyer@contoso.com"));
    let eligible =
        |room: &str| Call::new("Get", "CsPersistentChatEligiblePrincipal").with("room", room).with("presenters", true);
    site.fails("PC-E36", eligible("ITRoom"));
    site.ok(eligible("News"));
    site.fails("PC-E31", present("News", "sip:aroth@contoso.com"));
    site.fails("PC-E30", present("News", "sip:nobody@contoso.com"));
    let reply = site.ok(set_room("News").with("type", "Normal"));
    assert!(reply.warnings.iter().any(|text| text.contains("1 presenter was cleared")), "{:?}", reply.warnings);
    assert_eq!(site.room("News")["presenters"], json!([]));
}

#[test]
fn s9_moving_a_room() {
    let site = Site::with_first_room();
    let uri = text(&site.room("ITRoom"), "chatRoomUri");
    site.ok(Call::new("New", "CsPersistentChatCategory").with("name", "Support"));
    let members = json!({"add": ["sip:packerman@contoso.com", "OU=Sales,DC=contoso,DC=com"]});
    site.ok(Call::new("Set", "CsPersistentChatCategory").identity("Support").with("allowedMembers", members));
    let reply = site.ok(set_room("ITRoom").with("category", "Support").what_if());
    assert!(
        reply.warnings.iter().any(|text| text.contains("1 member, 1 manager would be removed")),
        "{:?}",
        reply.warnings
    );
    site.ok(set_room("ITRoom").with("category", "Support"));
    let room = site.room("ITRoom");
    assert_eq!(room["members"], json!(["sip:packerman@contoso.com"]));
    assert_eq!(room["managers"], json!([]));
    assert_eq!(room["chatRoomUri"], json!(uri));
    assert_eq!(site.one(Call::new("Get", "CsPersistentChatCategory").identity("IT"))["numberOfChatRooms"], 0);
    site.fails("PC-E34", set_room("ITRoom").with("category", "Nowhere"));
}

fn post(user: &str, content: &str, posted: &str) -> Call {
    Call::new("New", "CsPersistentChatMessage")
        .with("room", "ITRoom")
        .with("userUri", format!("sip:{user}@contoso.com"))
        .with("content", content)
        .with("posted", posted)
}

#[test]
fn s11_and_s12_clearing_and_taking_back() {
    let site = Site::with_first_room();
    for (posted, content) in [
        ("2015-12-31T23:59:00Z", "old"),
        ("2016-01-01T00:00:00Z", "new year"),
        ("2016-05-02T10:00:00Z", "the project Fabrikam is secret"),
        ("2016-05-02T11:00:00Z", "my Password is here"),
        ("2016-05-02T12:00:00Z", "a PIN too"),
    ] {
        site.ok(post("kmyer", content, posted));
    }
    let contents = || {
        let reply = site.ok(Call::new("Get", "CsPersistentChatMessage").with("room", "ITRoom"));
        names(&reply, "content")
    };
    let clear = Call::new("Clear", "CsPersistentChatRoom").identity("ITRoom").with("endDate", "2015-12-31T00:00:00Z");
    let reply = site.ok(clear);
    assert!(reply.verbose.iter().any(|text| text.contains("1 message")), "{:?}", reply.verbose);
    assert_eq!(contents().first().map(String::as_str), Some("new year"));
    let remove = || Call::new("Remove", "CsPersistentChatMessage").identity(format!("{POOL}\\ITRoom"));
    let exact =
        remove().with("filter", "project Fabrikam").with("matchClause", "Exact").with("replaceMessage", "Withdrawn");
    site.ok(exact
        .clone()
        .with("userUri", "sip:kmyer@contoso.com")
        .with("startDate", "5/2/2016")
        .with("endDate", "5/3/2016")
        .what_if());
    assert!(contents().iter().any(|text| text.contains("Fabrikam")));
    site.ok(exact);
    assert!(contents().contains(&"Withdrawn".to_owned()));
    site.ok(remove().with("filter", "password pin").with("matchClause", "Or").with("remove", true));
    assert_eq!(contents(), ["new year", "Withdrawn"]);
    site.fails("PC-E27", remove().with("remove", true));
    site.fails("PC-E25", remove().with("startDate", "5/3/2016").with("endDate", "5/2/2016"));
    site.ok(remove().with("filter", "year"));
    assert!(contents().first().unwrap().contains("replaced by"));
}

#[test]
fn s13_compliance() {
    let site = Site::with_first_room();
    let noun = "CsPersistentChatComplianceConfiguration";
    let identity = format!("service:PersistentChatServer:{POOL}");
    let made = site.one(
        Call::new("New", noun)
            .identity(identity.as_str())
            .with("adapterName", "Xml")
            .with("adapterType", "Microsoft.Rtc.Internal.Chat.Server.Compliance.XmlAdapter,compliance")
            .with("adapterOutputDirectory", "\\\\fsred.contoso.com\\comp\\xml")
            .with("runInterval", "00:30:00")
            .with("oneChatRoomPerOutputFile", true),
    );
    assert_eq!(made["runInterval"], "00:30:00");
    site.fails("PC-E25", Call::new("Set", noun).identity(identity.as_str()).with("runInterval", "31.00:00:00"));
    let found = site.ok(Call::new("Get", noun).with("filter", "service:*"));
    assert_eq!(names(&found, "identity"), [format!("Service:PersistentChatServer:{POOL}")]);
    let status =
        Call::new("Get", "CsWindowsService").with("computerName", "pc1.contoso.com").with("name", "RTCCOMPLIANCE");
    assert_eq!(site.one(status.clone())["status"], "Running");
    site.one(test_message());
    assert_ne!(site.one(status.clone())["activityLevel"], "Queue depth=0");
    site.pass(31 * 60_000);
    assert_eq!(site.one(status)["activityLevel"], "Queue depth=0");
    let folder = site.directory.path().join("shares/fsred.contoso.com/comp/xml");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let written = std::fs::read_to_string(files.first().unwrap()).unwrap();
    let document = roxmltree::Document::parse(&written).unwrap();
    let kinds: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("Message"))
        .filter_map(|node| node.attribute("type"))
        .collect();
    assert_eq!(kinds, ["JOIN", "JOIN", "CHAT", "CHAT", "PART", "PART"]);
    let sheet = "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='text'/>\
        <xsl:template match='/'><xsl:for-each select=\"//Message[@type='CHAT']\"><xsl:value-of select=\"concat(Sender/@UserName, ': ', @content)\"/>;</xsl:for-each></xsl:template></xsl:stylesheet>";
    site.ok(Call::new("Set", noun).identity(identity.as_str()).with("customConfiguration", sheet));
    site.one(test_message());
    site.pass(31 * 60_000);
    site.ok(Call::new("Get", "CsPersistentChatRoom"));
    let folder = site.directory.path().join("shares/fsred.contoso.com/comp/xml");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let transformed: Vec<String> = files.filter(|text| !text.starts_with("<?xml")).collect();
    let expected =
        "Ken Myer: Synthetic transaction: message 1;Pilar Ackerman: Synthetic transaction: message 2;".to_owned();
    assert_eq!(transformed, [expected]);
}

fn switch_chat(site: &Site, verb: &str) {
    for number in 1..=6 {
        site.ok(Call::new(verb, "CsWindowsService")
            .with("computerName", format!("pc{number}.contoso.com"))
            .with("name", "RTCCHAT"));
    }
}

#[test]
fn s14_replacing_group_chat() {
    let site = Site::with_first_room();
    let export = Call::new("Export", "CsPersistentChatData")
        .with("dbInstance", "sqlred.contoso.com\\chat")
        .with("asBytes", true);
    let content = text(&site.one(export), "content");
    let database =
        Call::new("New", "CsDatabase").with("sqlServerFqdn", "legacysql.contoso.com").with("sqlInstanceName", "gc");
    site.ok(database.with("databaseName", "GroupChat").with("byteInput", content));
    let export = Call::new("Export", "CsPersistentChatData")
        .with("dbInstance", "legacysql.contoso.com\\gc")
        .with("asBytes", true);
    site.fails("PC-E63", export.clone());
    let bytes = text(&site.one(export.with("dbName", "GroupChat")), "content");
    let import = Call::new("Import", "CsPersistentChatData")
        .with("dbInstance", "sqlred.contoso.com\\chat")
        .with("byteInput", bytes);
    site.fails("PC-E62", import.clone());
    switch_chat(&site, "Stop");
    site.ok(import.clone().what_if());
    site.ok(import);
    let new = || {
        Call::new("New", "CsPersistentChatEndpoint")
            .with("sipAddress", "sip:ocschat@contoso.com")
            .with("persistentChatPoolFqdn", POOL)
            .with("displayName", "Group Chat (legacy)")
    };
    site.ok(Call::new("New", "CsDirectoryEntry")
        .identity("CN=ocschat,OU=IT,DC=contoso,DC=com")
        .with("samAccountName", "ocschat"));
    let enable = Call::new("Enable", "CsUser").identity("contoso\\ocschat").with("registrarPool", "fe-red.contoso.com");
    site.ok(enable.with("sipAddress", "sip:ocschat@contoso.com"));
    let problem = site.fails("PC-E43", new());
    assert!(problem.detail.contains("ocschat"));
    site.ok(Call::new("Remove", "CsDirectoryEntry").identity("ocschat"));
    let endpoint = site.one(new().with("passThru", true));
    assert_eq!(endpoint["registrarPool"], "fe-red.contoso.com");
    switch_chat(&site, "Start");
    assert_eq!(site.ok(Call::new("Get", "CsPersistentChatEndpoint")).value.len(), 2);
}

#[test]
fn s15_losing_the_data_centre() {
    let site = Site::with_first_room();
    let state = |wanted: &str| {
        Call::new("Set", "CsPersistentChatState").identity(format!("service:{POOL}")).with("poolState", wanted)
    };
    let operate = |operation: &str| {
        Call::new("Update", "CsDatabase").identity("sqlbak.contoso.com\\chat\\mgc").with("operation", operation)
    };
    let problem = site.fails("PC-E64", state("FailedOver"));
    assert!(problem.detail.contains("log shipping"), "{problem}");
    for operation in ["RemoveLogShipping", "ApplyLogs", "Recover"] {
        site.ok(operate(operation));
    }
    let reply = site.ok(state("FailedOver"));
    assert!(reply.warnings.iter().any(|text| text.contains("compliance")), "{:?}", reply.warnings);
    let mirror = Call::new("Install", "CsMirrorDatabase").with("databaseType", "PersistentChat");
    let mirror = mirror.with("sqlServerFqdn", "sqlbak.contoso.com").with("sqlInstanceName", "chat");
    site.ok(mirror.with("fileShare", "\\\\fsbak.contoso.com\\mirror"));
    let active = |value: Value| Call::new("Set", "CsPersistentChatActiveServer").with("activeServers", value);
    site.ok(active(json!({"replace": ["pc5.contoso.com", "pc6.contoso.com"]})));
    assert_eq!(site.one(Call::new("Get", "CsPersistentChatState"))["poolState"], "FailedOver");
    site.ok(active(Value::Null));
    site.fails("PC-E05", Call::new("Get", "CsPersistentChatRoom").identity("ITRoom"));
    site.ok(active(json!({"replace": ["pc1.contoso.com", "pc2.contoso.com", "pc3.contoso.com", "pc4.contoso.com"]})));
    site.ok(Call::new("Set", "CsPersistentChatState")
        .identity(format!("PersistentChatServer:{POOL}"))
        .with("poolState", "Normal"));
    assert_eq!(site.one(Call::new("Get", "CsPersistentChatState"))["poolState"], "Normal");
    site.room("ITRoom");
}

#[test]
fn s16_maintenance() {
    let site = Site::deployed();
    let active = |value: Value| Call::new("Set", "CsPersistentChatActiveServer").with("activeServers", value);
    let reply = site.ok(active(json!({"remove": "pc2.contoso.com", "add": "pc5.contoso.com"})));
    assert!(reply.warnings.iter().any(|text| text.contains("data centre")), "{:?}", reply.warnings);
    let service = site.one(Call::new("Get", "CsService").with("persistentChatServer", true));
    assert_eq!(
        service["activeServers"],
        json!(["pc1.contoso.com", "pc3.contoso.com", "pc4.contoso.com", "pc5.contoso.com"])
    );
    assert_eq!(service["inactiveServers"], json!(["pc2.contoso.com", "pc6.contoso.com"]));
    site.ok(Call::new("Stop", "CsWindowsService").with("computerName", "pc2.contoso.com").with("graceful", true));
    site.fails("PC-E65", active(json!({"add": "pc2.contoso.com"})));
    site.fails("PC-E65", active(json!({"add": "pc9.contoso.com"})));
}

#[test]
fn s17_backup_and_restore_of_a_category() {
    let site = Site::with_first_room();
    site.one(test_message());
    let uri = text(&site.room("ITRoom"), "chatRoomUri");
    let database = "sqlred.contoso.com\\chat";
    let export = Call::new("Export", "CsPersistentChatData").with("dbInstance", database).with("scope", "IT");
    let bytes = text(&site.one(export.with("asBytes", true)), "content");
    site.ok(Call::new("Remove", "CsPersistentChatRoom").identity("ITRoom"));
    switch_chat(&site, "Stop");
    site.ok(Call::new("Import", "CsPersistentChatData").with("dbInstance", database).with("byteInput", bytes.as_str()));
    switch_chat(&site, "Start");
    let room = site.room("ITRoom");
    assert_eq!((text(&room, "chatRoomUri"), room["messageCount"].clone()), (uri, json!(2)));
    assert_eq!(room["members"], json!(["sip:kmyer@contoso.com", "sip:packerman@contoso.com"]));
    site.fails(
        "PC-E61",
        Call::new("Import", "CsPersistentChatData").with("dbInstance", database).with("byteInput", "AAAA"),
    );
}

#[test]
fn s18_standard_edition() {
    let site = Site::with_first_room();
    let document = text(&site.one(Call::new("Get", "CsTopology").with("asXml", true)), "document");
    let service = r#"<Service role="PersistentChatServer" displayName="Dublin chat" nextHop="se-dub.contoso.com" fileStore="C:\chat" store="se-dub.contoso.com\rtc" /></Pool>"#;
    let at = document.rfind("</Pool>").unwrap();
    let edited = format!("{}{service}{}", &document[..at], &document[at + "</Pool>".len()..]);
    let publish = |document: &str| Call::new("Publish", "CsTopology").with("document", document);
    let wrong = edited.replace("store=\"se-dub.contoso.com\\rtc\"", "store=\"nowhere.contoso.com\"");
    site.fails("PC-E72", publish(&wrong));
    site.ok(publish(&edited));
    site.fails("PC-E79", publish(&document.replace("Redmond\" displayName=\"Redmond", "Redmond\" displayName=\"R")));
    site.fails("PC-E75", Call::new("Enable", "CsTopology"));
    site.ok(Call::new("Install", "CsDatabase")
        .with("configuredDatabases", true)
        .with("sqlServerFqdn", "se-dub.contoso.com"));
    site.ok(Call::new("Enable", "CsTopology"));
    let here = |mut call: Call| {
        call.computer = Some("se-dub.contoso.com".to_owned());
        call
    };
    let export = site.one(Call::new("Export", "CsConfiguration").with("asBytes", true));
    site.ok(here(
        Call::new("Import", "CsConfiguration").with("localStore", true).with("byteInput", text(&export, "content")),
    ));
    site.ok(here(Call::new("Enable", "CsReplica")));
    site.ok(here(Call::new("Enable", "CsComputer")));
    site.fails("PC-E76", here(Call::new("Start", "CsWindowsService")));
    let request = Call::new("Request", "CsCertificate")
        .with("new", true)
        .with("type", "Default")
        .with("friendlyName", "SE default");
    let made = site.one(request.with("computerFqdn", "se-dub.contoso.com").with("keyAlg", "ECDH_P256"));
    site.ok(here(
        Call::new("Set", "CsCertificate").with("type", "Default").with("thumbprint", text(&made, "thumbprint")),
    ));
    site.one(here(Call::new("Get", "CsCertificate").with("type", "Default")));
    site.ok(here(Call::new("Start", "CsWindowsService")));
    site.ok(Call::new("Set", "CsSite").identity("Dublin").with("defaultPersistentChatPool", "se-dub.contoso.com"));
    site.fails("PC-E02", new_room("X", "IT"));
    site.ok(new_room("X", &format!("{POOL}\\IT")));
    site.fails("PC-E18", new_room("Y", &format!("{POOL}\\IT")).with("persistentChatPoolFqdn", "se-dub.contoso.com"));
}

#[test]
fn s19_who_may_do_what() {
    let site = Site::with_first_room();
    let join = |group: &str, user: &str| {
        site.ok(Call::new("Set", "CsDirectoryEntry").identity(group).with("members", json!({"add": user})));
    };
    join("CsHelpDesk", "dlongmire");
    let page = site.call_as("dlongmire", Call::new("Get", "CsPersistentChatRoom").identity("ITRoom"));
    assert_eq!(page.unwrap().value.len(), 1);
    let problem = site.call_as("dlongmire", set_room("ITRoom").with("disabled", true)).unwrap_err();
    assert_eq!((problem.id.as_str(), problem.terminating), ("PC-E07", true));
    let new_role = |name: &str, template: &str, scope: &str| {
        Call::new("New", "CsAdminRole").identity(name).with("template", template).with("configScopes", scope)
    };
    let (name, template) = ("DublinChatAdmins", "CsPersistentChatAdministrator");
    let group = Call::new("New", "CsDirectoryEntry").identity("CN=DublinChatAdmins2,OU=Groups,DC=contoso,DC=com");
    site.ok(group.with("type", "group").with("samAccountName", "DublinChatAdmins2").with("groupType", "Security"));
    let name =
        if site.call(Call::new("Get", "CsDirectoryEntry").identity(name)).is_ok() { name } else { "DublinChatAdmins2" };
    site.fails("PC-E51", new_role("NoSuchGroup", template, "site:Dublin"));
    site.fails("PC-E50", new_role(name, "Nonsense", "site:Dublin"));
    site.fails("PC-E14", new_role(name, template, "site:Paris"));
    site.ok(new_role(name, template, "site:Dublin"));
    let roles = site.ok(Call::new("Get", "CsAdminRole"));
    let mut holding: Vec<String> = roles
        .value
        .iter()
        .filter(|role| role["cmdlets"].as_array().unwrap().contains(&json!("Import-CsPersistentChatData")))
        .map(|role| text(role, "identity"))
        .collect();
    holding.sort();
    assert_eq!(holding, ["CsAdministrator", "CsPersistentChatAdministrator", name]);
    site.fails("PC-E52", Call::new("Remove", "CsAdminRole").identity("CsHelpDesk"));
    join(name, "ibyrne");
    let new = |identity: &str| {
        Call::new("New", "CsPersistentChatConfiguration").identity(identity).with("defaultChatHistory", 50)
    };
    site.call_as("ibyrne", new("site:Dublin")).unwrap();
    assert_eq!(site.call_as("ibyrne", new("site:Redmond")).unwrap_err().id, "PC-E08");
}

#[test]
fn s20_opening_to_a_partner() {
    let site = Site::deployed();
    let edge = Call::new("Set", "CsAccessEdgeConfiguration").with("allowFederatedUsers", true);
    site.ok(edge.with("enableArchivingDisclaimer", true).with("useDnsSrvRouting", true));
    site.ok(Call::new("New", "CsAllowedDomain").identity("tailspin.com").with("comment", "Audit firm"));
    site.fails("PC-E23", Call::new("New", "CsBlockedDomain").identity("tailspin.com"));
    site.ok(Call::new("New", "CsExternalAccessPolicy").identity("Partners").with("enableFederationAccess", true));
    let users = site.ok(Call::new("Get", "CsUser").with("ou", "OU=Finance,DC=contoso,DC=com"));
    assert_eq!(users.value.len(), 1);
    for user in &users.value {
        site.ok(Call::new("Grant", "CsExternalAccessPolicy")
            .identity(text(user, "identity"))
            .with("policyName", "Partners"));
    }
    let filter = site.one(
        Call::new("New", "CsImFilterConfiguration")
            .identity("site:Redmond")
            .with("action", "Warn")
            .with("warnMessage", "Check links."),
    );
    assert_eq!(filter["enabled"], true);
    assert!(filter["prefixes"].as_array().unwrap().contains(&json!("https:")), "{filter}");
    let files = site.one(
        Call::new("New", "CsFileTransferFilterConfiguration")
            .identity("site:Redmond")
            .with("extensions", json!({"add": [".iso", ".img"]})),
    );
    let extensions = files["extensions"].as_array().unwrap();
    assert!(extensions.contains(&json!(".iso")) && extensions.contains(&json!(".exe")), "{files}");
    let archiving =
        Call::new("Set", "CsArchivingConfiguration").with("enableArchiving", "ImOnly").with("enablePurging", true);
    site.ok(archiving.clone().with("keepArchivingDataForDays", 90));
    site.fails("PC-E25", archiving.with("keepArchivingDataForDays", 3000));
    site.ok(Call::new("Set", "CsArchivingPolicy").identity("Global").with("archiveExternal", true));
    let test =
        Call::new("Test", "CsFederatedPartner").with("targetFqdn", "edge1.contoso.com").with("domain", "tailspin.com");
    assert_eq!(site.one(test)["result"], "Failure");
}
