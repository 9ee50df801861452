//! The sub-commands `pcsh service …` as functions: they print what they did and give an exit code.

mod arguments;
mod serving;
mod settings;
mod status;

use super::tokens::TokenWish;
use crate::api::{Call, Problem};
use crate::store::{Token, Verdict};
use arguments::{AccountCommand, Arguments, AuditCommand, CertificateCommand, Command, DirectoryCommand, TokenCommand};
use clap::{CommandFactory, Parser};
use serde_json::{Value, json};
use settings::{ServiceSettings, Settings};
use std::io::Write;
use std::path::Path;
use tabled::builder::Builder;
use tabled::settings::Style;

type Outcome = Result<(), Problem>;

/// The exit code for arguments that make no sense, `EX_USAGE`.
const MISUSED: i32 = 64;

/// Runs a sub-command with the arguments after `pcsh service`. `data` is the default data directory.
pub(crate) fn run(arguments: &[String], data: &Path, out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    // Nothing is left to do where standard output or error is closed.
    let arguments =
        match Arguments::try_parse_from(std::iter::once("pcsh service".to_owned()).chain(arguments.to_vec())) {
            Ok(arguments) => arguments,
            Err(told) if told.use_stderr() => {
                let _ = write!(err, "{told}");
                return MISUSED;
            }
            Err(told) => {
                let _ = write!(out, "{told}");
                return 0;
            }
        };
    match carry_out(arguments, data, out) {
        Ok(()) => 0,
        Err(problem) => {
            let _ = writeln!(err, "pcsh service: {problem}");
            if problem.id == "PC-E90" { MISUSED } else { 1 }
        }
    }
}

/// The sub-commands as clap knows them, for the completion of other shells.
pub(crate) fn outline() -> clap::Command {
    Arguments::command()
}

fn usage(reason: &str) -> Problem {
    Problem::new("PC-E90", format!("{reason} See --help."))
}

fn carry_out(arguments: Arguments, data: &Path, out: &mut dyn Write) -> Outcome {
    let data = arguments.data.unwrap_or_else(|| data.to_owned());
    let (command, mut given) = match arguments.command {
        Command::Serve(given) => (None, *given),
        other => (Some(other), ServiceSettings::default()),
    };
    given.store = arguments.store;
    let settings = Settings::read(data, arguments.config.as_deref(), &given)?;
    match command {
        None => serving::serve(&settings, out),
        Some(command) => dispatch(command, &settings, out),
    }
}

fn dispatch(command: Command, settings: &Settings, out: &mut dyn Write) -> Outcome {
    match command {
        Command::Serve(_) => serving::serve(settings, out),
        Command::Init => init(settings, out),
        Command::Status { json } => status::show(settings, json, out),
        Command::Account(command) => account(settings, command, out),
        Command::Token(TokenCommand::Create { user, label, days, rights }) => {
            token_create(settings, &TokenWish { actor: user, label, read_only: rights.read_only, days }, out)
        }
        Command::Token(TokenCommand::List { json }) => token_list(settings, json, out),
        Command::Token(TokenCommand::Revoke { id }) => {
            settings.open()?.revoke_token(id)?;
            say(out, format_args!("Token {id} is revoked."))
        }
        Command::Certificate(CertificateCommand::Create { user, rights, file }) => {
            certificate_create(settings, &user, rights.read_only, &file, out)
        }
        Command::Directory(command) => directory(settings, command, out),
        Command::Audit(AuditCommand::Verify) => audit_verify(settings, out),
        Command::Migrate { down } => migrate(settings, down, out),
        Command::Backup { file } => backup(settings, &file, out),
        Command::Restore { file } => {
            let rows = settings.open()?.store().restore(&file)?;
            say(out, format_args!("{rows} rows were restored from '{}'.", file.display()))
        }
        Command::Database { operation, database } => {
            done(settings, Call::new("Update", "CsDatabase").identity(database).with("operation", operation), out)
        }
    }
}

