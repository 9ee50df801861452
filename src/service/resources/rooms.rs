//! Rooms: made in a category, found, removed. What Set does stands in `room_changes`.

use super::super::access::{CategoryScope, ids, inherits_members};
use super::super::context::Context;
use super::super::filter::{self, Filter};
use super::super::identity::matches;
use super::super::paging::Pager;
use super::super::registry::Route;
use super::super::values::{bad, iso};
use super::categories::count;
use super::content::{ADDIN, CATEGORY, LONGEST, ROOM, check_length, check_name, name_of, pool_of, split};
use super::room_changes;
use crate::api::Problem;
use crate::store::{Record, TotalsByRoom};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub(crate) const ROUTES: &[Route] = &[
    ("New-CsPersistentChatRoom", new),
    ("Get-CsPersistentChatRoom", get),
    ("Set-CsPersistentChatRoom", room_changes::set),
    ("Remove-CsPersistentChatRoom", remove),
];

/// Enumerations of rooms: parameter, property as named to people, values.
pub(crate) const CHOICES: [(&str, &str, &[&str]); 3] = [
    ("privacy", "Privacy", &["Open", "Closed", "Secret"]),
    ("type", "Type", &["Normal", "Auditorium"]),
    ("invitations", "Invitations", &["Inherit", "False"]),
];

/// A value of one of the enumerations, in its canonical spelling.
pub(crate) fn choice(field: &str, value: &Value) -> Result<&'static str, Problem> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    };
    let row = CHOICES.iter().find(|(name, _, _)| *name == field);
    let found = row.and_then(|(_, _, words)| words.iter().find(|word| word.eq_ignore_ascii_case(&text)));
    found.copied().ok_or_else(|| {
        let (name, words) = row.map_or((field, &[][..]), |(_, name, words)| (*name, *words));
        bad(name, &format!("'{text}' is none of {}", words.join(", ")))
    })
}

fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let category_name = parameters.required("category")?;
    let pool = context.pool_for_new(split(category_name).0)?;
    let name = parameters.text("name").unwrap_or_default();
    let description = parameters.text("description").unwrap_or_default();
    check_name(name, LONGEST)?;
    check_length("Description", description, LONGEST)?;
    let chosen = |field: &str, default: &'static str| match parameters.get(field) {
        None | Some(Value::Null) => Ok(default),
        Some(value) => choice(field, value),
    };
    let (invitations, privacy, kind) =
        (chosen("invitations", "Inherit")?, chosen("privacy", "Closed")?, chosen("type", "Normal")?);
    let disabled = parameters.boolean("disabled")?.unwrap_or(false);
    let identity = format!("{pool}\\{name}");
    require_free(context, &identity, 0)?;
    let category = category_of(context, &pool, category_name)?;
    let addin = addin_of(context, &pool, parameters.text("addin"))?;
    let scope = CategoryScope::of(&category);
    let managers = creator_as_manager(context, &scope)?;
    let uri = format!("ma-chan://{}/{}", context.deployment.topology.default_sip_domain(), context.new_guid());
    let created = json!(iso(context.now));
    let body = json!({
        "chatRoomUri": uri,
        "description": description,
        "addin": addin,
        "disabled": disabled,
        "invitations": invitations,
        "privacy": privacy,
        "type": kind,
        "managers": managers,
        "members": null,
        "presenters": [],
        "createdBy": context.caller.name,
        "createdOn": created,
        "updatedBy": context.caller.name,
        "updatedOn": created,
    });
    let mut record = Record::of(ROOM, identity, &body)?.inside(category.id);
    context.target(record.name.clone());
    context.tx.insert(&mut record)?;
    if effective_invites(&category, &record) {
        let users = context.users_in_scope(&scope)?;
        invite(context, record.id, users.iter().map(AsRef::as_ref))?;
    }
    let shown = Viewer::new(false).show(context, &record)?;
    context.emit_stored(shown, record.revision);
    Ok(())
}

/// A room's name must be free among the pool's rooms and not be that of a category.
pub(crate) fn require_free(context: &mut Context<'_>, identity: &str, own: i64) -> Result<(), Problem> {
    if context.tx.object(ROOM, identity)?.is_some_and(|other| other.id != own) {
        return Err(Problem::new("PC-E23", format!("There is a room '{identity}' already.")));
    }
    if context.tx.object_exists(CATEGORY, identity)? {
        let message = format!("A category is called '{}'; a room needs another name.", split(identity).1);
        return Err(Problem::new("PC-E26", message));
    }
    Ok(())
}

