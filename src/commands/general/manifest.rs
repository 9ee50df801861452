//! `New-ModuleManifest`: a module's manifest as a file with every entry in it, given or commented out.

use super::object::io_fault;
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value, convert, enumerate};

const EMPTY: &[Validation] = &[Validation::NotNullOrEmpty];
const EDITIONS: &[Validation] = &[Validation::NotNullOrEmpty, Validation::Set(&["Desktop", "Core"])];

cmdlet! {
    /// `New-ModuleManifest`.
    pub(crate) struct NewModuleManifest = "New-ModuleManifest", class "Microsoft.PowerShell.Commands.NewModuleManifestCommand",
        module "Microsoft.PowerShell.Core" {
        default_set: None, should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Writes the manifest of a module.",
        examples: &[("New-ModuleManifest m.psd1 -Author me; (Test-ModuleManifest m.psd1).Author", "me\n")],
        outputs: &["System.String"],
    }
    parameters {
        path: Str = ParameterSpec::new("Path").sets(&[SetMembership::of("").mandatory().position(0)]),
        nested: Value = ParameterSpec::new("NestedModules").allow_empty(),
        guid: Value = typed("Guid", "guid"),
        author: Option<Str> = ParameterSpec::new("Author").allow_empty(),
        company: Option<Str> = ParameterSpec::new("CompanyName").allow_empty(),
        copyright: Option<Str> = ParameterSpec::new("Copyright").allow_empty(),
        root: Option<Str> = ParameterSpec::new("RootModule").alias(&["ModuleToProcess"]).allow_empty(),
        version: Value = typed("ModuleVersion", "version").validate(EMPTY),
        description: Option<Str> = ParameterSpec::new("Description").allow_empty(),
        architecture: Option<Str> = ParameterSpec::new("ProcessorArchitecture"),
        shell_version: Value = typed("PowerShellVersion", "version"),
        clr_version: Value = typed("ClrVersion", "version"),
        framework_version: Value = typed("DotNetFrameworkVersion", "version"),
        host_name: Option<Str> = ParameterSpec::new("PowerShellHostName"),
        host_version: Value = typed("PowerShellHostVersion", "version"),
        required: Value = ParameterSpec::new("RequiredModules"),
        types: Value = ParameterSpec::new("TypesToProcess").allow_empty(),
        formats: Value = ParameterSpec::new("FormatsToProcess").allow_empty(),
        scripts: Value = ParameterSpec::new("ScriptsToProcess").allow_empty(),
        assemblies: Value = ParameterSpec::new("RequiredAssemblies").allow_empty(),
        files: Value = ParameterSpec::new("FileList").allow_empty(),
        modules: Value = ParameterSpec::new("ModuleList").allow_empty(),
        functions: Option<Vec<Str>> = ParameterSpec::new("FunctionsToExport").allow_empty(),
        aliases: Option<Vec<Str>> = ParameterSpec::new("AliasesToExport").allow_empty(),
        variables: Option<Vec<Str>> = ParameterSpec::new("VariablesToExport").allow_empty(),
        cmdlets: Option<Vec<Str>> = ParameterSpec::new("CmdletsToExport").allow_empty(),
        resources: Option<Vec<Str>> = ParameterSpec::new("DscResourcesToExport").allow_empty(),
        editions: Option<Vec<Str>> = ParameterSpec::new("CompatiblePSEditions").validate(EDITIONS).allow_empty(),
        private: Value = ParameterSpec::new("PrivateData").allow_null(),
        tags: Option<Vec<Str>> = ParameterSpec::new("Tags").validate(EMPTY),
        project: Value = typed("ProjectUri", "uri").validate(EMPTY),
        license: Value = typed("LicenseUri", "uri").validate(EMPTY),
        icon: Value = typed("IconUri", "uri").validate(EMPTY),
        notes: Option<Str> = ParameterSpec::new("ReleaseNotes").validate(EMPTY),
        prerelease: Option<Str> = ParameterSpec::new("Prerelease"),
        acceptance: Switch = ParameterSpec::new("RequireLicenseAcceptance"),
        dependencies: Option<Vec<Str>> = ParameterSpec::new("ExternalModuleDependencies").validate(EMPTY),
        help_uri: Option<Str> = ParameterSpec::new("HelpInfoUri").allow_null(),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        prefix: Option<Str> = ParameterSpec::new("DefaultCommandPrefix").allow_null(),
    }
    state {}
}

