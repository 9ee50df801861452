//! `Test-`, `Resolve-`, `Convert-`, `Split-` and `Join-Path`.

use super::{LITERAL_ALIASES, LITERAL_SETS, PATH_SETS, Sieve, leaf, places};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::{Expansion, Provider, items, objects, path};
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership};
use crate::value::{DateTime, ErrorCategory, Fault, Outcome, Str, Unwind, Value};

cmdlet! {
    /// `Test-Path`.
    pub(crate) struct TestPath = "Test-Path", class "Microsoft.PowerShell.Commands.TestPathCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Tells whether something is at a path.", examples: &[("Test-Path /no/such/thing", "False\n")],
        outputs: &["System.Boolean"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").allow_null().allow_empty().sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).allow_null().allow_empty().sets(LITERAL_SETS),
        filter: Option<Str> = ParameterSpec::new("Filter"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        kind: Option<Str> = ParameterSpec::new("PathType").alias(&["Type"])
            .validate(&[crate::runtime::Validation::Set(&["Any", "Container", "Leaf"])]),
        valid: Switch = ParameterSpec::new("IsValid"),
        older: Option<DateTime> = ParameterSpec::new("OlderThan"),
        newer: Option<DateTime> = ParameterSpec::new("NewerThan"),
    }
    state {}
}

impl Cmdlet for TestPath {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let literal = !self.literal.is_empty();
        let paths = if literal { self.literal.clone() } else { self.path.clone() };
        if paths.is_empty() {
            let fault = Fault::new("NullPathNotPermitted", "A path is needed; null was given.")
                .category(ErrorCategory::InvalidArgument)
                .exception("System.ArgumentNullException");
            return run.error(fault);
        }
        for path in paths {
            let found = self.test(run, &path, literal)?;
            run.write(Value::Bool(found))?;
        }
        Ok(())
    }
}

impl TestPath {
    fn test(&self, run: &mut Invocation<'_>, path: &str, literal: bool) -> Outcome<bool> {
        if path.trim().is_empty() {
            return Ok(false);
        }
        if self.valid.0 {
            return Ok(!path.contains('\0') && run.session.provider_path(path).is_ok());
        }
        let how = Expansion { literal, force: true, ..Expansion::default() };
        let places = match run.session.expand_path(path, how) {
            Ok(places) => places,
            Err(Unwind::Fault(_)) => return Ok(false),
            Err(other) => return Err(other),
        };
        let sieve = Sieve::new(&self.include, &self.exclude)?;
        let filter = Sieve::new(self.filter.as_slice(), &[])?;
        Ok(places.iter().any(|place| {
            let kind = match self.kind.as_deref().map(str::to_ascii_lowercase).as_deref() {
                Some("container") => items::is_container(place),
                Some("leaf") => !items::is_container(place),
                _ => true,
            };
            let name = leaf(place);
            kind && sieve.passes(&name) && filter.passes(&name) && self.is_of_age(place)
        }))
    }

    fn is_of_age(&self, place: &crate::runtime::providers::Location) -> bool {
        if self.older.is_none() && self.newer.is_none() {
            return true;
        }
        const TICKS_TO_1970: i64 = 621_355_968_000_000_000;
        let changed = std::fs::metadata(&place.path).and_then(|m| m.modified()).ok();
        let changed = changed.and_then(|moment| jiff::Timestamp::try_from(moment).ok());
        let Some(changed) = changed else { return false };
        let offset = i64::from(jiff::tz::TimeZone::system().to_offset(changed).seconds()) * 10_000_000;
        let ticks = (changed.as_nanosecond() / 100) as i64 + TICKS_TO_1970 + offset;
        self.older.is_none_or(|limit| ticks < limit.ticks()) && self.newer.is_none_or(|limit| ticks > limit.ticks())
    }
}

