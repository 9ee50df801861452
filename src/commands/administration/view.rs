//! The default views of the manifests' nouns, for the format storey.

use crate::catalogue::{Column as Shown, Noun, ViewStyle};
use crate::format::{Body, Column, View};
use crate::runtime::Session;
use crate::runtime::display::Display;
use crate::value::Str;
use std::collections::HashSet;

/// Makes the views of a noun known to the session's display, the first time that it is asked to.
pub(super) fn register(session: &mut Session, noun: &Noun) {
    let registered = &mut session.extension::<Registered>().0;
    if !registered.insert(noun.name.clone()) {
        return;
    }
    let table = session.extension::<Display>().views.clone();
    views(noun).into_iter().for_each(|view| table.register(view));
}

/// Nouns whose views are registered.
#[derive(Default)]
struct Registered(HashSet<String>);

/// The views of a noun in the order in which they are to be registered: the default one last, since it goes first.
fn views(noun: &Noun) -> Vec<View> {
    let Some(name) = noun.types.first() else { return Vec::new() };
    let view = |body| View {
        name: Str::from(noun.name.as_str()),
        types: vec![Str::from(name.as_str())],
        group_by: None,
        body,
        out_of_band: false,
    };
    let list = view(Body::List(columns(&noun.list)));
    if noun.table.is_empty() {
        return vec![list];
    }
    let table = view(Body::Table { columns: columns(&noun.table), wrap: false, hide_headers: false });
    match noun.style {
        ViewStyle::List => vec![table, list],
        ViewStyle::Table => vec![list, table],
    }
}

fn columns(shown: &[Shown]) -> Vec<Column> {
    let column = |shown: &Shown| {
        let column = Column::property(shown.property.as_str()).width(shown.width.map_or(0, usize::from));
        match &shown.label {
            Some(label) => column.label(label.as_str()),
            None => column,
        }
    };
    shown.iter().map(column).collect()
}
