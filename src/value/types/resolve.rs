//! From names to types: the language's short names, full names with or without `System.`, `using namespace`,
//! arrays and generic arguments. Case never matters.

use super::{TypeRef, core, enumerations, exceptions, language, library, platform};
use crate::syntax;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Short names in the order they are preferred when a type is written back.
const ACCELERATORS: &[(&str, TypeRef)] = &[
    ("Alias", TypeRef::ALIAS_ATTRIBUTE),
    ("AllowEmptyCollection", TypeRef::ALLOW_EMPTY_COLLECTION_ATTRIBUTE),
    ("AllowEmptyString", TypeRef::ALLOW_EMPTY_STRING_ATTRIBUTE),
    ("AllowNull", TypeRef::ALLOW_NULL_ATTRIBUTE),
    ("ArgumentCompleter", TypeRef::ARGUMENT_COMPLETER_ATTRIBUTE),
    ("ArgumentCompletions", TypeRef::ARGUMENT_COMPLETIONS_ATTRIBUTE),
    ("array", TypeRef::ARRAY),
    ("bool", TypeRef::BOOLEAN),
    ("byte", TypeRef::BYTE),
    ("char", TypeRef::CHAR),
    ("CmdletBinding", TypeRef::CMDLET_BINDING_ATTRIBUTE),
    ("datetime", TypeRef::DATETIME),
    ("decimal", TypeRef::DECIMAL),
    ("double", TypeRef::DOUBLE),
    ("DscResource", TypeRef::DSC_RESOURCE_ATTRIBUTE),
    ("DscProperty", TypeRef::DSC_PROPERTY_ATTRIBUTE),
    ("ExcludeFromCodeCoverage", TypeRef::EXCLUDE_FROM_CODE_COVERAGE_ATTRIBUTE),
    ("float", TypeRef::SINGLE),
    ("single", TypeRef::SINGLE),
    ("guid", TypeRef::GUID),
    ("hashtable", TypeRef::HASHTABLE),
    ("int", TypeRef::INT32),
    ("int32", TypeRef::INT32),
    ("short", TypeRef::INT16),
    ("int16", TypeRef::INT16),
    ("long", TypeRef::INT64),
    ("int64", TypeRef::INT64),
    ("IPEndpoint", TypeRef::IPENDPOINT),
    ("NoRunspaceAffinity", TypeRef::NO_RUNSPACE_AFFINITY_ATTRIBUTE),
    ("NullString", TypeRef::NULL_STRING),
    ("OutputType", TypeRef::OUTPUT_TYPE_ATTRIBUTE),
    ("ObjectSecurity", TypeRef::OBJECTSECURITY),
    ("ordered", TypeRef::ORDERED_DICTIONARY),
    ("Parameter", TypeRef::PARAMETER_ATTRIBUTE),
    ("PhysicalAddress", TypeRef::PHYSICALADDRESS),
    ("pscredential", TypeRef::PSCREDENTIAL),
    ("pscustomobject", TypeRef::PSCUSTOMOBJECT),
    ("PSDefaultValue", TypeRef::PSDEFAULTVALUE_ATTRIBUTE),
    ("pslistmodifier", TypeRef::PSLISTMODIFIER),
    ("psobject", TypeRef::PSOBJECT),
    ("psprimitivedictionary", TypeRef::PSPRIMITIVEDICTIONARY),
    ("ref", TypeRef::PSREFERENCE),
    ("PSTypeNameAttribute", TypeRef::PSTYPENAME_ATTRIBUTE),
    ("regex", TypeRef::REGEX),
    ("sbyte", TypeRef::SBYTE),
    ("string", TypeRef::STRING),
    ("SupportsWildcards", TypeRef::SUPPORTS_WILDCARDS_ATTRIBUTE),
    ("switch", TypeRef::SWITCH_PARAMETER),
    ("cultureinfo", TypeRef::CULTUREINFO),
    ("bigint", TypeRef::BIGINTEGER),
    ("securestring", TypeRef::SECURESTRING),
    ("timespan", TypeRef::TIMESPAN),
    ("ushort", TypeRef::UINT16),
    ("uint16", TypeRef::UINT16),
    ("uint", TypeRef::UINT32),
    ("uint32", TypeRef::UINT32),
    ("ulong", TypeRef::UINT64),
    ("uint64", TypeRef::UINT64),
    ("uri", TypeRef::URI),
    ("ValidateCount", TypeRef::VALIDATE_COUNT_ATTRIBUTE),
    ("ValidateDrive", TypeRef::VALIDATE_DRIVE_ATTRIBUTE),
    ("ValidateLength", TypeRef::VALIDATE_LENGTH_ATTRIBUTE),
    ("ValidateNotNull", TypeRef::VALIDATE_NOT_NULL_ATTRIBUTE),
    ("ValidateNotNullOrEmpty", TypeRef::VALIDATE_NOT_NULL_OR_EMPTY_ATTRIBUTE),
    ("ValidateNotNullOrWhiteSpace", TypeRef::VALIDATE_NOT_NULL_OR_WHITE_SPACE_ATTRIBUTE),
    ("ValidatePattern", TypeRef::VALIDATE_PATTERN_ATTRIBUTE),
    ("ValidateRange", TypeRef::VALIDATE_RANGE_ATTRIBUTE),
    ("ValidateScript", TypeRef::VALIDATE_SCRIPT_ATTRIBUTE),
    ("ValidateSet", TypeRef::VALIDATE_SET_ATTRIBUTE),
    ("ValidateTrustedData", TypeRef::VALIDATE_TRUSTED_DATA_ATTRIBUTE),
    ("ValidateUserDrive", TypeRef::VALIDATE_USER_DRIVE_ATTRIBUTE),
    ("version", TypeRef::VERSION),
    ("void", TypeRef::VOID),
    ("ipaddress", TypeRef::IPADDRESS),
    ("mailaddress", TypeRef::MAILADDRESS),
    ("scriptblock", TypeRef::SCRIPTBLOCK),
    ("psvariable", TypeRef::PSVARIABLE),
    ("type", TypeRef::TYPE),
    ("psmoduleinfo", TypeRef::PSMODULE_INFO),
    ("powershell", TypeRef::POWERSHELL),
    ("runspacefactory", TypeRef::RUNSPACE_FACTORY),
    ("runspace", TypeRef::RUNSPACE),
    ("initialsessionstate", TypeRef::INITIAL_SESSION_STATE),
    ("psscriptmethod", TypeRef::PSSCRIPTMETHOD),
    ("psscriptproperty", TypeRef::PSSCRIPTPROPERTY),
    ("psnoteproperty", TypeRef::PSNOTEPROPERTY),
    ("psaliasproperty", TypeRef::PSALIASPROPERTY),
    ("psvariableproperty", TypeRef::PSVARIABLEPROPERTY),
    ("semver", TypeRef::SEMANTIC_VERSION),
    ("WildcardPattern", TypeRef::WILDCARD_PATTERN),
    ("X500DistinguishedName", TypeRef::X500DISTINGUISHEDNAME),
    ("X509Certificate", TypeRef::X509CERTIFICATE),
    ("xml", TypeRef::XMLDOCUMENT),
    ("pstypename", TypeRef::PSTYPENAME),
    ("hidden", TypeRef::HIDDEN_ATTRIBUTE),
];

