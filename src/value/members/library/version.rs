//! `System.Version` and `System.Management.Automation.SemanticVersion`.

use super::super::table::{Call, Table, get};
use super::super::thrown;
use super::psobject::set_reference;
use crate::value::object::NativeObject;
use crate::value::{Native, Outcome, TypeRef, Unwind, Value, convert};
use std::any::Any;
use std::cmp::Ordering;

pub(super) static TABLES: &[(TypeRef, &Table)] =
    &[(TypeRef::VERSION, &VERSION), (TypeRef::SEMANTIC_VERSION, &SEMANTIC)];

/// Two to four numbers; -1 where one is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    parts: [i32; 4],
}

impl Version {
    /// Reads `major.minor[.build[.revision]]`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let pieces: Vec<&str> = text.trim().split('.').collect();
        if !(2..=4).contains(&pieces.len()) {
            return None;
        }
        let mut parts = [-1; 4];
        for (slot, piece) in parts.iter_mut().zip(&pieces) {
            *slot = piece.trim().parse().ok().filter(|number: &i32| *number >= 0)?;
        }
        Some(Self { parts })
    }

    /// As text: its first `count` numbers, or all it has.
    fn text_of(&self, count: Option<usize>) -> String {
        let there = self.parts.iter().take_while(|part| **part >= 0).count();
        let numbers: Vec<String> = self.parts.iter().take(count.unwrap_or(there)).map(ToString::to_string).collect();
        numbers.join(".")
    }
}

impl NativeObject for Version {
    fn kind(&self) -> TypeRef {
        TypeRef::VERSION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        self.text_of(None)
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>() == Some(self))
    }
    fn compare(&self, other: &dyn NativeObject) -> Option<Ordering> {
        other.as_any().downcast_ref::<Self>().map(|other| self.cmp(other))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(self.text().into_bytes().into_boxed_slice())
    }
}

/// The version that a text writes; null for any other text.
pub(crate) fn of_text(text: &str) -> Value {
    Version::parse(text).map_or(Value::Null, value)
}

/// A version as a value.
pub(crate) fn value(version: Version) -> Value {
    Native::value(version)
}

/// A version of its numbers.
pub(crate) fn of_numbers(parts: [i32; 4]) -> Value {
    value(Version { parts })
}

fn version(value: &Value) -> Version {
    match value {
        Value::Native(native) => native.downcast::<Version>().copied().unwrap_or(Version { parts: [0, 0, -1, -1] }),
        Value::Wrapped(wrapped) => version(&wrapped.base),
        _ => Version { parts: [0, 0, -1, -1] },
    }
}

fn unreadable(text: &str) -> Unwind {
    let pieces = text.split('.').count();
    let kind = if (2..=4).contains(&pieces) { TypeRef::FORMAT_EXCEPTION } else { TypeRef::ARGUMENT_EXCEPTION };
    thrown(kind, format!("'{text}' is not a version; write it as 1.2 or 1.2.3.4."))
}

fn parsed(text: &str) -> Outcome<Value> {
    Version::parse(text).map(value).ok_or_else(|| unreadable(text))
}

fn from_numbers(c: &Call<'_>, count: usize) -> Outcome<Value> {
    let mut parts = [-1; 4];
    for (index, slot) in parts.iter_mut().enumerate().take(count) {
        *slot = i32::try_from(c.int(index)).ok().filter(|number| *number >= 0).ok_or_else(|| {
            thrown(TypeRef::ARGUMENT_OUT_OF_RANGE_EXCEPTION, "The numbers of a version are not negative.")
        })?;
    }
    Ok(of_numbers(parts))
}

fn number(value: &Value, index: usize) -> Outcome<Value> {
    Ok(Value::I32(version(value).parts.get(index).copied().unwrap_or(-1)))
}

