//! Colours, and errors as people read them. Colour is for terminals only, and NO_COLOR and TERM=dumb are obeyed.

use super::cells;
use super::object;
use crate::value::{Engine, Str};
use std::borrow::Cow;

/// `$PSStyle.OutputRendering`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OutputRendering {
    /// Colour where a terminal shows it.
    #[default]
    Host,
    /// Never.
    PlainText,
    /// Always.
    Ansi,
}

impl OutputRendering {
    /// By name, as `$PSStyle` has it.
    pub(crate) fn parse(name: &str) -> Self {
        match name {
            _ if name.eq_ignore_ascii_case("PlainText") => OutputRendering::PlainText,
            _ if name.eq_ignore_ascii_case("Ansi") => OutputRendering::Ansi,
            _ => OutputRendering::Host,
        }
    }

    /// True where control sequences may be written to a display that shows colours, or does not.
    pub(crate) fn is_coloured(self, display_shows: bool) -> bool {
        match self {
            OutputRendering::PlainText => false,
            OutputRendering::Ansi => true,
            OutputRendering::Host => display_shows,
        }
    }
}

/// Back to normal.
pub(crate) const RESET: &str = "\x1b[0m";

/// `$PSStyle.OutputRendering`.
pub(crate) fn rendering(engine: &mut dyn Engine) -> OutputRendering {
    let style = engine.variable_value("PSStyle").unwrap_or_default();
    let found = object::property(engine, &style, "OutputRendering").ok().flatten();
    found.map_or(OutputRendering::Host, |found| OutputRendering::parse(&object::plain_text(&found)))
}

/// The sequence under a dotted name of `$PSStyle`, whether or not colours are shown.
pub(crate) fn sequence(engine: &mut dyn Engine, path: &str) -> Option<Str> {
    let style = engine.variable_value("PSStyle")?;
    let found = path.split('.').try_fold(style, |at, name| object::property(engine, &at, name).ok().flatten());
    found.map(|found| object::plain_text(&found)).filter(|found| !found.is_empty())
}

/// The sequence under a dotted name of `$PSStyle` where colours are shown.
pub(crate) fn escape(engine: &mut dyn Engine, path: &str) -> Option<Str> {
    let shows = engine.shows_color();
    if rendering(engine).is_coloured(shows) { sequence(engine, path) } else { None }
}

/// Text in a colour, or as it is.
pub(crate) fn paint(text: &str, colour: Option<&str>) -> String {
    match colour {
        Some(colour) => format!("{colour}{text}{RESET}"),
        None => text.to_owned(),
    }
}

/// A text for the display: without control sequences where `$PSStyle` wants plain text.
pub(crate) fn shown<'t>(engine: &mut dyn Engine, text: &'t str) -> Cow<'t, str> {
    match text.contains('\x1b') && rendering(engine) == OutputRendering::PlainText {
        true => cells::strip(text),
        false => Cow::Borrowed(text),
    }
}

/// The sequences that headings and labels are shown with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accents {
    /// Headings of tables.
    pub(crate) header: Option<Str>,
    /// Labels of lists and headings of groups.
    pub(crate) label: Option<Str>,
}

impl Accents {
    /// For text that does not go to a display: only where `$PSStyle` asks for sequences everywhere.
    pub(crate) fn of_text(engine: &mut dyn Engine) -> Self {
        if rendering(engine) == OutputRendering::Ansi { Accents::of(engine) } else { Accents::default() }
    }

    /// As `$PSStyle` has them, where colours are shown.
    pub(crate) fn of(engine: &mut dyn Engine) -> Self {
        let header = escape(engine, "Formatting.TableHeader");
        let label = if header.is_some() { escape(engine, "Formatting.FormatAccent") } else { None };
        Accents { header, label }
    }
}
