//! `ConvertTo-Csv` and `ConvertFrom-Csv`.

use super::read::{Records, Table};
use super::write::{Layout, Quotes, check_options, columns, type_line};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::{Outcome, Str, Value};

/// What stands between values: the parameter's character, the culture's list separator, or a comma.
pub(super) fn delimiter(given: Option<u16>, by_culture: bool) -> char {
    let separator = || crate::value::culture::list_separator().chars().next();
    let named = given.and_then(|unit| char::from_u32(u32::from(unit)));
    named.or_else(|| if by_culture { separator() } else { None }).unwrap_or(',')
}

cmdlet! {
    /// Objects as lines of CSV.
    pub(crate) struct ConvertToCsv = "ConvertTo-Csv", class "Microsoft.PowerShell.Commands.ConvertToCsvCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Delimiter"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Writes objects as lines of comma-separated values.",
        examples: &[("[pscustomobject]@{ a = 1 } | ConvertTo-Csv", "A header and a line.")], outputs: &["System.String"],
    }
    parameters {
        input_object: Value = ParameterSpec::new("InputObject")
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        delimiter: Option<u16> = ParameterSpec::new("Delimiter").sets(&[SetMembership::of("Delimiter").position(1)]),
        use_culture: Switch = ParameterSpec::new("UseCulture").sets(&[SetMembership::of("UseCulture")]),
        include_type: Switch = ParameterSpec::new("IncludeTypeInformation").alias(&["ITI"]),
        no_type: Switch = ParameterSpec::new("NoTypeInformation").alias(&["NTI"]),
        quote_fields: Vec<Str> = ParameterSpec::new("QuoteFields").alias(&["QF"]),
        use_quotes: Option<Str> = ParameterSpec::new("UseQuotes").alias(&["UQ"])
            .validate(&[Validation::Set(&["Never", "Always", "AsNeeded"])]),
        no_header: Switch = ParameterSpec::new("NoHeader"),
    }
    state { columns: Option<Vec<Str>> }
}

impl Cmdlet for ConvertToCsv {
    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        check_options(&self.quote_fields, self.use_quotes.as_ref(), self.include_type.0, self.no_type.0)
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = std::mem::take(&mut self.input_object);
        if value.is_null() {
            return Ok(());
        }
        let layout = Layout {
            delimiter: delimiter(self.delimiter, self.use_culture.0),
            quotes: Quotes::by_name(self.use_quotes.as_deref()),
            quote_fields: self.quote_fields.clone(),
        };
        if self.columns.is_none() {
            let found = columns(run.session, &value)?;
            if self.include_type.0 {
                run.write(Value::from(type_line(&value)))?;
            }
            if !self.no_header.0 && !found.is_empty() {
                run.write(Value::from(layout.header(&found)))?;
            }
            self.columns = Some(found);
        }
        let Some(columns) = self.columns.as_ref().filter(|columns| !columns.is_empty()) else { return Ok(()) };
        let mut line = String::new();
        layout.row(run.session, columns, &value, &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        run.write(Value::from(line))
    }
}

cmdlet! {
    /// Lines of CSV as objects.
    pub(crate) struct ConvertFromCsv = "ConvertFrom-Csv", class "Microsoft.PowerShell.Commands.ConvertFromCsvCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Delimiter"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads lines of comma-separated values as objects.",
        examples: &[("'a,b', '1,2' | ConvertFrom-Csv", "An object with a and b.")], outputs: &[],
    }
    parameters {
        input_object: Vec<Str> = ParameterSpec::new("InputObject").allow_empty()
            .sets(&[SetMembership::of("").mandatory().position(0).by_value()]),
        delimiter: Option<u16> = ParameterSpec::new("Delimiter").sets(&[SetMembership::of("Delimiter").position(1)]),
        use_culture: Switch = ParameterSpec::new("UseCulture").sets(&[SetMembership::of("UseCulture")]),
        header: Vec<Str> = ParameterSpec::new("Header"),
    }
    state { table: Option<Table> }
}

impl Cmdlet for ConvertFromCsv {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        // Each text is read on its own: a field does not go on in the next one.
        std::mem::take(&mut self.input_object).iter().try_for_each(|text| self.send(run, text))
    }
}

impl ConvertFromCsv {
    fn send(&mut self, run: &mut Invocation<'_>, text: &str) -> Outcome<()> {
        let mut records = Records::new(text, delimiter(self.delimiter, self.use_culture.0));
        if self.table.is_none() {
            let Some(header) = Table::open(&mut records, &self.header)? else { return Ok(()) };
            if header.made_up {
                run.warning("Columns without a name in the header were named H1, H2 and so on.")?;
            }
            self.table = Some(header.table);
        }
        let mut fields = Vec::new();
        while records.next(&mut fields) {
            if let Some(table) = &self.table {
                let object = table.object(&mut fields);
                run.write(object)?;
            }
        }
        Ok(())
    }
}
