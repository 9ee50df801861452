//! `Export-Csv` and `Import-Csv`.

use super::convert::delimiter;
use super::read::{Records, Table};
use super::write::{Layout, Quotes, check_options, columns, type_line};
use crate::cmdlet;
use crate::commands::general::object::{file_path, io_fault, matching_paths};
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::encoding::{TextEncoding, TextReader};
use crate::value::{ErrorCategory, Fault, Outcome, Str, Value};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

cmdlet! {
    /// Objects as a CSV file.
    pub(crate) struct ExportCsv = "Export-Csv", class "Microsoft.PowerShell.Commands.ExportCsvCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("Delimiter"), should_process: true, impact: ConfirmImpact::Medium,
        synopsis: "Writes objects into a file of comma-separated values.",
        examples: &[("Get-Process | Export-Csv processes.csv", "A file with one line per process.")], outputs: &[],
    }
    parameters {
        input_object: Value = ParameterSpec::new("InputObject")
            .sets(&[SetMembership::of("").mandatory().by_value()]),
        path: Option<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("").position(0)]),
        literal_path: Option<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]),
        force: Switch = ParameterSpec::new("Force"),
        no_clobber: Switch = ParameterSpec::new("NoClobber").alias(&["NoOverwrite"]),
        encoding: Option<Value> = ParameterSpec::new("Encoding"),
        append: Switch = ParameterSpec::new("Append"),
        delimiter: Option<u16> = ParameterSpec::new("Delimiter").sets(&[SetMembership::of("Delimiter").position(1)]),
        use_culture: Switch = ParameterSpec::new("UseCulture").sets(&[SetMembership::of("UseCulture")]),
        include_type: Switch = ParameterSpec::new("IncludeTypeInformation").alias(&["ITI"]),
        no_type: Switch = ParameterSpec::new("NoTypeInformation").alias(&["NTI"]),
        quote_fields: Vec<Str> = ParameterSpec::new("QuoteFields").alias(&["QF"]),
        use_quotes: Option<Str> = ParameterSpec::new("UseQuotes").alias(&["UQ"])
            .validate(&[Validation::Set(&["Never", "Always", "AsNeeded"])]),
        no_header: Switch = ParameterSpec::new("NoHeader"),
    }
    state { columns: Option<Vec<Str>>, layout: Layout, file: Option<BufWriter<File>>, skip: bool }
}

impl Cmdlet for ExportCsv {
    fn begin(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        check_options(&self.quote_fields, self.use_quotes.as_ref(), self.include_type.0, self.no_type.0)?;
        self.layout = Layout {
            delimiter: delimiter(self.delimiter, self.use_culture.0),
            quotes: Quotes::by_name(self.use_quotes.as_deref()),
            quote_fields: self.quote_fields.clone(),
        };
        let Some(given) = self.path.clone().or_else(|| self.literal_path.clone()) else {
            return Fault::new("CannotSpecifyPathAndLiteralPath", "Name the file with -Path or -LiteralPath.")
                .category(ErrorCategory::InvalidArgument)
                .err();
        };
        if !run.should_process(&given, "Export-Csv")? {
            self.skip = true;
            return Ok(());
        }
        let path = file_path(run.session, &given);
        self.open(&given, &path)
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let value = std::mem::take(&mut self.input_object);
        if self.skip || value.is_null() {
            return Ok(());
        }
        let mut text = String::new();
        match &self.columns {
            None => {
                let found = columns(run.session, &value)?;
                if self.include_type.0 {
                    text.push_str(&type_line(&value));
                    text.push('\n');
                }
                if !self.no_header.0 {
                    text.push_str(&self.layout.header(&found));
                    text.push('\n');
                }
                self.columns = Some(found);
            }
            Some(wanted) if self.append.0 && !self.force.0 => {
                let found = columns(run.session, &value)?;
                let missing = wanted.iter().find(|name| !found.iter().any(|known| known.eq_ignore_ascii_case(name)));
                if let Some(name) = missing {
                    let message = format!(
                        "The object has no property '{name}', which the file has a column for; -Force leaves it empty."
                    );
                    return Fault::new("CannotAppendCsvWithMismatchedPropertyNames", message)
                        .exception("System.InvalidOperationException")
                        .category(ErrorCategory::InvalidData)
                        .target(value)
                        .err();
                }
            }
            Some(_) => {}
        }
        if let Some(columns) = &self.columns {
            self.layout.row(run.session, columns, &value, &mut text)?;
        }
        text.push('\n');
        self.write(&text)
    }

    fn end(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        match self.file.as_mut().map(Write::flush) {
            Some(Err(error)) => io_fault(&error, Path::new("")).err(),
            Some(Ok(())) | None => Ok(()),
        }
    }
}

