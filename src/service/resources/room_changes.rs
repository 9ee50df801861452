//! What Set-CsPersistentChatRoom does: every change is worked out and checked on the end state, then written once.

use super::super::access::{CategoryScope, ids, inherits_members};
use super::super::context::Context;
use super::super::settings::require_unchanged;
use super::super::values::iso;
use super::categories::count;
use super::content::{LONGEST, ROOM, changes, check_length, check_name, pool_of, split};
use super::rooms::{self, Viewer, addin_of, category_of, choice, effective_invites, require_free};
use crate::api::{ListChange, Parameters, Problem};
use crate::store::Record;
use serde_json::{Value, json};

/// Properties that Set changes: as shown, and as the parameter is called.
const WRITABLE: [(&str, &str); 11] = [
    ("name", "name"),
    ("description", "description"),
    ("category", "category"),
    ("addin", "addin"),
    ("disabled", "disabled"),
    ("invitations", "invitations"),
    ("privacy", "privacy"),
    ("type", "type"),
    ("members", "members"),
    ("managers", "managers"),
    ("presenters", "presenters"),
];

/// The room before and after, with its category after.
struct Work {
    changes: Parameters,
    as_object: bool,
    before: Record,
    room: Record,
    category: Record,
    scope: CategoryScope,
    moved: bool,
}

pub(super) fn set(context: &mut Context<'_>) -> Result<(), Problem> {
    let room = context.content_target(ROOM)?;
    require_unchanged(context, &room)?;
    let as_object = context.parameters().switch("asObject");
    let shown = Viewer::new(as_object).show(context, &room)?;
    let changes = Parameters(changes(context, &shown, &WRITABLE));
    let mut work = begin(context, room, changes, as_object)?;
    change_type(context, &mut work)?;
    change_members(context, &mut work)?;
    change_other_lists(context, &mut work)?;
    check_state(context, &mut work)?;
    context.target(work.room.name.clone());
    if work.room != work.before {
        work.room.body.insert("updatedBy".to_owned(), json!(context.caller.name));
        work.room.body.insert("updatedOn".to_owned(), json!(iso(context.now)));
        context.tx.update(&mut work.room)?;
    }
    context.changed_to(work.room.revision);
    invite_new_members(context, &work)
}

/// Plain values, in the order of checks: ranges, uniqueness, references.
fn begin(context: &mut Context<'_>, before: Record, changes: Parameters, as_object: bool) -> Result<Work, Problem> {
    let mut room = before.clone();
    let pool = pool_of(&room);
    if changes.given("description") {
        let description = changes.text("description").unwrap_or_default();
        check_length("Description", description, LONGEST)?;
        room.body.insert("description".to_owned(), json!(description));
    }
    for field in ["invitations", "privacy", "type"] {
        if let Some(value) = changes.get(field).filter(|value| !value.is_null()) {
            room.body.insert(field.to_owned(), json!(choice(field, value)?));
        }
    }
    if let Some(disabled) = changes.boolean("disabled")? {
        room.body.insert("disabled".to_owned(), json!(disabled));
    }
    if changes.given("name") {
        let name = changes.text("name").unwrap_or_default();
        check_name(name, LONGEST)?;
        room.rename(format!("{pool}\\{name}"));
        require_free(context, &room.name, room.id)?;
    }
    let category = match changes.text("category") {
        Some(name) => other_category(context, &pool, name)?,
        None => {
            let id = room.parent.unwrap_or_default();
            context.tx.object_by_id(id)?.ok_or_else(|| Problem::internal("the room has no category"))?
        }
    };
    let moved = room.parent != Some(category.id);
    room.parent = Some(category.id);
    if changes.given("addin") {
        let addin = addin_of(context, &pool, changes.text("addin"))?;
        room.body.insert("addin".to_owned(), json!(addin));
    }
    let scope = CategoryScope::of(&category);
    Ok(Work { changes, as_object, before, room, category, scope, moved })
}

fn other_category(context: &mut Context<'_>, pool: &str, name: &str) -> Result<Record, Problem> {
    if let Some(prefix) = split(name).0.filter(|prefix| !prefix.eq_ignore_ascii_case(pool)) {
        let message = format!("A room stays on its pool: '{pool}' and '{prefix}' differ.");
        return Err(Problem::new("PC-E18", message));
    }
    category_of(context, pool, name)
}

