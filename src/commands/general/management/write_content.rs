//! `Set-`, `Add-` and `Clear-Content`.

use super::content::encoding_of;
use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Location, Provider, files, items};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::encoding::TextEncoding;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, convert, enumerate};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read, Write};

const TARGET: &[SetMembership] = &[SetMembership::of("Path").mandatory().position(0).by_property()];
const VALUE: &[SetMembership] = &[SetMembership::of("").mandatory().position(1).by_value().by_property()];

/// What is open while objects come in.
#[derive(Default)]
pub(crate) struct Open {
    files: Vec<(BufWriter<File>, Location, TextEncoding)>,
    /// Items that are not files, with what they are to hold.
    others: Vec<(Location, Vec<Value>)>,
    begun: bool,
}

/// How text is written.
struct Manner {
    append: bool,
    encoding: Option<TextEncoding>,
    no_newline: bool,
    bytes: bool,
    /// `-Include` with `-Exclude`, and `-Filter`: a target must pass both.
    sieves: [Sieve; 2],
}

impl Open {
    /// Opens the targets with the first object.
    fn begin(
        &mut self,
        run: &mut Invocation<'_>,
        path: &[Str],
        literal: &[Str],
        force: bool,
        manner: &Manner,
    ) -> Outcome<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let how = Expansion { may_miss: true, force, ..Expansion::default() };
        let action = if manner.append { "Add Content" } else { "Set Content" };
        for place in places(run, path, literal, how)? {
            let name = leaf(&place);
            if !manner.sieves.iter().all(|sieve| sieve.passes(&name)) {
                continue;
            }
            if !run.should_process(&format!("Path: {}", place.shown()), action)? {
                continue;
            }
            if place.drive.provider != Provider::FileSystem {
                self.others.push((place, Vec::new()));
                continue;
            }
            if force && files::is_read_only(&place.path) {
                files::make_writable(&place.path)?;
            }
            match open(&place, manner) {
                Ok((file, encoding)) => self.files.push((BufWriter::new(file), place, encoding)),
                Err(error) => run.error(files::write_fault(&error, &place.path))?,
            }
        }
        Ok(())
    }

    fn write(&mut self, run: &mut Invocation<'_>, value: &Value, manner: &Manner) -> Outcome<()> {
        let items = match value {
            Value::Null | Value::Nothing => Vec::new(),
            Value::Str(_) => vec![value.clone()],
            value => enumerate(value).unwrap_or_else(|| vec![value.clone()]),
        };
        for item in items {
            for (file, place, encoding) in &mut self.files {
                let bytes = item_bytes(run, &item, manner, *encoding)?;
                file.write_all(&bytes).map_err(|error| files::write_fault(&error, &place.path))?;
            }
            for (_, values) in &mut self.others {
                values.push(item.clone());
            }
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for (mut file, place, _) in self.files.drain(..) {
            file.flush().map_err(|error| files::write_fault(&error, &place.path))?;
        }
        for (place, mut values) in self.others.drain(..) {
            let value = if values.len() == 1 { values.remove(0) } else { Value::array(values) };
            items::set_value(run.session, &place, value)?;
        }
        Ok(())
    }
}

/// Opens a file for writing. What is appended without `-Encoding` is written as the file's mark says.
fn open(place: &Location, manner: &Manner) -> std::io::Result<(File, TextEncoding)> {
    let known = if manner.append && manner.encoding.is_none() { marked_encoding(&place.path) } else { None };
    let encoding = manner.encoding.or(known).unwrap_or(TextEncoding::Utf8);
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(manner.append).truncate(!manner.append);
    let mut file = options.open(&place.path)?;
    if file.metadata()?.len() == 0 && !manner.bytes {
        file.write_all(encoding.preamble())?;
    }
    Ok((file, encoding))
}

/// The encoding that the first bytes of a file tell.
fn marked_encoding(path: &str) -> Option<TextEncoding> {
    let mut start = [0; 4];
    let count = File::open(path).and_then(|mut file| file.read(&mut start)).ok()?;
    TextEncoding::detect(start.get(..count)?).map(|(encoding, _)| encoding)
}

