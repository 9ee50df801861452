//! Databases of SQL instances: installing, testing, mirrors, failing over; and the SQL-side steps of disaster recovery,
//! which have no cmdlet but an operation of the API.

use super::super::context::Context;
use super::super::deployment::{DATABASE, Database};
use super::super::identity;
use super::super::registry::Route;
use super::super::topology_model::instance_name;
use super::super::topology_rules::{COMPLIANCE_STORES, CONTENT_STORES};
use crate::api::Problem;
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Install-CsDatabase", install),
    ("Test-CsDatabase", test),
    ("Uninstall-CsDatabase", uninstall),
    ("Install-CsMirrorDatabase", install_mirror),
    ("Uninstall-CsMirrorDatabase", uninstall_mirror),
    ("Get-CsDatabaseMirrorState", mirror_state),
    ("Invoke-CsDatabaseFailover", fail_over),
    ("Get-CsDatabase", get),
    ("New-CsDatabase", new),
    ("Update-CsDatabase", operate),
];

/// Database types and the databases they mean.
const TYPES: [(&str, &[&str]); 13] = [
    ("PersistentChat", &["mgc"]),
    ("PersistentChatCompliance", &["mgccomp"]),
    ("CentralMgmt", &["xds", "lis"]),
    ("User", &["rtcxds", "rtcshared", "rtcab"]),
    ("Application", &["cpsdyn", "rgsconfig", "rgsdyn"]),
    ("Archiving", &["LcsLog"]),
    ("Monitoring", &["LcsCDR", "QoEMetrics"]),
    ("Registrar", &["rtcreg"]),
    ("Edge", &["xdsedge"]),
    ("Lyss", &["lyss"]),
    ("Provision", &["provision"]),
    ("ActiveMonitoring", &["activemonitoring"]),
    ("SigninTelemetry", &["signintelemetry"]),
];

const CURRENT_VERSION: i64 = 125;

/// A database that a call means: type, name, instance, and the store attribute it stands for.
struct Wanted {
    database_type: String,
    name: String,
    instance: String,
    attribute: &'static str,
}

fn names_of(database_type: &str) -> Result<(&'static str, &'static [&'static str]), Problem> {
    let found = TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(database_type));
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
        super::super::values::bad("DatabaseType", &format!("'{database_type}' is none of {}", known.join(", ")))
    })
}

/// Which databases the topology wants on which instances.
fn configured(context: &Context<'_>) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for pool in context.deployment.chat_pools() {
        let content = CONTENT_STORES.iter().map(|attribute| (*attribute, "PersistentChat", "mgc"));
        let compliance = COMPLIANCE_STORES.iter().map(|attribute| (*attribute, "PersistentChatCompliance", "mgccomp"));
        for (attribute, database_type, name) in content.chain(compliance) {
            if let Some(instance) = pool.service.attribute(attribute) {
                wanted.push(Wanted {
                    database_type: database_type.to_owned(),
                    name: name.to_owned(),
                    instance: instance.to_owned(),
                    attribute,
                });
            }
        }
    }
    wanted
}

/// The databases that the call's selectors mean.
fn selected(context: &Context<'_>) -> Result<Vec<Wanted>, Problem> {
    let parameters = context.parameters();
    let server = parameters.text("sqlServerFqdn");
    if let Some(server) = server {
        identity::fqdn(server)?;
    }
    let instance = parameters.text("sqlInstanceName");
    if let Some(database_type) = parameters.text("databaseType") {
        let (database_type, names) = names_of(database_type)?;
        let server = server.ok_or_else(|| Problem::new("PC-E27", "DatabaseType needs SqlServerFqdn."))?;
        let instance = instance_name(server, instance);
        let attribute = configured(context)
            .into_iter()
            .find(|wanted| wanted.instance.eq_ignore_ascii_case(&instance) && names.contains(&wanted.name.as_str()))
            .map_or("store", |wanted| wanted.attribute);
        let one = |name: &&str| Wanted {
            database_type: database_type.to_owned(),
            name: (*name).to_owned(),
            instance: instance.clone(),
            attribute,
        };
        return Ok(names.iter().map(one).collect());
    }
    if parameters.switch("centralManagementDatabase") {
        let server = server.ok_or_else(|| Problem::new("PC-E27", "CentralManagementDatabase needs SqlServerFqdn."))?;
        let instance = instance_name(server, instance);
        let one = |name: &str| Wanted {
            database_type: "CentralMgmt".to_owned(),
            name: name.to_owned(),
            instance: instance.clone(),
            attribute: "store",
        };
        return Ok(vec![one("xds"), one("lis")]);
    }
    if parameters.switch("localDatabases") || parameters.switch("localService") {
        return Ok(Vec::new());
    }
    context.require_topology()?;
    let on_server = |wanted: &Wanted| {
        let host = wanted.instance.split('\\').next().unwrap_or_default();
        server.is_none_or(|server| host.eq_ignore_ascii_case(server))
    };
    Ok(configured(context).into_iter().filter(on_server).collect())
}

