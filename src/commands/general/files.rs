//! `Get-FileHash`, `Format-Hex`, `New-TemporaryFile`, `Import-PowerShellDataFile`, `Unblock-File`.

use super::object::{encoding, file_path, io_fault, matching_paths, typed_object};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::syntax::{self, Block, CommandKind, Expr, ExprKind, PipelineKind, Statement, StatementKind, UnaryOperator};
use crate::value::encoding::TextEncoding;
use crate::value::members::library::io::FileSystemEntry;
use crate::value::{Array, ErrorCategory, Fault, Native, Outcome, Str, TypeRef, Value, enumerate, members};
use md5::Digest;
use std::fs;
use std::path::{Path, PathBuf};

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[
    &GetFileHash::SPEC,
    &FormatHex::SPEC,
    &NewTemporaryFile::SPEC,
    &ImportPowerShellDataFile::SPEC,
    &UnblockFile::SPEC,
];

cmdlet! {
    /// A file's checksum.
    pub(crate) struct GetFileHash = "Get-FileHash", class "Microsoft.PowerShell.Commands.GetFileHashCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Computes the checksum of a file.",
        examples: &[("Get-FileHash setup.zip -Algorithm SHA512", "Algorithm, Hash and Path.")],
        outputs: &["Microsoft.PowerShell.Commands.FileHashInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path")
            .sets(&[SetMembership::of("Path").mandatory().position(0).by_value().by_property()]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("LiteralPath").mandatory().by_property()]),
        input_stream: Option<Value> = ParameterSpec::new("InputStream").sets(&[SetMembership::of("StreamParameterSet")
            .mandatory()]),
        algorithm: Option<Str> = ParameterSpec::new("Algorithm").sets(&[SetMembership::of("").position(1)])
            .validate(&[Validation::Set(&["SHA1", "SHA256", "SHA384", "SHA512", "MD5"])]),
    }
    state {}
}

type Hasher = fn(&[u8]) -> String;

/// Algorithms by name.
const ALGORITHMS: [(&str, Hasher); 5] = [
    ("SHA256", |bytes| hexadecimal(&sha2::Sha256::digest(bytes))),
    ("SHA1", |bytes| hexadecimal(&sha1::Sha1::digest(bytes))),
    ("SHA384", |bytes| hexadecimal(&sha2::Sha384::digest(bytes))),
    ("SHA512", |bytes| hexadecimal(&sha2::Sha512::digest(bytes))),
    ("MD5", |bytes| hexadecimal(&md5::Md5::digest(bytes))),
];

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Files that path parameters name.
fn files(run: &mut Invocation<'_>, patterns: &[Str], literal: &[Str]) -> Outcome<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for pattern in patterns {
        paths.extend(matching_paths(run.session, pattern)?);
    }
    paths.extend(literal.iter().map(|path| file_path(run.session, path)));
    Ok(paths)
}

fn not_found(path: &Path) -> Fault {
    Fault::new("FileNotFound", format!("There is no file '{}'.", path.display()))
        .exception("System.Management.Automation.ItemNotFoundException")
        .category(ErrorCategory::ObjectNotFound)
        .target(path.to_string_lossy().as_ref())
}

impl Cmdlet for GetFileHash {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let wanted = self.algorithm.as_deref().unwrap_or("SHA256");
        let Some((name, hash)) = ALGORITHMS.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)) else {
            return Ok(());
        };
        let made = |bytes: &[u8], path: Value| {
            let properties =
                vec![("Algorithm", Value::from(*name)), ("Hash", Value::from(hash(bytes))), ("Path", path)];
            Value::Object(typed_object(TypeRef::FILE_HASH_INFO, properties))
        };
        if let Some(stream) = &self.input_stream {
            let bytes = crate::value::members::library::io::read_to_end(stream)?;
            return run.write(made(&bytes, Value::Null));
        }
        for path in files(run, &self.path, &self.literal_path)? {
            match fs::read(&path) {
                Ok(bytes) => run.write(made(&bytes, Value::from(path.to_string_lossy().as_ref())))?,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => run.error(not_found(&path))?,
                Err(_) if path.is_dir() => {}
                Err(error) => run.error(io_fault(&error, &path))?,
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// Bytes in hexadecimal.
    pub(crate) struct FormatHex = "Format-Hex", class "Microsoft.PowerShell.Commands.FormatHex", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows bytes in hexadecimal, sixteen to a line.",
        examples: &[("'AB' | Format-Hex", "One line of bytes.")], outputs: &["Microsoft.PowerShell.Commands.ByteCollection"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("Path").mandatory().position(0)]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("LiteralPath").mandatory()]),
        input_object: Value = ParameterSpec::new("InputObject")
            .sets(&[SetMembership::of("ByInputObject").mandatory().by_value()]),
        encoding: Option<Value> = ParameterSpec::new("Encoding"),
        count: Option<i64> = ParameterSpec::new("Count").validate(&[Validation::Range(1.0, 9_223_372_036_854_775_807.0)]),
        offset: Option<i64> = ParameterSpec::new("Offset").validate(&[Validation::Range(0.0, 9_223_372_036_854_775_807.0)]),
        raw: Switch = ParameterSpec::new("Raw"),
    }
    state { bytes: Vec<u8> }
}

