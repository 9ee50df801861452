//! Attribute objects made by scripts, as dynamic parameters take them, and `RuntimeDefinedParameter`: plain records
//! of their properties.

use super::super::table::{Call, Row, Table};
use super::array;
use crate::value::{PsObject, Shape, Str, TypeRef, Value};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::PARAMETER_ATTRIBUTE, &Table { constructors: PARAMETER, ..Table::EMPTY }),
    (TypeRef::ALIAS_ATTRIBUTE, &Table { constructors: ALIAS, ..Table::EMPTY }),
    (TypeRef::CMDLET_BINDING_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::OUTPUT_TYPE_ATTRIBUTE, &Table { constructors: OUTPUT_TYPE, ..Table::EMPTY }),
    (TypeRef::ALLOW_NULL_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::ALLOW_EMPTY_STRING_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::ALLOW_EMPTY_COLLECTION_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::SUPPORTS_WILDCARDS_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::HIDDEN_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::FLAGS_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::OBSOLETE_ATTRIBUTE, &Table { constructors: OBSOLETE, ..Table::EMPTY }),
    (TypeRef::PSTYPENAME_ATTRIBUTE, &Table { constructors: TYPE_NAME, ..Table::EMPTY }),
    (TypeRef::PSDEFAULTVALUE_ATTRIBUTE, &Table { constructors: DEFAULT_VALUE, ..Table::EMPTY }),
    (TypeRef::ARGUMENT_COMPLETER_ATTRIBUTE, &Table { constructors: COMPLETER, ..Table::EMPTY }),
    (TypeRef::ARGUMENT_COMPLETIONS_ATTRIBUTE, &Table { constructors: COMPLETIONS, ..Table::EMPTY }),
    (TypeRef::VALIDATE_SET_ATTRIBUTE, &Table { constructors: SET, ..Table::EMPTY }),
    (TypeRef::VALIDATE_RANGE_ATTRIBUTE, &Table { constructors: RANGE, ..Table::EMPTY }),
    (TypeRef::VALIDATE_LENGTH_ATTRIBUTE, &Table { constructors: LENGTH, ..Table::EMPTY }),
    (TypeRef::VALIDATE_COUNT_ATTRIBUTE, &Table { constructors: LENGTH, ..Table::EMPTY }),
    (TypeRef::VALIDATE_PATTERN_ATTRIBUTE, &Table { constructors: PATTERN, ..Table::EMPTY }),
    (TypeRef::VALIDATE_SCRIPT_ATTRIBUTE, &Table { constructors: SCRIPT, ..Table::EMPTY }),
    (TypeRef::VALIDATE_DRIVE_ATTRIBUTE, &Table { constructors: DRIVE, ..Table::EMPTY }),
    (TypeRef::VALIDATE_USER_DRIVE_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::VALIDATE_NOT_NULL_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::VALIDATE_NOT_NULL_OR_EMPTY_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::VALIDATE_NOT_NULL_OR_WHITE_SPACE_ATTRIBUTE, &Table { constructors: EMPTY, ..Table::EMPTY }),
    (TypeRef::COMPLETION_RESULT, &Table { constructors: RESULT, ..Table::EMPTY }),
    (TypeRef::RUNTIME_DEFINED_PARAMETER, &Table { constructors: DYNAMIC, ..Table::EMPTY }),
];

/// An object of a type with these properties.
fn record(kind: TypeRef, properties: Vec<(&str, Value)>) -> Value {
    let (names, values) = properties.into_iter().map(|(name, value)| (Str::from(name), value)).unzip();
    Value::Object(Rc::new(PsObject {
        kind,
        shape: RefCell::new(Rc::new(Shape { names })),
        values: RefCell::new(values),
        extension: Default::default(),
    }))
}

/// The texts of a `params string[]` argument.
fn texts(c: &Call<'_>) -> Value {
    array::strings(c.items(0).iter().map(crate::value::convert::to_text))
}

const EMPTY: &[Row] = &[("attribute()", |c| Ok(record(c.kind, Vec::new())))];

const PARAMETER: &[Row] = &[("ParameterAttribute()", |c| {
    let off = || Value::Bool(false);
    Ok(record(
        c.kind,
        vec![
            ("Position", Value::I32(i32::MIN)),
            ("ParameterSetName", Value::str("__AllParameterSets")),
            ("Mandatory", off()),
            ("ValueFromPipeline", off()),
            ("ValueFromPipelineByPropertyName", off()),
            ("ValueFromRemainingArguments", off()),
            ("HelpMessage", Value::Null),
            ("HelpMessageBaseName", Value::Null),
            ("HelpMessageResourceId", Value::Null),
            ("DontShow", off()),
            ("ExperimentName", Value::Null),
        ],
    ))
})];

const ALIAS: &[Row] =
    &[("AliasAttribute(params string[] aliasNames)", |c| Ok(record(c.kind, vec![("AliasNames", texts(c))])))];

const OUTPUT_TYPE: &[Row] = &[("OutputTypeAttribute(params System.Object[] type)", |c| {
    let types = Value::array(c.items(0));
    Ok(record(c.kind, vec![("Type", types), ("ProviderCmdlet", Value::Null), ("ParameterSetName", Value::Null)]))
})];