/// The instance must be reachable, of a supported version, and not AlwaysOn for chat.
fn require_instance(context: &Context<'_>, wanted: &Wanted) -> Result<(), Problem> {
    let Some(store) = context.deployment.topology.sql_store(&wanted.instance) else { return Ok(()) };
    if !store.reachable {
        return Err(Problem::new("PC-E72", format!("The SQL instance '{}' cannot be reached.", wanted.instance)));
    }
    if store.always_on && wanted.database_type.starts_with("PersistentChat") {
        let message = format!("'{}' is an AlwaysOn group, which chat databases do not support.", wanted.instance);
        return Err(Problem::new("PC-E74", message));
    }
    if ["2000", "2005", "2008"].contains(&store.version.as_str()) {
        let message = format!("'{}' has the SQL version {}, which is not supported.", wanted.instance, store.version);
        return Err(Problem::new("PC-E72", message));
    }
    Ok(())
}

fn install(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let (clean, update) = (parameters.switch("clean"), parameters.switch("update"));
    let exclusive = [
        (clean && update, "Clean and Update exclude each other."),
        (
            parameters.switch("forInstance") && parameters.switch("forDefaultInstance"),
            "ForInstance and ForDefaultInstance exclude each other.",
        ),
        (parameters.switch("noReindex") && !update, "NoReindex has a meaning only together with Update."),
    ];
    if let Some((_, message)) = exclusive.iter().find(|(wrong, _)| *wrong) {
        return Err(Problem::new("PC-E27", *message));
    }
    let paths = parameters.list("databasePaths").unwrap_or_default();
    let wanted = selected(context)?;
    let mut lines = Vec::new();
    for want in &wanted {
        require_instance(context, want)?;
        lines.push(install_one(context, want, &paths, clean, update)?);
    }
    if wanted.is_empty() {
        context.warn("There is nothing to install there.");
    }
    report(context, &lines);
    Ok(())
}

fn install_one(
    context: &mut Context<'_>,
    want: &Wanted,
    paths: &[String],
    clean: bool,
    update: bool,
) -> Result<String, Problem> {
    let present = context.deployment.database(&want.instance, &want.name).cloned();
    let place = format!("{}\\{}", want.instance, want.name);
    context.target(place.clone());
    if let Some(database) = present.filter(|_| !clean) {
        if update && database.mirror_role != "None" {
            let message = format!("'{place}' is mirrored; take the mirror away before updating it.");
            return Err(Problem::new("PC-E77", message));
        }
        return Ok(format!("{place} was there already"));
    }
    if clean {
        require_stopped(context, &want.instance, &want.name)?;
    }
    let (mirror_role, log_shipping, state) = match want.attribute {
        "mirrorStore" | "complianceMirrorStore" | "backupMirrorStore" | "complianceBackupMirrorStore" => {
            ("None", "None", "Restoring")
        }
        // What stands by for disasters receives shipped logs until somebody ends that.
        "backupStore" | "complianceBackupStore" => ("None", "Secondary", "Restoring"),
        _ => ("None", "None", "Online"),
    };
    let database = Database {
        name: want.name.clone(),
        database_type: want.database_type.clone(),
        instance: want.instance.clone(),
        version: CURRENT_VERSION,
        state: state.to_owned(),
        mirror_role: mirror_role.to_owned(),
        log_shipping: log_shipping.to_owned(),
        logs_pending: log_shipping == "Secondary",
        log_path: paths.first().cloned(),
        data_path: paths.get(1).or(paths.first()).cloned(),
        last_backup: None,
        legacy_content: None,
    };
    context.save_deployment(DATABASE, &database.key(), &database)?;
    Ok(format!("{place} was installed"))
}

/// The servers that use a database of an instance.
fn users_of(context: &Context<'_>, instance: &str) -> Vec<String> {
    let mut servers = Vec::new();
    for pool in context.deployment.chat_pools() {
        let uses = CONTENT_STORES
            .iter()
            .chain(&COMPLIANCE_STORES)
            .any(|attribute| pool.service.attribute(attribute).is_some_and(|name| name.eq_ignore_ascii_case(instance)));
        if uses {
            servers.extend(pool.pool.computers.iter().map(|computer| computer.fqdn.clone()));
        }
    }
    servers
}

