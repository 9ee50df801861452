//! The parameters of a call against the manifest: none that the cmdlet does not have, none of another type.

use super::Service;
use crate::api::{Call, Problem};
use crate::catalogue::{Cmdlet, Parameter, ValueType};
use serde_json::Value;

/// What the shell sends in place of a parameter that names a file or folder, or beside one.
const FOR_FILES: [&str; 5] = ["document", "byteInput", "userList", "output", "written"];

/// PC-E25 where a parameter of the call is unknown to its cmdlet, or has a value of another type; PC-E27 where one that
/// must be there is not.
pub(super) fn check(service: &Service, call: &Call) -> Result<(), Problem> {
    if call.identity.as_ref().is_some_and(|identity| identity.trim().is_empty()) {
        return Err(Problem::new("PC-E13", "An identity cannot be empty."));
    }
    let name = call.cmdlet();
    let Some(Ok(noun)) = service.catalogue.noun_of(&name) else { return Ok(()) };
    let Some(cmdlet) = name.split_once('-').and_then(|(verb, _)| noun.cmdlet(verb)) else { return Ok(()) };
    let given = |parameter: &Parameter| match parameter.name.as_str() {
        "Identity" => call.identity.is_some(),
        // The shell reads the file and sends what it holds.
        "Path" | "FileName" | "UserList" if FOR_FILES.iter().any(|name| call.parameters.given(name)) => true,
        _ => call.parameters.given(&parameter.wire_name()),
    };
    let missing = cmdlet.parameters.iter().find(|parameter| parameter.is_required() && !given(parameter));
    if let Some(parameter) = missing.filter(|_| !call.parameters.given("instance")) {
        let message = format!("{} needs the parameter '{}'.", call.cmdlet(), parameter.wire_name());
        return Err(Problem::new("PC-E27", message));
    }
    call.parameters.0.iter().try_for_each(|(name, value)| check_one(cmdlet, call, name, value))
}

fn check_one(cmdlet: &Cmdlet, call: &Call, name: &str, value: &Value) -> Result<(), Problem> {
    // The wire name is made only where it can be the one.
    let is_named = |parameter: &&Parameter| parameter.name.eq_ignore_ascii_case(name) && parameter.wire_name() == name;
    let Some(parameter) = cmdlet.parameters.iter().find(is_named) else {
        if FOR_FILES.contains(&name) {
            return Ok(());
        }
        return Err(Problem::new("PC-E25", format!("{} has no parameter '{name}'.", call.cmdlet())));
    };
    // What is left of an identity here was none that could be taken as one.
    match parameter.name != "Identity" && fits(&parameter.kind, value) {
        true => Ok(()),
        false => {
            let shown: String = value.to_string().chars().take(60).collect();
            let message = format!("The parameter '{name}' takes {}, not {shown}.", wanted(&parameter.kind));
            Err(Problem::new("PC-E25", message))
        }
    }
}

/// Is a value of a type? Text stands for what it says, as in a query; `null` is a value of every type.
fn fits(kind: &ValueType, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        _ if value.is_null() => true,
        ValueType::Object | ValueType::Xml => value.is_object() || value.is_string(),
        ValueType::Credential | ValueType::Hashtable => value.is_object(),
        ValueType::Boolean | ValueType::Switch => match text {
            Some(text) => ["true", "false", "1", "0"].iter().any(|known| text.eq_ignore_ascii_case(known)),
            None => value.is_boolean(),
        },
        ValueType::Byte | ValueType::UInt16 | ValueType::UInt32 | ValueType::UInt64 => {
            text.map_or(value.is_u64(), |text| text.trim().parse::<u64>().is_ok())
        }
        ValueType::Int16 | ValueType::Int32 | ValueType::Int64 => {
            text.map_or(value.is_i64(), |text| text.trim().parse::<i64>().is_ok())
        }
        ValueType::Double => text.map_or(value.is_number(), |text| text.trim().parse::<f64>().is_ok()),
        ValueType::Unlimited => value.is_string() || value.is_i64(),
        ValueType::Guid => text.is_some_and(|text| uuid::Uuid::try_parse(text).is_ok()),
        ValueType::List(item) if **item == ValueType::Byte => value.is_string(),
        ValueType::List(item) => fits_list(item, value),
        ValueType::ListModifier(item) => match value {
            Value::Object(parts) => parts.values().all(|part| fits_list(item, part)),
            list => fits_list(item, list),
        },
        ValueType::Enumeration(_) => value.is_string() || value.is_i64(),
        ValueType::String
        | ValueType::DateTime
        | ValueType::TimeSpan
        | ValueType::Fqdn
        | ValueType::SipAddress
        | ValueType::Url
        | ValueType::Identity
        | ValueType::User
        | ValueType::Filter => value.is_string(),
    }
}

/// One value counts as a list of one.
fn fits_list(item: &ValueType, value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|value| !value.is_null() && fits(item, value)),
        single => fits(item, single),
    }
}

fn wanted(kind: &ValueType) -> &'static str {
    match kind {
        ValueType::Boolean | ValueType::Switch => "true or false",
        ValueType::Byte | ValueType::UInt16 | ValueType::UInt32 | ValueType::UInt64 => "a whole number from 0",
        ValueType::Int16 | ValueType::Int32 | ValueType::Int64 => "a whole number",
        ValueType::Double => "a number",
        ValueType::Guid => "a GUID",
        ValueType::List(item) if **item == ValueType::Byte => "bytes in base64",
        ValueType::List(_) => "a list",
        ValueType::ListModifier(_) => "a list, or an object with add, remove or replace",
        ValueType::Unlimited => "a whole number, or Unlimited",
        _ => "a text",
    }
}