cmdlet! {
    /// `Resolve-Path`.
    pub(crate) struct ResolvePath = "Resolve-Path", class "Microsoft.PowerShell.Commands.ResolvePathCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives the whole paths of what a path or pattern names.", examples: &[("(Resolve-Path /tmp/..).Path", "/\n")],
        outputs: &["System.Management.Automation.PathInfo"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        relative: Switch = ParameterSpec::new("Relative"),
        base: Option<Str> = ParameterSpec::new("RelativeBasePath"),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for ResolvePath {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        for place in places(run, &self.path, &self.literal, how)? {
            if self.relative.0 {
                let base = match &self.base {
                    Some(base) => run.session.provider_path(base)?.path,
                    None => run.session.current_location().path,
                };
                run.write(Value::from(path::relative(&base, &place.path)))?;
            } else {
                let info = objects::path_info(run.session, &place);
                run.write(info)?;
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Convert-Path`.
    pub(crate) struct ConvertPath = "Convert-Path", class "Microsoft.PowerShell.Commands.ConvertPathCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives paths as the operating system knows them.", examples: &[("Convert-Path Temp:/.. | Measure-Object | ForEach-Object Count", "1\n")],
        outputs: &["System.String"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PATH_SETS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES).sets(LITERAL_SETS),
        force: Switch = ParameterSpec::new("Force"),
    }
    state {}
}

impl Cmdlet for ConvertPath {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let how = Expansion { force: self.force.0, ..Expansion::default() };
        for place in places(run, &self.path, &self.literal, how)? {
            run.write(Value::from(place.path))?;
        }
        Ok(())
    }
}

/// The sets of Split-Path; `ParentSet` is the default.
const PARTS: &[SetMembership] = &[
    SetMembership::of("ParentSet").mandatory().position(0).by_value().by_property(),
    SetMembership::of("LeafSet").mandatory().position(0).by_value().by_property(),
    SetMembership::of("LeafBaseSet").mandatory().position(0).by_value().by_property(),
    SetMembership::of("ExtensionSet").mandatory().position(0).by_value().by_property(),
    SetMembership::of("QualifierSet").mandatory().position(0).by_value().by_property(),
    SetMembership::of("NoQualifierSet").mandatory().position(0).by_value().by_property(),
    SetMembership::of("IsAbsoluteSet").mandatory().position(0).by_value().by_property(),
];

cmdlet! {
    /// `Split-Path`.
    pub(crate) struct SplitPath = "Split-Path", class "Microsoft.PowerShell.Commands.SplitPathCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: Some("ParentSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gives a part of a path: its parent, its last part, its extension.",
        examples: &[("Split-Path /a/b.txt -Leaf", "b.txt\n")], outputs: &["System.String", "System.Boolean"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(PARTS),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(LITERAL_ALIASES)
            .sets(&[SetMembership::of("LiteralPathSet").mandatory().by_property()]),
        qualifier: Switch = ParameterSpec::new("Qualifier").sets(&[SetMembership::of("QualifierSet").mandatory()]),
        no_qualifier: Switch = ParameterSpec::new("NoQualifier").sets(&[SetMembership::of("NoQualifierSet").mandatory()]),
        parent: Switch = ParameterSpec::new("Parent").sets(&[SetMembership::of("ParentSet")]),
        leaf: Switch = ParameterSpec::new("Leaf").sets(&[SetMembership::of("LeafSet").mandatory()]),
        base: Switch = ParameterSpec::new("LeafBase").sets(&[SetMembership::of("LeafBaseSet").mandatory()]),
        extension: Switch = ParameterSpec::new("Extension").sets(&[SetMembership::of("ExtensionSet").mandatory()]),
        resolve: Switch = ParameterSpec::new("Resolve"),
        absolute: Switch = ParameterSpec::new("IsAbsolute").sets(&[SetMembership::of("IsAbsoluteSet").mandatory()]),
    }
    state {}
}

impl Cmdlet for SplitPath {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut texts: Vec<String> = self.path.iter().chain(&self.literal).map(Str::to_string).collect();
        if self.resolve.0 {
            texts = places(run, &self.path, &self.literal, Expansion::default())?.into_iter().map(|p| p.path).collect();
        }
        for text in texts {
            match self.part(&text) {
                Ok(value) => run.write(value)?,
                Err(fault) => run.error(fault)?,
            }
        }
        Ok(())
    }
}

impl SplitPath {
    fn part(&self, text: &str) -> Result<Value, Fault> {
        let parts = path::qualified(text);
        if self.absolute.0 {
            return Ok(Value::Bool(path::is_absolute(text)));
        }
        if self.qualifier.0 {
            return match parts.qualifier {
                Some(name) if parts.by_provider => Ok(format!("{name}::").into()),
                Some(name) => Ok(format!("{name}:").into()),
                None => Err(Fault::new("ParsePathFormatError", format!("'{text}' names no drive."))
                    .category(ErrorCategory::InvalidArgument)
                    .exception("System.FormatException")
                    .target(text)),
            };
        }
        if self.no_qualifier.0 {
            return Ok(parts.rest.into());
        }
        let leaf = path::leaf(text);
        if self.leaf.0 {
            return Ok(leaf.into());
        }
        if self.base.0 || self.extension.0 {
            let (base, extension) = path::split_extension(&leaf);
            return Ok(if self.base.0 { base.into() } else { extension.into() });
        }
        if text.trim_end_matches(['/', '\\']).is_empty() {
            return Err(Fault::new("Argument", "A root has no parent.")
                .category(ErrorCategory::InvalidArgument)
                .exception("System.Management.Automation.PSArgumentException"));
        }
        let parent = path::parent(text);
        // The parent of a drive's first level is its root; without a separator it is where the drive stands: nothing.
        let below = parent.ends_with(':').then(|| text.get(parent.len()..).unwrap_or(""));
        Ok(match below {
            Some(rest) if rest.starts_with(['/', '\\']) => format!("{parent}/").into(),
            Some(_) => "".into(),
            None => parent.into(),
        })
    }
}

cmdlet! {
    /// `Join-Path`.
    pub(crate) struct JoinPath = "Join-Path", class "Microsoft.PowerShell.Commands.JoinPathCommand",
        module "Microsoft.PowerShell.Management" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Puts paths together with a separator between.", examples: &[("Join-Path a b c.txt", "a/b/c.txt\n")],
        outputs: &["System.String"],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").alias(&["PSPath"])
            .sets(&[SetMembership::of("").mandatory().position(0).by_value().by_property()]),
        child: Vec<Str> = ParameterSpec::new("ChildPath").allow_null().allow_empty()
            .sets(&[SetMembership::of("").mandatory().position(1).by_property()]),
        more: Vec<Str> = ParameterSpec::new("AdditionalChildPath").allow_null().allow_empty()
            .sets(&[SetMembership::of("").position(2).by_property().remaining()]),
        resolve: Switch = ParameterSpec::new("Resolve"),
        extension: Option<Str> = ParameterSpec::new("Extension"),
    }
    state {}
}

impl Cmdlet for JoinPath {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let children: Vec<&Str> = self.child.iter().chain(&self.more).collect();
        for parent in self.path.clone() {
            let mut whole = path::with_separators(&parent);
            if children.is_empty() {
                whole = path::join(&whole, "");
            }
            for child in &children {
                whole = path::join(&whole, child);
            }
            if let Some(extension) = &self.extension {
                let stem_end = whole.len() - path::split_extension(&path::leaf(&whole)).1.len();
                whole.truncate(stem_end);
                if !extension.is_empty() && !extension.starts_with('.') {
                    whole.push('.');
                }
                whole.push_str(extension);
            }
            if self.resolve.0 {
                for place in places(run, &[Str::from(whole)], &[], Expansion::default())? {
                    let shown = if place.drive.provider == Provider::FileSystem { place.path } else { place.shown() };
                    run.write(Value::from(shown))?;
                }
            } else {
                run.write(Value::from(whole))?;
            }
        }
        Ok(())
    }
}
