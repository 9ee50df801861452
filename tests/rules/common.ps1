# A rule is a block and what comes of it: ids of errors, `warning` for each warning, and the text of what it writes;
# `nothing` where it is silent. Only what differs is told, and at the end how many rules there were.
$pool = 'pchat-red.contoso.com'
$kept = @{ Count = 0 }

function Rule([string] $Expected, [scriptblock] $Block) {
    $kept.Count++
    $seen = [System.Collections.Generic.List[string]]::new()
    try {
        & $Block 2>&1 3>&1 | ForEach-Object {
            $seen.Add($(switch ($_) {
                { $_ -is [System.Management.Automation.ErrorRecord] } { ($_.FullyQualifiedErrorId -split ',')[0]; break }
                { $_ -is [System.Management.Automation.WarningRecord] } { 'warning'; break }
                default { "$_" }
            }))
        }
    }
    catch { $seen.Add(($_.FullyQualifiedErrorId -split ',')[0]) }
    $found = if ($seen.Count) { $seen -join ' ' } else { 'nothing' }
    if ($found -cne $Expected) { "'$Block' gave '$found' and should give '$Expected'" }
}

function Held { "$($kept.Count) rules were tried" }
