//! `Get-Content`.

use super::{LITERAL_ALIASES, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, files, items, objects};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::encoding::{TextEncoding, TextReader};
use crate::value::{Array, ErrorCategory, ExtensionSlot, Fault, Outcome, SeriesNotes, Str, Value, Wrapped};
use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read, Seek};
use std::rc::Rc;

cmdlet! {
    /// `Get-Content`.
    pub(crate) struct GetContent = "Get-Content", class "Microsoft.PowerShell.Commands.GetContentCommand",
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
            let shown = match fs::File::open(&place.path) {
                Ok(file) => self.show(run, &place, file)?,
                Err(error) => Err(error),
            };
            if let Err(error) = shown {
                run.error(read_fault(&error, &place))?;
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

    /// Writes what a file holds. An error of the system is the file's, not the command's.
    fn show(&self, run: &mut Invocation<'_>, place: &Location, file: fs::File) -> Outcome<io::Result<()>> {
        if self.bytes.0 {
            return self.show_bytes(run, file);
        }
        let mut reader = TextReader::new(file, encoding_of(self.encoding.as_ref())?);
        let notes = notes(run, place);
        if self.raw.0 {
            let text = match reader.rest() {
                Ok(text) => Value::from(text),
                Err(error) => return Ok(Err(error)),
            };
            let empty = matches!(&text, Value::Str(text) if text.is_empty());
            return if empty { Ok(Ok(())) } else { run.write(noted(text, &notes, 1)).map(Ok) };
        }
        let delimiter = self.delimiter.as_deref().filter(|d| !d.is_empty());
        let limit = self.total.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let mut parts = Parts { reader, delimiter, left: limit };
        match self.tail {
            Some(count) => self.show_tail(run, &mut parts, usize::try_from(count).unwrap_or(0), &notes),
            None => self.show_parts(run, || parts.next(), &notes),
        }
    }

    /// The last lines alone: never more than those are kept.
    fn show_tail(
        &self,
        run: &mut Invocation<'_>,
        parts: &mut Parts<'_>,
        count: usize,
        notes: &Rc<SeriesNotes>,
    ) -> Outcome<io::Result<()>> {
        let mut last = VecDeque::new();
        loop {
            match parts.next() {
                Ok(Some(part)) => last.push_back(part),
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            }
            if last.len() > count {
                last.pop_front();
            }
        }
        self.show_parts(run, || Ok(last.pop_front()), notes)
    }

    /// Lines, or what a delimiter parts, one by one or in bunches of `-ReadCount`.
    fn show_parts(
        &self,
        run: &mut Invocation<'_>,
        mut next: impl FnMut() -> io::Result<Option<Value>>,
        notes: &Rc<SeriesNotes>,
    ) -> Outcome<io::Result<()>> {
        let bunch = self.read_count.unwrap_or(1);
        let size = usize::try_from(bunch).ok().filter(|n| *n > 0).unwrap_or(usize::MAX);
        let mut waiting = Vec::new();
        let mut number = 0;
        loop {
            match next() {
                Ok(Some(part)) if bunch == 1 => {
                    number += 1;
                    run.write(noted(part, notes, number))?;
                }
                Ok(Some(part)) => {
                    waiting.push(part);
                    if waiting.len() == size {
                        run.write(Value::array(std::mem::take(&mut waiting)))?;
                    }
                }
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        if waiting.is_empty() { Ok(Ok(())) } else { run.write(Value::array(waiting)).map(Ok) }
    }

    fn show_bytes(&self, run: &mut Invocation<'_>, mut file: fs::File) -> Outcome<io::Result<()>> {
        let limit = self.total.and_then(|n| u64::try_from(n).ok()).unwrap_or(u64::MAX);
        if let Some(count) = self.tail {
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            let skip = length.saturating_sub(u64::try_from(count).unwrap_or(0));
            if let Err(error) = file.seek(io::SeekFrom::Start(skip)) {
                return Ok(Err(error));
            }
        }
        let mut chosen = io::BufReader::new(file).take(limit);
        if self.raw.0 || self.read_count == Some(0) {
            let mut all = Vec::new();
            return match chosen.read_to_end(&mut all) {
                Ok(_) => run.write(Value::Array(Array::bytes(all))).map(Ok),
                Err(error) => Ok(Err(error)),
            };
        }
        for byte in chosen.bytes() {
            match byte {
                Ok(byte) => run.write(Value::U8(byte))?,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }
}

/// What is read of a file, part by part.
struct Parts<'d> {
    reader: TextReader<fs::File>,
    delimiter: Option<&'d str>,
    /// How many parts are still wanted.
    left: usize,
}

impl Parts<'_> {
    fn next(&mut self) -> io::Result<Option<Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let part = match self.delimiter {
            None => self.reader.line(),
            Some(delimiter) => self.reader.part(delimiter),
        };
        part.map(|part| part.map(Value::from))
    }
}

/// The notes that every line of a file carries.
fn notes(run: &mut Invocation<'_>, place: &Location) -> Rc<SeriesNotes> {
    let shared = objects::notes_of(run.session, place).into_iter().map(|(name, value)| (Str::from(name), value));
    Rc::new(SeriesNotes { shared: shared.collect(), number: Str::from("ReadCount") })
}

/// A text with the notes of where it was read.
fn noted(text: Value, notes: &Rc<SeriesNotes>, number: i64) -> Value {
    let extension = ExtensionSlot::in_series(notes.clone(), number);
    Value::Wrapped(Rc::new(Wrapped { base: text, extension }))
}