const BYTES_PER_LINE: usize = 16;

impl Cmdlet for FormatHex {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.path.is_empty() && self.literal_path.is_empty() {
            let value = std::mem::take(&mut self.input_object);
            return self.object(run, &value);
        }
        for path in files(run, &self.path, &self.literal_path)? {
            match fs::read(&path) {
                Ok(bytes) => self.show(run, &bytes, &format!("{}", path.display()))?,
                Err(error) => run.error(io_fault(&error, &path))?,
            }
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let bytes = std::mem::take(&mut self.bytes);
        if bytes.is_empty() { Ok(()) } else { self.show(run, &bytes, "") }
    }
}

impl FormatHex {
    /// Single bytes are collected to whole lines; everything else is shown on its own.
    fn object(&mut self, run: &mut Invocation<'_>, value: &Value) -> Outcome<()> {
        match value {
            Value::U8(byte) => {
                self.bytes.push(*byte);
                Ok(())
            }
            Value::Str(text) => {
                let encoding = self.encoding.as_ref().map_or(Ok(TextEncoding::Utf8), encoding)?;
                let bytes = encoding.encode(text);
                self.show(run, &bytes, "")
            }
            Value::I32(number) => self.show(run, &number.to_le_bytes(), ""),
            Value::I64(number) => self.show(run, &number.to_le_bytes(), ""),
            Value::F64(number) => self.show(run, &number.to_le_bytes(), ""),
            Value::Native(native) if native.downcast::<FileSystemEntry>().is_some() => {
                let path =
                    native.downcast::<FileSystemEntry>().map(|entry| entry.path().to_path_buf()).unwrap_or_default();
                let bytes = fs::read(&path).map_err(|error| io_fault(&error, &path))?;
                self.show(run, &bytes, &path.to_string_lossy())
            }
            other => match enumerate(other) {
                Some(items) => items.iter().try_for_each(|item| self.object(run, item)),
                None => Ok(()),
            },
        }
    }

    fn show(&self, run: &mut Invocation<'_>, bytes: &[u8], path: &str) -> Outcome<()> {
        let skipped = self.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
        let count = self.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
        let rest = bytes.get(skipped..).unwrap_or_default();
        let shown = rest.get(..count.min(rest.len())).unwrap_or_default();
        for (index, line) in shown.chunks(BYTES_PER_LINE).enumerate() {
            run.write(byte_collection((skipped + index * BYTES_PER_LINE) as u64, line, path))?;
        }
        Ok(())
    }
}

fn byte_collection(offset: u64, bytes: &[u8], path: &str) -> Value {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let ascii: String = bytes.iter().map(|byte| shown_character(*byte)).collect();
    let array = Array::bytes(bytes.to_vec());
    // A full line of what is no file's ends in a line break, so that the next follows below.
    let end = if bytes.len().is_multiple_of(16) && path.is_empty() { "\n" } else { "" };
    let line = format!("{offset:016X}   {:<48} {ascii:<16}{end}", hex.join(" "));
    let made = typed_object(
        TypeRef::BYTE_COLLECTION,
        vec![
            ("Offset64", Value::U64(offset)),
            ("Offset", Value::U32(offset as u32)),
            ("Bytes", Value::Array(array)),
            ("Path", if path.is_empty() { Value::Null } else { Value::from(path) }),
            ("HexOffset", Value::from(format!("{offset:016X}"))),
            ("HexBytes", Value::from(hex.join(" "))),
            ("Ascii", Value::from(ascii)),
        ],
    );
    let made = Value::Object(made);
    members::set_own_text(&made, line);
    made
}

fn shown_character(byte: u8) -> char {
    match byte {
        0 => ' ',
        byte if char::from(byte).is_control() => '\u{fffd}',
        byte => char::from(byte),
    }
}

cmdlet! {
    /// An empty file of a name of its own.
    pub(crate) struct NewTemporaryFile = "New-TemporaryFile", class "Microsoft.PowerShell.Commands.NewTemporaryFileCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Makes an empty temporary file.", examples: &[], outputs: &["System.IO.FileInfo"],
    }
    parameters {}
    state {}
}

impl Cmdlet for NewTemporaryFile {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let folder = std::env::temp_dir();
        if !run.should_process(&folder.to_string_lossy(), "New-TemporaryFile")? {
            return Ok(());
        }
        loop {
            let name = uuid::Uuid::new_v4().simple().to_string();
            let path = folder.join(format!("tmp{}.tmp", name.get(..6).unwrap_or("")));
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => return run.write(Native::value(FileSystemEntry::file(path))),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return io_fault(&error, &path).err(),
            }
        }
    }
}

