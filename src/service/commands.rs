//! The sub-commands `pcsh service …` as functions: they print what they did and give an exit code.

use super::tokens::TokenWish;
use super::{Access, Options, Service, router};
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
  serve --listen 127.0.0.1:PORT     serve the API; a token is needed to use it
  token create [--user NAME] [--label TEXT] [--days N] [--read-only]
  token list | token revoke ID
  directory import FILE             LDIF, or CSV by its ending
  directory add DN [name=value]…    directory remove NAME
  directory join GROUP MEMBER…      directory leave GROUP MEMBER…
  audit verify                      check the hash chain of the audit trail
  migrate [--down VERSION]          step the schema
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

const FLAGS: [&str; 1] = ["read-only"];
const NAMED: [&str; 8] = ["data", "store", "listen", "user", "label", "days", "down", "file"];

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
    let listen = settings.get("listen").unwrap_or("127.0.0.1:5041");
    let address: SocketAddr =
        listen.parse().map_err(|_| usage(&format!("'{listen}' is not an address with a port.")))?;
    if !address.ip().is_loopback() {
        let message =
            format!("{address} is not a loopback address; without TLS the service listens on 127.0.0.1 or [::1] only.");
        return Err(Problem::new("PC-E90", message));
    }
    let service = settings.service()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Problem::internal)?;
    runtime.block_on(async {
        let refused =
            |error: std::io::Error| Problem::new("PC-E95", format!("{address} cannot be listened on: {error}."));
        let listener = tokio::net::TcpListener::bind(address).await.map_err(refused)?;
        let bound = listener.local_addr().map_err(refused)?;
        say(out, format_args!("Listening on http://{bound}"))?;
        out.flush().map_err(Problem::internal)?;
        serve_on(listener, router(service, Access::Tokens)).await
    })
}

/// Serves on a listener until the process is asked to end; calls under way are finished.
pub async fn serve_on(listener: tokio::net::TcpListener, router: axum::Router) -> Outcome {
    use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
    use hyper_util::server::conn::auto::Builder;
    use hyper_util::service::TowerToHyperService;
    let (closing, _) = tokio::sync::watch::channel(false);
    let limit = Arc::new(tokio::sync::Semaphore::new(MOST_CONNECTIONS));
    let mut end = std::pin::pin!(shutdown_signal());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    continue;
                }
            },
            () = &mut end => break,
        };
        let Ok(permit) = limit.clone().try_acquire_owned() else { continue };
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
        let router = TowerToHyperService::new(router.clone());
        let mut close = closing.subscribe();
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), router));
            let ended = tokio::select! {
                ended = connection.as_mut() => Some(ended),
                _ = close.changed() => None,
            };
            let ended = match ended {
                Some(ended) => ended,
                None => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended with an error");
            }
            drop(permit);
        });
    }
    closing.send_replace(true);
    let all = u32::try_from(MOST_CONNECTIONS).unwrap_or(u32::MAX);
    if tokio::time::timeout(DRAIN_LIMIT, limit.acquire_many(all)).await.is_err() {
        tracing::warn!("connections were cut at shutdown");
    }
    Ok(())
}

const MOST_CONNECTIONS: usize = 1024;
const HEADER_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);
const DRAIN_LIMIT: std::time::Duration = std::time::Duration::from_secs(10);

async fn shutdown_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
