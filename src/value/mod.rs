//! What flows in pipelines. Knows nothing of scopes, commands or streams; what it needs of a running engine
//! (calling a script block from `.Where{ }`, say) is asked of the [`Engine`] trait.
//!
//! A [`Value`] is 16 bytes: small things stand in it, the rest behind one shared pointer. Values are `Rc`
//! throughout; see docs/architecture.md, "One thread at a time".

mod array;
mod bucket_order;
pub(crate) mod calendar;
pub(crate) mod collate;
pub(crate) mod compare;
pub(crate) mod convert;
pub(crate) mod culture;
pub(crate) mod date_text;
pub(crate) mod digits;
pub(crate) mod encoding;
mod enumerate;
mod error;
pub(crate) mod format_text;
mod hashtable;
pub(crate) mod introsort;
pub(crate) mod members;
pub(crate) mod number;
mod object;
pub(crate) mod operators;
pub(crate) mod pattern;
pub(crate) mod random;
mod script;
mod switch;
mod text;
mod time;
pub(crate) mod types;
pub(crate) mod wildcard;
pub(crate) mod xml;

pub(crate) use array::Array;
pub(crate) use culture::Culture;
pub(crate) use enumerate::{enumerate, generation, is_enumerable};
pub(crate) use error::{
    Control, ErrorCategory, ErrorFlow, ErrorRecord, Exception, Fault, Outcome, Unwind, simple_exception,
};
pub use hashtable::Hashtable;
pub(crate) use hashtable::Key;
pub(crate) use object::{
    Extension, ExtensionSlot, Member, Native, NativeObject, PsObject, SeriesNotes, Shape, Wrapped, part_of,
};
pub(crate) use script::ScriptBlock;
pub(crate) use switch::{SwitchParameter, switch_parameter};
pub(crate) use text::Str;
pub(crate) use time::{DateKind, DateTime, TimeSpan};
pub(crate) use types::{ScriptTypeInfo, TypeKind, TypeRef};

use std::rc::Rc;

/// Any value. Equality and order are the language's and live in their own modules, so `Value` has no `PartialEq`.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `$null`.
    #[default]
    Null,
    /// What a pipeline without output gives (`AutomationNull`): null when looked at, nothing when piped.
    Nothing,
    /// `System.Boolean`.
    Bool(bool),
    /// `System.Char`: one UTF-16 unit.
    Char(u16),
    /// `System.SByte`.
    I8(i8),
    /// `System.Byte`.
    U8(u8),
    /// `System.Int16`.
    I16(i16),
    /// `System.UInt16`.
    U16(u16),
    /// `System.Int32`.
    I32(i32),
    /// `System.UInt32`.
    U32(u32),
    /// `System.Int64`.
    I64(i64),
    /// `System.UInt64`.
    U64(u64),
    /// `System.Single`.
    F32(f32),
    /// `System.Double`.
    F64(f64),
    /// `System.DateTime`.
    DateTime(DateTime),
    /// `System.TimeSpan`.
    TimeSpan(TimeSpan),
    /// A member of an enumeration: its type and its underlying number.
    Enum(Rc<EnumValue>),
    /// `System.Decimal`.
    Decimal(Rc<rust_decimal::Decimal>),
    /// `System.Numerics.BigInteger`.
    BigInt(Rc<num_bigint::BigInt>),
    /// `System.String`.
    Str(Str),
    /// Any one-dimensional .NET array.
    Array(Rc<Array>),
    /// `Hashtable` or `OrderedDictionary`.
    Hashtable(Rc<Hashtable>),
    /// `PSCustomObject`, or an instance of a script class.
    Object(Rc<PsObject>),
    /// `ScriptBlock`.
    ScriptBlock(Rc<ScriptBlock>),
    /// `System.Type`.
    Type(TypeRef),
    /// `ErrorRecord`.
    Error(Rc<ErrorRecord>),
    /// `System.Exception` and all below it.
    Exception(Rc<Exception>),
    /// Every other .NET or engine type: lists, regexes, file infos …
    Native(Rc<Native>),
    /// A string or value type with members added to it (`Add-Member`), or type names of its own.
    Wrapped(Rc<Wrapped>),
}

const _: () = assert!(std::mem::size_of::<Value>() == 16);

/// A member of an enumeration.
#[derive(Clone, Copy, Debug)]
pub struct EnumValue {
    /// The enumeration.
    pub(crate) kind: TypeRef,
    /// The underlying number; unsigned ones of 64 bits are stored by their bits.
    pub(crate) bits: i64,
}

/// A part of a script class that can have attributes.
#[derive(Clone, Debug)]
pub(crate) enum ClassPart {
    /// The class itself.
    Type,
    /// A property, by name.
    Property(String),
    /// A method, by name and the types of its parameters.
    Method(String, Vec<TypeRef>),
    /// A constructor, by the types of its parameters.
    Constructor(Vec<TypeRef>),
    /// A parameter of a method or constructor, by its place.
    Parameter(Box<ClassPart>, usize),
}

