//! `Get-Clipboard` and `Set-Clipboard`. Where there is a desktop, `xclip` is asked; elsewhere the session itself keeps
//! what was copied.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, Session, SetMembership};
use crate::value::{Outcome, Str, Value};
use std::io::Write;
use std::process::{Command, Stdio};

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] = &[&GetClipboard::SPEC, &SetClipboard::SPEC];

/// What was copied in a session without a desktop.
#[derive(Default)]
struct Kept(String);

cmdlet! {
    /// `Get-Clipboard`.
    pub(crate) struct GetClipboard = "Get-Clipboard", class "Microsoft.PowerShell.Commands.GetClipboardCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gets the text that was copied.",
        examples: &[("Set-Clipboard 'a', 'b'; Get-Clipboard", "a\nb\n")], outputs: &["System.String"],
    }
    parameters {
        raw: Switch = ParameterSpec::new("Raw"),
        delimiter: Vec<Str> = ParameterSpec::new("Delimiter"),
    }
    state {}
}

impl Cmdlet for GetClipboard {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let text = copied(run.session);
        if text.is_empty() {
            return Ok(());
        }
        if self.raw.0 {
            return run.write(Value::from(text));
        }
        let ends: Vec<&str> = match self.delimiter.is_empty() {
            true => vec!["\r\n", "\n"],
            false => self.delimiter.iter().map(Str::as_str).filter(|end| !end.is_empty()).collect(),
        };
        for line in split(&text, &ends) {
            run.write(Value::from(line))?;
        }
        Ok(())
    }
}

/// A text in pieces, at any of the ends.
fn split<'t>(text: &'t str, ends: &[&str]) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let next = |rest: &str| ends.iter().filter_map(|end| Some((rest.find(end)?, end.len()))).min();
    while let Some((at, length)) = next(rest) {
        pieces.push(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + length..).unwrap_or("");
    }
    pieces.push(rest);
    pieces
}

cmdlet! {
    /// `Set-Clipboard`.
    pub(crate) struct SetClipboard = "Set-Clipboard", class "Microsoft.PowerShell.Commands.SetClipboardCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: None, should_process: true, impact: ConfirmImpact::Low,
        synopsis: "Copies text.", examples: &[], outputs: &["System.String"],
    }
    parameters {
        value: Vec<Str> = ParameterSpec::new("Value").allow_null().allow_empty()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value().by_property()]),
        append: Switch = ParameterSpec::new("Append"),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        terminal: Switch = ParameterSpec::new("AsOSC52").alias(&["ToLocalhost"]),
    }
    state { lines: Vec<Str> }
}

impl Cmdlet for SetClipboard {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.lines.extend(self.value.iter().cloned());
        if self.pass_thru.0 {
            for line in self.value.clone() {
                run.write(Value::Str(line))?;
            }
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut text = self.lines.join("\n");
        if self.append.0 {
            let before = copied(run.session);
            text = if before.is_empty() { text } else { format!("{before}\n{text}") };
        }
        let shown: String = text.chars().take(20).collect();
        if !run.should_process(&shown, "Set-Clipboard")? {
            return Ok(());
        }
        if self.terminal.0 {
            use base64::Engine;
            let coded = base64::engine::general_purpose::STANDARD.encode(&text);
            run.session.host_text(&format!("\u{1b}]52;;{coded}\u{7}"));
            return Ok(());
        }
        if !has_desktop(run.session) || give(&text).is_err() {
            run.session.extension::<Kept>().0 = text;
        }
        Ok(())
    }
}

fn has_desktop(session: &Session) -> bool {
    session.environment.get("DISPLAY").is_some_and(|display| !display.is_empty())
        && session.find_external("xclip").is_some()
}

fn copied(session: &mut Session) -> String {
    if has_desktop(session) {
        let asked = Command::new("xclip").args(["-selection", "clipboard", "-out"]).output();
        if let Ok(answer) = asked
            && answer.status.success()
        {
            return String::from_utf8_lossy(&answer.stdout).into_owned();
        }
    }
    session.extension::<Kept>().0.clone()
}

fn give(text: &str) -> std::io::Result<()> {
    let mut program = Command::new("xclip").args(["-selection", "clipboard", "-in"]).stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = program.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    program.wait().map(|_| ())
}
