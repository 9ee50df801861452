//! The parameters that the shell itself serves: files that are read into a call or written from a reply, reports,
//! and variables that receive a test's log.

use super::cmdlet::Arguments;
use super::{argument, object, problem};
use crate::api::{Call, Problem, Reply};
use crate::runtime::{Invocation, Symbol};
use crate::value::members::library::net;
use crate::value::members::library::xml::document_of;
use crate::value::{Outcome, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use std::fs;
use std::path::PathBuf;

/// How a file becomes a parameter of a call.
enum Content {
    /// Text, for topology documents.
    Text(&'static str),
    /// Bytes as base64.
    Bytes(&'static str),
    /// One item a line.
    Lines(&'static str),
}

/// Parameters that name files to read: cmdlet, parameter, and what the call carries instead.
const READ: &[(&str, &str, Content)] = &[
    ("Publish-CsTopology", "FileName", Content::Text("document")),
    ("Import-CsConfiguration", "FileName", Content::Bytes("byteInput")),
    ("Import-CsPersistentChatData", "FileName", Content::Bytes("byteInput")),
    ("Import-CsCertificate", "Path", Content::Bytes("byteInput")),
    ("Set-CsCertificate", "Path", Content::Bytes("byteInput")),
    ("Move-CsUser", "UserList", Content::Lines("userList")),
];

/// Cmdlets whose replies hold a file's content, and the parameter that says where it goes.
const EXPORTS: [&str; 2] = ["Export-CsConfiguration", "Export-CsPersistentChatData"];

/// The cmdlet whose reply holds many files for a folder.
const ARCHIVE: &str = "Export-CsArchivingData";

/// Adds what the named files hold to a call.
pub(super) fn read_parameters(
    arguments: &Arguments<'_>,
    call: &mut Call,
    run: &mut Invocation<'_>,
) -> Result<(), Problem> {
    let cmdlet = call.cmdlet();
    for (_, parameter, content) in READ.iter().filter(|(name, ..)| *name == cmdlet) {
        let Some(name) = arguments.text(parameter) else { continue };
        let bytes = fs::read(path(run, &name)).map_err(|error| unreadable(&name, &error))?;
        let (wire, value) = match content {
            Content::Text(wire) => (wire, Json::from(String::from_utf8_lossy(&bytes).into_owned())),
            Content::Bytes(wire) => (wire, Json::from(STANDARD.encode(&bytes))),
            Content::Lines(wire) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                (wire, text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Json::from).collect())
            }
        };
        call.parameters.0.shift_remove(&crate::api::camel(parameter));
        call.parameters.0.insert((*wire).to_owned(), value);
    }
    if EXPORTS.contains(&cmdlet.as_str()) {
        check_export(arguments, run)?;
    }
    if cmdlet == ARCHIVE
        && let Some(folder) = arguments.text("OutputFolder")
        && !path(run, &folder).is_dir()
    {
        return Err(Problem::new("PC-E60", format!("The folder '{folder}' does not exist.")).target(folder));
    }
    if let Some(output) = arguments.text("Output") {
        writable(&path(run, &output), &output)?;
        call.parameters.0.insert("output".to_owned(), Json::Bool(true));
    }
    Ok(())
}

/// An export needs a place to go that can be written, or `-AsBytes`.
fn check_export(arguments: &Arguments<'_>, run: &mut Invocation<'_>) -> Result<(), Problem> {
    match (arguments.text("FileName"), arguments.is_on("AsBytes")) {
        (Some(name), false) => writable(&path(run, &name), &name),
        (None, true) => Ok(()),
        _ => Err(Problem::new("PC-E27", "Give -FileName, or -AsBytes: an export needs one of the two.")),
    }
}

fn writable(path: &std::path::Path, name: &str) -> Result<(), Problem> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) || path.is_dir() {
        let message = format!("'{name}' cannot be written: its folder does not exist, or it is a folder itself.");
        return Err(Problem::new("PC-E60", message).target(name));
    }
    Ok(())
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    Problem::new("PC-E60", format!("The file '{name}' cannot be read: {error}.")).target(name)
}

/// A path as given, from the session's location.
pub(super) fn path(run: &Invocation<'_>, name: &str) -> PathBuf {
    run.session.location.join(name)
}

/// Takes replies that do not become plain objects; true where it did.
pub(super) fn take_reply(arguments: &Arguments<'_>, reply: &Reply, run: &mut Invocation<'_>) -> Outcome<bool> {
    let first = reply.value.first();
    let field = |name: &str| first.and_then(|item| item.get(name));
    let exported = field("bytes").or(field("content")).and_then(object::bytes_of);
    if let Some(bytes) = exported.filter(|_| EXPORTS.contains(&run.spec.name)) {
        return export(arguments, &bytes, run).map(|()| true);
    }
    if arguments.is_on("AsXml")
        && let Some(text) = field("document").and_then(Json::as_str)
    {
        run.write(document_of(text)?)?;
        return Ok(true);
    }
    if let (Some(name), Some(request)) = (arguments.text("Output"), field("request").and_then(Json::as_str)) {
        return write_file(run, &name, request.as_bytes()).map(|()| true);
    }
    if run.spec.name == ARCHIVE {
        return write_archive(arguments, reply, run).map(|()| true);
    }
    set_log_variables(arguments, field("log"), run)?;
    Ok(false)
}

