//! `Out-Default`, `Out-Host`, `Out-String`, `Out-Null`, `Out-File` and `Tee-Object`: where objects end as lines.

use super::object::{encoding, file_path, io_fault};
use crate::cmdlet;
use crate::format::style::Accents;
use crate::format::{Formatter, Layout, LineSink};
use crate::runtime::cmdlet::Switch;
use crate::runtime::native::Bytes;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Slot, Symbol, display,
};
use crate::value::encoding::TextEncoding;
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, enumerate};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&OutDefault::SPEC, &OutHost::SPEC, &OutString::SPEC, &OutNull::SPEC, &OutFile::SPEC, &TeeObject::SPEC];

const INPUT: ParameterSpec = ParameterSpec::new("InputObject").sets(&[SetMembership::of("").by_value()]).allow_null();

fn item(run: &Invocation<'_>, input: &Option<Value>) -> Option<Value> {
    if run.expects_input() { run.object.cloned() } else { input.clone() }
}

fn formatter(run: &mut Invocation<'_>, width: Option<i32>) -> Formatter {
    let width = width.and_then(|width| usize::try_from(width).ok()).unwrap_or_else(|| run.session.host.width());
    Formatter::new(
        display::settings(run.session),
        Layout { width, live: false, accents: Accents::of_text(run.session) },
    )
}

cmdlet! {
    /// `Out-Default`.
    pub(crate) struct OutDefault = "Out-Default", class "Microsoft.PowerShell.Commands.OutDefaultCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows objects where output is shown by default.",
        examples: &[("'text' | Out-Default", "text\n")], outputs: &[],
    }
    parameters {
        transcript: Switch = ParameterSpec::new("Transcript"),
        input: Option<Value> = INPUT,
    }
    state { formatter: Option<Formatter> }
}

cmdlet! {
    /// `Out-Host`.
    pub(crate) struct OutHost = "Out-Host", class "Microsoft.PowerShell.Commands.OutHostCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows objects at the host.",
        examples: &[("1, 2 | Out-Host", "1\n2\n")], outputs: &[],
    }
    parameters {
        paging: Switch = ParameterSpec::new("Paging"),
        input: Option<Value> = INPUT,
    }
    state { formatter: Option<Formatter> }
}

fn host_begin(run: &mut Invocation<'_>) -> Formatter {
    Formatter::new(display::settings(run.session), display::layout(run.session))
}

fn host_process(run: &mut Invocation<'_>, formatter: &mut Option<Formatter>, value: Option<Value>) -> Outcome<()> {
    let (Some(formatter), Some(value)) = (formatter, value) else { return Ok(()) };
    let mut lines = String::new();
    let result = formatter.process(run.session, &value, &mut lines);
    run.session.host_text(&lines);
    result
}

fn host_end(run: &mut Invocation<'_>, formatter: &mut Option<Formatter>) -> Outcome<()> {
    let Some(mut formatter) = formatter.take() else { return Ok(()) };
    let mut lines = String::new();
    let result = formatter.finish(&mut lines);
    run.session.host_text(&lines);
    result
}

impl Cmdlet for OutDefault {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.formatter = Some(host_begin(run));
        Ok(())
    }
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = item(run, &self.input);
        host_process(run, &mut self.formatter, value)
    }
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        host_end(run, &mut self.formatter)
    }
}

impl Cmdlet for OutHost {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.formatter = Some(host_begin(run));
        Ok(())
    }
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = item(run, &self.input);
        host_process(run, &mut self.formatter, value)
    }
    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        host_end(run, &mut self.formatter)
    }
}

cmdlet! {
    /// `Out-Null`.
    pub(crate) struct OutNull = "Out-Null", class "Microsoft.PowerShell.Commands.OutNullCommand", module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Drops objects.",
        examples: &[("1, 2 | Out-Null", "")], outputs: &[],
    }
    parameters { input: Option<Value> = INPUT }
    state {}
}

impl Cmdlet for OutNull {}

