//! `ModuleSpecification`: which module is meant, by name, versions and GUID.

use crate::value::members;
use crate::value::{Engine, ErrorCategory, Fault, Outcome, Str, Value, convert};

/// A module's name with what its version and GUID must be.
#[derive(Clone, Debug, Default)]
pub(crate) struct ModuleConstraint {
    /// Its name, or its path.
    pub(crate) name: Str,
    /// The least version.
    pub(crate) minimum: Option<Str>,
    /// The highest version; `2.*` stands for all that begin so.
    pub(crate) maximum: Option<Str>,
    /// The one version.
    pub(crate) required: Option<Str>,
    /// The GUID.
    pub(crate) guid: Option<Str>,
}

/// The parts of a version; one that is not written is below 0, as .NET orders them.
fn parts(version: &str) -> [i64; 4] {
    let mut parts = [-1; 4];
    for (place, text) in parts.iter_mut().zip(version.trim().split('.')) {
        *place = match text {
            "*" => i64::from(i32::MAX),
            digits => digits.parse().unwrap_or(-1),
        };
    }
    parts
}

fn invalid(why: &str) -> Fault {
    Fault::new("InvalidModuleSpecification", format!("This is no module specification: {why}."))
        .category(ErrorCategory::InvalidArgument)
        .exception("System.ArgumentException")
}

impl ModuleConstraint {
    /// Any version of a module.
    pub(crate) fn named(name: &str) -> Self {
        ModuleConstraint { name: Str::from(name), ..Default::default() }
    }

    /// Of a name, or of a table or object with `ModuleName` and what it must be.
    pub(crate) fn of(engine: &mut dyn Engine, value: &Value) -> Outcome<Self> {
        const KEYS: [&str; 5] = ["ModuleName", "ModuleVersion", "MaximumVersion", "RequiredVersion", "Guid"];
        if let Value::Str(name) = value {
            return Ok(ModuleConstraint::named(name));
        }
        let mut found: [Option<Str>; 5] = Default::default();
        for (place, key) in found.iter_mut().zip(KEYS) {
            let given = match value {
                Value::Hashtable(table) => table.get_text(key),
                other => members::get(engine, other, if key == "ModuleName" { "Name" } else { key })?,
            };
            *place = given.filter(|value| !value.is_null()).map(|value| convert::to_text(&value));
        }
        if let Value::Hashtable(table) = value
            && let Some((key, _)) = table.pairs().into_iter().find(|(key, _)| {
                let key = convert::to_text(key);
                !KEYS.iter().any(|known| known.eq_ignore_ascii_case(&key))
            })
        {
            return invalid(&format!("it has no '{}'", convert::to_text(&key))).err();
        }
        let [name, minimum, maximum, required, guid] = found;
        let Some(name) = name else { return invalid("it needs a ModuleName").err() };
        if matches!(value, Value::Hashtable(_)) && minimum.is_none() && maximum.is_none() && required.is_none() {
            return invalid("it needs a ModuleVersion, a MaximumVersion or a RequiredVersion").err();
        }
        if required.is_some() && (minimum.is_some() || maximum.is_some()) {
            return invalid("beside RequiredVersion there is no other version").err();
        }
        Ok(ModuleConstraint { name, minimum, maximum, required, guid })
    }

    /// True where anything but the name is asked for.
    pub(crate) fn is_narrow(&self) -> bool {
        self.minimum.is_some() || self.maximum.is_some() || self.required.is_some() || self.guid.is_some()
    }

    /// True where the least version is above the highest.
    pub(crate) fn is_empty(&self) -> bool {
        match (&self.minimum, &self.maximum) {
            (Some(minimum), Some(maximum)) => parts(minimum) > parts(maximum),
            _ => false,
        }
    }

    /// True for a module of this version and GUID.
    pub(crate) fn admits(&self, version: &str, guid: &str) -> bool {
        let version = parts(version);
        self.minimum.as_deref().is_none_or(|minimum| version >= parts(minimum))
            && self.maximum.as_deref().is_none_or(|maximum| version <= parts(maximum))
            && self.required.as_deref().is_none_or(|required| version == parts(required))
            && self.guid.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(guid))
    }

    /// The error of a module that is not there, or not in this version.
    pub(crate) fn not_found(&self) -> Fault {
        if !self.is_narrow() {
            return super::find::not_found(&self.name);
        }
        let message = format!("No module '{}' of the version and GUID asked for was found.", self.name);
        Fault::new("Modules_ModuleWithVersionNotFound", message)
            .category(ErrorCategory::ResourceUnavailable)
            .exception("System.IO.FileNotFoundException")
            .target(Value::Str(self.name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_dotnet_orders_them() {
        let limits = |minimum: &str, maximum: &str, required: &str| {
            let text = |text: &str| (!text.is_empty()).then(|| Str::from(text));
            ModuleConstraint {
                minimum: text(minimum),
                maximum: text(maximum),
                required: text(required),
                ..ModuleConstraint::named("m")
            }
        };
        let cases = [
            (limits("2.0", "", ""), "2.3", true),
            (limits("2.5", "", ""), "2.3", false),
            (limits("1.0", "2.2", ""), "2.3", false),
            (limits("", "2.*", ""), "2.3", true),
            (limits("", "", "2.3"), "2.3", true),
            (limits("", "", "2.3.0"), "2.3", false),
        ];
        for (limits, version, expected) in cases {
            assert_eq!(limits.admits(version, ""), expected, "{limits:?} {version}");
        }
        assert!(limits("3.0", "2.0", "").is_empty());
    }
}
