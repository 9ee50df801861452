//! The deployment as a whole: the published topology and the state of its computers, databases and chat pools.
//! Read from the store when it has changed, shared by all calls until then.

use super::topology_model::{CHAT, Computer, Pool, RoleService, Topology};
use crate::api::Problem;
use crate::store::{Record, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const TOPOLOGY: &str = "Topology";
pub(crate) const COMPUTER: &str = "Computer";
pub(crate) const DATABASE: &str = "Database";
pub(crate) const CHAT_POOL: &str = "ChatPool";

/// The stored form of the topology.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Published {
    pub(crate) topology: Topology,
    pub(crate) revision: i64,
    pub(crate) enabled_revision: Option<i64>,
    pub(crate) enabled_pools: BTreeSet<String>,
    pub(crate) published_at: i64,
}

/// What has happened to a computer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ComputerState {
    /// `Enable-CsReplica` has run.
    pub(crate) replica: bool,
    /// The local store holds this revision of the configuration.
    pub(crate) local_store: Option<i64>,
    /// `Enable-CsComputer` has run.
    pub(crate) installed: bool,
    pub(crate) services: Vec<WindowsService>,
    pub(crate) certificates: Vec<AssignedCertificate>,
    pub(crate) last_report: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WindowsService {
    pub(crate) name: String,
    pub(crate) status: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AssignedCertificate {
    pub(crate) usage: String,
    pub(crate) thumbprint: String,
    pub(crate) effective: i64,
    pub(crate) previous: Option<String>,
    pub(crate) updated: i64,
}

/// A database on a SQL instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) database_type: String,
    /// `fqdn\instance`.
    pub(crate) instance: String,
    pub(crate) version: i64,
    /// `Online`, `Restoring`, `Offline`.
    pub(crate) state: String,
    /// `None`, `Principal`, `Mirror`.
    pub(crate) mirror_role: String,
    /// `None`, `Primary`, `Secondary`.
    pub(crate) log_shipping: String,
    /// Log backups not yet applied to a secondary.
    #[serde(default)]
    pub(crate) logs_pending: bool,
    #[serde(default)]
    pub(crate) data_path: Option<String>,
    #[serde(default)]
    pub(crate) log_path: Option<String>,
    #[serde(default)]
    pub(crate) last_backup: Option<i64>,
    /// The content of a legacy chat database: an export document, base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) legacy_content: Option<String>,
}

/// State of a chat pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ChatPoolState {
    pub(crate) pool_state: String,
    pub(crate) active_servers: Vec<String>,
    /// End of the last compliance run, milliseconds since 1970.
    pub(crate) last_compliance_run: i64,
}

impl Default for ChatPoolState {
    fn default() -> Self {
        ChatPoolState { pool_state: "Normal".to_owned(), active_servers: Vec::new(), last_compliance_run: 0 }
    }
}

/// Everything at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deployment {
    pub(crate) topology: Topology,
    pub(crate) revision: i64,
    pub(crate) published: bool,
    pub(crate) enabled_revision: Option<i64>,
    pub(crate) enabled_pools: BTreeSet<String>,
    pub(crate) published_at: i64,
    pub(crate) computers: BTreeMap<String, ComputerState>,
    pub(crate) databases: BTreeMap<String, Database>,
    pub(crate) chat_pools: BTreeMap<String, ChatPoolState>,
}

/// A chat pool with what belongs to it.
#[derive(Clone, Copy)]
pub(crate) struct ChatPool<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) service: &'a RoleService,
}

impl Deployment {
    /// Reads it from the store.
    pub(crate) fn load(transaction: &mut Transaction) -> Result<Self, Problem> {
        let mut deployment = Deployment::default();
        if let Some(record) = transaction.object(TOPOLOGY, "published")? {
            let published: Published = record.typed()?;
            deployment.published = true;
            deployment.topology = published.topology;
            deployment.revision = published.revision;
            deployment.enabled_revision = published.enabled_revision;
            deployment.enabled_pools = published.enabled_pools;
            deployment.published_at = published.published_at;
        }
        deployment.computers = typed(transaction.all_objects(COMPUTER)?)?;
        deployment.databases = typed(transaction.all_objects(DATABASE)?)?;
        deployment.chat_pools = typed(transaction.all_objects(CHAT_POOL)?)?;
        Ok(deployment)
    }

    /// The stored form of its topology part.
    pub(crate) fn to_published(&self) -> Published {
        Published {
            topology: self.topology.clone(),
            revision: self.revision,
            enabled_revision: self.enabled_revision,
            enabled_pools: self.enabled_pools.clone(),
            published_at: self.published_at,
        }
    }

