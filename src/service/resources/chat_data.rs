//! Export and import of a chat database: one ZIP of XML parts with a manifest and checksums.

use super::super::access::ids;
use super::super::context::Context;
use super::super::registry::Route;
use super::super::topology_document::escape;
use super::super::values::{iso, moment, moment_parameter};
use super::chat_data_import;
use super::configuration::zip;
use super::content::{ADDIN, CATEGORY, ROOM, name_of};
use super::databases::report;
use super::rooms;
use crate::api::Problem;
use crate::store::Record;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;

pub(crate) const ROUTES: &[Route] =
    &[("Export-CsPersistentChatData", export), ("Import-CsPersistentChatData", chat_data_import::import)];

/// Levels, each holding all before it.
const LEVELS: [&str; 5] = ["User", "Category", "RoomDirectory", "Content", "All"];
pub(crate) const FORMAT_VERSION: &str = "1";
const MESSAGES_PER_PART: usize = 5000;

/// Where a database instance leads: a chat pool's content, or a legacy database with content of its own.
pub(crate) enum Source {
    Pool(String),
    Legacy(Vec<u8>),
}

/// The source or target that `-DBInstance` and `-DBName` name, or PC-E63.
pub(crate) fn source_of(context: &Context<'_>, instance: &str, name: &str) -> Result<Source, Problem> {
    let missing =
        || Problem::new("PC-E63", format!("The instance '{instance}' holds no database '{name}'.")).target(instance);
    let database = context.deployment.database(instance, name).ok_or_else(missing)?;
    if let Some(content) = &database.legacy_content {
        return STANDARD.decode(content).map(Source::Legacy).map_err(|_| missing());
    }
    let pools = context.deployment.chat_pools();
    let uses = |attribute: &str, pool: &super::super::deployment::ChatPool<'_>| {
        pool.service.attribute(attribute).is_some_and(|store| store.eq_ignore_ascii_case(instance))
    };
    let pool = pools
        .iter()
        .find(|pool| super::super::topology_rules::CONTENT_STORES.iter().any(|attribute| uses(attribute, pool)));
    pool.filter(|_| name.eq_ignore_ascii_case("mgc"))
        .map(|pool| Source::Pool(pool.pool.fqdn.clone()))
        .ok_or_else(missing)
}

fn export(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let parameters = context.parameters();
    let level = parameters.text("level").unwrap_or("All");
    let level = LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level));
    let level =
        level.ok_or_else(|| super::super::values::bad("Level", &format!("it is none of {}", LEVELS.join(", "))))?;
    let start = moment_parameter(parameters, "startDate")?;
    if start.is_some() && level < 2 {
        return Err(Problem::new("PC-E27", "StartDate goes only with the levels RoomDirectory, Content and All."));
    }
    let instance = parameters.required("dbInstance")?;
    let source = source_of(context, instance, parameters.text("dbName").unwrap_or("mgc"))?;
    context.target(instance);
    let (bytes, lines) = match source {
        Source::Legacy(bytes) => (bytes, vec![format!("The legacy database on {instance} was exported.")]),
        Source::Pool(pool) => {
            let mut writer =
                Export { level, start: start.map_or(i64::MIN, |moment| moment.at), principals: BTreeSet::new() };
            writer.run(context, &pool)?
        }
    };
    report(context, &lines);
    context.emit(json!({ "identity": instance, "content": STANDARD.encode(bytes) }));
    Ok(())
}

struct Export {
    level: usize,
    start: i64,
    principals: BTreeSet<i64>,
}

