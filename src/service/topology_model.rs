//! The topology in memory: sites, pools, computers, services, SQL and file stores, SIP domains.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A topology document's content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Topology {
    /// Product generation: `2013`, `2015`, `2019`.
    pub(crate) version: String,
    pub(crate) sip_domains: Vec<SipDomain>,
    pub(crate) sites: Vec<Site>,
    pub(crate) sql_stores: Vec<SqlStore>,
    pub(crate) file_stores: Vec<FileStore>,
    pub(crate) simple_urls: Vec<SimpleUrl>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SipDomain {
    pub(crate) name: String,
    pub(crate) is_default: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SimpleUrl {
    pub(crate) component: String,
    pub(crate) domain: String,
    pub(crate) url: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Site {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) site_type: String,
    pub(crate) parent: Option<String>,
    pub(crate) federation_route: Option<String>,
    pub(crate) xmpp_federation_route: Option<String>,
    pub(crate) default_persistent_chat_pool: Option<String>,
    pub(crate) pools: Vec<Pool>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Pool {
    pub(crate) fqdn: String,
    pub(crate) edition: String,
    pub(crate) pool_type: String,
    pub(crate) backup_pool: Option<String>,
    pub(crate) computers: Vec<Computer>,
    pub(crate) services: Vec<RoleService>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Computer {
    pub(crate) fqdn: String,
    pub(crate) data_center: Option<String>,
    pub(crate) operating_system: String,
    /// Missing prerequisites, by name (`MessageQueuing` …).
    pub(crate) missing: Vec<String>,
}

/// A role on a pool; `attributes` holds role data under the document's names (`nextHop`, `store` …).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RoleService {
    pub(crate) role: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SqlStore {
    pub(crate) fqdn: String,
    pub(crate) instance: Option<String>,
    pub(crate) kind: String,
    pub(crate) version: String,
    pub(crate) always_on: bool,
    pub(crate) reachable: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileStore {
    pub(crate) fqdn: String,
    pub(crate) share: String,
    pub(crate) exists: bool,
}

impl RoleService {
    /// Role data; empty counts as absent.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A yes-or-no of the role's data.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }
}

impl SqlStore {
    /// `fqdn\instance`, or the bare name for the default instance.
    pub(crate) fn name(&self) -> String {
        instance_name(&self.fqdn, self.instance.as_deref())
    }
}

/// `fqdn\instance`, or the bare name for the default instance.
pub(crate) fn instance_name(fqdn: &str, instance: Option<&str>) -> String {
    match instance.filter(|name| !name.is_empty()) {
        Some(instance) => format!("{fqdn}\\{instance}"),
        None => fqdn.to_owned(),
    }
}

impl FileStore {
    /// `\\fqdn\share`.
    pub(crate) fn unc_path(&self) -> String {
        format!("\\\\{}\\{}", self.fqdn, self.share)
    }
}

/// The roles that make a pool a Front End pool.
pub(crate) const REGISTRAR: &str = "Registrar";
/// The role of a chat pool.
pub(crate) const CHAT: &str = "PersistentChatServer";

impl Pool {
    /// Its service of a role.
    pub(crate) fn service(&self, role: &str) -> Option<&RoleService> {
        self.services.iter().find(|service| service.role.eq_ignore_ascii_case(role))
    }
}

impl Topology {
    /// Every pool, with its site, in the document's order.
    pub(crate) fn pools(&self) -> impl Iterator<Item = (&Site, &Pool)> {
        self.sites.iter().flat_map(|site| site.pools.iter().map(move |pool| (site, pool)))
    }

    /// The pool of this name.
    pub(crate) fn pool(&self, fqdn: &str) -> Option<(&Site, &Pool)> {
        self.pools().find(|(_, pool)| pool.fqdn.eq_ignore_ascii_case(fqdn))
    }

    /// The pools that carry a role, by name.
    pub(crate) fn pools_with(&self, role: &str) -> Vec<(&Site, &Pool)> {
        let mut pools: Vec<_> = self.pools().filter(|(_, pool)| pool.service(role).is_some()).collect();
        pools.sort_by_key(|(_, pool)| pool.fqdn.to_lowercase());
        pools
    }

    /// The computer of this name, with its pool.
    pub(crate) fn computer(&self, fqdn: &str) -> Option<(&Pool, &Computer)> {
        let of = |pool: &'_ Pool| pool.computers.iter().position(|computer| computer.fqdn.eq_ignore_ascii_case(fqdn));
        self.pools().find_map(|(_, pool)| Some((pool, pool.computers.get(of(pool)?)?)))
    }

    /// The site whose id or display name this is.
    pub(crate) fn site(&self, name: &str) -> Option<&Site> {
        let is = |text: &str| text.eq_ignore_ascii_case(name);
        self.sites.iter().find(|site| is(&site.id)).or_else(|| self.sites.iter().find(|site| is(&site.display_name)))
    }

    /// The same, to change it.
    pub(crate) fn site_mut(&mut self, id: &str) -> Option<&mut Site> {
        self.sites.iter_mut().find(|site| site.id.eq_ignore_ascii_case(id))
    }

    /// The SQL store `fqdn\instance`.
    pub(crate) fn sql_store(&self, name: &str) -> Option<&SqlStore> {
        self.sql_stores.iter().find(|store| store.name().eq_ignore_ascii_case(name))
    }

    /// The file store on this server.
    pub(crate) fn file_store(&self, name: &str) -> Option<&FileStore> {
        let name = name.strip_prefix("FileStore:").unwrap_or(name);
        self.file_stores.iter().find(|store| store.fqdn.eq_ignore_ascii_case(name))
    }

    /// The SIP domain that generated addresses belong to.
    pub(crate) fn default_sip_domain(&self) -> &str {
        let chosen = self.sip_domains.iter().find(|domain| domain.is_default).or(self.sip_domains.first());
        chosen.map_or("invalid", |domain| domain.name.as_str())
    }

    /// Is this one of the SIP domains?
    pub(crate) fn has_sip_domain(&self, name: &str) -> bool {
        self.sip_domains.iter().any(|domain| domain.name.eq_ignore_ascii_case(name))
    }

    /// The site's number in service ids.
    pub(crate) fn site_number(&self, id: &str) -> usize {
        self.sites.iter().position(|site| site.id.eq_ignore_ascii_case(id)).map_or(0, |place| place + 1)
    }
}
