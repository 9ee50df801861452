//! `Select-String`: lines of files or of the pipeline that match.

use super::object::{encoding, matching_paths, typed_object};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::{Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, SetMembership, Validation};
use crate::value::encoding::{TextEncoding, TextReader};
use crate::value::members::library::{io::FileSystemEntry, regex};
use crate::value::pattern::{Captures, Options, Pattern};
use crate::value::wildcard::Wildcard;
use crate::value::{
    Array, ErrorCategory, ExtensionSlot, Fault, Outcome, PsObject, Shape, Str, TypeRef, Value, collate, convert,
};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The cmdlets of this family.
pub(super) const CMDLETS: &[&CmdletSpec] = &[&SelectString::SPEC];

cmdlet! {
    /// Finds text in files and strings.
    pub(crate) struct SelectString = "Select-String", class "Microsoft.PowerShell.Commands.SelectStringCommand", module "Microsoft.PowerShell.Utility" {
        default_set: Some("File"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Finds lines that match a pattern, in files or among the objects of the pipeline.",
        examples: &[("'one', 'two' | Select-String '^o'", "The first line.")],
        outputs: &["Microsoft.PowerShell.Commands.MatchInfo", "System.Boolean", "System.String"],
    }
    parameters {
        culture: Option<Str> = ParameterSpec::new("Culture"),
        input_object: Value = ParameterSpec::new("InputObject").allow_null().allow_empty()
            .sets(&[SetMembership::of("Object").mandatory().by_value(), SetMembership::of("ObjectRaw").mandatory().by_value()]),
        patterns: Vec<Str> = ParameterSpec::new("Pattern").allow_empty()
            .sets(&[SetMembership::of("").mandatory().position(0)]),
        path: Vec<Str> = ParameterSpec::new("Path")
            .sets(&[
                SetMembership::of("File").mandatory().position(1).by_property(),
                SetMembership::of("FileRaw").mandatory().position(1).by_property(),
            ]),
        literal_path: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"])
            .sets(&[
                SetMembership::of("LiteralFile").mandatory().by_property(),
                SetMembership::of("LiteralFileRaw").mandatory().by_property(),
            ]),
        raw: Switch = ParameterSpec::new("Raw")
            .sets(&[SetMembership::of("FileRaw").mandatory(), SetMembership::of("ObjectRaw").mandatory(), SetMembership::of("LiteralFileRaw").mandatory()]),
        simple: Switch = ParameterSpec::new("SimpleMatch"),
        case_sensitive: Switch = ParameterSpec::new("CaseSensitive"),
        quiet: Switch = ParameterSpec::new("Quiet")
            .sets(&[SetMembership::of("File"), SetMembership::of("Object"), SetMembership::of("LiteralFile")]),
        list: Switch = ParameterSpec::new("List"),
        no_emphasis: Switch = ParameterSpec::new("NoEmphasis"),
        include: Vec<Str> = ParameterSpec::new("Include"),
        exclude: Vec<Str> = ParameterSpec::new("Exclude"),
        not_match: Switch = ParameterSpec::new("NotMatch"),
        all_matches: Switch = ParameterSpec::new("AllMatches"),
        encoding: Option<Value> = ParameterSpec::new("Encoding"),
        context: Vec<i32> = ParameterSpec::new("Context").validate(&[Validation::Count(1, 2)]),
    }
    state { search: Option<Search>, stream: Vec<Str>, number: u64, answered: bool }
}

/// The names of a match's properties, shared by all matches.
const PROPERTIES: [&str; 8] = ["IgnoreCase", "LineNumber", "Line", "Filename", "Path", "Pattern", "Context", "Matches"];

/// How one pattern is looked for.
enum Needle {
    Regex(Rc<Pattern>),
    Simple(Str),
}

/// Patterns and options, ready.
pub(crate) struct Search {
    needles: Vec<(Str, Needle)>,
    case_sensitive: bool,
    inverted: bool,
    all: bool,
    before: usize,
    after: usize,
    shape: Rc<Shape>,
}

/// What a line was found by.
struct Hit {
    pattern: Str,
    matches: Vec<Value>,
}

/// Where lines come from.
struct Place {
    file: Value,
    path: Value,
}

impl Search {
    /// Whether a line is to be shown, and by which pattern.
    fn hit(&self, line: &str) -> Outcome<Option<Hit>> {
        for (source, needle) in &self.needles {
            let found = match needle {
                Needle::Simple(text) => self.contains(line, text).then(Vec::new),
                Needle::Regex(pattern) => self.matches(pattern, line)?,
            };
            if let Some(matches) = found {
                return Ok((!self.inverted).then(|| Hit { pattern: source.clone(), matches }));
            }
        }
        Ok(self.inverted.then(|| Hit { pattern: self.first_pattern(), matches: Vec::new() }))
    }

    fn first_pattern(&self) -> Str {
        self.needles.first().map(|(source, _)| source.clone()).unwrap_or_default()
    }

    fn contains(&self, line: &str, text: &str) -> bool {
        if self.case_sensitive || text.is_empty() {
            return line.contains(text);
        }
        line.char_indices()
            .any(|(at, _)| line.get(at..at + text.len()).is_some_and(|part| collate::equal_ignoring_case(part, text)))
    }

    fn matches(&self, pattern: &Rc<Pattern>, line: &str) -> Outcome<Option<Vec<Value>>> {
        if self.inverted {
            return Ok(pattern.is_match(line)?.then(Vec::new));
        }
        let limit = if self.all { usize::MAX } else { 1 };
        let found = pattern.find_all(line, 0, limit)?;
        if found.is_empty() {
            return Ok(None);
        }
        let input = Str::from(line);
        let value = |found| regex::match_value(Captures { input: input.clone(), pattern: pattern.clone(), found });
        Ok(Some(found.into_iter().map(value).collect()))
    }

    /// The `MatchInfo` of a line.
    fn match_info(&self, number: u64, line: &str, place: &Place, hit: Hit, context: Value) -> Value {
        let values = vec![
            Value::Bool(!self.case_sensitive),
            Value::U64(number),
            Value::from(line),
            place.file.clone(),
            place.path.clone(),
            Value::Str(hit.pattern),
            context,
            Value::Array(Array::typed(TypeRef::MATCH, hit.matches)),
        ];
        Value::Object(Rc::new(PsObject {
            kind: TypeRef::MATCH_INFO,
            shape: self.shape.clone().into(),
            values: values.into(),
            extension: ExtensionSlot::default(),
        }))
    }

    /// The lines around one, where they are asked for.
    fn context(&self, lines: &[&str], index: usize) -> Value {
        if self.before + self.after == 0 {
            return Value::Null;
        }
        let strings = |part: &[&str]| {
            Value::Array(Array::typed(TypeRef::STRING, part.iter().map(|line| Value::from(*line)).collect()))
        };
        let before = lines.get(index.saturating_sub(self.before)..index).unwrap_or_default();
        let end = (index + 1 + self.after).min(lines.len());
        let after = lines.get(index + 1..end).unwrap_or_default();
        Value::Object(typed_object(
            TypeRef::MATCH_INFO_CONTEXT,
            vec![
                ("PreContext", strings(before)),
                ("PostContext", strings(after)),
                ("DisplayPreContext", strings(before)),
                ("DisplayPostContext", strings(after)),
            ],
        ))
    }
}

impl Cmdlet for SelectString {
    fn begin(&mut self, _: &mut Invocation<'_>) -> Outcome<()> {
        if self.culture.is_some() && !self.simple.0 {
            return Fault::new("CannotSpecifyCultureWithoutSimpleMatch", "-Culture is for -SimpleMatch only.")
                .category(ErrorCategory::InvalidData)
                .exception("System.InvalidOperationException")
                .err();
        }
        let options = if self.case_sensitive.0 { Options::NONE } else { Options::IGNORE_CASE };
        let mut needles = Vec::new();
        for source in &self.patterns {
            let needle = if self.simple.0 {
                Needle::Simple(source.clone())
            } else {
                Needle::Regex(Pattern::cached(source, options).map_err(|_| invalid(source))?)
            };
            needles.push((source.clone(), needle));
        }
        let lines = |place: usize| {
            let given = self.context.get(place).or(self.context.first());
            given.and_then(|count| usize::try_from(*count).ok()).unwrap_or(0)
        };
        self.search = Some(Search {
            needles,
            case_sensitive: self.case_sensitive.0,
            inverted: self.not_match.0,
            all: self.all_matches.0,
            before: lines(0),
            after: lines(1),
            shape: Rc::new(Shape { names: PROPERTIES.iter().map(|name| Str::from(*name)).collect() }),
        });
        Ok(())
    }

    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if self.answered {
            return Ok(());
        }
        let Some(search) = self.search.take() else { return Ok(()) };
        let outcome = self.process_with(run, &search);
        self.search = Some(search);
        outcome
    }

    fn end(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        if let Some(search) = self.search.take().filter(|search| search.before + search.after > 0) {
            let stream = std::mem::take(&mut self.stream);
            let lines: Vec<&str> = stream.iter().map(Str::as_str).collect();
            self.lines(run, &search, &lines, &stream_place())?;
        }
        if self.quiet.0 && !self.answered {
            return run.write(Value::Bool(false));
        }
        Ok(())
    }
}

