//! Member tables: for every type, its methods, constructors and properties as rows. A method's row starts with its
//! signature as the language shows it (`int IndexOf(char value)`), read once into parameters; nothing else says
//! what a method takes.

use crate::value::{Engine, Outcome, Str, TypeRef, Value, types};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::cell::RefCell;
use std::sync::{LazyLock, OnceLock};

/// What a method does.
pub(crate) type Body = fn(&mut Call<'_>) -> Outcome<Value>;
/// Signature and body.
pub(crate) type Row = (&'static str, Body);
/// Reads a property.
pub(crate) type Getter = fn(&mut dyn Engine, &Value) -> Outcome<Value>;
/// Writes a property.
pub(crate) type Setter = fn(&mut dyn Engine, &Value, Value) -> Outcome<()>;

/// A call in progress: arguments are already of the parameters' types.
pub(crate) struct Call<'a> {
    /// For script blocks and relative paths.
    pub(crate) engine: &'a mut dyn Engine,
    /// The object; null for static methods and constructors.
    pub(crate) this: &'a Value,
    /// The type the method was found through; with its generic arguments.
    pub(crate) kind: TypeRef,
    /// The arguments.
    pub(crate) args: &'a mut [Value],
}

impl Call<'_> {
    /// The argument at a place, taken out.
    pub(crate) fn take(&mut self, index: usize) -> Value {
        self.args.get_mut(index).map(std::mem::take).unwrap_or_default()
    }

    /// The argument at a place.
    pub(crate) fn arg(&self, index: usize) -> &Value {
        self.args.get(index).unwrap_or(&Value::Null)
    }

    /// A text argument; empty for null.
    pub(crate) fn text(&self, index: usize) -> &str {
        match self.arg(index) {
            Value::Str(text) => text,
            _ => "",
        }
    }

    /// The object as text; empty where it is none.
    pub(crate) fn this_text(&self) -> Str {
        match self.this {
            Value::Str(text) => text.clone(),
            _ => Str::from(""),
        }
    }

    /// An integer argument of any width.
    pub(crate) fn int(&self, index: usize) -> i64 {
        integer_of(self.arg(index)).unwrap_or(0)
    }

    /// A floating-point argument.
    pub(crate) fn double(&self, index: usize) -> f64 {
        match self.arg(index) {
            Value::F64(v) => *v,
            Value::F32(v) => f64::from(*v),
            other => integer_of(other).unwrap_or(0) as f64,
        }
    }

    /// A truth argument.
    pub(crate) fn flag(&self, index: usize) -> bool {
        matches!(self.arg(index), Value::Bool(true))
    }

    /// A character argument as Rust's; the replacement character for half a pair.
    pub(crate) fn character(&self, index: usize) -> char {
        match self.arg(index) {
            Value::Char(unit) => char::from_u32(u32::from(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER),
            _ => '\0',
        }
    }

    /// The items of an array argument.
    pub(crate) fn items(&self, index: usize) -> Vec<Value> {
        match self.arg(index) {
            Value::Array(array) => array.values(),
            Value::Null => Vec::new(),
            other => super::elements(other).unwrap_or_else(|| vec![other.clone()]),
        }
    }

    /// A generic argument of the type.
    pub(crate) fn type_argument(&self, index: usize) -> TypeRef {
        self.kind.info().arguments.get(index).copied().unwrap_or(TypeRef::OBJECT)
    }
}

/// The number in an integer, character or enumeration value.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    Some(match value {
        Value::I8(v) => i64::from(*v),
        Value::U8(v) => i64::from(*v),
        Value::I16(v) => i64::from(*v),
        Value::U16(v) | Value::Char(v) => i64::from(*v),
        Value::I32(v) => i64::from(*v),
        Value::U32(v) => i64::from(*v),
        Value::I64(v) => *v,
        Value::U64(v) => *v as i64,
        Value::Enum(v) => v.bits,
        Value::Bool(v) => i64::from(*v),
        _ => return None,
    })
}

/// A property's row.
pub(crate) struct PropertyRow {
    /// Its name.
    pub name: &'static str,
    /// Its type, as the language shows it.
    pub(crate) kind: &'static str,
    /// `Property` as a rule; `AliasProperty`, `ScriptProperty`, `CodeProperty`, `NoteProperty` for what the engine's type tables add.
    pub(crate) member: &'static str,
    /// Reads it.
    pub(crate) get: Getter,
    /// Writes it, where it can be written.
    pub(crate) set: Option<Setter>,
}

/// A read-only property.
pub(crate) const fn get(name: &'static str, kind: &'static str, get: Getter) -> PropertyRow {
    PropertyRow { name, kind, member: "Property", get, set: None }
}

/// A property that can be written.
pub(crate) const fn set(name: &'static str, kind: &'static str, get: Getter, set: Setter) -> PropertyRow {
    PropertyRow { name, kind, member: "Property", get, set: Some(set) }
}

/// A property that the engine's type tables add, of a kind such as `ScriptProperty`.
pub(crate) const fn added(name: &'static str, member: &'static str, kind: &'static str, get: Getter) -> PropertyRow {
    PropertyRow { name, kind, member, get, set: None }
}

