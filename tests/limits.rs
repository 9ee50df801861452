//! What goes too far ends in an error, never in a crash: endless recursion, deep nesting, very long scripts.

use pcsh::syntax::{Source, parse};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Runs a script from a file, as a long one would not fit the command line.
fn run(script: &str) -> Output {
    let mut file = tempfile::Builder::new().suffix(".ps1").tempfile().expect("a file");
    file.write_all(script.as_bytes()).expect("written");
    Command::new(env!("CARGO_BIN_EXE_pcsh"))
        .args(["-NoProfile", "-File"])
        .arg(file.path())
        .stdin(Stdio::null())
        .output()
        .expect("the shell starts")
}

#[test]
fn endless_recursion_is_an_error_that_can_be_caught() {
    let cases = [
        ("function", "function f { f }", "f"),
        ("advanced function", "function f { [CmdletBinding()] param($x) f $x }", "f 1"),
        ("block", "$b = { & $b }", "& $b"),
        ("pipeline", "function f { 1 | ForEach-Object { f } }", "f"),
        ("method", "class C { [int] M() { return $this.M() } }", "[C]::new().M()"),
        ("script method", "$o = [pscustomobject]@{}; $o | Add-Member ScriptMethod M { $this.M() }", "$o.M()"),
        ("argument", "function f($x) { f (f $x) }", "f 1"),
        ("expression", "function f { Invoke-Expression 'f' }", "f"),
    ];
    for (name, definition, call) in cases {
        let script = format!("{definition}\ntry {{ {call} }} catch {{ $e = $_ }}\n\"$($null -ne $e)\"\n'alive'\n");
        let output = run(&script);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.code() == Some(0), "{name}: {:?}", output.status);
        assert_eq!(text.lines().collect::<Vec<_>>(), ["True", "alive"], "{name}");
    }
}

#[test]
fn plain_recursion_has_the_id_of_the_engine() {
    let output = run("function f { f }\ntry { f } catch { $_.FullyQualifiedErrorId; $_.Exception.GetType().Name }\n");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().collect::<Vec<_>>(), ["CallDepthOverflow", "ScriptCallDepthException"]);
}

#[test]
fn deep_nesting_ends_in_a_syntax_error() {
    let depth = 20_000;
    let forms = [
        ("(", "1", ")"),
        ("@(", "1", ")"),
        ("$(", "1", ")"),
        ("& {", "1", "}"),
        ("@{a=", "1", "}"),
        ("if (1) {", "1", "}"),
        ("-not ", "1", ""),
        ("[int]", "1", ""),
        ("\"$(", "1", ")\""),
        ("$a[", "1", "]"),
        ("f (", "1", ")"),
        ("function f {", "", "}"),
        (",", "1", ""),
        ("!", "1", ""),
        ("try {", "1", "} catch {}"),
        ("switch (1) { 1 {", "1", "} }"),
    ];
    for (before, middle, after) in forms {
        let text = format!("{}{middle}{}", before.repeat(depth), after.repeat(depth));
        let output = run(&text);
        let code = output.status.code();
        assert_eq!(
            code,
            Some(1),
            "{before}: {code:?} {}",
            String::from_utf8_lossy(&output.stderr).chars().take(200).collect::<String>()
        );
    }
}

#[test]
fn deep_values_are_written_without_a_crash() {
    let make = "$a = @{}; $top = $a; foreach ($i in 1..5000) { $b = @{}; $a['x'] = $b; $a = $b }\n";
    for use_of in [
        "$top | ConvertTo-Json -Depth 100 -WarningAction Ignore | Out-Null",
        "$top | Out-String | Out-Null",
        "\"$top\"",
    ] {
        let output = run(&format!("{make}{use_of}\n'alive'\n"));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.trim_end().ends_with("alive"), "{use_of}: {:?} {text}", output.status);
    }
}

#[test]
fn a_hundred_thousand_lines_parse_at_once() {
    let mut text = String::new();
    for line in 0..100_000 {
        let form = match line % 5 {
            0 => format!("$value{line} = {line} + 1\n"),
            1 => format!("Get-Item -Path 'file{line}' | Where-Object {{ $_.Length -gt {line} }}\n"),
            2 => format!("if ($value -eq {line}) {{ \"text $value and $(1 + {line})\" }}\n"),
            3 => format!("function Get-Thing{line} {{ param([int]$Number = {line}) $Number * 2 }}\n"),
            _ => format!("$table = @{{ Name = 'n{line}'; Value = {line}; List = 1, 2, 3 }} # note\n"),
        };
        text.push_str(&form);
    }
    let source = Source::anonymous(text);
    let started = Instant::now();
    let parsed = parse(&source);
    let took = started.elapsed();
    assert!(parsed.errors.is_empty());
    assert_eq!(parsed.ast.end.as_ref().map(|end| end.statements.len()), Some(100_000));
    // What is built for debugging is many times slower; there only its end is checked.
    if !cfg!(debug_assertions) {
        assert!(took < Duration::from_secs(1), "it took {took:?}");
    }
}
