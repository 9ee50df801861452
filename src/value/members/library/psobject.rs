//! The engine's own objects: `PSObject` and its members, `[ref]`, script blocks, switches.

use super::super::describe::MemberEntry;
use super::super::table::{Call, PropertyRow, Row, Table, get, set};
use super::super::view::{self, MemberView, MembersView, MethodView, ObjectView, Reference, Shown, TypeNamesView};
use super::super::{access, extension, thrown};
use crate::value::{
    Extension, Member, Native, Outcome, PsObject, Shape, Str, SwitchParameter, TypeRef, Value, convert,
};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::PSOBJECT, &PSOBJECT),
    (TypeRef::PSCUSTOMOBJECT, &CUSTOM),
    (TypeRef::PSMEMBER_COLLECTION, &COLLECTION),
    (TypeRef::PSMEMBER_INFO, &MEMBER),
    (TypeRef::PSPROPERTY, &PROPERTY),
    (TypeRef::PSNOTEPROPERTY, &NOTE),
    (TypeRef::PSSCRIPTPROPERTY, &SCRIPT_PROPERTY),
    (TypeRef::PSALIASPROPERTY, &ALIAS),
    (TypeRef::PSSCRIPTMETHOD, &SCRIPT_METHOD),
    (TypeRef::PSPROPERTYSET, &PROPERTY_SET),
    (TypeRef::PSMETHOD, &METHOD),
    (TypeRef::PSREFERENCE, &REFERENCE),
    (TypeRef::SWITCH_PARAMETER, &SWITCH),
];

/// An object without properties, as `[object]::new()` makes it.
pub(crate) fn plain_object() -> Value {
    object(TypeRef::OBJECT, Vec::new(), Vec::new())
}

/// An object of a type, with its text and its properties.
pub(super) fn custom_of(kind: TypeRef, text: String, rows: impl Iterator<Item = (&'static str, Value)>) -> Value {
    let (names, values) = rows.map(|(name, value)| (Str::from(name), value)).unzip();
    let made = object(kind, names, values);
    if let Value::Object(object) = &made {
        object.extension.make().borrow_mut().text = Some(Str::from(text));
    }
    made
}

fn object(kind: TypeRef, names: Vec<Str>, values: Vec<Value>) -> Value {
    Value::Object(Rc::new(PsObject {
        kind,
        shape: RefCell::new(Rc::new(Shape { names })),
        values: RefCell::new(values),
        extension: Default::default(),
    }))
}

/// A custom object with these properties.
pub(crate) fn custom(properties: &[(&str, Value)]) -> Value {
    let (names, values) = properties.iter().map(|(name, value)| (Str::from(*name), value.clone())).unzip();
    object(TypeRef::PSCUSTOMOBJECT, names, values)
}

/// What a `[ref]` argument refers to.
pub(crate) fn get_reference(value: &Value) -> Value {
    match value {
        Value::Native(native) => native.data.referenced().unwrap_or_default(),
        other => other.clone(),
    }
}

/// Sets what a `[ref]` argument refers to.
pub(crate) fn set_reference(value: &Value, new: Value) -> Outcome<()> {
    match value {
        Value::Native(native) => native.data.set_referenced(new),
        _ => {
            Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "The method gives a result back through [ref]; pass [ref] $name."))
        }
    }
}

fn native<T: 'static>(value: &Value) -> Option<&T> {
    match value {
        Value::Native(native) => native.downcast::<T>(),
        _ => None,
    }
}

/// The object a `.PSObject` belongs to; an object stands for itself.
fn owner(value: &Value) -> Value {
    native::<ObjectView>(value).map_or_else(|| value.clone(), |view| view.owner.clone())
}

static PSOBJECT: Table = Table {
    methods: &[
        ("psobject Copy()", |c| Ok(copy(&owner(c.this)))),
        ("string ToString()", |c| {
            let owner = owner(c.this);
            Ok(Value::Str(convert::to_text_with(c.engine, &owner, None)?))
        }),
        ("int CompareTo(System.Object obj)", |c| {
            let (owner, other) = (owner(c.this), c.take(0));
            super::super::call(c.engine, &owner, "CompareTo", vec![other])
        }),
    ],
    constructors: &[
        ("psobject()", |_| Ok(object(TypeRef::PSCUSTOMOBJECT, Vec::new(), Vec::new()))),
        ("psobject(System.Object obj)", |c| match c.take(0) {
            table @ Value::Hashtable(_) => Ok(convert::to_custom_object(&table)),
            other => Ok(other),
        }),
    ],
    statics: &[("static psobject AsPSObject(System.Object obj)", |c| Ok(c.take(0)))],
    properties: &[
        get("Members", "System.Object", |_, v| Ok(view::members_of(&owner(v), Shown::All))),
        get("Properties", "System.Object", |_, v| Ok(view::members_of(&owner(v), Shown::Properties))),
        get("Methods", "System.Object", |_, v| Ok(view::members_of(&owner(v), Shown::Methods))),
        get("ImmediateBaseObject", "System.Object", |_, v| Ok(extension::bare(&owner(v)).clone())),
        get("BaseObject", "System.Object", |_, v| Ok(extension::bare(&owner(v)).clone())),
        get("TypeNames", "System.Object", |_, v| Ok(native_type_names(&owner(v)))),
    ],
    ..Table::EMPTY
};