/// All members that one type declares itself. What it inherits stands with its bases.
pub(crate) struct Table {
    /// Instance methods.
    pub(crate) methods: &'static [Row],
    /// Static methods.
    pub(crate) statics: &'static [Row],
    /// Constructors; the signature's name does not matter.
    pub(crate) constructors: &'static [Row],
    /// Instance properties in the order PowerShell lists them.
    pub(crate) properties: &'static [PropertyRow],
    /// Static properties and fields.
    pub(crate) static_properties: &'static [PropertyRow],
}

impl Table {
    /// A table without rows.
    pub(crate) const EMPTY: Table =
        Table { methods: &[], statics: &[], constructors: &[], properties: &[], static_properties: &[] };
}

/// What a parameter is declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    /// A type.
    Of(TypeRef),
    /// The type's generic argument with this number.
    Generic(u8),
    /// An array of that generic argument.
    GenericArray(u8),
    /// `[ref]`: the variable behind it is set.
    Reference(TypeRef),
}

/// One parameter of a method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub(crate) kind: ParameterKind,
    /// Takes all arguments that are left, as an array.
    pub(crate) params: bool,
}

/// One overload of a method.
pub(crate) struct Overload {
    /// As the language shows it.
    pub(crate) signature: &'static str,
    /// In order.
    pub(crate) parameters: SmallVec<[Parameter; 3]>,
    /// What it does.
    pub(crate) body: Body,
    /// Returns nothing.
    pub(crate) is_void: bool,
}

/// All overloads of one name.
pub(crate) struct Method {
    /// As declared.
    pub name: &'static str,
    /// In order.
    pub(crate) overloads: Vec<Overload>,
}

/// A table with its signatures read.
#[derive(Default)]
pub(crate) struct Members {
    methods: FxHashMap<Box<str>, Method>,
    statics: FxHashMap<Box<str>, Method>,
    /// The constructors.
    pub(crate) constructors: Option<Method>,
    /// Instance properties.
    pub(crate) properties: &'static [PropertyRow],
    /// Static properties.
    pub(crate) static_properties: &'static [PropertyRow],
    /// Instance methods' names in order.
    pub(crate) method_names: Vec<&'static str>,
    /// Static methods' names in order.
    pub(crate) static_names: Vec<&'static str>,
    /// The types that the signatures of a script's class name.
    pub(crate) types: Vec<(String, TypeRef)>,
}

impl Members {
    fn read(table: &Table, types: Vec<(String, TypeRef)>) -> Members {
        let (methods, method_names) = group(table.methods, &types);
        let (statics, static_names) = group(table.statics, &types);
        let overloads: Vec<Overload> =
            table.constructors.iter().filter_map(|row| Some(read_overload(row, &types)?.1)).collect();
        let constructors = (!overloads.is_empty()).then_some(Method { name: ".ctor", overloads });
        let (properties, static_properties) = (table.properties, table.static_properties);
        Members { methods, statics, constructors, properties, static_properties, method_names, static_names, types }
    }

    /// A type that a signature of a script's class names.
    pub(crate) fn named_type(&self, text: &str) -> Option<TypeRef> {
        type_among(&self.types, text)
    }

    /// An instance method.
    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        find_folded(&self.methods, name)
    }

    /// A static method.
    pub(crate) fn static_method(&self, name: &str) -> Option<&Method> {
        find_folded(&self.statics, name)
    }
}

fn find_folded<'a>(methods: &'a FxHashMap<Box<str>, Method>, name: &str) -> Option<&'a Method> {
    let mut folded = SmallVec::<[u8; 32]>::from_slice(name.as_bytes());
    folded.make_ascii_lowercase();
    methods.get(std::str::from_utf8(&folded).ok()?)
}

fn type_among(types: &[(String, TypeRef)], text: &str) -> Option<TypeRef> {
    types.iter().find(|(known, _)| known == text).map(|(_, kind)| *kind)
}

fn group(rows: &'static [Row], types: &[(String, TypeRef)]) -> (FxHashMap<Box<str>, Method>, Vec<&'static str>) {
    let mut methods: FxHashMap<Box<str>, Method> = FxHashMap::default();
    let mut names = Vec::new();
    for row in rows {
        let Some((name, overload)) = read_overload(row, types) else { continue };
        let key = name.to_ascii_lowercase().into_boxed_str();
        let method = methods.entry(key).or_insert_with(|| {
            names.push(name);
            Method { name, overloads: Vec::new() }
        });
        method.overloads.push(overload);
    }
    (methods, names)
}

/// Reads `int IndexOf(char value)`.
fn read_overload(&(signature, body): &Row, types: &[(String, TypeRef)]) -> Option<(&'static str, Overload)> {
    let (head, rest) = signature.split_once('(')?;
    let head = head.strip_prefix("static ").unwrap_or(head);
    let (returns, name) = head.rsplit_once(' ').unwrap_or(("", head));
    let list = rest.strip_suffix(')')?;
    let parameters = split_parameters(list).map(|text| read_parameter(text, types)).collect::<Option<_>>()?;
    Some((name, Overload { signature, parameters, body, is_void: returns == "void" }))
}