static VERSION: Table = Table {
    methods: &[
        ("System.Object Clone()", |c| Ok(value(version(c.this)))),
        ("int CompareTo(System.Object version)", |c| {
            if c.arg(0).is_null() {
                return Ok(Value::I32(1));
            }
            let other = convert::to(c.engine, &c.args.first().cloned().unwrap_or_default(), TypeRef::VERSION)?;
            Ok(Value::I32(version(c.this).cmp(&version(&other)) as i32))
        }),
        ("string ToString()", |c| Ok(Value::from(version(c.this).text()))),
        ("string ToString(int fieldCount)", |c| {
            let wanted = usize::try_from(c.int(0)).unwrap_or(5);
            let version = version(c.this);
            let there = version.parts.iter().take_while(|part| **part >= 0).count();
            if wanted > there {
                return Err(thrown(TypeRef::ARGUMENT_EXCEPTION, format!("The version has {there} numbers.")));
            }
            Ok(Value::from(version.text_of(Some(wanted))))
        }),
    ],
    statics: &[
        ("static version Parse(string input)", |c| parsed(c.text(0))),
        ("static bool TryParse(string input, [ref] version result)", |c| {
            let found = Version::parse(c.text(0));
            set_reference(c.arg(1), found.map_or(Value::Null, value))?;
            Ok(Value::Bool(found.is_some()))
        }),
    ],
    constructors: &[
        ("version()", |_| Ok(of_numbers([0, 0, -1, -1]))),
        ("version(string version)", |c| parsed(c.text(0))),
        ("version(int major, int minor)", |c| from_numbers(c, 2)),
        ("version(int major, int minor, int build)", |c| from_numbers(c, 3)),
        ("version(int major, int minor, int build, int revision)", |c| from_numbers(c, 4)),
    ],
    properties: &[
        get("Major", "int", |_, v| number(v, 0)),
        get("Minor", "int", |_, v| number(v, 1)),
        get("Build", "int", |_, v| number(v, 2)),
        get("Revision", "int", |_, v| number(v, 3)),
        get("MajorRevision", "short", |_, v| Ok(Value::I16((version(v).parts[3] >> 16) as i16))),
        get("MinorRevision", "short", |_, v| Ok(Value::I16(version(v).parts[3] as i16))),
    ],
    ..Table::EMPTY
};

/// `major.minor.patch-prerelease+build`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SemanticVersion {
    numbers: [i32; 3],
    pre_release: Option<Box<str>>,
    build: Option<Box<str>>,
}

impl SemanticVersion {
    /// Reads a semantic version; minor and patch may be left out.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (rest, build) = text.trim().split_once('+').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let (core, label) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
        let pieces: Vec<&str> = core.split('.').collect();
        if pieces.is_empty() || pieces.len() > 3 {
            return None;
        }
        let mut numbers = [0; 3];
        for (slot, piece) in numbers.iter_mut().zip(&pieces) {
            *slot = piece.parse().ok().filter(|number: &i32| *number >= 0)?;
        }
        let valid =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        if !label.is_none_or(valid) || !build.is_none_or(valid) {
            return None;
        }
        Some(Self { numbers, pre_release: label.map(Into::into), build: build.map(Into::into) })
    }

    fn order(&self, other: &Self) -> Ordering {
        let labels = match (&self.pre_release, &other.pre_release) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => order_labels(a, b),
        };
        self.numbers.cmp(&other.numbers).then(labels)
    }
}

