//! Runs what the command line asks for: a script file, commands, commands from standard input, or a prompt.

use super::command_line::{Options, Task};
use super::console::Console;
use super::prompt;
use crate::commands;
use crate::runtime::{Session, SessionOptions, display, jobs, native};
use crate::value::{DateTime, Outcome, Value, enumerate};
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

/// The exit code for a script that is not there.
const NO_INPUT: i32 = 64;

/// The exit code of a program that is at fault itself.
const BROKEN: i32 = 70;

/// Virtual size of the interpreter's stack: deep recursion of scripts must end in an error, not in a crash.
const STACK: usize = 1 << 30;

/// Runs the task of a command line on a stack of its own; the exit code.
pub(crate) fn run(options: Options) -> i32 {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run_here(&options));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => BROKEN,
        Err(error) => {
            eprintln!("pcsh: the interpreter cannot start: {error}.");
            BROKEN
        }
    }
}

/// A write beyond the process's file size limit must be an error that can be told, not the end of the process.
fn survive_size_limits() {
    let unread = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    // Where the handler cannot be set, the limit ends the process as it would any other.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, unread);
}

fn run_here(options: &Options) -> i32 {
    survive_size_limits();
    if let Some(directory) = &options.working_directory
        && let Err(error) = std::env::set_current_dir(directory)
    {
        eprintln!("pcsh: the directory '{directory}' cannot be entered: {error}.");
        return NO_INPUT;
    }
    if let Task::File(path, _) = &options.task
        && !Path::new(path).is_file()
    {
        eprintln!("pcsh: there is no script '{path}'. Check the path, or use -Command to run commands.");
        return NO_INPUT;
    }
    let asks = wants_prompt(options);
    let mut session = start(options, asks);
    if !options.no_profile && options.task != Task::JobServer {
        run_profiles(&mut session);
    }
    if matches!(options.task, Task::File(..) | Task::Command(_) | Task::CommandWithArgs(..))
        && !std::io::stdin().is_terminal()
    {
        if let Err(error) = feed(&mut session, options.xml_input) {
            return session.finish(Err(error));
        }
    }
    if options.xml_output {
        display::serialize(&mut session);
    }
    let code = run_task(&mut session, options);
    if !asks || session.has_exited() {
        jobs::end_all(&mut session);
    }
    if asks && !session.has_exited() { prompt::run(session, options.no_logo) } else { code }
}

/// True where a person is to be asked for commands.
fn wants_prompt(options: &Options) -> bool {
    let at_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    match options.task {
        Task::Session => (at_terminal || options.interactive) && !options.non_interactive,
        _ => options.no_exit && at_terminal,
    }
}

/// A session on this process's streams, with every cmdlet known.
fn start(options: &Options, interactive: bool) -> Session {
    let may_ask = !options.non_interactive && std::io::stdin().is_terminal();
    let mut session = Session::new(SessionOptions {
        host: Box::new(Console::new(may_ask)),
        location: std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
        interactive,
    });
    commands::register(&mut session);
    session
}

/// Makes standard input the `$input` of what is run: lines as they come, or the objects of a document.
fn feed(session: &mut Session, objects: bool) -> Outcome<()> {
    if objects {
        let text = std::io::read_to_string(std::io::stdin()).unwrap_or_default();
        let known = native::deserialized(session, &text)?;
        let mut items = known.unwrap_or_else(|| text.lines().map(Value::from).collect()).into_iter();
        session.feed(Box::new(move || items.next()));
        return Ok(());
    }
    let mut lines = std::io::stdin().lines();
    session.feed(Box::new(move || lines.next()?.ok().map(Value::from)));
    Ok(())
}

/// The arguments that another shell gave as a serialized list.
fn encoded_arguments(session: &mut Session, encoded: &str) -> Outcome<Vec<Value>> {
    let text = super::command_line::decode_text(encoded).unwrap_or_default();
    let objects = native::deserialized(session, &format!("{}\n{text}", native::CLIXML_MARK))?.unwrap_or_default();
    Ok(objects.iter().flat_map(|list| enumerate(list).unwrap_or_else(|| vec![list.clone()])).collect())
}

fn run_task(session: &mut Session, options: &Options) -> i32 {
    let task = &options.task;
    if let (Task::Command(text), Some(encoded)) = (task, &options.encoded_arguments) {
        return match encoded_arguments(session, encoded) {
            Ok(arguments) => session.run_text(text, arguments),
            Err(error) => session.finish(Err(error)),
        };
    }
    match task {
        Task::File(path, words) => {
            let path = session.absolute(path);
            session.run_file(&path, words)
        }
        Task::Command(text) => session.run_text(text, Vec::new()),
        Task::CommandWithArgs(text, words) => {
            session.run_text(text, words.iter().map(|word| Value::from(word.as_str())).collect())
        }
        Task::StandardInput => run_standard_input(session),
        Task::Session if !std::io::stdin().is_terminal() => run_standard_input(session),
        Task::JobServer => commands::general::serve_job(session),
        Task::Session | Task::Version | Task::Help => 0,
    }
}

/// Runs each statement of standard input as soon as it is whole.
fn run_standard_input(session: &mut Session) -> i32 {
    let mut pending = String::new();
    let mut code = 0;
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        pending.push_str(&line);
        pending.push('\n');
        if prompt::editor::is_finished(&pending) {
            code = run_line(session, &std::mem::take(&mut pending));
            if session.has_exited() {
                return code;
            }
        }
    }
    if pending.trim().is_empty() { code } else { run_line(session, &pending) }
}

/// Runs what was typed or came from standard input, and keeps it for `Get-History` unless it may hold a secret.
pub(super) fn run_line(session: &mut Session, text: &str) -> i32 {
    let begun = DateTime::now();
    let code = session.run_text(text, Vec::new());
    let line = text.trim_end();
    if !line.is_empty() && !prompt::history::is_delicate(line) {
        commands::general::history::remember(session, line, begun);
    }
    code
}

/// Runs the profiles that are there, each in the global scope; as in every script, `exit` leaves the profile only.
fn run_profiles(session: &mut Session) {
    for (_, path) in commands::profile_places().iter().filter(|(_, path)| path.is_file()) {
        let quoted = path.to_string_lossy().replace('\'', "''");
        session.run_text(&format!(". '{quoted}'"), Vec::new());
    }
    session.succeeded = true;
}
