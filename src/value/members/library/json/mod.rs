//! `System.Text.Json`: documents and their elements as written, and text for objects.

mod document;
mod index;
mod serializer;

use super::super::table::Table;
use crate::value::TypeRef;

pub(super) static TABLES: &[(TypeRef, &Table)] = &[
    (TypeRef::JSON_DOCUMENT, &document::DOCUMENT),
    (TypeRef::JSON_ELEMENT, &document::ELEMENT),
    (TypeRef::JSON_PROPERTY, &document::PROPERTY),
    (TypeRef::JSON_SERIALIZER, &serializer::SERIALIZER),
    (TypeRef::JSON_SERIALIZER_OPTIONS, &serializer::OPTIONS),
];
