//! `ConvertTo-Json`.

use super::write::{Escape, Style, Writer};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{Array, Outcome, Str, Value};

cmdlet! {
    /// Objects as JSON text.
    pub(crate) struct ConvertToJson = "ConvertTo-Json", class "Microsoft.PowerShell.Commands.ConvertToJsonCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None,
        should_process: false,
        impact: ConfirmImpact::Medium,
        synopsis: "Writes objects as JSON text.",
        examples: &[("@{ Name = 'ops' } | ConvertTo-Json -Compress", "One line of JSON.")],
        outputs: &["System.String"],
    }
    parameters {
        input_object: Value = ParameterSpec::new("InputObject").allow_null()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        depth: Option<i32> = ParameterSpec::new("Depth").validate(&[Validation::Range(0.0, 100.0)]),
        compress: Switch = ParameterSpec::new("Compress"),
        enums_as_strings: Switch = ParameterSpec::new("EnumsAsStrings"),
        as_array: Switch = ParameterSpec::new("AsArray"),
        escape_handling: Option<Str> = ParameterSpec::new("EscapeHandling")
            .validate(&[Validation::Set(&["Default", "EscapeNonAscii", "EscapeHtml"])]),
    }
    state { objects: Vec<Value> }
}

impl Cmdlet for ConvertToJson {
    fn process(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        self.objects.push(std::mem::take(&mut self.input_object));
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let objects = std::mem::take(&mut self.objects);
        let whole = match (objects.len(), self.as_array.0) {
            (0, _) => return Ok(()),
            (1, false) => objects.into_iter().next().unwrap_or(Value::Null),
            _ => Value::Array(Array::objects(objects)),
        };
        let style = self.style();
        let mut writer = Writer::new(run.session, style);
        writer.value(&whole, 0)?;
        let (text, truncated) = (std::mem::take(&mut writer.text), writer.truncated);
        if truncated {
            let depth = style.depth;
            run.warning(&format!("The objects go deeper than -Depth {depth}: what lies below stands as plain text."))?;
        }
        run.write(Value::from(text))
    }
}

impl ConvertToJson {
    fn style(&self) -> Style {
        let escape = match self.escape_handling.as_ref().map(|name| name.to_ascii_lowercase()).as_deref() {
            Some("escapenonascii") => Escape::NonAscii,
            Some("escapehtml") => Escape::Html,
            Some(_) | None => Escape::Default,
        };
        Style {
            depth: self.depth.and_then(|depth| usize::try_from(depth).ok()).unwrap_or(2),
            compress: self.compress.0,
            enums_as_strings: self.enums_as_strings.0,
            escape,
        }
    }
}