/// The category of a pool by name (with or without the pool), or PC-E34.
pub(crate) fn category_of(context: &mut Context<'_>, pool: &str, name: &str) -> Result<Record, Problem> {
    let (_, bare) = split(name);
    let missing = || Problem::new("PC-E34", format!("The pool '{pool}' has no category '{bare}'."));
    context.tx.object(CATEGORY, &format!("{pool}\\{bare}"))?.ok_or_else(missing)
}

/// The id of an add-in of a pool by name, or PC-E35; no name is no add-in.
pub(crate) fn addin_of(context: &mut Context<'_>, pool: &str, name: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(name) = name.filter(|text| !text.is_empty()) else { return Ok(None) };
    let (prefix, bare) = split(name);
    if let Some(prefix) = prefix.filter(|prefix| !prefix.eq_ignore_ascii_case(pool)) {
        return Err(Problem::new("PC-E18", format!("Two pools are named: '{pool}' and '{prefix}'.")));
    }
    let missing = || Problem::new("PC-E35", format!("The pool '{pool}' has no add-in '{bare}'."));
    Ok(Some(context.tx.object(ADDIN, &format!("{pool}\\{bare}"))?.ok_or_else(missing)?.id))
}

fn creator_as_manager(context: &mut Context<'_>, scope: &CategoryScope) -> Result<Vec<i64>, Problem> {
    let caller = context.caller.clone();
    let Some(user) = caller.principal.as_ref().filter(|user| user.sip().is_some()) else { return Ok(Vec::new()) };
    Ok(if context.in_scope(scope, user.id)? { vec![user.id] } else { Vec::new() })
}

/// effectiveInvites(room).
pub(crate) fn effective_invites(category: &Record, room: &Record) -> bool {
    category.body.get("invites") == Some(&json!(true)) && room.text("invitations") == "Inherit"
}

/// Invites those users who have chat.
pub(crate) fn invite<'u>(
    context: &mut Context<'_>,
    room: i64,
    users: impl Iterator<Item = &'u crate::store::Principal>,
) -> Result<(), Problem> {
    let now = context.now;
    for user in users {
        if context.chat_enabled(user)? {
            context.tx.invite(user.id, room, now)?;
        }
    }
    Ok(())
}

/// Shows rooms; categories and add-ins are read once.
pub(crate) struct Viewer {
    as_object: bool,
    names: HashMap<i64, Option<Record>>,
    /// Of the rooms that are shown next, where they were counted together.
    totals: Option<TotalsByRoom>,
}

impl Viewer {
    pub(crate) fn new(as_object: bool) -> Self {
        Viewer { as_object, names: HashMap::new(), totals: None }
    }

