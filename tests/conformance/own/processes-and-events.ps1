$p = Start-Process sh -ArgumentList '-c "sleep 20"' -PassThru
"running: $(-not $p.HasExited) $($p.ProcessName)"
Stop-Process -Id $p.Id
Wait-Process -Id $p.Id -Timeout 10 -ErrorAction Ignore
"ended: $($p.HasExited)"
try { Get-Process -Id 123456789 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
"own: $((Get-Process -Id $PID).Id -eq $PID)"
$null = Register-EngineEvent -SourceIdentifier Hello -Action { $global:seen = "$($Event.SourceIdentifier) $($Event.MessageData)" }
$null = New-Event -SourceIdentifier Hello -MessageData 'there'
$seen
Unregister-Event -SourceIdentifier Hello
$null = New-Event Waiting
(Wait-Event Waiting -Timeout 1).SourceIdentifier
Remove-Event Waiting
"left: $(@(Get-Event).Count)"
(Get-Verb -Verb Get).Group
$key = [byte[]](1..32)
$text = ConvertTo-SecureString 'secret' -AsPlainText | ConvertFrom-SecureString -Key $key
ConvertTo-SecureString $text -Key $key | ConvertFrom-SecureString -AsPlainText
ConvertTo-SecureString 'ab' -AsPlainText | ConvertFrom-SecureString
try { Get-SecureRandom -Minimum 5 -Maximum 5 } catch { $_.FullyQualifiedErrorId }
