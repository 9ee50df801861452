$job = Start-Job -ScriptBlock { Write-Verbose -Verbose "MyVerbose"; Write-Progress -Activity 1 -Status 2; [pscustomobject]@{ a = 1 } } | Wait-Job
$job.ChildJobs[0].verbose.readall()
$p = $job.ChildJobs[0].progress.readall(); $p[0].Activity; $p[0].StatusDescription
$job.ChildJobs[0].Output.Count; $job.ChildJobs[0].Output.GetType().Name
$job = Start-ThreadJob -ScriptBlock { Write-Error "ErrorOut" } | Wait-Job
"$($job.Error)"
$job.GetType().FullName
$j = Write-Output "Hi $name" &
Receive-Job $j -Wait
$n1 = "Bob"; $n2 = "Mary"; ${n 3} = "Bill"
$j = Write-Output "Hi $n1! Hi ${n2}! Hi ${n 3}!" &
$j.Command
Receive-Job $j -Wait
$j = Write-Output $PID &
(Receive-Job $j -Wait) -ne $PID
$j = Write-Output $global:pid &
(Receive-Job $j -Wait) -ne $PID
$j = (Get-Location &)
(Receive-Job -Wait $j).ToString() -eq $PWD.Path
$j = 1..10 | ForEach-Object -Begin {$s=0} -Process {$s += $_} -End {$s} &
Receive-Job -Wait $j
$j = Start-ThreadJob { Start-Sleep 60 }; $j.StopJob($true,"x"); $j.JobStateInfo.State
try { Get-Job $j -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
(Get-Job -Command ' Start-Sleep 60 ').Id -eq $j.Id
$result = Start-Job -Name 'ReceiveWriteEventsJob' -ScriptBlock { 1 + 1 } | Receive-Job -Wait -WriteEvents
$result.Count; $result[0];$result[1].GetType().FullName
$job = Start-Job -ScriptBlock { 1 + 1 } | Wait-Job
Receive-Job -ComputerName localhost -Job $job
Receive-Job -Wait -NoRecurse -Job $job
(Get-Job -IncludeChildJob | measure).Count
try { 1 | % -Parallel { 1 } -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
try { 1 | % -Parallel { 1 } -TimeoutSeconds 1 -AsJob } catch { $_.FullyQualifiedErrorId }
$results = 1..2 | ForEach-Object -Parallel { "Output $_"; Start-Sleep -Seconds 60 } -TimeoutSeconds 1 -ThrottleLimit 1 2>&1
$results.Count; $results[0]; $results[1].FullyQualifiedErrorId; $results[1].Exception.GetType().FullName
$job = 1..4 | ForEach-Object -Parallel { Start-Sleep -m 10 } -AsJob -ThrottleLimit 2 | Wait-Job
$job.AllocatedRunspaceCount
try { Start-Job { 1 } -WorkingDirectory nowhere } catch { $_.FullyQualifiedErrorId }
try { Start-Job { 1 } -WorkingDirectory '' } catch { $_.FullyQualifiedErrorId }
try { Start-Job { 1 } -WorkingDirectory ' ' } catch { $_.FullyQualifiedErrorId }
try { Start-Job { 1 } -RunAs32 } catch { $_.FullyQualifiedErrorId }
$job = Start-Job -ScriptBlock { Start-Job -ScriptBlock { 1 + 1 } | Wait-Job | Receive-Job }
$job | Receive-Job -Wait
$jobs = 1..3 | ForEach-Object { $seconds = $_ ; Start-Job -ScriptBlock { Start-Sleep -m ($using:seconds*100) ; $using:seconds} }
Wait-Job -Job $jobs -Any | Receive-Job
"[$($jobs.Error)]"
$Test = "TestZ"
1..1 | ForEach-Object -Parallel { $using:Test
  1..1 | ForEach-Object -Parallel { $using:Test } } -ErrorVariable usingErrors 2>$null
$usingErrors[0].FullyQualifiedErrorId
$sBlock = { $using:Test; $T2 = 'T2'; $b2 = [scriptblock]::Create('$using:T2'); 1..2 | ForEach-Object -Parallel $b2 }
1..2 | ForEach-Object -Parallel $sBlock | Group-Object | % { "$($_.Name) $($_.Count)" } | sort
$x = 1..1 | ForEach-Object -Parallel { Write-Debug "Debug!" -Debug } -Debug 5>&1; $x.Message
1..1 | ForEach-Object -Parallel { Write-Information "Information:$_" } -InformationVariable av; $av[0].ToString()
$job = 1..2 | ForEach-Object -AsJob -Parallel { if ($_ -eq 1) { throw "TE"; 'bye' } else { 'hello' } }
$r = $job | Wait-Job | Receive-Job 2>$null; $r; $job.State; $job.ChildJobs[0].JobStateInfo.Reason.Message; $job.ChildJobs[1].State