/// Writes the files of a reply into the folder; with -Purge the service is told to delete what is written now.
fn write_archive(arguments: &Arguments<'_>, reply: &Reply, run: &mut Invocation<'_>) -> Outcome<()> {
    let Some(folder) = arguments.text("OutputFolder") else { return Ok(()) };
    for item in &reply.value {
        let text = |name: &str| item.get(name).and_then(Json::as_str).unwrap_or_default();
        let target = path(run, &folder).join(text("fileName"));
        // What could not be written must not be deleted either: the first failure ends the export.
        fs::write(&target, text("content")).map_err(|error| {
            let message = format!("The file '{}' cannot be written: {error}.", target.display());
            problem::fault(&Problem::new("PC-E60", message).target(folder.as_str()).terminating())
        })?;
    }
    if !arguments.is_on("Purge") || reply.value.is_empty() {
        return Ok(());
    }
    let mut call = Call::new("Export", "CsArchivingData").with("written", true);
    for name in ["Identity", "DBInstance", "StartDate", "EndDate", "UserUri"] {
        if let Some((parameter, value)) = arguments.parameter(name) {
            let json = argument::to_json(parameter, value);
            match (name, json.as_str()) {
                ("Identity", Some(identity)) => call.identity = Some(identity.to_owned()),
                _ => call = call.with(&parameter.wire_name(), json),
            }
        }
    }
    Ok(super::state::client(run).call(&call).map(drop).map_err(|refused| problem::fault(&refused))?)
}

fn export(arguments: &Arguments<'_>, bytes: &[u8], run: &mut Invocation<'_>) -> Outcome<()> {
    let Some(name) = arguments.text("FileName") else {
        return run.write(object::byte_array(bytes));
    };
    if path(run, &name).exists() {
        run.warning(&format!("The file '{name}' was there already and is overwritten."))?;
    }
    write_file(run, &name, bytes)
}

fn write_file(run: &mut Invocation<'_>, name: &str, bytes: &[u8]) -> Outcome<()> {
    let target = path(run, name);
    fs::write(target, bytes).or_else(|error| {
        let message = format!("The file '{name}' cannot be written: {error}.");
        run.error(problem::fault(&Problem::new("PC-E60", message).target(name)))
    })
}

/// `-BackupFileName`: a copy of the document that was published.
pub(super) fn write_backup(arguments: &Arguments<'_>, call: &Call, run: &mut Invocation<'_>) -> Outcome<()> {
    match (arguments.text("BackupFileName"), call.parameters.text("document")) {
        (Some(name), Some(document)) => write_file(run, &name, document.as_bytes()),
        _ => Ok(()),
    }
}

/// What was said while a command ran, for `-Report`.
#[derive(Default)]
pub(super) struct Log {
    rows: Vec<(&'static str, String)>,
}

impl Log {
    pub(super) fn add(&mut self, reply: &Reply) {
        self.rows.extend(reply.verbose.iter().map(|text| ("done", text.clone())));
        self.rows.extend(reply.targets.iter().map(|text| ("target", text.clone())));
        self.rows.extend(reply.warnings.iter().map(|text| ("warning", text.clone())));
        reply.problems.iter().for_each(|problem| self.problem(problem));
    }

    pub(super) fn problem(&mut self, problem: &Problem) {
        self.rows.push(("error", problem.to_string()));
    }

    /// True where something went wrong.
    pub(super) fn has_errors(&self) -> bool {
        self.rows.iter().any(|(kind, _)| *kind == "error")
    }

    fn html(&self, cmdlet: &str, parameters: &[(String, String)]) -> String {
        let row = |(kind, text): (&str, &str)| {
            format!("<tr class=\"{0}\"><td>{0}</td><td>{1}</td></tr>\n", escape(kind), escape(text))
        };
        let given: String = parameters.iter().map(|(name, value)| row((name, value))).collect();
        let rows: String = self.rows.iter().map(|(kind, text)| row((kind, text))).collect();
        format!(
            "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>{cmdlet}</title></head>\n<body>\n\
             <h1>{cmdlet}</h1>\n<h2>Parameters</h2>\n<table>\n{given}</table>\n<h2>Log</h2>\n<table>\n{rows}</table>\n\
             </body>\n</html>\n"
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writes the HTML log that `-Report` asks for.
pub(super) fn write_report(arguments: &Arguments<'_>, log: &Log, run: &mut Invocation<'_>) -> Outcome<()> {
    let Some(name) = arguments.text("Report") else { return Ok(()) };
    let bound = run.context.bound.borrow();
    let shown = bound.iter().filter(|(name, value)| {
        !matches!(name.as_str(), "ByteInput" | "Password" | "CaPassword") && net::plain_text(value).is_none()
    });
    let parameters: Vec<_> = shown.map(|(name, value)| (name.to_string(), argument::text(value))).collect();
    drop(bound);
    let html = log.html(run.spec.name, &parameters);
    write_file(run, &name, html.as_bytes())
}

/// `-OutLoggerVariable` and `-OutVerboseVariable`.
fn set_log_variables(arguments: &Arguments<'_>, log: Option<&Json>, run: &mut Invocation<'_>) -> Outcome<()> {
    let lines: Vec<String> =
        log.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
    if let Some(name) = arguments.text("OutVerboseVariable") {
        run.context.caller.put_name(Symbol::new(&name), Value::from(lines.join("\n")));
    }
    if let Some(name) = arguments.text("OutLoggerVariable") {
        let logger = object::logger(&lines, run.spec.name);
        run.context.caller.put_name(Symbol::new(&name), logger);
    }
    Ok(())
}
