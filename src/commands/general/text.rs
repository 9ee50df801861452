//! `Join-String`, `Get-Unique`, `ConvertFrom-StringData`.

use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Symbol};
use crate::value::{
    Culture, ErrorCategory, Fault, Hashtable, Outcome, Str, TypeRef, Value, collate, compare, convert, format_text,
    members,
};
use std::cmp::Ordering;

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&JoinString::SPEC, &GetUnique::SPEC, &ConvertFromStringData::SPEC];

cmdlet! {
    /// Objects joined to one text.
    pub(crate) struct JoinString = "Join-String", class "Microsoft.PowerShell.Commands.Utility.JoinStringCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("default"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Joins the texts of objects.", examples: &[("1, 2 | Join-String -Separator ', '", "1, 2\n")],
        outputs: &["System.String"],
    }
    parameters {
        property: Option<Value> = ParameterSpec::new("Property").sets(&[SetMembership::of("").position(0)]),
        separator: Option<Str> = ParameterSpec::new("Separator").allow_empty().sets(&[SetMembership::of("").position(1)]),
        prefix: Option<Str> = ParameterSpec::new("OutputPrefix").alias(&["op"]).allow_empty(),
        suffix: Option<Str> = ParameterSpec::new("OutputSuffix").alias(&["os"]).allow_empty(),
        single_quote: Switch = ParameterSpec::new("SingleQuote").sets(&[SetMembership::of("SingleQuote")]),
        double_quote: Switch = ParameterSpec::new("DoubleQuote").sets(&[SetMembership::of("DoubleQuote")]),
        format: Option<Str> = ParameterSpec::new("FormatString").sets(&[SetMembership::of("Format")]),
        use_culture: Switch = ParameterSpec::new("UseCulture"),
        input_object: Value = ParameterSpec::new("InputObject").allow_null().sets(&[SetMembership::of("").by_value()]),
    }
    state { text: String, any: bool }
}

impl Cmdlet for JoinString {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = std::mem::take(&mut self.input_object);
        if value.is_null() {
            return Ok(());
        }
        let items = match run.input() {
            Some(_) => vec![value],
            None => crate::value::enumerate(&value).unwrap_or_else(|| vec![value.clone()]),
        };
        for item in items {
            self.add(run, item)?;
        }
        Ok(())
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let prefix = self.prefix.as_deref().unwrap_or("");
        let suffix = self.suffix.as_deref().unwrap_or("");
        let text = format!("{prefix}{}{suffix}", self.text);
        run.write(Value::from(text))
    }
}

impl JoinString {
    fn add(&mut self, run: &mut Invocation<'_>, item: Value) -> Outcome<()> {
        let chosen = match &self.property {
            None => item,
            Some(Value::ScriptBlock(block)) => run.evaluate_block(&block.clone(), item)?,
            Some(name) => members::get(run.session, &item, &convert::to_text(name))?.unwrap_or(Value::Null),
        };
        if chosen.is_null() && self.property.is_none() {
            return Ok(());
        }
        if self.any {
            match &self.separator {
                Some(separator) => self.text.push_str(separator),
                None => {
                    let fields = run.session.variable(Symbol::new("OFS")).filter(|ofs| !ofs.is_null());
                    self.text.push_str(&fields.map(|ofs| convert::to_text(&ofs)).unwrap_or_default());
                }
            }
        }
        self.any = true;
        if let Some(format) = &self.format {
            let text = format_text::composite(run.session, format, &[chosen], Culture::current())?;
            self.text.push_str(&text);
            return Ok(());
        }
        let quote = match (self.single_quote.0, self.double_quote.0) {
            (true, _) => "'",
            (_, true) => "\"",
            (false, false) => "",
        };
        self.text.push_str(quote);
        self.text.push_str(&convert::to_text_with(run.session, &chosen, None)?);
        self.text.push_str(quote);
        Ok(())
    }
}

cmdlet! {
    /// Objects without those equal to the one before.
    pub(crate) struct GetUnique = "Get-Unique", class "Microsoft.PowerShell.Commands.GetUniqueCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("AsString"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Leaves out objects that are equal to the one before.",
        examples: &[("1, 1, 2 | Get-Unique", "1\n2\n")], outputs: &[],
    }
    parameters {
        input_object: Value = ParameterSpec::new("InputObject").allow_null().sets(&[SetMembership::of("").by_value()]),
        as_string: Switch = ParameterSpec::new("AsString").sets(&[SetMembership::of("AsString")]),
        on_type: Switch = ParameterSpec::new("OnType").sets(&[SetMembership::of("UniqueByType")]),
        case_insensitive: Switch = ParameterSpec::new("CaseInsensitive"),
    }
    state { last: Option<Value> }
}

impl Cmdlet for GetUnique {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = std::mem::take(&mut self.input_object);
        let same = self.last.as_ref().is_some_and(|last| self.is_same(last, &value));
        if same {
            return Ok(());
        }
        self.last = Some(value.clone());
        run.write(value)
    }
}

impl GetUnique {
    fn is_same(&self, last: &Value, value: &Value) -> bool {
        if self.on_type.0 {
            return TypeRef::of(last) == TypeRef::of(value);
        }
        let texts = || collate::equal(&convert::to_text(last), &convert::to_text(value), !self.case_insensitive.0);
        match (last, value) {
            _ if self.as_string.0 => texts(),
            (Value::Str(_), Value::Str(_)) => texts(),
            (Value::Object(_), Value::Object(_)) => true,
            _ => match compare::order(last, value, !self.case_insensitive.0) {
                Ok(order) => order == Ordering::Equal,
                Err(_) => texts(),
            },
        }
    }
}

cmdlet! {
    /// Lines of `name = value` as a hashtable.
    pub(crate) struct ConvertFromStringData = "ConvertFrom-StringData", class "Microsoft.PowerShell.Commands.ConvertFromStringDataCommand", module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads lines of name=value as a hashtable.",
        examples: &[("'a = 1' | ConvertFrom-StringData", "A hashtable with the key a.")],
        outputs: &["System.Collections.Hashtable"],
    }
    parameters {
        data: Str = ParameterSpec::new("StringData").allow_empty()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        delimiter: Option<u16> = ParameterSpec::new("Delimiter").sets(&[SetMembership::of("").position(1)]),
    }
    state {}
}

impl Cmdlet for ConvertFromStringData {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let delimiter = self.delimiter.and_then(|unit| char::from_u32(u32::from(unit))).unwrap_or('=');
        let table = Hashtable::plain();
        for line in self.data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some((name, value)) = line.split_once(delimiter) else {
                return Fault::new(
                    "InvalidOperation",
                    format!("The line '{line}' has no '{delimiter}'; every line is a name, '{delimiter}' and a value."),
                )
                .exception("System.Management.Automation.PSInvalidOperationException")
                .category(ErrorCategory::InvalidOperation)
                .err();
            };
            if !table.add(Value::from(name.trim()), Value::from(unescaped(value.trim()))) {
                return Fault::new("InvalidOperation", format!("The name '{}' stands there twice.", name.trim()))
                    .exception("System.Management.Automation.PSInvalidOperationException")
                    .category(ErrorCategory::InvalidOperation)
                    .err();
            }
        }
        run.write(Value::Hashtable(table))
    }
}

fn unescaped(text: &str) -> String {
    crate::value::pattern::unescape(text).unwrap_or_else(|| text.to_string())
}
