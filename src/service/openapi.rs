//! The description of the API (OpenAPI 3.1), made of the manifests and the table of errors.

use super::Service;
use super::registry::{self, OWN_NOUNS};
use crate::api::{ERRORS, collection};
use crate::catalogue::{Cmdlet, Noun, ValueType};
use serde_json::{Map, Value, json};

/// The whole document.
pub(crate) fn document(service: &Service) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("Problem".to_owned(), problem_schema());
    for noun in service.catalogue.all() {
        schemas.insert(noun.name.clone(), object_schema(&noun));
        for cmdlet in noun.cmdlets.iter().filter(|cmdlet| !cmdlet.local) {
            add_catalogue(&mut paths, &noun, cmdlet);
        }
    }
    for noun in OWN_NOUNS {
        for verb in registry::own_verbs(noun) {
            let operation = operation(&format!("{verb}-{noun}"), "The service's own.", None, noun, &[]);
            place(&mut paths, verb, noun, operation);
        }
    }
    // The one call that proves who calls, and needs no proof.
    if let Some(log_on) = paths.get_mut("/v1/sessions").and_then(|item| item.get_mut("post")) {
        log_on["security"] = json!([]);
    }
    add_links(&mut paths);
    add_operation(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "pcsh management service",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every cmdlet is a call: Get is GET, New is POST on the collection, Set is PATCH, Remove is DELETE, any other verb is POST on {identity}:verb ('-' stands for no identity). Further headers of calls: If-Match (an ETag that a GET answered), Transaction-Id (an identity that POST /v1/transactions answered), Session-Computer.",
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": {
                "description": ERRORS.iter().map(|row| format!("{}: {}", row.id, row.meaning)).collect::<Vec<_>>().join("; "),
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "id", "category"],
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
            "detail": { "type": "string" }, "id": { "type": "string", "enum": ERRORS.iter().map(|row| row.id).collect::<Vec<_>>() },
            "category": { "type": "string" }, "target": {}, "requestId": { "type": "string" },
            "terminating": { "type": "boolean" }, "faults": { "type": "array", "items": { "type": "string" } },
        },
    })
}

fn type_schema(noun: &Noun, kind: &ValueType) -> Value {
    match kind {
        ValueType::Boolean | ValueType::Switch => json!({ "type": "boolean" }),
        ValueType::Byte | ValueType::UInt16 | ValueType::UInt32 | ValueType::UInt64 => {
            json!({ "type": "integer", "minimum": 0 })
        }
        ValueType::Int16 | ValueType::Int32 | ValueType::Int64 => json!({ "type": "integer" }),
        ValueType::Double => json!({ "type": "number" }),
        ValueType::DateTime => json!({ "type": "string", "format": "date-time" }),
        ValueType::Guid => json!({ "type": "string", "format": "uuid" }),
        ValueType::Enumeration(name) => match noun.enumeration(name) {
            Some(values) => json!({ "type": "string", "enum": values }),
            None => json!({ "type": "string" }),
        },
        ValueType::List(item) => match item.as_ref() {
            ValueType::Byte => json!({ "type": "string", "contentEncoding": "base64" }),
            item => json!({ "type": "array", "items": type_schema(noun, item) }),
        },
        ValueType::ListModifier(item) => {
            let list = or_single(json!({ "type": "array", "items": type_schema(noun, item) }));
            json!({ "oneOf": [
                list, { "type": "null" },
                { "type": "object", "properties": { "add": list, "remove": list, "replace": list }, "additionalProperties": false },
            ] })
        }
        ValueType::Object => json!({ "type": ["object", "string"] }),
        ValueType::Credential | ValueType::Hashtable => json!({ "type": "object" }),
        ValueType::Unlimited => json!({ "type": ["integer", "string"] }),
        ValueType::String
        | ValueType::TimeSpan
        | ValueType::Fqdn
        | ValueType::SipAddress
        | ValueType::Url
        | ValueType::Identity
        | ValueType::User
        | ValueType::Xml
        | ValueType::Filter => json!({ "type": "string" }),
    }
}

