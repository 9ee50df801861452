//! The shell around the engine: command line, prompt, history, completion, what runs scripts and commands.
//! The only storey that touches terminals.

pub mod command_line;
pub mod completion_scripts;
mod console;
pub mod prompt;

pub use console::Console;

use crate::runtime::{Session, SessionOptions};
use command_line::Task;

/// The exit code for arguments that make no sense, `EX_USAGE`, as `pwsh` has it.
const USAGE: i32 = 64;

/// Runs the program with the words after its name; the exit code, before it is cut to a byte.
pub fn main(words: &[String]) -> i32 {
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
        task => return run(task),
    }
    0
}

/// Virtual size of the interpreter's stack: deep recursion of scripts must end in an error, not in a crash.
const STACK: usize = 1 << 30;

fn run(task: Task) -> i32 {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run_task(task));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => 70,
        Err(error) => {
            eprintln!("pcsh: the interpreter cannot start: {error}");
            71
        }
    }
}

fn run_task(task: Task) -> i32 {
    let location = std::env::current_dir().unwrap_or_else(|_| std::path::PathBuf::from("/"));
    let host = Box::new(Console::new(false));
    let mut session = Session::new(SessionOptions { host, location, interactive: false });
    match task {
        Task::File(path, words) => {
            let path = session.absolute(&path);
            session.run_file(&path, &words)
        }
        Task::Command(text) => session.run_text(&text, Vec::new()),
        Task::CommandWithArgs(text, words) => session.run_text(&text, words.into_iter().map(Into::into).collect()),
        Task::Session | Task::StandardInput | Task::Version | Task::Help => {
            let mut text = String::new();
            match std::io::Read::read_to_string(&mut std::io::stdin(), &mut text) {
                Ok(_) => session.run_text(&text, Vec::new()),
                Err(_) => 1,
            }
        }
    }
}
