//! Every example of help works: each is run on the deployment of the scenarios, in a transaction that is undone.

mod common;

use common::{deployment, run};
use pcsh::catalogue::Catalogue;

/// A script that runs all examples and prints the errors of those that have any.
fn script() -> String {
    let mut script = String::from(
        "$WarningPreference = 'SilentlyContinue'\n\
         Install-CsAdServerSchema; Enable-CsAdForest; Enable-CsAdDomain\n\
         function Try-Example($Name, [scriptblock] $Code) {\n\
         \x20   try {\n\
         \x20       Use-CsTransaction {\n\
         \x20           & $Code 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } |\n\
         \x20               ForEach-Object { \"FAULT ${Name}: $($_.FullyQualifiedErrorId) $_\" }\n\
         \x20           throw 'undone'\n\
         \x20       }\n\
         \x20   } catch { if (\"$_\" -ne 'undone') { \"FAULT ${Name}: $($_.FullyQualifiedErrorId) $_\" } }\n\
         }\n",
    );
    for noun in Catalogue::built_in().all() {
        for cmdlet in &noun.cmdlets {
            for example in &cmdlet.examples {
                script.push_str(&format!("Try-Example {} {{\n{}\n}}\n", cmdlet.name(), example.code));
            }
        }
    }
    script + "'end'\n"
}

#[test]
fn every_example_of_help_works() {
    let home = deployment();
    let file = home.path().join("examples.ps1");
    std::fs::write(&file, script()).expect("written");
    let (printed, errors) = run(&file, home.path());
    let faults: Vec<_> = printed.lines().filter(|line| line.starts_with("FAULT")).collect();
    assert!(faults.is_empty(), "{}\n{errors}", faults.join("\n"));
    assert_eq!(printed.trim_end().lines().last(), Some("end"), "{printed}\n{errors}");
}
