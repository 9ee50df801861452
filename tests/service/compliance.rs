//! Compliance output is there exactly once, whenever the service dies: the program is ended at every place between the
//! decision and the commit, again and again, while more events come in.

use super::fixture::{POOL, Site, text};
use super::writers::report;
use pcsh::api::Call;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the process dies, in the order of the work, before it has committed; and afterwards.
const PLACES: [&str; 4] =
    ["compliance-planned", "compliance-partial", "compliance-first-file", "compliance-before-commit"];
const AFTERWARDS: &str = "compliance-committed";

/// Any call of the program looks whether a run is due; true where it lived to tell. By its clock, ten years after that of
/// the site, one always is.
fn run(site: &Site, place: &str) -> bool {
    let output = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["service", "status", "--store", &site.store, "--data"])
        .arg(site.directory.path())
        .env("PCSH_FAULT_POINT", place)
        .output()
        .unwrap();
    output.status.success()
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "xml"))
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect()
}

/// One exchange of messages between two users; how many events that is.
fn talk(site: &Site) -> usize {
    let kinds = ["JOIN", "JOIN", "CHAT", "CHAT", "PART", "PART"];
    site.one(super::scenarios::test_message());
    kinds.len()
}

#[test]
fn output_is_there_once_wherever_the_service_dies() {
    let site = Site::with_first_room();
    let identity = format!("service:PersistentChatServer:{POOL}");
    site.one(
        Call::new("New", "CsPersistentChatComplianceConfiguration")
            .identity(identity)
            .with("adapterName", "Xml")
            .with("adapterType", "Microsoft.Rtc.Internal.Chat.Server.Compliance.XmlAdapter,compliance")
            .with("adapterOutputDirectory", "\\\\fsred.contoso.com\\comp\\xml")
            .with("runInterval", "00:01:00")
            .with("createFileAttachmentsManifest", true),
    );
    let folder = site.directory.path().join("shares/fsred.contoso.com/comp/xml");
    let (mut queued, mut deaths, mut left) = (0, 0, 0);
    for round in 0..super::kill::rounds(3) {
        for place in PLACES {
            queued += talk(&site);
            assert!(!run(&site, place), "round {round}: the process lives on after '{place}'");
            deaths += 1;
            let before = files(&folder);
            queued += talk(&site);
            // Another process, as after a restart, finds what was left.
            site.pass(31_000);
            site.ok(Call::new("Get", "CsPersistentChatRoom"));
            let after = files(&folder);
            for (path, bytes) in &before {
                assert_eq!(
                    after.get(path),
                    Some(bytes),
                    "round {round}, '{place}': {} is another file",
                    path.display()
                );
            }
            left += usize::from(before.len() == after.len());
        }
    }
    assert!(!run(&site, AFTERWARDS));
    deaths += 1;
    let (mut times, mut events) = (BTreeSet::new(), 0);
    for (path, bytes) in files(&folder) {
        let written = String::from_utf8(bytes).unwrap();
        let document = roxmltree::Document::parse(&written).unwrap();
        events += document.descendants().filter(|node| node.has_tag_name("Message")).count();
        assert!(times.insert(path.file_name().unwrap().to_owned()));
    }
    let service =
        Call::new("Get", "CsWindowsService").with("computerName", "pc1.contoso.com").with("name", "RTCCOMPLIANCE");
    assert_eq!(text(&site.one(service), "activityLevel"), "Queue depth=0");
    report(&format!(
        "compliance: {deaths} deaths at {} places, {queued} events, {events} written in {} files, {left} of them left behind",
        PLACES.len() + 1,
        times.len()
    ));
    assert_eq!(events, queued, "lost, or written twice");
}