/// Computers bound to an instance on which RTCCHAT runs.
pub(crate) fn running_servers(context: &Context<'_>, instance: &str) -> Vec<String> {
    users_of(context, instance).into_iter().filter(|server| context.deployment.is_running(server, "RTCCHAT")).collect()
}

fn require_stopped(context: &Context<'_>, instance: &str, name: &str) -> Result<(), Problem> {
    let running = running_servers(context, instance);
    if !name.starts_with("mgc") || running.is_empty() {
        return Ok(());
    }
    let message = format!("Chat services still run on {}; stop them first.", running.join(", "));
    Err(Problem::new("PC-E77", message))
}

/// What was done, line by line: the shell makes the `-Report` of it.
pub(crate) fn report(context: &mut Context<'_>, lines: &[String]) {
    lines.iter().for_each(|line| context.verbose(line.as_str()));
}

fn test(context: &mut Context<'_>) -> Result<(), Problem> {
    for want in selected(context)? {
        let found = context.deployment.database(&want.instance, &want.name).cloned();
        let (fqdn, instance) = want.instance.split_once('\\').unwrap_or((&want.instance, ""));
        context.emit(json!({
            "sqlServerFqdn": fqdn,
            "sqlInstanceName": instance,
            "databaseName": want.name,
            "installedVersion": found.as_ref().map(|database| database.version.to_string()),
            "expectedVersion": CURRENT_VERSION.to_string(),
            "succeed": found.is_some_and(|database| database.version == CURRENT_VERSION && require_instance(context, &want).is_ok()),
        }));
    }
    Ok(())
}

fn uninstall(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut lines = Vec::new();
    for want in selected(context)? {
        let place = format!("{}\\{}", want.instance, want.name);
        if context.deployment.database(&want.instance, &want.name).is_none() {
            return Err(Problem::new("PC-E63", format!("There is no database '{place}'.")));
        }
        require_stopped(context, &want.instance, &want.name)?;
        context.target(place.clone());
        context.remove_deployment(DATABASE, &place)?;
        lines.push(format!("{place} was removed"));
    }
    report(context, &lines);
    Ok(())
}

const MIRRORS: [(&str, &str); 4] = [
    ("store", "mirrorStore"),
    ("backupStore", "backupMirrorStore"),
    ("complianceStore", "complianceMirrorStore"),
    ("complianceBackupStore", "complianceBackupMirrorStore"),
];

/// Primary and mirror instances of the topology with the database between them.
struct Pair {
    pool: String,
    name: &'static str,
    database_type: &'static str,
    primary: String,
    mirror: Option<String>,
}

fn pairs(context: &Context<'_>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for pool in context.deployment.chat_pools() {
        for (attribute, mirror) in MIRRORS {
            let Some(primary) = pool.service.attribute(attribute) else { continue };
            let compliance = attribute.starts_with("compliance");
            pairs.push(Pair {
                pool: pool.pool.fqdn.clone(),
                name: if compliance { "mgccomp" } else { "mgc" },
                database_type: if compliance { "PersistentChatCompliance" } else { "PersistentChat" },
                primary: primary.to_owned(),
                mirror: pool.service.attribute(mirror).map(str::to_owned),
            });
        }
    }
    pairs
}

fn selected_pairs(context: &Context<'_>) -> Result<Vec<Pair>, Problem> {
    context.require_topology()?;
    let parameters = context.parameters();
    let wanted_type = parameters.text("databaseType").map(names_of).transpose()?;
    let server = parameters.text("sqlServerFqdn");
    let instance = server.map(|server| instance_name(server, parameters.text("sqlInstanceName")));
    let fits = |pair: &Pair| {
        let by_type = wanted_type.is_none_or(|(name, _)| pair.database_type == name);
        let by_server = instance.as_ref().is_none_or(|instance| {
            let host = pair.primary.split('\\').next().unwrap_or_default();
            pair.primary.eq_ignore_ascii_case(instance)
                || (!instance.contains('\\') && host.eq_ignore_ascii_case(instance))
        });
        by_type && by_server
    };
    Ok(pairs(context).into_iter().filter(fits).collect())
}