/// A parameter of a type that has no field type of its own.
const fn typed(name: &'static str, kind: &'static str) -> ParameterSpec {
    ParameterSpec::new(name).typed(kind)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn items(value: &Value) -> Vec<Value> {
    if value.is_null() {
        return Vec::new();
    }
    enumerate(value).unwrap_or_else(|| vec![value.clone()])
}

/// Names as the right side of an entry: `@()`, `'*'`, or a list over several lines.
fn names(texts: &[Str]) -> String {
    match texts {
        [] => "@()".to_owned(),
        _ => texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",\n               "),
    }
}

/// Modules: names, or tables that say which version.
fn modules(value: &Value) -> String {
    let one = |item: &Value| match item {
        Value::Hashtable(table) => {
            let keys = ["ModuleName", "GUID", "ModuleVersion", "MaximumVersion", "RequiredVersion"];
            let known = keys.iter().filter_map(|key| Some((*key, table.get_text(key)?)));
            let rows: Vec<String> =
                known.map(|(key, value)| format!("{key} = {}; ", quoted(&convert::to_text(&value)))).collect();
            format!("@{{{}}}", rows.concat())
        }
        other => quoted(&convert::to_text(other)),
    };
    match items(value).as_slice() {
        [] => "@()".to_owned(),
        all => format!("@({})", all.iter().map(one).collect::<Vec<_>>().join(", \n               ")),
    }
}

/// One entry: its name, what it is for, its value, and whether it was given.
struct Entry(&'static str, &'static str, String, bool);

impl Entry {
    fn text(name: &'static str, what: &'static str, value: Option<&str>) -> Entry {
        Entry(name, what, quoted(value.unwrap_or("")), value.is_some_and(|value| !value.is_empty()))
    }

    fn value(name: &'static str, what: &'static str, value: &Value) -> Entry {
        Entry::text(name, what, Some(&convert::to_text(value)))
    }

    fn list(name: &'static str, what: &'static str, value: Option<&[Str]>) -> Entry {
        Entry(name, what, names(value.unwrap_or(&[])), value.is_some_and(|list| !list.is_empty()))
    }

    fn files(name: &'static str, what: &'static str, value: &Value) -> Entry {
        let texts: Vec<Str> = items(value).iter().map(convert::to_text).collect();
        Entry(name, what, names(&texts), !value.is_null())
    }

    fn modules(name: &'static str, what: &'static str, value: &Value) -> Entry {
        Entry(name, what, modules(value), !value.is_null())
    }

    fn write(&self, indent: &str, text: &mut String) {
        let Entry(name, what, value, given) = self;
        let mark = if *given { "" } else { "# " };
        text.push_str(&format!("{indent}# {what}\n{indent}{mark}{name} = {value}\n\n"));
    }
}

fn wrong(id: &'static str, why: String) -> Fault {
    Fault::new(id, why).category(ErrorCategory::InvalidArgument).exception("System.InvalidOperationException")
}

impl Cmdlet for NewModuleManifest {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let path = run.session.absolute(&self.path.replace('\\', "/"));
        if path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("psd1")) {
            let text = format!("'{}' is no path of a manifest: its extension must be .psd1.", self.path);
            return wrong("Modules_InvalidModuleManifestPath", text).err();
        }
        self.check()?;
        if !run.should_process(&path.to_string_lossy(), "Creating the module manifest file")? {
            return Ok(());
        }
        if self.guid.is_null() {
            self.guid = crate::value::members::library::guid::value(uuid::Uuid::new_v4());
        }
        let user = run.session.environment.get("USER").cloned().unwrap_or_else(|| "Unknown".to_owned());
        let text = self.text(&path, &user);
        std::fs::write(&path, &text).map_err(|error| {
            let fault = io_fault(&error, &path);
            fault.category(ErrorCategory::WriteError)
        })?;
        if self.pass_thru.0 { run.write(Value::from(text)) } else { Ok(()) }
    }
}

