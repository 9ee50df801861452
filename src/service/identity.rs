//! Names of things as callers write them: domain names, SIP addresses, scoped identities, wildcards.

use super::deployment::Deployment;
use crate::api::Problem;

/// Is this a DNS name of two labels or more?
pub(crate) fn is_fqdn(text: &str) -> bool {
    let good = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 255 && text.contains('.') && text.split('.').all(good)
}

/// A domain name, or PC-E10.
pub(crate) fn fqdn(text: &str) -> Result<&str, Problem> {
    if is_fqdn(text) {
        return Ok(text);
    }
    let message = format!("'{text}' is not a fully qualified domain name such as server.contoso.com.");
    Err(Problem::new("PC-E10", message).target(text))
}

/// A SIP address in its stored form (domain in lower case), or PC-E11. Without its prefix it is taken too.
pub(crate) fn sip_address(text: &str) -> Result<String, Problem> {
    let bare = text.get(..4).filter(|prefix| prefix.eq_ignore_ascii_case("sip:")).map_or(text, |_| &text[4..]);
    let parts = bare.split_once('@').filter(|(user, domain)| {
        let plain = |letter: char| !letter.is_whitespace() && !"@<>\"\\,;:".contains(letter);
        !user.is_empty() && user.chars().all(plain) && is_fqdn(domain)
    });
    match parts {
        Some((user, domain)) => Ok(format!("sip:{user}@{}", domain.to_ascii_lowercase())),
        None => {
            let message = format!("'{text}' is not a SIP address such as sip:kmyer@contoso.com.");
            Err(Problem::new("PC-E11", message).target(text))
        }
    }
}

/// Does the text begin as a SIP address does?
pub(crate) fn looks_like_sip(text: &str) -> bool {
    text.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("sip:"))
}

/// Does the text look like a distinguished name?
pub(crate) fn looks_like_dn(text: &str) -> bool {
    ["cn=", "ou=", "dc="].iter().any(|start| text.get(..3).is_some_and(|prefix| prefix.eq_ignore_ascii_case(start)))
}

/// A distinguished name, or PC-E11: every part must be `CN=`, `OU=` or `DC=`.
pub(crate) fn distinguished_name(text: &str) -> Result<&str, Problem> {
    let path = crate::store::path_of(text);
    let good = |part: &str| {
        let value = ["cn=", "ou=", "dc="].iter().find_map(|start| part.strip_prefix(start));
        // `OU=IT.DC=contoso` is a dot where a comma belongs.
        value
            .is_some_and(|value| !value.is_empty() && ![".dc=", ".ou=", ".cn="].iter().any(|slip| value.contains(slip)))
    };
    if path.trim_end_matches(',').split(',').all(|part| good(part.trim()) || path.contains('\\')) {
        return Ok(text);
    }
    let message = format!("'{text}' is not a distinguished name such as OU=IT,DC=contoso,DC=com.");
    Err(Problem::new("PC-E11", message).target(text))
}

/// Where an instance of settings or of a policy lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ScopedIdentity {
    Global,
    /// Site id as the topology has it.
    Site(String),
    /// Role and pool.
    Service(String, String),
    Tag(String),
}

impl ScopedIdentity {
    /// The canonical form.
    pub(crate) fn name(&self) -> String {
        match self {
            ScopedIdentity::Global => "Global".to_owned(),
            ScopedIdentity::Site(site) => format!("Site:{site}"),
            ScopedIdentity::Service(role, pool) => format!("Service:{role}:{pool}"),
            ScopedIdentity::Tag(tag) => format!("Tag:{tag}"),
        }
    }

    /// Its place in listings: Global, sites, services, tags.
    pub(crate) fn order(name: &str) -> (u8, String) {
        let lower = name.to_lowercase();
        let rank = match lower.split(':').next() {
            Some("global") => 0,
            Some("site") => 1,
            Some("service") => 2,
            _ => 3,
        };
        (rank, lower)
    }
}

/// What a kind allows besides Global.
#[derive(Clone, Debug, Default)]
pub(crate) struct AllowedScopes {
    pub(crate) site: bool,
    pub(crate) service_roles: Vec<String>,
    pub(crate) tag: bool,
}

