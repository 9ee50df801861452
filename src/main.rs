//! The command line, nothing else.

use pcsh::host;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().skip(1).map(|w| w.to_string_lossy().into_owned()).collect();
    // An exit code is a byte; pwsh cuts it too.
    ExitCode::from(host::main(&words) as u8)
}
