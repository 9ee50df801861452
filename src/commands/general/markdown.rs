//! Markdown: `ConvertFrom-Markdown` makes HTML or text with escape sequences of it, `Show-Markdown` shows that, and
//! `Get-` and `Set-MarkdownOption` say how each part looks.

use super::object::{file_path, io_fault};
use crate::cmdlet;
use crate::runtime::cmdlet::Switch;
use crate::runtime::providers::Provider;
use crate::runtime::{
    Cmdlet, CmdletSpec, ConfirmImpact, Invocation, ParameterSpec, Session, SetMembership, Validation, object,
};
use crate::syntax::Source;
use crate::value::members::library::io::FileSystemEntry;
use crate::value::{ErrorCategory, Fault, Member, Outcome, Str, Value, convert, members};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::collections::HashMap;

/// This family.
pub(crate) const CMDLETS: &[&CmdletSpec] =
    &[&ConvertFromMarkdown::SPEC, &ShowMarkdown::SPEC, &GetMarkdownOption::SPEC, &SetMarkdownOption::SPEC];

const INFO: &str = "Microsoft.PowerShell.MarkdownRender.MarkdownInfo";
const OPTIONS: &str = "Microsoft.PowerShell.MarkdownRender.PSMarkdownOptionInfo";

/// Parts, and how each looks in dark and in light surroundings.
const PARTS: [(&str, &str, &str); 11] = [
    ("Header1", "[7m", "[7m"),
    ("Header2", "[4;93m", "[4;33m"),
    ("Header3", "[4;94m", "[4;34m"),
    ("Header4", "[4;95m", "[4;35m"),
    ("Header5", "[4;96m", "[4;36m"),
    ("Header6", "[4;97m", "[4;30m"),
    ("Code", "[48;2;155;155;155;38;2;30;30;30m", "[48;2;155;155;155;38;2;30;30;30m"),
    ("Link", "[4;38;5;117m", "[4;38;5;117m"),
    ("Image", "[33m", "[33m"),
    ("EmphasisBold", "[1m", "[1m"),
    ("EmphasisItalics", "[36m", "[36m"),
];

/// How the session shows Markdown: the object that scripts see.
#[derive(Default)]
struct Kept(Option<Value>);

/// The session's options, those for dark surroundings at first.
fn options(session: &mut Session) -> Value {
    if let Some(kept) = session.extension::<Kept>().0.clone() {
        return kept;
    }
    let made = themed(session, false);
    session.extension::<Kept>().0 = Some(made.clone());
    made
}

fn themed(session: &mut Session, light: bool) -> Value {
    let look =
        |(name, dark, bright): &(&'static str, &str, &str)| (*name, Value::from(if light { *bright } else { *dark }));
    let mut rows: Vec<(&str, Value)> = PARTS.iter().map(look).collect();
    rows.push(("EnableVT100Encoding", Value::Bool(true)));
    let made = object(OPTIONS, rows);
    const SEQUENCE: &str = "param($name) $look = $this.$name; \"$([char]27)$look$look$([char]27)[0m\"";
    // The text is ours and parses.
    if let Ok(block) = session.parse_block(Source::anonymous(SEQUENCE)) {
        return members::add_member(&made, "AsEscapeSequence", Member::Method(block));
    }
    made
}

cmdlet! {
    /// `ConvertFrom-Markdown`.
    pub(crate) struct ConvertFromMarkdown = "ConvertFrom-Markdown", class "Microsoft.PowerShell.Commands.ConvertFromMarkdownCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("PathParamSet"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Makes HTML or text for the terminal of Markdown.",
        examples: &[("('# Title' | ConvertFrom-Markdown).Html", "<h1 id=\"title\">Title</h1>\n\n")], outputs: &[INFO],
    }
    parameters {
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("PathParamSet").mandatory().position(0)]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[SetMembership::of("LiteralParamSet").mandatory()]),
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("InputObjParamSet").mandatory().position(0).by_value()]),
        terminal: Switch = ParameterSpec::new("AsVT100EncodedString"),
    }
    state {}
}

impl Cmdlet for ConvertFromMarkdown {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let input = self.input.clone();
        if !input.is_null() {
            return self.of_object(run, &input);
        }
        for path in self.path.clone().iter().chain(&self.literal.clone()) {
            self.of_file(run, path)?;
        }
        Ok(())
    }
}