cmdlet! {
    /// A file with one hashtable of constants.
    pub(crate) struct ImportPowerShellDataFile = "Import-PowerShellDataFile", class "Microsoft.PowerShell.Commands.ImportPowerShellDataFileCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("ByPath"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads a data file (.psd1) without running anything.",
        examples: &[("Import-PowerShellDataFile settings.psd1", "A hashtable.")], outputs: &["System.Collections.Hashtable"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("ByPath").mandatory().position(0)]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("ByLiteralPath").mandatory().by_property()]),
        skip_limit: Switch = ParameterSpec::new("SkipLimitCheck"),
    }
    state {}
}

impl Cmdlet for ImportPowerShellDataFile {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for path in files(run, &self.path, &self.literal_path)? {
            match self.read(run, &path)? {
                Ok(table) => run.write(table)?,
                Err(fault) => run.error(fault)?,
            }
        }
        Ok(())
    }
}

impl ImportPowerShellDataFile {
    fn read(&self, run: &mut Invocation<'_>, path: &Path) -> Outcome<Result<Value, Fault>> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(io_fault(&error, path))),
        };
        let text = TextEncoding::Utf8.decode_file(&bytes);
        let parsed = syntax::parse(&syntax::Source::file(path.to_string_lossy().as_ref(), text));
        let broken = |id: &'static str, why: &str| {
            Fault::new(id, format!("'{}' is not a data file: {why}.", path.display()))
                .exception("System.InvalidOperationException")
                .category(ErrorCategory::InvalidData)
                .target(path.to_string_lossy().as_ref())
        };
        if !parsed.errors.is_empty() {
            return Ok(Err(broken("CouldNotParseAsPowerShellDataFile", "it has syntax errors")));
        }
        let root = parsed.ast.end.as_ref().and_then(only_expression);
        let Some(Expr { kind: ExprKind::Hashtable(_), .. }) = root else {
            return Ok(Err(broken("CouldNotParseAsPowerShellDataFileNoHashtableRoot", "it must hold one hashtable")));
        };
        if !root.is_some_and(is_data) {
            let why = "it may hold constants only, no commands, variables or expressions";
            return Ok(Err(broken("System.InvalidOperationException", why)));
        }
        run.session.manifest_data(path).map(|table| Ok(Value::Hashtable(table)))
    }
}

/// The expression that a block consists of.
fn only_expression(block: &Block) -> Option<&Expr> {
    match block.statements.as_slice() {
        [statement] => expression_of(statement),
        _ => None,
    }
}

fn expression_of(statement: &Statement) -> Option<&Expr> {
    let StatementKind::Pipeline(chain) = &statement.kind else { return None };
    if !chain.rest.is_empty() {
        return None;
    }
    let PipelineKind::Commands(commands) = &chain.first.kind else { return None };
    match commands.as_slice() {
        [command] => match &command.kind {
            CommandKind::Expression(expression) => Some(expression),
            CommandKind::Invocation { .. } => None,
        },
        _ => None,
    }
}

/// Variables that data may name.
const CONSTANTS: [&str; 6] = ["true", "false", "null", "PSScriptRoot", "PSCulture", "PSUICulture"];

fn is_data(expression: &Expr) -> bool {
    let statement_is_data = |statement: &Statement| expression_of(statement).is_some_and(is_data);
    match &expression.kind {
        ExprKind::Number(_) | ExprKind::String(..) => true,
        ExprKind::Variable(variable) => {
            variable.scope.is_none() && CONSTANTS.iter().any(|name| name.eq_ignore_ascii_case(&variable.name))
        }
        ExprKind::Array(items) => items.iter().all(is_data),
        ExprKind::ArraySubexpression(block) => block.statements.iter().all(statement_is_data),
        ExprKind::Paren(statement) => statement_is_data(statement),
        ExprKind::Hashtable(entries) => entries.iter().all(|(key, value)| is_data(key) && statement_is_data(value)),
        ExprKind::Unary(UnaryOperator::Minus | UnaryOperator::Plus, operand) => is_data(operand),
        ExprKind::ScriptBlock(_) => true,
        _ => false,
    }
}

cmdlet! {
    /// Takes the mark of a downloaded file away; such marks do not exist here.
    pub(crate) struct UnblockFile = "Unblock-File", class "Microsoft.PowerShell.Commands.UnblockFileCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("ByPath"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Takes the mark of a downloaded file away.", examples: &[], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("ByPath").mandatory().position(0)]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("ByLiteralPath").mandatory().by_property()]),
    }
    state {}
}

impl Cmdlet for UnblockFile {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for path in files(run, &self.path, &self.literal_path)? {
            if !path.exists() {
                run.error(not_found(&path))?;
            }
        }
        Ok(())
    }
}