/// Namespaces searched without being asked for. `System` is the language's own rule.
pub(crate) const AMBIENT_NAMESPACES: &[&str] = &["System"];

/// Full names and short names, lower-cased.
static BY_NAME: LazyLock<FxHashMap<String, TypeRef>> = LazyLock::new(|| {
    let mut names: FxHashMap<String, TypeRef> = known_types().map(|kind| (kind.name().to_lowercase(), kind)).collect();
    names.extend(ACCELERATORS.iter().map(|(name, kind)| (name.to_lowercase(), *kind)));
    names
});

/// Every type of the tables.
pub(crate) fn known_types() -> impl Iterator<Item = TypeRef> {
    let tables = [
        core::CORE,
        library::LIBRARY,
        platform::PLATFORM,
        platform::PLATFORM_ENUMERATIONS,
        exceptions::EXCEPTIONS,
        enumerations::ENUMERATIONS,
        language::LANGUAGE,
        language::LANGUAGE_ENUMERATIONS,
    ];
    tables.into_iter().flat_map(|table| table.iter().copied())
}

/// The short names and their types.
pub(crate) fn accelerators() -> &'static [(&'static str, TypeRef)] {
    ACCELERATORS
}

/// The short name a type is written with.
pub(super) fn accelerator_of(kind: TypeRef) -> Option<&'static str> {
    ACCELERATORS.iter().find(|(_, known)| *known == kind).map(|(name, _)| *name)
}

/// What surrounds a type name: the script's own types and its `using namespace` lines.
pub(crate) struct ResolveScope<'a> {
    /// Types declared by the script, by name as written.
    pub(crate) declared: &'a dyn Fn(&str) -> Option<TypeRef>,
    /// Namespaces in use.
    pub(crate) namespaces: &'a [String],
}