/// What the members of values may ask of the engine that runs them.
pub(crate) trait Engine {
    /// Runs a script block with arguments; with `this` as `$_` and `$this` where given. Its whole output.
    fn invoke(&mut self, block: &Rc<ScriptBlock>, args: &[Value], this: Option<Value>) -> Outcome<Value>;
    /// Runs a script block for its value with `this` as `$_`: any error in it ends it, as within `try`.
    fn evaluate(&mut self, block: &Rc<ScriptBlock>, this: Value) -> Outcome<Value> {
        self.invoke(block, &[], Some(this))
    }
    /// Calls a method of a script class instance (or a static one, without `this`).
    fn call_class_method(&mut self, class: TypeRef, name: &str, this: Option<&Value>, args: &[Value])
    -> Outcome<Value>;
    /// Makes an instance of a script class.
    fn new_class_instance(&mut self, class: TypeRef, args: &[Value]) -> Outcome<Value>;
    /// The attributes that a script class has at one of its parts, as objects.
    fn class_attributes(&mut self, _class: TypeRef, _part: &ClassPart) -> Outcome<Vec<Value>> {
        Ok(Vec::new())
    }
    /// What an assignment to an instance property of a script class stores: converted and checked.
    fn class_property_value(&mut self, _class: TypeRef, _name: &str, value: Value) -> Outcome<Value> {
        Ok(value)
    }
    /// A static property of a script class; `None` where it has none of that name.
    fn class_static(&mut self, _class: TypeRef, _name: &str) -> Option<Value> {
        None
    }
    /// Sets a static property of a script class; `None` where it has none of that name.
    fn set_class_static(&mut self, _class: TypeRef, _name: &str, _value: Value) -> Option<Outcome<()>> {
        None
    }
    /// The current location of the file system, for relative paths given to .NET members.
    fn current_directory(&self) -> std::path::PathBuf;
    /// Resolves a type by name as the running script sees it (`using namespace`, its own classes).
    fn resolve_type(&mut self, name: &str) -> Option<TypeRef>;
    /// Waits, while what else runs in the process goes on.
    fn pause(&mut self, time: std::time::Duration) -> Outcome<()> {
        std::thread::sleep(time);
        Ok(())
    }
    /// A variable of the session's environment.
    fn environment(&self, _name: &str) -> Option<String> {
        None
    }
    /// The whole environment of the session.
    fn environment_variables(&self) -> Vec<(String, String)> {
        Vec::new()
    }
    /// Sets or, without a value, removes a variable of the session's environment.
    fn set_environment_variable(&mut self, _name: &str, _value: Option<&str>) {}
    /// An object of a type that only the engine knows how to make; `None` for every other type.
    fn construct(&mut self, _kind: TypeRef, _args: &[Value]) -> Option<Outcome<Value>> {
        None
    }
    /// Writes to the process's own output or error stream, past the pipeline.
    fn write_console(&mut self, _text: &str, _to_error: bool) {}
    /// Reads a line of the process's own input; `None` at its end.
    fn read_console(&mut self) -> Option<String> {
        None
    }
    /// An object as a CLIXML text, spelt out so deep; `None` where there is no serializer.
    fn serialize(&mut self, _value: &Value, _depth: i32) -> Option<Outcome<String>> {
        None
    }
    /// The objects of a CLIXML text.
    fn deserialize(&mut self, _text: &str) -> Option<Outcome<Vec<Value>>> {
        None
    }
    /// What the process is to end with where the script says nothing else.
    fn set_exit_code(&mut self, _code: i32) {}
    /// True where a person can be asked.
    fn is_interactive(&self) -> bool {
        false
    }
    /// Columns of the display.
    fn console_width(&mut self) -> i32 {
        80
    }
    /// The version of strict mode that the running code asked for; 0 for none.
    fn strictness(&mut self) -> u8 {
        0
    }
    /// The display shows colours.
    fn shows_color(&self) -> bool {
        false
    }
    /// A variable as the running code sees it.
    fn variable_value(&self, _name: &str) -> Option<Value> {
        None
    }
    /// Works out what an error record knows of its place only when asked.
    fn settle_error(&mut self, _record: &Rc<ErrorRecord>) {}
}

impl Value {
    /// A string value.
    pub(crate) fn str(text: impl Into<Str>) -> Value {
        Value::Str(text.into())
    }

    /// An `Object[]`.
    pub fn array(items: Vec<Value>) -> Value {
        Value::Array(Array::objects(items))
    }

    /// True for `$null` and for no output at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Value::Null | Value::Nothing)
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Value::Bool(v)
    }
}
impl From<i32> for Value {
    fn from(v: i32) -> Self {
        Value::I32(v)
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Value::I64(v)
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Value::F64(v)
    }
}
impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Value::Str(Str::from(v))
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Value::Str(Str::from(v))
    }
}
impl From<Str> for Value {
    fn from(v: Str) -> Self {
        Value::Str(v)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}
