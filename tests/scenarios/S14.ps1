# Replacing Group Chat: export of the legacy database, rehearsal, import, the legacy contact.
. $PSScriptRoot/common.ps1
# The legacy database holds what an export of a chat pool holds; its category is called Legacy.
$null = New-CsPersistentChatCategory -Name Legacy
$null = New-CsPersistentChatRoom -Name OldTalk -Category Legacy
$legacy = Export-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -AsBytes
$null = Invoke-CsServiceOperation New-CsDatabase -Parameters @{ sqlServerFqdn = 'legacysql.contoso.com'; sqlInstanceName = 'gc'; databaseName = 'GroupChat'; byteInput = $legacy }
Remove-CsPersistentChatRoom OldTalk -Confirm:$false; Remove-CsPersistentChatCategory Legacy
$null = Invoke-CsServiceOperation New-CsDirectoryEntry -Parameters @{ kind = 'user'; dn = 'CN=ocschat,OU=IT,DC=contoso,DC=com'; samAccountName = 'ocschat'; displayName = 'ocschat'; userPrincipalName = 'ocschat@contoso.com' }
Enable-CsUser -Identity ocschat@contoso.com -RegistrarPool fe-red.contoso.com -SipAddress sip:ocschat@contoso.com
$zip = Join-Path $PWD gc.zip
Export-CsPersistentChatData -DBInstance "legacysql.contoso.com\gc" -DBName GroupChat -FileName $zip -StartDate "1/1/2012" -Report (Join-Path $PWD export.html)
Test-Path $zip, (Join-Path $PWD export.html)
1..5 | ForEach-Object { Stop-CsWindowsService -ComputerName "pc$_.contoso.com" -Name RTCCHAT }
Fault { Import-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -FileName $zip }
Stop-CsWindowsService -ComputerName pc6.contoso.com -Name RTCCHAT
Import-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -FileName $zip -WhatIf -Report (Join-Path $PWD rehearsal.html) *> $null
Import-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -FileName $zip -Report (Join-Path $PWD import.html)
$endpoint = @{ SipAddress = 'sip:ocschat@contoso.com'; PersistentChatPoolFqdn = $pool; DisplayName = 'Group Chat (legacy)' }
Fault { New-CsPersistentChatEndpoint @endpoint }
$null = Invoke-CsServiceOperation Remove-CsDirectoryEntry 'CN=ocschat,OU=IT,DC=contoso,DC=com'
(New-CsPersistentChatEndpoint @endpoint -PassThru).RegistrarPool
1..6 | ForEach-Object { Start-CsWindowsService -ComputerName "pc$_.contoso.com" -Name RTCCHAT }
(Get-CsPersistentChatRoom).Name
