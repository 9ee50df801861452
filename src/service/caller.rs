//! Who calls, and what that allows: group membership gives roles, roles give cmdlets and scopes.

use super::context::Context;
use super::identity::ScopedIdentity;
use crate::api::Problem;
use crate::catalogue::Catalogue;
use crate::store::{Principal, Record, Transaction, path_of};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// How a request names its caller.
#[derive(Clone, Debug, Default)]
pub struct CallerId {
    /// SAM account name; none is the local operator, who may do everything.
    pub actor: Option<String>,
    /// The token that was shown may only read.
    pub read_only: bool,
    /// No socket is between: directory groups count like roles.
    pub local: bool,
}

/// A caller with everything that checks need.
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) principal: Option<Principal>,
    pub read_only: bool,
    unrestricted: bool,
    roles: Vec<GrantedRole>,
    /// SAM names of all groups, in lower case.
    groups: HashSet<String>,
}

/// A role as stored (custom ones) or as shipped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AdminRole {
    pub(crate) template: String,
    /// Cmdlets added to or taken from those of the template.
    pub(crate) added_cmdlets: Vec<String>,
    pub(crate) removed_cmdlets: Vec<String>,
    pub(crate) script_modules: Vec<String>,
    /// `Global` or `Site:x`.
    pub(crate) config_scopes: Vec<String>,
    /// `Global` or `OU:<dn>`.
    pub(crate) user_scopes: Vec<String>,
}

struct GrantedRole {
    name: String,
    role: AdminRole,
}

/// The kind under which custom roles are stored, and additions to standard ones.
pub(crate) const ROLE: &str = "AdminRole";

/// The standard roles, each named as its group.
pub(crate) const STANDARD_ROLES: [&str; 11] = [
    "CsAdministrator",
    "CsArchivingAdministrator",
    "CsHelpDesk",
    "CsLocationAdministrator",
    "CsPersistentChatAdministrator",
    "CsResponseGroupAdministrator",
    "CsResponseGroupManager",
    "CsServerAdministrator",
    "CsUserAdministrator",
    "CsViewOnlyAdministrator",
    "CsVoiceAdministrator",
];

/// What groups of the directory count as in a local session.
const LOCAL_GROUPS: [(&str, &str); 3] = [
    ("rtcuniversalserveradmins", "CsAdministrator"),
    ("rtcuniversaluseradmins", "CsUserAdministrator"),
    ("rtcuniversalreadonlyadmins", "CsViewOnlyAdministrator"),
];

impl AdminRole {
    /// A standard role.
    pub(crate) fn standard(name: &str) -> Self {
        let global = || vec!["Global".to_owned()];
        AdminRole { template: name.to_owned(), config_scopes: global(), user_scopes: global(), ..AdminRole::default() }
    }

    /// Does the role hold this cmdlet?
    pub(crate) fn allows(&self, catalogue: &Catalogue, cmdlet: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|name| name.eq_ignore_ascii_case(cmdlet));
        !named(&self.removed_cmdlets)
            && (named(&self.added_cmdlets) || template_allows(catalogue, &self.template, cmdlet))
    }

    fn is_global(scopes: &[String]) -> bool {
        scopes.is_empty() || scopes.iter().any(|scope| scope.eq_ignore_ascii_case("global"))
    }
}

/// Does a standard role hold a cmdlet? The manifests say.
pub(crate) fn template_allows(catalogue: &Catalogue, role: &str, cmdlet: &str) -> bool {
    let noun = catalogue.noun_of(cmdlet).and_then(Result::ok);
    let verb = cmdlet.split_once('-').map_or(cmdlet, |(verb, _)| verb);
    match noun.as_ref().and_then(|noun| noun.cmdlet(verb)) {
        Some(found) => found.allows(role),
        None => role.eq_ignore_ascii_case("CsAdministrator"),
    }
}

impl Caller {
    /// Reads the caller's groups and roles.
    pub(crate) fn load(tx: &mut Transaction, id: &CallerId) -> Result<Self, Problem> {
        let Some(actor) = &id.actor else {
            return Ok(Caller {
                name: "local operator".to_owned(),
                principal: None,
                read_only: id.read_only,
                unrestricted: true,
                roles: Vec::new(),
                groups: HashSet::new(),
            });
        };
        let sam = actor.rsplit('\\').next().unwrap_or(actor);
        let principal = tx.principal_by_sam(sam)?.filter(|found| found.kind == "user").ok_or_else(|| {
            let message = format!("The acting user '{actor}' is not in the directory.");
            Problem::new("PC-E09", message).terminating()
        })?;
        let groups: HashSet<String> = tx.group_names_of(principal.id)?.into_iter().collect();
        let roles = granted_roles(tx, &groups, id.local)?;
        let name = principal.text("samAccountName").to_owned();
        Ok(Caller { name, principal: Some(principal), read_only: id.read_only, unrestricted: false, roles, groups })
    }

    /// Is the caller in this group of the directory (or the local operator, who counts as in all)?
    pub(crate) fn in_group(&self, sam: &str) -> bool {
        self.unrestricted || self.groups.contains(&sam.to_lowercase())
    }

    /// Does the caller hold this standard role, itself or as a template?
    pub(crate) fn holds(&self, role: &str) -> bool {
        self.unrestricted || self.roles.iter().any(|granted| granted.role.template.eq_ignore_ascii_case(role))
    }

    /// Names of the roles held.
    pub(crate) fn role_names(&self) -> Vec<String> {
        match self.unrestricted {
            true => vec!["CsAdministrator".to_owned()],
            false => self.roles.iter().map(|granted| granted.name.clone()).collect(),
        }
    }

