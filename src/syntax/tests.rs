//! The parser through its public face: shapes, error ids, and promises that hold for any text.

use super::*;
use std::fs;
use std::path::{Path, PathBuf};

fn first_error(text: &str) -> String {
    let parsed = parse(&Source::anonymous(text));
    parsed.errors.first().map_or("ok".to_owned(), |error| error.id.to_owned())
}

fn conformance_scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/cases");
    let mut found = Vec::new();
    for area in fs::read_dir(root).into_iter().flatten().flatten() {
        for file in fs::read_dir(area.path()).into_iter().flatten().flatten() {
            if file.path().extension().is_some_and(|extension| extension == "ps1") {
                found.push(file.path());
            }
        }
    }
    found.sort();
    found
}

/// The recordings `errors/parse-ids-*` hold lines `text => id`.
#[test]
fn error_ids_are_as_recorded() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for script in conformance_scripts() {
        let name = script.file_stem().and_then(|n| n.to_str()).unwrap_or("");
        if !name.starts_with("parse-ids-") {
            continue;
        }
        let recording = fs::read_to_string(script.with_extension("expect")).unwrap_or_default();
        for line in recording.lines() {
            let Some((text, id)) = line.rsplit_once(" => ") else { continue };
            checked += 1;
            let found = first_error(&text.replace("\\n", "\n"));
            if found != id {
                wrong.push(format!("{text} => {found}, not {id}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 100);
}

#[test]
fn every_conformance_script_parses() {
    let mut wrong = Vec::new();
    for script in conformance_scripts() {
        let text = String::from_utf8_lossy(&fs::read(&script).unwrap_or_default()).into_owned();
        let source = Source::anonymous(text);
        let parsed = parse(&source);
        let tests_an_error = script.to_string_lossy().contains("file-parse-error");
        if let Some(error) = parsed.errors.first().filter(|_| !tests_an_error) {
            let place = source.position(error.span.start);
            wrong.push(format!("{}:{}:{} {}", script.display(), place.line, place.column, error.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Spans lie inside the text, on character boundaries, and tokens come in order.
fn check_promises(text: &str) {
    let source = Source::anonymous(text);
    let (parsed, tokens) = tokenize(&source);
    for span in parsed.errors.iter().map(|e| e.span).chain(tokens.iter().map(|t| t.span)) {
        assert!(span.start as usize <= text.len(), "{span:?} begins outside {text:?}");
    }
    assert!(tokens.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
}

#[test]
fn no_prefix_of_a_script_panics() {
    for script in conformance_scripts().iter().step_by(9) {
        let text = fs::read_to_string(script).unwrap_or_default();
        for (end, _) in text.char_indices().step_by(3) {
            check_promises(&text[..end]);
        }
    }
}

/// Threads of tests have a quarter of the stack that the shell has.
fn on_the_shells_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(test);
    thread.map(|handle| assert!(handle.join().is_ok())).unwrap_or_else(|error| panic!("no thread: {error}"));
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let openings = [
        "(",
        "{",
        "@(",
        "$(",
        "@{a=",
        "[int]",
        "-",
        "!",
        "$x[",
        "$x.y(",
        "if (1) {",
        "\"$(",
        ",",
        "1 + (",
        "a (",
        "$x = ",
        "function f {",
        "[a(",
        "1 ? ",
        "while (",
        "[List[",
        "$a.b[",
        "class A { m() {",
        "& {",
        "switch (1) { 1 {",
    ];
    on_the_shells_stack(move || {
        for opening in openings {
            assert_eq!(first_error(&opening.repeat(20_000)), "ScriptTooComplicated", "{opening}");
        }
    });
}

#[test]
fn long_chains_are_no_overflow() {
    on_the_shells_stack(|| {
        let chains =
            [("1", " + 1"), ("$x", ".y"), ("$x", "[0]"), ("1", ", 1"), ("a", " | a"), ("a", " && a"), ("a", "; a")];
        for (first, link) in chains {
            let parsed = parse(&Source::anonymous(format!("{first}{}", link.repeat(100_000))));
            assert!(parsed.errors.iter().all(|e| e.id == "ScriptTooComplicated"), "{link}");
        }
    });
}

mod any_text {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            super::check_promises(&text);
        }

        #[test]
        fn of_the_language_never_panics(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
            super::check_promises(&words.concat());
        }
    }

    const WORDS: &[&str] = &[
        "$x",
        "${a b}",
        "$env:P",
        "@{",
        "@(",
        "$(",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "[int]",
        "\"",
        "'",
        "@'\n",
        "\n'@",
        "@\"\n",
        "\n\"@",
        "`",
        "`\n",
        "\n",
        ";",
        ",",
        ".",
        "..",
        "::",
        "?.",
        "?[",
        "?",
        ":",
        "=",
        "+=",
        "??=",
        "??",
        "+",
        "-",
        "--",
        "++",
        "*",
        "/",
        "%",
        "-eq",
        "-not",
        "-split",
        "-f",
        "|",
        "||",
        "&&",
        "&",
        ">",
        "2>&1",
        ">>",
        "<",
        "<#",
        "#>",
        "#",
        " ",
        "1",
        "0x1F",
        "1kb",
        ".5",
        "1e",
        "if",
        "else",
        "elseif",
        "while",
        "do",
        "until",
        "for",
        "foreach",
        "in",
        "switch",
        "default",
        "function",
        "f",
        "filter",
        "param",
        "begin",
        "process",
        "end",
        "class",
        "enum",
        "static",
        "hidden",
        "try",
        "catch",
        "finally",
        "trap",
        "return",
        "break",
        "continue",
        "throw",
        "exit",
        "data",
        "using",
        "namespace",
        "--%",
        "-name:",
        "-a",
        "é",
        "\u{201c}",
        "\u{2013}",
        "\u{a0}",
        "€",
    ];
}