/// One value counts as a list of one.
fn or_single(mut schema: Value) -> Value {
    if let Some(single) = schema.pointer("/items/type").filter(|kind| kind.is_string()).cloned() {
        schema["type"] = json!(["array", single]);
    }
    schema
}

/// What a property without a value shows is null.
fn nullable(mut schema: Value) -> Value {
    match schema.get_mut("type") {
        Some(Value::Array(kinds)) => kinds.push(json!("null")),
        Some(kind) => *kind = json!([kind.clone(), "null"]),
        None => {}
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    schema
}

fn object_schema(noun: &Noun) -> Value {
    let mut properties = Map::new();
    for property in &noun.properties {
        let kind = match &property.kind {
            ValueType::ListModifier(item) => ValueType::List(item.clone()),
            other => other.clone(),
        };
        let mut schema = nullable(type_schema(noun, &kind));
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), json!(property.help));
        }
        properties.insert(property.wire_name(), schema);
    }
    json!({ "type": "object", "description": noun.synopsis, "properties": properties })
}

fn add_catalogue(paths: &mut Map<String, Value>, noun: &Noun, cmdlet: &Cmdlet) {
    let parameters: Vec<(String, Value, String, bool)> = cmdlet
        .parameters
        .iter()
        .filter(|parameter| !parameter.local && (parameter.name != "Identity" || cmdlet.verb == "New"))
        .map(|parameter| {
            (parameter.wire_name(), type_schema(noun, &parameter.kind), parameter.help.clone(), parameter.is_required())
        })
        .collect();
    let operation = operation(&cmdlet.name(), &cmdlet.synopsis, Some(&noun.name), &noun.name, &parameters);
    place(paths, &cmdlet.verb, &noun.name, operation);
}

fn operation(
    name: &str,
    summary: &str,
    schema: Option<&str>,
    tag: &str,
    parameters: &[(String, Value, String, bool)],
) -> Value {
    let verb = name.split('-').next().unwrap_or_default();
    let item = schema.map_or_else(
        || json!({}),
        |name| json!({ "anyOf": [{ "$ref": format!("#/components/schemas/{name}") }, { "type": ["string", "boolean"] }] }),
    );
    let mut operation = json!({
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "responses": {
            "200": { "description": "Done.", "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["value"],
                "properties": {
                    "value": { "type": "array", "items": item },
                    "nextCursor": { "type": "string" },
                    "targets": { "type": "array", "items": { "type": "string" } },
                    "revisions": { "type": "array", "items": { "type": "integer" } },
                    "warnings": { "type": "array", "items": { "type": "string" } },
                    "verbose": { "type": "array", "items": { "type": "string" } },
                    "problems": { "type": "array", "items": { "$ref": "#/components/schemas/Problem" } },
                },
            } } } },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    let mut given: Vec<Value> = Vec::new();
    if verb == "Get" || verb == "Remove" {
        for (name, schema, help, _) in parameters {
            given.push(json!({ "name": name, "in": "query", "description": help, "schema": schema }));
        }
    } else {
        let mut properties = Map::new();
        for (name, schema, ..) in parameters {
            properties.insert(name.clone(), nullable(or_single(schema.clone())));
        }
        let required: Vec<&String> =
            parameters.iter().filter(|(.., required)| *required).map(|(name, ..)| name).collect();
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": {
            "type": "object", "properties": properties, "required": required,
        } } } });
    }
    if verb != "Get" {
        given.push(json!({ "name": "whatIf", "in": "query", "schema": { "type": "boolean" } }));
        given.push(
            json!({ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 128 } }),
        );
    } else {
        given.push(json!({ "name": "cursor", "in": "query", "schema": { "type": "string" } }));
        given.push(json!({ "name": "pageSize", "in": "query", "schema": { "type": "integer", "minimum": 1 } }));
    }
    operation["parameters"] = Value::Array(given);
    operation
}

