//! Import of chat data: parts checked by their sums, legacy shapes converted, everything merged in one transaction.

use super::super::context::Context;
use super::chat_data::{FORMAT_VERSION, Source, exported_moment, forest, source_of};
use super::configuration::{byte_input, unzip};
use super::content::{ADDIN, CATEGORY, LONGEST, ROOM};
use super::databases::{report, running_servers};
use crate::api::Problem;
use crate::store::{Message, Record};
use roxmltree::{Document, Node};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

fn damaged(why: &str) -> Problem {
    Problem::new("PC-E61", format!("The file is not an export of chat data, or it is damaged: {why}."))
}

pub(super) fn import(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_chat_generation()?;
    let bytes = byte_input(context)?;
    let parts = checked_parts(&bytes)?;
    let instance = context.parameters().required("dbInstance")?;
    let pool = match source_of(context, instance, "mgc")? {
        Source::Pool(pool) => pool,
        Source::Legacy(_) => {
            return Err(
                Problem::new("PC-E63", format!("'{instance}' holds no database of a chat pool.")).target(instance)
            );
        }
    };
    let running = running_servers(context, instance);
    if !running.is_empty() {
        let message = format!("Chat services run on {}; stop RTCCHAT on all of them first.", running.join(", "));
        return Err(Problem::new("PC-E62", message));
    }
    let own = forest(context)?;
    let manifest = parts.get("manifest.xml").map(String::as_str).unwrap_or_default();
    let theirs = attribute_of(manifest, "forest")?;
    if !own.is_empty() && !theirs.is_empty() && own != theirs {
        return Err(Problem::new("PC-E61", "The export comes from another forest; its principals are not known here."));
    }
    let mut work = Import { pool, ..Import::default() };
    work.run(context, &parts)?;
    context.target(instance);
    let lines = work.lines();
    report(context, &lines);
    Ok(())
}

/// The parts of the file, each held against its checksum.
fn checked_parts(bytes: &[u8]) -> Result<BTreeMap<String, String>, Problem> {
    let mut parts = BTreeMap::new();
    for (name, content) in unzip(bytes)? {
        let text = String::from_utf8(content).map_err(|_| damaged(&format!("'{name}' is not text")))?;
        parts.insert(name, text);
    }
    let manifest = parts.get("manifest.xml").ok_or_else(|| damaged("it has no manifest"))?;
    let document = Document::parse(manifest).map_err(|_| damaged("its manifest cannot be read"))?;
    if document.root_element().attribute("formatVersion") != Some(FORMAT_VERSION) {
        return Err(damaged("its format is of another version"));
    }
    for part in document.root_element().children().filter(|node| node.has_tag_name("Part")) {
        let name = part.attribute("name").unwrap_or_default();
        let content = parts.get(name).ok_or_else(|| damaged(&format!("'{name}' is missing")))?;
        if part.attribute("sha256") != Some(format!("{:x}", Sha256::digest(content.as_bytes())).as_str()) {
            return Err(damaged(&format!("the checksum of '{name}' is wrong")));
        }
    }
    Ok(parts)
}

fn attribute_of(text: &str, name: &str) -> Result<String, Problem> {
    let document = Document::parse(text).map_err(|_| damaged("its manifest cannot be read"))?;
    Ok(document.root_element().attribute(name).unwrap_or_default().to_owned())
}

#[derive(Default)]
struct Import {
    pool: String,
    categories: HashMap<String, Record>,
    rooms: HashMap<String, i64>,
    created: usize,
    overwritten: usize,
    messages: usize,
}

