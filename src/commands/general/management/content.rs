//! `Get-Content`.

use super::{LITERAL_ALIASES, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, files, items, objects};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::encoding::TextEncoding;
use crate::value::{Array, ErrorCategory, Extension, Fault, Member, Outcome, Str, Value, Wrapped};
use std::fs;
use std::rc::Rc;

cmdlet! {
    /// `Get-Content`.
    pub struct GetContent = "Get-Content", class "Microsoft.PowerShell.Commands.GetContentCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads a file line by line.", examples: &[("$env:SAMPLE = 'x'; Get-Content env:SAMPLE", "x\n")],
        outputs: &["System.String", "System.Byte"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("Path").mandatory().position(0).by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(super::LITERAL_SETS),
        read_count: Option<i64> = ParameterSpec::new("ReadCount").sets(&[SetMembership::of("").by_property()]),
        total: Option<i64> = ParameterSpec::new("TotalCount").alias(&["First", "Head"])
            .validate(&[Validation::Range(0.0, 9.2e18)]).sets(&[SetMembership::of("").by_property()]),
        tail: Option<i32> = ParameterSpec::new("Tail").alias(&["Last"]).validate(&[Validation::Range(0.0, 2_147_483_647.0)]).sets(&[SetMembership::of("").by_property()]),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        force: Switch = ParameterSpec::new("Force"),
        delimiter: Option<Str> = ParameterSpec::new("Delimiter"),
        wait: Switch = ParameterSpec::new("Wait"),
        raw: Switch = ParameterSpec::new("Raw"),
        encoding: Option<Value> = ParameterSpec::new("Encoding"),
        bytes: Switch = ParameterSpec::new("AsByteStream"),
    }
    state {}
}

/// The encoding that `-Encoding` names; UTF-8 without it.
pub(super) fn encoding_of(value: Option<&Value>) -> Outcome<TextEncoding> {
    let Some(value) = value else { return Ok(TextEncoding::Utf8) };
    if let Some(encoding) = crate::value::members::library::encoding_of(value) {
        return Ok(encoding);
    }
    let name = crate::value::convert::to_text(value);
    match TextEncoding::by_name(&name) {
        Some(encoding) => Ok(encoding),
        None => {
            let message =
                format!("'{name}' is no encoding; utf8, utf8BOM, unicode, ascii, latin1 and code page numbers are.");
            Fault::new("ParameterArgumentTransformationError", message)
                .category(ErrorCategory::InvalidData)
                .exception("System.Management.Automation.ParameterBindingArgumentTransformationException")
                .err()
        }
    }
}

impl Cmdlet for GetContent {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.total.is_some() && self.tail.is_some() {
            return Fault::new("TailAndHeadCannotCoexist", "-TotalCount and -Tail exclude each other.")
                .exception("System.InvalidOperationException")
                .err();
        }
        if self.tail.is_some() && self.raw.0 {
            return Fault::new("InvalidOperation", "-Tail counts lines, and -Raw gives no lines.")
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
        }
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        let filter = Sieve::new(self.filter.as_slice(), &[])?;
        self.check_patterns(run, how)?;
        for place in places(run, &self.path, &self.literal, how)? {
            let name = leaf(&place);
            if !sieve.passes(&name) || !filter.passes(&name) {
                continue;
            }
            if place.drive.provider != Provider::FileSystem {
                if self.tail.is_some() {
                    let text = format!("-Tail is for files; '{}' is none.", place.shown());
                    let fault = Fault::new("TailNotSupported", text).exception("System.InvalidOperationException");
                    run.error(fault.target(place.shown().as_str()))?;
                    continue;
                }
                let content = items::content_of(run.session, &place)?;
                run.write_enumerated(content)?;
                continue;
            }
            match fs::read(&place.path) {
                Ok(content) => self.show(run, &place, &content)?,
                Err(error) => run.error(read_fault(&error, &place))?,
            }
        }
        Ok(())
    }
}

fn read_fault(error: &std::io::Error, place: &Location) -> Fault {
    match error.kind() {
        std::io::ErrorKind::IsADirectory => {
            let text = format!("'{}' is a directory, which has no content.", place.shown());
            Fault::new("GetContainerContentException", text).exception("System.InvalidOperationException")
        }
        std::io::ErrorKind::PermissionDenied => files::fault(
            "GetContentReaderUnauthorizedAccessError",
            ErrorCategory::PermissionDenied,
            error,
            &place.shown(),
        ),
        _ => files::fault("GetContentReaderIOError", ErrorCategory::ReadError, error, &place.shown()),
    }
}

