//! The relay of the outbox: events that were committed with their changes are published to NATS JetStream, at least once
//! each. An event carries its number as the message's id, by which the stream drops what comes twice, so that it is
//! processed once; several services may relay the same outbox.

use super::Service;
use crate::api::Problem;
use crate::store::{AuditEntry, Extent};
use async_nats::jetstream::{self, Context, stream};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// The stream and its subjects; the kind of what was changed follows.
const STREAM: &str = "PCSH";
const SUBJECT: &str = "pcsh.events";
/// How long the stream remembers the ids of messages.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
const BATCH: i64 = 200;
/// How often the outbox is looked at when it was empty.
const PAUSE: Duration = Duration::from_millis(250);
const AFTER_FAILURE: Duration = Duration::from_secs(2);
/// Delivered events are kept a week, for whoever wants to look.
const KEPT: i64 = 7 * 86_400_000;
/// The store's own name for itself, so that two stores may share a stream.
const STORE_ID: &str = "store-id";

/// A relay at work.
pub(super) struct Relay {
    stop: Arc<AtomicBool>,
    wake: mpsc::Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Ends after the event under way.
    pub(crate) fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(self.wake);
        if let Some(thread) = self.thread
            && thread.join().is_err()
        {
            tracing::error!("the relay of the outbox failed inside");
        }
    }
}

/// Starts relaying to a server; with none, nothing happens and events wait.
pub(super) fn start(service: &Arc<Service>, server: Option<&str>) -> Result<Relay, Problem> {
    let stop = Arc::new(AtomicBool::new(false));
    let (wake, woken) = mpsc::channel();
    let mut relay = Relay { stop: stop.clone(), wake, thread: None };
    if let Some(server) = server {
        let work = Work { service: service.clone(), server: server.to_owned(), stop, woken };
        let thread = std::thread::Builder::new().name("outbox".to_owned()).spawn(move || work.run());
        relay.thread = Some(thread.map_err(Problem::internal)?);
    }
    Ok(relay)
}

struct Work {
    service: Arc<Service>,
    server: String,
    stop: Arc<AtomicBool>,
    /// Closed when the relay is to end, so that a pause ends with it.
    woken: mpsc::Receiver<()>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Work {
    fn run(&self) {
        let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return tracing::error!(%error, "the relay of the outbox cannot start"),
        };
        while !self.stop.load(Ordering::SeqCst) {
            if let Err(error) = self.relay(&runtime) {
                tracing::warn!(%error, server = %self.server, "events wait in the outbox");
                self.pause(AFTER_FAILURE);
            }
        }
    }

    /// Waits, unless the relay is to end.
    fn pause(&self, time: Duration) {
        // Either the time is over or the other side is gone.
        let _ = self.woken.recv_timeout(time);
    }

    /// Relays until something fails or the relay is to end.
    fn relay(&self, runtime: &tokio::runtime::Runtime) -> Result<(), Failure> {
        let stream = runtime.block_on(connect(&self.server))?;
        let store = self.store_id()?;
        while !self.stop.load(Ordering::SeqCst) {
            let events = self.service.store.read(|tx| tx.waiting_events(BATCH))?;
            if events.is_empty() {
                self.pause(PAUSE);
                continue;
            }
            for (id, entry) in &events {
                runtime.block_on(publish(&stream, &store, *id, entry))?;
            }
            self.mark(&events)?;
        }
        Ok(())
    }

    fn mark(&self, events: &[(i64, AuditEntry)]) -> Result<(), Problem> {
        let now = self.service.world.now();
        let mut tx = self.service.store.begin_within(self.service.own_origin("outbox"), Extent::OneObject)?;
        events.iter().try_for_each(|(id, _)| tx.event_delivered(*id, now))?;
        tx.forget_delivered(now - KEPT)?;
        self.service.store.commit(tx)?;
        self.service.metrics.delivered.fetch_add(events.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn store_id(&self) -> Result<String, Problem> {
        if let Some(id) = self.service.store.read(|tx| tx.meta(STORE_ID))? {
            return Ok(id);
        }
        self.service.store.write(self.service.own_origin("outbox"), |tx| match tx.meta(STORE_ID)? {
            Some(id) => Ok(id),
            None => {
                let id = self.service.new_guid();
                tx.set_meta(STORE_ID, &id)?;
                Ok(id)
            }
        })
    }
}

async fn connect(server: &str) -> Result<Context, Failure> {
    let client = async_nats::connect(server).await?;
    let context = jetstream::new(client);
    let wanted = stream::Config {
        name: STREAM.to_owned(),
        subjects: vec![format!("{SUBJECT}.>")],
        duplicate_window: REMEMBERED,
        ..stream::Config::default()
    };
    context.get_or_create_stream(wanted).await?;
    Ok(context)
}

/// Publishes one event and waits until the stream has it.
async fn publish(stream: &Context, store: &str, id: i64, entry: &AuditEntry) -> Result<(), Failure> {
    let event = json!({
        "id": id,
        "time": super::values::iso(entry.at),
        "actor": entry.actor,
        "cmdlet": entry.cmdlet,
        "action": entry.action,
        "kind": entry.kind,
        "target": entry.target,
        "requestId": entry.request,
    });
    let mut headers = async_nats::HeaderMap::new();
    headers.insert(async_nats::header::NATS_MESSAGE_ID, format!("{store}-{id}").as_str());
    let subject = format!("{SUBJECT}.{}", entry.kind);
    stream.publish_with_headers(subject, headers, event.to_string().into()).await?.await?;
    Ok(())
}
