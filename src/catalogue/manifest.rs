//! A manifest in memory: nouns, their properties and cmdlets. Made by `read`, never changed afterwards.

use super::ValueType;
use serde_json::Value as Json;

/// One kind of thing that is administered.
#[derive(Clone, Debug)]
pub struct Noun {
    /// `CsPersistentChatRoom`.
    pub name: String,
    /// Path segment of its collection: `persistent-chat-rooms`.
    pub collection: String,
    /// The behaviour that the service gives it.
    pub(crate) pattern: Pattern,
    /// What it is, in one line.
    pub synopsis: String,
    /// Names that stand in front of `PSTypeNames` of its objects; the first is the display type.
    pub(crate) types: Vec<String>,
    /// Scopes an instance can be created at besides `Global` (settings and policies).
    pub(crate) scopes: Vec<Scope>,
    /// Enumerations that its properties and parameters use: name and values in order.
    pub(crate) enumerations: Vec<(String, Vec<String>)>,
    /// Properties in the order in which objects carry them.
    pub properties: Vec<Property>,
    /// How an object is laid out where nobody says how.
    pub(crate) style: ViewStyle,
    /// Properties of the default list view in order.
    pub(crate) list: Vec<Column>,
    /// Columns of the default table view; empty where a table shows the first properties of the list.
    pub(crate) table: Vec<Column>,
    /// Its cmdlets, in the manifest's order.
    pub cmdlets: Vec<Cmdlet>,
    /// The file it stands in, for messages.
    pub(crate) file: String,
}

/// Behaviour families of the service; see cmdlets/README.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pattern {
    /// Scoped settings: Get, New, Set, Remove over Global, sites and services.
    Settings,
    /// Policies: settings with tag scope and Grant.
    Policy,
    /// One Global instance only.
    Global,
    /// Items of a named list.
    Item,
    /// Content of a Persistent Chat pool.
    Content,
    /// Read from the topology.
    Topology,
    /// Users and what the directory holds.
    Directory,
    /// Anything with behaviour of its own, found in the service by its noun.
    Special,
}

impl Pattern {
    /// The words of manifests.
    pub(crate) const NAMES: [(&'static str, Pattern); 8] = [
        ("settings", Pattern::Settings),
        ("policy", Pattern::Policy),
        ("global", Pattern::Global),
        ("item", Pattern::Item),
        ("content", Pattern::Content),
        ("topology", Pattern::Topology),
        ("directory", Pattern::Directory),
        ("special", Pattern::Special),
    ];
}

/// Where an instance of settings or of a policy can live, besides `Global`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `Site:Redmond`.
    Site,
    /// `Service:<role>:pool.fqdn` of this role.
    Service(String),
    /// `Tag:Name`, granted to users.
    Tag,
}

/// How an object is laid out by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewStyle {
    /// As a list.
    List,
    /// As a table.
    Table,
}

/// A column of a table, or a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The property it shows.
    pub(crate) property: String,
    /// Its label, where it is not the property's name.
    pub(crate) label: Option<String>,
    /// Width in cells, where fixed.
    pub(crate) width: Option<u16>,
}

/// A property of the noun's objects.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ValueType,
    /// The value it has when nobody gave one, in JSON's form; null where there is none.
    pub(crate) default: Json,
    /// Smallest number, or shortest time span as text.
    pub(crate) minimum: Option<Json>,
    /// Largest number, or longest time span as text.
    pub(crate) maximum: Option<Json>,
    /// Greatest number of characters (of each item of a list).
    pub(crate) max_length: Option<usize>,
    /// A regular expression that text must match as a whole.
    pub(crate) pattern: Option<String>,
    /// Must have a value that is not blank.
    pub required: bool,
    /// Who sets it.
    pub(crate) access: Access,
    /// Not in the default views.
    pub(crate) hidden: bool,
    /// What it is, in one line.
    pub help: String,
}

/// Who sets a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Set when made and changed by Set.
    Mutable,
    /// Set when made, fixed afterwards.
    Fixed,
    /// The service's own.
    Computed,
}