fn item_bytes(run: &mut Invocation<'_>, item: &Value, manner: &Manner, encoding: TextEncoding) -> Outcome<Vec<u8>> {
    if manner.bytes {
        return match item {
            Value::U8(byte) => Ok(vec![*byte]),
            other => match convert::to(run.session, other, crate::value::TypeRef::BYTE) {
                Ok(Value::U8(byte)) => Ok(vec![byte]),
                _ => Fault::new("ByteStreamNotBytes", "-AsByteStream takes bytes.")
                    .category(ErrorCategory::InvalidArgument)
                    .exception("System.Management.Automation.PSArgumentException")
                    .err(),
            },
        };
    }
    let mut text = crate::format::object::own_text(run.session, item)?.to_string();
    if !manner.no_newline {
        text.push('\n');
    }
    Ok(encoding.encode(&text))
}

/// `Set-Content` and `Add-Content` differ in one word.
macro_rules! content_writer {
    ($name:ident, $verb_noun:literal, $class:literal, $append:literal, $synopsis:literal) => {
        cmdlet! {
            #[doc = concat!("`", $verb_noun, "`.")]
            pub(crate) struct $name = $verb_noun, class $class, module "Microsoft.PowerShell.Management" {
                default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
                synopsis: $synopsis, examples: &[], outputs: &[],
            }
            parameters {
                path: Vec<Str> = ParameterSpec::new("Path").sets(TARGET),
                literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
                value: Value = ParameterSpec::new("Value").allow_null().allow_empty().sets(VALUE),
                pass_thru: Switch = ParameterSpec::new("PassThru"),
                filter: Option<Str> = ParameterSpec::new("Filter"),
                include: Vec<Str> = ParameterSpec::new("Include"),
                exclude: Vec<Str> = ParameterSpec::new("Exclude"),
                force: Switch = ParameterSpec::new("Force"),
                no_newline: Switch = ParameterSpec::new("NoNewline"),
                encoding: Option<Value> = ParameterSpec::new("Encoding"),
                bytes: Switch = ParameterSpec::new("AsByteStream"),
            }
            state { open: Open }
        }

        impl Cmdlet for $name {
            fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                let manner = Manner {
                    append: $append,
                    encoding: self.encoding.as_ref().map(|given| encoding_of(Some(given))).transpose()?,
                    no_newline: self.no_newline.0,
                    bytes: self.bytes.0,
                    sieves: [Sieve::new(&self.include, &self.exclude)?, Sieve::new(self.filter.as_slice(), &[])?],
                };
                self.open.begin(run, &self.path, &self.literal, self.force.0, &manner)?;
                self.open.write(run, &self.value, &manner)?;
                if self.pass_thru.0 {
                    run.write_enumerated(self.value.clone())?;
                }
                Ok(())
            }

            fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
                self.open.end(run)
            }
        }
    };
}

content_writer!(
    SetContent,
    "Set-Content",
    "Microsoft.PowerShell.Commands.SetContentCommand",
    false,
    "Writes a file anew, a line for each object."
);
content_writer!(
    AddContent,
    "Add-Content",
    "Microsoft.PowerShell.Commands.AddContentCommand",
    true,
    "Adds lines to the end of a file."
);

cmdlet! {
    /// `Clear-Content`.
    pub(crate) struct ClearContent = "Clear-Content", class "Microsoft.PowerShell.Commands.ClearContentCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Empties a file, which stays.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for ClearContent {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        for place in places(run, &self.path, &self.literal, how)? {
            if !run.should_process(&format!("Item: {}", place.shown()), "Clear Content")? {
                continue;
            }
            if place.drive.provider != Provider::FileSystem {
                items::set_value(run.session, &place, Value::Null)?;
            } else if let Err(error) = OpenOptions::new().write(true).truncate(true).open(&place.path) {
                run.error(files::fault("ClearContentIOError", ErrorCategory::WriteError, &error, &place.shown()))?;
            }
        }
        Ok(())
    }
}
