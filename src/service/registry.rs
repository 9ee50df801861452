//! Which behaviour answers which cmdlet: handlers by name, and the generic ones by the noun's pattern.

use super::context::Handler;
use super::sessions::SESSION;
use super::{Service, policies, resources, settings};
use crate::api::{Call, Problem};
use crate::catalogue::Pattern;
use crate::store::Extent;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A cmdlet and its behaviour.
pub(crate) type Route = (&'static str, Handler);

/// The noun of transactions that span several calls.
pub(crate) const TRANSACTION: &str = "CsTransaction";

/// Nouns of the service itself, which no manifest describes.
pub(crate) const OWN_NOUNS: [&str; 7] = [
    TRANSACTION,
    SESSION,
    "CsDirectoryEntry",
    "CsDatabase",
    "CsPersistentChatMessage",
    "CsServiceStatus",
    "CsAdminAudit",
];

static HANDLERS: LazyLock<HashMap<&'static str, Handler>> = LazyLock::new(|| {
    let families = resources::FAMILIES.iter().chain([&policies::ROUTES]);
    families.flat_map(|family| family.iter().copied()).collect()
});

/// The behaviour of a call, or PC-E91.
pub(crate) fn handler(service: &Service, call: &Call) -> Result<Handler, Problem> {
    let cmdlet = call.cmdlet();
    if let Some(handler) = HANDLERS.get(cmdlet.as_str()) {
        return Ok(*handler);
    }
    let unknown = || Problem::new("PC-E91", format!("The service does not know the cmdlet '{cmdlet}'.")).terminating();
    let noun = match service.catalogue.noun_of(&cmdlet) {
        Some(Ok(found)) => found,
        Some(Err(fault)) => return Err(Problem::internal(format!("the manifest of {}: {fault}", call.noun))),
        None => return Err(unknown()),
    };
    let scoped = match noun.pattern {
        Pattern::Settings | Pattern::Policy | Pattern::Global => true,
        Pattern::Item => false,
        Pattern::Content | Pattern::Topology | Pattern::Directory | Pattern::Special => return Err(unknown()),
    };
    settings::handler(&call.verb, scoped).or_else(|| policies::handler(&call.verb, noun.pattern)).ok_or_else(unknown)
}

/// Cmdlets that change one object of their own and read only what cmdlets outside this list change. They may run side by
/// side: what two of them could both change is guarded by its revision or by a unique index, and the later one begins
/// again. Whatever is not listed runs alone.
const NARROW: [&str; 2] = ["New-CsPersistentChatRoom", "Set-CsPersistentChatRoom"];

/// The same for every kind of policy. Removing one is not among them: it looks at whom the policy is granted to.
const NARROW_OF_POLICIES: [&str; 3] = ["New", "Set", "Grant"];

/// How much of the store a write may touch.
pub(crate) fn extent(service: &Service, call: &Call) -> Extent {
    let cmdlet = call.cmdlet();
    let is_policy = || matches!(service.catalogue.noun_of(&cmdlet), Some(Ok(noun)) if noun.pattern == Pattern::Policy);
    let of_policy = NARROW_OF_POLICIES.contains(&call.verb.as_str()) && !HANDLERS.contains_key(cmdlet.as_str());
    match NARROW.contains(&cmdlet.as_str()) || of_policy && is_policy() {
        true => Extent::OneObject,
        false => Extent::Everything,
    }
}

/// Readings whose answer is made of the call, its caller and the store, and of nothing else (no clock, no file): it may
/// be given again while the store has not changed. So are those of settings, policies and list items.
const MADE_OF_THE_STORE: [&str; 16] = [
    "Get-CsPersistentChatRoom",
    "Get-CsPersistentChatCategory",
    "Get-CsPersistentChatAddin",
    "Get-CsPersistentChatEndpoint",
    "Get-CsPersistentChatEligiblePrincipal",
    "Get-CsPersistentChatMessage",
    "Get-CsEffectivePolicy",
    "Get-CsUser",
    "Get-CsAdUser",
    "Get-CsAdPrincipal",
    "Get-CsAdContact",
    "Get-CsAdminRole",
    "Get-CsSite",
    "Get-CsPool",
    "Get-CsComputer",
    "Get-CsSipDomain",
];

/// May the answer to a call be kept?
pub(crate) fn is_made_of_the_store(service: &Service, call: &Call) -> bool {
    let cmdlet = call.cmdlet();
    let generic = || match service.catalogue.noun_of(&cmdlet) {
        Some(Ok(noun)) => !HANDLERS.contains_key(cmdlet.as_str()) && settings_of_a_kind(noun.pattern),
        _ => false,
    };
    call.is_read() && (MADE_OF_THE_STORE.contains(&cmdlet.as_str()) || generic())
}

fn settings_of_a_kind(pattern: Pattern) -> bool {
    matches!(pattern, Pattern::Settings | Pattern::Policy | Pattern::Global | Pattern::Item)
}

/// Verbs known for a noun, for the description of the API.
pub(crate) fn own_verbs(noun: &str) -> Vec<&'static str> {
    let of = |name: &&'static str| name.split_once('-').filter(|(_, known)| *known == noun).map(|(verb, _)| verb);
    let mut verbs: Vec<&'static str> = HANDLERS.keys().filter_map(of).collect();
    if noun == TRANSACTION {
        verbs.extend(["New", "Complete", "Undo"]);
    }
    if noun == SESSION {
        verbs.push("New");
    }
    verbs.sort_unstable();
    verbs
}

/// Is there a behaviour, or a cmdlet, of this verb and noun?
pub(crate) fn knows(service: &Service, verb: &str, noun: &str) -> bool {
    let cmdlet = format!("{verb}-{noun}");
    HANDLERS.contains_key(cmdlet.as_str())
        || service.catalogue.cmdlet(&cmdlet).is_some()
        || (noun == TRANSACTION || noun == SESSION) && verb == "New"
}

/// Calls that every authenticated caller may make.
pub(crate) fn open_to_all(call: &Call) -> bool {
    call.noun == TRANSACTION || (call.noun == "CsServiceStatus" && call.verb == "Get")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::Options;

    #[test]
    fn every_cmdlet_of_the_catalogue_has_a_behaviour() {
        let directory = tempfile::tempdir().unwrap();
        let service = Service::open(Options::in_directory(directory.path())).unwrap();
        let mut missing = Vec::new();
        for noun in service.catalogue().all() {
            for cmdlet in noun.cmdlets.iter().filter(|cmdlet| !cmdlet.local) {
                if handler(&service, &Call::new(&cmdlet.verb, &noun.name)).is_err() {
                    missing.push(cmdlet.name());
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
