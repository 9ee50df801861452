# Report of rooms without members of their own.
$null = & $PSScriptRoot/S01.ps1
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatRoom -Name Lounge -Category IT -Privacy Open
Get-CsPersistentChatRoom -Disabled $false | Where-Object { $_.Members.Count -eq 0 } |
  Select-Object Name, Category, Privacy, @{n="Managers";e={$_.Managers -join ";"}} | Sort-Object Category, Name |
  ConvertTo-Csv -NoTypeInformation
Get-CsPersistentChatRoom -AsObject | Sort-Object Name | Select-Object Name, Members | ConvertTo-Json -Depth 3 -Compress
