//! `Assembly`, `AssemblyName` and `Module`. An assembly is its name and the types that the tables place in it; there
//! are no files behind it.

use super::super::super::table::{Call, Table, get};
use super::super::super::thrown;
use super::super::version;
use super::state;
use crate::value::object::NativeObject;
use crate::value::{Array, Native, Outcome, TypeRef, Value, types};
use std::any::Any;

/// An assembly, by a type in it.
pub(crate) struct Assembly(TypeRef);

impl NativeObject for Assembly {
    fn kind(&self) -> TypeRef {
        TypeRef::RUNTIME_ASSEMBLY
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.assembly()
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        other.as_any().downcast_ref::<Self>().map(|other| self.0.assembly_name() == other.0.assembly_name())
    }
}

/// The name of an assembly.
struct AssemblyName(TypeRef);

impl NativeObject for AssemblyName {
    fn kind(&self) -> TypeRef {
        TypeRef::ASSEMBLY_NAME
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.0.assembly()
    }
}

/// The one module of an assembly.
struct Module(TypeRef);

impl NativeObject for Module {
    fn kind(&self) -> TypeRef {
        TypeRef::RUNTIME_MODULE
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        format!("{}.dll", self.0.assembly_name())
    }
}

/// The assembly of a type.
pub(crate) fn assembly_of(kind: TypeRef) -> Value {
    Native::value(Assembly(kind))
}

/// The module of a type.
pub(crate) fn module_of(kind: TypeRef) -> Value {
    Native::value(Module(kind))
}

/// One type of each assembly there is.
fn representatives() -> Vec<TypeRef> {
    let mut found: Vec<TypeRef> = Vec::new();
    for kind in types::known_types() {
        if !found.iter().any(|known| known.assembly_name() == kind.assembly_name()) {
            found.push(kind);
        }
    }
    found
}

/// All assemblies, as `AppDomain.GetAssemblies` gives them.
fn all() -> Value {
    let found = representatives().into_iter().map(assembly_of).collect();
    Value::Array(Array::typed(TypeRef::ASSEMBLY, found))
}

fn members(assembly: &Assembly) -> Value {
    let name = assembly.0.assembly_name();
    let found =
        types::known_types().filter(|kind| kind.assembly_name() == name && *kind != TypeRef::MANAGEMENT_EXCEPTION);
    super::type_array(found.collect())
}

/// A type of this assembly by its full name, whose case counts unless it is said not to.
fn find(c: &Call<'_>, ignore_case: bool, required: bool) -> Outcome<Value> {
    let assembly = this(c)?;
    let name = c.text(0);
    if name.is_empty() {
        return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The name of the type is empty."));
    }
    let found = types::resolve(name).filter(|kind| {
        let same = kind.name() == name || ignore_case && kind.name().eq_ignore_ascii_case(name);
        same && kind.assembly_name() == assembly.0.assembly_name()
    });
    match found {
        None if required => {
            Err(thrown(TypeRef::TYPE_LOAD_EXCEPTION, format!("{} has no type '{name}'.", assembly.0.assembly_name())))
        }
        found => Ok(found.map_or(Value::Null, Value::Type)),
    }
}

fn this<'a>(c: &Call<'a>) -> Outcome<&'a Assembly> {
    state::<Assembly>(c.this).ok_or_else(|| thrown(TypeRef::TARGET_EXCEPTION, "This is no assembly."))
}

/// An assembly by its short or full name.
fn load(c: &Call<'_>) -> Outcome<Value> {
    let wanted = c.text(0).split(',').next().unwrap_or_default().trim();
    let found = representatives().into_iter().find(|kind| kind.assembly_name().eq_ignore_ascii_case(wanted));
    found.map(assembly_of).ok_or_else(|| {
        thrown(
            TypeRef::FILE_NOT_FOUND_EXCEPTION,
            format!("There is no assembly '{wanted}'; this shell loads no files."),
        )
    })
}

fn with(value: &Value, look: impl Fn(&Assembly) -> Value) -> Outcome<Value> {
    Ok(state::<Assembly>(value).map_or(Value::Null, look))
}