impl NewModuleManifest {
    fn check(&self) -> Outcome<()> {
        for (name, value) in [("ProjectUri", &self.project), ("LicenseUri", &self.license), ("IconUri", &self.icon)] {
            if !value.is_null() {
                absolute(name, &convert::to_text(value))?;
            }
        }
        if let Some(uri) = self.help_uri.as_deref().filter(|uri| !uri.is_empty()) {
            absolute("HelpInfoUri", uri)?;
        }
        let editions = self.editions.as_deref().unwrap_or_default();
        let twice = editions
            .iter()
            .enumerate()
            .any(|(at, one)| editions.iter().take(at).any(|other| other.eq_ignore_ascii_case(one)));
        if twice {
            return wrong("Modules_DuplicateEntriesInCompatiblePSEditions", "An edition is named twice.".into()).err();
        }
        if self.has_gallery_data() && !matches!(self.private, Value::Hashtable(_) | Value::Null | Value::Nothing) {
            let text = "Beside -Tags, -ProjectUri and the like, -PrivateData must be a hashtable.";
            return wrong("PrivateDataValueTypeShouldBeHashTable", text.into()).err();
        }
        Ok(())
    }

    fn has_gallery_data(&self) -> bool {
        self.tags.is_some()
            || self.notes.is_some()
            || self.prerelease.is_some()
            || self.dependencies.is_some()
            || self.acceptance.0
            || [&self.project, &self.license, &self.icon].iter().any(|uri| !uri.is_null())
    }

    fn text(&self, path: &std::path::Path, user: &str) -> String {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let author = self.author.as_deref().unwrap_or(user);
        let date = convert::to_text(&Value::DateTime(crate::value::DateTime::now()));
        let mut text = format!(
            "#\n# Module manifest for module '{name}'\n#\n# Generated by: {author}\n#\n# Generated on: {}\n#\n\n@{{\n\n",
            date.split(' ').next().unwrap_or_default()
        );
        self.entries(author).iter().for_each(|entry| entry.write("", &mut text));
        self.private_data(&mut text);
        for entry in [
            Entry::text("HelpInfoURI", "Where updated help of this module is", self.help_uri.as_deref()),
            Entry::text(
                "DefaultCommandPrefix",
                "What stands before the nouns of exported commands unless an import says otherwise",
                self.prefix.as_deref(),
            ),
        ] {
            entry.write("", &mut text);
        }
        text.push_str("}\n\n");
        text
    }

    fn entries(&self, author: &str) -> Vec<Entry> {
        let company = self.company.as_deref().unwrap_or("Unknown");
        let rights = format!("(c) {author}. All rights reserved.");
        let version = if self.version.is_null() { "0.0.1".into() } else { convert::to_text(&self.version) };
        let all = [Str::from("*")];
        let exported = |list: &'_ Option<Vec<Str>>| names(list.as_deref().unwrap_or(&all));
        vec![
            Entry::text("RootModule", "The file that makes up this module", self.root.as_deref()),
            Entry::text("ModuleVersion", "The version of this module", Some(&version)),
            Entry::list("CompatiblePSEditions", "The editions of PowerShell it works in", self.editions.as_deref()),
            Entry::value("GUID", "What tells this module from all others", &self.guid),
            Entry::text("Author", "Who wrote it", Some(author)),
            Entry::text("CompanyName", "Whose it is", Some(company)),
            Entry::text("Copyright", "Whose rights these are", Some(self.copyright.as_deref().unwrap_or(&rights))),
            Entry::text("Description", "What it is for", self.description.as_deref()),
            Entry::value("PowerShellVersion", "The least version of PowerShell it needs", &self.shell_version),
            Entry::text("PowerShellHostName", "The host it needs", self.host_name.as_deref()),
            Entry::value("PowerShellHostVersion", "The least version of that host", &self.host_version),
            Entry::value(
                "DotNetFrameworkVersion",
                "The least .NET Framework it needs; in the Desktop edition only",
                &self.framework_version,
            ),
            Entry::value(
                "ClrVersion",
                "The least common language runtime; in the Desktop edition only",
                &self.clr_version,
            ),
            Entry::text(
                "ProcessorArchitecture",
                "The processor it needs: None, X86, Amd64",
                self.architecture.as_deref(),
            ),
            Entry::modules("RequiredModules", "Modules that must be there first", &self.required),
            Entry::files("RequiredAssemblies", "Assemblies that must be loaded first", &self.assemblies),
            Entry::files("ScriptsToProcess", "Scripts that run in the caller's scope before the import", &self.scripts),
            Entry::files("TypesToProcess", "Type files to load", &self.types),
            Entry::files("FormatsToProcess", "Format files to load", &self.formats),
            Entry::modules("NestedModules", "Modules that are part of this one", &self.nested),
            Entry("FunctionsToExport", "Functions that importers see", exported(&self.functions), true),
            Entry("CmdletsToExport", "Cmdlets that importers see", exported(&self.cmdlets), true),
            Entry("VariablesToExport", "Variables that importers see", exported(&self.variables), true),
            Entry("AliasesToExport", "Aliases that importers see", exported(&self.aliases), true),
            Entry::list("DscResourcesToExport", "DSC resources that importers see", self.resources.as_deref()),
            Entry::modules("ModuleList", "All modules packed with this one", &self.modules),
            Entry::files("FileList", "All files packed with this module", &self.files),
        ]
    }

