//! Completion of pcsh's own command line in other shells: what `pcsh completion SHELL` prints, and what the files in
//! `completions/` hold; a test keeps them together.

use crate::service::commands::outline;
use std::fmt::Write as _;

/// The script for a shell; `None` for shells without one.
pub(crate) fn script(shell: &str) -> Option<String> {
    SCRIPTS.iter().find(|(name, ..)| *name == shell).map(|(_, _, write)| write())
}

/// Shells, their files in `completions/`, and what writes them.
pub(crate) const SCRIPTS: [(&str, &str, fn() -> String); 4] = [
    ("bash", "pcsh.bash", bash),
    ("zsh", "_pcsh", zsh),
    ("fish", "pcsh.fish", fish),
    ("powershell", "pcsh.ps1", powershell),
];

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    None,
    Text,
    File,
    Folder,
    Choice(&'static [&'static str]),
}

/// The options that are offered, with what follows them and a description.
const OPTIONS: &[(&str, Value, &str)] = &[
    ("File", Value::File, "run a script"),
    ("Command", Value::Text, "run commands"),
    ("CommandWithArgs", Value::Text, "run commands with $args"),
    ("EncodedCommand", Value::Text, "run commands given as base64"),
    ("NoProfile", Value::None, "do not run the profile"),
    ("NoLogo", Value::None, "no greeting at the prompt"),
    ("NoExit", Value::None, "stay at the prompt afterwards"),
    ("NonInteractive", Value::None, "never ask"),
    ("WorkingDirectory", Value::Folder, "start there"),
    ("OutputFormat", Value::Choice(&["Text", "XML"]), "how results are written"),
    ("InputFormat", Value::Choice(&["Text", "XML"]), "how standard input is read"),
    ("Version", Value::None, "print the version"),
    ("Help", Value::None, "print the options"),
];

/// What may follow some words of the command line: sub-commands and options, each with a description.
struct Place {
    /// The words, such as `service token`.
    path: String,
    words: Vec<(String, String)>,
}

/// The places of `pcsh service`, from the top down.
fn places() -> Vec<Place> {
    let mut outline = outline();
    outline.build();
    let mut found = Vec::new();
    add_places("service", &outline, &mut found);
    found
}

fn add_places(path: &str, command: &clap::Command, found: &mut Vec<Place>) {
    let text = |help: Option<&clap::builder::StyledStr>| help.map(ToString::to_string).unwrap_or_default();
    let commands = command.get_subcommands().map(|one| (one.get_name().to_owned(), text(one.get_about())));
    let options =
        command.get_arguments().filter_map(|one| Some((format!("--{}", one.get_long()?), text(one.get_help()))));
    found.push(Place { path: path.to_owned(), words: commands.chain(options).collect() });
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        add_places(&format!("{path} {}", below.get_name()), below, found);
    }
}

/// Text within single quotes, as bash, zsh and fish read it.
fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}

fn bash() -> String {
    let options: Vec<String> = OPTIONS.iter().map(|(name, ..)| format!("-{name}")).collect();
    let (mut values, mut known, mut words) = (String::new(), Vec::new(), String::new());
    for (name, value, _) in OPTIONS {
        let reply = match value {
            Value::None | Value::Text => continue,
            Value::File => "compgen -f -- \"$word\"".to_owned(),
            Value::Folder => "compgen -d -- \"$word\"".to_owned(),
            Value::Choice(choices) => format!("compgen -W '{}' -- \"$word\"", choices.join(" ")),
        };
        let _ = writeln!(values, "    -{name}) mapfile -t COMPREPLY < <({reply}); return ;;");
    }
    for place in places() {
        let list: Vec<&str> = place.words.iter().map(|(word, _)| word.as_str()).collect();
        let _ = writeln!(words, "      '{}') words='{}' ;;", place.path, list.join(" "));
        known.push(format!("'{}'", place.path));
    }
    format!(
        "# Completion of pcsh for bash.\n_pcsh() {{\n  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n  \
         if [ \"${{COMP_WORDS[1]}}\" = service ] && [ \"$COMP_CWORD\" -ge 2 ]; then\n    local path=service words= each\n    \
         for each in \"${{COMP_WORDS[@]:2:COMP_CWORD-2}}\"; do\n      case \"$path $each\" in\n        \
         {}) path=\"$path $each\" ;;\n      esac\n    done\n    case $path in\n{words}    esac\n    \
         mapfile -t COMPREPLY < <(compgen -f -W \"$words\" -- \"$word\")\n    return\n  fi\n  \
         case $previous in\n{values}  esac\n  case $word in\n    \
         -*) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\") ;;\n    \
         *) mapfile -t COMPREPLY < <(compgen -f -W 'service completion' -- \"$word\") ;;\n  esac\n}}\n\
         complete -o filenames -F _pcsh pcsh\n",
        known.join("|"),
        options.join(" "),
    )
}