fn native_type_names(owner: &Value) -> Value {
    Native::value(TypeNamesView { owner: owner.clone() })
}

static CUSTOM: Table = Table {
    // What a custom object shows of itself in text (`@{a=1}`) is the language's; its own method says nothing.
    methods: &[("string ToString()", |_| Ok(Value::from("")))],
    constructors: &[("pscustomobject()", |_| Ok(object(TypeRef::PSCUSTOMOBJECT, Vec::new(), Vec::new())))],
    // Called by name it is empty; only a conversion to text lists the properties.
    ..Table::EMPTY
};

/// A copy with properties of its own; what cannot be copied is the object itself.
fn copy(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let extension = object.extension.get().map(|extension| {
                let extension = extension.borrow();
                Extension {
                    members: extension.members.clone(),
                    type_names: extension.type_names.clone(),
                    text: extension.text.clone(),
                    part: extension.part.clone(),
                    revision: extension.revision,
                }
            });
            let copied = PsObject {
                kind: object.kind,
                shape: RefCell::new(object.shape.borrow().clone()),
                values: RefCell::new(object.values.borrow().clone()),
                extension: Default::default(),
            };
            if let Some(extension) = extension {
                *copied.extension.make().borrow_mut() = extension;
            }
            Value::Object(Rc::new(copied))
        }
        Value::Hashtable(table) => Value::Hashtable(table.copy()),
        Value::Array(_) => super::array::copy_of(value),
        other => other.clone(),
    }
}

fn members(value: &Value) -> Option<&MembersView> {
    native::<MembersView>(value)
}

static COLLECTION: Table = Table {
    methods: &[
        ("void Add(System.Object member)", |c| add_to(c)),
        ("void Add(System.Object member, bool preValidated)", |c| add_to(c)),
        ("void Remove(string name)", |c| {
            if let Some(view) = members(c.this) {
                extension::remove_member(&view.owner, c.text(0));
            }
            Ok(Value::Nothing)
        }),
        ("System.Object[] Match(string name)", |c| {
            Ok(Value::array(members(c.this).map(|view| view.matching(c.text(0))).unwrap_or_default()))
        }),
        ("System.Object get_Item(string name)", |c| {
            let key = c.take(0);
            Ok(match c.this {
                Value::Native(native) => native.data.at_key(&key).unwrap_or_default(),
                _ => Value::Null,
            })
        }),
        ("System.Object Item(string name)", |c| {
            let key = c.take(0);
            Ok(match c.this {
                Value::Native(native) => native.data.at_key(&key).unwrap_or_default(),
                _ => Value::Null,
            })
        }),
        ("System.Collections.IEnumerator GetEnumerator()", |c| {
            Ok(super::list::enumerator(super::super::elements(c.this).unwrap_or_default()))
        }),
    ],
    ..Table::EMPTY
};

fn add_to(c: &mut Call<'_>) -> Outcome<Value> {
    let Some(view) = members(c.this) else { return Ok(Value::Nothing) };
    let Some(member) = native::<MemberView>(c.arg(0)) else {
        return Err(thrown(
            TypeRef::ARGUMENT_EXCEPTION,
            "A member such as [psnoteproperty]::new('name', 1) is needed.",
        ));
    };
    let name = member.entry.borrow().name.clone();
    if view.entries().iter().any(|entry| entry.name.eq_ignore_ascii_case(&name)) {
        let kind = TypeRef::EXTENDED_TYPE_SYSTEM_EXCEPTION;
        return Err(thrown(kind, format!("The object already has a member '{name}'.")));
    }
    let source = member.source.borrow().clone().unwrap_or(Member::Note(Value::Null));
    extension::add_member(&view.owner, &name, source);
    Ok(Value::Nothing)
}

fn member(value: &Value) -> Option<&MemberView> {
    native::<MemberView>(value)
}

