//! The sub-commands `pcsh service …` as functions: they print what they did and give an exit code.

use super::tokens::TokenWish;
use super::{Access, Options, Service, router, serve};
use crate::api::{Call, Problem};
use crate::store::Verdict;
use serde_json::Value;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// How `pcsh service` is used.
pub const USAGE: &str = "\
pcsh service <command> [--data DIRECTORY] [--store ADDRESS]

  init                              make the store, or bring its schema up to date
  status                            what the service holds
  serve --listen ADDRESS:PORT       serve the API; a token is needed to use it. Addresses other than loopback get
                                    TLS, with --certificate FILE --key FILE or a certificate made at the first start;
                                    --tls also on loopback
  account set NAME                  set the password of a user, read from standard input
  token create [--user NAME] [--label TEXT] [--days N] [--read-only]
  token list | token revoke ID
  directory import FILE             LDIF, or CSV by its ending
  directory add DN [name=value]…    directory remove NAME
  directory join GROUP MEMBER…      directory leave GROUP MEMBER…
  audit verify                      check the hash chain of the audit trail
  migrate [--down VERSION]          step the schema
  backup FILE | restore FILE        the whole store as one checksummed file, for either kind of store
  database OPERATION INSTANCE\\NAME  SQL-side steps: RemoveLogShipping, ApplyLogs, Recover, Backup, Restore …

--store takes a directory (SQLite) or a postgres:// address; by default the data directory.
";

type Outcome = Result<(), Problem>;

/// Runs a sub-command with the arguments after `pcsh service`. `data` is the default data directory.
pub fn run(arguments: &[String], data: &Path, out: &mut dyn Write, err: &mut dyn Write) -> i32 {
    let result = parse(arguments, data).and_then(|(words, settings)| dispatch(&words, &settings, out));
    match result {
        Ok(()) => 0,
        Err(problem) => {
            // Nothing is left to do where standard error is closed.
            let _ = writeln!(err, "pcsh service: {problem}");
            if problem.id == "PC-E90" { 64 } else { 1 }
        }
    }
}

/// Options of the command line.
#[derive(Default)]
struct Settings {
    named: Vec<(String, String)>,
    data: std::path::PathBuf,
}

impl Settings {
    fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn service(&self) -> Result<Arc<Service>, Problem> {
        let mut options = Options::in_directory(&self.data);
        if let Some(store) = self.get("store") {
            store.clone_into(&mut options.store);
        }
        Service::open(options)
    }
}

const FLAGS: [&str; 3] = ["read-only", "tls", "no-tls"];
const NAMED: [&str; 9] = ["data", "store", "listen", "user", "label", "days", "down", "certificate", "key"];

fn usage(reason: &str) -> Problem {
    Problem::new("PC-E90", format!("{reason}\n\n{USAGE}"))
}

fn parse(arguments: &[String], data: &Path) -> Result<(Vec<String>, Settings), Problem> {
    let mut settings = Settings { named: Vec::new(), data: data.to_owned() };
    let mut words = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let Some(name) = argument.strip_prefix("--") else {
            words.push(argument.clone());
            continue;
        };
        let (name, value) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value.to_owned())));
        if FLAGS.contains(&name) {
            settings.named.push((name.to_owned(), "true".to_owned()));
        } else if NAMED.contains(&name) {
            let value = value.or_else(|| rest.next().cloned());
            settings.named.push((name.to_owned(), value.ok_or_else(|| usage(&format!("--{name} needs a value.")))?));
        } else {
            return Err(usage(&format!("--{name} is not an option.")));
        }
    }
    if let Some(directory) = settings.get("data").map(std::path::PathBuf::from) {
        settings.data = directory;
    }
    Ok((words, settings))
}

fn dispatch(words: &[String], settings: &Settings, out: &mut dyn Write) -> Outcome {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["init"] => init(settings, out),
        ["status"] => status(settings, out),
        ["serve"] => serve(settings, out),
        ["token", "create"] => token_create(settings, out),
        ["token", "list"] => token_list(settings, out),
        ["token", "revoke", id] => {
            let id = id.parse().map_err(|_| usage("A token is revoked by its number."))?;
            settings.service()?.revoke_token(id)?;
            say(out, format_args!("Token {id} is revoked."))
        }
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
    for token in settings.service()?.store().read(|tx| tx.tokens())? {
        let state = if token.revoked.is_some() { "revoked" } else { "valid" };
        let expires = super::values::iso(token.expires);
        let actor = token.actor.as_deref().unwrap_or("local operator");
        let rights = if token.read_only { "read-only" } else { "read-write" };
        say(out, format_args!("{}\t{actor}\t{rights}\t{state}\texpires {expires}\t{}", token.id, token.label))?;
    }
    Ok(())
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

fn serve(settings: &Settings, out: &mut dyn Write) -> Outcome {
    let listen = settings.get("listen").unwrap_or("127.0.0.1:5040");
    let address: SocketAddr =
        listen.parse().map_err(|_| usage(&format!("'{listen}' is not an address with a port.")))?;
    let files = match (settings.get("certificate"), settings.get("key")) {
        (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
        (None, None) => None,
        _ => return Err(usage("--certificate and --key belong together.")),
    };
    let clear = address.ip().is_loopback() && files.is_none() && settings.get("tls").is_none();
    if settings.get("no-tls").is_some() && !clear {
        let message = format!("{address} is not a loopback address; the service listens there with TLS only.");
        return Err(Problem::new("PC-E90", message));
    }
    start_log();
    let service = settings.service()?;
    let tls = match clear {
        true => None,
        false => Some(serve::tls(&settings.data, files, address)?),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Problem::internal)?;
    runtime.block_on(async {
        let refused =
            |error: std::io::Error| Problem::new("PC-E95", format!("{address} cannot be listened on: {error}."));
        let listener = tokio::net::TcpListener::bind(address).await.map_err(refused)?;
        let bound = listener.local_addr().map_err(refused)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        say(out, format_args!("Listening on {scheme}://{bound}"))?;
        if let Some(tls) = &tls {
            say(out, format_args!("Certificate SHA-256 fingerprint {}", tls.fingerprint))?;
        }
        out.flush().map_err(Problem::internal)?;
        serve::serve_on(listener, tls, router(service, Access::Tokens)).await
    })
}

/// Structured lines on standard error; `RUST_LOG` chooses how much.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first log.
    drop(log.try_init());
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