fn stream_place() -> Place {
    Place { file: Value::from("InputStream"), path: Value::from("InputStream") }
}

fn invalid(pattern: &str) -> Fault {
    Fault::new("InvalidRegex", format!("'{pattern}' is not a regular expression; -SimpleMatch takes it literally."))
        .exception("System.ArgumentException")
        .category(ErrorCategory::InvalidArgument)
        .target(pattern)
}

impl SelectString {
    fn process_with(&mut self, run: &mut Invocation<'_>, search: &Search) -> Outcome<()> {
        if self.path.is_empty() && self.literal_path.is_empty() {
            let value = std::mem::take(&mut self.input_object);
            return self.object(run, search, value);
        }
        let mut paths = Vec::new();
        for given in &self.path {
            let found = matching_paths(run.session, given)?;
            paths.extend(found.into_iter().map(|path| (given.clone(), path)));
        }
        for given in &self.literal_path {
            paths.push((given.clone(), super::object::file_path(run.session, given)));
        }
        for (given, path) in paths {
            if !self.answered && self.is_wanted(&path)? {
                self.file(run, search, &given, &path)?;
            }
        }
        Ok(())
    }

    fn is_wanted(&self, path: &Path) -> Outcome<bool> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let any = |patterns: &[Str]| -> Outcome<bool> {
            for pattern in patterns {
                if Wildcard::new(pattern, false)?.matches(&name) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        Ok((self.include.is_empty() || any(&self.include)?) && !any(&self.exclude)?)
    }

    fn object(&mut self, run: &mut Invocation<'_>, search: &Search, value: Value) -> Outcome<()> {
        if let Some(path) = file_of(&value) {
            return if self.is_wanted(&path)? {
                self.file(run, search, &path.to_string_lossy(), &path)
            } else {
                Ok(())
            };
        }
        let line = convert::to_text_with(run.session, &value, None)?;
        if search.before + search.after > 0 {
            self.stream.push(line);
            return Ok(());
        }
        self.number += 1;
        match search.hit(&line)? {
            Some(hit) => self.send(run, search, (self.number, &line), &stream_place(), hit, Value::Null),
            None => Ok(()),
        }
    }

    fn file(&mut self, run: &mut Invocation<'_>, search: &Search, given: &str, path: &Path) -> Outcome<()> {
        if path.is_dir() {
            return run.error(unreadable(given, "it is a folder"));
        }
        let file = match fs::File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return run.error(missing(given)),
            Err(error) => return run.error(unreadable(given, &error.to_string())),
        };
        let encoding = self.encoding.as_ref().map_or(Ok(TextEncoding::Utf8), encoding)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let place = Place { file: Value::from(name), path: Value::from(path.to_string_lossy().as_ref()) };
        match self.read(run, search, TextReader::new(file, encoding), &place)? {
            Ok(()) => Ok(()),
            Err(error) => run.error(unreadable(given, &error.to_string())),
        }
    }

