//! `Start-Process`: a program beside the session, with its streams in files where asked.

use super::object::file_path;
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, Command, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::members::library::process::Process;
use crate::value::{ErrorCategory, Fault, Hashtable, Native, Outcome, Str, Value, convert};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command as Program, Stdio};
use std::rc::Rc;

const DEFAULT: &str = "Default";
const SHELL: &str = "UseShellExecute";

cmdlet! {
    /// `Start-Process`.
    pub(crate) struct StartProcess = "Start-Process", class "Microsoft.PowerShell.Commands.StartProcessCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some(DEFAULT), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Starts a program beside the session.",
        examples: &[("(Start-Process sh '-c \"exit 3\"' -Wait -PassThru).ExitCode", "3\n")],
        outputs: &["System.Diagnostics.Process"],
    }
    parameters {
        file_path: Str = ParameterSpec::new("FilePath").alias(&["PSPath", "Path"])
            .validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("").mandatory().position(0)]),
        arguments: Vec<Str> = ParameterSpec::new("ArgumentList").alias(&["Args"])
            .validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("").position(1)]),
        credential: Value = ParameterSpec::new("Credential").alias(&["RunAs"]).sets(&[SetMembership::of(DEFAULT)]),
        working_directory: Option<Str> = ParameterSpec::new("WorkingDirectory").validate(&[Validation::NotNullOrEmpty]),
        load_profile: Switch = ParameterSpec::new("LoadUserProfile").alias(&["Lup"]).sets(&[SetMembership::of(DEFAULT)]),
        no_new_window: Switch = ParameterSpec::new("NoNewWindow").alias(&["nnw"]).sets(&[SetMembership::of(DEFAULT)]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        error: Option<Str> = ParameterSpec::new("RedirectStandardError").alias(&["RSE"])
            .validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of(DEFAULT)]),
        input: Option<Str> = ParameterSpec::new("RedirectStandardInput").alias(&["RSI"])
            .validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of(DEFAULT)]),
        output: Option<Str> = ParameterSpec::new("RedirectStandardOutput").alias(&["RSO"])
            .validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of(DEFAULT)]),
        verb: Option<Str> = ParameterSpec::new("Verb").sets(&[SetMembership::of(SHELL)]),
        window_style: Option<Str> = ParameterSpec::new("WindowStyle"),
        wait: Switch = ParameterSpec::new("Wait"),
        new_environment: Switch = ParameterSpec::new("UseNewEnvironment").sets(&[SetMembership::of(DEFAULT)]),
        environment: Option<Rc<Hashtable>> = ParameterSpec::new("Environment"),
    }
    state {}
}

fn refused(message: String) -> Fault {
    Fault::new("InvalidOperationException", message)
        .category(ErrorCategory::InvalidOperation)
        .exception("System.InvalidOperationException")
}

fn unsupported(what: &str) -> Fault {
    Fault::new("NotSupportedException", format!("-{what} exists on Windows only."))
        .category(ErrorCategory::NotImplemented)
        .exception("System.NotSupportedException")
}

impl Cmdlet for StartProcess {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        self.check()?;
        let program = self.program(run)?;
        let mut process = Program::new(&program);
        process.args(words(&self.arguments.join(" ")));
        self.surroundings(run, &mut process)?;
        self.streams(run, &mut process)?;
        if !run.should_process(&self.file_path, "Start-Process")? {
            return Ok(());
        }
        run.session.host.flush();
        let child = process
            .spawn()
            .map_err(|error| refused(format!("The program '{}' cannot be started: {error}.", self.file_path)))?;
        let name = program.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let started = Process::started(child, &name);
        if self.wait.0 {
            started.wait(None, run.session)?;
        }
        if self.pass_thru.0 { run.write(Native::value(started)) } else { Ok(()) }
    }
}

