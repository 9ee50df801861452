//! The cmdlets of CLIXML.

use super::read::read;
use super::write::{HEAD, TAIL, Writer};
use crate::cmdlet;
use crate::commands::general::object::{encoding, file_path, io_fault, matching_paths};
use crate::runtime::cmdlet::Switch;
use crate::runtime::native::Serializer;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, Session, SetMembership, Validation};
use crate::value::encoding::TextEncoding;
use crate::value::{Engine, ErrorCategory, Fault, Outcome, Str, Value};
use std::fs;

const DEFAULT_DEPTH: i32 = 2;

/// One document of some objects.
fn document(engine: &mut dyn Engine, objects: &[Value], depth: Option<i32>) -> Outcome<String> {
    let mut writer = Writer::new(engine);
    for object in objects {
        writer.value(object, None, depth.unwrap_or(DEFAULT_DEPTH))?;
    }
    Ok(format!("{HEAD}{}{TAIL}", writer.text))
}

/// Lets sessions talk to other shells in objects.
pub(in crate::commands) fn register(session: &mut Session) {
    let serializer = session.extension::<Serializer>();
    serializer.write = Some(|session, objects, depth| document(session, objects, depth));
    serializer.read = Some(|session, text| read(session, text));
}

cmdlet! {
    /// Objects into a file that gives them back.
    pub(crate) struct ExportClixml = "Export-Clixml", class "Microsoft.PowerShell.Commands.ExportClixmlCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("ByPath"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Writes objects into a file that gives them back.",
        examples: &[("Get-Date | Export-Clixml now.xml", "A file with one date.")], outputs: &[],
    }
    parameters {
        depth: Option<i32> = ParameterSpec::new("Depth").validate(&[Validation::Range(1.0, 2147483647.0)]),
        path: Option<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("ByPath").mandatory().position(0)]),
        literal_path: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("ByLiteralPath").mandatory()]),
        input_object: Value = ParameterSpec::new("InputObject").allow_null()
            .sets(&[SetMembership::of("").mandatory().by_value()]),
        force: Switch = ParameterSpec::new("Force"),
        no_clobber: Switch = ParameterSpec::new("NoClobber").alias(&["NoOverwrite"]),
        encoding: Option<Value> = ParameterSpec::new("Encoding"),
    }
    state { objects: Vec<Value> }
}

impl Cmdlet for ExportClixml {
    fn process(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.objects.push(std::mem::take(&mut self.input_object));
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let Some(given) = self.path.clone().or_else(|| self.literal_path.clone()) else { return Ok(()) };
        if !run.should_process(&given, "Export-Clixml")? {
            return Ok(());
        }
        let path = file_path(run.session, &given);
        if self.no_clobber.0 && path.exists() {
            return Fault::new("NoClobber", format!("The file '{given}' is there already."))
                .exception("System.IO.IOException")
                .category(ErrorCategory::ResourceExists)
                .target(given)
                .err();
        }
        let objects = std::mem::take(&mut self.objects);
        let text = document(run.session, &objects, self.depth)?;
        let encoding = self.encoding.as_ref().map_or(Ok(TextEncoding::Utf8), encoding)?;
        let mut bytes = encoding.preamble().to_vec();
        bytes.extend(encoding.encode(&text));
        fs::write(&path, bytes).map_err(|error| io_fault(&error, &path).into())
    }
}

cmdlet! {
    /// Objects out of a file that Export-Clixml wrote.
    pub(crate) struct ImportClixml = "Import-Clixml", class "Microsoft.PowerShell.Commands.ImportClixmlCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("ByPath"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads the objects that Export-Clixml wrote.",
        examples: &[("Import-Clixml now.xml", "The objects of the file.")], outputs: &[],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path")
            .sets(&[SetMembership::of("ByPath").mandatory().position(0).by_value().by_property()]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[SetMembership::of("ByLiteralPath").mandatory().by_property()]),
        first: Option<u64> = ParameterSpec::new("First"),
        skip: Option<u64> = ParameterSpec::new("Skip"),
        include_total: Switch = ParameterSpec::new("IncludeTotalCount"),
    }
    state {}
}

impl Cmdlet for ImportClixml {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut paths = Vec::new();
        for pattern in &self.path {
            paths.extend(matching_paths(run.session, pattern)?);
        }
        for path in &self.literal_path {
            paths.push(file_path(run.session, path));
        }
        for path in paths {
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) => {
                    run.error(io_fault(&error, &path))?;
                    continue;
                }
            };
            let objects = read(run.session, &TextEncoding::Utf8.decode_file(&bytes))?;
            let skip = self.skip.and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
            let first = self.first.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
            for object in objects.into_iter().skip(skip).take(first) {
                run.write(object)?;
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// Objects as a CLIXML text.
    pub(crate) struct ConvertToCliXml = "ConvertTo-CliXml", class "Microsoft.PowerShell.Commands.ConvertToClixmlCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes objects as CLIXML text.", examples: &[], outputs: &["System.String"],
    }
    parameters {
        input_object: Value = ParameterSpec::new("InputObject").allow_null()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        depth: Option<i32> = ParameterSpec::new("Depth").validate(&[Validation::Range(1.0, 2147483647.0)]),
    }
    state { objects: Vec<Value> }
}

impl Cmdlet for ConvertToCliXml {
    fn process(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.objects.push(std::mem::take(&mut self.input_object));
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let objects = std::mem::take(&mut self.objects);
        let text = document(run.session, &objects, self.depth)?;
        run.write(Value::from(text))
    }
}

cmdlet! {
    /// Objects out of a CLIXML text.
    pub(crate) struct ConvertFromCliXml = "ConvertFrom-CliXml", class "Microsoft.PowerShell.Commands.ConvertFromClixmlCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads objects from CLIXML text.", examples: &[], outputs: &[],
    }
    parameters {
        input_object: Str = ParameterSpec::new("InputObject")
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
    }
    state {}
}

impl Cmdlet for ConvertFromCliXml {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        for object in read(run.session, &self.input_object)? {
            run.write(object)?;
        }
        Ok(())
    }
}
