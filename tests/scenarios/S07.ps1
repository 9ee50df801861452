# Review before a big removal.
. $PSScriptRoot/common.ps1
'Old', 'Empty' | ForEach-Object { $null = New-CsPersistentChatCategory -Name $_ }
1..2 | ForEach-Object { $null = New-CsPersistentChatRoom -Name "r$_" -Category Old -Disabled $true }
$before = @(Get-CsPersistentChatRoom).Count, @(Get-CsPersistentChatCategory).Count
Get-CsPersistentChatRoom -Disabled $true | Remove-CsPersistentChatRoom -WhatIf
Get-CsPersistentChatCategory | Remove-CsPersistentChatCategory -WhatIf 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { $_.FullyQualifiedErrorId } else { $_ } }
"$before" -eq "$(@(Get-CsPersistentChatRoom).Count) $(@(Get-CsPersistentChatCategory).Count)"