fn install_mirror(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let share = parameters.required("fileShare")?;
    if !share.starts_with("\\\\") {
        return Err(super::super::values::bad("FileShare", "it must be a UNC path such as \\\\server\\share"));
    }
    let excluded = parameters.list("excludeDatabaseList").unwrap_or_default();
    let pairs = selected_pairs(context)?;
    let mut lines = Vec::new();
    for pair in pairs.iter().filter(|pair| !excluded.iter().any(|name| name.eq_ignore_ascii_case(pair.name))) {
        let Some(mirror) = &pair.mirror else { continue };
        lines.push(mirror_one(context, pair, mirror)?);
    }
    if lines.is_empty() {
        return Err(Problem::new("PC-E64", "The topology names no mirror for these databases."));
    }
    report(context, &lines);
    Ok(())
}

fn mirror_one(context: &mut Context<'_>, pair: &Pair, mirror: &str) -> Result<String, Problem> {
    let missing = |place: &str| Problem::new("PC-E75", format!("There is no database '{}' on '{place}'.", pair.name));
    let mut primary =
        context.deployment.database(&pair.primary, pair.name).cloned().ok_or_else(|| missing(&pair.primary))?;
    if primary.state != "Online" {
        return Err(Problem::new("PC-E64", format!("'{}' on '{}' is not online.", pair.name, pair.primary)));
    }
    let present = context.deployment.database(mirror, pair.name).cloned();
    let mut second = present.unwrap_or_else(|| Database { instance: mirror.to_owned(), ..primary.clone() });
    primary.mirror_role = "Principal".to_owned();
    second.mirror_role = "Mirror".to_owned();
    second.state = "Restoring".to_owned();
    second.log_shipping = "None".to_owned();
    second.logs_pending = false;
    context.target(format!("{mirror}\\{}", pair.name));
    context.save_deployment(DATABASE, &primary.key(), &primary)?;
    context.save_deployment(DATABASE, &second.key(), &second)?;
    Ok(format!("{} on {} is mirrored to {mirror}", pair.name, pair.primary))
}

fn uninstall_mirror(context: &mut Context<'_>) -> Result<(), Problem> {
    let drop_mirror = context.parameters().switch("dropExistingDatabasesOnMirror");
    let pairs = selected_pairs(context)?;
    let mut lines = Vec::new();
    for pair in &pairs {
        let Some(mirror) = &pair.mirror else { continue };
        let Some(mut primary) = context.deployment.database(&pair.primary, pair.name).cloned() else { continue };
        if primary.mirror_role == "None" {
            continue;
        }
        primary.mirror_role = "None".to_owned();
        primary.state = "Online".to_owned();
        context.save_deployment(DATABASE, &primary.key(), &primary)?;
        if let Some(mut second) = context.deployment.database(mirror, pair.name).cloned() {
            second.mirror_role = "None".to_owned();
            match drop_mirror {
                true => context.remove_deployment(DATABASE, &second.key())?,
                false => context.save_deployment(DATABASE, &second.key(), &second)?,
            }
        }
        context.target(format!("{mirror}\\{}", pair.name));
        lines.push(format!("{} on {} is no longer mirrored", pair.name, pair.primary));
    }
    if lines.is_empty() {
        return Err(Problem::new("PC-E64", "None of these databases is mirrored."));
    }
    report(context, &lines);
    Ok(())
}

fn mirror_state(context: &mut Context<'_>) -> Result<(), Problem> {
    let pool = context.parameters().required("poolFqdn")?;
    let deployment = context.deployment.clone();
    if deployment.topology.pool(pool).is_none() {
        return Err(Problem::new("PC-E21", format!("The topology has no pool '{pool}'.")).target(pool));
    }
    let failed_over = deployment.chat_state(pool).pool_state == "FailedOver";
    for pair in selected_pairs(context)?.into_iter().filter(|pair| pair.pool.eq_ignore_ascii_case(pool)) {
        let is_backup = deployment
            .chat_pool(pool)
            .is_some_and(|pool| pool.service.attribute("backupStore") == Some(pair.primary.as_str()));
        if is_backup != failed_over && pair.name == "mgc" {
            continue;
        }
        let role = |instance: &str| {
            deployment.database(instance, pair.name).map_or("None", |found| found.mirror_role.as_str())
        };
        let (first, second) = (role(&pair.primary), pair.mirror.as_deref().map_or("None", role));
        let mirrored = first != "None" && second != "None";
        let none = "DatabaseInaccessibleOrMirroringNotEnabled";
        context.emit(json!({
            "databaseName": pair.name,
            "stateOnPrimary": if mirrored { first } else { none },
            "stateOnMirror": if mirrored { second } else { none },
            "mirroringStatusOnPrimary": if mirrored { "synchronized" } else { "" },
            "mirroringStatusOnSecondary": if mirrored { "synchronized" } else { "" },
        }));
    }
    Ok(())
}