    /// The object beside the room: its category or add-in.
    pub(crate) fn beside(&mut self, context: &mut Context<'_>, id: Option<i64>) -> Result<Option<&Record>, Problem> {
        let Some(id) = id else { return Ok(None) };
        let found = match self.names.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(context.tx.object_by_id(id)?),
        };
        Ok(found.as_ref())
    }

    /// Counts the messages of rooms that stand one after the other and will all be shown.
    fn count_together(&mut self, context: &mut Context<'_>, rooms: &[Record]) -> Result<(), Problem> {
        self.totals = match rooms {
            [first, .., last] => Some(context.tx.message_totals_between(ROOM, &first.key, &last.key)?),
            _ => None,
        };
        Ok(())
    }

    /// A room as callers see it.
    pub(crate) fn show(&mut self, context: &mut Context<'_>, room: &Record) -> Result<Value, Problem> {
        let addin = self.beside(context, room.body.get("addin").and_then(Value::as_i64))?;
        let addin = addin.map_or(Value::Null, |addin| json!(name_of(addin)));
        let category = self.beside(context, room.parent)?;
        let (category, category_uri) =
            category.map_or((Value::Null, Value::Null), |found| (json!(found.name), json!(found.text("categoryUri"))));
        let (messages, bytes, last) = match &self.totals {
            Some(totals) => totals.get(&room.id).copied().unwrap_or_default(),
            None => context.tx.message_totals(room.id)?,
        };
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
        put("identity", json!(room.name));
        put("name", json!(name_of(room)));
        put("description", json!(room.text("description")));
        put("category", category);
        for field in ["chatRoomUri", "type", "privacy", "invitations", "disabled"] {
            put(field, room.body.get(field).cloned().unwrap_or_default());
        }
        put("addin", addin);
        for list in ["members", "managers", "presenters"] {
            put(list, context.show_list(&ids(&room.body, list), self.as_object)?);
        }
        put("categoryUri", category_uri);
        put("membersInherited", json!(inherits_members(room)));
        put("contentSizeBytes", json!(bytes));
        put("messageCount", json!(messages));
        put("lastActivity", last.map_or(Value::Null, |at| json!(iso(at))));
        for field in ["createdBy", "createdOn", "updatedBy", "updatedOn"] {
            put(field, room.body.get(field).cloned().unwrap_or_default());
        }
        Ok(Value::Object(object))
    }
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let mut viewer = Viewer::new(context.parameters().switch("asObject"));
    if let Some(identity) = context.call.identity.as_deref() {
        let record = context.content_object(ROOM, identity, "PC-E21")?;
        context.reply.revision = Some(record.revision);
        let shown = viewer.show(context, &record)?;
        context.emit_stored(shown, record.revision);
        return Ok(());
    }
    context.require_topology()?;
    let selection = Selection::read(context)?;
    let mut pager = Pager::new(context)?;
    let pools = context.usable_pools(context.parameters().text("persistentChatPoolFqdn"))?;
    if context.call.cursor.is_some() {
        // What is not usable was reported with the first page.
        context.reply.problems.clear();
    }
    for pool in pools {
        let prefix = format!("{}\\", pool.to_lowercase());
        let mut after = pager.after.clone();
        if after.as_str() > prefix.as_str() && !after.starts_with(&prefix) {
            continue;
        }
        loop {
            let rooms = selection.page(context, &prefix, &after, pager.wanted())?;
            let Some(last) = rooms.last() else { break };
            after.clone_from(&last.key);
            if selection.is_everything() {
                viewer.count_together(context, &rooms)?;
            }
            for room in rooms {
                if pager.is_satisfied() {
                    return Ok(());
                }
                if !selection.passes(context, &mut viewer, &room)? {
                    continue;
                }
                if !pager.has_room() {
                    context.reply.next_cursor = pager.next();
                    return Ok(());
                }
                let shown = viewer.show(context, &room)?;
                context.emit_stored(shown, room.revision);
                pager.sent(&room.key);
            }
        }
    }
    Ok(())
}

/// What a listing of rooms asks for.
struct Selection {
    filter: Option<RoomFilter>,
    category: Option<Record>,
    addin: Option<i64>,
    manager: Option<i64>,
    member: Option<i64>,
    privacy: Option<&'static str>,
    kind: Option<&'static str>,
    invitations: Option<&'static str>,
    disabled: Option<bool>,
    exceeds: Option<i64>,
}

enum RoomFilter {
    Expression(Filter),
    Words { text: String, in_description: bool },
}

impl Selection {
    fn read(context: &mut Context<'_>) -> Result<Self, Problem> {
        let parameters = context.parameters();
        let as_object = parameters.switch("asObject");
        let chosen = |field: &str| {
            parameters.get(field).filter(|value| !value.is_null()).map(|value| choice(field, value)).transpose()
        };
        let exceeds = parameters.integer("chatContentExceedsMB")?;
        if let Some(number) = exceeds.filter(|number| *number < 0) {
            return Err(bad("ChatContentExceedsMB", &format!("{number} is negative")));
        }
        let mut selection = Selection {
            filter: room_filter(context)?,
            category: None,
            addin: None,
            manager: None,
            member: None,
            privacy: chosen("privacy")?,
            kind: chosen("type")?,
            invitations: chosen("invitations")?,
            disabled: parameters.boolean("disabled")?,
            exceeds: exceeds.map(|number| number.saturating_mul(1_048_576)),
        };
        if let Some(name) = parameters.text("category") {
            selection.category = Some(context.content_object(CATEGORY, name, "PC-E34")?);
        }
        if let Some(name) = parameters.text("addin") {
            selection.addin = Some(context.content_object(ADDIN, name, "PC-E35")?.id);
        }
        if let Some(text) = parameters.text("manager") {
            selection.manager = Some(context.resolve_principal(text, as_object)?.id);
        }
        if let Some(text) = parameters.text("member") {
            selection.member = Some(context.resolve_principal(text, as_object)?.id);
        }
        Ok(selection)
    }

    /// Does every room pass?
    fn is_everything(&self) -> bool {
        let texts = [self.privacy, self.kind, self.invitations];
        let numbers = [self.addin, self.manager, self.member, self.exceeds];
        self.filter.is_none()
            && self.category.is_none()
            && self.disabled.is_none()
            && texts.iter().all(Option::is_none)
            && numbers.iter().all(Option::is_none)
    }