impl ConvertFromMarkdown {
    fn of_object(&self, run: &mut Invocation<'_>, input: &Value) -> Outcome<()> {
        match members::bare(input) {
            Value::Str(text) => self.give(run, text),
            Value::Native(native) if native.downcast::<FileSystemEntry>().is_some() => {
                let path = members::get(run.session, input, "FullName")?.unwrap_or_default();
                self.of_file(run, &convert::to_text(&path))
            }
            other => {
                let text = format!("Markdown is read from a text or a file, not from '{}'.", convert::to_text(other));
                let fault = Fault::new("InvalidInputObject", text)
                    .category(ErrorCategory::InvalidArgument)
                    .exception("System.InvalidOperationException")
                    .target(input.clone());
                run.error(fault)
            }
        }
    }

    fn of_file(&self, run: &mut Invocation<'_>, path: &str) -> Outcome<()> {
        if let Ok(place) = run.session.provider_path(path)
            && place.drive.provider != Provider::FileSystem
        {
            let fault = Fault::new("OnlyFileSystemPathsSupported", format!("'{path}' is no file."))
                .category(ErrorCategory::InvalidArgument)
                .exception("System.ArgumentException")
                .target(path);
            return run.error(fault);
        }
        let file = file_path(run.session, path);
        match std::fs::read_to_string(&file) {
            Ok(text) => self.give(run, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let fault = Fault::new("FileNotFound", format!("There is no file '{}'.", file.display()))
                    .category(ErrorCategory::ObjectNotFound)
                    .exception("System.IO.FileNotFoundException")
                    .target(path);
                run.error(fault)
            }
            Err(error) => run.error(io_fault(&error, &file)),
        }
    }

    fn give(&self, run: &mut Invocation<'_>, text: &str) -> Outcome<()> {
        let looks = options(run.session);
        let (page, terminal) = match self.terminal.0 {
            true => (Value::Null, Value::from(Terminal::new(run.session, &looks)?.draw(text))),
            false => (Value::from(web_page(text)), Value::Null),
        };
        run.write(object(INFO, vec![("Html", page), ("VT100EncodedString", terminal), ("Tokens", Value::Null)]))
    }
}

fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    let more =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    Parser::new_ext(text, more)
}

/// HTML, with a name on each heading that links can lead to.
fn web_page(text: &str) -> String {
    let mut all: Vec<Event<'_>> = events(text).collect();
    let mut used: HashMap<String, usize> = HashMap::new();
    for at in 0..all.len() {
        if !matches!(all.get(at), Some(Event::Start(Tag::Heading { .. }))) {
            continue;
        }
        let inner = all.iter().skip(at + 1).take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
        let title: String = inner.filter_map(plain).collect();
        let name = unique(heading_name(&title), &mut used);
        if let Some(Event::Start(Tag::Heading { id, .. })) = all.get_mut(at) {
            *id = Some(CowStr::from(name));
        }
    }
    let mut page = String::new();
    html::push_html(&mut page, all.into_iter());
    page
}

fn plain<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

/// A heading as the name of a place: small letters, digits, dashes for blanks.
fn heading_name(title: &str) -> String {
    let keep = |c: char| match c {
        ' ' | '-' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '_' | '.') => c.to_lowercase().next(),
        _ => None,
    };
    let name: String = title.trim().chars().filter_map(keep).collect();
    if name.is_empty() { "section".to_owned() } else { name }
}

fn unique(name: String, used: &mut HashMap<String, usize>) -> String {
    let seen = used.entry(name.clone()).or_insert(0);
    *seen += 1;
    if *seen == 1 { name } else { format!("{name}-{}", *seen - 1) }
}

/// Draws Markdown for a terminal.
struct Terminal {
    looks: HashMap<&'static str, String>,
    enabled: bool,
}

impl Terminal {
    fn new(session: &mut Session, looks: &Value) -> Outcome<Terminal> {
        let mut found = HashMap::new();
        for (name, ..) in PARTS {
            let look = members::get(session, looks, name)?.unwrap_or_default();
            found.insert(name, convert::to_text(&look).to_string());
        }
        let enabled = members::get(session, looks, "EnableVT100Encoding")?.is_none_or(|on| convert::to_bool(&on));
        Ok(Terminal { looks: found, enabled })
    }

    fn in_look(&self, part: &str, text: &str) -> String {
        match self.looks.get(part).filter(|_| self.enabled) {
            Some(look) => format!("\u{1b}{look}{text}\u{1b}[0m"),
            None => text.to_owned(),
        }
    }

