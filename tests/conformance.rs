//! The recorded behaviour of PowerShell, case by case: each script under `tests/conformance/cases` is run by the
//! built binary and compared with what PowerShell did. Cases that fail stand in `known-failures.txt`; the test
//! fails where that list is not exactly true. `PCSH_BLESS=1` rewrites the list. Cases of our own, written from
//! knowledge of PowerShell and not recorded, stand under `tests/conformance/own`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

const TIME_LIMIT: Duration = Duration::from_secs(60);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// Every script that has a recording beside it.
fn cases() -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut areas: Vec<PathBuf> = vec![root().join("own")];
    for area in fs::read_dir(root().join("cases"))? {
        areas.push(area?.path());
    }
    for area in areas {
        for entry in fs::read_dir(area)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "ps1") && path.with_extension("expect").exists() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn name_of(case: &Path) -> String {
    let area = case.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    format!("{area}/{}", case.file_stem().unwrap_or_default().to_string_lossy())
}

/// Splits a line as a POSIX shell splits words, which is how `# args:` lines are written.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => word.get_or_insert_default().extend(chars.by_ref().take_while(|c| *c != '\'')),
            '"' => {
                let text = word.get_or_insert_default();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some(next @ ('"' | '\\')) => text.push(next),
                            Some(next) => text.extend(['\\', next]),
                            None => {}
                        },
                        _ => text.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// A line `# args: …` among the first three gives arguments; where its first begins with `-`, the whole command line.
fn arguments(script: &str) -> Vec<String> {
    let usual = ["-NoProfile", "-NonInteractive", "-File", "./case.ps1"].map(str::to_owned).to_vec();
    let given = script.split('\n').take(3).find_map(|line| line.strip_prefix('#')?.trim_start().strip_prefix("args:"));
    match given.map(shell_words) {
        None => usual,
        Some(words) if words.first().is_some_and(|w| w.starts_with('-')) => words,
        Some(words) => [usual, words].concat(),
    }
}

/// Runs one case in an empty folder; the answer is in the form of the recordings.
fn run(case: &Path) -> io::Result<String> {
    let script = fs::read(case)?;
    let work = tempfile::tempdir()?;
    let home = tempfile::tempdir()?;
    fs::write(work.path().join("case.ps1"), &script)?;
    let input = fs::read(case.with_extension("stdin")).unwrap_or_default();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(arguments(&String::from_utf8_lossy(&script)))
        .current_dir(work.path())
        .env_clear()
        .envs([
            ("PATH", "/usr/bin:/bin"),
            ("LANG", "en_US.UTF-8"),
            ("LC_ALL", "en_US.UTF-8"),
            ("TZ", "UTC"),
            ("NO_COLOR", "1"),
            ("TERM", "dumb"),
            ("CASE_ENV", "from-env"),
        ])
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        thread::spawn(move || stdin.write_all(&input));
    }
    let id = child.id();
    let begun = Instant::now();
    let done = thread::spawn(move || child.wait_with_output());
    while !done.is_finished() {
        if begun.elapsed() > TIME_LIMIT {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        }
        thread::sleep(Duration::from_millis(1));
    }
    let done = done.join().map_err(|_| io::Error::other("the reader died"))??;
    let errors = if done.stderr.iter().all(u8::is_ascii_whitespace) { "none" } else { "some" };
    let output = String::from_utf8_lossy(&done.stdout).replace("\r\n", "\n");
    Ok(format!("exit: {}\nstderr: {errors}\n---\n{output}", done.status.code().unwrap_or(-1)))
}

#[test]
fn scripts_behave_as_recorded() -> io::Result<()> {
    let cases = cases()?;
    assert!(cases.len() > 500, "only {} cases found", cases.len());
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let expected = fs::read_to_string(case.with_extension("expect")).unwrap_or_default();
                    if run(case).unwrap_or_else(|e| e.to_string()) != expected {
                        failed.lock().expect("no thread panics holding it").insert(name_of(case));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("no thread panics holding it");
    let failed = without_the_unsteady(&cases, failed);
    print_totals(&cases, &failed);
    compare_with_list(&failed)
}

/// Cases that fail beside others but pass alone: run once more, each named in the output so that nobody overlooks them.
fn without_the_unsteady(cases: &[PathBuf], mut failed: BTreeSet<String>) -> BTreeSet<String> {
    let known = fs::read_to_string(root().join("known-failures.txt")).unwrap_or_default();
    for case in cases {
        let name = name_of(case);
        if !failed.contains(&name) || known.lines().any(|line| line == name) {
            continue;
        }
        let expected = fs::read_to_string(case.with_extension("expect")).unwrap_or_default();
        if run(case).is_ok_and(|got| got == expected) {
            println!("unsteady: {name} passed only when run again");
            failed.remove(&name);
        }
    }
    failed
}

fn print_totals(cases: &[PathBuf], failed: &BTreeSet<String>) {
    let mut areas: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in cases {
        let name = name_of(case);
        let area = areas.entry(name.split('/').next().unwrap_or_default().to_owned()).or_default();
        area.0 += usize::from(!failed.contains(&name));
        area.1 += 1;
    }
    for (area, (passed, all)) in &areas {
        println!("{area:<20} {passed:>3} of {all}");
    }
    println!("{:<20} {:>3} of {}", "conformance", cases.len() - failed.len(), cases.len());
}

fn compare_with_list(failed: &BTreeSet<String>) -> io::Result<()> {
    let path = root().join("known-failures.txt");
    if std::env::var_os("PCSH_BLESS").is_some() {
        let mut text = String::from("# Cases that do not pass yet. The test fails when a line here is not true.\n");
        for name in failed {
            let _ = writeln!(text, "{name}");
        }
        return fs::write(path, text);
    }
    let listed: BTreeSet<String> = fs::read_to_string(path)?
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| l.split_whitespace().next().unwrap_or_default().to_owned())
        .collect();
    let new: Vec<_> = failed.difference(&listed).collect();
    let cured: Vec<_> = listed.difference(failed).collect();
    assert!(new.is_empty() && cured.is_empty(), "fail but are not listed: {new:?}\npass but are listed: {cured:?}");
    Ok(())
}
