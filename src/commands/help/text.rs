//! Help as text, in as much detail as was asked for.

use super::topic::{ParameterTopic, Topic};

/// How much to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Name, synopsis, syntax, description.
    Brief,
    /// And parameters and examples.
    Detailed,
    /// And everything about parameters.
    Full,
    /// Name, synopsis and examples.
    Examples,
}

/// Columns that running text may take.
const WIDTH: usize = 100;

/// The help of a command.
pub(super) fn render(topic: &Topic, detail: Detail) -> String {
    let mut text = String::new();
    section(&mut text, "NAME", &topic.name);
    section(&mut text, "SYNOPSIS", &topic.synopsis);
    if detail != Detail::Examples {
        heading(&mut text, "SYNTAX");
        topic.syntax.iter().for_each(|line| paragraph(&mut text, line, 4));
        section(&mut text, "DESCRIPTION", &topic.description);
    }
    match detail {
        Detail::Brief => remarks(&mut text, topic),
        Detail::Detailed => {
            parameters(&mut text, topic, false);
            examples(&mut text, topic);
        }
        Detail::Full => {
            parameters(&mut text, topic, true);
            if !topic.inputs.is_empty() {
                heading(&mut text, "INPUTS");
                topic.inputs.iter().for_each(|name| paragraph(&mut text, name, 4));
            }
            if !topic.outputs.is_empty() {
                heading(&mut text, "OUTPUTS");
                topic.outputs.iter().for_each(|name| paragraph(&mut text, name, 4));
            }
            if !topic.notes.is_empty() {
                section(&mut text, "NOTES", &topic.notes);
            }
            examples(&mut text, topic);
            if !topic.links.is_empty() {
                heading(&mut text, "RELATED LINKS");
                topic.links.iter().for_each(|link| paragraph(&mut text, link, 4));
            }
        }
        Detail::Examples => examples(&mut text, topic),
    }
    text
}

/// The help of one parameter.
pub(super) fn parameter(parameter: &ParameterTopic, full: bool) -> String {
    let mut text = format!("    -{} <{}>\n", parameter.name, parameter.type_name);
    if !parameter.help.is_empty() {
        paragraph(&mut text, &parameter.help, 8);
    }
    if !parameter.values.is_empty() {
        paragraph(&mut text, &format!("Values: {}.", parameter.values.join(", ")), 8);
    }
    if full {
        let position = parameter.position.map_or_else(|| "named".to_owned(), |position| position.to_string());
        let rows = [
            ("Required?", yes(parameter.required)),
            ("Position?", position.as_str()),
            ("Accepts pipeline input?", parameter.pipeline),
            ("Accepts wildcards?", yes(parameter.wildcards)),
        ];
        rows.iter().for_each(|(label, value)| text.push_str(&format!("        {label:<26}{value}\n")));
        if !parameter.aliases.is_empty() {
            text.push_str(&format!("        {:<26}{}\n", "Aliases", parameter.aliases.join(", ")));
        }
    }
    text.push('\n');
    text
}

fn yes(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

fn heading(text: &mut String, title: &str) {
    text.push_str(title);
    text.push('\n');
}

fn section(text: &mut String, title: &str, body: &str) {
    heading(text, title);
    body.split("\n\n").for_each(|part| paragraph(text, part, 4));
}

fn parameters(text: &mut String, topic: &Topic, full: bool) {
    heading(text, "PARAMETERS");
    topic.parameters.iter().for_each(|one| text.push_str(&parameter(one, full)));
}

fn examples(text: &mut String, topic: &Topic) {
    for (number, (code, shows)) in topic.examples.iter().enumerate() {
        text.push_str(&format!("    ---------- Example {} ----------\n\n", number + 1));
        code.lines().for_each(|line| text.push_str(&format!("    PS> {line}\n")));
        text.push('\n');
        paragraph(text, shows, 4);
    }
}

fn remarks(text: &mut String, topic: &Topic) {
    let name = &topic.name;
    let more = format!("More: Get-Help {name} -Examples, -Detailed, -Full, or -Parameter <name>.");
    section(text, "REMARKS", &more);
}

/// Words filled into lines, and an empty line after them.
fn paragraph(text: &mut String, words: &str, indent: usize) {
    let mut column = 0;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if column == 0 {
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else if column + 1 + length > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push_str("\n\n");
}
