//! Messages of rooms: posting (through the API and by tests), clearing, removing and replacing.

use super::super::access::{CategoryScope, ids};
use super::super::context::Context;
use super::super::identity;
use super::super::paging::Pager;
use super::super::registry::Route;
use super::super::values::{Moment, bad, iso, moment_parameter};
use super::content::{ROOM, name_of};
use super::rooms::room_pool;
use crate::api::Problem;
use crate::store::{Message, Principal, Record};
use serde_json::{Map, Value, json};

pub(crate) const ROUTES: &[Route] = &[
    ("Clear-CsPersistentChatRoom", clear),
    ("Remove-CsPersistentChatMessage", remove),
    ("New-CsPersistentChatMessage", new),
    ("Get-CsPersistentChatMessage", get),
];

const DEFAULT_REPLACEMENT: &str = "This message was replaced by the Persistent Chat administrator.";
const LONGEST_REPLACEMENT: usize = 8000;
const CHUNK: i64 = 500;

/// Event types of compliance.
const CHAT: i64 = 1;
const REPLACED: i64 = 10;
const PURGED: i64 = 11;

/// What happens in a room besides chatting, by name and event type.
const HAPPENINGS: [(&str, i64); 5] = [("JOIN", 0), ("PART", 0), ("CHAT", CHAT), ("FILEDOWNLOAD", 3), ("FILEUPLOAD", 4)];

impl Context<'_> {
    /// The category of a room.
    fn category_of_room(&mut self, room: &Record) -> Result<Record, Problem> {
        let category = self.tx.object_by_id(room.parent.unwrap_or_default())?;
        category.ok_or_else(|| Problem::internal("the room has no category"))
    }

    /// canPost(room, user).
    pub(crate) fn can_post(&mut self, room: &Record, user: &Principal) -> Result<bool, Problem> {
        if !self.can_join(room, user)? {
            return Ok(false);
        }
        if room.text("type") == "Normal" {
            return Ok(true);
        }
        let Some(subject) = self.subject(user.id)? else { return Ok(false) };
        self.any_covers(&ids(&room.body, "presenters"), &subject)
    }

    /// canJoin(room, user).
    pub(crate) fn can_join(&mut self, room: &Record, user: &Principal) -> Result<bool, Problem> {
        if room.body.get("disabled") == Some(&json!(true)) || !self.chat_enabled(user)? {
            return Ok(false);
        }
        let category = self.category_of_room(room)?;
        self.is_member(&CategoryScope::of(&category), room, user.id)
    }

    /// Something happened in a room: compliance hears of it if it is on for the pool.
    pub(crate) fn tell_compliance(
        &mut self,
        room: &Record,
        kind: i64,
        event: Map<String, Value>,
    ) -> Result<(), Problem> {
        let pool = room_pool(room);
        if !self.with_chat_pool(&pool, |_, pool| pool.compliance())? {
            return Ok(());
        }
        let mut event = event;
        event.insert("type".to_owned(), json!(kind));
        event.insert("roomName".to_owned(), json!(name_of(room)));
        self.tx.queue_compliance(&pool.to_lowercase(), room.text("chatRoomUri"), self.now, &event)
    }

    /// Somebody joins, leaves, moves a file: nothing is kept but what compliance hears.
    pub(crate) fn happening(&mut self, room: &Record, user: &Principal, what: &str) -> Result<(), Problem> {
        let kind = HAPPENINGS.iter().find(|(name, _)| *name == what).map_or(0, |(_, kind)| *kind);
        let event = event_of(user, what, "", 0);
        self.tell_compliance(room, kind, event)
    }

    /// A message is posted: kept if the category keeps history, told to compliance in any case.
    pub(crate) fn post(&mut self, room: &Record, user: &Principal, content: &str, posted: i64) -> Result<i64, Problem> {
        let chat_id = self.tx.next_number(&format!("chat:{}", room.id))?;
        let category = self.category_of_room(room)?;
        if category.body.get("chatHistory") != Some(&json!(false)) {
            let mut body = Map::new();
            body.insert("content".to_owned(), json!(content));
            body.insert("authorId".to_owned(), json!(user.id));
            let author = user.sip().unwrap_or_default().to_lowercase();
            let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
            self.tx.insert_message(&Message { room: room.id, chat_id, posted, author, size, body })?;
        }
        self.tell_compliance(room, CHAT, event_of(user, "CHAT", content, chat_id))?;
        Ok(chat_id)
    }

    /// The room that a URI or an identity names.
    pub(crate) fn room_by_uri(&mut self, text: &str) -> Result<Record, Problem> {
        if !text.to_lowercase().starts_with("ma-chan:") {
            return self.content_object(ROOM, text, "PC-E21");
        }
        let mut after = String::new();
        loop {
            let rooms = self.tx.objects(ROOM, "", &after, CHUNK)?;
            let missing = || Problem::new("PC-E21", format!("There is no room '{text}'.")).target(text);
            after.clone_from(&rooms.last().ok_or_else(missing)?.key);
            if let Some(room) = rooms.into_iter().find(|room| room.text("chatRoomUri").eq_ignore_ascii_case(text)) {
                return Ok(room);
            }
        }
    }
}

