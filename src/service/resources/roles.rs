//! Administrative roles: the standard ones, custom ones made of them, and who holds which.

use super::super::caller::{AdminRole, ROLE, STANDARD_ROLES, all_roles, is_standard_role};
use super::super::context::Context;
use super::super::identity::{self, matches};
use super::super::registry::Route;
use crate::api::Problem;
use crate::store::{Principal, Record};
use serde_json::{Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Get-CsAdminRole", get),
    ("New-CsAdminRole", new),
    ("Set-CsAdminRole", set),
    ("Remove-CsAdminRole", remove),
    ("Update-CsAdminRole", update),
    ("Get-CsAdminRoleAssignment", get_assignments),
];

/// The SID of a role's group: made of the group's GUID, so that it never changes.
fn sid_of(group: Option<&Principal>, name: &str) -> String {
    let seed = group.map_or_else(|| name.to_lowercase(), |group| group.guid.clone());
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, seed.as_bytes());
    let (a, b, c, _) = id.as_fields();
    format!("S-1-5-21-{a}-{b}-{c}-{}", 1000 + u32::from(b) % 60_000)
}

fn shown(context: &mut Context<'_>, name: &str, role: &AdminRole) -> Result<Value, Problem> {
    let group = context.tx.principal_by_sam(name)?;
    let catalogue = context.service.catalogue();
    let mut cmdlets: Vec<String> = catalogue
        .cmdlet_names()
        .map(|(verb, noun)| format!("{verb}-{noun}"))
        .filter(|cmdlet| role.allows(catalogue, cmdlet))
        .collect();
    cmdlets.sort_unstable();
    Ok(json!({
        "identity": name,
        "sid": sid_of(group.as_ref(), name),
        "isStandardRole": is_standard_role(name),
        "cmdlets": cmdlets,
        "scriptModules": role.script_modules,
        "configScopes": role.config_scopes,
        "userScopes": role.user_scopes,
        "template": if is_standard_role(name) { Value::Null } else { json!(role.template) },
    }))
}

/// The roles that identity, filter or SID name.
fn selected(context: &mut Context<'_>) -> Result<Vec<(String, AdminRole)>, Problem> {
    let parameters = context.parameters();
    let (identity, filter, sid) = (context.call.identity.as_deref(), parameters.text("filter"), parameters.text("sid"));
    let mut found = Vec::new();
    for (name, role) in all_roles(context.tx)? {
        let fits = match (identity, filter, sid) {
            (Some(identity), ..) => name.eq_ignore_ascii_case(identity),
            (None, Some(pattern), _) => matches(pattern, &name),
            (None, None, Some(sid)) => {
                let group = context.tx.principal_by_sam(&name)?;
                sid_of(group.as_ref(), &name).eq_ignore_ascii_case(sid)
            }
            (None, None, None) => true,
        };
        if fits {
            found.push((name, role));
        }
    }
    match identity.or(sid).filter(|_| found.is_empty()) {
        Some(name) => Err(Problem::new("PC-E21", format!("There is no role '{name}'.")).target(name)),
        None => Ok(found),
    }
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    for (name, role) in selected(context)? {
        let shown = shown(context, &name, &role)?;
        context.emit(shown);
    }
    Ok(())
}

/// Checks scopes and brings them into their canonical form.
fn checked_scopes(context: &mut Context<'_>, role: &mut AdminRole) -> Result<(), Problem> {
    for scope in &mut role.config_scopes {
        if scope.eq_ignore_ascii_case("global") {
            *scope = "Global".to_owned();
            continue;
        }
        let name = scope.get(5..).filter(|_| scope.to_lowercase().starts_with("site:"));
        let malformed =
            || Problem::new("PC-E13", format!("'{scope}' is not a scope such as site:Redmond.")).target(scope.as_str());
        let name = name.ok_or_else(malformed)?;
        let missing = || Problem::new("PC-E14", format!("The topology has no site '{name}'.")).target(scope.as_str());
        let site = context.deployment.topology.site(name).ok_or_else(missing)?;
        *scope = format!("Site:{}", site.id);
    }
    for scope in &mut role.user_scopes {
        if scope.eq_ignore_ascii_case("global") {
            *scope = "Global".to_owned();
            continue;
        }
        let dn = scope.get(3..).filter(|_| scope.to_lowercase().starts_with("ou:")).unwrap_or(scope);
        identity::distinguished_name(dn)?;
        *scope = format!("OU:{dn}");
    }
    Ok(())
}

/// Cmdlets that exist.
fn checked_cmdlets(context: &Context<'_>, names: &[String]) -> Result<(), Problem> {
    match names.iter().find(|name| context.service.catalogue().cmdlet(name).is_none()) {
        Some(unknown) => {
            Err(Problem::new("PC-E25", format!("There is no cmdlet '{unknown}'.")).target(unknown.as_str()))
        }
        None => Ok(()),
    }
}

fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let name = context.identity()?;
    let template = parameters.required("template")?;
    let known = STANDARD_ROLES.iter().find(|role| role.eq_ignore_ascii_case(template));
    let template = known
        .ok_or_else(|| Problem::new("PC-E50", format!("'{template}' is not a standard role and so no template.")))?;
    let global = |name: &str| parameters.list(name).unwrap_or_else(|| vec!["Global".to_owned()]);
    let mut role = AdminRole {
        template: (*template).to_owned(),
        added_cmdlets: parameters.list("cmdlets").unwrap_or_default(),
        removed_cmdlets: Vec::new(),
        script_modules: parameters.list("scriptModules").unwrap_or_default(),
        config_scopes: global("configScopes"),
        user_scopes: global("userScopes"),
    };
    checked_cmdlets(context, &role.added_cmdlets)?;
    checked_scopes(context, &mut role)?;
    if parameters.switch("inMemory") {
        let shown = shown(context, name, &role)?;
        context.emit(shown);
        return Ok(());
    }
    let group = context
        .tx
        .principal_by_sam(name)?
        .filter(|group| group.kind == "group" && group.text("groupType") != "Distribution");
    let group =
        group.ok_or_else(|| Problem::new("PC-E51", format!("There is no security group '{name}'; make it first.")))?;
    let name = group.text("samAccountName").to_owned();
    if is_standard_role(&name) || context.tx.object_exists(ROLE, &name)? {
        return Err(Problem::new("PC-E23", format!("There is a role '{name}' already.")));
    }
    context.target(name.clone());
    context.tx.insert(&mut Record::of(ROLE, name.as_str(), &role)?)?;
    let shown = shown(context, &name, &role)?;
    context.emit(shown);
    Ok(())
}

fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let name = context.identity_or_instance()?;
    let all = all_roles(context.tx)?;
    let found = all.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let (name, mut role) =
        found.ok_or_else(|| Problem::new("PC-E21", format!("There is no role '{name}'.")).target(name))?;
    let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
    let scripts = parameters.list_change("scriptModules")?;
    let others = ["cmdlets", "configScopes", "userScopes"].iter().any(|list| parameters.given(list));
    if is_standard_role(&name) && others {
        return Err(Problem::new("PC-E52", format!("'{name}' is a standard role; only its scripts can be changed.")));
    }
    if let Some(change) = scripts {
        role.script_modules = change.apply(&role.script_modules, same);
    }
    if let Some(change) = parameters.list_change("configScopes")? {
        role.config_scopes = change.apply(&role.config_scopes, same);
    }
    if let Some(change) = parameters.list_change("userScopes")? {
        role.user_scopes = change.apply(&role.user_scopes, same);
    }
    if let Some(change) = parameters.list_change("cmdlets")? {
        checked_cmdlets(context, change.added())?;
        if let crate::api::ListChange::Modify { remove, .. } = &change {
            role.removed_cmdlets.extend(remove.iter().cloned());
        }
        role.removed_cmdlets.retain(|name| !change.added().iter().any(|added| same(added, name)));
        role.added_cmdlets = change.apply(&role.added_cmdlets, same);
    }
    for scopes in [&mut role.config_scopes, &mut role.user_scopes] {
        if scopes.len() > 1 {
            scopes.retain(|scope| !scope.eq_ignore_ascii_case("global"));
        }
        if scopes.is_empty() {
            scopes.push("Global".to_owned());
        }
    }
    checked_scopes(context, &mut role)?;
    context.target(name.clone());
    context.tx.put(Record::of(ROLE, name.as_str(), &role)?).map(drop)
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    for (name, _) in selected(context)? {
        if is_standard_role(&name) {
            return Err(Problem::new("PC-E52", format!("'{name}' is a standard role and stays.")).target(name));
        }
        context.target(name.clone());
        if let Some(record) = context.tx.object(ROLE, &name)? {
            context.tx.delete(&record)?;
        }
    }
    Ok(())
}

/// The shipped definitions are read anew with every call; there is nothing to bring up to date.
fn update(context: &mut Context<'_>) -> Result<(), Problem> {
    context.target("AdminRoles");
    context.verbose("The standard roles are as this program defines them.");
    Ok(())
}

fn get_assignments(context: &mut Context<'_>) -> Result<(), Problem> {
    let name = context.identity()?;
    let user = context.tx.principal_by_sam(name)?;
    let user = user.ok_or_else(|| Problem::new("PC-E20", format!("There is no account '{name}'.")).target(name))?;
    let mut groups = Vec::new();
    for group in context.tx.groups_of(user.id)? {
        groups.extend(context.principal(group)?.map(|group| group.text("samAccountName").to_lowercase()));
    }
    for (role, _) in all_roles(context.tx)? {
        if groups.contains(&role.to_lowercase()) {
            context.emit(json!(role));
        }
    }
    Ok(())
}
