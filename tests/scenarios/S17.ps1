# Backup of one category, restore after an accident.
$null = & $PSScriptRoot/S01.ps1
. $PSScriptRoot/common.ps1
$uri = (Get-CsPersistentChatRoom ITRoom).ChatRoomUri
$b = Export-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -Scope IT -AsBytes
Remove-CsPersistentChatRoom ITRoom -Confirm:$false
Fault { Get-CsPersistentChatRoom ITRoom }
Fault { Import-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -ByteInput $b }
1..6 | ForEach-Object { Stop-CsWindowsService -ComputerName "pc$_.contoso.com" -Name RTCCHAT }
Import-CsPersistentChatData -DBInstance "sqlred.contoso.com\chat" -ByteInput $b
1..6 | ForEach-Object { Start-CsWindowsService -ComputerName "pc$_.contoso.com" -Name RTCCHAT }
$room = Get-CsPersistentChatRoom ITRoom
$room.ChatRoomUri -eq $uri
$room.Members -join ' '