cmdlet! {
    /// `Out-String`.
    pub(crate) struct OutString = "Out-String", class "Microsoft.PowerShell.Commands.OutStringCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("NoNewLineFormatting"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives what would be shown as text.",
        examples: &[("(1, 2 | Out-String).Length", "4\n")], outputs: &["System.String"],
    }
    parameters {
        stream: Switch = ParameterSpec::new("Stream").sets(&[SetMembership::of("StreamFormatting")]),
        width: Option<i32> = ParameterSpec::new("Width").validate(&[crate::runtime::Validation::Range(2.0, 2_147_483_647.0)]),
        no_newline: Switch = ParameterSpec::new("NoNewline").sets(&[SetMembership::of("NoNewLineFormatting")]),
        input: Option<Value> = INPUT,
    }
    state { formatter: Option<Formatter>, lines: TextLines }
}

/// Lines joined into one text.
#[derive(Default)]
struct TextLines {
    text: String,
    no_newline: bool,
}

impl LineSink for TextLines {
    fn line(&mut self, text: &str) -> Outcome<()> {
        self.text.push_str(text);
        if !self.no_newline {
            self.text.push('\n');
        }
        Ok(())
    }
}

impl Cmdlet for OutString {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.lines.no_newline = self.no_newline.0;
        self.formatter = Some(formatter(run, self.width));
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (Some(value), Some(formatter)) = (item(run, &self.input), &mut self.formatter) else { return Ok(()) };
        if !self.stream.0 {
            return formatter.process(run.session, &value, &mut self.lines);
        }
        let mut lines = Vec::new();
        let result = formatter.process(run.session, &value, &mut lines);
        lines.into_iter().try_for_each(|line| run.write(Value::from(line)))?;
        result
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(mut formatter) = self.formatter.take() else { return Ok(()) };
        if self.stream.0 {
            let mut lines = Vec::new();
            formatter.finish(&mut lines)?;
            return lines.into_iter().try_for_each(|line| run.write(Value::from(line)));
        }
        formatter.finish(&mut self.lines)?;
        run.write(Value::from(std::mem::take(&mut self.lines.text)))
    }
}

cmdlet! {
    /// `Out-File`.
    pub(crate) struct OutFile = "Out-File", class "Microsoft.PowerShell.Commands.OutFileCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("ByPath"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Writes what would be shown to a file.",
        examples: &[("1, 2 | Out-File list.txt; (Get-Content list.txt).Count", "2\n")], outputs: &[],
    }
    parameters {
        file_path: Option<Str> = ParameterSpec::new("FilePath").alias(&["Path"]).sets(&[SetMembership::of("ByPath").mandatory().position(0)]),
        literal_path: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[SetMembership::of("ByLiteralPath").mandatory().by_property()]),
        encoding: Option<Value> = ParameterSpec::new("Encoding").sets(&[SetMembership::of("").position(1)]),
        append: Switch = ParameterSpec::new("Append"),
        force: Switch = ParameterSpec::new("Force"),
        no_clobber: Switch = ParameterSpec::new("NoClobber").alias(&["NoOverwrite"]),
        width: Option<i32> = ParameterSpec::new("Width").validate(&[crate::runtime::Validation::Range(2.0, 2_147_483_647.0)]),
        no_newline: Switch = ParameterSpec::new("NoNewline"),
        input: Option<Value> = INPUT,
    }
    state { formatter: Option<Formatter>, lines: TextLines, file: Option<LineFile> }
}

/// A file that text is written to.
struct LineFile {
    path: PathBuf,
    encoding: TextEncoding,
    writer: BufWriter<File>,
}

impl LineFile {
    fn open(path: PathBuf, encoding: TextEncoding, append: bool, no_clobber: bool) -> Outcome<Self> {
        if no_clobber && path.exists() {
            let message = format!("'{}' exists already, and -NoClobber keeps it as it is", path.display());
            return Fault::new("NoClobber", message)
                .category(ErrorCategory::ResourceExists)
                .exception("System.IO.IOException")
                .target(path.to_string_lossy().as_ref())
                .err();
        }
        let opened = OpenOptions::new().create(true).write(true).append(append).truncate(!append).open(&path);
        let file = opened.map_err(|error| io_fault(&error, &path))?;
        let is_new = file.metadata().map_or(true, |meta| meta.len() == 0);
        let mut made = LineFile { path, encoding, writer: BufWriter::new(file) };
        if is_new {
            made.bytes(encoding.preamble())?;
        }
        Ok(made)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Outcome<()> {
        Ok(self.writer.write_all(bytes).map_err(|error| io_fault(&error, &self.path))?)
    }

    fn text(&mut self, text: &str) -> Outcome<()> {
        if matches!(self.encoding, TextEncoding::Utf8) {
            return self.bytes(text.as_bytes());
        }
        let bytes = self.encoding.encode(text);
        self.bytes(&bytes)
    }

    fn close(mut self) -> Outcome<()> {
        Ok(self.writer.flush().map_err(|error| io_fault(&error, &self.path))?)
    }
}

impl OutFile {
    fn write_lines(&mut self) -> Outcome<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.text(&self.lines.text)?;
        self.lines.text.clear();
        Ok(())
    }
}

