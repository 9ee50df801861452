//! Text of a manifest to a [`Noun`]: the shape is checked by serde (unknown and missing keys), the sense by the
//! checks below. Every fault names the file, the line and the key.

use super::manifest::{Access, Cmdlet, Column, Example, Impact, Membership, Noun, Parameter, Property, Scope};
use super::{Pattern, ValueType, ViewStyle};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// A fault of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, naming the key.
    pub message: String,
}

impl ManifestError {
    /// A fault of the file as a whole.
    pub(crate) fn at_start(file: &str, message: &str) -> Self {
        ManifestError { file: file.to_owned(), line: 1, message: message.to_owned() }
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for ManifestError {}

type Checked<T> = Result<T, (std::ops::Range<usize>, String)>;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawNoun {
    noun: Spanned<String>,
    collection: Spanned<String>,
    pattern: Spanned<String>,
    synopsis: String,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    scopes: Vec<Spanned<String>>,
    #[serde(default)]
    enumerations: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    view: RawView,
    #[serde(default)]
    properties: Vec<RawProperty>,
    cmdlets: Vec<RawCmdlet>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawView {
    style: Option<Spanned<String>>,
    list: Option<Vec<Spanned<RawColumn>>>,
    table: Option<Vec<Spanned<RawColumn>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawColumn {
    Name(String),
    Full { property: String, label: Option<String>, width: Option<u16> },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawProperty {
    name: Spanned<String>,
    #[serde(rename = "type")]
    kind: Spanned<String>,
    default: Option<Spanned<toml::Value>>,
    minimum: Option<toml::Value>,
    maximum: Option<toml::Value>,
    max_length: Option<usize>,
    pattern: Option<Spanned<String>>,
    #[serde(default)]
    required: bool,
    access: Option<Spanned<String>>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    help: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawCmdlet {
    verb: Spanned<String>,
    synopsis: String,
    #[serde(default)]
    description: String,
    default_set: Option<Spanned<String>>,
    #[serde(default)]
    sets: Vec<String>,
    #[serde(default)]
    should_process: bool,
    impact: Option<Spanned<String>>,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    outputs: Vec<String>,
    #[serde(default)]
    local: bool,
    #[serde(default)]
    parameters: Vec<RawParameter>,
    #[serde(default)]
    examples: Vec<RawExample>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RawParameter {
    name: Spanned<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    aliases: Vec<String>,
    sets: Option<Vec<Spanned<String>>>,
    required: Option<Spanned<RawRequired>>,
    position: Option<Spanned<RawPosition>>,
    pipeline: Option<Spanned<String>>,
    #[serde(default)]
    wildcards: bool,
    property: Option<Spanned<String>>,
    value: Option<toml::Value>,
    #[serde(default)]
    local: bool,
    #[serde(default)]
    help: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawRequired {
    Everywhere(bool),
    In(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPosition {
    Everywhere(u8),
    In(BTreeMap<String, u8>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExample {
    code: String,
    shows: String,
}

/// Reads and checks one manifest; `file` is for messages.
pub fn parse(file: &str, text: &str) -> Result<Noun, ManifestError> {
    let fault = |start: usize, message: String| {
        let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
        ManifestError { file: file.to_owned(), line, message }
    };
    let raw: RawNoun = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        fault(start, error.message().to_owned())
    })?;
    raw.check(file).map_err(|(span, message)| fault(span.start, message))
}

/// The value that a word of a manifest stands for, or an error that lists the words.
fn word<T: Clone>(given: &Spanned<String>, key: &str, known: &[(&str, T)]) -> Checked<T> {
    let found = known.iter().find(|(name, _)| name == given.get_ref());
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        (given.span(), format!("`{key} = \"{}\"`: it must be one of {}", given.get_ref(), names.join(", ")))
    })
}

fn names_are_unique<'a>(names: impl Iterator<Item = &'a Spanned<String>>, what: &str) -> Checked<()> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        let lower = name.get_ref().to_ascii_lowercase();
        if seen.contains(&lower) {
            return Err((name.span(), format!("{what} `{}` stands here a second time", name.get_ref())));
        }
        seen.push(lower);
    }
    Ok(())
}

fn to_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => Json::from(text.as_str()),
        toml::Value::Integer(number) => Json::from(*number),
        toml::Value::Float(number) => Json::from(*number),
        toml::Value::Boolean(flag) => Json::from(*flag),
        toml::Value::Datetime(time) => Json::from(time.to_string()),
        toml::Value::Array(items) => items.iter().map(to_json).collect(),
        toml::Value::Table(table) => {
            Json::Object(table.iter().map(|(key, item)| (key.clone(), to_json(item))).collect())
        }
    }
}

impl RawNoun {
    fn check(self, file: &str) -> Checked<Noun> {
        let name = self.noun.get_ref();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err((self.noun.span(), format!("`noun = \"{name}\"`: a noun is made of letters and digits")));
        }
        let is_path = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.collection.get_ref().is_empty() || !self.collection.get_ref().chars().all(is_path) {
            let message = format!("`collection = \"{}\"`: small letters, digits and `-`", self.collection.get_ref());
            return Err((self.collection.span(), message));
        }
        names_are_unique(self.properties.iter().map(|p| &p.name), "property")?;
        names_are_unique(self.cmdlets.iter().map(|c| &c.verb), "verb")?;
        let enumerations: Vec<_> = self.enumerations.into_iter().collect();
        let properties =
            self.properties.into_iter().map(|p| p.check(&enumerations)).collect::<Checked<Vec<Property>>>()?;
        let (style, list, table) = self.view.check(&properties)?;
        let cmdlets = self.cmdlets.into_iter().map(|c| c.check(name, &properties)).collect::<Checked<Vec<_>>>()?;
        Ok(Noun {
            pattern: word(&self.pattern, "pattern", &Pattern::NAMES)?,
            scopes: self.scopes.iter().map(scope).collect::<Checked<_>>()?,
            collection: self.collection.into_inner(),
            synopsis: self.synopsis,
            types: self.types,
            name: self.noun.into_inner(),
            file: file.to_owned(),
            enumerations,
            properties,
            style,
            list,
            table,
            cmdlets,
        })
    }
}

fn scope(given: &Spanned<String>) -> Checked<Scope> {
    match given.get_ref().as_str() {
        "site" => Ok(Scope::Site),
        "tag" => Ok(Scope::Tag),
        text => match text.strip_prefix("service:") {
            Some(role) if !role.is_empty() => Ok(Scope::Service(role.to_owned())),
            _ => Err((given.span(), format!("`scopes`: \"{text}\" is none of site, tag, service:<role>"))),
        },
    }
}

impl RawView {
    fn check(self, properties: &[Property]) -> Checked<(ViewStyle, Vec<Column>, Vec<Column>)> {
        let styles = [("list", ViewStyle::List), ("table", ViewStyle::Table)];
        let style = self.style.map_or(Ok(ViewStyle::List), |given| word(&given, "view.style", &styles))?;
        let shown = || properties.iter().filter(|p| !p.hidden).map(|p| Column::of(&p.name)).collect();
        let list =
            self.list.map_or_else(|| Ok(shown()), |columns| checked_columns(columns, "view.list", properties))?;
        let table = self.table.map_or_else(|| Ok(Vec::new()), |c| checked_columns(c, "view.table", properties))?;
        Ok((style, list, table))
    }
}

impl Column {
    fn of(property: &str) -> Column {
        Column { property: property.to_owned(), label: None, width: None }
    }
}

fn checked_columns(columns: Vec<Spanned<RawColumn>>, key: &str, properties: &[Property]) -> Checked<Vec<Column>> {
    let check = |raw: Spanned<RawColumn>| {
        let span = raw.span();
        let column = match raw.into_inner() {
            RawColumn::Name(name) => Column::of(&name),
            RawColumn::Full { property, label, width } => Column { property, label, width },
        };
        match properties.iter().any(|p| p.name == column.property) {
            true => Ok(column),
            false => Err((span, format!("`{key}`: the noun has no property `{}`", column.property))),
        }
    };
    columns.into_iter().map(check).collect()
}

impl RawProperty {
    fn check(self, enumerations: &[(String, Vec<String>)]) -> Checked<Property> {
        let accesses = [("mutable", Access::Mutable), ("fixed", Access::Fixed), ("computed", Access::Computed)];
        let access = self.access.map_or(Ok(Access::Mutable), |given| word(&given, "access", &accesses))?;
        let kind = ValueType::parse(self.kind.get_ref());
        if let Some(pattern) = &self.pattern
            && let Err(error) = regex::Regex::new(pattern.get_ref())
        {
            return Err((pattern.span(), format!("`pattern` is no regular expression: {error}")));
        }
        let default = self.default.as_ref().map_or(Json::Null, |value| to_json(value.get_ref()));
        if let Some(given) = &self.default
            && !fits(&kind, &default, enumerations)
        {
            let message = format!("`default = {default}` of {} is no {}", self.name.get_ref(), self.kind.get_ref());
            return Err((given.span(), message));
        }
        Ok(Property {
            name: self.name.into_inner(),
            kind,
            default,
            minimum: self.minimum.as_ref().map(to_json),
            maximum: self.maximum.as_ref().map(to_json),
            max_length: self.max_length,
            pattern: self.pattern.map(Spanned::into_inner),
            required: self.required,
            access,
            hidden: self.hidden,
            help: self.help,
        })
    }
}

/// True where a value in JSON's form can be of this type.
fn fits(kind: &ValueType, value: &Json, enumerations: &[(String, Vec<String>)]) -> bool {
    use ValueType as T;
    match kind {
        T::Switch | T::Boolean => value.is_boolean(),
        T::Byte | T::UInt16 | T::UInt32 | T::UInt64 => value.is_u64(),
        T::Int16 | T::Int32 | T::Int64 => value.is_i64() || value.is_u64(),
        T::Double => value.is_number(),
        T::List(item) | T::ListModifier(item) => {
            value.as_array().is_some_and(|items| items.iter().all(|one| fits(item, one, enumerations)))
        }
        T::Enumeration(name) => match enumerations.iter().find(|(known, _)| known == name) {
            Some((_, values)) => value.as_str().is_some_and(|text| values.iter().any(|known| known == text)),
            None => value.is_string(),
        },
        T::Unlimited => value.is_u64() || value.is_string(),
        T::Object | T::Hashtable => true,
        T::String
        | T::DateTime
        | T::TimeSpan
        | T::Guid
        | T::Fqdn
        | T::SipAddress
        | T::Url
        | T::Identity
        | T::User
        | T::Credential
        | T::Xml
        | T::Filter => value.is_string(),
    }
}

impl RawCmdlet {
    fn check(self, noun: &str, properties: &[Property]) -> Checked<Cmdlet> {
        names_are_unique(self.parameters.iter().map(|p| &p.name), "parameter")?;
        if let Some(set) = &self.default_set
            && !self.sets.contains(set.get_ref())
        {
            return Err((set.span(), format!("`default-set`: `{}` is not among `sets`", set.get_ref())));
        }
        let impacts = [("low", Impact::Low), ("medium", Impact::Medium), ("high", Impact::High)];
        let impact = self.impact.map_or(Ok(Impact::Medium), |given| word(&given, "impact", &impacts))?;
        let sets = self.sets;
        let parameters =
            self.parameters.into_iter().map(|p| p.check(&sets, properties)).collect::<Checked<Vec<_>>>()?;
        Ok(Cmdlet {
            verb: self.verb.into_inner(),
            noun: noun.to_owned(),
            synopsis: self.synopsis,
            description: self.description.trim().to_owned(),
            default_set: self.default_set.map(Spanned::into_inner),
            should_process: self.should_process,
            roles: self.roles,
            outputs: self.outputs,
            local: self.local,
            examples: self.examples.into_iter().map(RawExample::example).collect(),
            impact,
            sets,
            parameters,
        })
    }
}

impl RawExample {
    fn example(self) -> Example {
        Example { code: self.code.trim().to_owned(), shows: self.shows }
    }
}

impl RawParameter {
    fn check(self, sets: &[String], properties: &[Property]) -> Checked<Parameter> {
        if let Some(property) = &self.property
            && !properties.iter().any(|p| p.name == *property.get_ref())
        {
            return Err((property.span(), format!("`property`: the noun has no property `{}`", property.get_ref())));
        }
        let pipelines = [("value", (true, false)), ("property", (false, true)), ("value and property", (true, true))];
        let (by_value, by_property) =
            self.pipeline.as_ref().map_or(Ok((false, false)), |given| word(given, "pipeline", &pipelines))?;
        Ok(Parameter {
            kind: ValueType::parse(&self.kind),
            sets: self.memberships(sets)?,
            name: self.name.into_inner(),
            type_name: self.kind,
            aliases: self.aliases,
            by_value,
            by_property,
            wildcards: self.wildcards,
            property: self.property.map(Spanned::into_inner),
            value: self.value.as_ref().map(to_json),
            local: self.local,
            help: self.help,
        })
    }

    /// One membership for all sets where nothing differs between them, else one per set.
    fn memberships(&self, sets: &[String]) -> Checked<Vec<Membership>> {
        for set in self.sets.iter().flatten() {
            if !sets.contains(set.get_ref()) {
                return Err((set.span(), format!("`sets`: `{}` is not among the cmdlet's sets", set.get_ref())));
            }
        }
        let named = self.required.as_ref().is_some_and(|r| matches!(r.get_ref(), RawRequired::In(_)))
            || self.position.as_ref().is_some_and(|p| matches!(p.get_ref(), RawPosition::In(_)));
        let own: Vec<&str> = match &self.sets {
            Some(own) => own.iter().map(|set| set.get_ref().as_str()).collect(),
            None if named => sets.iter().map(String::as_str).collect(),
            None => vec![""],
        };
        self.check_set_names(&own)?;
        Ok(own.iter().map(|set| self.membership(set)).collect())
    }

    /// Sets named in `required` and `position` must be sets the parameter is in.
    fn check_set_names(&self, own: &[&str]) -> Checked<()> {
        let required = self.required.as_ref().map(|given| match given.get_ref() {
            RawRequired::In(names) => ("required", given.span(), names.iter().collect()),
            RawRequired::Everywhere(_) => ("required", given.span(), Vec::new()),
        });
        let position = self.position.as_ref().map(|given| match given.get_ref() {
            RawPosition::In(places) => ("position", given.span(), places.keys().collect()),
            RawPosition::Everywhere(_) => ("position", given.span(), Vec::new()),
        });
        for (key, span, names) in required.into_iter().chain(position) {
            if let Some(name) = names.into_iter().find(|name| !own.contains(&name.as_str())) {
                return Err((span, format!("`{key}`: the parameter is not in set `{name}`")));
            }
        }
        Ok(())
    }

    fn membership(&self, set: &str) -> Membership {
        let required = match self.required.as_ref().map(Spanned::get_ref) {
            None => false,
            Some(RawRequired::Everywhere(required)) => *required,
            Some(RawRequired::In(names)) => names.iter().any(|name| name == set),
        };
        let position = match self.position.as_ref().map(Spanned::get_ref) {
            None => None,
            Some(RawPosition::Everywhere(position)) => Some(*position),
            Some(RawPosition::In(places)) => places.get(set).copied(),
        };
        Membership { set: set.to_owned(), required, position }
    }
}