    fn page(
        &self,
        context: &mut Context<'_>,
        prefix: &str,
        after: &str,
        wanted: usize,
    ) -> Result<Vec<Record>, Problem> {
        const CHUNK: i64 = 500;
        // Where all pass, no more are read than the page holds.
        let limit = match self.is_everything() {
            true => i64::try_from(wanted).map_or(CHUNK, |wanted| wanted.clamp(1, 2 * CHUNK + 1)),
            false => CHUNK,
        };
        match &self.category {
            Some(category) if category.key.starts_with(prefix) => context.tx.children(category.id, ROOM, after, limit),
            Some(_) => Ok(Vec::new()),
            None => context.tx.objects(ROOM, prefix, after, limit),
        }
    }

    fn passes(&self, context: &mut Context<'_>, viewer: &mut Viewer, room: &Record) -> Result<bool, Problem> {
        let is = |field: &str, wanted: Option<&str>| wanted.is_none_or(|wanted| room.text(field) == wanted);
        let plain = is("privacy", self.privacy)
            && is("type", self.kind)
            && is("invitations", self.invitations)
            && self.disabled.is_none_or(|wanted| room.body.get("disabled") == Some(&json!(wanted)))
            && self.addin.is_none_or(|id| room.body.get("addin").and_then(Value::as_i64) == Some(id))
            && self.filter.as_ref().is_none_or(|filter| filter.passes(room));
        if !plain {
            return Ok(false);
        }
        if let Some(limit) = self.exceeds
            && context.tx.message_totals(room.id)?.1 <= limit
        {
            return Ok(false);
        }
        if let Some(manager) = self.manager {
            let Some(subject) = context.subject(manager)? else { return Ok(false) };
            if !context.any_covers(&ids(&room.body, "managers"), &subject)? {
                return Ok(false);
            }
        }
        if let Some(member) = self.member {
            let Some(category) = viewer.beside(context, room.parent)? else { return Ok(false) };
            let scope = CategoryScope::of(category);
            return context.is_member(&scope, room, member);
        }
        Ok(true)
    }
}

fn room_filter(context: &Context<'_>) -> Result<Option<RoomFilter>, Problem> {
    let in_description = context.parameters().switch("searchDescription");
    let Some(text) = context.parameters().text("filter") else {
        return match in_description {
            true => Err(Problem::new("PC-E27", "SearchDescription has a meaning only together with Filter.")),
            false => Ok(None),
        };
    };
    if !filter::is_expression(text) {
        return Ok(Some(RoomFilter::Words { text: text.to_lowercase(), in_description }));
    }
    let expression = filter::parse(text)?;
    expression
        .require_properties(&|name| name.eq_ignore_ascii_case("name") || name.eq_ignore_ascii_case("description"))?;
    Ok(Some(RoomFilter::Expression(expression)))
}

impl RoomFilter {
    fn passes(&self, room: &Record) -> bool {
        match self {
            RoomFilter::Expression(filter) => filter.passes(&|name| match name.eq_ignore_ascii_case("name") {
                true => json!(name_of(room)),
                false => json!(room.text("description")),
            }),
            RoomFilter::Words { text, in_description } => {
                let hit = |value: &str| match text.contains(['*', '?']) {
                    true => matches(text, value),
                    false => value.to_lowercase().contains(text),
                };
                hit(name_of(room)) || (*in_description && hit(room.text("description")))
            }
        }
    }
}

/// Takes out what a scope does not hold; what left, in words, or nothing.
pub(crate) fn purge(
    context: &mut Context<'_>,
    room: &mut Record,
    scope: &CategoryScope,
) -> Result<Option<String>, Problem> {
    let mut parts = Vec::new();
    for (list, word) in [("members", "member"), ("managers", "manager"), ("presenters", "presenter")] {
        let entries = ids(&room.body, list);
        let outside = context.outside_scope(scope, &entries)?;
        if !outside.is_empty() {
            parts.push(count(outside.len(), word));
            let kept: Vec<i64> = entries.into_iter().filter(|id| !outside.contains(id)).collect();
            room.body.insert(list.to_owned(), json!(kept));
        }
    }
    Ok((!parts.is_empty()).then(|| parts.join(", ")))
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    let record = context.content_target(ROOM)?;
    context.target(record.name.clone());
    context.tx.delete_room_contents(record.id)?;
    context.tx.delete(&record)
}

/// The pool of a room, for messages and compliance.
pub(crate) fn room_pool(room: &Record) -> String {
    pool_of(room)
}