impl Cmdlet for OutFile {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(path) = self.file_path.as_ref().or(self.literal_path.as_ref()) else { return Ok(()) };
        let path = file_path(run.session, path);
        if !run.should_process(&path.to_string_lossy(), "Output to File")? {
            return Ok(());
        }
        let encoding = match &self.encoding {
            Some(named) => encoding(named)?,
            None => TextEncoding::Utf8,
        };
        self.lines.no_newline = self.no_newline.0;
        self.formatter = Some(formatter(run, self.width));
        self.file = Some(LineFile::open(path, encoding, self.append.0, self.no_clobber.0)?);
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let (Some(value), Some(formatter)) = (item(run, &self.input), &mut self.formatter) else { return Ok(()) };
        if let (Some(bytes), Some(file)) = (Bytes::of(&value), &mut self.file) {
            return file.bytes(bytes);
        }
        let result = formatter.process(run.session, &value, &mut self.lines);
        self.write_lines()?;
        result
    }

    fn end(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(mut formatter) = self.formatter.take() {
            formatter.finish(&mut self.lines)?;
        }
        self.write_lines()?;
        self.file.take().map_or(Ok(()), LineFile::close)
    }
}

cmdlet! {
    /// `Tee-Object`.
    pub(crate) struct TeeObject = "Tee-Object", class "Microsoft.PowerShell.Commands.TeeObjectCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("File"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Passes objects on, and keeps them in a file or a variable as well.",
        examples: &[("1, 2 | Tee-Object -Variable seen | Out-Null; $seen.Count", "2\n")], outputs: &[],
    }
    parameters {
        input: Option<Value> = INPUT,
        file_path: Option<Str> = ParameterSpec::new("FilePath").alias(&["Path"]).sets(&[SetMembership::of("File").mandatory().position(0)]),
        literal_path: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[SetMembership::of("LiteralFile").mandatory()]),
        append: Switch = ParameterSpec::new("Append"),
        encoding: Option<Value> = ParameterSpec::new("Encoding").sets(&[SetMembership::of("File"), SetMembership::of("LiteralFile")]),
        variable: Option<Str> = ParameterSpec::new("Variable").sets(&[SetMembership::of("Variable").mandatory()]),
    }
    state { formatter: Option<Formatter>, lines: TextLines, file: Option<LineFile>, kept: Vec<Value> }
}

impl Cmdlet for TeeObject {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let (Some(name), true) = (&self.variable, self.append.0) {
            let before = run.session.variable(Symbol::new(name)).filter(|value| !value.is_null());
            self.kept = before.map(|value| enumerate(&value).unwrap_or_else(|| vec![value])).unwrap_or_default();
        }
        let Some(path) = self.file_path.as_ref().or(self.literal_path.as_ref()) else { return Ok(()) };
        let encoding = match &self.encoding {
            Some(named) => encoding(named)?,
            None => TextEncoding::Utf8,
        };
        self.file = Some(LineFile::open(file_path(run.session, path), encoding, self.append.0, false)?);
        self.formatter = Some(formatter(run, None));
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(value) = item(run, &self.input) else { return Ok(()) };
        if let Some(formatter) = &mut self.formatter {
            formatter.process(run.session, &value, &mut self.lines)?;
        }
        if self.variable.is_some() {
            self.kept.push(value.clone());
        }
        run.write(value)
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(name) = &self.variable {
            let mut kept = std::mem::take(&mut self.kept);
            let value = if kept.len() < 2 { kept.pop().unwrap_or_default() } else { Value::array(kept) };
            let slot = run.context.caller.layout.slot(Symbol::new(name));
            run.context.caller.put_slot(slot, Slot::Plain(value));
        }
        if let Some(mut formatter) = self.formatter.take() {
            formatter.finish(&mut self.lines)?;
        }
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.text(&self.lines.text)?;
        file.close()
    }
}
