//! `$PSStyle`: the control sequences that output is shown with, as tables of data.

use crate::runtime::{Session, object};
use crate::syntax::{self, Source};
use crate::value::{Hashtable, Member, ScriptBlock, Str, TypeRef, Value};

/// Sequences of a part of `$PSStyle`, without escape and `m`.
type Table = &'static [(&'static str, &'static str)];

const TEXT: Table = &[
    ("Reset", "0"),
    ("BlinkOff", "25"),
    ("Blink", "5"),
    ("BoldOff", "22"),
    ("Bold", "1"),
    ("DimOff", "22"),
    ("Dim", "2"),
    ("Hidden", "8"),
    ("HiddenOff", "28"),
    ("Reverse", "7"),
    ("ReverseOff", "27"),
    ("ItalicOff", "23"),
    ("Italic", "3"),
    ("UnderlineOff", "24"),
    ("Underline", "4"),
    ("StrikethroughOff", "29"),
    ("Strikethrough", "9"),
];
const FORMATTING: Table = &[
    ("FormatAccent", "32;1"),
    ("TableHeader", "32;1"),
    ("CustomTableHeaderLabel", "32;1;3"),
    ("ErrorAccent", "36;1"),
    ("Error", "31;1"),
    ("Warning", "33;1"),
    ("Verbose", "33;1"),
    ("Debug", "33;1"),
    ("FeedbackName", "33"),
    ("FeedbackText", "96"),
    ("FeedbackAction", "97"),
];
const FILES: Table = &[("Directory", "44;1"), ("SymbolicLink", "36;1"), ("Executable", "32;1")];
const EXTENSIONS: Table = &[
    (".zip", "31;1"),
    (".tgz", "31;1"),
    (".gz", "31;1"),
    (".tar", "31;1"),
    (".nupkg", "31;1"),
    (".cab", "31;1"),
    (".7z", "31;1"),
    (".ps1", "33;1"),
    (".psd1", "33;1"),
    (".psm1", "33;1"),
    (".ps1xml", "33;1"),
];
/// Names of the sixteen colours and their numbers in front; behind they are greater by ten.
const COLOURS: [(&str, u8); 16] = [
    ("Black", 30),
    ("BrightBlack", 90),
    ("White", 37),
    ("BrightWhite", 97),
    ("Red", 31),
    ("BrightRed", 91),
    ("Magenta", 35),
    ("BrightMagenta", 95),
    ("Blue", 34),
    ("BrightBlue", 94),
    ("Cyan", 36),
    ("BrightCyan", 96),
    ("Green", 32),
    ("BrightGreen", 92),
    ("Yellow", 33),
    ("BrightYellow", 93),
];

const HYPERLINK: &str = "param([string]$text, [uri]$link) \"`e]8;;$link`e\\$text`e]8;;`e\\\"";

/// The sequence of a colour given by one number or by three.
fn from_rgb(layer: &str) -> String {
    let parts = "if ($args.Count -eq 1) { $rgb = [int]$args[0]; \
                 $r, $g, $b = (($rgb -shr 16) -band 255), (($rgb -shr 8) -band 255), ($rgb -band 255) } \
                 else { $r, $g, $b = [byte]$args[0], [byte]$args[1], [byte]$args[2] }";
    format!("{parts}\n\"`e[{layer};2;$r;$g;${{b}}m\"")
}

/// `$PSStyle` of a new session. `NO_COLOR` means plain text.
pub(super) fn value(session: &Session) -> Value {
    let plain = session.environment.get("NO_COLOR").is_some_and(|value| !value.is_empty());
    let rendering = TypeRef::OUTPUT_RENDERING.enum_value(if plain { "PlainText" } else { "Host" });
    let mut properties = sequences(TEXT);
    properties.extend([
        ("OutputRendering", rendering.unwrap_or_default()),
        ("Formatting", part("FormattingData", sequences(FORMATTING))),
        ("Progress", part("ProgressConfiguration", progress())),
        ("FileInfo", part("FileInfoFormatting", files())),
        ("Foreground", colours("ForegroundColor", 0, "38")),
        ("Background", colours("BackgroundColor", 10, "48")),
    ]);
    with_method(object("System.Management.Automation.PSStyle", properties), "FormatHyperlink", HYPERLINK)
}

fn part(kind: &str, properties: Vec<(&str, Value)>) -> Value {
    object(&format!("System.Management.Automation.PSStyle+{kind}"), properties)
}

fn sequence(codes: &str) -> Value {
    Value::from(format!("\x1b[{codes}m"))
}

fn sequences(table: Table) -> Vec<(&'static str, Value)> {
    table.iter().map(|(name, codes)| (*name, sequence(codes))).collect()
}

fn progress() -> Vec<(&'static str, Value)> {
    vec![
        ("Style", sequence("33;1")),
        ("MaxWidth", Value::I32(120)),
        ("View", "Minimal".into()),
        ("UseOSCIndicator", Value::Bool(false)),
    ]
}

fn files() -> Vec<(&'static str, Value)> {
    let extensions = Hashtable::plain();
    for (extension, codes) in EXTENSIONS {
        extensions.insert_text(Str::from(*extension), sequence(codes));
    }
    let mut properties = sequences(FILES);
    properties.push(("Extension", Value::Hashtable(extensions)));
    properties
}

fn colours(kind: &str, add: u8, layer: &str) -> Value {
    let shades = COLOURS.iter().map(|(name, code)| (*name, sequence(&(code + add).to_string()))).collect();
    with_method(part(kind, shades), "FromRgb", &from_rgb(layer))
}

fn with_method(value: Value, name: &str, code: &str) -> Value {
    let source = Source::anonymous(code);
    let block = ScriptBlock::new(syntax::parse(&source).ast, source);
    if let Value::Object(object) = &value {
        object.extension.make().borrow_mut().members.insert(Str::from(name), Member::Method(block));
    }
    value
}
