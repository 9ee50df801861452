//! The configuration as a whole: exported to a ZIP file, imported from one.

use super::super::context::Context;
use super::super::deployment::{CHAT_POOL, COMPUTER, DATABASE, TOPOLOGY};
use super::super::registry::Route;
use crate::api::Problem;
use crate::store::Record;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::io::{Cursor, Read, Write};

pub(crate) const ROUTES: &[Route] = &[("Export-CsConfiguration", export), ("Import-CsConfiguration", import)];

const FORMAT: &str = "pcsh-configuration";
const PART: &str = "configuration.json";

/// Kinds that make the configuration: the deployment's own and every settings noun of the catalogue.
fn kinds(context: &Context<'_>) -> Vec<String> {
    let own = [TOPOLOGY, COMPUTER, DATABASE, CHAT_POOL, super::super::caller::ROLE].map(str::to_owned);
    let nouns = context.service.catalogue().nouns().map(str::to_owned);
    own.into_iter().chain(nouns).collect()
}

fn export(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    let mut objects = Vec::new();
    for kind in kinds(context) {
        for record in context.tx.all_objects(&kind)? {
            objects.push(json!({ "kind": record.kind, "name": record.name, "body": record.body }));
        }
    }
    let document =
        json!({ "format": FORMAT, "version": 1, "revision": context.deployment.revision, "objects": objects });
    let bytes = zip(&[(PART, document.to_string().into_bytes())])?;
    context.target("Configuration");
    context.emit(json!({ "identity": "Configuration", "content": STANDARD.encode(bytes) }));
    Ok(())
}

/// A ZIP file of these parts.
pub(crate) fn zip(parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, Problem> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).map_err(Problem::internal)?;
        writer.write_all(bytes).map_err(Problem::internal)?;
    }
    Ok(writer.finish().map_err(Problem::internal)?.into_inner())
}

/// Largest part that is unpacked; more is taken for an attack.
const LARGEST_PART: u64 = 1 << 30;

/// The parts of a ZIP file, or PC-E61.
pub(crate) fn unzip(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let damaged = || Problem::new("PC-E61", "The file is not an export of this product, or it is damaged.");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let name = part.name().to_owned();
        let mut content = Vec::new();
        part.take(LARGEST_PART).read_to_end(&mut content).map_err(|_| damaged())?;
        parts.push((name, content));
    }
    Ok(parts)
}

/// The bytes that a call brings, decoded.
pub(crate) fn byte_input(context: &Context<'_>) -> Result<Vec<u8>, Problem> {
    let text = context.parameters().required("byteInput")?;
    STANDARD.decode(text).map_err(|_| Problem::new("PC-E61", "The input is not base64."))
}

fn import(context: &mut Context<'_>) -> Result<(), Problem> {
    let bytes = byte_input(context)?;
    let damaged = || Problem::new("PC-E61", "The file is not an exported configuration, or it is damaged.");
    let parts = unzip(&bytes)?;
    let (_, content) = parts.iter().find(|(name, _)| name == PART).ok_or_else(damaged)?;
    let document: Value = serde_json::from_slice(content).map_err(|_| damaged())?;
    if document.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(damaged());
    }
    if context.parameters().switch("localStore") {
        return import_locally(context);
    }
    let objects = document.get("objects").and_then(Value::as_array).ok_or_else(damaged)?;
    for kind in kinds(context) {
        for record in context.tx.all_objects(&kind)? {
            context.tx.delete(&record)?;
        }
    }
    let known = kinds(context);
    for object in objects {
        let text = |name: &str| object.get(name).and_then(Value::as_str).ok_or_else(damaged);
        let (kind, name) = (text("kind")?, text("name")?);
        let body: Map<String, Value> = object.get("body").and_then(Value::as_object).cloned().ok_or_else(damaged)?;
        if known.iter().any(|known| known == kind) {
            context.tx.insert(&mut Record::new(kind, name, body))?;
        }
    }
    context.target("Configuration");
    context.deployment_changed()
}

/// The local store of computers takes the configuration in; from then on replication keeps it up to date.
fn import_locally(context: &mut Context<'_>) -> Result<(), Problem> {
    context.require_topology()?;
    for computer in context.acting_computers()? {
        if !context.deployment.computers.contains_key(&computer.to_lowercase()) {
            let message = format!("'{computer}' is not part of the enabled topology; use Enable-CsTopology.");
            return Err(Problem::new("PC-E06", message));
        }
        let mut state = context.deployment.computer(&computer);
        context.target(computer.clone());
        if state.local_store == Some(context.deployment.revision) {
            continue;
        }
        state.local_store = Some(context.deployment.revision);
        context.save_deployment(COMPUTER, &computer, &state)?;
    }
    Ok(())
}
