# Breakpoints with actions: at a line, a command and a variable; counts, switching off, removing.
$script = Join-Path ([IO.Path]::GetTempPath()) "breakpoints-$PID.ps1"
Set-Content $script @'
function Add-One($n) {
    $r = $n + 1
    $r
}
$x = 1
$y = Add-One $x
"y is $y"
'@
$line = Set-PSBreakpoint -Script $script -Line 2 -Action { Write-Host "line: n=$n" }
$command = Set-PSBreakpoint -Command Add-One -Action { Write-Host "command of $($_.GetType().Name)" }
$variable = Set-PSBreakpoint -Script $script -Variable x -Action { Write-Host "about to write x, now '$x'" }
& $script
Get-PSBreakpoint | ForEach-Object { "$($_.HitCount) $($_.GetType().Name)" }
$null = Disable-PSBreakpoint -Breakpoint $command -PassThru
& $script
$command.HitCount
$line.HitCount
Get-PSBreakpoint | Remove-PSBreakpoint
& $script
@(Get-PSBreakpoint).Count
Remove-Item $script