/// Splits at commas outside brackets.
fn split_parameters(list: &'static str) -> impl Iterator<Item = &'static str> {
    let mut depth = 0;
    list.split(move |c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

/// Reads `params string[] value`.
fn read_parameter(text: &'static str, declared: &[(String, TypeRef)]) -> Option<Parameter> {
    let (text, params) = text.strip_prefix("params ").map_or((text, false), |rest| (rest, true));
    let (text, by_reference) = match text.strip_prefix("[ref] ") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (kind, name) = text.rsplit_once(' ')?;
    if let Some(kind) = type_among(declared, kind) {
        return Some(Parameter { name, kind: ParameterKind::Of(kind), params });
    }
    let known = || types::resolve(kind).unwrap_or(TypeRef::OBJECT);
    let kind = match kind {
        _ if by_reference => ParameterKind::Reference(known()),
        "T" | "TKey" | "T1" => ParameterKind::Generic(0),
        "TValue" | "T2" => ParameterKind::Generic(1),
        "T3" => ParameterKind::Generic(2),
        "T[]" => ParameterKind::GenericArray(0),
        _ => ParameterKind::Of(known()),
    };
    Some(Parameter { name, kind, params })
}

type Registry = FxHashMap<usize, (&'static Table, OnceLock<Members>)>;

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let tables = super::library::TABLES.iter().flat_map(|group| group.iter());
    tables.map(|(kind, table)| (kind.address(), (*table, OnceLock::new()))).collect()
});

thread_local! {
    /// What classes of scripts declare. Like the types themselves, these stay for good.
    static CLASSES: RefCell<FxHashMap<TypeRef, &'static Members>> = RefCell::default();
}

/// What a class of a script declares, as the language shows it: for member lists and reflection. Reading, writing and
/// calling is the runtime's.
#[derive(Default)]
pub(crate) struct ClassMembers {
    /// `int Fee(string owner)`.
    pub(crate) methods: Vec<String>,
    /// `static int Fee(string owner)`.
    pub(crate) statics: Vec<String>,
    /// `Fee(string owner)`.
    pub(crate) constructors: Vec<String>,
    /// Name and type.
    pub(crate) properties: Vec<(String, String)>,
    /// Name and type.
    pub(crate) static_properties: Vec<(String, String)>,
    /// The types that all these texts name.
    pub(crate) types: Vec<(String, TypeRef)>,
}

/// Makes the members of a script's class known.
pub(crate) fn declare_class(kind: TypeRef, class: ClassMembers) {
    fn leak(text: String) -> &'static str {
        Box::leak(text.into_boxed_str())
    }
    fn rows(signatures: Vec<String>) -> &'static [Row] {
        const CALLED_BY_RUNTIME: Body = |_| Ok(Value::Null);
        Vec::leak(signatures.into_iter().map(|text| (leak(text), CALLED_BY_RUNTIME)).collect())
    }
    fn properties(declared: Vec<(String, String)>) -> &'static [PropertyRow] {
        let row = |(name, kind)| set(leak(name), leak(kind), |_, _| Ok(Value::Null), |_, _, _| Ok(()));
        Vec::leak(declared.into_iter().map(row).collect())
    }
    let table = Table {
        methods: rows(class.methods),
        statics: rows(class.statics),
        constructors: rows(class.constructors),
        properties: properties(class.properties),
        static_properties: properties(class.static_properties),
    };
    let members: &'static Members = Box::leak(Box::new(Members::read(&table, class.types)));
    CLASSES.with_borrow_mut(|classes| classes.insert(kind, members));
}

/// The members that a type declares itself.
pub(crate) fn own_members(kind: TypeRef) -> Option<&'static Members> {
    if kind.is_script_class() {
        return CLASSES.with_borrow(|classes| classes.get(&kind).copied());
    }
    let registry: &'static Registry = &REGISTRY;
    let (table, members) = registry.get(&kind.definition().address())?;
    Some(members.get_or_init(|| Members::read(table, Vec::new())))
}

/// An instance method, looked for in the type and its bases.
pub(crate) fn find_method(kind: TypeRef, name: &str) -> Option<&'static Method> {
    kind.bases().filter_map(own_members).find_map(|members| members.method(name))
}

/// A static method, looked for in the type and its bases.
pub(crate) fn find_static_method(kind: TypeRef, name: &str) -> Option<&'static Method> {
    kind.bases().filter_map(own_members).find_map(|members| members.static_method(name))
}

/// An instance property, looked for in the type and its bases.
pub(crate) fn find_property(kind: TypeRef, name: &str) -> Option<&'static PropertyRow> {
    let mut tables = kind.bases().filter_map(own_members);
    tables.find_map(|members| members.properties.iter().find(|row| row.name.eq_ignore_ascii_case(name)))
}

/// A static property, looked for in the type and its bases.
pub(crate) fn find_static_property(kind: TypeRef, name: &str) -> Option<&'static PropertyRow> {
    let mut tables = kind.bases().filter_map(own_members);
    tables.find_map(|members| members.static_properties.iter().find(|row| row.name.eq_ignore_ascii_case(name)))
}