fn event_of(user: &Principal, what: &str, content: &str, chat_id: i64) -> Map<String, Value> {
    let event = json!({
        "event": what,
        "content": content,
        "chatId": chat_id,
        "userName": user.display_name(),
        "userId": user.id,
        "email": user.text("mail"),
        "userUri": user.sip().unwrap_or_default(),
    });
    match event {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Posts a message, or tells of a join, a part or a file transfer (`type`), in the name of a user.
fn new(context: &mut Context<'_>) -> Result<(), Problem> {
    let parameters = context.parameters();
    let room = context.room_by_uri(parameters.required("room")?)?;
    let user = context.resolve_principal(parameters.required("userUri")?, false)?;
    let what = parameters.text("type").unwrap_or("CHAT").to_uppercase();
    let known = HAPPENINGS.iter().any(|(name, _)| *name == what);
    if !known {
        return Err(bad("Type", &format!("'{what}' is nothing that happens in a room")));
    }
    let posted = moment_parameter(parameters, "posted")?.map_or(context.now, |moment| moment.at);
    let allowed = if what == "CHAT" { context.can_post(&room, &user)? } else { context.can_join(&room, &user)? };
    if !allowed {
        let message = format!("'{}' may not do this in the room '{}'.", user.display_name(), room.name);
        return Err(Problem::new("PC-E07", message));
    }
    let chat_id = match what.as_str() {
        "CHAT" => context.post(&room, &user, parameters.text("content").unwrap_or_default(), posted)?,
        other => {
            context.happening(&room, &user, other)?;
            0
        }
    };
    context.target(room.name.clone());
    context.emit(json!({ "identity": chat_id.to_string(), "roomUri": room.text("chatRoomUri"), "chatId": chat_id, "posted": iso(posted) }));
    Ok(())
}

fn get(context: &mut Context<'_>) -> Result<(), Problem> {
    let room = context.room_by_uri(context.parameters().required("room")?)?;
    let mut pager = Pager::new(context)?;
    let mut after = pager.after.parse().unwrap_or(0);
    loop {
        let messages = context.tx.messages(room.id, i64::MIN, i64::MAX, after, CHUNK)?;
        let Some(last) = messages.last() else { return Ok(()) };
        after = last.chat_id;
        for message in messages {
            if !pager.has_room() {
                context.reply.next_cursor = pager.next();
                return Ok(());
            }
            let author = context.tx.principal_by_sip(&message.author)?;
            context.emit(json!({
                "roomUri": room.text("chatRoomUri"),
                "chatId": message.chat_id,
                "posted": iso(message.posted),
                "authorSip": author.as_ref().and_then(Principal::sip).unwrap_or(&message.author),
                "content": message.body.get("content"),
                "replacedBy": message.body.get("replacedBy"),
            }));
            pager.sent(&message.chat_id.to_string());
        }
    }
}

fn clear(context: &mut Context<'_>) -> Result<(), Problem> {
    let room = context.content_target(ROOM)?;
    let end = moment_parameter(context.parameters(), "endDate")?;
    let end = end.ok_or_else(|| Problem::new("PC-E27", "The parameter 'EndDate' is required and has no value."))?;
    context.target(room.name.clone());
    let removed = context.tx.delete_messages_until(room.id, end.end())?;
    let mut event = Map::new();
    event.insert("event".to_owned(), json!("PURGE"));
    event.insert("userName".to_owned(), json!(context.caller.name));
    event.insert("content".to_owned(), json!(iso(end.end())));
    context.tell_compliance(&room, PURGED, event)?;
    audit(context, &room, "Cleared", removed)?;
    context.verbose(format!("{}: {removed} message(s) removed.", room.name));
    Ok(())
}

fn audit(context: &mut Context<'_>, room: &Record, action: &str, messages: u64) -> Result<(), Problem> {
    let after = json!({ "messages": messages }).to_string();
    let change =
        crate::store::Change { action, kind: "Message", target: &room.name, before: None, after: Some(&after) };
    context.tx.audit(&change)
}

/// Which messages a removal means.
struct Search {
    author: Option<String>,
    from: i64,
    to: i64,
    words: Vec<String>,
    every: bool,
    case_sensitive: bool,
}

impl Search {
    fn read(context: &Context<'_>) -> Result<Self, Problem> {
        let parameters = context.parameters();
        if !["userUri", "startDate", "endDate", "filter"]
            .iter()
            .any(|name| parameters.get(name).is_some_and(|value| !value.is_null()))
        {
            let message =
                "Say which messages: UserUri, StartDate, EndDate or Filter. Clear-CsPersistentChatRoom empties a room.";
            return Err(Problem::new("PC-E27", message));
        }
        let author = parameters.text("userUri").map(identity::sip_address).transpose()?;
        let start = moment_parameter(parameters, "startDate")?;
        let end = moment_parameter(parameters, "endDate")?;
        let (from, to) = (start.map_or(i64::MIN, |moment| moment.at), end.map_or(i64::MAX, Moment::end));
        if from > to {
            return Err(bad("StartDate", "it is later than EndDate"));
        }
        let case_sensitive = parameters.boolean("caseSensitive")?.unwrap_or(false);
        let text = parameters.text("filter").unwrap_or_default();
        let text = if case_sensitive { text.to_owned() } else { text.to_lowercase() };
        let clause = parameters.text("matchClause").unwrap_or("And").to_lowercase();
        let words = match clause.as_str() {
            "exact" => vec![text],
            _ => text.split_whitespace().map(str::to_owned).collect(),
        };
        let every = clause != "or";
        Ok(Search { author: author.map(|sip| sip.to_lowercase()), from, to, words, every, case_sensitive })
    }

    fn hits(&self, message: &Message) -> bool {
        if self.author.as_ref().is_some_and(|author| *author != message.author) {
            return false;
        }
        let content = message.body.get("content").and_then(Value::as_str).unwrap_or_default();
        let content = if self.case_sensitive { content.to_owned() } else { content.to_lowercase() };
        let has = |word: &String| content.contains(word.as_str());
        match self.every || self.words.is_empty() {
            true => self.words.iter().all(has),
            false => self.words.iter().any(has),
        }
    }
}

fn remove(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_chat_generation()?;
    let parameters = context.parameters();
    let (vanish, replacement) = (parameters.switch("remove"), parameters.text("replaceMessage"));
    if vanish && replacement.is_some() {
        return Err(Problem::new("PC-E27", "Remove and ReplaceMessage exclude each other."));
    }
    let room = context.content_object(ROOM, context.identity()?, "PC-E21")?;
    context.require_pool_scope(&room_pool(&room))?;
    let replacement = replacement.unwrap_or(DEFAULT_REPLACEMENT);
    if replacement.chars().count() > LONGEST_REPLACEMENT {
        return Err(bad("ReplaceMessage", &format!("it is longer than {LONGEST_REPLACEMENT} characters")));
    }
    let search = Search::read(context)?;
    context.target(room.name.clone());
    let (mut after, mut number) = (0, 0);
    loop {
        let messages = context.tx.messages(room.id, search.from, search.to, after, CHUNK)?;
        let Some(last) = messages.last() else { break };
        after = last.chat_id;
        for message in messages.into_iter().filter(|message| search.hits(message)) {
            take_back(context, &room, message, (!vanish).then_some(replacement))?;
            number += 1;
        }
    }
    audit(context, &room, if vanish { "Removed" } else { "Replaced" }, number)?;
    context.verbose(format!("{}: {number} message(s) {}.", room.name, if vanish { "removed" } else { "replaced" }));
    Ok(())
}

fn take_back(
    context: &mut Context<'_>,
    room: &Record,
    mut message: Message,
    replacement: Option<&str>,
) -> Result<(), Problem> {
    let old = message.body.get("content").and_then(Value::as_str).unwrap_or_default().to_owned();
    let event = json!({
        "event": "DELETION",
        "content": old,
        "chatId": message.chat_id,
        "userUri": message.author,
        "userName": context.caller.name,
        "replacement": replacement,
    });
    let event = event.as_object().cloned().unwrap_or_default();
    context.tell_compliance(room, if replacement.is_some() { REPLACED } else { PURGED }, event)?;
    match replacement {
        None => context.tx.delete_message(room.id, message.chat_id),
        Some(text) => {
            message.body.insert("content".to_owned(), json!(text));
            message.body.insert("replacedBy".to_owned(), json!(context.caller.name));
            message.size = i64::try_from(text.len()).unwrap_or(i64::MAX);
            context.tx.update_message(&message)
        }
    }
}
