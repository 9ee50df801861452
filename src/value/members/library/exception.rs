//! Exceptions and error records.

use super::super::table::{Getter, PropertyRow, Table, added, get, set};
use super::super::thrown;
use crate::value::{Engine, ErrorCategory, ErrorRecord, Exception, Hashtable, Outcome, Str, TypeRef, Value, convert};
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::EXCEPTION, &EXCEPTION),
    (TypeRef::ARGUMENT_EXCEPTION, &ARGUMENT),
    (TypeRef::RUNTIME_EXCEPTION, &RUNTIME),
    (TypeRef::ERROR_RECORD, &RECORD),
    (TypeRef::ERROR_CATEGORY_INFO, &CATEGORY),
    (TypeRef::ERROR_DETAILS, &DETAILS),
];

fn exception(value: &Value) -> Option<&Rc<Exception>> {
    match value {
        Value::Exception(exception) => Some(exception),
        _ => None,
    }
}

fn read(value: &Value, look: impl FnOnce(&Exception) -> Value) -> Outcome<Value> {
    Ok(exception(value).map_or(Value::Null, |exception| look(exception)))
}

/// The innermost exception.
fn root(exception: &Rc<Exception>) -> Rc<Exception> {
    let mut found = exception.clone();
    while let Some(inner) = found.inner.clone() {
        found = inner;
    }
    found
}

fn property(exception: &Exception, name: &str) -> Value {
    let properties = exception.properties.borrow();
    properties
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map_or(Value::Null, |(_, value)| value.clone())
}

/// A property kept among the exception's own.
macro_rules! kept {
    ($name:literal) => {
        set(
            $name,
            "System.Object",
            |_, value| read(value, |exception| property(exception, $name)),
            |_, value, new| {
                if let Some(exception) = exception(value) {
                    exception.properties.borrow_mut().insert(Str::from($name), new);
                }
                Ok(())
            },
        )
    };
}

fn hresult(kind: TypeRef) -> i32 {
    const CODES: [(TypeRef, u32); 8] = [
        (TypeRef::ARGUMENT_EXCEPTION, 0x8007_0057),
        (TypeRef::FORMAT_EXCEPTION, 0x8013_1537),
        (TypeRef::INVALID_OPERATION_EXCEPTION, 0x8013_1509),
        (TypeRef::DIVIDE_BY_ZERO_EXCEPTION, 0x8002_0012),
        (TypeRef::FILE_NOT_FOUND_EXCEPTION, 0x8007_0002),
        (TypeRef::IO_EXCEPTION, 0x8013_1620),
        (TypeRef::SYSTEM_EXCEPTION, 0x8013_1501),
        (TypeRef::EXCEPTION, 0x8013_1500),
    ];
    let known = |kind: TypeRef| CODES.iter().find(|(known, _)| *known == kind).map(|(_, code)| *code as i32);
    kind.bases().find_map(known).unwrap_or(0)
}

const EXCEPTION_PROPERTIES: &[PropertyRow] = &[
    get("TargetSite", "System.Reflection.MethodBase", |_, _| Ok(Value::Null)),
    get("Message", "string", |_, value| read(value, |e| Value::Str(e.message.borrow().clone()))),
    get("Data", "System.Collections.IDictionary", |_, value| {
        read(value, |e| e.data.borrow_mut().get_or_insert_with(|| Value::Hashtable(Hashtable::plain())).clone())
    }),
    get("InnerException", "System.Exception", |_, value| {
        read(value, |e| e.inner.clone().map_or(Value::Null, Value::Exception))
    }),
    kept!("HelpLink"),
    kept!("Source"),
    set(
        "HResult",
        "int",
        |_, value| {
            read(value, |e| match property(e, "HResult") {
                Value::Null => Value::I32(hresult(e.kind)),
                own => own,
            })
        },
        |_, value, new| {
            if let Some(exception) = exception(value) {
                exception.properties.borrow_mut().insert(Str::from("HResult"), new);
            }
            Ok(())
        },
    ),
    get("StackTrace", "string", |_, _| Ok(Value::Null)),
];

