//! The shell around the engine: command line, prompt, history, completion, what runs scripts and commands.
//! The only storey that touches terminals.

mod command_line;
mod completion_scripts;
mod console;
mod progress;
pub(crate) mod prompt;
mod run;
mod terminal;

use command_line::Task;

/// The exit code for arguments that make no sense, `EX_USAGE`, as `pwsh` has it.
const USAGE: i32 = 64;

/// Runs the program with the words after its name; the exit code, before it is cut to a byte.
pub fn main(words: &[String]) -> i32 {
    if let Some((first, rest)) = words.split_first()
        && first == "service"
    {
        let data = crate::client::data_directory();
        return crate::service::commands::run(rest, &data, &mut std::io::stdout(), &mut std::io::stderr());
    }
    if let [first, shell] = words
        && first == "completion"
    {
        return completion(shell);
    }
    let options = match command_line::read(words) {
        Ok(options) => options,
        Err(command_line::UsageError(message)) => {
            eprintln!("pcsh: {message}");
            return USAGE;
        }
    };
    match options.task {
        Task::Version => println!("pcsh {}", env!("CARGO_PKG_VERSION")),
        Task::Help => print!("{}", command_line::HELP),
        _ => return run::run(options),
    }
    0
}

/// Prints the script with which another shell completes pcsh's command line.
fn completion(shell: &str) -> i32 {
    match completion_scripts::script(shell) {
        Some(script) => print!("{script}"),
        None => {
            eprintln!("pcsh: there is no completion for '{shell}'; there is for bash, zsh, fish and powershell.");
            return USAGE;
        }
    }
    0
}
