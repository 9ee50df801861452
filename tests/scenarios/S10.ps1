# Retiring stale rooms in two stages.
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatCategory -Name Projects2014
'proj-2014-a', 'proj-2014-b', 'keep' | ForEach-Object { $null = New-CsPersistentChatRoom -Name $_ -Category Projects2014 }
$stale = Get-CsPersistentChatRoom -Filter {Name -like "proj-2014-*"}
$stale | Set-CsPersistentChatRoom -Disabled $true
Get-CsPersistentChatRoom -Disabled $true | ForEach-Object { $_.Name }
Fault { Remove-CsPersistentChatCategory "$pool\Projects2014" }
Get-CsPersistentChatRoom -Disabled $true -Filter "proj-2014-*" | Remove-CsPersistentChatRoom -Confirm:$false
Fault { Remove-CsPersistentChatCategory "$pool\Projects2014" }
Remove-CsPersistentChatRoom keep -Confirm:$false
Fault { Remove-CsPersistentChatCategory "$pool\Projects2014" }
@(Get-CsPersistentChatCategory).Count