/// Labels piece by piece: numbers by value and before words.
fn order_labels(left: &str, right: &str) -> Ordering {
    let (mut first, mut second) = (left.split('.'), right.split('.'));
    loop {
        let order = match (first.next(), second.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

impl NativeObject for SemanticVersion {
    fn kind(&self) -> TypeRef {
        TypeRef::SEMANTIC_VERSION
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn text(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let label = self.pre_release.as_ref().map(|label| format!("-{label}")).unwrap_or_default();
        let build = self.build.as_ref().map(|build| format!("+{build}")).unwrap_or_default();
        format!("{major}.{minor}.{patch}{label}{build}")
    }
    fn equals(&self, other: &dyn NativeObject) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>()?;
        Some(self.order(other) == Ordering::Equal)
    }
    fn compare(&self, other: &dyn NativeObject) -> Option<Ordering> {
        other.as_any().downcast_ref::<Self>().map(|other| self.order(other))
    }
    fn key(&self) -> Option<Box<[u8]>> {
        Some(self.text().into_bytes().into_boxed_slice())
    }
}

fn semantic(value: &Value) -> SemanticVersion {
    let zero = SemanticVersion { numbers: [0; 3], pre_release: None, build: None };
    match value {
        Value::Native(native) => native.downcast::<SemanticVersion>().cloned().unwrap_or(zero),
        Value::Wrapped(wrapped) => semantic(&wrapped.base),
        _ => zero,
    }
}

fn semantic_parsed(text: &str) -> Outcome<Value> {
    SemanticVersion::parse(text)
        .map(Native::value)
        .ok_or_else(|| thrown(TypeRef::FORMAT_EXCEPTION, format!("'{text}' is not a semantic version.")))
}

fn semantic_numbers(c: &Call<'_>, count: usize) -> Outcome<Value> {
    let mut numbers = [0; 3];
    for (index, slot) in numbers.iter_mut().enumerate().take(count) {
        *slot = i32::try_from(c.int(index)).unwrap_or(0);
    }
    let label = if c.args.len() > count { Some(c.text(count)).filter(|label| !label.is_empty()) } else { None };
    Ok(Native::value(SemanticVersion { numbers, pre_release: label.map(Into::into), build: None }))
}

/// Three numbers, none negative, and the two labels.
fn semantic_labelled(c: &Call<'_>) -> Outcome<Value> {
    if (0..3).any(|at| c.int(at) < 0) {
        return Err(thrown(TypeRef::PSARGUMENT_EXCEPTION, "The numbers of a semantic version are not negative."));
    }
    let Value::Native(native) = semantic_numbers(c, 3)? else { return Ok(Value::Null) };
    let found = native.downcast::<SemanticVersion>().cloned();
    let build = Some(c.text(4)).filter(|build| !build.is_empty()).map(Into::into);
    Ok(found.map_or(Value::Null, |found| Native::value(SemanticVersion { build, ..found })))
}

fn label(label: Option<Box<str>>) -> Outcome<Value> {
    Ok(label.map_or(Value::Null, |label| Value::from(&*label)))
}

static SEMANTIC: Table = Table {
    methods: &[
        ("int CompareTo(System.Object version)", |c| {
            if c.arg(0).is_null() {
                return Ok(Value::I32(1));
            }
            let other = convert::to(c.engine, &c.args.first().cloned().unwrap_or_default(), TypeRef::SEMANTIC_VERSION)?;
            Ok(Value::I32(semantic(c.this).order(&semantic(&other)) as i32))
        }),
        ("string ToString()", |c| Ok(Value::from(semantic(c.this).text()))),
    ],
    statics: &[
        ("static semver Parse(string version)", |c| semantic_parsed(c.text(0))),
        ("static bool TryParse(string version, [ref] semver result)", |c| {
            let found = SemanticVersion::parse(c.text(0));
            let there = found.is_some();
            set_reference(c.arg(1), found.map_or(Value::Null, Native::value))?;
            Ok(Value::Bool(there))
        }),
        ("static int Compare(semver versionA, semver versionB)", |c| {
            Ok(Value::I32(semantic(c.arg(0)).order(&semantic(c.arg(1))) as i32))
        }),
    ],
    constructors: &[
        ("semver(string version)", |c| semantic_parsed(c.text(0))),
        ("semver(int major)", |c| semantic_numbers(c, 1)),
        ("semver(int major, int minor)", |c| semantic_numbers(c, 2)),
        ("semver(int major, int minor, int patch)", |c| semantic_numbers(c, 3)),
        ("semver(int major, int minor, int patch, string label)", |c| semantic_numbers(c, 3)),
        ("semver(int major, int minor, int patch, string preReleaseLabel, string buildLabel)", |c| {
            semantic_labelled(c)
        }),
        ("semver(version version)", |c| {
            let [major, minor, patch, _] = version(c.arg(0)).parts;
            Ok(Native::value(SemanticVersion { numbers: [major, minor, patch.max(0)], pre_release: None, build: None }))
        }),
    ],
    properties: &[
        get("Major", "int", |_, v| Ok(Value::I32(semantic(v).numbers[0]))),
        get("Minor", "int", |_, v| Ok(Value::I32(semantic(v).numbers[1]))),
        get("Patch", "int", |_, v| Ok(Value::I32(semantic(v).numbers[2]))),
        get("PreReleaseLabel", "string", |_, v| label(semantic(v).pre_release)),
        get("BuildLabel", "string", |_, v| label(semantic(v).build)),
    ],
    ..Table::EMPTY
};

/// `[version]` of a semantic version: its three numbers.
pub(crate) fn version_of_semantic(value: &Value) -> Option<Value> {
    match value {
        Value::Native(native) => native.downcast::<SemanticVersion>().map(|semantic| {
            let [major, minor, patch] = semantic.numbers;
            of_numbers([major, minor, patch, -1])
        }),
        _ => None,
    }
}
