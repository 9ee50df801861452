//! Type names in brackets: short names, namespaces, and the types within them.

use super::site::Site;
use super::{CompletionResult, ResultType};
use crate::runtime::Session;
use crate::syntax::StatementKind;
use crate::value::wildcard::Wildcard;
use crate::value::{TypeRef, types};
use std::collections::BTreeSet;
use std::collections::HashSet;

/// A type as tips name it: without its namespace.
pub(super) fn short_name(kind: TypeRef) -> String {
    let full = kind.display_name();
    let (head, arguments) = full.find('[').map_or((&*full, ""), |at| full.split_at(at));
    let short = head.rsplit('.').next().unwrap_or(head);
    format!("{short}{arguments}")
}

/// Types that fit the name at the cursor, and where that name starts.
pub(super) fn complete(session: &mut Session, site: &Site<'_>) -> (usize, Vec<CompletionResult>) {
    let word = site.word();
    let written = site.written().trim_end_matches(']');
    let open = written.rfind(['[', ',']).map_or(0, |at| at + 1);
    let name = written.get(open..).unwrap_or("");
    let start = word.start + open + (name.len() - name.trim_start().len());
    (start, named(session, Some(site), name.trim_start()))
}

/// Types and namespaces that begin so.
pub(super) fn named(session: &mut Session, site: Option<&Site<'_>>, written: &str) -> Vec<CompletionResult> {
    let dots = written.matches('.').count();
    let Ok(pattern) = Wildcard::new(&format!("{written}*"), false) else { return Vec::new() };
    let used: Vec<String> = site.map(used_namespaces).unwrap_or_default();
    let mut seen = HashSet::new();
    let mut results = Vec::new();
    let mut add = |result: CompletionResult| {
        if seen.insert(result.text.to_lowercase()) {
            results.push(result);
        }
    };
    for namespace in namespaces().filter(|name| name.matches('.').count() == dots && pattern.matches(name)) {
        let shown = namespace.rsplit('.').next().unwrap_or(&namespace).to_owned();
        add(CompletionResult::new(namespace.clone(), shown, ResultType::Namespace, format!("Namespace {namespace}")));
    }
    for kind in types::known_types() {
        let full = plain_name(kind);
        let key = if dots == 0 { full.rsplit(['.', '+']).next().unwrap_or(&full) } else { &full };
        if key.matches('.').count() == dots && pattern.matches(key) && is_shown(kind) {
            add(of_type(kind, dots > 0, &used));
        }
    }
    if dots == 0 {
        for (name, kind) in types::accelerators().iter().filter(|(name, _)| pattern.matches(name)) {
            add(CompletionResult::new(*name, plain_leaf(*kind), ResultType::Type, kind.full_name()));
        }
        for result in site.into_iter().flat_map(declared).filter(|one| pattern.matches(&one.shown)) {
            add(result);
        }
        for name in session.class_names().iter().filter(|name| pattern.matches(name)) {
            add(CompletionResult::new(name.as_str(), name.as_str(), ResultType::Type, name.as_str()));
        }
    }
    results.sort_by_key(|one| one.shown.to_lowercase());
    results
}

/// Namespaces alone, as `using namespace` takes them.
pub(super) fn namespaces_named(written: &str) -> Vec<CompletionResult> {
    let dots = written.matches('.').count();
    let Ok(pattern) = Wildcard::new(&format!("{written}*"), false) else { return Vec::new() };
    let fitting = namespaces().filter(|name| name.matches('.').count() == dots && pattern.matches(name));
    let shown = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let result = |name: String| {
        let tip = format!("Namespace {name}");
        CompletionResult::new(name.clone(), shown(&name), ResultType::Namespace, tip)
    };
    fitting.map(result).collect()
}

/// The types that the text declares.
fn declared(site: &Site<'_>) -> Vec<CompletionResult> {
    let statements = site.parsed.ast.end.as_ref().map(|block| block.statements.as_slice()).unwrap_or_default();
    let names = statements.iter().filter_map(|statement| match &statement.kind {
        StatementKind::Class(class) => Some(("Class", class.name.to_string())),
        StatementKind::Enum(kind) => Some(("Enum", kind.name.to_string())),
        _ => None,
    });
    names
        .map(|(what, name)| {
            CompletionResult::new(name.clone(), name.clone(), ResultType::Type, format!("{what} {name}"))
        })
        .collect()
}

fn used_namespaces(site: &Site<'_>) -> Vec<String> {
    let using = site.parsed.ast.using.iter();
    using.filter(|one| one.kind == crate::syntax::UsingKind::Namespace).map(|one| one.name.to_string()).collect()
}

fn namespaces() -> impl Iterator<Item = String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for namespace in types::known_types().filter_map(TypeRef::namespace) {
        let ends = namespace.match_indices('.').map(|(at, _)| at).chain(Some(namespace.len()));
        found.extend(ends.filter_map(|end| namespace.get(..end).map(str::to_owned)));
    }
    found.into_iter()
}

fn plain_name(kind: TypeRef) -> String {
    let name = kind.name();
    name.split('`').next().unwrap_or(name).to_owned()
}

fn plain_leaf(kind: TypeRef) -> String {
    let name = plain_name(kind);
    name.rsplit(['.', '+']).next().unwrap_or(&name).to_owned()
}

/// Nested types of generic ones are no names that anybody writes.
fn is_shown(kind: TypeRef) -> bool {
    !(kind.name().contains('`') && kind.name().contains('+'))
}

fn of_type(kind: TypeRef, qualified: bool, used: &[String]) -> CompletionResult {
    let full = plain_name(kind);
    let display = kind.display_name();
    let short = if qualified || display.contains(['.', '`', '[']) { full.clone() } else { display.into_owned() };
    let within = used.iter().filter(|namespace| kind.namespace() == Some(namespace.as_str())).max_by_key(|n| n.len());
    let text = match within {
        Some(namespace) => full.get(namespace.len() + 1..).unwrap_or(&full).to_owned(),
        None => short,
    };
    let shown = match kind.name().rsplit_once('`') {
        Some(_) => format!("{}<>", plain_leaf(kind)),
        None => plain_leaf(kind),
    };
    CompletionResult::new(text, shown, ResultType::Type, kind.full_name())
}
