//! Completion of pcsh's own command line in other shells. The scripts in `completions/` are what these functions
//! give; a test holds them together.

use std::fmt::Write as _;

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

/// Sub-commands of `pcsh service`.
const SERVICE: &[(&str, &str)] = &[
    ("init", "make a store"),
    ("serve", "serve the management API"),
    ("status", "show what a store holds"),
    ("migrate", "bring a store up to date"),
    ("backup", "write a backup of a store"),
    ("restore", "restore a backup"),
    ("token", "make, list and revoke tokens"),
    ("directory", "import and change the directory"),
    ("audit", "show and verify the audit record"),
    ("help", "print the sub-commands"),
];

/// For bash.
pub fn bash() -> String {
    let options: Vec<String> = OPTIONS.iter().map(|(name, ..)| format!("-{name}")).collect();
    let service: Vec<&str> = SERVICE.iter().map(|(name, _)| *name).collect();
    let mut cases = String::new();
    for (name, value, _) in OPTIONS {
        let reply = match value {
            Value::None | Value::Text => continue,
            Value::File => "compgen -f -- \"$word\"".to_owned(),
            Value::Folder => "compgen -d -- \"$word\"".to_owned(),
            Value::Choice(choices) => format!("compgen -W '{}' -- \"$word\"", choices.join(" ")),
        };
        let _ = writeln!(cases, "    -{name}) mapfile -t COMPREPLY < <({reply}); return ;;");
    }
    format!(
        "# Completion of pcsh for bash.\n_pcsh() {{\n  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n  \
         if [ \"${{COMP_WORDS[1]}}\" = service ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n    \
         mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\")\n    return\n  fi\n  case $previous in\n{cases}  esac\n  \
         case $word in\n    -*) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\") ;;\n    \
         *) mapfile -t COMPREPLY < <(compgen -f -W service -- \"$word\") ;;\n  esac\n}}\ncomplete -o filenames -F _pcsh pcsh\n",
        service.join(" "),
        options.join(" "),
    )
}

/// For zsh.
pub fn zsh() -> String {
    let mut text =
        String::from("#compdef pcsh\n# Completion of pcsh for zsh.\n_pcsh_service() {\n  local -a subcommands=(\n");
    for (name, help) in SERVICE {
        let _ = writeln!(text, "    '{name}:{help}'");
    }
    text.push_str(
        "  )\n  _describe 'sub-command' subcommands\n}\n_pcsh() {\n  if [[ $words[2] == service ]]; then\n    ",
    );
    text.push_str("(( CURRENT == 3 )) && _pcsh_service\n    return\n  fi\n  _arguments \\\n");
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

/// For fish.
pub fn fish() -> String {
    let mut text = String::from("# Completion of pcsh for fish.\n");
    for (name, value, help) in OPTIONS {
        let value = match value {
            Value::None => String::new(),
            Value::Text => " -x".to_owned(),
            Value::File => " -r -F".to_owned(),
            Value::Folder => " -x -a '(__fish_complete_directories)'".to_owned(),
            Value::Choice(choices) => format!(" -x -a '{}'", choices.join(" ")),
        };
        let _ = writeln!(text, "complete -c pcsh -o {name} -d '{help}'{value}");
    }
    text.push_str("complete -c pcsh -n __fish_is_first_arg -a service -d 'the management service'\n");
    for (name, help) in SERVICE {
        let _ = writeln!(text, "complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a {name} -d '{help}'");
    }
    text
}

/// For PowerShell.
pub fn powershell() -> String {
    let mut text = String::from(
        "# Completion of pcsh for PowerShell.\nRegister-ArgumentCompleter -Native -CommandName pcsh -ScriptBlock {\n    \
         param($wordToComplete, $commandAst, $cursorPosition)\n    $options = [ordered]@{\n",
    );
    for (name, _, help) in OPTIONS {
        let _ = writeln!(text, "        '-{name}' = '{}'", help.replace('\'', "''"));
    }
    text.push_str("    }\n    $service = [ordered]@{\n");
    for (name, help) in SERVICE {
        let _ = writeln!(text, "        '{name}' = '{help}'");
    }
    text.push_str(
        "    }\n    $first = \"$($commandAst.CommandElements[1])\"\n    $known = if ($first -eq 'service') { $service } else { $options }\n    \
         foreach ($name in $known.Keys) {\n        if ($name -like \"$wordToComplete*\") {\n            \
         [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterName', $known[$name])\n        }\n    }\n}\n",
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
        for (name, text) in [("pcsh.bash", bash()), ("_pcsh", zsh()), ("pcsh.fish", fish()), ("pcsh.ps1", powershell())]
        {
            let path = folder.join(name);
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
