//! `System.Text.RegularExpressions`: `Regex`, `Match`, `Group`, and their collections.

mod matches;
mod pattern;

pub(crate) use matches::match_value;

use super::super::table::Table;
use crate::value::TypeRef;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::REGEX, &pattern::TABLE),
    (TypeRef::CAPTURE, &matches::CAPTURE),
    (TypeRef::GROUP, &matches::GROUP),
    (TypeRef::MATCH, &matches::MATCH),
    (TypeRef::MATCH_COLLECTION, &matches::COLLECTION),
    (TypeRef::GROUP_COLLECTION, &matches::GROUPS),
    (TypeRef::CAPTURE_COLLECTION, &matches::COLLECTION),
];