static EXCEPTION: Table = Table {
    methods: &[
        ("System.Exception GetBaseException()", |c| {
            Ok(exception(c.this).map_or(Value::Null, |e| Value::Exception(root(e))))
        }),
        ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("type GetType()", |c| Ok(Value::Type(TypeRef::of(c.this)))),
    ],
    properties: EXCEPTION_PROPERTIES,
    ..Table::EMPTY
};

static ARGUMENT: Table = Table { properties: &[kept!("ParamName")], ..Table::EMPTY };

static RUNTIME: Table = Table {
    properties: &[
        get("ErrorRecord", "System.Management.Automation.ErrorRecord", |_, value| {
            Ok(exception(value).map_or(Value::Null, record_of))
        }),
        get("WasThrownFromThrowStatement", "bool", |_, _| Ok(Value::Bool(false))),
    ],
    ..Table::EMPTY
};

/// The record an exception came with, or one made of it.
fn record_of(exception: &Rc<Exception>) -> Value {
    let known = exception.record.borrow().as_ref().and_then(std::rc::Weak::upgrade);
    // The record itself may be gone; its id stays with an exception of the parser.
    let id = exception.properties.borrow().get("ErrorId").map(convert::to_text);
    let category = if id.is_some() { ErrorCategory::ParserError } else { ErrorCategory::NotSpecified };
    let id = id.unwrap_or_else(|| Str::from("RuntimeException"));
    let made = || Rc::new(ErrorRecord::new(exception.clone(), id, category, Value::Null));
    Value::Error(known.unwrap_or_else(made))
}

/// `[System.Exception]::new('text', $inner)` and all its kin, whose arguments differ by type.
pub(crate) fn construct(engine: &mut dyn Engine, kind: TypeRef, args: Vec<Value>) -> Outcome<Value> {
    let text = |value: &Value| convert::to_text(value);
    let mut message = None;
    let mut inner = None;
    let mut properties = Vec::new();
    // ArgumentNullException and ArgumentOutOfRangeException put the parameter's name first.
    let name_first = [TypeRef::ARGUMENT_NULL_EXCEPTION, TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION]
        .iter()
        .any(|known| kind.bases().any(|base| base == *known));
    for arg in &args {
        match super::super::extension::bare(arg) {
            Value::Exception(exception) => inner = Some(exception.clone()),
            Value::Error(record) => inner = Some(record.exception.clone()),
            Value::Null | Value::Nothing => {}
            other if name_first && properties.is_empty() => properties.push(("ParamName", Value::Str(text(other)))),
            other if message.is_none() => message = Some(convert::to(engine, other, TypeRef::STRING)?),
            other if properties.is_empty() => properties.push((second_property(kind), other.clone())),
            _ => {}
        }
    }
    let message = match message {
        Some(message) => text(&message),
        None => Str::from(default_message(kind)),
    };
    let made = Exception::new(kind, message, inner);
    for (name, value) in properties {
        made.properties.borrow_mut().insert(Str::from(name), value);
    }
    Ok(Value::Exception(Rc::new(made)))
}

/// What the argument after the message is.
fn second_property(kind: TypeRef) -> &'static str {
    const NAMES: [(TypeRef, &str); 3] = [
        (TypeRef::ARGUMENT_EXCEPTION, "ParamName"),
        (TypeRef::FILE_NOT_FOUND_EXCEPTION, "FileName"),
        (TypeRef::IO_EXCEPTION, "HResult"),
    ];
    let known = |kind: TypeRef| NAMES.iter().find(|(known, _)| *known == kind).map(|(_, name)| *name);
    kind.bases().find_map(known).unwrap_or("Source")
}

fn default_message(kind: TypeRef) -> String {
    format!("Exception of type '{}' was thrown.", kind.name())
}