impl StartProcess {
    fn check(&self) -> Outcome<()> {
        if self.no_new_window.0 && self.window_style.is_some() {
            return refused("-NoNewWindow and -WindowStyle exclude one another.".into()).err();
        }
        let windows_only = [
            ("WindowStyle", self.window_style.is_some()),
            ("Verb", self.verb.is_some()),
            ("Credential", !self.credential.is_null()),
            ("LoadUserProfile", self.load_profile.0),
        ];
        if let Some((what, _)) = windows_only.iter().find(|row| row.1) {
            return unsupported(what).err();
        }
        let same = |a: &Option<Str>, b: &Option<Str>| a.is_some() && a == b;
        if same(&self.input, &self.output) || same(&self.input, &self.error) || same(&self.output, &self.error) {
            return refused("Two of the redirected streams name the same file.".into()).err();
        }
        Ok(())
    }

    fn program(&self, run: &mut Invocation<'_>) -> Outcome<PathBuf> {
        match run.session.find_external(&self.file_path) {
            Some(Command::External(path) | Command::Script(path)) => Ok((*path).clone()),
            _ => refused(format!("No program '{}' was found.", self.file_path)).err(),
        }
    }

    fn surroundings(&self, run: &mut Invocation<'_>, process: &mut Program) -> Outcome<()> {
        let directory = match &self.working_directory {
            Some(path) => file_path(run.session, path),
            None => run.session.location.clone(),
        };
        if !directory.is_dir() {
            let text = format!("The working directory '{}' does not exist.", directory.display());
            return Fault::new("DirectoryNotFoundException", text)
                .exception("System.IO.DirectoryNotFoundException")
                .err();
        }
        process.current_dir(&directory).env("PWD", &directory).env_clear();
        if self.new_environment.0 {
            process.envs(
                run.session.environment.iter().filter(|(name, _)| matches!(name.as_str(), "PATH" | "HOME" | "USER")),
            );
        } else {
            process.envs(&run.session.environment);
        }
        for (name, value) in self.environment.iter().flat_map(|table| table.pairs()) {
            let name = convert::to_text(&name).to_string();
            match value.is_null() {
                true => process.env_remove(name),
                false => process.env(name, convert::to_text(&value).as_str()),
            };
        }
        Ok(())
    }

    fn streams(&self, run: &mut Invocation<'_>, process: &mut Program) -> Outcome<()> {
        if let Some(path) = &self.input {
            let path = file_path(run.session, path);
            let file = File::open(&path).map_err(|error| {
                Fault::new("FileNotFoundException", format!("'{}': {error}.", path.display()))
                    .exception("System.IO.FileNotFoundException")
            })?;
            process.stdin(Stdio::from(file));
        }
        for (path, is_output) in [(&self.output, true), (&self.error, false)] {
            let Some(path) = path else { continue };
            let path = file_path(run.session, path);
            let file = File::create(&path).map_err(|error| super::object::io_fault(&error, &path))?;
            match is_output {
                true => process.stdout(Stdio::from(file)),
                false => process.stderr(Stdio::from(file)),
            };
        }
        Ok(())
    }
}

/// The words of a command line: double quotes hold one together, a backslash keeps a quote.
fn words(line: &str) -> Vec<String> {
    let (mut found, mut word, mut open, mut quoted) = (Vec::new(), String::new(), false, false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek() == Some(&'"') => word.extend(characters.next()),
            '"' => {
                quoted = !quoted;
                open = true;
            }
            c if c.is_whitespace() && !quoted => {
                if open || !word.is_empty() {
                    found.push(std::mem::take(&mut word));
                }
                open = false;
            }
            c => word.push(c),
        }
    }
    if open || !word.is_empty() {
        found.push(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn command_lines_are_split_as_dotnet_splits_them() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("-c \"exit 7\"", &["-c", "exit 7"]),
            ("a  b", &["a", "b"]),
            (r#"x "" y"#, &["x", "", "y"]),
            (r#"-m:"a b"c"#, &["-m:a bc"]),
            (r#"say \"hi\""#, &["say", "\"hi\""]),
        ];
        for (line, expected) in cases {
            assert_eq!(&words(line), expected, "{line}");
        }
    }
}
