//! The sub-commands `pcsh service …` as functions: they print what they did and give an exit code.

mod serving;
mod settings;

use super::tokens::TokenWish;
use crate::api::{Call, Problem};
use crate::store::Verdict;
use serde_json::Value;
use settings::Settings;
use std::io::Write;
use std::path::Path;
use tabled::builder::Builder;
use tabled::settings::Style;

/// How `pcsh service` is used.
pub const USAGE: &str = "\
pcsh service <command> [--data DIRECTORY] [--store ADDRESS]

  init                              make the store, or bring its schema up to date
  status                            what the service holds
  serve [--listen ADDRESS:PORT]     serve the API; a proof of identity is needed to use it (options below)
  account set NAME                  set the password of a user, read from standard input
  token create [--user NAME] [--label TEXT] [--days N] [--read-only]
  token list | token revoke ID      certificates are listed and revoked with them
  certificate create --user NAME [--read-only] FILE
                                    a client certificate with its key, by the service's own authority
  directory import FILE             LDIF, or CSV by its ending
  directory add DN [name=value]…    directory remove NAME
  directory join GROUP MEMBER…      directory leave GROUP MEMBER…
  audit verify                      check the hash chain of the audit trail
  migrate [--down VERSION]          step the schema
  backup FILE | restore FILE        the whole store as one checksummed file, for either kind of store
  database OPERATION INSTANCE\\NAME  SQL-side steps: RemoveLogShipping, ApplyLogs, Recover, Backup, Restore …

--store takes a directory (SQLite) or a postgres:// address; by default the data directory.

Options of serve; each may stand in service.toml of the data directory, or in the file of --config, without the dashes:
  --certificate FILE --key FILE     TLS with these; addresses other than loopback get TLS with a certificate made at the
                                    first start otherwise; --tls also on loopback
  --client-authority FILE           believe client certificates of these authorities, besides the service's own
  --client-certificates required    let nobody in without one
  --client-crl FILE                 lists of the client certificates that these authorities have revoked
  --oidc-issuer URL --oidc-audience NAME [--oidc-keys URL|FILE] [--oidc-claim NAME]
                                    believe tokens of an OpenID Connect provider
  --rate N                          calls a second for one caller (1000; 0 is no limit)
  --failed-log-ons N                failed log-ons of one address before it has to wait (20; 0 is no limit)
  --connections N --connections-per-address N --request-seconds N --body-megabytes N
  --nats nats://HOST:PORT           publish events to JetStream
";

type Outcome = Result<(), Problem>;

/// Runs a sub-command with the arguments after `pcsh service`. `data` is the default data directory.
pub fn run(arguments: &[String], data: &Path, out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    let result = Settings::parse(arguments, data).and_then(|(words, settings)| dispatch(&words, &settings, out));
    match result {
        Ok(()) => 0,
        Err(problem) => {
            // Nothing is left to do where standard error is closed.
            let _ = writeln!(err, "pcsh service: {problem}");
            if problem.id == "PC-E90" { 64 } else { 1 }
        }
    }
}

fn usage(reason: &str) -> Problem {
    Problem::new("PC-E90", format!("{reason}\n\n{USAGE}"))
}

fn dispatch(words: &[String], settings: &Settings, out: &mut dyn Write) -> Outcome {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["init"] => init(settings, out),
        ["status"] => status(settings, out),
        ["serve"] => serving::serve(settings, out),
        ["token", "create"] => token_create(settings, out),
        ["token", "list"] => token_list(settings, out),
        ["token", "revoke", id] => {
            let id = id.parse().map_err(|_| usage("A token is revoked by its number."))?;
            settings.service()?.revoke_token(id)?;
            say(out, format_args!("Token {id} is revoked."))
        }
        ["certificate", "create", file] => certificate_create(settings, file, out),
        ["directory", "import", file] => directory_import(settings, file, out),
        ["directory", "add", dn, attributes @ ..] => directory_add(settings, dn, attributes, out),
        ["directory", "remove", name] => done(settings, Call::new("Remove", ENTRY).identity(*name), out),
        ["directory", "join", group, members @ ..] => membership(settings, group, members, "add", out),
        ["directory", "leave", group, members @ ..] => membership(settings, group, members, "remove", out),
        ["account", "set", name] => account_set(settings, name, out),
        ["backup", file] => backup(settings, file, out),
        ["restore", file] => restore(settings, file, out),
        ["audit", "verify"] => audit_verify(settings, out),
        ["migrate"] => migrate(settings, out),
        ["database", operation, name] => {
            done(settings, Call::new("Update", "CsDatabase").identity(*name).with("operation", *operation), out)
        }
        ["help"] | [] => say(out, format_args!("{USAGE}")),
        other => Err(usage(&format!("'{}' is not a command.", other.join(" ")))),
    }
}

const ENTRY: &str = "CsDirectoryEntry";

fn say(out: &mut dyn Write, text: std::fmt::Arguments<'_>) -> Outcome {
    writeln!(out, "{text}")
        .map_err(|error| Problem::new("PC-E60", format!("Standard output cannot be written: {error}.")))
}

fn done(settings: &Settings, call: Call, out: &mut dyn Write) -> Outcome {
    let reply = settings.service()?.operate(call)?;
    reply.warnings.iter().try_for_each(|warning| say(out, format_args!("Warning: {warning}")))?;
    reply.targets.iter().try_for_each(|target| say(out, format_args!("{target}")))
}