fn record(value: &Value) -> Option<&Rc<ErrorRecord>> {
    match value {
        Value::Error(record) => Some(record),
        _ => None,
    }
}

fn of_record(value: &Value, look: impl FnOnce(&Rc<ErrorRecord>) -> Value) -> Outcome<Value> {
    Ok(record(value).map_or(Value::Null, look))
}

/// `CategoryInfo` is the record seen through another type.
struct CategoryView(Rc<ErrorRecord>);

impl crate::value::object::NativeObject for CategoryView {
    fn kind(&self) -> TypeRef {
        TypeRef::ERROR_CATEGORY_INFO
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn text(&self) -> String {
        let name = TypeRef::ERROR_CATEGORY.enum_text(self.0.category.get() as i64);
        format!(
            "{name}: ({}:{}) [{}], {}",
            target_name(&self.0),
            target_type(&self.0),
            activity(&self.0),
            reason(&self.0)
        )
    }
}

fn activity(record: &ErrorRecord) -> Str {
    record.activity.borrow().clone()
}

fn reason(record: &ErrorRecord) -> Str {
    let own = record.reason.borrow().clone();
    own.unwrap_or_else(|| Str::from(record.exception.kind.short_name().as_ref()))
}

fn target_name(record: &ErrorRecord) -> Str {
    let own = record.target_name.borrow().clone();
    own.unwrap_or_else(|| convert::to_text(&record.target.borrow()))
}

fn target_type(record: &ErrorRecord) -> Str {
    let own = record.target_type.borrow().clone();
    own.unwrap_or_else(|| match &*record.target.borrow() {
        Value::Null | Value::Nothing => Str::from(""),
        target => Str::from(TypeRef::of(target).short_name().as_ref()),
    })
}

/// `ErrorDetails`, the record's own or made by a script.
struct DetailsView {
    message: Str,
    action: std::cell::RefCell<Option<Str>>,
}

impl crate::value::object::NativeObject for DetailsView {
    fn kind(&self) -> TypeRef {
        TypeRef::ERROR_DETAILS
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn text(&self) -> String {
        self.message.to_string()
    }
}

fn details(message: Str, action: Option<Str>) -> Value {
    crate::value::Native::value(DetailsView { message, action: std::cell::RefCell::new(action) })
}

const RECORD_PROPERTIES: &[PropertyRow] = &[
    get("Exception", "System.Exception", |_, value| of_record(value, |r| Value::Exception(r.exception.clone()))),
    get("TargetObject", "System.Object", |_, value| of_record(value, |r| r.target.borrow().clone())),
    get("CategoryInfo", "System.Management.Automation.ErrorCategoryInfo", |_, value| {
        of_record(value, |r| crate::value::Native::value(CategoryView(r.clone())))
    }),
    get("FullyQualifiedErrorId", "string", |_, value| of_record(value, |r| Value::Str(r.id.borrow().clone()))),
    set(
        "ErrorDetails",
        "System.Management.Automation.ErrorDetails",
        |_, value| {
            of_record(value, |r| {
                r.details.borrow().clone().map_or(Value::Null, |(message, action)| details(message, action))
            })
        },
        |_, value, new| {
            if let Some(record) = record(value) {
                let action = as_details(&new).and_then(|view| view.action.borrow().clone());
                let text = if new.is_null() { None } else { Some((convert::to_text(&new), action)) };
                record.details.replace(text);
            }
            Ok(())
        },
    ),
    get("InvocationInfo", "System.Management.Automation.InvocationInfo", |_, value| {
        of_record(value, |r| r.invocation.borrow().clone())
    }),
    get("ScriptStackTrace", "string", |_, value| of_record(value, |r| Value::Str(r.stack.borrow().clone()))),
    get("PipelineIterationInfo", "System.Object", |_, _| Ok(Value::array(Vec::new()))),
    added("PSMessageDetails", "ScriptProperty", "string", |_, _| Ok(Value::Null)),
];

fn as_details(value: &Value) -> Option<&DetailsView> {
    match value {
        Value::Native(native) => native.downcast::<DetailsView>(),
        _ => None,
    }
}

static RECORD: Table = Table {
    methods: &[("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this))))],
    constructors: &[
        (
            "ErrorRecord(System.Exception exception, string errorId, System.Management.Automation.ErrorCategory errorCategory, System.Object targetObject)",
            |c| {
                let Value::Exception(exception) = c.arg(0).clone() else {
                    return Err(thrown(TypeRef::PSARGUMENT_NULL_EXCEPTION, "An error record needs an exception."));
                };
                let category = category_of(c.int(2));
                let target = c.take(3);
                let record = ErrorRecord::new(exception, Str::from(c.text(1)), category, target);
                Ok(Value::Error(Rc::new(record)))
            },
        ),
        (
            "ErrorRecord(System.Management.Automation.ErrorRecord errorRecord, System.Exception replaceParentContainsErrorRecordException)",
            |c| Ok(c.take(0)),
        ),
    ],
    properties: RECORD_PROPERTIES,
    ..Table::EMPTY
};

/// The category with a number.
fn category_of(number: i64) -> ErrorCategory {
    ErrorCategory::from_number(number).unwrap_or(ErrorCategory::NotSpecified)
}

fn category(value: &Value) -> Option<Rc<ErrorRecord>> {
    match value {
        Value::Native(native) => native.downcast::<CategoryView>().map(|view| view.0.clone()),
        _ => None,
    }
}

fn of_category(value: &Value, look: impl FnOnce(&ErrorRecord) -> Value) -> Outcome<Value> {
    Ok(category(value).map_or(Value::Null, |record| look(&record)))
}

const CATEGORY_TEXT: Getter =
    |_, value| of_category(value, |r| TypeRef::ERROR_CATEGORY.enum_of(r.category.get() as i64));

static CATEGORY: Table = Table {
    methods: &[
        ("string GetMessage()", |c| Ok(Value::Str(convert::to_text(c.this)))),
        ("string ToString()", |c| Ok(Value::Str(convert::to_text(c.this)))),
    ],
    properties: &[
        get("Category", "System.Management.Automation.ErrorCategory", CATEGORY_TEXT),
        set(
            "Activity",
            "string",
            |_, v| of_category(v, |r| Value::Str(activity(r))),
            |_, v, new| {
                if let Some(record) = category(v) {
                    record.activity.replace(convert::to_text(&new));
                }
                Ok(())
            },
        ),
        set(
            "Reason",
            "string",
            |_, v| of_category(v, |r| Value::Str(reason(r))),
            |_, v, new| {
                if let Some(record) = category(v) {
                    record.reason.replace(Some(convert::to_text(&new)));
                }
                Ok(())
            },
        ),
        set(
            "TargetName",
            "string",
            |_, v| of_category(v, |r| Value::Str(target_name(r))),
            |_, v, new| {
                if let Some(record) = category(v) {
                    record.target_name.replace(Some(convert::to_text(&new)));
                }
                Ok(())
            },
        ),
        set(
            "TargetType",
            "string",
            |_, v| of_category(v, |r| Value::Str(target_type(r))),
            |_, v, new| {
                if let Some(record) = category(v) {
                    record.target_type.replace(Some(convert::to_text(&new)));
                }
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};

static DETAILS: Table = Table {
    constructors: &[("ErrorDetails(string message)", |c| Ok(details(Str::from(c.text(0)), None)))],
    properties: &[
        get("Message", "string", |_, v| Ok(as_details(v).map_or(Value::Null, |d| Value::Str(d.message.clone())))),
        set(
            "RecommendedAction",
            "string",
            |_, v| Ok(as_details(v).and_then(|d| d.action.borrow().clone()).into()),
            |_, v, new| {
                if let Some(details) = as_details(v) {
                    details.action.replace(Some(convert::to_text(&new)));
                }
                Ok(())
            },
        ),
    ],
    ..Table::EMPTY
};