impl GetContent {
    /// A pattern that means nothing is an error here, though not elsewhere.
    fn check_patterns(&self, run: &mut Invocation<'_>, how: Expansion) -> Outcome<()> {
        for path in &self.path {
            if crate::value::wildcard::has_wildcard(path)
                && run.session.expand_path(path, how).is_ok_and(|found| found.is_empty())
            {
                let fault = Fault::new("ItemNotFound", format!("Nothing is found at '{path}'."))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.Management.Automation.ItemNotFoundException")
                    .target(path.as_str());
                run.error(fault)?;
            }
        }
        Ok(())
    }

    fn show(&self, run: &mut Invocation<'_>, place: &Location, content: &[u8]) -> Outcome<()> {
        if self.bytes.0 {
            return self.show_bytes(run, content);
        }
        let encoding = encoding_of(self.encoding.as_ref())?;
        let text = encoding.decode_file(content);
        if self.raw.0 {
            if text.is_empty() {
                return Ok(());
            }
            let notes = Rc::new(notes(run, place));
            return run.write(noted(text.into(), &notes, 1));
        }
        let notes = Rc::new(notes(run, place));
        match self.delimiter.as_deref().filter(|d| !d.is_empty()) {
            None => self.show_parts(run, files::lines(&text), &notes),
            Some(delimiter) => self.show_parts(
                run,
                text.split_inclusive(delimiter).map(|part| part.strip_suffix(delimiter).unwrap_or(part)),
                &notes,
            ),
        }
    }

    /// Lines, or what a delimiter parts, one by one or in bunches of `-ReadCount`.
    fn show_parts<'t>(
        &self,
        run: &mut Invocation<'_>,
        parts: impl Iterator<Item = &'t str>,
        notes: &Rc<Extension>,
    ) -> Outcome<()> {
        let limit = self.total.filter(|n| *n >= 0).map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let parts: Box<dyn Iterator<Item = (usize, &str)>> = match self.tail {
            Some(count) => {
                let all: Vec<&str> = parts.collect();
                let skip = all.len().saturating_sub(usize::try_from(count).unwrap_or(0));
                Box::new(all.into_iter().skip(skip).enumerate())
            }
            None => Box::new(parts.take(limit).enumerate()),
        };
        let bunch = self.read_count.unwrap_or(1);
        if bunch == 1 {
            for (index, part) in parts {
                run.write(noted(part.into(), notes, index as i64 + 1))?;
            }
            return Ok(());
        }
        let size = usize::try_from(bunch).ok().filter(|n| *n > 0).unwrap_or(usize::MAX);
        let mut waiting = Vec::new();
        for (_, part) in parts {
            waiting.push(Value::from(part));
            if waiting.len() == size {
                run.write(Value::array(std::mem::take(&mut waiting)))?;
            }
        }
        if waiting.is_empty() { Ok(()) } else { run.write(Value::array(waiting)) }
    }

    fn show_bytes(&self, run: &mut Invocation<'_>, content: &[u8]) -> Outcome<()> {
        let limit = self.total.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
        let skip = self.tail.map_or(0, |n| content.len().saturating_sub(usize::try_from(n).unwrap_or(0)));
        let chosen = content.iter().skip(skip).take(limit).copied();
        if self.raw.0 || self.read_count == Some(0) {
            return run.write(Value::Array(Array::bytes(chosen.collect())));
        }
        for byte in chosen {
            run.write(Value::U8(byte))?;
        }
        Ok(())
    }
}

/// The notes that every line of a file carries, but for its number.
fn notes(run: &mut Invocation<'_>, place: &Location) -> Extension {
    let mut extension = Extension::default();
    for (name, value) in objects::notes_of(run.session, place) {
        extension.members.insert(Str::from(name), Member::Note(value));
    }
    extension
}

/// A text with the notes of where it was read.
fn noted(text: Value, notes: &Rc<Extension>, number: i64) -> Value {
    let wrapped = Wrapped { base: text, extension: Default::default() };
    {
        let mut extension = wrapped.extension.make().borrow_mut();
        extension.members.clone_from(&notes.members);
        extension.members.insert(Str::from("ReadCount"), Member::Note(Value::I64(number)));
    }
    Value::Wrapped(Rc::new(wrapped))
}