    /// Looks through a file line by line; all its lines are kept only where those around a match are wanted.
    fn read(
        &mut self,
        run: &mut Invocation<'_>,
        search: &Search,
        mut reader: TextReader<fs::File>,
        place: &Place,
    ) -> Outcome<io::Result<()>> {
        if search.before + search.after > 0 {
            let mut lines = Vec::new();
            loop {
                match reader.line() {
                    Ok(Some(line)) => lines.push(line.to_owned()),
                    Ok(None) => break,
                    Err(error) => return Ok(Err(error)),
                }
            }
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            return self.lines(run, search, &lines, place).map(Ok);
        }
        let mut number = 0;
        loop {
            let line = match reader.line() {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error)),
            };
            number += 1;
            let Some(hit) = search.hit(line)? else { continue };
            self.send(run, search, (number, line), place, hit, Value::Null)?;
            if self.list.0 || self.answered {
                return Ok(Ok(()));
            }
        }
    }

    fn lines(&mut self, run: &mut Invocation<'_>, search: &Search, lines: &[&str], place: &Place) -> Outcome<()> {
        for (index, line) in lines.iter().enumerate() {
            let Some(hit) = search.hit(line)? else { continue };
            let context = search.context(lines, index);
            self.send(run, search, (index as u64 + 1, line), place, hit, context)?;
            if self.list.0 || self.answered {
                break;
            }
        }
        Ok(())
    }

    fn send(
        &mut self,
        run: &mut Invocation<'_>,
        search: &Search,
        (number, line): (u64, &str),
        place: &Place,
        hit: Hit,
        context: Value,
    ) -> Outcome<()> {
        if self.quiet.0 {
            self.answered = true;
            return run.write(Value::Bool(true));
        }
        if self.raw.0 {
            return run.write(Value::from(line));
        }
        run.write(search.match_info(number, line, place, hit, context))
    }
}

/// The path of a file object.
fn file_of(value: &Value) -> Option<PathBuf> {
    match value {
        Value::Native(native) => native.downcast::<FileSystemEntry>().map(|entry| entry.path().to_path_buf()),
        Value::Wrapped(wrapped) => file_of(&wrapped.base),
        _ => None,
    }
}

fn missing(path: &str) -> Fault {
    Fault::new("PathNotFound", format!("There is no file '{path}'."))
        .exception("System.Management.Automation.ItemNotFoundException")
        .category(ErrorCategory::ObjectNotFound)
        .target(path)
}

fn unreadable(path: &str, why: &str) -> Fault {
    Fault::new("ProcessingFile", format!("The file '{path}' cannot be read: {why}."))
        .exception("System.ArgumentException")
        .category(ErrorCategory::InvalidArgument)
        .target(path)
}