/// A room that stops being an Auditorium loses its presenters; one that moves loses whoever does not fit.
fn change_type(context: &mut Context<'_>, work: &mut Work) -> Result<(), Problem> {
    let presenters = ids(&work.room.body, "presenters");
    let now_normal = work.room.text("type") == "Normal" && work.before.text("type") == "Auditorium";
    let will = context.call.what_if;
    if now_normal && !presenters.is_empty() {
        let verb = match (will, presenters.len()) {
            (true, _) => "would be cleared",
            (false, 1) => "was cleared",
            (false, _) => "were cleared",
        };
        context.warn(format!("{}: {} {verb}.", work.room.name, count(presenters.len(), "presenter")));
        work.room.body.insert("presenters".to_owned(), json!([]));
    }
    if work.moved
        && let Some(text) = rooms::purge(context, &mut work.room, &work.scope)?
        && !context.parameters().switch("force")
    {
        let verb = if will { "would be removed" } else { "were removed" };
        context.warn(format!(
            "{}: {text} {verb}, for the category '{}' does not hold them.",
            work.room.name, work.category.name
        ));
    }
    Ok(())
}

fn change_members(context: &mut Context<'_>, work: &mut Work) -> Result<(), Problem> {
    let Some(change) = work.changes.list_change("members")? else { return Ok(()) };
    let inherited = inherits_members(&work.room);
    let after = match &change {
        ListChange::Clear => Value::Null,
        ListChange::Modify { add, .. } if inherited && add.is_empty() => {
            context.warn(format!(
                "{} has no members of its own to remove from; it inherits its category's.",
                work.room.name
            ));
            Value::Null
        }
        _ => json!(context.change_list(&ids(&work.room.body, "members"), &change, work.as_object)?),
    };
    work.room.body.insert("members".to_owned(), after);
    Ok(())
}

fn change_other_lists(context: &mut Context<'_>, work: &mut Work) -> Result<(), Problem> {
    for list in ["presenters", "managers"] {
        if let Some(change) = work.changes.list_change(list)? {
            let after = context.change_list(&ids(&work.room.body, list), &change, work.as_object)?;
            work.room.body.insert(list.to_owned(), json!(after));
        }
    }
    // Only what this command brings in is held against the scope: what was there was checked when it came.
    for list in ["members", "presenters", "managers"] {
        if work.changes.given(list) {
            let before = if work.moved { Vec::new() } else { ids(&work.before.body, list) };
            let added: Vec<i64> = ids(&work.room.body, list).into_iter().filter(|id| !before.contains(id)).collect();
            context.require_in_scope(&work.scope, &added, &work.category.name)?;
        }
    }
    Ok(())
}

fn check_state(context: &mut Context<'_>, work: &mut Work) -> Result<(), Problem> {
    let presenters = ids(&work.room.body, "presenters");
    if presenters.is_empty() {
        return Ok(());
    }
    if work.room.text("type") != "Auditorium" {
        let message = format!("'{}' is a Normal room; only an Auditorium has presenters.", work.room.name);
        return Err(Problem::new("PC-E32", message));
    }
    let old = ids(&work.before.body, "presenters");
    let mut kept = Vec::new();
    for id in presenters {
        if context.is_member(&work.scope, &work.room, id)? {
            kept.push(id);
        } else if work.changes.given("presenters") && !old.contains(&id) {
            let who = context.principal(id)?.map(|found| found.display_name().to_owned()).unwrap_or_default();
            let message =
                format!("'{who}' is not a member of the room '{}' and so cannot present in it.", work.room.name);
            return Err(Problem::new("PC-E33", message));
        }
    }
    let gone = ids(&work.room.body, "presenters").len() - kept.len();
    if gone > 0 {
        let verb = if context.call.what_if { "would be removed" } else { "were removed" };
        context.warn(format!("{}: {} no longer a member {verb}.", work.room.name, count(gone, "presenter")));
        work.room.body.insert("presenters".to_owned(), json!(kept));
    }
    Ok(())
}

/// Everyone whom a new Members entry makes a member is invited, while invitations are on.
fn invite_new_members(context: &mut Context<'_>, work: &Work) -> Result<(), Problem> {
    if !work.changes.given("members") || !effective_invites(&work.category, &work.room) {
        return Ok(());
    }
    let before = ids(&work.before.body, "members");
    let added: Vec<i64> = ids(&work.room.body, "members").into_iter().filter(|id| !before.contains(id)).collect();
    let users = context.expand(&added)?;
    let mut invited = Vec::new();
    for user in users.into_values() {
        if context.in_scope(&work.scope, user.id)? {
            invited.push(user);
        }
    }
    rooms::invite(context, work.room.id, invited.iter().map(AsRef::as_ref))
}