fn entry(value: &Value) -> Option<MemberEntry> {
    member(value).map(|view| view.entry.borrow().clone())
}

static MEMBER: Table = Table {
    methods: &[
        ("System.Object Copy()", |c| Ok(c.this.clone())),
        ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("System.Object Invoke(params System.Object[] arguments)", |c| {
            let args = c.items(0);
            let Some(view) = member(c.this) else { return Ok(Value::Null) };
            let (owner, name) = (view.owner.borrow().clone(), view.entry.borrow().name.clone());
            super::super::call(c.engine, &owner, &name, args)
        }),
    ],
    properties: MEMBER_PROPERTIES,
    ..Table::EMPTY
};

const MEMBER_TYPE: PropertyRow = get("MemberType", "System.Management.Automation.PSMemberTypes", |_, value| {
    let kind = entry(value).map_or("Method", |entry| entry.kind);
    Ok(TypeRef::PSMEMBER_TYPES.enum_value(kind).unwrap_or_default())
});
const MEMBER_VALUE: PropertyRow = set("Value", "System.Object", read_member, |engine, value, new| {
    let Some(view) = member(value) else { return Ok(()) };
    let (owner, name) = (view.owner.borrow().clone(), view.entry.borrow().name.clone());
    if owner.is_null() {
        view.source.replace(Some(Member::Note(new)));
        return Ok(());
    }
    access::set(engine, &owner, &name, new)
});
const IS_SETTABLE: PropertyRow =
    get("IsSettable", "bool", |_, value| Ok(Value::Bool(entry(value).is_some_and(|entry| entry.settable))));
const IS_GETTABLE: PropertyRow = get("IsGettable", "bool", |_, _| Ok(Value::Bool(true)));
const TYPE_NAME_OF_VALUE: PropertyRow = get("TypeNameOfValue", "string", |engine, value| {
    let listed = entry(value).map_or("", |entry| entry.value_type);
    if let Some(kind) = crate::value::types::resolve(listed) {
        return Ok(Value::from(kind.name()));
    }
    let found = read_member(engine, value)?;
    Ok(Value::from(if found.is_null() { "System.Object" } else { TypeRef::of(&found).name() }))
});
const MEMBER_NAME: PropertyRow =
    get("Name", "string", |_, value| Ok(entry(value).map_or(Value::Null, |entry| Value::Str(entry.name))));
const IS_INSTANCE: PropertyRow = get("IsInstance", "bool", |_, value| {
    let owned = member(value).map(|view| (view.owner.borrow().clone(), view.entry.borrow().name.clone()));
    Ok(Value::Bool(owned.is_some_and(|(owner, name)| is_instance(&owner, &name))))
});
const SCRIPT: PropertyRow = get("Script", "scriptblock", |_, value| Ok(script(value)));
const GETTER: PropertyRow = get("GetterScript", "scriptblock", |_, value| Ok(script(value)));
const SETTER: PropertyRow = get("SetterScript", "scriptblock", |_, value| {
    Ok(match member(value).and_then(|view| view.source.borrow().clone()) {
        Some(Member::Script(_, Some(setter))) => Value::ScriptBlock(setter),
        _ => Value::Null,
    })
});
const REFERENCED_MEMBER: PropertyRow = get("ReferencedMemberName", "string", |_, value| {
    Ok(match member(value).and_then(|view| view.source.borrow().clone()) {
        Some(Member::Alias(target, _)) => Value::Str(target),
        _ => Value::Null,
    })
});
const CONVERSION_TYPE: PropertyRow = get("ConversionType", "type", |_, value| {
    Ok(match member(value).and_then(|view| view.source.borrow().clone()) {
        Some(Member::Alias(_, Some(kind))) => Value::Type(kind),
        _ => Value::Null,
    })
});
const REFERENCED_NAMES: PropertyRow = get("ReferencedPropertyNames", "string[]", |_, value| {
    Ok(match member(value).and_then(|view| view.source.borrow().clone()) {
        Some(Member::PropertySet(names)) => super::array::strings(names),
        _ => Value::Null,
    })
});

/// What every member has; the classes list the same in orders of their own.
const MEMBER_PROPERTIES: &[PropertyRow] = &[MEMBER_TYPE, MEMBER_VALUE, TYPE_NAME_OF_VALUE, MEMBER_NAME, IS_INSTANCE];
const PROPERTY_PROPERTIES: &[PropertyRow] =
    &[MEMBER_TYPE, MEMBER_VALUE, IS_SETTABLE, IS_GETTABLE, TYPE_NAME_OF_VALUE, MEMBER_NAME, IS_INSTANCE];