pub(super) static ASSEMBLY: Table = Table {
    methods: &[
        ("System.Reflection.AssemblyName GetName()", |c| Ok(Native::value(AssemblyName(this(c)?.0)))),
        ("type GetType(string name)", |c| find(c, false, false)),
        ("type GetType(string name, bool throwOnError)", |c| find(c, false, c.flag(1))),
        ("type GetType(string name, bool throwOnError, bool ignoreCase)", |c| find(c, c.flag(2), c.flag(1))),
        ("type GetType()", |_| Ok(Value::Type(TypeRef::RUNTIME_ASSEMBLY))),
        ("type[] GetTypes()", |c| Ok(members(this(c)?))),
        ("type[] GetExportedTypes()", |c| Ok(members(this(c)?))),
        ("System.Object[] GetCustomAttributes(bool inherit)", |_| Ok(Value::array(Vec::new()))),
        ("System.Object[] GetCustomAttributes(type attributeType, bool inherit)", |_| Ok(Value::array(Vec::new()))),
        ("string[] GetManifestResourceNames()", |_| Ok(super::super::array::strings(Vec::<&str>::new()))),
        ("string ToString()", |c| Ok(Value::from(this(c)?.0.assembly()))),
    ],
    statics: &[
        ("static System.Reflection.Assembly GetAssembly(type type)", |c| {
            Ok(super::type_argument(c.arg(0)).map_or(Value::Null, assembly_of))
        }),
        ("static System.Reflection.Assembly GetExecutingAssembly()", |_| Ok(assembly_of(TypeRef::PSOBJECT))),
        ("static System.Reflection.Assembly GetCallingAssembly()", |_| Ok(assembly_of(TypeRef::PSOBJECT))),
        ("static System.Reflection.Assembly GetEntryAssembly()", |_| Ok(assembly_of(TypeRef::PSOBJECT))),
        ("static System.Reflection.Assembly Load(string assemblyString)", |c| load(c)),
        ("static System.Reflection.Assembly LoadWithPartialName(string partialName)", |c| {
            Ok(load(c).unwrap_or_default())
        }),
    ],
    properties: &[
        get("FullName", "string", |_, v| with(v, |a| Value::from(a.0.assembly()))),
        get("Location", "string", |_, _| Ok(Value::from(""))),
        get("IsDynamic", "bool", |_, v| with(v, |a| Value::Bool(a.0.namespace().is_none()))),
        get("ManifestModule", "System.Reflection.Module", |_, v| with(v, |a| module_of(a.0))),
        get("ImageRuntimeVersion", "string", |_, _| Ok(Value::from("v4.0.30319"))),
        get("GlobalAssemblyCache", "bool", |_, _| Ok(Value::Bool(false))),
        get("ExportedTypes", "type[]", |_, v| with(v, members)),
    ],
    ..Table::EMPTY
};

fn name(value: &Value, look: impl Fn(TypeRef) -> Value) -> Outcome<Value> {
    Ok(state::<AssemblyName>(value).map_or(Value::Null, |name| look(name.0)))
}

pub(super) static ASSEMBLY_NAME: Table = Table {
    methods: &[("string ToString()", |c| name(c.this, |kind| Value::from(kind.assembly())))],
    properties: &[
        get("Name", "string", |_, v| name(v, |kind| Value::from(kind.assembly_name()))),
        get("Version", "version", |_, v| name(v, |kind| version::of_text(kind.assembly_version()))),
        get("CultureName", "string", |_, _| Ok(Value::from(""))),
        get("FullName", "string", |_, v| name(v, |kind| Value::from(kind.assembly()))),
    ],
    ..Table::EMPTY
};

fn module(value: &Value, look: impl Fn(TypeRef) -> Value) -> Outcome<Value> {
    Ok(state::<Module>(value).map_or(Value::Null, |module| look(module.0)))
}

/// The one application domain.
struct Domain;

impl NativeObject for Domain {
    fn kind(&self) -> TypeRef {
        TypeRef::APPDOMAIN
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) static DOMAIN: Table = Table {
    methods: &[("System.Reflection.Assembly[] GetAssemblies()", |_| Ok(all()))],
    properties: &[
        get("Id", "int", |_, _| Ok(Value::I32(1))),
        get("FriendlyName", "string", |_, _| Ok(Value::from("pwsh"))),
        get("BaseDirectory", "string", |_, _| {
            let program = std::env::current_exe().ok();
            let folder = program.as_deref().and_then(std::path::Path::parent);
            Ok(folder.map_or(Value::Null, |folder| Value::from(format!("{}/", folder.display()))))
        }),
    ],
    static_properties: &[get("CurrentDomain", "System.AppDomain", |_, _| Ok(Native::value(Domain)))],
    ..Table::EMPTY
};

pub(super) static MODULE: Table = Table {
    methods: &[("string ToString()", |c| module(c.this, |kind| Value::from(format!("{}.dll", kind.assembly_name()))))],
    properties: &[
        get("Name", "string", |_, v| module(v, |kind| Value::from(format!("{}.dll", kind.assembly_name())))),
        get("ScopeName", "string", |_, v| module(v, |kind| Value::from(format!("{}.dll", kind.assembly_name())))),
        get("Assembly", "System.Reflection.Assembly", |_, v| module(v, assembly_of)),
    ],
    ..Table::EMPTY
};