/// One `Verb-Noun`.
#[derive(Clone, Debug)]
pub struct Cmdlet {
    /// `New`.
    pub verb: String,
    /// The noun, for the full name.
    pub(crate) noun: String,
    /// One line of help.
    pub synopsis: String,
    /// Help in paragraphs.
    pub description: String,
    /// Parameter set taken where several fit.
    pub(crate) default_set: Option<String>,
    /// Names of the parameter sets in order; empty where there is one unnamed set.
    pub sets: Vec<String>,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// `-WhatIf` and `-Confirm` exist.
    pub should_process: bool,
    /// When `-Confirm` is implied.
    pub(crate) impact: Impact,
    /// Roles that may run it, besides CsAdministrator who may run everything.
    pub(crate) roles: Vec<String>,
    /// Type names of the output; empty where nothing comes out.
    pub(crate) outputs: Vec<String>,
    /// Runs in the shell only: no request is sent for it.
    pub local: bool,
    /// Examples.
    pub examples: Vec<Example>,
}

/// `ConfirmImpact`, in its order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Impact {
    /// Never asks.
    Low,
    /// Asks where `$ConfirmPreference` is Medium or lower.
    #[default]
    Medium,
    /// Asks by default.
    High,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The type as the reference prints it.
    pub type_name: String,
    /// The type as values know it.
    pub kind: ValueType,
    /// Other names.
    pub aliases: Vec<String>,
    /// What it is in which set; one entry with an empty name stands for all sets.
    pub(crate) sets: Vec<Membership>,
    /// Binds the pipeline object itself.
    pub by_value: bool,
    /// Binds a property of the pipeline object.
    pub by_property: bool,
    /// Takes `*` and `?`.
    pub(crate) wildcards: bool,
    /// The property it sets, where its name differs.
    pub(crate) property: Option<String>,
    /// The value that a switch gives that property (`-RemoveChatHistory` sets ChatHistory to false).
    pub(crate) value: Option<Json>,
    /// Used by the shell, not sent to the service.
    pub local: bool,
    /// What it is.
    pub help: String,
}

/// A parameter within one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The set; empty for all.
    pub set: String,
    /// Must be given.
    pub required: bool,
    /// Place among positional arguments, from 0.
    pub position: Option<u8>,
}

/// An example of help.
#[derive(Clone, Debug)]
pub struct Example {
    /// What one types.
    pub code: String,
    /// What it does.
    pub(crate) shows: String,
}

impl Noun {
    /// The property of this name, in any case.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.name.eq_ignore_ascii_case(name))
    }

    /// The cmdlet with this verb, in any case.
    pub(crate) fn cmdlet(&self, verb: &str) -> Option<&Cmdlet> {
        self.cmdlets.iter().find(|c| c.verb.eq_ignore_ascii_case(verb))
    }

    /// The values of an enumeration of this noun.
    pub(crate) fn enumeration(&self, name: &str) -> Option<&[String]> {
        self.enumerations.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }
}

impl Cmdlet {
    /// `New-CsPersistentChatRoom`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.verb, self.noun)
    }

    /// The parameter of this name or alias, in any case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter> {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        self.parameters.iter().find(|p| is(&p.name) || p.aliases.iter().any(|alias| is(alias)))
    }

    /// True where somebody with this role may run it.
    pub(crate) fn allows(&self, role: &str) -> bool {
        role.eq_ignore_ascii_case("CsAdministrator") || self.roles.iter().any(|known| known.eq_ignore_ascii_case(role))
    }
}

impl Property {
    /// The name under which the property travels: `maxFileSizeKB`.
    pub fn wire_name(&self) -> String {
        wire_name(&self.name)
    }
}

impl Parameter {
    /// The name under which the parameter travels: `persistentChatPoolFqdn`.
    pub fn wire_name(&self) -> String {
        wire_name(&self.name)
    }

    /// Must it be given to the service, whatever the set?
    pub(crate) fn is_required(&self) -> bool {
        let always = |membership: &Membership| membership.required && membership.set.is_empty();
        !self.local && !self.sets.is_empty() && self.sets.iter().all(always)
    }

    /// The property that it sets.
    pub fn sets_property(&self) -> &str {
        self.property.as_deref().unwrap_or(&self.name)
    }

    /// What it is in this set, if it belongs to it.
    pub fn membership(&self, set: &str) -> Option<&Membership> {
        self.sets.iter().find(|m| m.set.is_empty() || m.set.eq_ignore_ascii_case(set))
    }
}

/// A name as it travels: the leading capitals become small, except the one that begins the next word
/// (`Name` → `name`, `OU` → `ou`, `DBName` → `dbName`).
pub(crate) fn wire_name(name: &str) -> String {
    let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let lowered = match capitals {
        0 | 1 => capitals,
        all if all == name.len() => all,
        some => some - 1,
    };
    name.chars().enumerate().map(|(i, c)| if i < lowered { c.to_ascii_lowercase() } else { c }).collect()
}