fn fail_over(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let pool = context.chat_pool_name(Some(parameters.required("poolFqdn")?))?;
    let wanted = parameters.required("newPrincipal")?.to_lowercase();
    if wanted != "mirror" && wanted != "primary" {
        return Err(super::super::values::bad("NewPrincipal", &format!("'{wanted}' is neither Mirror nor Primary")));
    }
    let mut done = false;
    for pair in selected_pairs(context)?.into_iter().filter(|pair| pair.pool == pool) {
        let Some(mirror) = &pair.mirror else { continue };
        let first = context.deployment.database(&pair.primary, pair.name).cloned();
        let second = context.deployment.database(mirror, pair.name).cloned();
        let (Some(mut first), Some(mut second)) = (first, second) else { continue };
        if first.mirror_role == "None" || second.mirror_role == "None" {
            continue;
        }
        let (principal, other) = if wanted == "mirror" { (&mut second, &mut first) } else { (&mut first, &mut second) };
        (principal.mirror_role, principal.state) = ("Principal".to_owned(), "Online".to_owned());
        (other.mirror_role, other.state) = ("Mirror".to_owned(), "Restoring".to_owned());
        context.target(format!("{}\\{}", pair.primary, pair.name));
        context.save_deployment(DATABASE, &first.key(), &first)?;
        context.save_deployment(DATABASE, &second.key(), &second)?;
        done = true;
    }
    if done {
        Ok(())
    } else {
        Err(Problem::new("PC-E64", format!("The pool '{pool}' has no mirrored database of this type.")))
    }
}

fn shown(database: &Database) -> Value {
    let mut value = json!(database);
    if let Some(object) = value.as_object_mut() {
        object.shift_remove("legacyContent");
        object.shift_insert(0, "identity".to_owned(), json!(database.key()));
    }
    value
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let deployment = context.deployment.clone();
    let wanted = context.call.identity.as_deref();
    let mut found = false;
    for database in deployment.databases.values() {
        if wanted.is_none_or(|name| name.eq_ignore_ascii_case(&database.key())) {
            found = true;
            context.emit(shown(database));
        }
    }
    match wanted.filter(|_| !found) {
        Some(name) => Err(Problem::new("PC-E63", format!("There is no database '{name}'."))),
        None => Ok(()),
    }
}

/// Makes a database known that stands outside the topology, such as a legacy chat database with its content.
fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let server = identity::fqdn(parameters.required("sqlServerFqdn")?)?;
    let database = Database {
        name: parameters.required("databaseName")?.to_owned(),
        database_type: parameters.text("databaseType").unwrap_or("GroupChat").to_owned(),
        instance: instance_name(server, parameters.text("sqlInstanceName")),
        version: CURRENT_VERSION,
        state: "Online".to_owned(),
        mirror_role: "None".to_owned(),
        log_shipping: "None".to_owned(),
        logs_pending: false,
        data_path: None,
        log_path: None,
        last_backup: None,
        legacy_content: parameters.text("byteInput").map(str::to_owned),
    };
    context.target(database.key());
    context.save_deployment(DATABASE, &database.key(), &database)?;
    context.emit(shown(&database));
    Ok(())
}

/// The SQL-side steps: what the database team does during failover and failback.
fn operate(context: &mut Context<'_>) -> Result<(), Problem> {
    let name = context.identity()?;
    let missing = || Problem::new("PC-E63", format!("There is no database '{name}'."));
    let mut database = context.deployment.databases.get(&name.to_lowercase()).cloned().ok_or_else(missing)?;
    let operation = context.parameters().required("operation")?;
    match operation.to_lowercase().as_str() {
        "removelogshipping" => database.log_shipping = "None".to_owned(),
        "configurelogshipping" => {
            database.log_shipping = "Secondary".to_owned();
            database.logs_pending = true;
            database.state = "Restoring".to_owned();
        }
        "applylogs" => database.logs_pending = false,
        "recover" => {
            if database.log_shipping == "Secondary" || database.logs_pending {
                let message = "Log shipping must be dropped and the logs applied before mgc is recovered.";
                return Err(Problem::new("PC-E64", message));
            }
            database.state = "Online".to_owned();
        }
        "backup" => database.last_backup = Some(context.now),
        "restore" => {
            database.state = "Online".to_owned();
            database.mirror_role = "None".to_owned();
        }
        "setoffline" => database.state = "Offline".to_owned(),
        "setonline" => database.state = "Online".to_owned(),
        _ => return Err(super::super::values::bad("Operation", &format!("'{operation}' is not known"))),
    }
    context.target(database.key());
    context.save_deployment(DATABASE, &database.key(), &database)?;
    context.emit(shown(&database));
    Ok(())
}
