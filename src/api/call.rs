//! One call of the management API, and its HTTP form in both directions.

use super::path::collection;
use super::{Parameters, Problem};
use serde_json::{Map, Value};

/// One cmdlet's request to the service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// `Get`, `New`, `Set` …
    pub(crate) verb: String,
    /// With its prefix: `CsPersistentChatRoom`.
    pub(crate) noun: String,
    /// What `-Identity` holds, if it was given.
    pub identity: Option<String>,
    /// All other parameters, camel case. `instance` holds the whole object of `-Instance`.
    pub parameters: Parameters,
    /// Run every check, write nothing.
    pub(crate) what_if: bool,
    /// The page after this token.
    pub cursor: Option<String>,
    /// Objects per page; the service limits it.
    pub page_size: Option<usize>,
    /// The same key never acts twice. The client makes one for every write that has none.
    pub idempotency_key: Option<String>,
    /// Only if the object still has this entity tag.
    pub if_match: Option<String>,
    /// Part of this transaction.
    pub transaction: Option<String>,
    /// The computer that the session is bound to, for cmdlets that act on "this computer".
    pub computer: Option<String>,
}

/// A call as HTTP sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HttpCall {
    pub(crate) method: &'static str,
    /// Path and query, percent-encoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
}

/// Headers that carry parts of a call.
pub(crate) const TEXT_HEADERS: [&str; 4] = ["idempotency-key", "if-match", "transaction-id", "session-computer"];

impl Call {
    /// A call without parameters.
    pub fn new(verb: &str, noun: &str) -> Self {
        Call { verb: verb.to_owned(), noun: noun.to_owned(), ..Call::default() }
    }

    /// With an identity.
    pub fn identity(mut self, identity: impl Into<String>) -> Self {
        self.identity = Some(identity.into());
        self
    }

    /// With a parameter, named in camel case.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters = self.parameters.with(name, value);
        self
    }

    /// As a rehearsal.
    pub fn what_if(mut self) -> Self {
        self.what_if = true;
        self
    }

    /// `Verb-Noun`.
    pub fn cmdlet(&self) -> String {
        format!("{}-{}", self.verb, self.noun)
    }

    /// Does the call only read?
    pub(crate) fn is_read(&self) -> bool {
        self.verb == "Get"
    }

    /// The HTTP form.
    pub(crate) fn to_http(&self) -> HttpCall {
        let base = format!("/v1/{}", collection(&self.noun));
        let item = self.identity.as_deref().map(escape);
        let own = || item.as_ref().map_or_else(|| base.clone(), |item| format!("{base}/{item}"));
        let (method, path, in_query) = match self.verb.as_str() {
            "Get" => ("GET", own(), true),
            "Remove" => ("DELETE", own(), true),
            "New" => ("POST", base, false),
            "Set" => ("PATCH", own(), false),
            verb => {
                let item = item.unwrap_or_else(|| "-".to_owned());
                ("POST", format!("{base}/{item}:{}", verb.to_ascii_lowercase()), false)
            }
        };
        let mut query = self.control_query();
        let mut body = None;
        if in_query && !self.parameters.0.values().any(Value::is_object) {
            self.parameters.0.iter().for_each(|(name, value)| query_values(&mut query, name, value));
        } else if !self.parameters.0.is_empty() || !in_query {
            body = Some(Value::Object(self.body()));
        }
        let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
        HttpCall { method, target, headers: self.headers(), body }
    }

    fn body(&self) -> Map<String, Value> {
        let mut body = self.parameters.0.clone();
        if self.verb == "New"
            && let Some(identity) = &self.identity
        {
            body.insert("identity".to_owned(), Value::from(identity.as_str()));
        }
        body
    }

    fn control_query(&self) -> Vec<String> {
        let mut query = Vec::new();
        if self.what_if {
            query.push("whatIf=true".to_owned());
        }
        query.extend(self.cursor.iter().map(|token| format!("cursor={}", escape(token))));
        query.extend(self.page_size.iter().map(|size| format!("pageSize={size}")));
        query
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let values = [&self.idempotency_key, &self.if_match, &self.transaction, &self.computer];
        TEXT_HEADERS.into_iter().zip(values).filter_map(|(name, value)| Some((name, value.clone()?))).collect()
    }

    /// Reads the HTTP form back. `noun` and `action` come from the route (the collection and the `:verb` suffix);
    /// verbs are looked up by the caller, who knows their spelling.
    pub(crate) fn from_http(
        verb: &str,
        noun: &str,
        identity: Option<String>,
        query: Vec<(String, String)>,
        body: Map<String, Value>,
    ) -> Result<Self, Problem> {
        let mut call = Call { identity, parameters: Parameters(body), ..Call::new(verb, noun) };
        for (name, value) in query {
            match name.as_str() {
                "whatIf" => call.what_if = what_if(&value)?,
                "cursor" => call.cursor = Some(value),
                "pageSize" => call.page_size = Some(page_size(&value)?),
                _ => add_value(&mut call.parameters.0, name, value),
            }
        }
        if call.identity.is_none() {
            call.identity = call.take_identity();
        }
        Ok(call)
    }

    /// The identity from the body, or that of the object in `-Instance` (a Set reads the instance itself).
    fn take_identity(&mut self) -> Option<String> {
        if self.parameters.text("identity").is_some()
            && let Some(Value::String(identity)) = self.parameters.0.shift_remove("identity")
        {
            return Some(identity);
        }
        if self.verb == "Set" {
            return None;
        }
        let instance = self.parameters.get("instance")?.as_object()?;
        instance.get("identity")?.as_str().map(str::to_owned)
    }
}

