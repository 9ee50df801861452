# Who may do what.
$null = & $PSScriptRoot/S01.ps1
. $PSScriptRoot/common.ps1
$null = Connect-CsService -Account dlongmire
Get-CsPersistentChatRoom ITRoom | ForEach-Object { $_.Name }
Fault { Set-CsPersistentChatRoom ITRoom -Disabled $true }
$null = Connect-CsService -Account packerman
$null = New-CsAdminRole -Identity DublinChatAdmins -Template CsPersistentChatAdministrator -ConfigScopes "site:Dublin"
Get-CsAdminRole | Where-Object {$_.Cmdlets -match "Import-CsPersistentChatData\b"} | ForEach-Object { $_.Identity } | Sort-Object
Fault { Remove-CsAdminRole -Identity CsHelpDesk }
$null = Connect-CsService -Account ibyrne
Fault { New-CsPersistentChatConfiguration -Identity "site:Dublin" -DefaultChatHistory 50 }
Fault { New-CsPersistentChatConfiguration -Identity "site:Redmond" -DefaultChatHistory 50 }
Disconnect-CsService
