//! A full disk beneath the store, on small file systems of our own: what was acknowledged stays, what was refused says so,
//! and with room again the work goes on.

use super::cluster::Cluster;
use super::restart::Program;
use super::writers::report;
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use std::path::Path;
use std::time::Duration;

/// A file system of a few megabytes, taken away again when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then(|| SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Writes until the disk is full, makes room, and goes on.
fn fill(disk: &Path, program: &Program, what: &str) {
    let token = program.token();
    let service = program.start();
    let endpoint = Endpoint { patience: Duration::from_secs(1), ..Endpoint::new(program.uri()) };
    let client = ManagementClient::new(Connection::Remote(endpoint.token(Some(token.clone()))));
    let filler = disk.join("filler");
    let (mut acknowledged, mut refused, mut after) = (Vec::new(), 0, 0);
    for number in 0..160 {
        if number == 60 {
            // Everything but what a few writes need.
            let _ = std::process::Command::new("dd")
                .args(["if=/dev/zero", "bs=64k", &format!("of={}", filler.display())])
                .stderr(std::process::Stdio::null())
                .status();
        }
        if refused == 3 {
            let _ = std::fs::remove_file(&filler);
        }
        let name = format!("full{number}");
        let call = Call::new("New", "CsPersistentChatPolicy").identity(name.as_str());
        let call = if number < 60 { call } else { call.with("description", "x".repeat(200_000)) };
        match client.call(&call) {
            Ok(_) => {
                acknowledged.push(format!("Tag:{name}"));
                after += usize::from(refused >= 3);
            }
            Err(problem) => {
                assert!(["PC-E84", "PC-E95", "PC-E25"].contains(&problem.id.as_str()), "{problem}");
                refused += 1;
            }
        }
        if after == 10 || refused > 3 && number > 100 {
            break;
        }
    }
    let there: Vec<String> = super::writers::client(&program.uri(), &token)
        .pages(&Call::new("Get", "CsPersistentChatPolicy"))
        .flat_map(|page| page.unwrap().value)
        .map(|policy| policy["identity"].as_str().unwrap().to_owned())
        .collect();
    let lost = acknowledged.iter().filter(|name| !there.contains(name)).count();
    service.stop();
    let verdict = program.run(&["audit", "verify"]);
    report(&format!(
        "full disk of {what}: {} writes acknowledged, {after} of them after room was made, {refused} refused, {lost} lost; {}",
        acknowledged.len(),
        verdict.trim()
    ));
    assert_eq!(lost, 0);
    assert!(refused > 0, "the disk was full");
    assert!(after > 0, "with room again the work goes on");
}

#[test]
fn a_full_disk_of_postgresql_loses_nothing() {
    let Some(disk) = SmallDisk::new(120) else {
        return report("full disk of PostgreSQL: not run, a small file system cannot be mounted here");
    };
    let cluster = Cluster::within(disk.0.path(), "-c max_wal_size=32MB -c min_wal_size=32MB");
    cluster.start();
    fill(disk.0.path(), &Program::over(cluster.address()), "PostgreSQL");
}

#[test]
fn a_full_disk_of_sqlite_loses_nothing() {
    let Some(disk) = SmallDisk::new(16) else {
        return report("full disk of SQLite: not run, a small file system cannot be mounted here");
    };
    fill(disk.0.path(), &Program::within(&disk.0.path().join("data")), "SQLite");
}
