//! Front End pools that stand in for each other: relation, failing over and back, copying of user data.

use super::super::context::Context;
use super::super::registry::Route;
use super::super::topology_model::REGISTRAR;
use super::super::values::iso;
use crate::api::Problem;
use crate::store::Record;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsPoolBackupRelationship", get_relationship),
    ("Invoke-CsPoolFailOver", fail_over),
    ("Invoke-CsPoolFailBack", fail_back),
    ("Backup-CsPool", copy),
    ("Invoke-CsBackupServiceSync", copy),
    ("Get-CsBackupServiceStatus", status),
];

const KIND: &str = "RegistrarPool";

/// State of a Front End pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RegistrarPool {
    failed_over: bool,
    last_sync: Option<i64>,
}

/// A Front End pool with its backup.
struct Pair {
    pool: String,
    backup: Option<String>,
    state: RegistrarPool,
}

impl Pair {
    fn of_call(context: &mut Context<'_>) -> Result<Self, Problem> {
        context.require_topology()?;
        let name = context.parameters().required("poolFqdn")?;
        let deployment = context.deployment.clone();
        let found = deployment.topology.pool(name).filter(|(_, pool)| pool.service(REGISTRAR).is_some());
        let missing = || Problem::new("PC-E21", format!("The topology has no Front End pool '{name}'.")).target(name);
        let (_, pool) = found.ok_or_else(missing)?;
        let state = state_of(context, &pool.fqdn)?;
        Ok(Pair { pool: pool.fqdn.clone(), backup: pool.backup_pool.clone(), state })
    }

    fn backup(&self) -> Result<&str, Problem> {
        let missing = || {
            let message = format!("The topology names no backup pool for '{}' (attribute backupPool).", self.pool);
            Problem::new("PC-E64", message).target(self.pool.as_str())
        };
        self.backup.as_deref().ok_or_else(missing)
    }

    fn save(&self, context: &mut Context<'_>) -> Result<(), Problem> {
        context.target(self.pool.clone());
        context.tx.put(Record::of(KIND, self.pool.as_str(), &self.state)?).map(drop)
    }
}

fn state_of(context: &mut Context<'_>, pool: &str) -> Result<RegistrarPool, Problem> {
    Ok(context.tx.object(KIND, pool)?.map(|record| record.typed()).transpose()?.unwrap_or_default())
}

/// The pool that answers for a pool: its backup while it is failed over.
pub(crate) fn serving(context: &mut Context<'_>, pool: &str) -> Result<String, Problem> {
    let backup = context.deployment.topology.pool(pool).and_then(|(_, pool)| pool.backup_pool.clone());
    Ok(match backup {
        Some(backup) if state_of(context, pool)?.failed_over => backup,
        _ => pool.to_owned(),
    })
}

fn get_relationship(context: &mut Context<'_>) -> Result<(), Problem> {
    let pair = Pair::of_call(context)?;
    let state = if pair.state.failed_over { "FailedOver" } else { "Normal" };
    context.emit(json!({ "poolFqdn": pair.pool, "backupPoolFqdn": pair.backup, "state": state }));
    Ok(())
}

/// Does a Front End service run on any computer of the pool?
fn answers(context: &Context<'_>, pool: &str) -> bool {
    let found = context.deployment.topology.pool(pool);
    found.is_some_and(|(_, pool)| {
        pool.computers.iter().any(|computer| context.deployment.is_running(&computer.fqdn, "RTCSRV"))
    })
}

fn fail_over(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut pair = Pair::of_call(context)?;
    let backup = pair.backup()?.to_owned();
    if !answers(context, &backup) {
        let message = format!("RTCSRV runs on no server of the backup pool '{backup}'.");
        return Err(Problem::new("PC-E77", message).target(backup));
    }
    if !answers(context, &pair.pool) && !context.parameters().switch("disasterMode") {
        let message = format!("The pool '{}' does not answer; say -DisasterMode to go on without it.", pair.pool);
        return Err(Problem::new("PC-E77", message).target(pair.pool));
    }
    if context.parameters().switch("disasterMode") {
        context.warn("What was not copied to the backup pool yet is not there until the pool is back.");
    }
    pair.state.failed_over = true;
    pair.save(context)
}

fn fail_back(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut pair = Pair::of_call(context)?;
    pair.backup()?;
    if pair.state.failed_over && !answers(context, &pair.pool) {
        let message = format!("RTCSRV runs on no server of the pool '{}'; start it first.", pair.pool);
        return Err(Problem::new("PC-E77", message).target(pair.pool));
    }
    pair.state.failed_over = false;
    pair.save(context)
}

fn copy(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut pair = Pair::of_call(context)?;
    pair.backup()?;
    pair.state.last_sync = Some(context.now);
    pair.save(context)
}

fn status(context: &mut Context<'_>) -> Result<(), Problem> {
    let pair = Pair::of_call(context)?;
    pair.backup()?;
    let first = context.deployment.topology.pool(&pair.pool).and_then(|(_, pool)| pool.computers.first());
    let active = first.map(|computer| computer.fqdn.clone());
    let overall = if pair.state.last_sync.is_some() { "SteadyState" } else { "NormalState" };
    context.emit(json!({
        "poolFqdn": pair.pool,
        "overallExportStatus": overall,
        "overallImportStatus": overall,
        "activeMachineFqdn": active,
        "lastSync": pair.state.last_sync.map(iso),
    }));
    Ok(())
}