    fn draw(&self, text: &str) -> String {
        let mut out = String::new();
        // What is being collected: the texts of open inline parts, innermost last.
        let mut open: Vec<String> = vec![String::new()];
        let mut lists: Vec<Option<u64>> = Vec::new();
        let mut ends_in_text = false;
        for event in events(text) {
            let was_text = matches!(event, Event::Text(_) | Event::Code(_)) && open.len() == 1;
            match event {
                Event::Start(
                    Tag::Emphasis
                    | Tag::Strong
                    | Tag::Link { .. }
                    | Tag::Image { .. }
                    | Tag::Heading { .. }
                    | Tag::CodeBlock(_),
                ) => open.push(String::new()),
                Event::End(end) => self.close(end, &mut open, &mut lists, &mut out, ends_in_text),
                Event::Start(Tag::List(first)) => lists.push(first),
                Event::Start(Tag::Item) => {
                    let mark = match lists.last_mut() {
                        Some(Some(number)) => {
                            *number += 1;
                            format!("{}. ", *number - 1)
                        }
                        _ => "- ".to_owned(),
                    };
                    put(&mut open, &format!("{}{mark}", "  ".repeat(lists.len().saturating_sub(1))));
                }
                Event::Text(text) => put(&mut open, &text),
                Event::Code(code) => put(&mut open, &self.in_look("Code", &code)),
                Event::SoftBreak | Event::HardBreak => put(&mut open, "\n"),
                _ => {}
            }
            ends_in_text = was_text;
        }
        out.push_str(&open.concat());
        out
    }

    fn close(
        &self,
        end: TagEnd,
        open: &mut Vec<String>,
        lists: &mut Vec<Option<u64>>,
        out: &mut String,
        ends_in_text: bool,
    ) {
        match end {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image => {
                let inner = open.pop().unwrap_or_default();
                let drawn = match end {
                    TagEnd::Emphasis => self.in_look("EmphasisItalics", &inner),
                    TagEnd::Strong => self.in_look("EmphasisBold", &inner),
                    TagEnd::Link => self.in_look("Link", &format!("\"{inner}\"")),
                    _ if inner.is_empty() => self.in_look("Image", "[Image]"),
                    _ => self.in_look("Image", &format!("[{inner}]")),
                };
                put(open, &drawn);
            }
            TagEnd::Heading(level) => {
                let inner = open.pop().unwrap_or_default();
                if !inner.is_empty() {
                    out.push_str(&format!("{}\n\n", self.in_look(heading_part(level), &inner)));
                }
            }
            TagEnd::CodeBlock => {
                let inner = open.pop().unwrap_or_default();
                let fill = if self.enabled { "\u{1b}[500@" } else { "" };
                let lines: Vec<String> = inner
                    .trim_end_matches('\n')
                    .split('\n')
                    .map(|line| self.in_look("Code", &format!("{line}{fill}")))
                    .collect();
                if !inner.is_empty() {
                    out.push_str(&format!("{}\n\n", lines.join("\n")));
                }
            }
            TagEnd::Paragraph => {
                out.push_str(&std::mem::take(open.last_mut().unwrap_or(&mut String::new())));
                out.push_str(if ends_in_text { "\n\n" } else { "\n" });
            }
            TagEnd::Item => {
                let inner = std::mem::take(open.last_mut().unwrap_or(&mut String::new()));
                out.push_str(&inner);
                if !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            TagEnd::List(_) => {
                lists.pop();
                if lists.is_empty() {
                    out.push('\n');
                }
            }
            _ => {}
        }
    }
}

fn put(open: &mut [String], text: &str) {
    if let Some(inner) = open.last_mut() {
        inner.push_str(text);
    }
}

fn heading_part(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "Header1",
        HeadingLevel::H2 => "Header2",
        HeadingLevel::H3 => "Header3",
        HeadingLevel::H4 => "Header4",
        HeadingLevel::H5 => "Header5",
        HeadingLevel::H6 => "Header6",
    }
}

cmdlet! {
    /// `Show-Markdown`.
    pub(crate) struct ShowMarkdown = "Show-Markdown", class "Microsoft.PowerShell.Commands.ShowMarkdownCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some("Path"), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Shows Markdown in the terminal.", examples: &[], outputs: &["System.String"],
    }
    parameters {
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("InputObject").mandatory().by_value()]),
        path: Vec<Str> = ParameterSpec::new("Path").sets(&[SetMembership::of("Path").mandatory().position(0).by_property()]),
        literal: Vec<Str> = ParameterSpec::new("LiteralPath").alias(&["PSPath", "LP"]).sets(&[SetMembership::of("LiteralPath").mandatory().by_property()]),
        browser: Switch = ParameterSpec::new("UseBrowser"),
    }
    state {}
}

