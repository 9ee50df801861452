//! The aliases that every session begins with: those of pwsh on Linux, where names of native programs
//! (`ls`, `cp`, `rm`, `sort` …) are left to the programs.

use crate::runtime::{AliasInfo, Options, Session, Symbol};
use crate::value::Str;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Aliases that scripts may replace.
const OPEN: &[(&str, &str)] = &[
    ("cd", "Set-Location"),
    ("chdir", "Set-Location"),
    ("clear", "Clear-Host"),
    ("cls", "Clear-Host"),
    ("copy", "Copy-Item"),
    ("del", "Remove-Item"),
    ("dir", "Get-ChildItem"),
    ("echo", "Write-Output"),
    ("erase", "Remove-Item"),
    ("h", "Get-History"),
    ("history", "Get-History"),
    ("kill", "Stop-Process"),
    ("md", "mkdir"),
    ("move", "Move-Item"),
    ("popd", "Pop-Location"),
    ("pushd", "Push-Location"),
    ("pwd", "Get-Location"),
    ("r", "Invoke-History"),
    ("rd", "Remove-Item"),
    ("ren", "Rename-Item"),
    ("set", "Set-Variable"),
    ("type", "Get-Content"),
];

/// Aliases that are read-only.
const FIXED: &[(&str, &str)] = &[
    ("%", "ForEach-Object"),
    ("?", "Where-Object"),
    ("clc", "Clear-Content"),
    ("clhy", "Clear-History"),
    ("cli", "Clear-Item"),
    ("clp", "Clear-ItemProperty"),
    ("clv", "Clear-Variable"),
    ("cpi", "Copy-Item"),
    ("cvpa", "Convert-Path"),
    ("dbp", "Disable-PSBreakpoint"),
    ("ebp", "Enable-PSBreakpoint"),
    ("epal", "Export-Alias"),
    ("epcsv", "Export-Csv"),
    ("etsn", "Enter-PSSession"),
    ("exsn", "Exit-PSSession"),
    ("fc", "Format-Custom"),
    ("fhx", "Format-Hex"),
    ("fl", "Format-List"),
    ("foreach", "ForEach-Object"),
    ("ft", "Format-Table"),
    ("fw", "Format-Wide"),
    ("gal", "Get-Alias"),
    ("gbp", "Get-PSBreakpoint"),
    ("gc", "Get-Content"),
    ("gci", "Get-ChildItem"),
    ("gcm", "Get-Command"),
    ("gcs", "Get-PSCallStack"),
    ("gdr", "Get-PSDrive"),
    ("gerr", "Get-Error"),
    ("ghy", "Get-History"),
    ("gi", "Get-Item"),
    ("gjb", "Get-Job"),
    ("gl", "Get-Location"),
    ("gm", "Get-Member"),
    ("gmo", "Get-Module"),
    ("gp", "Get-ItemProperty"),
    ("gps", "Get-Process"),
    ("gpv", "Get-ItemPropertyValue"),
    ("group", "Group-Object"),
    ("gsn", "Get-PSSession"),
    ("gtz", "Get-TimeZone"),
    ("gu", "Get-Unique"),
    ("gv", "Get-Variable"),
    ("icm", "Invoke-Command"),
    ("iex", "Invoke-Expression"),
    ("ihy", "Invoke-History"),
    ("ii", "Invoke-Item"),
    ("ipal", "Import-Alias"),
    ("ipcsv", "Import-Csv"),
    ("ipmo", "Import-Module"),
    ("irm", "Invoke-RestMethod"),
    ("iwr", "Invoke-WebRequest"),
    ("measure", "Measure-Object"),
    ("mi", "Move-Item"),
    ("mp", "Move-ItemProperty"),
    ("nal", "New-Alias"),
    ("ndr", "New-PSDrive"),
    ("ni", "New-Item"),
    ("nmo", "New-Module"),
    ("nsn", "New-PSSession"),
    ("nv", "New-Variable"),
    ("oh", "Out-Host"),
    ("rbp", "Remove-PSBreakpoint"),
    ("rcjb", "Receive-Job"),
    ("rdr", "Remove-PSDrive"),
    ("ri", "Remove-Item"),
    ("rjb", "Remove-Job"),
    ("rmo", "Remove-Module"),
    ("rni", "Rename-Item"),
    ("rnp", "Rename-ItemProperty"),
    ("rp", "Remove-ItemProperty"),
    ("rsn", "Remove-PSSession"),
    ("rv", "Remove-Variable"),
    ("rvpa", "Resolve-Path"),
    ("sajb", "Start-Job"),
    ("sal", "Set-Alias"),
    ("saps", "Start-Process"),
    ("sbp", "Set-PSBreakpoint"),
    ("select", "Select-Object"),
    ("si", "Set-Item"),
    ("sl", "Set-Location"),
    ("sls", "Select-String"),
    ("sp", "Set-ItemProperty"),
    ("spjb", "Stop-Job"),
    ("spps", "Stop-Process"),
    ("sv", "Set-Variable"),
    ("where", "Where-Object"),
    ("wjb", "Wait-Job"),
];

/// Puts the aliases into the global scope.
pub(super) fn register(session: &mut Session) {
    let mut aliases = session.global.make_extra().aliases.borrow_mut();
    let read_only = Options(Options::READ_ONLY.0 | Options::ALL_SCOPE.0);
    for (table, options) in [(OPEN, Options::ALL_SCOPE), (FIXED, read_only)] {
        for (name, definition) in table {
            let alias = AliasInfo {
                name: Str::from(*name),
                definition: Str::from(*definition),
                options: Cell::new(options),
                description: RefCell::new(None),
            };
            aliases.insert(Symbol::new(name), Rc::new(alias));
        }
    }
}
