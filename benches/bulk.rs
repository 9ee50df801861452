//! Bulk figures of the management service beside a bare loop of durable single-row inserts into SQLite on the same disk.
//! Prints one row per figure: operations per second, and the ratio to the bare loop where there is one.

mod shared;

use pcsh::api::Call;
use pcsh::client::{Connection, ManagementClient};
use std::path::Path;
use std::time::Instant;

const DURABLE: u32 = 2_000;
const BULK: u32 = 100_000;
const READS: u32 = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::temp_dir().join(format!("pcsh-bulk-{}", std::process::id()));
    std::fs::create_dir_all(&directory)?;
    let result = measure(&directory);
    std::fs::remove_dir_all(&directory)?;
    result
}

fn measure(directory: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let bare = bare_loop(directory)?;
    row("bare durable inserts", bare, None);
    let client = deployed(&directory.join("data"))?;
    let started = Instant::now();
    for number in 0..DURABLE {
        client.call(&room(&format!("StressChan_{number}")))?;
    }
    row("rooms, one durable write each", rate(DURABLE, started), Some(bare));
    let started = Instant::now();
    let transaction = client.begin()?;
    for number in DURABLE..BULK {
        let mut call = room(&format!("StressChan_{number}"));
        call.transaction = Some(transaction.clone());
        client.call(&call)?;
    }
    client.commit(&transaction)?;
    row("rooms in one transaction", rate(BULK - DURABLE, started), None);
    let started = Instant::now();
    for number in 0..READS {
        client.call(&Call::new("Get", "CsPersistentChatRoom").identity(format!("StressChan_{}", number * 37)))?;
    }
    row("rooms read by identity", rate(READS, started), None);
    let started = Instant::now();
    let mut listed = 0;
    for page in client.pages(&Call::new("Get", "CsPersistentChatRoom")) {
        listed += u32::try_from(page?.value.len())?;
    }
    row(&format!("rooms listed ({listed})"), rate(listed, started), None);
    let started = Instant::now();
    let call = Call::new("Get", "CsPersistentChatRoom").with("filter", "{Name -like \"*_99*\"}");
    let found: usize = client.pages(&call).map(|page| page.map_or(0, |page| page.value.len())).sum();
    row(&format!("rooms filtered ({found} hits)"), rate(BULK, started), None);
    Ok(())
}

fn row(name: &str, per_second: f64, bare: Option<f64>) {
    match bare {
        Some(bare) => println!("{name:<34} {per_second:>10.0}/s   {:.2}x the bare loop's time", bare / per_second),
        None => println!("{name:<34} {per_second:>10.0}/s"),
    }
}

fn rate(number: u32, started: Instant) -> f64 {
    f64::from(number) / started.elapsed().as_secs_f64()
}

fn bare_loop(directory: &Path) -> Result<f64, Box<dyn std::error::Error>> {
    let connection = rusqlite::Connection::open(directory.join("bare.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE room (id INTEGER PRIMARY KEY, name TEXT UNIQUE, body TEXT)")?;
    let body = "x".repeat(400);
    let started = Instant::now();
    for number in 0..DURABLE {
        connection.execute("INSERT INTO room (name, body) VALUES (?1, ?2)", (format!("StressChan_{number}"), &body))?;
    }
    Ok(rate(DURABLE, started))
}

fn room(name: &str) -> Call {
    Call::new("New", "CsPersistentChatRoom").with("name", name).with("category", "c").with("privacy", "Open")
}

/// A deployment with one category.
fn deployed(directory: &Path) -> Result<ManagementClient, Box<dyn std::error::Error>> {
    let client = ManagementClient::new(Connection::Embedded { directory: directory.to_owned(), actor: None });
    shared::deploy(&client)?;
    Ok(client)
}
