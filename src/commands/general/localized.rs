//! `Import-LocalizedData`: texts in the language of the session, from data files beside a script.

use crate::cmdlet;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Slot, Symbol, Validation};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};
use std::path::{Path, PathBuf};

cmdlet! {
    /// `Import-LocalizedData`.
    pub(crate) struct ImportLocalizedData = "Import-LocalizedData", class "Microsoft.PowerShell.Commands.ImportLocalizedData",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads texts in the language of the session.", examples: &[], outputs: &["System.Collections.Hashtable"],
    }
    parameters {
        variable: Option<Str> = ParameterSpec::new("BindingVariable").alias(&["Variable"])
            .validate(&[Validation::NotNullOrEmpty]).sets(&[SetMembership::of("").position(0)]),
        culture: Option<Str> = ParameterSpec::new("UICulture").sets(&[SetMembership::of("").position(1)]),
        base: Option<Str> = ParameterSpec::new("BaseDirectory"),
        file: Option<Str> = ParameterSpec::new("FileName"),
        supported: Vec<Str> = ParameterSpec::new("SupportedCommand").validate(&[Validation::NotNullOrEmpty]),
    }
    state {}
}

fn not_found(base: &Path, file: &str) -> Fault {
    let text = format!("No data file '{file}' was found in or below '{}'.", base.display());
    Fault::new("ImportLocalizedData,CannotFindPsd1File", text)
        .category(ErrorCategory::ObjectNotFound)
        .exception("System.Management.Automation.PSInvalidOperationException")
        .target(base.to_string_lossy().as_ref())
}

impl Cmdlet for ImportLocalizedData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let script = run.session.source.path.clone();
        let script = script.as_deref().map(PathBuf::from);
        let base = match (&self.base, &script) {
            (Some(base), _) => run.session.absolute(base),
            (None, Some(script)) => script.parent().map(Path::to_path_buf).unwrap_or_default(),
            (None, None) => {
                return Fault::new(
                    "ImportLocalizedDataNotInScript",
                    "Outside scripts, -BaseDirectory and -FileName are needed.",
                )
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
            }
        };
        let named = self.file.as_ref().map(|file| PathBuf::from(file.as_str())).or(script).unwrap_or_default();
        let leaf = format!("{}.psd1", named.file_stem().unwrap_or_default().to_string_lossy());
        let Some(path) = self.find(&base, &leaf) else { return run.error(not_found(&base, &leaf)) };
        let table = run.session.manifest_data(&path)?;
        match &self.variable {
            None => run.write(Value::Hashtable(table)),
            Some(name) => {
                let slot = run.context.caller.layout.slot(Symbol::new(name));
                run.context.caller.put_slot(slot, Slot::Plain(Value::Hashtable(table)));
                Ok(())
            }
        }
    }
}

impl ImportLocalizedData {
    /// The file of the culture, of its parents in turn, or of no culture.
    fn find(&self, base: &Path, leaf: &str) -> Option<PathBuf> {
        let mut culture = self.culture.as_deref().unwrap_or("en-US").to_owned();
        loop {
            let path = if culture.is_empty() { base.join(leaf) } else { base.join(&culture).join(leaf) };
            if path.is_file() {
                return Some(path);
            }
            if culture.is_empty() {
                return None;
            }
            culture = culture.rsplit_once('-').map(|(parent, _)| parent.to_owned()).unwrap_or_default();
        }
    }
}