impl Export {
    fn run(&mut self, context: &mut Context<'_>, pool: &str) -> Result<(Vec<u8>, Vec<String>), Problem> {
        let categories = scope(context, pool)?;
        let mut parts: Vec<(String, String)> = Vec::new();
        let mut counts = vec![("categories", 0), ("addins", 0), ("rooms", 0), ("messages", 0), ("invitations", 0)];
        let mut count = |name: &str, number: usize| {
            if let Some(row) = counts.iter_mut().find(|(known, _)| *known == name) {
                row.1 += number;
            }
        };
        let mut all_rooms = Vec::new();
        if self.level >= 1 {
            count("categories", categories.len());
            parts.push(("categories.xml".to_owned(), self.categories(context, &categories)?));
            let addins = context.tx.objects(ADDIN, &format!("{}\\", pool.to_lowercase()), "", i64::MAX)?;
            count("addins", addins.len());
            parts.push(("addins.xml".to_owned(), addins_xml(&addins)));
        }
        if self.level >= 2 {
            for category in &categories {
                all_rooms.extend(context.tx.children(category.id, ROOM, "", i64::MAX)?);
            }
            count("rooms", all_rooms.len());
            parts.push(("rooms.xml".to_owned(), self.rooms(context, &all_rooms)?));
        }
        if self.level >= 3 {
            let (messages, number) = self.messages(context, &all_rooms)?;
            count("messages", number);
            parts.extend(messages);
        }
        if self.level >= 4 {
            let (text, number) = self.invitations(context, &all_rooms)?;
            count("invitations", number);
            parts.push(("invitations.xml".to_owned(), text));
        }
        parts.insert(0, ("principals.xml".to_owned(), self.principals(context)?));
        if context.parameters().switch("disableExportedNodes") {
            for mut room in all_rooms {
                room.body.insert("disabled".to_owned(), json!(true));
                context.tx.update(&mut room)?;
            }
        }
        let mut lines: Vec<String> = counts.iter().map(|(name, number)| format!("{name}: {number}")).collect();
        lines.insert(0, format!("Level {} of {pool}", LEVELS.get(self.level).copied().unwrap_or_default()));
        let manifest = self.manifest(context, pool, &parts, &counts)?;
        parts.insert(0, ("manifest.xml".to_owned(), manifest));
        let files: Vec<(&str, Vec<u8>)> =
            parts.iter().map(|(name, text)| (name.as_str(), text.clone().into_bytes())).collect();
        Ok((zip(&files)?, lines))
    }

    fn manifest(
        &self,
        context: &mut Context<'_>,
        pool: &str,
        parts: &[(String, String)],
        counts: &[(&str, usize)],
    ) -> Result<String, Problem> {
        let forest = forest(context)?;
        let start = if self.start == i64::MIN { String::new() } else { iso(self.start) };
        let mut text = format!(
            "<Manifest formatVersion=\"{FORMAT_VERSION}\" source=\"{}\" pool=\"{}\" level=\"{}\" startDate=\"{start}\" time=\"{}\" forest=\"{}\">\n",
            escape(context.parameters().text("dbInstance").unwrap_or_default()),
            escape(pool),
            LEVELS.get(self.level).copied().unwrap_or_default(),
            iso(context.now),
            escape(&forest),
        );
        for (name, number) in counts {
            let _ = writeln!(text, "  <Count name=\"{name}\" value=\"{number}\" />");
        }
        for (name, content) in parts {
            let _ = writeln!(text, "  <Part name=\"{name}\" sha256=\"{:x}\" />", Sha256::digest(content.as_bytes()));
        }
        text.push_str("</Manifest>\n");
        Ok(text)
    }

    fn list(&mut self, context: &mut Context<'_>, tag: &str, entries: &[i64], out: &mut String) -> Result<(), Problem> {
        for id in entries {
            if let Some(principal) = context.principal(*id)? {
                self.principals.insert(*id);
                let _ = writeln!(out, "    <{tag} guid=\"{}\" />", escape(&principal.guid));
            }
        }
        Ok(())
    }

    fn categories(&mut self, context: &mut Context<'_>, categories: &[Record]) -> Result<String, Problem> {
        let mut out = String::from("<Categories>\n");
        for category in categories {
            let flag = |name: &str| category.body.get(name) == Some(&json!(true));
            let _ = writeln!(
                out,
                "  <Category name=\"{}\" uri=\"{}\" description=\"{}\" invites=\"{}\" fileUpload=\"{}\" chatHistory=\"{}\">",
                escape(name_of(category)),
                escape(category.text("categoryUri")),
                escape(category.text("description")),
                flag("invites"),
                flag("fileUpload"),
                flag("chatHistory"),
            );
            for (tag, field) in [("Allowed", "allowedMembers"), ("Denied", "deniedMembers"), ("Creator", "creators")] {
                self.list(context, tag, &ids(&category.body, field), &mut out)?;
            }
            out.push_str("  </Category>\n");
        }
        out.push_str("</Categories>\n");
        Ok(out)
    }

    fn rooms(&mut self, context: &mut Context<'_>, list: &[Record]) -> Result<String, Problem> {
        let mut viewer = rooms::Viewer::new(false);
        let mut out = String::from("<Rooms>\n");
        for room in list {
            let category =
                viewer.beside(context, room.parent)?.map(|found| name_of(found).to_owned()).unwrap_or_default();
            let addin = viewer
                .beside(context, room.body.get("addin").and_then(Value::as_i64))?
                .map(|found| name_of(found).to_owned());
            let _ = writeln!(
                out,
                "  <Room name=\"{}\" uri=\"{}\" category=\"{}\" description=\"{}\" addin=\"{}\" disabled=\"{}\" invitations=\"{}\" privacy=\"{}\" type=\"{}\" inherits=\"{}\">",
                escape(name_of(room)),
                escape(room.text("chatRoomUri")),
                escape(&category),
                escape(room.text("description")),
                escape(&addin.unwrap_or_default()),
                room.body.get("disabled") == Some(&json!(true)),
                room.text("invitations"),
                room.text("privacy"),
                room.text("type"),
                super::super::access::inherits_members(room),
            );
            for (tag, field) in [("Member", "members"), ("Manager", "managers"), ("Presenter", "presenters")] {
                self.list(context, tag, &ids(&room.body, field), &mut out)?;
            }
            out.push_str("  </Room>\n");
        }
        out.push_str("</Rooms>\n");
        Ok(out)
    }

