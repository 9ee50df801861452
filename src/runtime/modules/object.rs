//! Modules as scripts see them: `PSModuleInfo`.

use super::Exported;
use crate::runtime::session_state::Module;
use crate::runtime::{Command, Session, objects};
use crate::value::{Hashtable, Native, NativeObject, PsObject, ScriptBlock, Str, TypeRef, Value, types};
use std::any::Any;
use std::rc::Rc;

/// What ties a module's object to the module: its `SessionState`.
struct Handle(Rc<Module>);

impl NativeObject for Handle {
    fn kind(&self) -> TypeRef {
        types::resolve("System.Management.Automation.SessionState").unwrap_or(TypeRef::OBJECT)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn find(object: &PsObject, name: &str) -> Option<usize> {
    object.shape.borrow().names.iter().position(|known| known.eq_ignore_ascii_case(name))
}

/// The module behind an object.
pub(crate) fn module_of(value: &Value) -> Option<Rc<Module>> {
    let Value::Object(object) = value else { return None };
    let at = find(object, "SessionState")?;
    match object.values.borrow().get(at) {
        Some(Value::Native(native)) => native.downcast::<Handle>().map(|handle| handle.0.clone()),
        _ => None,
    }
}

/// What `OnRemove` of the module's object was set to.
pub(super) fn on_remove(module: &Rc<Module>) -> Option<Rc<ScriptBlock>> {
    let Some(Value::Object(object)) = module.object.borrow().clone() else { return None };
    let at = find(&object, "OnRemove")?;
    match object.values.borrow().get(at) {
        Some(Value::ScriptBlock(block)) => Some(block.clone()),
        _ => None,
    }
}

/// The object of a module; always the same one, brought up to date.
pub(crate) fn module_object(session: &mut Session, module: &Rc<Module>) -> Value {
    let exported = session.exported(module);
    let rows = rows(session, module, &exported);
    let known = module.object.borrow().clone();
    if let Some(Value::Object(object)) = &known {
        let mut values = object.values.borrow_mut();
        for (name, value) in rows {
            let at = object.shape.borrow().names.iter().position(|n| n.as_str() == name);
            if name != "OnRemove"
                && let Some(place) = at.and_then(|at| values.get_mut(at))
            {
                *place = value;
            }
        }
        return Value::Object(object.clone());
    }
    let name = module.name.borrow().clone();
    let made = objects::object_with_text("System.Management.Automation.PSModuleInfo", name, rows);
    module.object.replace(Some(made.clone()));
    made
}

fn table(pairs: impl Iterator<Item = (Str, Value)>) -> Value {
    Value::Hashtable(Hashtable::from_pairs(true, pairs.map(|(name, value)| (Value::Str(name), value))))
}

fn rows(session: &mut Session, module: &Rc<Module>, exported: &Exported) -> Vec<(&'static str, Value)> {
    let path = module.path.borrow().clone();
    let base = std::path::Path::new(path.as_str()).parent().map(|p| p.to_string_lossy().into_owned());
    let functions: Vec<(Str, Value)> = shown_functions(session, module, exported);
    let functions = if functions.is_empty() { declared(module, "FunctionsToExport") } else { functions };
    let cmdlets = declared(module, "CmdletsToExport");
    let aliases: Vec<(Str, Value)> = exported.aliases.iter().map(|(n, a)| (n.clone(), alias(a))).collect();
    let variables = exported.variables.iter().map(|name| {
        let held = module.state.get().and_then(|s| s.frame.get()).and_then(|f| f.boxed(*name));
        (Str::from(name.name()), held.map_or(Value::Null, crate::runtime::objects::variable_object))
    });
    let variables: Vec<(Str, Value)> = variables.collect();
    let data = |name: &str| module.properties.borrow().get(name).cloned().unwrap_or_default();
    let enumeration = |kind: &str, member: &str| {
        types::resolve(kind).and_then(|kind| kind.enum_value(member)).unwrap_or_else(|| Value::from(member))
    };
    let kind = match data("ModuleType") {
        Value::Str(kind) => kind,
        _ => Str::from("Script"),
    };
    let version = types::resolve("version")
        .and_then(|kind| crate::value::convert::to(session, &Value::Str(module.version.borrow().clone()), kind).ok());
    let guid = types::resolve("guid").and_then(|kind| {
        let text = match data("Guid") {
            Value::Str(text) => text,
            _ => Str::from("00000000-0000-0000-0000-000000000000"),
        };
        crate::value::convert::to(session, &Value::Str(text), kind).ok()
    });
    let nested: Vec<Rc<Module>> = module.nested.borrow().clone();
    let nested: Vec<Value> = nested.iter().map(|nested| module_object(session, nested)).collect();
    let text = |value: Value| if value.is_null() { Value::from("") } else { value };
    vec![
        ("ModuleType", enumeration("System.Management.Automation.ModuleType", &kind)),
        ("Version", version.unwrap_or_default()),
        ("PreRelease", Value::Null),
        ("Name", Value::Str(module.name.borrow().clone())),
        ("Path", Value::Str(path)),
        ("ModuleBase", base.map_or(Value::Null, Value::from)),
        ("Description", text(data("Description"))),
        ("Guid", guid.unwrap_or_default()),
        ("Author", text(data("Author"))),
        ("CompanyName", text(data("CompanyName"))),
        ("Copyright", text(data("Copyright"))),
        ("RootModule", data("RootModule")),
        ("PrivateData", data("PrivateData")),
        ("Tags", data("Tags")),
        ("ExportedFunctions", table(functions.iter().cloned())),
        ("ExportedCmdlets", table(cmdlets.iter().cloned())),
        ("ExportedAliases", table(aliases.iter().cloned())),
        ("ExportedVariables", table(variables.into_iter())),
        ("ExportedCommands", table(functions.into_iter().chain(cmdlets).chain(aliases))),
        ("NestedModules", Value::array(nested)),
        (
            "RequiredModules",
            match data("RequiredModules") {
                Value::Null => Value::array(Vec::new()),
                required => required,
            },
        ),
        ("CompatiblePSEditions", data("CompatiblePSEditions")),
        ("FileList", data("FileList")),
        ("OnRemove", Value::Null),
        ("SessionState", Native::value(Handle(module.clone()))),
        ("Definition", data("Definition")),
        ("AccessMode", Value::from("ReadWrite")),
    ]
}

/// The names that a module which is only described says it exports.
fn declared(module: &Rc<Module>, key: &str) -> Vec<(Str, Value)> {
    let properties = module.properties.borrow();
    let names = match properties.get(key) {
        Some(Value::Array(names)) => names.values(),
        _ => Vec::new(),
    };
    names.into_iter().map(|name| (crate::value::convert::to_text(&name), name)).collect()
}

/// Exported functions under the names they were imported by.
fn shown_functions(session: &Session, module: &Rc<Module>, exported: &Exported) -> Vec<(Str, Value)> {
    let prefix = match module.properties.borrow().get("Prefix") {
        Some(Value::Str(prefix)) => prefix.to_string(),
        _ => String::new(),
    };
    let functions = exported.functions.iter();
    functions
        .map(|(name, function)| {
            (super::load::prefixed(name, &prefix), session.command_object(&Command::Function(function.clone())))
        })
        .collect()
}

fn alias(alias: &crate::runtime::AliasInfo) -> Value {
    objects::object_with_text(
        "System.Management.Automation.AliasInfo",
        alias.name.clone(),
        vec![("Name", Value::Str(alias.name.clone())), ("Definition", Value::Str(alias.definition.clone()))],
    )
}