    /// `PrivateData`: what was given, or the entries that a gallery reads.
    fn private_data(&self, text: &mut String) {
        text.push_str("# Data for the module itself; PSData is what galleries read\n");
        if !self.private.is_null() && !self.has_gallery_data() {
            text.push_str(&format!("PrivateData = {}\n\n", literal(&self.private)));
            return;
        }
        text.push_str("PrivateData = @{\n\n    PSData = @{\n\n");
        let acceptance = Entry(
            "RequireLicenseAcceptance",
            "Whether its licence must be accepted first",
            "$true".into(),
            self.acceptance.0,
        );
        let entries = [
            Entry::list("Tags", "Words to find it by", self.tags.as_deref()),
            Entry::value("LicenseUri", "Where its licence is", &self.license),
            Entry::value("ProjectUri", "Where its project is", &self.project),
            Entry::value("IconUri", "Where its icon is", &self.icon),
            Entry::text("ReleaseNotes", "What is new in it", self.notes.as_deref()),
            Entry::text("Prerelease", "The name of a version before release", self.prerelease.as_deref()),
            acceptance,
            Entry::list(
                "ExternalModuleDependencies",
                "Modules it needs that are not packed with it",
                self.dependencies.as_deref(),
            ),
        ];
        entries.iter().for_each(|entry| entry.write("        ", text));
        text.push_str("    }\n\n");
        if let Value::Hashtable(table) = &self.private {
            for (key, value) in table.pairs() {
                text.push_str(&format!("    {} = {}\n\n", quoted(&convert::to_text(&key)), literal(&value)));
            }
        }
        text.push_str("}\n\n");
    }
}

/// A value as the text that a data file has for it.
fn literal(value: &Value) -> String {
    match value {
        Value::Null | Value::Nothing => "$null".to_owned(),
        Value::Bool(flag) => if *flag { "$true" } else { "$false" }.to_owned(),
        Value::I32(_) | Value::I64(_) | Value::F64(_) => convert::to_text(value).to_string(),
        Value::Hashtable(table) => {
            let rows = table.pairs().into_iter();
            let rows: Vec<String> =
                rows.map(|(key, value)| format!("{} = {}", quoted(&convert::to_text(&key)), literal(&value))).collect();
            format!("@{{ {} }}", rows.join("; "))
        }
        other => match enumerate(other) {
            Some(items) => format!("@({})", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
            None => quoted(&convert::to_text(other)),
        },
    }
}

/// An address must be whole and of the web.
fn absolute(name: &str, text: &str) -> Outcome<()> {
    let known = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if known {
        Ok(())
    } else {
        wrong("Modules_InvalidUri", format!("-{name} takes a whole address, not '{text}'.")).err()
    }
}
