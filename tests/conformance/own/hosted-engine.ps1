# [powershell]::Create() and runspaces.
$ps = [powershell]::Create()
$ps.AddScript('$x = 5; $x').Invoke()
$ps.Commands.Clear()
$ps.AddScript('Write-Error bad; Write-Warning careful; $x + 1').Invoke()
$ps.HadErrors
$ps.Streams.Error[0].FullyQualifiedErrorId
$ps.Streams.Warning.Count
$ps.Streams.ClearStreams()
$ps.Streams.Error.Count
try { [powershell]::Create().AddScript('throw "no"').Invoke() } catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.Message }
try { [powershell]::Create().AddScript('if (').Invoke() } catch { $_.FullyQualifiedErrorId }
try { [powershell]::Create().AddScript('1 )').Invoke() } catch { $_.FullyQualifiedErrorId }
[powershell]::Create().AddCommand('Write-Output').AddParameter('InputObject', 3).AddCommand('ForEach-Object').AddParameter('Process', { $_ * 2 }).Invoke()
[powershell]::Create().AddScript('param($a, $b) "$a-$b"').AddArgument(1).AddParameter('b', 2).Invoke()
[powershell]::Create().AddScript('$input | ForEach-Object { $_ + 1 }').Invoke(@(1, 2))
$runspace = [runspacefactory]::CreateRunspace()
$runspace.RunspaceStateInfo.State
$runspace.Open()
$runspace.SessionStateProxy.SetVariable('q', 42)
$other = [powershell]::Create()
$other.Runspace = $runspace
$other.AddScript('$q').Invoke()
$q -eq $null
$other.InvocationStateInfo.State
$runspace.Dispose()
$runspace.RunspaceStateInfo.State
