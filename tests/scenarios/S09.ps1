# Moving a room to another category.
$null = & $PSScriptRoot/S01.ps1
. $PSScriptRoot/common.ps1
$uri = (Get-CsPersistentChatRoom ITRoom).ChatRoomUri
$before = (Get-CsPersistentChatCategory IT).NumberOfChatRooms
$null = New-CsPersistentChatCategory -Name Support
Set-CsPersistentChatCategory Support -AllowedMembers @{Add="sip:packerman@contoso.com","OU=Sales,DC=contoso,DC=com"}
(Warned { Set-CsPersistentChatRoom ITRoom -Category Support -WhatIf }) -match '1 member' -match '1 manager' | Measure-Object | ForEach-Object Count
(Get-CsPersistentChatRoom ITRoom).Category
Set-CsPersistentChatRoom ITRoom -Category Support
Get-CsPersistentChatRoom ITRoom | Format-List Category, Members, Managers
(Get-CsPersistentChatRoom ITRoom).ChatRoomUri -eq $uri
$before - (Get-CsPersistentChatCategory IT).NumberOfChatRooms
Fault { Set-CsPersistentChatRoom ITRoom -Category Nowhere }