const NOTE_PROPERTIES: &[PropertyRow] =
    &[MEMBER_TYPE, IS_SETTABLE, IS_GETTABLE, MEMBER_VALUE, TYPE_NAME_OF_VALUE, MEMBER_NAME, IS_INSTANCE];
const ALIAS_PROPERTIES: &[PropertyRow] = &[
    REFERENCED_MEMBER,
    CONVERSION_TYPE,
    MEMBER_TYPE,
    TYPE_NAME_OF_VALUE,
    IS_SETTABLE,
    IS_GETTABLE,
    MEMBER_VALUE,
    MEMBER_NAME,
    IS_INSTANCE,
];
const SCRIPT_PROPERTIES: &[PropertyRow] = &[
    GETTER,
    SETTER,
    MEMBER_TYPE,
    IS_SETTABLE,
    IS_GETTABLE,
    MEMBER_VALUE,
    TYPE_NAME_OF_VALUE,
    MEMBER_NAME,
    IS_INSTANCE,
];

static PROPERTY: Table = Table { properties: PROPERTY_PROPERTIES, ..Table::EMPTY };

fn script(value: &Value) -> Value {
    match member(value).and_then(|view| view.source.borrow().clone()) {
        Some(Member::Script(block, _) | Member::Method(block)) => Value::ScriptBlock(block),
        _ => Value::Null,
    }
}

/// True for members of the object itself, not of its type.
fn is_instance(owner: &Value, name: &str) -> bool {
    let added = extension::own_members(owner).iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    added
        || matches!(owner, Value::Object(object) if object.shape.borrow().names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

fn read_member(engine: &mut dyn crate::value::Engine, value: &Value) -> Outcome<Value> {
    let Some(view) = member(value) else { return Ok(Value::Null) };
    let (owner, name) = (view.owner.borrow().clone(), view.entry.borrow().name.clone());
    if owner.is_null() {
        let source = view.source.borrow().clone();
        return match source {
            Some(Member::Note(found)) => Ok(found),
            _ => Ok(Value::Null),
        };
    }
    Ok(access::get_own(engine, &owner, &name)?.unwrap_or_default())
}

fn made(name: &str, source: Member) -> Value {
    view::member(&Value::Null, name, source)
}

static NOTE: Table = Table {
    constructors: &[("psnoteproperty(string name, System.Object value)", |c| {
        let value = c.take(1);
        Ok(made(c.text(0), Member::Note(value)))
    })],
    properties: NOTE_PROPERTIES,
    ..Table::EMPTY
};

static ALIAS: Table = Table {
    constructors: &[
        ("psaliasproperty(string name, string referencedMemberName)", |c| {
            Ok(made(c.text(0), Member::Alias(Str::from(c.text(1)), None)))
        }),
        ("psaliasproperty(string name, string referencedMemberName, type conversionType)", |c| {
            let kind = if let Value::Type(kind) = c.arg(2) { Some(*kind) } else { None };
            Ok(made(c.text(0), Member::Alias(Str::from(c.text(1)), kind)))
        }),
    ],
    properties: ALIAS_PROPERTIES,
    ..Table::EMPTY
};

static SCRIPT_PROPERTY: Table = Table {
    constructors: &[
        ("psscriptproperty(string name, scriptblock getterScript)", |c| script_property(c, None)),
        ("psscriptproperty(string name, scriptblock getterScript, scriptblock setterScript)", |c| {
            let setter = if let Value::ScriptBlock(block) = c.arg(2) { Some(block.clone()) } else { None };
            script_property(c, setter)
        }),
    ],
    properties: SCRIPT_PROPERTIES,
    ..Table::EMPTY
};

fn script_property(c: &mut Call<'_>, setter: Option<Rc<crate::value::ScriptBlock>>) -> Outcome<Value> {
    match c.arg(1) {
        Value::ScriptBlock(getter) => Ok(made(c.text(0), Member::Script(getter.clone(), setter))),
        _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "A script property needs a script block that reads it.")),
    }
}

static SCRIPT_METHOD: Table = Table {
    constructors: &[("psscriptmethod(string name, scriptblock script)", |c| match c.arg(1) {
        Value::ScriptBlock(block) => Ok(made(c.text(0), Member::Method(block.clone()))),
        _ => Err(thrown(TypeRef::ARGUMENT_EXCEPTION, "A script method needs a script block.")),
    })],
    properties: &[SCRIPT],
    ..Table::EMPTY
};