fn page_size(text: &str) -> Result<usize, Problem> {
    text.parse()
        .ok()
        .filter(|size| *size > 0)
        .ok_or_else(|| Problem::new("PC-E25", format!("'{text}' is not a page size: a positive number is needed.")))
}

/// Anything but a clear no must not write, and anything but a clear yes must not pass for a rehearsal.
fn what_if(text: &str) -> Result<bool, Problem> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Problem::new("PC-E90", format!("'whatIf' is true or false, not '{text}'."))),
    }
}

fn query_values(query: &mut Vec<String>, name: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| query_values(query, name, item)),
        Value::String(text) => query.push(format!("{name}={}", escape(text))),
        Value::Null => query.push(format!("{name}=")),
        other => query.push(format!("{name}={}", escape(&other.to_string()))),
    }
}

fn add_value(parameters: &mut Map<String, Value>, name: String, value: String) {
    let value = Value::String(value);
    match parameters.get_mut(&name) {
        None => {
            parameters.insert(name, value);
        }
        Some(Value::Array(items)) => items.push(value),
        Some(single) => *single = Value::Array(vec![single.take(), value]),
    }
}

/// Percent-encodes everything but the unreserved characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_rest_forms() {
        let room = "CsPersistentChatRoom";
        for (call, method, target) in [
            (Call::new("Get", room), "GET", "/v1/persistent-chat-rooms"),
            (Call::new("Get", room).identity("p.x\\a b"), "GET", "/v1/persistent-chat-rooms/p.x%5Ca%20b"),
            (Call::new("Get", room).with("filter", "a*"), "GET", "/v1/persistent-chat-rooms?filter=a%2A"),
            (Call::new("New", room).with("name", "x"), "POST", "/v1/persistent-chat-rooms"),
            (Call::new("Set", room).identity("x").what_if(), "PATCH", "/v1/persistent-chat-rooms/x?whatIf=true"),
            (Call::new("Remove", room).identity("x"), "DELETE", "/v1/persistent-chat-rooms/x"),
            (Call::new("Clear", room).identity("x"), "POST", "/v1/persistent-chat-rooms/x:clear"),
            (Call::new("Publish", "CsTopology"), "POST", "/v1/topologies/-:publish"),
        ] {
            let http = call.to_http();
            assert_eq!((http.method, http.target.as_str()), (method, target));
        }
    }
}
