//! The arguments of the program, read as `pwsh` reads its own: long options with one dash (or two), any
//! unambiguous prefix, `-File` and `-Command` taking all that follows.

use base64::Engine as _;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Nothing named: a prompt, or commands from standard input where that is not a terminal.
    Session,
    /// `-Command text`: the words, to be joined by blanks.
    Command(String),
    /// `-CommandWithArgs text args`: `$args` are the words after the first.
    CommandWithArgs(String, Vec<String>),
    /// `-Command -` or `-File -`: commands from standard input.
    StandardInput,
    /// `-File path args`, or a bare first argument.
    File(String, Vec<String>),
    /// `-ServerMode`: the work of a job, on standard input.
    JobServer,
    /// `-Version`.
    Version,
    /// `-Help`.
    Help,
}

/// The options of one start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// What is to be run.
    pub(crate) task: Task,
    /// `-NoProfile`.
    pub(crate) no_profile: bool,
    /// `-NoLogo`.
    pub(crate) no_logo: bool,
    /// `-NoExit`.
    pub(crate) no_exit: bool,
    /// `-NonInteractive`.
    pub(crate) non_interactive: bool,
    /// `-Interactive`.
    pub(crate) interactive: bool,
    /// `-WorkingDirectory`.
    pub(crate) working_directory: Option<String>,
    /// `-OutputFormat XML`: results as serialized objects.
    pub(crate) xml_output: bool,
    /// `-InputFormat XML`.
    pub(crate) xml_input: bool,
    /// `-EncodedArguments`: serialized arguments for `-EncodedCommand`.
    pub(crate) encoded_arguments: Option<String>,
}

/// Arguments that cannot be understood; the program ends with 64 (`EX_USAGE`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsageError(pub(crate) String);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    Command,
    CommandWithArgs,
    ConfigurationFile,
    ConfigurationName,
    CustomPipeName,
    EncodedArguments,
    EncodedCommand,
    ExecutionPolicy,
    File,
    Help,
    InputFormat,
    Interactive,
    Login,
    Mta,
    NoExit,
    NoLogo,
    NonInteractive,
    NoProfile,
    NoProfileLoadTime,
    OutputFormat,
    ServerMode,
    SettingsFile,
    Sta,
    Version,
    WindowStyle,
    WorkingDirectory,
}

/// Names with the shortest prefix that stands for each, in the order in which they are tried.
const SWITCHES: &[(&str, &str, Switch)] = &[
    ("version", "v", Switch::Version),
    ("help", "h", Switch::Help),
    ("?", "?", Switch::Help),
    ("login", "l", Switch::Login),
    ("noexit", "noe", Switch::NoExit),
    ("noprofile", "nop", Switch::NoProfile),
    ("nologo", "nol", Switch::NoLogo),
    ("noninteractive", "noni", Switch::NonInteractive),
    ("interactive", "i", Switch::Interactive),
    ("configurationfile", "configurationfile", Switch::ConfigurationFile),
    ("configurationname", "config", Switch::ConfigurationName),
    ("custompipename", "cus", Switch::CustomPipeName),
    ("commandwithargs", "commandwithargs", Switch::CommandWithArgs),
    ("cwa", "cwa", Switch::CommandWithArgs),
    ("command", "c", Switch::Command),
    ("windowstyle", "w", Switch::WindowStyle),
    ("file", "f", Switch::File),
    ("outputformat", "o", Switch::OutputFormat),
    ("of", "of", Switch::OutputFormat),
    ("inputformat", "inp", Switch::InputFormat),
    ("if", "if", Switch::InputFormat),
    ("executionpolicy", "ex", Switch::ExecutionPolicy),
    ("ep", "ep", Switch::ExecutionPolicy),
    ("encodedcommand", "e", Switch::EncodedCommand),
    ("ec", "e", Switch::EncodedCommand),
    ("encodedarguments", "encodeda", Switch::EncodedArguments),
    ("ea", "ea", Switch::EncodedArguments),
    ("servermode", "s", Switch::ServerMode),
    ("settingsfile", "settings", Switch::SettingsFile),
    ("sta", "sta", Switch::Sta),
    ("mta", "mta", Switch::Mta),
    ("workingdirectory", "wo", Switch::WorkingDirectory),
    ("wd", "wd", Switch::WorkingDirectory),
    ("noprofileloadtime", "noprofileloadtime", Switch::NoProfileLoadTime),
];