    fn messages(
        &mut self,
        context: &mut Context<'_>,
        rooms: &[Record],
    ) -> Result<(Vec<(String, String)>, usize), Problem> {
        let mut parts = Vec::new();
        let (mut out, mut in_part, mut number) = (String::from("<Messages>\n"), 0, 0);
        for room in rooms {
            for message in context.tx.messages(room.id, self.start, i64::MAX, 0, i64::MAX)? {
                let content = message.body.get("content").and_then(Value::as_str).unwrap_or_default();
                let _ = writeln!(
                    out,
                    "  <Message room=\"{}\" chatId=\"{}\" posted=\"{}\" author=\"{}\">{}</Message>",
                    escape(room.text("chatRoomUri")),
                    message.chat_id,
                    iso(message.posted),
                    escape(&message.author),
                    escape(content),
                );
                (in_part, number) = (in_part + 1, number + 1);
                if in_part == MESSAGES_PER_PART {
                    out.push_str("</Messages>\n");
                    let name = format!("messages-{}.xml", parts.len() + 1);
                    parts.push((name, std::mem::replace(&mut out, String::from("<Messages>\n"))));
                    in_part = 0;
                }
            }
        }
        if in_part > 0 || parts.is_empty() {
            out.push_str("</Messages>\n");
            parts.push((format!("messages-{}.xml", parts.len() + 1), out));
        }
        Ok((parts, number))
    }

    fn invitations(&mut self, context: &mut Context<'_>, rooms: &[Record]) -> Result<(String, usize), Problem> {
        let (mut out, mut number) = (String::from("<Invitations>\n"), 0);
        for room in rooms {
            for invitation in context.tx.invitations(room.id)? {
                let Some(principal) = context.principal(invitation.principal)? else { continue };
                self.principals.insert(principal.id);
                let _ = writeln!(
                    out,
                    "  <Invitation room=\"{}\" guid=\"{}\" id=\"{}\" created=\"{}\" />",
                    escape(room.text("chatRoomUri")),
                    escape(&principal.guid),
                    invitation.invite,
                    iso(invitation.created),
                );
                number += 1;
            }
        }
        out.push_str("</Invitations>\n");
        Ok((out, number))
    }

    fn principals(&mut self, context: &mut Context<'_>) -> Result<String, Problem> {
        let mut out = String::from("<Principals>\n");
        for id in self.principals.clone() {
            if let Some(principal) = context.principal(id)? {
                let _ = writeln!(
                    out,
                    "  <Principal guid=\"{}\" type=\"{}\" dn=\"{}\" sip=\"{}\" name=\"{}\" />",
                    escape(&principal.guid),
                    principal.kind,
                    escape(&principal.dn),
                    escape(principal.sip().unwrap_or_default()),
                    escape(principal.display_name()),
                );
            }
        }
        out.push_str("</Principals>\n");
        Ok(out)
    }
}

/// The categories that `-Scope` names, or all.
fn scope(context: &mut Context<'_>, pool: &str) -> Result<Vec<Record>, Problem> {
    let Some(names) = context.parameters().list("scope").filter(|names| !names.is_empty()) else {
        return context.tx.objects(CATEGORY, &format!("{}\\", pool.to_lowercase()), "", i64::MAX);
    };
    names.iter().map(|name| rooms::category_of(context, pool, name)).collect()
}

fn addins_xml(addins: &[Record]) -> String {
    let mut out = String::from("<Addins>\n");
    for addin in addins {
        let (name, url) = (escape(name_of(addin)), escape(addin.text("url")));
        let _ = writeln!(out, "  <Addin name=\"{name}\" url=\"{url}\" id=\"{}\" />", addin.text("addinId"));
    }
    out.push_str("</Addins>\n");
    out
}

/// What tells one forest from another: the identifier given to the directory when it was first asked for.
pub(crate) fn forest(context: &mut Context<'_>) -> Result<String, Problem> {
    if let Some(domain) = context.tx.principals("", "", 1)?.first().filter(|entry| entry.kind == "domainDNS") {
        return Ok(domain.guid.clone());
    }
    Ok(String::new())
}

/// A moment of an export, as milliseconds.
pub(crate) fn exported_moment(text: &str) -> i64 {
    moment(text).map_or(0, |moment| moment.at)
}