/// The type of a name, without a script around it.
pub(crate) fn resolve(name: &str) -> Option<TypeRef> {
    resolve_in(name, &ResolveScope { declared: &|_| None, namespaces: &[] })
}

/// The type of a name as text: `List[int]`, `System.Int32[]`, ``Dictionary`2[string,int]``.
pub(crate) fn resolve_in(name: &str, scope: &ResolveScope<'_>) -> Option<TypeRef> {
    let mut rest = name.trim();
    let kind = read_type(&mut rest, scope)?;
    let assembly = rest.trim_start();
    (assembly.is_empty() || assembly.starts_with(',')).then_some(kind)
}

impl ResolveScope<'_> {
    /// The type of a name that the parser has already taken apart.
    pub(crate) fn resolve(&self, name: &syntax::TypeName) -> Option<TypeRef> {
        let arguments = name.arguments.iter().map(|argument| self.resolve(argument)).collect::<Option<Vec<_>>>()?;
        let plain = self.named(&name.name, arguments.len())?;
        let kind = if arguments.is_empty() { plain } else { TypeRef::generic(plain, &arguments)? };
        Some(name.ranks.iter().fold(kind, |element, rank| TypeRef::array_of_rank(element, *rank)))
    }

    /// A plain name; with `arity` arguments to follow it names a generic definition.
    fn named(&self, name: &str, arity: usize) -> Option<TypeRef> {
        if let Some(declared) = (self.declared)(name) {
            return Some(declared);
        }
        let mut lower = name.to_lowercase();
        if arity > 0 && !lower.contains('`') {
            lower = format!("{lower}`{arity}");
        }
        if let Some(known) = BY_NAME.get(&lower) {
            return Some(*known);
        }
        let ambient = AMBIENT_NAMESPACES.iter().map(|namespace| namespace.to_lowercase());
        let used = self.namespaces.iter().map(|namespace| namespace.to_lowercase());
        let found = ambient.chain(used).find_map(|namespace| BY_NAME.get(&format!("{namespace}.{lower}")).copied());
        found.or_else(|| declared_nullable(&lower))
    }
}

/// `Nullable` is written without its arity even by those who write others with it.
fn declared_nullable(lower: &str) -> Option<TypeRef> {
    (lower == "nullable" || lower == "system.nullable").then_some(TypeRef::NULLABLE)
}

/// Reads one type off the front of `rest`.
fn read_type(rest: &mut &str, scope: &ResolveScope<'_>) -> Option<TypeRef> {
    let bracketed = rest.starts_with('[');
    if bracketed {
        *rest = &rest[1..];
    }
    let end = rest.find(['[', ']', ',']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    *rest = after;
    let arguments = read_arguments(rest, scope)?;
    let plain = scope.named(name.trim(), arguments.len())?;
    let mut kind = if arguments.is_empty() { plain } else { TypeRef::generic(plain, &arguments)? };
    while let Some(rank) = read_rank(rest) {
        kind = TypeRef::array_of_rank(kind, rank);
    }
    if bracketed {
        // `[System.Int32, mscorlib]`: an argument with its assembly.
        let close = rest.find(']')?;
        *rest = &rest[close + 1..];
    }
    Some(kind)
}

/// Generic arguments, where the bracket opens on a name and not on an array mark.
fn read_arguments(rest: &mut &str, scope: &ResolveScope<'_>) -> Option<Vec<TypeRef>> {
    let Some(inside) = rest.strip_prefix('[') else { return Some(Vec::new()) };
    if inside.trim_start().starts_with([']', ',', '*']) {
        return Some(Vec::new());
    }
    *rest = inside;
    let mut arguments = Vec::new();
    loop {
        *rest = rest.trim_start();
        arguments.push(read_type(rest, scope)?);
        *rest = rest.trim_start();
        if let Some(next) = rest.strip_prefix(',') {
            *rest = next;
        } else {
            *rest = rest.strip_prefix(']')?;
            return Some(arguments);
        }
    }
}

/// An array mark `[]` or `[,]`.
fn read_rank(rest: &mut &str) -> Option<u8> {
    let inside = rest.strip_prefix('[')?;
    let (commas, after) = inside.split_at(inside.find(']')?);
    let plain = commas.chars().all(|c| c == ',' || c == ' ');
    *rest = after.strip_prefix(']').filter(|_| plain)?;
    u8::try_from(commas.matches(',').count() + 1).ok()
}