/// Where the identity of what a POST made leads: to the operations on that one object.
fn add_links(paths: &mut Map<String, Value>) {
    let mut links: Vec<(String, Map<String, Value>)> = Vec::new();
    for base in
        paths.iter().filter(|(path, item)| !path.contains('{') && item.get("post").is_some()).map(|(path, _)| path)
    {
        let one = format!("{base}/{{identity}}");
        let ends_transaction = |path: &str| path.starts_with(&one) && base.ends_with("/transactions");
        let followers = paths.iter().filter(|(path, _)| **path == one || ends_transaction(path));
        let operations = followers.flat_map(|(_, item)| item.as_object()).flat_map(Map::values);
        let named = operations.filter_map(|operation| operation["operationId"].as_str());
        let link =
            |id: &str| json!({ "operationId": id, "parameters": { "identity": "$response.body#/value/0/identity" } });
        links.push((base.clone(), named.map(|id| (id.replace('-', ""), link(id))).collect()));
    }
    for (base, links) in links.into_iter().filter(|(_, links)| !links.is_empty()) {
        if let Some(answer) = paths.get_mut(&base).and_then(|item| item.pointer_mut("/post/responses/200")) {
            answer["links"] = Value::Object(links);
        }
    }
}

/// What stands beside the nouns: several calls in one, and what operation asks.
fn add_operation(paths: &mut Map<String, Value>) {
    let refused = json!({ "$ref": "#/components/responses/Problem" });
    let call = json!({
        "type": "object",
        "required": ["method", "path"],
        "properties": {
            "method": { "type": "string", "enum": ["GET", "POST", "PATCH", "DELETE"] },
            "path": { "type": "string", "pattern": "^/v1/" },
            "headers": { "type": ["object", "null"], "additionalProperties": { "type": "string" } },
            "body": { "type": ["object", "null"] },
        },
    });
    let body = json!({
        "type": "object",
        "required": ["calls"],
        "properties": { "atomic": { "type": ["boolean", "null"] }, "calls": { "type": "array", "maxItems": 1000, "items": call } },
    });
    let answered = json!({
        "type": "object",
        "required": ["value"],
        "properties": { "value": { "type": "array", "items": {
            "type": "object",
            "required": ["status", "body"],
            "properties": { "status": { "type": "integer" }, "body": { "type": "object" } },
        } } },
    });
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let batch = json!({ "post": {
        "operationId": "batch",
        "summary": "Several calls: all or nothing where 'atomic' is true, else each for itself.",
        "parameters": [{ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 128 } }],
        "requestBody": { "required": true, "content": json_of(body) },
        "responses": { "200": { "description": "Done.", "content": json_of(answered) }, "default": refused },
    } });
    paths.insert("/v1/batch".to_owned(), batch);
    for (path, name, summary) in [
        ("/healthz", "health", "Does the process live?"),
        ("/readyz", "readiness", "Does the store answer?"),
        ("/metrics", "metrics", "Counters, as Prometheus reads them."),
    ] {
        let text = json!({ "description": "Yes.", "content": { "text/plain": { "schema": { "type": "string" } } } });
        let get = json!({ "operationId": name, "summary": summary, "security": [], "responses": { "200": text, "default": refused } });
        paths.insert(path.to_owned(), json!({ "get": get }));
    }
}

/// Puts an operation under the paths that reach it.
fn place(paths: &mut Map<String, Value>, verb: &str, noun: &str, operation: Value) {
    let base = format!("/v1/{}", collection(noun));
    let item = format!("{base}/{{identity}}");
    let lower = verb.to_ascii_lowercase();
    let targets: Vec<(String, &str)> = match verb {
        "Get" => vec![(base, "get"), (item, "get")],
        "New" => vec![(base, "post")],
        "Set" => vec![(base, "patch"), (item, "patch")],
        "Remove" => vec![(base, "delete"), (item, "delete")],
        _ => vec![(format!("{base}/{{identity}}:{lower}"), "post")],
    };
    for (path, method) in targets {
        let mut operation = operation.clone();
        if path.contains("{identity}") {
            let parameter =
                json!({ "name": "identity", "in": "path", "required": true, "schema": { "type": "string" } });
            if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
                parameters.push(parameter);
            }
            operation["operationId"] = json!(format!("{}-one", operation["operationId"].as_str().unwrap_or_default()));
        }
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[method] = operation;
    }
}