const OBSOLETE: &[Row] = &[
    ("ObsoleteAttribute()", |c| Ok(record(c.kind, vec![("Message", Value::Null), ("IsError", Value::Bool(false))]))),
    ("ObsoleteAttribute(string message)", |c| {
        let message = c.take(0);
        Ok(record(c.kind, vec![("Message", message), ("IsError", Value::Bool(false))]))
    }),
    ("ObsoleteAttribute(string message, bool error)", |c| {
        let (message, error) = (c.take(0), c.take(1));
        Ok(record(c.kind, vec![("Message", message), ("IsError", error)]))
    }),
];

const TYPE_NAME: &[Row] = &[("PSTypeNameAttribute(string psTypeName)", |c| {
    let name = c.take(0);
    Ok(record(c.kind, vec![("PSTypeName", name)]))
})];

const DEFAULT_VALUE: &[Row] =
    &[("PSDefaultValueAttribute()", |c| Ok(record(c.kind, vec![("Value", Value::Null), ("Help", Value::str(""))])))];

const COMPLETER: &[Row] = &[
    ("ArgumentCompleterAttribute(scriptblock scriptBlock)", |c| {
        let block = c.take(0);
        Ok(record(c.kind, vec![("Type", Value::Null), ("ScriptBlock", block)]))
    }),
    ("ArgumentCompleterAttribute(type type)", |c| {
        let kind = c.take(0);
        Ok(record(c.kind, vec![("Type", kind), ("ScriptBlock", Value::Null)]))
    }),
];

const COMPLETIONS: &[Row] = &[("ArgumentCompletionsAttribute(params string[] completions)", |c| {
    Ok(record(c.kind, vec![("Completions", texts(c))]))
})];

const RESULT: &[Row] = &[
    ("CompletionResult(string completionText)", |c| {
        let text = c.take(0);
        let kind = TypeRef::COMPLETION_RESULT_TYPE.enum_of(0);
        Ok(completion_result(text.clone(), text.clone(), kind, text))
    }),
    (
        "CompletionResult(string completionText, string listItemText, \
         System.Management.Automation.CompletionResultType resultType, string toolTip)",
        |c| {
            let (text, shown, kind, tip) = (c.take(0), c.take(1), c.take(2), c.take(3));
            Ok(completion_result(text, shown, kind, tip))
        },
    ),
];

fn completion_result(text: Value, shown: Value, kind: Value, tip: Value) -> Value {
    let rows = vec![("CompletionText", text), ("ListItemText", shown), ("ResultType", kind), ("ToolTip", tip)];
    record(TypeRef::COMPLETION_RESULT, rows)
}

const SET: &[Row] = &[("ValidateSetAttribute(params string[] validValues)", |c| {
    let values = texts(c);
    Ok(record(c.kind, vec![("ErrorMessage", Value::Null), ("IgnoreCase", Value::Bool(true)), ("ValidValues", values)]))
})];

const RANGE: &[Row] = &[
    ("ValidateRangeAttribute(System.Object minRange, System.Object maxRange)", |c| {
        let (least, most) = (c.take(0), c.take(1));
        Ok(record(c.kind, vec![("MinRange", least), ("MaxRange", most)]))
    }),
    ("ValidateRangeAttribute(System.Object rangeKind)", |c| {
        let kind = c.take(0);
        Ok(record(c.kind, vec![("MinRange", kind), ("MaxRange", Value::Null)]))
    }),
];

const LENGTH: &[Row] = &[("ValidateLengthAttribute(int minLength, int maxLength)", |c| {
    let (least, most) = (c.take(0), c.take(1));
    Ok(record(c.kind, vec![("MinLength", least), ("MaxLength", most)]))
})];

const PATTERN: &[Row] = &[("ValidatePatternAttribute(string regexPattern)", |c| {
    let pattern = c.take(0);
    Ok(record(
        c.kind,
        vec![("RegexPattern", pattern), ("Options", Value::str("IgnoreCase")), ("ErrorMessage", Value::Null)],
    ))
})];

const SCRIPT: &[Row] = &[("ValidateScriptAttribute(scriptblock scriptBlock)", |c| {
    let block = c.take(0);
    Ok(record(c.kind, vec![("ErrorMessage", Value::Null), ("ScriptBlock", block)]))
})];

const DRIVE: &[Row] = &[("ValidateDriveAttribute(params string[] validRootDrives)", |c| {
    let drives = texts(c);
    Ok(record(c.kind, vec![("ValidRootDrives", drives)]))
})];

const DYNAMIC: &[Row] = &[
    ("RuntimeDefinedParameter()", |c| Ok(defined(c.kind, Value::str(""), Value::Null, Value::array(Vec::new())))),
    ("RuntimeDefinedParameter(string name, type parameterType, System.Object attributes)", |c| {
        let (name, kind, attributes) = (c.take(0), c.take(1), c.take(2));
        Ok(defined(c.kind, name, kind, attributes))
    }),
];

fn defined(kind: TypeRef, name: Value, parameter: Value, attributes: Value) -> Value {
    record(
        kind,
        vec![
            ("Name", name),
            ("ParameterType", parameter),
            ("Value", Value::Null),
            ("IsSet", Value::Bool(false)),
            ("Attributes", attributes),
        ],
    )
}