fn find_switch(written: &str) -> Option<Switch> {
    let key = written.to_ascii_lowercase();
    SWITCHES
        .iter()
        .find(|(name, shortest, _)| name.starts_with(key.as_str()) && key.starts_with(shortest))
        .map(|row| row.2)
}

/// What switches before the task have said so far.
struct Reader<'a> {
    words: std::slice::Iter<'a, String>,
    options: Options,
}

impl Reader<'_> {
    fn value(&mut self, option: &str) -> Result<String, UsageError> {
        self.words.next().cloned().ok_or_else(|| UsageError(format!("-{option} needs a value after it.")))
    }

    fn format(&mut self, option: &str) -> Result<bool, UsageError> {
        let value = self.value(option)?;
        match value.to_ascii_lowercase().as_str() {
            "text" | "t" | "te" | "tex" => Ok(false),
            "xml" | "x" | "xm" => Ok(true),
            _ => Err(UsageError(format!("-{option} takes Text or XML, not '{value}'."))),
        }
    }

    fn rest(&mut self) -> Vec<String> {
        self.words.by_ref().cloned().collect()
    }

    /// Applies one switch; true once the task is known and nothing more is to be read.
    fn apply(&mut self, switch: Switch) -> Result<bool, UsageError> {
        match switch {
            Switch::Login | Switch::Sta | Switch::Mta | Switch::NoProfileLoadTime => {}
            Switch::NoExit => self.options.no_exit = true,
            Switch::NoProfile => self.options.no_profile = true,
            Switch::NoLogo => self.options.no_logo = true,
            Switch::NonInteractive => self.options.non_interactive = true,
            Switch::Interactive => self.options.interactive = true,
            Switch::Version => return self.finish(Task::Version),
            Switch::ServerMode => return self.finish(Task::JobServer),
            Switch::Help => return self.finish(Task::Help),
            Switch::WorkingDirectory => self.options.working_directory = Some(self.value("WorkingDirectory")?),
            Switch::OutputFormat => self.options.xml_output = self.format("OutputFormat")?,
            Switch::InputFormat => self.options.xml_input = self.format("InputFormat")?,
            Switch::EncodedArguments => self.options.encoded_arguments = Some(self.value("EncodedArguments")?),
            Switch::ExecutionPolicy => drop(self.value("ExecutionPolicy")?),
            Switch::ConfigurationFile => drop(self.value("ConfigurationFile")?),
            Switch::ConfigurationName => drop(self.value("ConfigurationName")?),
            Switch::CustomPipeName => drop(self.value("CustomPipeName")?),
            Switch::SettingsFile => {
                let path = self.value("SettingsFile")?;
                if !std::path::Path::new(&path).is_file() {
                    return Err(UsageError(format!("There is no settings file '{path}'.")));
                }
            }
            Switch::WindowStyle => {
                return Err(UsageError("-WindowStyle exists on Windows only.".to_owned()));
            }
            Switch::EncodedCommand => {
                let text = decode_command(&self.value("EncodedCommand")?)?;
                self.options.task = Task::Command(text);
            }
            Switch::Command => return self.command(),
            Switch::CommandWithArgs => {
                let text = self.value("CommandWithArgs")?;
                let rest = self.rest();
                return self.finish(Task::CommandWithArgs(text, rest));
            }
            Switch::File => {
                let path = self.value("File")?;
                return self.file(path);
            }
        }
        Ok(false)
    }

    fn finish(&mut self, task: Task) -> Result<bool, UsageError> {
        self.options.task = task;
        Ok(true)
    }

    fn command(&mut self) -> Result<bool, UsageError> {
        let words = self.rest();
        match words.as_slice() {
            [] => Err(UsageError("-Command needs the commands after it, or - to read them.".to_owned())),
            [dash] if dash == "-" => self.finish(Task::StandardInput),
            _ => self.finish(Task::Command(words.join(" "))),
        }
    }

    fn file(&mut self, path: String) -> Result<bool, UsageError> {
        let rest = self.rest();
        if path == "-" {
            return self.finish(Task::StandardInput);
        }
        self.finish(Task::File(path, rest))
    }
}

/// `-EncodedCommand`: base64 of UTF-16, little-endian.
fn decode_command(text: &str) -> Result<String, UsageError> {
    decode_text(text).ok_or_else(|| UsageError("-EncodedCommand takes base64 of UTF-16LE text.".to_owned()))
}