fn zsh() -> String {
    let mut text = String::from(
        "#compdef pcsh\n# Completion of pcsh for zsh.\n_pcsh_service() {\n  local -a found\n  local at=service each\n  \
         for each in ${words[3,CURRENT-1]}; do\n    case \"$at $each\" in\n      ",
    );
    let places = places();
    let known: Vec<String> = places.iter().map(|place| format!("'{}'", place.path)).collect();
    let _ = writeln!(text, "{}) at=\"$at $each\" ;;\n    esac\n  done\n  case $at in", known.join("|"));
    for place in &places {
        let _ = writeln!(text, "    '{}') found=(", place.path);
        for (word, help) in &place.words {
            let _ = writeln!(text, "      '{word}:{}'", quoted(&help.replace(':', "\\:")));
        }
        text.push_str("    ) ;;\n");
    }
    text.push_str("  esac\n  _describe 'sub-command or option' found || _files\n}\n_pcsh() {\n  ");
    text.push_str("if [[ $words[2] == service ]]; then\n    _pcsh_service\n    return\n  fi\n  _arguments \\\n");
    for (name, value, help) in OPTIONS {
        let action = match value {
            Value::None => String::new(),
            Value::Text => ":text:".to_owned(),
            Value::File => ":script:_files".to_owned(),
            Value::Folder => ":folder:_files -/".to_owned(),
            Value::Choice(choices) => format!(":format:({})", choices.join(" ")),
        };
        let _ = writeln!(text, "    '-{name}[{help}]{action}' \\");
    }
    text.push_str("    '1:script or service:_files' \\\n    '*:argument:_files'\n}\n_pcsh \"$@\"\n");
    text
}

fn fish() -> String {
    let places = places();
    let known: Vec<String> = places.iter().map(|place| format!("'{}'", place.path)).collect();
    let mut text = format!(
        "# Completion of pcsh for fish.\nfunction __pcsh_place\n    set -l place\n    \
         for word in (commandline -opc)[2..]\n        contains -- (string trim \"$place $word\") {}\n        \
         and set place (string trim \"$place $word\")\n    end\n    echo $place\nend\n",
        known.join(" ")
    );
    for (name, value, help) in OPTIONS {
        let value = match value {
            Value::None => String::new(),
            Value::Text => " -x".to_owned(),
            Value::File => " -r -F".to_owned(),
            Value::Folder => " -x -a '(__fish_complete_directories)'".to_owned(),
            Value::Choice(choices) => format!(" -x -a '{}'", choices.join(" ")),
        };
        let _ = writeln!(text, "complete -c pcsh -n 'test -z (__pcsh_place)' -o {name} -d '{help}'{value}");
    }
    text.push_str("complete -c pcsh -n __fish_is_first_arg -a service -d 'the management service'\n");
    for place in &places {
        for (word, help) in &place.words {
            let shape = match word.strip_prefix("--") {
                Some(option) => format!("-l {option}"),
                None => format!("-f -a {word}"),
            };
            let condition = format!("test (__pcsh_place) = \\'{}\\'", place.path);
            let _ = writeln!(text, "complete -c pcsh -n '{condition}' {shape} -d '{}'", help.replace('\'', "\\'"));
        }
    }
    text
}

fn powershell() -> String {
    let mut text = String::from(
        "# Completion of pcsh for PowerShell.\nRegister-ArgumentCompleter -Native -CommandName pcsh -ScriptBlock {\n    \
         param($wordToComplete, $commandAst, $cursorPosition)\n    $known = @{\n        '' = [ordered]@{\n",
    );
    for (name, _, help) in OPTIONS {
        let _ = writeln!(text, "            '-{name}' = '{}'", help.replace('\'', "''"));
    }
    text.push_str("            'service' = 'the management service'\n        }\n");
    for place in places() {
        let _ = writeln!(text, "        '{}' = [ordered]@{{", place.path);
        for (word, help) in &place.words {
            let _ = writeln!(text, "            '{word}' = '{}'", help.replace('\'', "''"));
        }
        text.push_str("        }\n");
    }
    text.push_str(
        "    }\n    $place = ''\n    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {\n        \
         $next = \"$place $element\".Trim()\n        \
         if ($element.Extent.EndOffset -lt $cursorPosition -and $known.ContainsKey($next)) { $place = $next }\n    }\n    \
         foreach ($name in $known[$place].Keys) {\n        if ($name -like \"$wordToComplete*\") {\n            \
         $kind = if ($name -like '-*') { 'ParameterName' } else { 'ParameterValue' }\n            \
         [System.Management.Automation.CompletionResult]::new($name, $name, $kind, $known[$place][$name])\n        }\n    }\n}\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::command_line;

    #[test]
    fn checked_in_scripts_are_what_is_generated() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
        for (_, name, write) in SCRIPTS {
            let (path, text) = (folder.join(name), write());
            if std::env::var_os("PCSH_BLESS").is_some() {
                std::fs::write(&path, &text).expect("a writable folder");
            }
            assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}: run with PCSH_BLESS=1");
        }
    }

    #[test]
    fn every_option_offered_is_an_option() {
        for (name, value, _) in OPTIONS {
            let mut words = vec![format!("-{name}")];
            match value {
                Value::None => {}
                Value::Choice(choices) => words.push(choices[0].to_owned()),
                Value::Text if *name == "EncodedCommand" => words.push("MQA=".to_owned()),
                Value::Text | Value::File | Value::Folder => words.push("x".to_owned()),
            }
            assert!(command_line::read(&words).is_ok(), "-{name}");
            assert!(command_line::HELP.contains(&format!("-{name}")), "-{name} is not in the help");
        }
    }
}
