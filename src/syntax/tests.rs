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

/// Printing a tree and parsing that again gives the same tree.
#[test]
fn printed_scripts_parse_to_the_same() {
    let mut wrong = Vec::new();
    for script in conformance_scripts() {
        let text = String::from_utf8_lossy(&fs::read(&script).unwrap_or_default()).into_owned();
        let parsed = parse(&Source::anonymous(text));
        if !parsed.errors.is_empty() {
            continue;
        }
        let once = print(&parsed.ast);
        let again = parse(&Source::anonymous(once.as_str()));
        let twice = print(&again.ast);
        if let Some(error) = again.errors.first() {
            wrong.push(format!(
                "{}: {} in\n{}",
                script.display(),
                error.id,
                Source::anonymous(once.as_str()).line_at(error.span.start)
            ));
        } else if once != twice {
            let difference = once.lines().zip(twice.lines()).find(|(one, two)| one != two);
            wrong.push(format!("{}: {difference:?}", script.display()));
        }
    }
    assert!(wrong.is_empty(), "{} scripts\n{}", wrong.len(), wrong.join("\n"));
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

/// What was understood, written back in its canonical form.
fn canonical(text: &str) -> String {
    let parsed = parse(&Source::anonymous(text));
    assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
    print(&parsed.ast).trim_end().to_owned()
}

#[test]
fn words_are_read_in_their_mode() {
    for (text, expected) in [
        ("echo 1+2 -5 a-b", "echo 1+2 -5 a-b"),
        ("echo a,b , c", "echo a,b,c"),
        ("echo $x.y $x/y \"$x\"z", "echo $x.y ${x}/y \"${x}\" z"),
        ("echo -a:1 -b", "echo -a:1 -b"),
        ("echo @x 2>&1 >f", "echo @x 2>&1 1> f"),
        ("$x-1", "$x - 1"),
        ("$a[-1]", "$a[-1]"),
        ("5kb.Length", "0x1400.Length"),
        ("- 5", "- 5"),
        ("1..$n", "1 .. $n"),
        ("a|b||c&&d", "a | b || c && d"),
        ("%{1}", "% {1\n}"),
        ("'a'.'b c'", "'a'.'b c'"),
        ("`a`b", "\u{7}\u{8}"),
        ("\u{2018}x\u{2019}", "'x'"),
        ("1 \u{2013} 2", "1 - 2"),
        ("echo --% a \"b|c\" | d", "echo --% a \"b|c\" | d"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

/// `a -op b -op c` as the tree groups it, with brackets everywhere.
fn grouped(expression: &Expr) -> String {
    match &expression.kind {
        ExprKind::Binary(operator, left, right) => format!("({} {operator:?} {})", grouped(left), grouped(right)),
        ExprKind::Unary(operator, operand) => format!("({operator:?} {})", grouped(operand)),
        ExprKind::Cast(name, operand) => format!("([{}] {})", name.name, grouped(operand)),
        ExprKind::Array(items) => format!("[{}]", items.iter().map(grouped).collect::<Vec<_>>().join(" ")),
        ExprKind::Ternary(a, b, c) => format!("({} ? {} : {})", grouped(a), grouped(b), grouped(c)),
        ExprKind::Number(Number::I32(number)) => number.to_string(),
        ExprKind::Variable(variable) => variable.name.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_group_by_their_precedence() {
    for (text, expected) in [
        ("1 + 2 * 3", "(1 Add (2 Multiply 3))"),
        ("1 - 2 - 3", "((1 Subtract 2) Subtract 3)"),
        ("1, 2 + 3", "([1 2] Add 3)"),
        ("-not $a -and $b", "((Not a) And b)"),
        ("$a -or $b -and $c", "((a Or b) And c)"),
        ("$a -band 1 -or 2", "((a BitAnd 1) Or 2)"),
        ("1 .. 2 + 3", "((1 Range 2) Add 3)"),
        ("$a -f 1, 2", "(a Format [1 2])"),
        ("[int] $a + 1", "(([int] a) Add 1)"),
        ("-$a * 2", "((Minus a) Multiply 2)"),
        ("!$a -is $b", "((Not a) Is b)"),
        ("$a ?? $b + 1", "(a Coalesce (b Add 1))"),
        ("$a ? 1 : $b ? 2 : 3", "(a ? 1 : (b ? 2 : 3))"),
        (", 1, 2", "[[1] 2]"),
        ("- -1", "(Minus -1)"),
        ("-join 1, 2", "[(Join 1) 2]"),
        ("$a -shl 1 -band 3", "((a ShiftLeft 1) BitAnd 3)"),
        ("$a++ + 1", "((PostIncrement a) Add 1)"),
    ] {
        let parsed = parse(&Source::anonymous(text));
        let found =
            parsed.ast.end.iter().flat_map(|block| &block.statements).find_map(|statement| match &statement.kind {
                StatementKind::Pipeline(PipelineChain {
                    first: Pipeline { kind: PipelineKind::Commands(commands), .. },
                    ..
                }) => commands.first().and_then(|command| match &command.kind {
                    CommandKind::Expression(expression) => Some(grouped(expression)),
                    CommandKind::Invocation { .. } => None,
                }),
                _ => None,
            });
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn help_belongs_to_what_it_describes() {
    let text = "# plain\n\n<#\n.SYNOPSIS\nBefore\n#>\nfunction a { 1 }\nfunction b {\n  # .SYNOPSIS\n  # Inside\n  param($x)\n}\nfunction c { 1 }\n";
    let parsed = parse(&Source::anonymous(text));
    let help: Vec<Option<String>> = parsed
        .ast
        .end
        .iter()
        .flat_map(|block| &block.statements)
        .filter_map(|statement| match &statement.kind {
            StatementKind::Function(function) => {
                Some(function.body.help.as_ref().map(|help| help.split_whitespace().collect::<Vec<_>>().join(" ")))
            }
            _ => None,
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(help, [some(".SYNOPSIS Before"), some(".SYNOPSIS Inside"), None]);
}

#[test]
fn requires_lines_are_read() {
    let parsed = parse(&Source::anonymous(
        "#Requires -Version 7.0\n#requires -Modules A, @{ ModuleName = 'B'; ModuleVersion = '1' }\n1",
    ));
    assert_eq!(
        parsed.ast.requires,
        [
            Requires::Version("7.0".into()),
            Requires::Module("A".into()),
            Requires::Module("@{ ModuleName = 'B'; ModuleVersion = '1' }".into()),
        ]
    );
}

#[test]
fn every_line_end_is_a_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["if ($a) {", "  'x' # c", "}", "else { 'y' } ", "$b = @'", "z", "'@"].join(end);
        assert_eq!(canonical(&text).replace('\r', ""), "if ($a) {\n'x'\n} else {\n'y'\n}\n$b = 'z'", "{end:?}");
    }
}
