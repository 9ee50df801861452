# the variables fill while the command runs
"$(1..3 | ForEach-Object { $_ } -OutVariable ov | ForEach-Object { "$($ov.Count)" })"
function Get-A { [CmdletBinding()] param() 1; Write-Warning 'w' }
$null = Get-A -OutVariable o -WarningVariable w -WarningAction SilentlyContinue
$null = Get-A -OutVariable +o -WarningVariable +w -WarningAction Ignore
"$o | $($w.Count) $($o.GetType().Name)"
1..2 | Write-Output -PipelineVariable n | ForEach-Object { "$n" }
"after <$n>"
$ErrorActionPreference = 'stop'
"$ErrorActionPreference $($ErrorActionPreference.GetType().Name)"
$ErrorActionPreference = 'Continue'
try { $WarningPreference = 'Nonsense' } catch { $_.Exception.GetType().Name }
(Get-Variable o).Value = 'changed'
$o