    /// Chat pools by name.
    pub(crate) fn chat_pools(&self) -> Vec<ChatPool<'_>> {
        self.topology.pools_with(CHAT).into_iter().filter_map(|(_, pool)| chat_pool_of(pool)).collect()
    }

    /// The chat pool of this name.
    pub(crate) fn chat_pool(&self, fqdn: &str) -> Option<ChatPool<'_>> {
        self.topology.pool(fqdn).and_then(|(_, pool)| chat_pool_of(pool))
    }

    /// State of a computer.
    pub(crate) fn computer(&self, fqdn: &str) -> ComputerState {
        self.computers.get(&fqdn.to_lowercase()).cloned().unwrap_or_default()
    }

    /// State of a chat pool.
    pub(crate) fn chat_state(&self, pool: &str) -> ChatPoolState {
        self.chat_pools.get(&pool.to_lowercase()).cloned().unwrap_or_default()
    }

    /// A database of an instance.
    pub(crate) fn database(&self, instance: &str, name: &str) -> Option<&Database> {
        self.databases.get(&format!("{instance}\\{name}").to_lowercase())
    }

    /// Does a Windows service run there?
    pub(crate) fn is_running(&self, computer: &str, service: &str) -> bool {
        self.computers.get(&computer.to_lowercase()).is_some_and(|state| state.is_running(service))
    }

    /// The instance that serves a pool's content now.
    pub(crate) fn content_instance(&self, pool: &ChatPool<'_>) -> Option<String> {
        let failed_over = self.chat_state(&pool.pool.fqdn).pool_state == "FailedOver";
        let (store, mirror) = if failed_over { ("backupStore", "backupMirrorStore") } else { ("store", "mirrorStore") };
        let primary = pool.service.attribute(store)?;
        let online = |instance: &str| self.database(instance, "mgc").is_some_and(Database::serves);
        match pool.service.attribute(mirror) {
            Some(mirror) if !online(primary) && online(mirror) => Some(mirror.to_owned()),
            _ => Some(primary.to_owned()),
        }
    }

    /// Is the pool able to serve content? PC-E04 or PC-E05 where it is not.
    pub(crate) fn usable(&self, pool: &ChatPool<'_>) -> Result<(), Problem> {
        let fqdn = &pool.pool.fqdn;
        let online = self
            .content_instance(pool)
            .is_some_and(|instance| self.database(&instance, "mgc").is_some_and(Database::serves));
        if !online {
            let message = format!("The content database of pool '{fqdn}' is not installed or not online.");
            return Err(Problem::new("PC-E04", message));
        }
        let state = self.chat_pools.get(&fqdn.to_lowercase());
        let serving =
            state.is_some_and(|state| state.active_servers.iter().any(|server| self.is_running(server, "RTCCHAT")));
        if !serving {
            let message = format!("The pool '{fqdn}' has no active server on which RTCCHAT runs.");
            return Err(Problem::new("PC-E05", message));
        }
        Ok(())
    }
}

fn chat_pool_of(pool: &Pool) -> Option<ChatPool<'_>> {
    Some(ChatPool { pool, service: pool.service(CHAT)? })
}

fn typed<T: serde::de::DeserializeOwned>(records: Vec<Record>) -> Result<BTreeMap<String, T>, Problem> {
    records.into_iter().map(|record| Ok((record.key.clone(), record.typed()?))).collect()
}

impl ComputerState {
    /// Does a service run?
    pub(crate) fn is_running(&self, service: &str) -> bool {
        self.services.iter().any(|known| known.name == service && known.status == "Running")
    }
}

impl Database {
    /// Open for reading and writing?
    pub(crate) fn serves(&self) -> bool {
        self.state == "Online" && self.mirror_role != "Mirror"
    }

    /// The key it is stored under.
    pub(crate) fn key(&self) -> String {
        format!("{}\\{}", self.instance, self.name)
    }
}

impl ChatPool<'_> {
    /// Is compliance on?
    pub(crate) fn compliance(&self) -> bool {
        self.service.flag("enableCompliance")
    }

    /// Its computers by name.
    pub(crate) fn computers(&self) -> Vec<&Computer> {
        let mut computers: Vec<_> = self.pool.computers.iter().collect();
        computers.sort_by_key(|computer| computer.fqdn.to_lowercase());
        computers
    }

    /// `PersistentChatServer:pool.fqdn`.
    pub(crate) fn service_id(&self) -> String {
        format!("{CHAT}:{}", self.pool.fqdn)
    }
}
