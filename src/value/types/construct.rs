//! Types made of others while running: arrays, generic instances, and the classes and enumerations of scripts.
//! Arrays and instances are made once each and kept for good, so equal types are the same pointer.

use super::declare::BLANK;
use super::{EnumInfo, TypeInfo, TypeKind, TypeRef};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::{LazyLock, Mutex, PoisonError};

/// What identifies a made type: definition or element, arguments, rank.
type MadeKey = (TypeRef, Vec<TypeRef>, u8);

static MADE: LazyLock<Mutex<FxHashMap<MadeKey, TypeRef>>> = LazyLock::new(Default::default);

thread_local! {
    /// Vectors by element, so that asking an array for its type takes no lock.
    static VECTORS: RefCell<FxHashMap<TypeRef, TypeRef>> = RefCell::default();
}

/// What a script says of a class or enumeration it declares.
pub(crate) struct ScriptTypeInfo {
    /// Its name.
    pub(crate) name: String,
    /// Members marked `hidden`.
    pub(crate) hidden: Vec<String>,
    /// Base class; `System.Object` where none was written.
    pub(crate) base: Option<TypeRef>,
    /// Interfaces.
    pub(crate) interfaces: Vec<TypeRef>,
    /// Members of an enumeration; `None` for a class.
    pub(crate) members: Option<Vec<(String, i64)>>,
    /// `[Flags()]`.
    pub(crate) flags: bool,
    /// The underlying type of an enumeration; `int` where none was written.
    pub(crate) underlying: Option<TypeRef>,
}

impl TypeRef {
    /// `element[]`.
    pub(crate) fn array_of(element: TypeRef) -> TypeRef {
        if element == TypeRef::OBJECT {
            return TypeRef::OBJECT_ARRAY;
        }
        let known = VECTORS.with_borrow(|vectors| vectors.get(&element).copied());
        known.unwrap_or_else(|| {
            let kind = intern((element, Vec::new(), 1), || array_info(element, 1));
            VECTORS.with_borrow_mut(|vectors| vectors.insert(element, kind));
            kind
        })
    }

    /// An array of `rank` dimensions.
    pub(crate) fn array_of_rank(element: TypeRef, rank: u8) -> TypeRef {
        match rank {
            0 | 1 => Self::array_of(element),
            _ => intern((element, Vec::new(), rank), || array_info(element, rank)),
        }
    }

    /// A generic definition with arguments; `None` where their number is wrong.
    pub(crate) fn generic(definition: TypeRef, arguments: &[TypeRef]) -> Option<TypeRef> {
        let arity = definition.arity();
        (arity > 0 && arity == arguments.len())
            .then(|| intern((definition, arguments.to_vec(), 0), || instance_info(definition, arguments)))
    }

    /// The number of type parameters of a generic definition; 0 for every other type.
    pub(crate) fn arity(self) -> usize {
        let name = self.short_definition_suffix();
        name.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    fn short_definition_suffix(self) -> Option<&'static str> {
        let open = self.info().definition.is_none() && self.info().element.is_none();
        if open { self.name().rsplit_once('`').map(|(_, digits)| digits) } else { None }
    }

    /// A class or enumeration declared by a script: a new type each time, as running the declaration again makes one.
    pub(crate) fn declare(script: ScriptTypeInfo) -> TypeRef {
        let interfaces: &'static [TypeRef] = Vec::leak(script.interfaces);
        let enumeration = script.members.map(|members| EnumInfo {
            members: Vec::leak(members.into_iter().map(|(name, number)| (leak(name), number)).collect()),
            flags: script.flags,
            underlying: script.underlying.unwrap_or(TypeRef::INT32),
        });
        let (kind, base) = match enumeration {
            Some(_) => (TypeKind::Enum, TypeRef::ENUM),
            None => (TypeKind::ScriptClass, script.base.unwrap_or(TypeRef::OBJECT)),
        };
        let full_name = leak(script.name);
        let hidden = Vec::leak(script.hidden.into_iter().map(leak).collect());
        keep(TypeInfo { full_name, hidden, kind, base: Some(base), interfaces, enumeration, ..BLANK })
    }
}

/// `[]`, `[,]` …
pub(super) fn rank_suffix(rank: u8) -> String {
    format!("[{}]", ",".repeat(usize::from(rank).saturating_sub(1)))
}

fn array_info(element: TypeRef, rank: u8) -> TypeInfo {
    let full_name = leak(format!("{}{}", element.name(), rank_suffix(rank)));
    let generic = |definition| TypeRef::generic(definition, &[element]);
    let interfaces: Vec<TypeRef> =
        [TypeRef::ILIST_OF, TypeRef::IREADONLYLIST_OF].into_iter().filter_map(generic).collect();
    let interfaces: &'static [TypeRef] = if rank == 1 { Vec::leak(interfaces) } else { &[] };
    let (kind, base, element) = (TypeKind::Array, Some(TypeRef::ARRAY), Some(element));
    TypeInfo { full_name, kind, base, interfaces, element, rank, ..BLANK }
}

/// Bases and interfaces that are themselves generic take the same arguments.
fn instance_info(definition: TypeRef, arguments: &[TypeRef]) -> TypeInfo {
    let names: Vec<&str> = arguments.iter().map(|kind| kind.name()).collect();
    let applied = |kind: TypeRef| TypeRef::generic(kind, arguments).unwrap_or(kind);
    let info = definition.info();
    TypeInfo {
        full_name: leak(format!("{}[{}]", definition.name(), names.join(","))),
        kind: info.kind,
        base: info.base.map(applied),
        interfaces: Vec::leak(info.interfaces.iter().copied().map(applied).collect()),
        arguments: Vec::leak(arguments.to_vec()),
        definition: Some(definition),
        ..BLANK
    }
}

/// The one type for a key. Made outside the lock, since making may itself need other types.
fn intern(key: MadeKey, make: impl FnOnce() -> TypeInfo) -> TypeRef {
    let lookup = |key: &MadeKey| MADE.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied();
    if let Some(kind) = lookup(&key) {
        return kind;
    }
    let made = make();
    *MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert_with(|| keep(made))
}

fn keep(info: TypeInfo) -> TypeRef {
    TypeRef(Box::leak(Box::new(info)))
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