impl ExportCsv {
    fn open(&mut self, given: &str, path: &Path) -> Outcome<()> {
        if self.no_clobber.0 && !self.append.0 && path.exists() {
            return Fault::new("NoClobber", format!("The file '{given}' is there already."))
                .exception("System.IO.IOException")
                .category(ErrorCategory::ResourceExists)
                .target(given)
                .err();
        }
        if self.append.0 {
            let before = fs::read_to_string(path).unwrap_or_default();
            let mut records = Records::new(&before, self.layout.delimiter);
            let mut names = Vec::new();
            if records.next(&mut names) {
                self.columns = Some(names);
            }
        }
        let opened =
            if self.append.0 { OpenOptions::new().create(true).append(true).open(path) } else { File::create(path) };
        let mut file = opened.map_err(|error| io_fault(&error, path))?;
        if let (Some(encoding), false) = (self.text_encoding()?, self.append.0) {
            file.write_all(encoding.preamble()).map_err(|error| io_fault(&error, path))?;
        }
        self.file = Some(BufWriter::with_capacity(1 << 16, file));
        Ok(())
    }

    fn text_encoding(&self) -> Outcome<Option<TextEncoding>> {
        self.encoding.as_ref().map(crate::commands::general::object::encoding).transpose()
    }

    fn write(&mut self, text: &str) -> Outcome<()> {
        let encoding = self.text_encoding()?;
        let Some(file) = &mut self.file else { return Ok(()) };
        let written = match encoding {
            Some(encoding) => file.write_all(&encoding.encode(text)),
            None => file.write_all(text.as_bytes()),
        };
        written.map_err(|error| io_fault(&error, Path::new("")).into())
    }
}

cmdlet! {
    /// A CSV file as objects.
    pub(crate) struct ImportCsv = "Import-Csv", class "Microsoft.PowerShell.Commands.ImportCsvCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("DelimiterPath"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Reads a file of comma-separated values as objects.",
        examples: &[("Import-Csv rooms.csv", "One object per line.")], outputs: &[],
    }
    parameters {
        delimiter: Option<u16> = ParameterSpec::new("Delimiter").sets(&[SetMembership::of("").position(1)]),
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[
            SetMembership::of("DelimiterPath").mandatory().position(0).by_value(),
        ]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[
            SetMembership::of("DelimiterLiteralPath").mandatory().by_property(),
        ]),
        use_culture: Switch = ParameterSpec::new("UseCulture"),
        header: Vec<Str> = ParameterSpec::new("Header").sets(&[SetMembership::of("").position(2)]),
        encoding: Option<Value> = ParameterSpec::new("Encoding"),
    }
    state {}
}

impl Cmdlet for ImportCsv {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let mut paths = Vec::new();
        for given in &self.path {
            paths.extend(matching_paths(run.session, given)?);
        }
        for given in &self.literal_path {
            paths.push(file_path(run.session, given));
        }
        for path in paths {
            let read = match fs::File::open(&path) {
                Ok(file) => self.read(run, file)?,
                Err(error) => Err(error),
            };
            if let Err(error) = read {
                run.error(io_fault(&error, &path))?;
            }
        }
        Ok(())
    }
}

impl ImportCsv {
    /// Record by record: memory holds one buffer and the longest record.
    fn read(&self, run: &mut Invocation<'_>, file: fs::File) -> Outcome<io::Result<()>> {
        let encoding = match &self.encoding {
            Some(named) => crate::commands::general::object::encoding(named)?,
            None => TextEncoding::Utf8,
        };
        let mut reader = TextReader::new(file, encoding);
        let delimiter = delimiter(self.delimiter, self.use_culture.0);
        let header = match read_whole(&mut reader, delimiter, |records| Table::open(records, &self.header)) {
            Ok(header) => header?,
            Err(error) => return Ok(Err(error)),
        };
        let Some(header) = header else { return Ok(Ok(())) };
        if header.made_up {
            run.warning("Columns without a name in the header were named H1, H2 and so on.")?;
        }
        let mut fields = Vec::new();
        loop {
            match read_whole(&mut reader, delimiter, |records| records.next(&mut fields)) {
                Ok(true) => run.write(header.table.object(&mut fields))?,
                Ok(false) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            }
        }
    }
}

/// Reads something of what is buffered, again with more of the file where it went to the end of the buffer.
fn read_whole<T>(
    reader: &mut TextReader<fs::File>,
    delimiter: char,
    mut read: impl FnMut(&mut Records<'_>) -> T,
) -> io::Result<T> {
    loop {
        let text = reader.buffered();
        let mut records = Records::new(text, delimiter);
        let result = read(&mut records);
        let left = records.left();
        if left > 0 || !reader.more()? {
            let used = reader.buffered().len() - left;
            reader.skip(used);
            return Ok(result);
        }
    }
}
