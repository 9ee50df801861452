//! `Start-Transcript` and `Stop-Transcript`: what the host shows, kept in a file as well. What programs write to the
//! terminal by themselves does not pass the host and is not kept.

use super::object::{file_path, io_fault};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Host, Invocation, NoHost, ParameterSpec, Progress, SetMembership, Validation,
};
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, Str, Value};
use std::any::Any;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&StartTranscript::SPEC, &StopTranscript::SPEC];

/// A host that keeps in a file what it shows.
struct Recorder {
    inner: Option<Box<dyn Host>>,
    file: File,
    path: PathBuf,
}

impl Recorder {
    fn keep(&mut self, text: &str) {
        // The session goes on where the file cannot be written any more.
        let _ = self.file.write_all(text.as_bytes());
    }

    fn answer(&mut self, prompt: &str, line: Option<&str>) {
        self.keep(&format!("{prompt}{}\n", line.unwrap_or_default()));
    }
}

impl Host for Recorder {
    fn write(&mut self, text: &str) {
        self.keep(text);
        if let Some(inner) = &mut self.inner {
            inner.write(text);
        }
    }
    fn write_error(&mut self, text: &str) {
        self.keep(text);
        if let Some(inner) = &mut self.inner {
            inner.write_error(text);
        }
    }
    fn flush(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.flush();
        }
    }
    fn read_line(&mut self, prompt: &str) -> Option<String> {
        let line = self.inner.as_mut().and_then(|inner| inner.read_line(prompt));
        self.answer(prompt, line.as_deref());
        line
    }
    fn read_secret(&mut self, prompt: &str) -> Option<String> {
        let line = self.inner.as_mut().and_then(|inner| inner.read_secret(prompt));
        self.answer(prompt, None);
        line
    }
    fn is_interactive(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.is_interactive())
    }
    fn width(&self) -> usize {
        self.inner.as_ref().map_or(80, |inner| inner.width())
    }
    fn shows_color(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.shows_color())
    }
    fn shows_progress(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.shows_progress())
    }
    fn shows_error_color(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.shows_error_color())
    }
    fn progress(&mut self, progress: &Progress) {
        if let Some(inner) = &mut self.inner {
            inner.progress(progress);
        }
    }
    fn end_progress(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.end_progress();
        }
    }
    fn beside(&self) -> Option<Box<dyn Host>> {
        self.inner.as_ref().and_then(|inner| inner.beside())
    }
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

cmdlet! {
    /// `Start-Transcript`.
    pub(crate) struct StartTranscript = "Start-Transcript", class "Microsoft.PowerShell.Commands.StartTranscriptCommand",
        module "Microsoft.PowerShell.Host" {
        default_set: Some("ByPath"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Keeps in a file what the session shows.", examples: &[], outputs: &["System.String"],
    }
    parameters {
        path: Option<Str> = ParameterSpec::new("Path").validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("ByPath").position(0)]),
        literal: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).validate(&[Validation::NotNullOrEmpty])
            .sets(&[SetMembership::of("ByLiteralPath").position(0)]),
        folder: Option<Str> = ParameterSpec::new("OutputDirectory").validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("ByOutputDirectory")]),
        append: Switch = ParameterSpec::new("Append"),
        force: Switch = ParameterSpec::new("Force"),
        no_clobber: Switch = ParameterSpec::new("NoClobber").alias(&["NoOverwrite"]),
        invocation_header: Switch = ParameterSpec::new("IncludeInvocationHeader"),
        minimal_header: Switch = ParameterSpec::new("UseMinimalHeader"),
    }
    state {}
}

impl Cmdlet for StartTranscript {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let path = self.file(run);
        let shown = path.to_string_lossy().into_owned();
        if !run.should_process(&shown, "Start-Transcript")? {
            return Ok(());
        }
        if self.no_clobber.0 && path.exists() && !self.append.0 {
            return Fault::new("NoClobber", format!("'{shown}' exists already, and -NoClobber keeps it."))
                .category(ErrorCategory::ResourceExists)
                .exception("System.UnauthorizedAccessException")
                .target(shown.as_str())
                .err();
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| io_fault(&error, parent))?;
        }
        let opened =
            OpenOptions::new().create(true).write(true).append(self.append.0).truncate(!self.append.0).open(&path);
        let file = opened.map_err(|error| io_fault(&error, &path))?;
        let inner = std::mem::replace(&mut run.session.host, Box::new(NoHost));
        let mut recorder = Recorder { inner: Some(inner), file, path };
        recorder.keep(&self.header(run));
        run.session.host = Box::new(recorder);
        run.write(Value::from(format!("Transcript started, output file is {shown}")))
    }
}

impl StartTranscript {
    /// The file that was named, or one of its own name in the home folder.
    fn file(&self, run: &mut Invocation<'_>) -> PathBuf {
        if let Some(path) = self.path.as_ref().or(self.literal.as_ref()) {
            return file_path(run.session, path);
        }
        let home = run.session.environment.get("HOME").cloned().unwrap_or_default();
        let folder = self.folder.as_ref().map_or_else(|| PathBuf::from(home), |folder| file_path(run.session, folder));
        let name = uuid::Uuid::new_v4().simple().to_string();
        folder.join(format!("PowerShell_transcript.{}.txt", name.get(..12).unwrap_or(&name)))
    }

    fn header(&self, run: &Invocation<'_>) -> String {
        let line = "**********************\n";
        let begun = crate::value::convert::to_text(&Value::DateTime(DateTime::now()));
        let user = run.session.environment.get("USER").cloned().unwrap_or_default();
        let start = format!("{line}PowerShell transcript start\nStart time: {begun}\n");
        match self.minimal_header.0 {
            true => format!("{start}{line}"),
            false => format!("{start}Username: {user}\nProcess ID: {}\n{line}", std::process::id()),
        }
    }
}

cmdlet! {
    /// `Stop-Transcript`.
    pub(crate) struct StopTranscript = "Stop-Transcript", class "Microsoft.PowerShell.Commands.StopTranscriptCommand",
        module "Microsoft.PowerShell.Host" {
        default_set: None, should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Ends what Start-Transcript began.", examples: &[], outputs: &["System.String"],
    }
    parameters {}
    state {}
}

impl Cmdlet for StopTranscript {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if !run.should_process("the transcript", "Stop-Transcript")? {
            return Ok(());
        }
        let Some(recorder) = run.session.host.as_any().downcast_mut::<Recorder>() else {
            return Fault::new("InvalidOperation", "No transcript is being kept.")
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
        };
        let ended = crate::value::convert::to_text(&Value::DateTime(DateTime::now()));
        let line = "**********************\n";
        recorder.keep(&format!("{line}PowerShell transcript end\nEnd time: {ended}\n{line}"));
        let (inner, path) = (recorder.inner.take(), recorder.path.to_string_lossy().into_owned());
        if let Some(inner) = inner {
            run.session.host = inner;
        }
        run.write(Value::from(format!("Transcript stopped, output file is {path}")))
    }
}