fn directory(settings: &Settings, command: DirectoryCommand, out: &mut dyn Write) -> Outcome {
    match command {
        DirectoryCommand::Import { file } => directory_import(settings, &file, out),
        DirectoryCommand::Add { dn, attributes } => directory_add(settings, &dn, &attributes, out),
        DirectoryCommand::Remove { name } => done(settings, Call::new("Remove", ENTRY).identity(name), out),
        DirectoryCommand::Join { group, members } => membership(settings, &group, &members, "add", out),
        DirectoryCommand::Leave { group, members } => membership(settings, &group, &members, "remove", out),
    }
}

/// When the last backup was made, among the named values of the store.
const LAST_BACKUP: &str = "last-backup";

const ENTRY: &str = "CsDirectoryEntry";

fn say(out: &mut dyn Write, text: std::fmt::Arguments<'_>) -> Outcome {
    writeln!(out, "{text}")
        .map_err(|error| Problem::new("PC-E60", format!("Standard output cannot be written: {error}.")))
}

fn done(settings: &Settings, call: Call, out: &mut dyn Write) -> Outcome {
    let reply = settings.open()?.operate(call)?;
    reply.warnings.iter().try_for_each(|warning| say(out, format_args!("Warning: {warning}")))?;
    reply.targets.iter().try_for_each(|target| say(out, format_args!("{target}")))
}

fn init(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let service = settings.open()?;
    let version = service.store().schema_version()?;
    say(out, format_args!("The {} store is ready, schema {version}.", service.store().engine()))
}

fn token_create(settings: &Settings, wish: &TokenWish, out: &mut dyn Write) -> Outcome {
    let (id, text) = settings.open()?.create_token(wish)?;
    tracing::info!(token = id, "a token was made");
    say(out, format_args!("{text}"))
}

fn token_list(settings: &Settings, json: bool, out: &mut dyn Write) -> Outcome {
    let service = settings.open()?;
    let now = service.world.now();
    let tokens = service.store().read(|tx| tx.tokens())?;
    let state = |token: &Token| match (token.revoked, token.expires <= now) {
        (Some(_), _) => "revoked",
        (None, true) => "expired",
        (None, false) => "valid",
    };
    let rows = tokens.iter().map(|token| {
        let user = token.actor.as_deref().unwrap_or(super::OPERATOR).to_owned();
        let rights = if token.read_only { "read-only" } else { "read-write" };
        (token, user, rights, state(token), super::values::iso(token.expires))
    });
    if json {
        let list: Value = rows
            .map(|(token, user, rights, state, expires)| {
                json!({ "id": token.id, "user": user, "rights": rights, "state": state, "expires": expires, "label": token.label })
            })
            .collect();
        return say(out, format_args!("{list:#}"));
    }
    let mut table = Builder::with_capacity(0, 6);
    table.push_record(["Id", "User", "Rights", "State", "Expires", "Label"]);
    for (token, user, rights, state, expires) in rows {
        table.push_record([&token.id.to_string(), &user, rights, state, &expires, &token.label]);
    }
    write_table(table, out)
}

fn certificate_create(settings: &Settings, user: &str, read_only: bool, file: &Path, out: &mut dyn Write) -> Outcome {
    let (id, pem) = settings.open()?.create_certificate(user, read_only)?;
    super::tls::write_private(file, &pem)?;
    say(out, format_args!("Certificate {id} of '{user}' with its key is in '{}'.", file.display()))
}

fn directory_import(settings: &Settings, file: &Path, out: &mut dyn Write) -> Outcome {
    let place = file.display();
    let bytes =
        std::fs::read(file).map_err(|error| Problem::new("PC-E60", format!("'{place}' cannot be read: {error}.")))?;
    let text = String::from_utf8(bytes).map_err(|_| Problem::new("PC-E61", format!("'{place}' is not UTF-8 text.")))?;
    let format = if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) { "csv" } else { "ldif" };
    let call = Call::new("Import", ENTRY).with("document", text).with("format", format);
    let reply = settings.open()?.operate(call)?;
    let object = reply.value.first().cloned().unwrap_or_default();
    let number = |name: &str| object.get(name).and_then(Value::as_i64).unwrap_or(0);
    say(
        out,
        format_args!(
            "{} entries: {} created, {} changed, {} unchanged; {} memberships added.",
            number("entries"),
            number("created"),
            number("changed"),
            number("unchanged"),
            number("memberships")
        ),
    )
}