/// The text in base64 of UTF-16, little-endian.
pub(super) fn decode_text(text: &str) -> Option<String> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
    if bytes.len() % 2 != 0 {
        return None;
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

/// Reads the words after the program's name.
///
/// # Errors
/// Unknown options, missing or impossible values.
pub(crate) fn read(words: &[String]) -> Result<Options, UsageError> {
    let mut reader = Reader {
        words: words.iter(),
        options: Options {
            task: Task::Session,
            no_profile: false,
            no_logo: false,
            no_exit: false,
            non_interactive: false,
            interactive: false,
            working_directory: None,
            xml_output: false,
            xml_input: false,
            encoded_arguments: None,
        },
    };
    while let Some(word) = reader.words.next() {
        let done = match word.strip_prefix("--").or_else(|| word.strip_prefix('-')) {
            Some("") => reader.finish(Task::StandardInput)?,
            Some(name) => match find_switch(name) {
                Some(switch) => reader.apply(switch)?,
                None => return Err(UsageError(format!("'{word}' is not an option of this program; see -Help."))),
            },
            None => reader.file(word.clone())?,
        };
        if done {
            break;
        }
    }
    Ok(reader.options)
}

/// What `-Help` prints.
pub(crate) const HELP: &str = "\
Usage: pcsh [options] [[-File] <path> [arguments]]
       pcsh [options] -Command { - | <commands> }
       pcsh service <sub-command>          the management service; see: pcsh service help
       pcsh completion <shell>             completion of these options for bash, zsh, fish or powershell

  -File, -f <path> [arguments]    run a script; a bare first argument is a script too
  -Command, -c <commands>         run commands; - reads them from standard input
  -CommandWithArgs, -cwa <text> [arguments]
                                  run commands with $args
  -EncodedCommand, -e <base64>    run commands given as base64 of UTF-16LE
  -NoProfile, -nop                do not run the profile
  -NoLogo, -nol                   no greeting at the prompt
  -NoExit, -noe                   stay at the prompt afterwards
  -NonInteractive, -noni          never ask; what would ask fails
  -WorkingDirectory, -wd <path>   start there
  -OutputFormat, -o Text|XML      how results are written
  -InputFormat, -inp Text|XML     how standard input is read
  -Version, -v                    print the version
  -Help, -h, -?                   print this

Environment: PCSH_HOME moves settings, data and history; PCSH_SERVER and PCSH_TOKEN
choose a remote management service; NO_COLOR and TERM=dumb switch colours off.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn task(words: &[&str]) -> Result<Task, UsageError> {
        let words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        read(&words).map(|o| o.task)
    }

    #[test]
    fn tasks_are_found_as_pwsh_finds_them() {
        let file =
            |path: &str, args: &[&str]| Ok(Task::File(path.to_owned(), args.iter().map(|a| (*a).to_owned()).collect()));
        let cases: &[(&[&str], Result<Task, UsageError>)] = &[
            (&[], Ok(Task::Session)),
            (&["-c", "1", "+", "2"], Ok(Task::Command("1 + 2".into()))),
            (&["-nop", "-noni", "-ex", "Bypass", "-Command", "x"], Ok(Task::Command("x".into()))),
            (&["-Command", "-"], Ok(Task::StandardInput)),
            (&["-"], Ok(Task::StandardInput)),
            (&["a.ps1", "-c", "b"], file("a.ps1", &["-c", "b"])),
            (&["-NOLOGO", "-f", "a.ps1", "-x:1"], file("a.ps1", &["-x:1"])),
            (&["--file", "a.ps1"], file("a.ps1", &[])),
            (&["-cwa", "$args", "1"], Ok(Task::CommandWithArgs("$args".into(), vec!["1".into()]))),
            (&["-e", "MQArADEA"], Ok(Task::Command("1+1".into()))),
            (&["-v"], Ok(Task::Version)),
            (&["-?"], Ok(Task::Help)),
        ];
        for (words, expected) in cases {
            assert_eq!(&task(words), expected, "{words:?}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [
            &["-nosuch"][..],
            &["-file"],
            &["-command"],
            &["-o", "Wrong", "-c", "1"],
            &["-ExecutionPolicy"],
            &["-e", "%%%"],
            &["-no"],
        ] {
            assert!(task(words).is_err(), "{words:?}");
        }
    }
}
