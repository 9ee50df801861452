//! Comment-based help: the sections of a help comment (about_Comment_Based_Help).

/// What a help comment says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct CommentHelp {
    pub(super) synopsis: String,
    pub(super) description: String,
    /// Name and text of each parameter.
    pub(super) parameters: Vec<(String, String)>,
    /// Code and remarks of each example.
    pub(super) examples: Vec<(String, String)>,
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
    pub(super) notes: String,
    pub(super) links: Vec<String>,
    /// The command whose help stands for this one's.
    pub(super) forward: Option<String>,
}

/// Reads a help comment: sections that begin with a line of a dot and a keyword.
pub(super) fn read(comment: &str) -> CommentHelp {
    let mut help = CommentHelp::default();
    let mut section: Option<(String, String)> = None;
    let mut body: Vec<&str> = Vec::new();
    for line in comment.lines() {
        match keyword(line) {
            Some(next) => {
                help.add(section.replace(next), &body);
                body.clear();
            }
            None => body.push(line),
        }
    }
    help.add(section, &body);
    help
}

/// The keyword and its argument of a line such as `.PARAMETER Name`.
fn keyword(line: &str) -> Option<(String, String)> {
    let (word, argument) = {
        let rest = line.trim().strip_prefix('.')?;
        rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
    };
    let plain = !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphabetic());
    plain.then(|| (word.to_ascii_uppercase(), argument.trim().to_owned()))
}

impl CommentHelp {
    fn add(&mut self, section: Option<(String, String)>, lines: &[&str]) {
        let Some((word, argument)) = section else { return };
        let text = unindented(lines);
        match word.as_str() {
            "SYNOPSIS" => self.synopsis = text,
            "DESCRIPTION" => self.description = text,
            "PARAMETER" => self.parameters.push((argument, text)),
            "EXAMPLE" => self.examples.push(example(&text)),
            "INPUTS" => self.inputs.push(text),
            "OUTPUTS" => self.outputs.push(text),
            "NOTES" => self.notes = text,
            "LINK" => self.links.push(text),
            "FORWARDHELPTARGETNAME" => self.forward = Some(argument),
            _ => {}
        }
    }
}

/// The first paragraph of an example is its code, its first line at least; the rest are remarks.
fn example(text: &str) -> (String, String) {
    let (code, remarks) = text.split_once('\n').unwrap_or((text, ""));
    let code = ["PS C:\\>", "PS>", "C:\\PS>"].iter().find_map(|prompt| code.strip_prefix(prompt)).unwrap_or(code);
    (code.trim().to_owned(), remarks.trim().to_owned())
}

/// Lines without the blanks that all of them begin with, and without empty lines around.
fn unindented(lines: &[&str]) -> String {
    let blanks = |line: &&str| line.len() - line.trim_start().len();
    let common = lines.iter().filter(|line| !line.trim().is_empty()).map(blanks).min().unwrap_or(0);
    let cut: Vec<&str> = lines.iter().map(|line| line.get(common..).unwrap_or("").trim_end()).collect();
    cut.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_read() {
        let help = read(
            "\n  .SYNOPSIS\n  One line.\n  .DESCRIPTION\n  A\n    B\n.parameter Name\n  The name.\n.EXAMPLE\nPS> Get-It a\nShows it.\n\nMore.\n.EXAMPLE\nGet-It b\n.LINK\nGet-Item\n.NOTES\nn",
        );
        assert_eq!((help.synopsis.as_str(), help.description.as_str()), ("One line.", "A\n  B"));
        assert_eq!(help.parameters, [("Name".to_owned(), "The name.".to_owned())]);
        assert_eq!(help.examples[0], ("Get-It a".to_owned(), "Shows it.\n\nMore.".to_owned()));
        assert_eq!(help.examples[1], ("Get-It b".to_owned(), String::new()));
        assert_eq!((help.links.len(), help.notes.as_str()), (1, "n"));
    }
}
