$timer = [System.Timers.Timer]::new(30)
$global:ticks = 0
$job = Register-ObjectEvent -InputObject $timer -EventName Elapsed -SourceIdentifier Tick -Action { $global:ticks++ }
"subscriber: $((Get-EventSubscriber Tick).EventName) $($timer.Enabled) $($timer.Interval) $($timer.AutoReset)"
$timer.Start()
for ($i = 0; $i -lt 200 -and $global:ticks -lt 3; $i++) { Start-Sleep -Milliseconds 20 }
"ticked: $($global:ticks -ge 3) $($timer.Enabled)"
$timer.Stop()
Unregister-Event Tick
$before = $global:ticks
Start-Sleep -Milliseconds 100
"still: $($global:ticks -eq $before) $(@(Get-EventSubscriber).Count)"
$once = New-Object System.Timers.Timer 20
$once.AutoReset = $false
Register-ObjectEvent $once Elapsed Once -MessageData 'note'
$once.Enabled = $true
$e = Wait-Event Once -Timeout 20
"event: $($e.SourceIdentifier) $($e.MessageData) $($e.SourceEventArgs.GetType().Name) $($e.Sender.GetType().Name) $($once.Enabled)"
Remove-Event Once
Unregister-Event Once
$j = Start-ThreadJob { Start-Sleep -Milliseconds 100 }
$null = Register-ObjectEvent $j StateChanged -SourceIdentifier Job -Action { $global:seen = "$($EventArgs.JobStateInfo.State) $($Sender.Name -eq $Event.Sender.Name)" }
$null = $j | Wait-Job
Start-Sleep -Milliseconds 20
"job: $global:seen"
Unregister-Event Job
$p = Start-Job { 1 }
Register-ObjectEvent $p StateChanged -SourceIdentifier Process
$e = Wait-Event Process -Timeout 30
"process: $($e.SourceEventArgs.JobStateInfo.State)"
Get-EventSubscriber | Unregister-Event
"left: $(@(Get-EventSubscriber).Count)"