fn text(node: Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

fn flag(node: Node<'_, '_>, name: &str) -> bool {
    node.attribute(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

impl Import {
    fn lines(&self) -> Vec<String> {
        vec![
            format!("{} item(s) created.", self.created),
            format!("{} item(s) overwritten.", self.overwritten),
            format!("{} message(s) added.", self.messages),
        ]
    }

    fn run(&mut self, context: &mut Context<'_>, parts: &BTreeMap<String, String>) -> Result<(), Problem> {
        let steps: [(&str, fn(&mut Self, &mut Context<'_>, Node<'_, '_>) -> Result<(), Problem>); 3] =
            [("categories.xml", Self::category_tree), ("addins.xml", Self::addin), ("rooms.xml", Self::room)];
        for (part, take) in steps {
            if let Some(content) = parts.get(part) {
                self.each(context, part, content, take)?;
            }
        }
        for (name, content) in parts.iter().filter(|(name, _)| name.starts_with("messages-")) {
            self.each(context, name, content, Self::message)?;
        }
        if let Some(content) = parts.get("invitations.xml") {
            self.each(context, "invitations.xml", content, Self::invitation)?;
        }
        Ok(())
    }

    fn each(
        &mut self,
        context: &mut Context<'_>,
        part: &str,
        content: &str,
        take: fn(&mut Self, &mut Context<'_>, Node<'_, '_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let document =
            Document::parse(content).map_err(|error| damaged(&format!("'{part}' cannot be read ({error})")))?;
        document.root_element().children().filter(Node::is_element).try_for_each(|node| take(self, context, node))
    }

    /// A category and, for legacy exports, those inside it: flattened, the path of their parents before their names.
    fn category_tree(&mut self, context: &mut Context<'_>, node: Node<'_, '_>) -> Result<(), Problem> {
        self.category(context, node, "", &[])
    }

    fn category(
        &mut self,
        context: &mut Context<'_>,
        node: Node<'_, '_>,
        path: &str,
        root_managers: &[i64],
    ) -> Result<(), Problem> {
        let own = text(node, "name");
        let name = if path.is_empty() { own.clone() } else { format!("{path}-{own}") };
        if !path.is_empty() {
            context.warn(format!("The nested category '{own}' becomes '{name}'."));
        }
        self.check_length(&name)?;
        let mut body = json!({
            "categoryUri": self.uri(context, node, "ma-cat"),
            "description": text(node, "description"),
            "invites": flag(node, "invites"),
            "fileUpload": flag(node, "fileUpload"),
            "chatHistory": flag(node, "chatHistory"),
        });
        for (tag, field) in [("Allowed", "allowedMembers"), ("Denied", "deniedMembers"), ("Creator", "creators")] {
            body[field] = json!(self.principals(context, node, tag)?);
        }
        let managers: Vec<i64> =
            root_managers.iter().copied().chain(self.principals(context, node, "Manager")?).collect();
        if !managers.is_empty() {
            body["legacyManagers"] = json!(managers);
        }
        let record = self.put(context, CATEGORY, &name, body, None)?;
        self.categories.insert(name.to_lowercase(), record);
        for child in node.children().filter(|child| child.has_tag_name("Category")) {
            self.category(context, child, &name, &managers)?;
        }
        Ok(())
    }

    fn check_length(&self, name: &str) -> Result<(), Problem> {
        match name.chars().count() {
            length if length > LONGEST => Err(Problem::new(
                "PC-E25",
                format!("The name '{name}' would have {length} characters; {LONGEST} are allowed."),
            )
            .target(name)),
            _ => Ok(()),
        }
    }

    fn uri(&self, context: &Context<'_>, node: Node<'_, '_>, scheme: &str) -> String {
        match text(node, "uri") {
            empty if empty.is_empty() => {
                format!("{scheme}://{}/{}", context.deployment.topology.default_sip_domain(), context.new_guid())
            }
            uri => uri,
        }
    }

    fn addin(&mut self, context: &mut Context<'_>, node: Node<'_, '_>) -> Result<(), Problem> {
        let id = match text(node, "id") {
            empty if empty.is_empty() => context.new_guid(),
            id => id,
        };
        let body = json!({ "url": text(node, "url"), "addinId": id });
        self.put(context, ADDIN, &text(node, "name"), body, None).map(drop)
    }

    fn room(&mut self, context: &mut Context<'_>, node: Node<'_, '_>) -> Result<(), Problem> {
        let name = text(node, "name");
        self.check_length(&name)?;
        let category_name = text(node, "category").replace('\\', "-");
        let category = match self.categories.get(&category_name.to_lowercase()) {
            Some(category) => category.clone(),
            None => super::rooms::category_of(context, &self.pool, &category_name)?,
        };
        let addin = match text(node, "addin") {
            empty if empty.is_empty() => Value::Null,
            addin => json!(super::rooms::addin_of(context, &self.pool, Some(&addin))?),
        };
        let mut invitations = if text(node, "invitations") == "False" { "False" } else { "Inherit" };
        if node.attribute("invites").is_some_and(|value| value == "true")
            && category.body.get("invites") != Some(&json!(true))
        {
            context.warn(format!(
                "The room '{name}' had invitations on under a category that has them off; they are off."
            ));
            invitations = "False";
        }
        let mut description = text(node, "description");
        if let Some(topic) = node.attribute("topic").filter(|topic| !topic.is_empty()) {
            description = format!("{description} {topic}").trim().chars().take(LONGEST).collect();
            context.warn(format!("The topic of '{name}' is appended to its description."));
        }
        let members =
            if flag(node, "inherits") { Value::Null } else { json!(self.principals(context, node, "Member")?) };
        let mut managers = self.principals(context, node, "Manager")?;
        managers.extend(super::super::access::ids(&category.body, "legacyManagers"));
        managers.sort_unstable();
        managers.dedup();
        let or = |value: String, default: &str| if value.is_empty() { default.to_owned() } else { value };
        let body = json!({
            "chatRoomUri": self.uri(context, node, "ma-chan"),
            "description": description,
            "addin": addin,
            "disabled": flag(node, "disabled"),
            "invitations": invitations,
            "privacy": or(text(node, "privacy"), "Closed"),
            "type": or(text(node, "type"), "Normal"),
            "members": members,
            "managers": managers,
            "presenters": self.principals(context, node, "Presenter")?,
            "createdBy": context.caller.name,
            "createdOn": super::super::values::iso(context.now),
        });
        let record = self.put(context, ROOM, &name, body, Some(category.id))?;
        self.rooms.insert(record.text("chatRoomUri").to_lowercase(), record.id);
        Ok(())
    }

    /// Ids of the principals in a list; one whose GUID is not known any more is left out with a warning.
    fn principals(&self, context: &mut Context<'_>, node: Node<'_, '_>, tag: &str) -> Result<Vec<i64>, Problem> {
        let mut found = Vec::new();
        for entry in node.children().filter(|child| child.has_tag_name(tag)) {
            let principal = match entry.attribute("guid") {
                Some(guid) => context.tx.principal_by_guid(guid)?,
                None => context.tx.principal_by_sip(entry.attribute("sip").unwrap_or_default())?,
            };
            match principal {
                Some(principal) => found.push(principal.id),
                None => {
                    let who = entry.attribute("guid").or(entry.attribute("sip")).unwrap_or_default();
                    context.warn(format!(
                        "The principal '{who}' of '{}' is not in the directory and is left out.",
                        text(node, "name")
                    ));
                }
            }
        }
        Ok(found)
    }

    fn put(
        &mut self,
        context: &mut Context<'_>,
        kind: &str,
        name: &str,
        body: Value,
        parent: Option<i64>,
    ) -> Result<Record, Problem> {
        let mut record = Record::of(kind, format!("{}\\{name}", self.pool), &body)?;
        record.parent = parent;
        match context.tx.object(kind, &record.key)? {
            Some(_) => {
                context.warn(format!("The {} '{name}' was there and is overwritten.", kind.to_lowercase()));
                self.overwritten += 1;
            }
            None => self.created += 1,
        }
        context.tx.put(record)
    }

    fn message(&mut self, context: &mut Context<'_>, node: Node<'_, '_>) -> Result<(), Problem> {
        let Some(room) = self.rooms.get(&text(node, "room").to_lowercase()).copied() else { return Ok(()) };
        let content = node.text().unwrap_or_default();
        let chat_id = text(node, "chatId").parse().unwrap_or(0);
        let mut body = Map::new();
        body.insert("content".to_owned(), json!(content));
        let message = Message {
            room,
            chat_id,
            posted: exported_moment(&text(node, "posted")),
            author: text(node, "author").to_lowercase(),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            body,
        };
        let before = context.tx.message_totals(room)?.0;
        context.tx.insert_message(&message)?;
        self.messages += usize::from(context.tx.message_totals(room)?.0 > before);
        let counter = format!("chat:{room}");
        let last = context.tx.meta(&counter)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        if chat_id > last {
            context.tx.set_meta(&counter, &chat_id.to_string())?;
        }
        Ok(())
    }

    fn invitation(&mut self, context: &mut Context<'_>, node: Node<'_, '_>) -> Result<(), Problem> {
        let Some(room) = self.rooms.get(&text(node, "room").to_lowercase()).copied() else { return Ok(()) };
        match context.tx.principal_by_guid(&text(node, "guid"))? {
            Some(principal) => context.tx.invite(principal.id, room, exported_moment(&text(node, "created"))),
            None => Ok(()),
        }
    }
}
