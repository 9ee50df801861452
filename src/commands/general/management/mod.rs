//! The cmdlets of drives and paths: items, content, locations, path texts, drives, item properties.

mod content;
mod copy;
mod drive;
mod item;
mod list;
mod location;
mod path;
mod property;
mod property_change;
mod remove;
mod write_content;

use crate::runtime::providers::{Expansion, Location};
use crate::runtime::{CmdletSpec, Invocation, SetMembership};
use crate::value::wildcard::Wildcard;
use crate::value::{Outcome, Str, Unwind};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[
    &item::GetItem::SPEC,
    &item::SetItem::SPEC,
    &item::NewItem::SPEC,
    &item::ClearItem::SPEC,
    &item::RenameItem::SPEC,
    &remove::RemoveItem::SPEC,
    &copy::CopyItem::SPEC,
    &copy::MoveItem::SPEC,
    &list::GetChildItem::SPEC,
    &content::GetContent::SPEC,
    &write_content::SetContent::SPEC,
    &write_content::AddContent::SPEC,
    &write_content::ClearContent::SPEC,
    &location::GetLocation::SPEC,
    &location::SetLocation::SPEC,
    &location::PushLocation::SPEC,
    &location::PopLocation::SPEC,
    &path::TestPath::SPEC,
    &path::ResolvePath::SPEC,
    &path::ConvertPath::SPEC,
    &path::SplitPath::SPEC,
    &path::JoinPath::SPEC,
    &drive::GetPSDrive::SPEC,
    &drive::NewPSDrive::SPEC,
    &drive::RemovePSDrive::SPEC,
    &drive::GetPSProvider::SPEC,
    &property::GetItemProperty::SPEC,
    &property::GetItemPropertyValue::SPEC,
    &property::SetItemProperty::SPEC,
    &property_change::ClearItemProperty::SPEC,
    &property_change::NewItemProperty::SPEC,
    &property_change::RemoveItemProperty::SPEC,
    &property_change::RenameItemProperty::SPEC,
    &property_change::CopyItemProperty::SPEC,
    &property_change::MoveItemProperty::SPEC,
];

/// The module all of them are listed under is `Microsoft.PowerShell.Management`; their sets share these names.
pub(super) const PATH: &str = "Path";
pub(super) const LITERAL: &str = "LiteralPath";

/// `-Path`: first, needed, also from the pipeline.
pub(super) const PATH_SETS: &[SetMembership] =
    &[SetMembership::of(PATH).mandatory().position(0).by_value().by_property()];
/// `-LiteralPath`: from a property of what is piped.
pub(super) const LITERAL_SETS: &[SetMembership] = &[SetMembership::of(LITERAL).mandatory().by_property()];
/// Its other names.
pub(super) const LITERAL_ALIASES: &[&str] = &["PSPath", "LP"];

/// The places that paths mean. A path that means nothing is a non-terminating error and the rest go on.
pub(super) fn places(
    run: &mut Invocation<'_>,
    paths: &[Str],
    literal: &[Str],
    how: Expansion,
) -> Outcome<Vec<Location>> {
    let mut found = Vec::new();
    let all = paths.iter().map(|p| (p, false)).chain(literal.iter().map(|p| (p, true)));
    for (path, literal) in all {
        match run.session.expand_path(path, Expansion { literal, ..how }) {
            Ok(places) => found.extend(places),
            Err(Unwind::Fault(fault)) => run.error(*fault)?,
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

/// `-Include` and `-Exclude`: patterns for the last part of a path.
pub(super) struct Sieve {
    include: Vec<Wildcard>,
    exclude: Vec<Wildcard>,
}

impl Sieve {
    pub(super) fn new(include: &[Str], exclude: &[Str]) -> Outcome<Sieve> {
        let read = |patterns: &[Str]| patterns.iter().map(|p| Wildcard::new(p, false)).collect::<Outcome<Vec<_>>>();
        Ok(Sieve { include: read(include)?, exclude: read(exclude)? })
    }

    pub(super) fn passes(&self, name: &str) -> bool {
        (self.include.is_empty() || self.include.iter().any(|w| w.matches(name)))
            && !self.exclude.iter().any(|w| w.matches(name))
    }
}

/// The last part of a place's path.
pub(super) fn leaf(place: &Location) -> String {
    crate::runtime::providers::path::leaf(&place.path)
}