impl Cmdlet for ShowMarkdown {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let input = self.input.clone();
        if let Some(shown) = members::get(run.session, &input, "VT100EncodedString")?.filter(|text| !text.is_null()) {
            return run.write(shown);
        }
        let looks = options(run.session);
        let terminal = Terminal::new(run.session, &looks)?;
        if let Value::Str(text) = members::bare(&input) {
            return run.write(Value::from(terminal.draw(text)));
        }
        for path in self.path.clone().iter().chain(&self.literal.clone()) {
            let file = file_path(run.session, path);
            match std::fs::read_to_string(&file) {
                Ok(text) => run.write(Value::from(terminal.draw(&text)))?,
                Err(error) => run.error(io_fault(&error, &file))?,
            }
        }
        Ok(())
    }
}

cmdlet! {
    /// `Get-MarkdownOption`.
    pub(crate) struct GetMarkdownOption = "Get-MarkdownOption", class "Microsoft.PowerShell.Commands.GetMarkdownOptionCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: None, should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Gets how Markdown looks in the terminal.",
        examples: &[("(Get-MarkdownOption).Header1", "[7m\n")], outputs: &[OPTIONS],
    }
    parameters {}
    state {}
}

impl Cmdlet for GetMarkdownOption {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let kept = options(run.session);
        let copy = themed(run.session, false);
        for name in PARTS.iter().map(|part| part.0).chain(Some("EnableVT100Encoding")) {
            let look = members::get(run.session, &kept, name)?.unwrap_or_default();
            members::set(run.session, &copy, name, look)?;
        }
        run.write(copy)
    }
}

const LOOK: &str = "IndividualSetting";

cmdlet! {
    /// `Set-MarkdownOption`.
    pub(crate) struct SetMarkdownOption = "Set-MarkdownOption", class "Microsoft.PowerShell.Commands.SetMarkdownOptionCommand",
        module "Microsoft.PowerShell.Utility" {
        default_set: Some(LOOK), should_process: false, impact: ConfirmImpact::Medium,
        synopsis: "Sets how Markdown looks in the terminal.", examples: &[], outputs: &[OPTIONS],
    }
    parameters {
        header1: Option<Str> = ParameterSpec::new("Header1Color").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        header2: Option<Str> = ParameterSpec::new("Header2Color").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        header3: Option<Str> = ParameterSpec::new("Header3Color").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        header4: Option<Str> = ParameterSpec::new("Header4Color").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        header5: Option<Str> = ParameterSpec::new("Header5Color").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        header6: Option<Str> = ParameterSpec::new("Header6Color").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        code: Option<Str> = ParameterSpec::new("Code").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        link: Option<Str> = ParameterSpec::new("LinkForegroundColor").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        image: Option<Str> = ParameterSpec::new("ImageAltTextForegroundColor").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        bold: Option<Str> = ParameterSpec::new("BoldForegroundColor").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        italics: Option<Str> = ParameterSpec::new("ItalicsForegroundColor").validate(&[Validation::Pattern(r"^\[*[0-9;]*?m{1}")]).sets(&[SetMembership::of(LOOK)]),
        pass_thru: Switch = ParameterSpec::new("PassThru"),
        theme: Option<Str> = ParameterSpec::new("Theme").validate(&[Validation::Set(&["Dark", "Light"])])
            .sets(&[SetMembership::of("Theme").mandatory().position(0)]),
        input: Value = ParameterSpec::new("InputObject").sets(&[SetMembership::of("InputObject").mandatory().position(0).by_value()]),
    }
    state {}
}

impl Cmdlet for SetMarkdownOption {
    fn process(&mut self, run: &mut Invocation<'_>) -> Outcome<()> {
        let wanted = match (&self.theme, run.parameter_set().as_str()) {
            (Some(theme), _) => themed(run.session, theme.eq_ignore_ascii_case("Light")),
            (None, "InputObject") => self.input.clone(),
            _ => options(run.session),
        };
        let given = [
            &self.header1,
            &self.header2,
            &self.header3,
            &self.header4,
            &self.header5,
            &self.header6,
            &self.code,
            &self.link,
            &self.image,
            &self.bold,
            &self.italics,
        ];
        for ((name, ..), look) in PARTS.iter().zip(given) {
            if let Some(look) = look {
                members::set(run.session, &wanted, name, Value::Str(look.clone()))?;
            }
        }
        run.session.extension::<Kept>().0 = Some(wanted.clone());
        if self.pass_thru.0 { run.write(wanted) } else { Ok(()) }
    }
}
