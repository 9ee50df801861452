$j = Start-ThreadJob { param($a, $b = 3) "$a $b"; Write-Error 'bad' } -ArgumentList 1 -Name one
"waited: " + ($j | Wait-Job).State
"type: $($j.PSJobTypeName) $($j.Name) $($j.HasMoreData) $($j.Location) children $($j.ChildJobs.Count)"
"kept: " + (Receive-Job $j -Keep 2>$null)
"again: " + (Receive-Job $j 2>$null)
"then: $(@(Receive-Job $j).Count) $($j.HasMoreData)"
"input: " + (1..3 | Start-ThreadJob { $input | ForEach-Object { $_ * 2 } } | Receive-Job -Wait -AutoRemoveJob)
"init: " + (Start-ThreadJob -InitializationScript { function hi { 'hi' } } { hi } | Receive-Job -Wait)
$h = @{ k = 1, 2 }
"using: " + (Start-ThreadJob { ($using:h).k[1] + $using:h.k.Count } | Receive-Job -Wait)
$null = Start-ThreadJob { ($using:h).added = 'yes' } | Receive-Job -Wait
"shared: $($h.added)"
$f = Start-ThreadJob { throw 'boom' } | Wait-Job
"failed: $($f.State) $($f.JobStateInfo.Reason.Message)"
try { Receive-Job $f -ErrorAction Stop } catch { "reason: $_" }
$s = Start-ThreadJob { try { Start-Sleep 100 } finally { ($using:h).ended = 'cleaned' } }
Start-Sleep -Milliseconds 50
Stop-Job $s
"stopped: $($s.State) $($h.ended)"
try { Remove-Job -Id 4711 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
try { Receive-Job $s -AutoRemoveJob } catch { $_.FullyQualifiedErrorId }
$running = Start-ThreadJob { Start-Sleep 100 } -Name running
try { Remove-Job $running -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
Remove-Job $running -Force
"left: $(@(Get-Job -Name running -ErrorAction SilentlyContinue).Count)"
"timeout: $(@(Start-ThreadJob { Start-Sleep 100 } | Wait-Job -Timeout 0).Count)"
$quick = Start-ThreadJob { 'quick' }
$slow = Start-ThreadJob { Start-Sleep 100 }
"any: " + ((Wait-Job $slow, $quick -Any).Id -eq $quick.Id)
"order: " + ((Receive-Job $quick -Wait -WriteJobInResults | ForEach-Object { $_.GetType().Name }) -join ',')
Get-Job | Remove-Job -Force
"none: $(@(Get-Job).Count)"
