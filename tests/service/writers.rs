//! Writers that note what was acknowledged, and the count of what is there afterwards: nothing lost, nothing twice.

use super::restart::Program;
use pcsh::api::Call;
use pcsh::client::{Connection, Endpoint, ManagementClient};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// Clients that write until they are told to stop.
pub struct Writers {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    threads: Vec<JoinHandle<()>>,
}

/// What was found after the writers had stopped.
pub struct Count {
    pub acknowledged: usize,
    pub lost: Vec<String>,
    pub twice: usize,
}

/// A line of the test's own that is shown whether or not it passes.
pub fn report(text: &str) {
    // Where standard error is closed nobody wants it.
    let _ = writeln!(std::io::stderr(), "  {text}");
}

pub fn client(uri: &str, token: &str) -> ManagementClient {
    ManagementClient::new(Connection::Remote(Endpoint::new(uri).token(Some(token.to_owned()))))
}

impl Writers {
    /// Starts so many for each address.
    pub fn start(uris: &[String], token: &str, each: usize) -> Self {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::<Mutex<Vec<String>>>::default());
        let places = uris.iter().cycle().take(uris.len() * each).cloned().enumerate();
        let threads = places.map(|(writer, uri)| {
            let (stop, token, acknowledged) = (stop.clone(), token.to_owned(), acknowledged.clone());
            std::thread::spawn(move || {
                let client = client(&uri, &token);
                for number in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let name = format!("w{writer}-{number}");
                    match client.call(&Call::new("New", "CsPersistentChatPolicy").identity(name.as_str())) {
                        Ok(_) => acknowledged.lock().unwrap().push(format!("Tag:{name}")),
                        Err(problem) => assert!(problem.is_transient(), "{problem}"),
                    }
                }
            })
        });
        let threads = threads.collect();
        Writers { stop, acknowledged, threads }
    }

    /// What was acknowledged until now.
    pub fn so_far(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap().clone()
    }

    /// Stops them and counts, asking the service at an address.
    pub fn count(self, uri: &str, token: &str) -> Count {
        self.stop.store(true, Ordering::SeqCst);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        let acknowledged = std::mem::take(&mut *self.acknowledged.lock().unwrap());
        let client = client(uri, token);
        let all =
            |call: &Call| client.pages(call).flat_map(|page| page.unwrap().value).collect::<Vec<serde_json::Value>>();
        let there: BTreeSet<String> = all(&Call::new("Get", "CsPersistentChatPolicy"))
            .iter()
            .map(|policy| policy["identity"].as_str().unwrap().to_owned())
            .collect();
        let mut made: BTreeMap<String, usize> = BTreeMap::new();
        for record in all(&Call::new("Get", "CsAdminAudit").with("cmdlet", "New-CsPersistentChatPolicy")) {
            *made.entry(record["target"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        // Objects and records of their making are committed together.
        assert_eq!(there.len() - 1, made.len());
        Count {
            acknowledged: acknowledged.len(),
            lost: acknowledged.into_iter().filter(|name| !there.contains(name)).collect(),
            twice: made.values().filter(|count| **count > 1).count(),
        }
    }
}

impl Count {
    /// Nothing lost, nothing twice, the chain intact.
    pub fn must_be_clean(&self, what: &str, program: &Program) {
        let (acknowledged, lost, twice) = (self.acknowledged, self.lost.len(), self.twice);
        let verdict = program.run(&["audit", "verify"]);
        report(&format!("{what}: {acknowledged} writes acknowledged, {lost} lost, {twice} twice; {}", verdict.trim()));
        assert_eq!((lost, twice), (0, 0));
        assert!(acknowledged > 10);
    }
}