fn init(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let service = settings.service()?;
    let version = service.store().schema_version()?;
    say(out, format_args!("The {} store is ready, schema {version}.", service.store().engine()))
}

fn status(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let reply = settings.service()?.operate(Call::new("Get", "CsServiceStatus"))?;
    let object = reply.value.first().and_then(Value::as_object).cloned().unwrap_or_default();
    object.iter().try_for_each(|(name, value)| match value {
        Value::String(text) => say(out, format_args!("{name}: {text}")),
        other => say(out, format_args!("{name}: {other}")),
    })
}

fn token_create(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let days = settings.get("days").map_or(Ok(90), str::parse).map_err(|_| usage("--days needs a number."))?;
    let wish = TokenWish {
        actor: settings.get("user").map(str::to_owned),
        label: settings.get("label").unwrap_or_default().to_owned(),
        read_only: settings.get("read-only").is_some(),
        days,
    };
    let (id, text) = settings.service()?.create_token(&wish)?;
    tracing::info!(token = id, "a token was made");
    say(out, format_args!("{text}"))
}

fn token_list(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let mut rows = Builder::with_capacity(0, 6);
    rows.push_record(["Id", "User", "Rights", "State", "Expires", "Label"]);
    for token in settings.service()?.store().read(|tx| tx.tokens())? {
        let state = if token.revoked.is_some() { "revoked" } else { "valid" };
        let expires = super::values::iso(token.expires);
        let actor = token.actor.as_deref().unwrap_or(super::OPERATOR);
        let rights = if token.read_only { "read-only" } else { "read-write" };
        rows.push_record([&token.id.to_string(), actor, rights, state, &expires, &token.label]);
    }
    let table = rows.build().with(Style::blank()).to_string();
    table.lines().try_for_each(|line| say(out, format_args!("{}", line.trim())))
}

fn certificate_create(settings: &Settings, file: &str, out: &mut dyn Write) -> Outcome {
    let user = settings.get("user").ok_or_else(|| usage("certificate create needs --user NAME."))?;
    let (id, pem) = settings.service()?.create_certificate(user, settings.get("read-only").is_some())?;
    super::tls::write_private(Path::new(file), &pem)?;
    say(out, format_args!("Certificate {id} of '{user}' with its key is in '{file}'."))
}

fn directory_import(settings: &Settings, file: &str, out: &mut dyn Write) -> Outcome {
    let bytes =
        std::fs::read(file).map_err(|error| Problem::new("PC-E60", format!("'{file}' cannot be read: {error}.")))?;
    let text = String::from_utf8(bytes).map_err(|_| Problem::new("PC-E61", format!("'{file}' is not UTF-8 text.")))?;
    let format = if file.to_lowercase().ends_with(".csv") { "csv" } else { "ldif" };
    let call = Call::new("Import", ENTRY).with("document", text).with("format", format);
    let reply = settings.service()?.operate(call)?;
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

fn directory_add(settings: &Settings, dn: &str, attributes: &[&str], out: &mut dyn Write) -> Outcome {
    let mut call = Call::new("New", ENTRY).identity(dn);
    for attribute in attributes {
        let (name, value) =
            attribute.split_once('=').ok_or_else(|| usage(&format!("'{attribute}' is not name=value.")))?;
        call = call.with(&crate::api::camel(name), value);
    }
    done(settings, call, out)
}

fn membership(settings: &Settings, group: &str, members: &[&str], change: &str, out: &mut dyn Write) -> Outcome {
    let list = serde_json::json!({ change: members });
    done(settings, Call::new("Set", ENTRY).identity(group).with("members", list), out)
}

fn audit_verify(settings: &Settings, out: &mut dyn Write) -> Outcome {
    match settings.service()?.store().read(|tx| tx.verify_audit())? {
        Verdict::Sound(count) => say(out, format_args!("The audit trail is sound: {count} records.")),
        Verdict::Broken(id) => Err(Problem::new("PC-E96", format!("The audit trail is broken at record {id}."))),
    }
}

fn migrate(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let service = settings.service()?;
    if let Some(version) = settings.get("down") {
        let version = version.parse().map_err(|_| usage("--down needs a version number."))?;
        service.store().migrate_down(version)?;
        return say(out, format_args!("The store is at schema {version}."));
    }
    say(out, format_args!("The store is at schema {}.", service.store().schema_version()?))
}

fn account_set(settings: &Settings, name: &str, out: &mut dyn Write) -> Outcome {
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .map_err(|error| Problem::new("PC-E60", format!("No password was read: {error}.")))?;
    settings.service()?.set_password(name, password.trim_end_matches(['\r', '\n']))?;
    say(out, format_args!("The password of '{name}' is set."))
}

fn backup(settings: &Settings, file: &str, out: &mut dyn Write) -> Outcome {
    let rows = settings.service()?.store().backup(Path::new(file))?;
    say(out, format_args!("{rows} rows were written to '{file}'."))
}

fn restore(settings: &Settings, file: &str, out: &mut dyn Write) -> Outcome {
    let rows = settings.service()?.store().restore(Path::new(file))?;
    say(out, format_args!("{rows} rows were restored from '{file}'."))
}
