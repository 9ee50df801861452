//! What a handler works with: the call, the caller, the transaction, the deployment, and the reply in the making.

use super::caller::Caller;
use super::deployment::{ChatPool, Deployment};
use super::identity;
use super::{Service, World};
use crate::api::{Call, Parameters, Problem, Reply};
use crate::catalogue::Noun;
use crate::store::{DEPLOYMENT_MARK, Principal, Record, Transaction};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// A behaviour: reads the call, fills the reply, changes the store.
pub(crate) type Handler = fn(&mut Context<'_>) -> Result<(), Problem>;

pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    pub(crate) tx: &'a mut Transaction,
    pub(crate) call: &'a Call,
    pub(crate) caller: Arc<Caller>,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    pub(crate) deployment: Arc<Deployment>,
    pub(crate) reply: Reply,
    principals: HashMap<i64, Option<Arc<Principal>>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        service: &'a Service,
        tx: &'a mut Transaction,
        call: &'a Call,
        caller: Arc<Caller>,
        now: i64,
    ) -> Result<Self, Problem> {
        let deployment = current_deployment(service, tx)?;
        let reply = Reply::default();
        Ok(Context { service, tx, call, caller, now, deployment, reply, principals: HashMap::new() })
    }

    pub(crate) fn parameters(&self) -> &'a Parameters {
        &self.call.parameters
    }

    pub(crate) fn world(&self) -> &'a dyn World {
        self.service.world.as_ref()
    }

    pub(crate) fn new_guid(&self) -> String {
        self.service.new_guid()
    }

    /// The catalogue's description of the call's noun.
    pub(crate) fn noun(&self) -> Result<Arc<Noun>, Problem> {
        self.noun_named(&self.call.noun)
    }

    /// The catalogue's description of a noun.
    pub(crate) fn noun_named(&self, name: &str) -> Result<Arc<Noun>, Problem> {
        match self.service.catalogue.noun(name) {
            Some(noun) => noun.map_err(|fault| Problem::internal(format!("the manifest of {name}: {fault}"))),
            None => Err(Problem::new("PC-E91", format!("There is no manifest for '{name}'."))),
        }
    }

    pub(crate) fn emit(&mut self, value: Value) {
        self.reply.value.push(value);
    }

    /// A stored object, with the revision that a later change can name.
    pub(crate) fn emit_stored(&mut self, value: Value, revision: i64) {
        self.reply.value.push(value);
        self.reply.revisions.push(revision);
    }

    /// Says which revision a change has made.
    pub(crate) fn changed_to(&mut self, revision: i64) {
        self.reply.revisions = vec![revision];
        self.reply.revision = Some(revision);
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.reply.warnings.push(text.into());
    }

    pub(crate) fn verbose(&mut self, text: impl Into<String>) {
        self.reply.verbose.push(text.into());
    }

    /// Names what is acted on.
    pub(crate) fn target(&mut self, identity: impl Into<String>) {
        self.reply.targets.push(identity.into());
    }

    /// The identity that must have been given.
    pub(crate) fn identity(&self) -> Result<&'a str, Problem> {
        let identity = self.call.identity.as_deref().filter(|text| !text.is_empty());
        identity.ok_or_else(|| Problem::new("PC-E27", "The parameter 'Identity' is required and has no value."))
    }

    /// The object of `-Instance`.
    pub(crate) fn instance(&self) -> Option<&'a serde_json::Map<String, Value>> {
        self.call.parameters.get("instance")?.as_object()
    }

    /// The identity, or that of the instance.
    pub(crate) fn identity_or_instance(&self) -> Result<&'a str, Problem> {
        match self.instance().and_then(|instance| instance.get("identity")).and_then(Value::as_str) {
            Some(identity) => Ok(identity),
            None => self.identity(),
        }
    }

    /// Writes a part of the deployment and looks at it anew.
    pub(crate) fn save_deployment<T: Serialize>(&mut self, kind: &str, name: &str, body: &T) -> Result<(), Problem> {
        self.tx.put(Record::of(kind, name, body)?)?;
        self.deployment_changed()
    }

    /// Takes a part of the deployment away.
    pub(crate) fn remove_deployment(&mut self, kind: &str, name: &str) -> Result<(), Problem> {
        if let Some(record) = self.tx.object(kind, name)? {
            self.tx.delete(&record)?;
        }
        self.deployment_changed()
    }

    /// Marks the deployment as changed and reads it as this transaction sees it.
    pub(crate) fn deployment_changed(&mut self) -> Result<(), Problem> {
        // Never the same mark twice: what a transaction left undone must not pass for what another one did.
        let mark = self.new_guid();
        self.tx.set_meta(DEPLOYMENT_MARK, &mark)?;
        self.deployment = Arc::new(Deployment::load(self.tx)?);
        Ok(())
    }

    /// The gate of everything that needs a published topology.
    pub(crate) fn require_topology(&self) -> Result<(), Problem> {
        match self.deployment.published {
            true => Ok(()),
            false => {
                Err(Problem::new("PC-E06", "No topology has been published; use Publish-CsTopology.").terminating())
            }
        }
    }

    /// The gate of chat writes: this product generation must have Persistent Chat.
    pub(crate) fn require_chat_generation(&self) -> Result<(), Problem> {
        self.require_topology()?;
        if self.deployment.topology.version.starts_with("2019") {
            let message = "Persistent Chat does not exist in the 2019 server; Teams takes its place.";
            return Err(Problem::new("PC-E03", message).terminating());
        }
        Ok(())
    }

    /// A chat pool by name, or the only one; published, and enabled.
    pub(crate) fn chat_pool_name(&self, given: Option<&str>) -> Result<String, Problem> {
        let pools = self.deployment.chat_pools();
        match (given, pools.as_slice()) {
            (Some(name), _) => {
                let known = pools.iter().find(|pool| pool.pool.fqdn.eq_ignore_ascii_case(name));
                let missing = || Problem::new("PC-E01", format!("'{name}' is not a published Persistent Chat pool."));
                known.map(|pool| pool.pool.fqdn.clone()).ok_or_else(missing)
            }
            (None, [only]) => Ok(only.pool.fqdn.clone()),
            (None, []) => Err(Problem::new("PC-E01", "The topology has no Persistent Chat pool.")),
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|pool| pool.pool.fqdn.as_str()).collect();
                let message = format!("There are several Persistent Chat pools ({}); name one.", names.join(", "));
                Err(Problem::new("PC-E02", message))
            }
        }
    }

    /// Fails where the pool cannot serve content.
    pub(crate) fn require_usable(&self, pool: &str) -> Result<(), Problem> {
        match self.deployment.chat_pool(pool) {
            Some(pool) => self.deployment.usable(&pool).map_err(|problem| problem.target(pool.pool.fqdn.as_str())),
            None => Err(Problem::new("PC-E01", format!("'{pool}' is not a published Persistent Chat pool."))),
        }
    }

    /// The names of the chat pools that a listing covers; those that are not usable are reported, not listed.
    pub(crate) fn usable_pools(&mut self, given: Option<&str>) -> Result<Vec<String>, Problem> {
        let names = match given {
            Some(name) => vec![self.chat_pool_name(Some(name))?],
            None => self.deployment.chat_pools().iter().map(|pool| pool.pool.fqdn.clone()).collect(),
        };
        let mut usable = Vec::new();
        for name in names {
            match self.require_usable(&name) {
                Ok(()) => usable.push(name),
                Err(problem) => self.reply.problems.push(problem),
            }
        }
        Ok(usable)
    }

    /// A chat pool of the deployment that is known to exist.
    pub(crate) fn with_chat_pool<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Deployment, ChatPool<'_>) -> T,
    ) -> Result<T, Problem> {
        let pool = self.deployment.chat_pool(name);
        let missing = || Problem::new("PC-E01", format!("'{name}' is not a published Persistent Chat pool."));
        Ok(read(&self.deployment, pool.ok_or_else(missing)?))
    }

    /// A directory entry by id, read once per call.
    pub(crate) fn principal(&mut self, id: i64) -> Result<Option<Arc<Principal>>, Problem> {
        if let Some(known) = self.principals.get(&id) {
            return Ok(known.clone());
        }
        let found = self.tx.principal(id)?.map(Arc::new);
        self.principals.insert(id, found.clone());
        Ok(found)
    }

    /// Checks `-DomainController` and its relatives: any well-formed name of the directory's domain is taken.
    pub(crate) fn check_domain_controller(&mut self) -> Result<(), Problem> {
        for name in ["domainController", "globalCatalog", "globalSettingsDomainController"] {
            let Some(text) = self.parameters().text(name) else { continue };
            identity::fqdn(text)?;
            let domain = text.split_once('.').map_or("", |(_, domain)| domain);
            let dn: Vec<String> = domain.split('.').map(|label| format!("DC={label}")).collect();
            if self.tx.principal_by_dn(&dn.join(","))?.is_none() {
                let message = format!("There is no domain controller '{text}' in the directory.");
                return Err(Problem::new("PC-E22", message).target(text));
            }
        }
        if self.parameters().given("tenant") {
            self.warn("The parameter 'Tenant' has no meaning on premises and is ignored.");
        }
        Ok(())
    }
}

fn current_deployment(service: &Service, tx: &mut Transaction) -> Result<Arc<Deployment>, Problem> {
    let mark = tx.meta(DEPLOYMENT_MARK)?.unwrap_or_default();
    {
        let kept = service.deployment.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, deployment)) = kept.as_ref()
            && *known == mark
        {
            return Ok(deployment.clone());
        }
    }
    let deployment = Arc::new(Deployment::load(tx)?);
    *service.deployment.lock().unwrap_or_else(PoisonError::into_inner) = Some((mark, deployment.clone()));
    Ok(deployment)
}