/// Reads a scoped identity, step by step: form (E13, E16), scope allowed for the kind (E15), existence (E14).
/// `creating`: Global is refused (E24) before its scope is looked at.
pub(crate) fn scoped(
    text: &str,
    allowed: &AllowedScopes,
    deployment: &Deployment,
    creating: bool,
) -> Result<ScopedIdentity, Problem> {
    if text.contains(['*', '?']) {
        let message = format!("The identity '{text}' holds a wildcard; use -Filter for patterns.");
        return Err(Problem::new("PC-E16", message).target(text));
    }
    let malformed = || {
        let message =
            format!("'{text}' is not an identity; use Global, Site:<name>, Service:<role>:<pool> or Tag:<name>.");
        Problem::new("PC-E13", message).target(text)
    };
    let identity = parse_scoped(text.trim()).ok_or_else(malformed)?;
    if creating && identity == ScopedIdentity::Global {
        let message = "The Global instance always exists; change it with the Set cmdlet.";
        return Err(Problem::new("PC-E24", message).target(text));
    }
    check_scope(&identity, allowed).map_err(|problem| problem.target(text))?;
    existing(identity, allowed, deployment).map_err(|problem| problem.target(text))
}

fn parse_scoped(text: &str) -> Option<ScopedIdentity> {
    let parts: Vec<&str> = text.split(':').collect();
    let word = |wanted: &str| parts.first().is_some_and(|first| first.eq_ignore_ascii_case(wanted));
    let named = |name: &str| (!name.is_empty() && name.len() <= 256).then(|| name.to_owned());
    match parts.as_slice() {
        [_] if word("global") => Some(ScopedIdentity::Global),
        [name] if !name.contains(['\\', '/', '"', '<', '>', '|']) => named(name).map(ScopedIdentity::Tag),
        [_, name] if word("site") => named(name).map(ScopedIdentity::Site),
        [_, name] if word("tag") && !name.contains(['\\', '/', '"', '<', '>', '|']) => {
            named(name).map(ScopedIdentity::Tag)
        }
        // `service:pool.fqdn` leaves the role to the kind.
        [_, pool] if word("service") => named(pool).map(|pool| ScopedIdentity::Service(String::new(), pool)),
        [_, role, pool] if word("service") => Some(ScopedIdentity::Service(named(role)?, named(pool)?)),
        [role, pool] if is_fqdn(pool) => Some(ScopedIdentity::Service(named(role)?, named(pool)?)),
        _ => None,
    }
}

fn check_scope(identity: &ScopedIdentity, allowed: &AllowedScopes) -> Result<(), Problem> {
    let fits = match identity {
        ScopedIdentity::Global => true,
        ScopedIdentity::Site(_) => allowed.site,
        ScopedIdentity::Service(role, _) => {
            !allowed.service_roles.is_empty()
                && (role.is_empty() || allowed.service_roles.iter().any(|known| known.eq_ignore_ascii_case(role)))
        }
        ScopedIdentity::Tag(_) => allowed.tag,
    };
    if fits {
        return Ok(());
    }
    let message = format!("'{}' is a scope at which this kind has no instances.", identity.name());
    Err(Problem::new("PC-E15", message))
}

fn existing(
    identity: ScopedIdentity,
    allowed: &AllowedScopes,
    deployment: &Deployment,
) -> Result<ScopedIdentity, Problem> {
    match identity {
        ScopedIdentity::Site(name) => {
            let site = deployment.topology.site(&name);
            let site = site.ok_or_else(|| Problem::new("PC-E14", format!("The topology has no site '{name}'.")))?;
            Ok(ScopedIdentity::Site(site.id.clone()))
        }
        ScopedIdentity::Service(role, pool) => {
            let role = allowed.service_roles.iter().find(|known| role.is_empty() || known.eq_ignore_ascii_case(&role));
            let role = role.cloned().unwrap_or_default();
            let found = deployment.topology.pool(&pool).filter(|(_, pool)| pool.service(&role).is_some());
            let missing = || Problem::new("PC-E14", format!("The topology has no service '{role}:{pool}'."));
            let (_, pool) = found.ok_or_else(missing)?;
            Ok(ScopedIdentity::Service(role, pool.fqdn.clone()))
        }
        ScopedIdentity::Global | ScopedIdentity::Tag(_) => Ok(identity),
    }
}

/// Does the text match a pattern of `*` and `?`, in any case?
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some('?') => (p, t) = (p + 1, t + 1),
            Some(letter) if text.get(t) == Some(letter) => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domain_names_and_addresses() {
        for (text, good) in [("a.b", true), ("a", false), ("-a.b", false), ("a..b", false), ("a b.c", false)] {
            assert_eq!(is_fqdn(text), good, "{text}");
        }
        assert_eq!(sip_address("SIP:KMyer@Contoso.com").unwrap(), "sip:KMyer@contoso.com");
        assert!(sip_address("sip:kmyer").is_err());
        assert!(distinguished_name("OU=IT.DC=contoso,DC=com").is_err());
        assert!(distinguished_name("OU=IT,DC=contoso,DC=com").is_ok());
    }

    #[test]
    fn wildcards_match() {
        for (pattern, text, expected) in [
            ("site:*", "Site:Redmond", true),
            ("*smith*", "sip:smith@x", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
