//! Names in a tree: types as written (`ITypeName`) and variables' paths (`VariablePath`).

use super::super::objects::object;
use super::place;
use crate::syntax::{Source, TypeName, Variable};
use crate::value::{Native, NativeObject, Str, TypeRef, Value, types};
use std::any::Any;
use std::rc::Rc;

/// A type's name as it was written.
pub(in crate::runtime) struct WrittenType {
    pub(in crate::runtime) name: TypeName,
    source: Rc<Source>,
}

/// The object of a written type name.
pub(super) fn type_name(name: &TypeName, source: &Rc<Source>) -> Value {
    Native::value(WrittenType { name: name.clone(), source: source.clone() })
}

/// The name with its arguments and array marks.
fn full_name(name: &TypeName) -> String {
    let mut text = name.name.to_string();
    if !name.arguments.is_empty() {
        let arguments: Vec<String> = name.arguments.iter().map(full_name).collect();
        text.push_str(&format!("[{}]", arguments.join(",")));
    }
    for rank in &name.ranks {
        text.push_str(&format!("[{}]", ",".repeat(usize::from(rank.saturating_sub(1)))));
    }
    if let Some(assembly) = &name.assembly {
        text.push_str(&format!(",{assembly}"));
    }
    text
}

const TYPE_NAME_MEMBERS: [&str; 9] =
    ["FullName", "Name", "AssemblyName", "IsArray", "IsGeneric", "Extent", "ElementType", "Rank", "GenericArguments"];

impl NativeObject for WrittenType {
    fn kind(&self) -> TypeRef {
        match (self.name.ranks.is_empty(), self.name.arguments.is_empty()) {
            (false, _) => TypeRef::ARRAY_TYPE_NAME,
            (true, false) => TypeRef::GENERIC_TYPE_NAME,
            (true, true) => TypeRef::LANGUAGE_TYPE_NAME,
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        full_name(&self.name)
    }
    fn member(&self, name: &str) -> Option<Value> {
        let at = TYPE_NAME_MEMBERS.iter().position(|known| known.eq_ignore_ascii_case(name))?;
        let is_array = !self.name.ranks.is_empty();
        Some(match at {
            0 => Value::from(full_name(&self.name)),
            1 => Value::from(full_name(&TypeName { assembly: None, ..self.name.clone() })),
            2 => self.name.assembly.as_deref().map_or(Value::Null, Value::from),
            3 => Value::Bool(is_array),
            4 => Value::Bool(!is_array && !self.name.arguments.is_empty()),
            5 => place::extent(&self.source, self.name.span),
            6 if is_array => {
                let mut element = self.name.clone();
                element.ranks.pop();
                type_name(&element, &self.source)
            }
            7 if is_array => Value::I32(self.name.ranks.last().map_or(1, |rank| i32::from(*rank))),
            8 => Value::array(self.name.arguments.iter().map(|one| type_name(one, &self.source)).collect()),
            _ => return None,
        })
    }
    fn member_names(&self) -> Vec<Str> {
        TYPE_NAME_MEMBERS[..6].iter().map(|name| Str::from(*name)).collect()
    }
}

/// The type that a written name means where no script is asked: `System.Object` for an unknown one.
pub(super) fn static_type(name: &TypeName) -> Value {
    Value::Type(types::resolve(&full_name(name)).unwrap_or(TypeRef::OBJECT))
}

/// The `VariablePath` of a variable.
pub(super) fn variable_path(variable: &Variable) -> Value {
    let scope = variable.scope.as_deref().unwrap_or("");
    let is = |name: &str| Value::Bool(scope.eq_ignore_ascii_case(name));
    let scoped = ["global", "local", "script", "private", "variable", "using", "workflow"];
    let is_drive = !scope.is_empty() && !scoped.iter().any(|known| scope.eq_ignore_ascii_case(known));
    let user_path = match scope {
        "" => variable.name.to_string(),
        _ => format!("{scope}:{}", variable.name),
    };
    object(
        "System.Management.Automation.VariablePath",
        vec![
            ("UserPath", Value::from(user_path)),
            ("IsGlobal", is("global")),
            ("IsLocal", is("local")),
            ("IsPrivate", is("private")),
            ("IsScript", is("script")),
            ("IsUnqualified", Value::Bool(scope.is_empty())),
            ("IsUnscopedVariable", Value::Bool(scope.is_empty())),
            ("IsVariable", Value::Bool(!is_drive)),
            ("IsDriveQualified", Value::Bool(is_drive)),
            ("DriveName", if is_drive { Value::str(scope) } else { Value::Null }),
        ],
    )
}