static PROPERTY_SET: Table = Table {
    constructors: &[("pspropertyset(string name, string[] referencedPropertyNames)", |c| {
        let names = c.items(1).iter().map(convert::to_text).collect();
        Ok(made(c.text(0), Member::PropertySet(names)))
    })],
    properties: &[REFERENCED_NAMES],
    ..Table::EMPTY
};

static METHOD: Table = Table {
    methods: &[("System.Object Invoke(params System.Object[] arguments)", |c| {
        let args = c.items(0);
        let Some(view) = native::<MethodView>(c.this) else {
            let Some(view) = member(c.this) else { return Ok(Value::Null) };
            let (owner, name) = (view.owner.borrow().clone(), view.entry.borrow().name.clone());
            return super::super::call(c.engine, &owner, &name, args);
        };
        match &view.owner {
            Value::Type(kind) => super::super::call_static(c.engine, *kind, view.method.name, args),
            owner => super::super::call(c.engine, owner, view.method.name, args),
        }
    })],
    properties: &[
        get("OverloadDefinitions", "System.Object", |_, value| {
            let signatures = native::<MethodView>(value)
                .map(|view| view.method.overloads.iter().map(|overload| overload.signature).collect::<Vec<_>>());
            Ok(super::array::strings(signatures.unwrap_or_default()))
        }),
        get("Name", "string", |_, value| {
            let name = native::<MethodView>(value).map(|view| view.method.name);
            Ok(name.map_or_else(|| entry(value).map_or(Value::Null, |entry| Value::Str(entry.name)), Value::from))
        }),
    ],
    ..Table::EMPTY
};

static REFERENCE: Table = Table {
    constructors: &[("ref(System.Object value)", |c| Ok(Native::value(Reference(RefCell::new(c.take(0))))))],
    properties: &[set(
        "Value",
        "System.Object",
        |_, value| Ok(get_reference(value)),
        |_, value, new| set_reference(value, new),
    )],
    ..Table::EMPTY
};

static SWITCH: Table = Table {
    methods: &[("bool ToBool()", |c| Ok(Value::Bool(convert::to_bool(c.this))))],
    constructors: &[("switch(bool isPresent)", |c| Ok(Native::value(SwitchParameter { is_present: c.flag(0) })))],
    properties: &[get("IsPresent", "bool", |_, value| Ok(Value::Bool(convert::to_bool(value))))],
    static_properties: &[get("Present", "switch", |_, _| Ok(Native::value(SwitchParameter { is_present: true })))],
    ..Table::EMPTY
};

/// Script blocks; running and closing over them is the runtime's.
pub(super) static SCRIPTBLOCK: Table = Table {
    methods: SCRIPTBLOCK_METHODS,
    statics: &[("static scriptblock Create(string script)", |c| {
        let text = c.take(0);
        convert::to(c.engine, &text, TypeRef::SCRIPTBLOCK)
    })],
    properties: &[
        get("Attributes", "System.Object", |_, _| Ok(Value::array(Vec::new()))),
        get("File", "string", |_, _| Ok(Value::Null)),
        get("IsFilter", "bool", |_, value| {
            Ok(Value::Bool(matches!(value, Value::ScriptBlock(block) if block.is_filter)))
        }),
        get("Module", "psmoduleinfo", |_, _| Ok(Value::Null)),
        get("StartPosition", "System.Object", |_, _| Ok(Value::Null)),
        get("DebuggerHidden", "bool", |_, _| Ok(Value::Bool(false))),
        get("Id", "guid", |_, value| Ok(super::guid::of_address(value))),
        get("Ast", "System.Object", |_, value| {
            let text = convert::to_text(value);
            let extent = custom(&[("Text", Value::Str(text))]);
            Ok(custom(&[("Extent", extent)]))
        }),
    ],
    ..Table::EMPTY
};

const SCRIPTBLOCK_METHODS: &[Row] = &[
    ("System.Object Invoke(params System.Object[] args)", |c| {
        let args = c.items(0);
        let Value::ScriptBlock(block) = c.this else { return Ok(Value::Null) };
        let result = c.engine.invoke(block, &args, None)?;
        Ok(super::list::collection(super::super::enumerable(&result).unwrap_or_else(|| match result {
            Value::Nothing => Vec::new(),
            one => vec![one],
        })))
    }),
    ("System.Object InvokeReturnAsIs(params System.Object[] args)", |c| {
        let args = c.items(0);
        let Value::ScriptBlock(block) = c.this else { return Ok(Value::Null) };
        c.engine.invoke(block, &args, None)
    }),
    ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
    ("void CheckRestrictedLanguage(string[] commands, string[] variables, bool environment)", |_| Ok(Value::Nothing)),
];
