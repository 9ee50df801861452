# $ErrorView and Get-Error
$ErrorView
$style = $PSStyle.Foreground.Red + $PSStyle.Reset -replace "`e", 'E'
$style
$PSStyle.Formatting.TableHeader -replace "`e", 'E'
$PSStyle.Background.FromRgb(0x0102ff) -replace "`e", 'E'
$PSStyle.FormatHyperlink('text', 'http://host/') -replace "`e", 'E'
"$($PSStyle.OutputRendering)"
"`e[31mplain`e[0m"
function f { Write-Error 'oops' -ErrorAction SilentlyContinue; $Error[0].InvocationInfo.InvocationName }
f
try { 1 / 0 } catch { }
(Get-Error).PSObject.TypeNames[0]
$ErrorView = 'CategoryView'
try { [int]'x' } catch { ($_ | Out-String).Trim() }
$ErrorView = 'NormalView'
$lines = try { [int]'x' } catch { ($_ | Out-String) -split '\n' }
$lines[-2].Trim()
$ErrorView = 'ConciseView'
$lines = try { [int]'x' } catch { ($_ | Out-String) -split '\n' }
$lines[1..3]
