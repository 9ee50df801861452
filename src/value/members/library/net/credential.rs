//! `SecureString`, `PSCredential` and `NetworkCredential`.

use super::super::super::table::{Call, Table, get};
use super::super::super::thrown;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Unwind, Value};
use std::any::Any;
use std::cell::RefCell;

/// `SecureString`: kept as text in memory, as .NET does away from Windows.
pub(crate) struct SecureString {
    text: RefCell<String>,
    read_only: std::cell::Cell<bool>,
}

impl NativeObject for SecureString {
    fn kind(&self) -> TypeRef {
        TypeRef::SECURESTRING
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A secure string as a value.
pub(crate) fn secure(text: &str) -> Value {
    Native::value(SecureString { text: RefCell::new(text.to_owned()), read_only: false.into() })
}

/// The plain text of a secure string.
pub(crate) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Native(native) => native.downcast::<SecureString>().map(|secure| secure.text.borrow().clone()),
        _ => None,
    }
}

fn with_secure<R: Default>(value: &Value, look: impl FnOnce(&SecureString) -> R) -> R {
    match value {
        Value::Native(native) => native.downcast::<SecureString>().map(look).unwrap_or_default(),
        _ => R::default(),
    }
}

fn change_secure(c: &Call<'_>, change: impl FnOnce(&mut String)) -> Outcome<Value> {
    if with_secure(c.this, |secure| secure.read_only.get()) {
        return Err(thrown(TypeRef::INVALID_OPERATION_EXCEPTION, "The secure string was made read-only."));
    }
    with_secure(c.this, |secure| change(&mut secure.text.borrow_mut()));
    Ok(Value::Nothing)
}

pub(super) static SECURE: Table = Table {
    methods: &[
        ("void AppendChar(char c)", |c| change_secure(c, |text| text.push(c.character(0)))),
        ("void Clear()", |c| change_secure(c, String::clear)),
        ("void MakeReadOnly()", |c| {
            with_secure(c.this, |secure| secure.read_only.set(true));
            Ok(Value::Nothing)
        }),
        ("bool IsReadOnly()", |c| Ok(Value::Bool(with_secure(c.this, |secure| secure.read_only.get())))),
        ("securestring Copy()", |c| Ok(secure(&plain_text(c.this).unwrap_or_default()))),
        ("void Dispose()", |_| Ok(Value::Nothing)),
    ],
    constructors: &[("securestring()", |_| Ok(secure("")))],
    properties: &[get("Length", "int", |_, v| {
        Ok(Value::I32(plain_text(v).map_or(0, |text| text.encode_utf16().count() as i32)))
    })],
    ..Table::EMPTY
};

/// `PSCredential` and `NetworkCredential`.
struct Credential {
    kind: TypeRef,
    user: String,
    password: Value,
    domain: String,
}

impl NativeObject for Credential {
    fn kind(&self) -> TypeRef {
        self.kind
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn credential<R: Default>(value: &Value, look: impl FnOnce(&Credential) -> R) -> R {
    match value {
        Value::Native(native) => native.downcast::<Credential>().map(look).unwrap_or_default(),
        _ => R::default(),
    }
}

/// The user name and the plain password of a `PSCredential` or `NetworkCredential`; `None` for anything else.
pub(crate) fn user_and_password(value: &Value) -> Option<(String, String)> {
    credential(value, |held| Some((held.user.clone(), plain_text(&held.password).unwrap_or_default())))
}

fn no_user() -> Unwind {
    thrown(TypeRef::PSARGUMENT_EXCEPTION, "A credential needs a user name.")
}

fn network(user: &str, password: Value, domain: &str) -> Value {
    let (user, domain) = (user.to_owned(), domain.to_owned());
    Native::value(Credential { kind: TypeRef::NETWORKCREDENTIAL, user, password, domain })
}

pub(super) static CREDENTIAL: Table = Table {
    methods: &[("System.Net.NetworkCredential GetNetworkCredential()", |c| {
        let (name, password) = credential(c.this, |held| (held.user.clone(), held.password.clone()));
        Ok(match name.split_once('\\') {
            Some((domain, user)) => network(user, password, domain),
            None => network(&name, password, ""),
        })
    })],
    constructors: &[("pscredential(string userName, securestring password)", |c| {
        if c.text(0).is_empty() {
            return Err(no_user());
        }
        let (user, password) = (c.text(0).to_owned(), c.take(1));
        Ok(Native::value(Credential { kind: TypeRef::PSCREDENTIAL, user, password, domain: String::new() }))
    })],
    properties: &[
        get("UserName", "string", |_, v| Ok(Value::from(credential(v, |held| held.user.clone())))),
        get("Password", "securestring", |_, v| Ok(credential(v, |held| held.password.clone()))),
    ],
    static_properties: &[get("Empty", "pscredential", |_, _| Ok(Value::Null))],
    ..Table::EMPTY
};

pub(super) static NETWORK: Table = Table {
    constructors: &[
        ("NetworkCredential(string userName, string password)", |c| Ok(network(c.text(0), secure(c.text(1)), ""))),
        ("NetworkCredential(string userName, securestring password)", |c| {
            let password = c.take(1);
            Ok(network(c.text(0), password, ""))
        }),
        ("NetworkCredential(string userName, string password, string domain)", |c| {
            Ok(network(c.text(0), secure(c.text(1)), c.text(2)))
        }),
    ],
    properties: &[
        get("UserName", "string", |_, v| Ok(Value::from(credential(v, |held| held.user.clone())))),
        get("Password", "string", |_, v| {
            Ok(Value::from(plain_text(&credential(v, |held| held.password.clone())).unwrap_or_default()))
        }),
        get("SecurePassword", "securestring", |_, v| Ok(credential(v, |held| held.password.clone()))),
        get("Domain", "string", |_, v| Ok(Value::from(credential(v, |held| held.domain.clone())))),
    ],
    ..Table::EMPTY
};
