# What the scenarios share: names, and a way to show an error as its id.
$pool = 'pchat-red.contoso.com'
$WarningPreference = 'SilentlyContinue'

# The ids of the errors that a block writes or ends with, one a line; nothing where it has none.
function Fault([scriptblock] $Block) {
    $errors = @()
    try { $errors = @(& $Block 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) }
    catch { $errors = @($_) }
    if ($errors.Count) { $errors | ForEach-Object { $_.FullyQualifiedErrorId } } else { 'no error' }
}

# The warnings that a block gives.
function Warned([scriptblock] $Block) {
    $WarningPreference = 'Continue'
    & $Block 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] } | ForEach-Object { "$_" }
}