fn directory_add(settings: &Settings, dn: &str, attributes: &[String], out: &mut dyn Write) -> Outcome {
    let mut call = Call::new("New", ENTRY).identity(dn);
    for attribute in attributes {
        let (name, value) =
            attribute.split_once('=').ok_or_else(|| usage(&format!("'{attribute}' is not name=value.")))?;
        call = call.with(&crate::api::camel(name), value);
    }
    done(settings, call, out)
}

fn membership(settings: &Settings, group: &str, members: &[String], change: &str, out: &mut dyn Write) -> Outcome {
    let list = serde_json::json!({ change: members });
    done(settings, Call::new("Set", ENTRY).identity(group).with("members", list), out)
}

fn audit_verify(settings: &Settings, out: &mut dyn Write) -> Outcome {
    match settings.open()?.store().read(|tx| tx.verify_audit())? {
        Verdict::Sound(count) => say(out, format_args!("The audit trail is sound: {count} records.")),
        Verdict::Broken(id) => Err(Problem::new("PC-E96", format!("The audit trail is broken at record {id}."))),
    }
}

fn migrate(settings: &Settings, down: Option<i64>, out: &mut dyn Write) -> Outcome {
    let service = settings.open()?;
    if let Some(version) = down {
        service.store().migrate_down(version)?;
        return say(out, format_args!("The store is at schema {version}."));
    }
    say(out, format_args!("The store is at schema {}.", service.store().schema_version()?))
}

fn account(settings: &Settings, command: AccountCommand, out: &mut dyn Write) -> Outcome {
    match command {
        AccountCommand::List { json } => account_list(settings, json, out),
        AccountCommand::Set { name } => account_set(settings, &name, out),
        AccountCommand::Unlock { name } => {
            settings.open()?.unlock_account(&name)?;
            say(out, format_args!("The account of '{name}' may log on at once."))
        }
        AccountCommand::Remove { name } => {
            settings.open()?.remove_account(&name)?;
            say(out, format_args!("'{name}' has no password any more."))
        }
    }
}

fn account_list(settings: &Settings, json: bool, out: &mut dyn Write) -> Outcome {
    let service = settings.open()?;
    let now = service.world.now();
    let waits = |until: i64| (until > now).then(|| super::values::iso(until));
    let accounts = service.store().read(|tx| tx.accounts())?;
    if json {
        let list: Value = accounts
            .into_iter()
            .map(|(name, failures, until)| json!({ "name": name, "failures": failures, "waitsUntil": waits(until) }))
            .collect();
        return say(out, format_args!("{list:#}"));
    }
    let mut table = Builder::with_capacity(accounts.len() + 1, 3);
    table.push_record(["Name", "Failures", "Waits until"]);
    for (name, failures, until) in accounts {
        table.push_record([name, failures.to_string(), waits(until).unwrap_or_default()]);
    }
    write_table(table, out)
}

/// A list without lines around it.
fn write_table(table: Builder, out: &mut dyn Write) -> Outcome {
    let table = table.build().with(Style::blank()).to_string();
    table.lines().try_for_each(|line| say(out, format_args!("{}", line.trim())))
}

fn account_set(settings: &Settings, name: &str, out: &mut dyn Write) -> Outcome {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .map_err(|error| Problem::new("PC-E60", format!("No password was read: {error}.")))?;
    settings.open()?.set_password(name, password.trim_end_matches(['\r', '\n']))?;
    say(out, format_args!("The password of '{name}' is set."))
}

fn backup(settings: &Settings, file: &Path, out: &mut dyn Write) -> Outcome {
    let service = settings.open()?;
    let rows = service.store().backup(file)?;
    let now = super::values::iso(service.world.now());
    service.store().write(service.own_origin("backup"), |tx| tx.set_meta(LAST_BACKUP, &now))?;
    say(out, format_args!("{rows} rows were written to '{}'.", file.display()))
}