    /// May the caller run this cmdlet at all?
    pub(crate) fn may_run(&self, catalogue: &Catalogue, cmdlet: &str) -> bool {
        self.unrestricted || self.roles.iter().any(|granted| granted.role.allows(catalogue, cmdlet))
    }

    fn permitting<'b>(&'b self, catalogue: &'b Catalogue, cmdlet: &'b str) -> impl Iterator<Item = &'b AdminRole> {
        self.roles.iter().map(|granted| &granted.role).filter(move |role| role.allows(catalogue, cmdlet))
    }
}

fn granted_roles(tx: &mut Transaction, groups: &HashSet<String>, local: bool) -> Result<Vec<GrantedRole>, Problem> {
    let standard = STANDARD_ROLES.iter().filter(|role| groups.contains(&role.to_lowercase())).copied();
    let by_group = LOCAL_GROUPS.iter().filter(|(group, _)| local && groups.contains(*group)).map(|(_, role)| *role);
    let granted = |name: &str| GrantedRole { name: name.to_owned(), role: AdminRole::standard(name) };
    let mut roles: Vec<GrantedRole> = standard.chain(by_group).map(granted).collect();
    for record in tx.all_objects(ROLE)? {
        if groups.contains(&record.key) && !is_standard_role(&record.name) {
            roles.push(GrantedRole { name: record.name.clone(), role: record.typed()? });
        }
    }
    Ok(roles)
}

/// Is this one of the shipped roles?
pub(crate) fn is_standard_role(name: &str) -> bool {
    STANDARD_ROLES.iter().any(|role| role.eq_ignore_ascii_case(name))
}

/// The stored custom roles and the shipped ones, by name.
pub(crate) fn all_roles(tx: &mut Transaction) -> Result<Vec<(String, AdminRole)>, Problem> {
    let stored: Vec<Record> = tx.all_objects(ROLE)?;
    let mut roles: Vec<(String, AdminRole)> = Vec::new();
    for name in STANDARD_ROLES {
        let kept = stored.iter().find(|record| record.name.eq_ignore_ascii_case(name));
        roles.push((name.to_owned(), kept.map_or_else(|| Ok(AdminRole::standard(name)), Record::typed)?));
    }
    for record in stored.iter().filter(|record| !is_standard_role(&record.name)) {
        roles.push((record.name.clone(), record.typed()?));
    }
    roles.sort_by_key(|(name, _)| name.to_lowercase());
    Ok(roles)
}

impl Context<'_> {
    /// May the caller's roles touch what belongs to this site? PC-E08 where not.
    pub(crate) fn require_site_scope(&self, site: Option<&str>) -> Result<(), Problem> {
        if self.covers_site(site) {
            return Ok(());
        }
        let what = site.map_or_else(|| "Global settings and tags".to_owned(), |site| format!("The site '{site}'"));
        let message = format!("{what} lie outside the scope of the roles that '{}' holds.", self.caller.name);
        Err(Problem::new("PC-E08", message))
    }

    /// The same as a question, for listings.
    pub(crate) fn covers_site(&self, site: Option<&str>) -> bool {
        self.caller.unrestricted
            || self.caller.permitting(&self.service.catalogue, &self.call.cmdlet()).any(|role| {
                AdminRole::is_global(&role.config_scopes)
                    || site.is_some_and(|site| {
                        let scope = format!("site:{site}");
                        role.config_scopes.iter().any(|known| known.eq_ignore_ascii_case(&scope))
                    })
            })
    }

    /// May the caller's roles touch this scoped object?
    pub(crate) fn require_config_scope(&self, identity: &ScopedIdentity) -> Result<(), Problem> {
        self.require_site_scope(self.site_of(identity).as_deref())
    }

    /// The site that a scoped identity belongs to, if any.
    pub(crate) fn site_of(&self, identity: &ScopedIdentity) -> Option<String> {
        match identity {
            ScopedIdentity::Site(site) => Some(site.clone()),
            ScopedIdentity::Service(_, pool) => self.deployment.topology.pool(pool).map(|(site, _)| site.id.clone()),
            ScopedIdentity::Global | ScopedIdentity::Tag(_) => None,
        }
    }

    /// May the caller's roles touch this pool?
    pub(crate) fn require_pool_scope(&self, pool: &str) -> Result<(), Problem> {
        let site = self.deployment.topology.pool(pool).map(|(site, _)| site.id.as_str());
        self.require_site_scope(site)
    }

    /// Do the caller's roles cover this directory entry?
    pub(crate) fn covers_user(&self, path: &str) -> bool {
        self.caller.unrestricted
            || self.caller.permitting(&self.service.catalogue, &self.call.cmdlet()).any(|role| {
                let below = |scope: &String| {
                    let dn =
                        scope.get(3..).filter(|_| scope.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("ou:")));
                    dn.is_some_and(|dn| path.starts_with(&path_of(dn)))
                };
                AdminRole::is_global(&role.user_scopes) || role.user_scopes.iter().any(below)
            })
    }

    /// PC-E08 where the caller's roles do not cover this directory entry.
    pub(crate) fn require_user_scope(&self, principal: &Principal) -> Result<(), Problem> {
        if self.covers_user(&principal.path()) {
            return Ok(());
        }
        let message =
            format!("'{}' lies outside the scope of the roles that '{}' holds.", principal.dn, self.caller.name);
        Err(Problem::new("PC-E08", message))
    }

    /// Deployment rights (publishing, enabling): these groups of the directory, whatever the roles.
    pub(crate) fn require_groups(&self, groups: &[&str]) -> Result<(), Problem> {
        let missing: Vec<&str> = groups.iter().copied().filter(|group| !self.caller.in_group(group)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("'{}' must be a member of {} for this.", self.caller.name, missing.join(" and "));
        Err(Problem::new("PC-E07", message).terminating())
    }
}
