# Sections 1.10, 2.7 and 2.10: who finds, joins and posts; exports and imports of chat data; the test of the chat.
. $PSScriptRoot/common.ps1
$sql = 'sqlred.contoso.com\chat'
$chat = @{ TargetFqdn = 'fe-red.contoso.com'; SenderSipAddress = 'sip:kmyer@contoso.com'; ReceiverSipAddress = 'sip:packerman@contoso.com' }
function Tried([hashtable] $With = @{}) { $all = $chat + @{}; $With.Keys | ForEach-Object { $all[$_] = $With[$_] }; (Test-CsPersistentChatMessage @all).Result }

# 2.10: steps and failures, each a result and no error
Rule 'Failure' { Tried }
Set-CsPersistentChatPolicy -EnablePersistentChat $true
Rule 'Failure' { Tried }
$null = New-CsPersistentChatCategory -Name IT
Set-CsPersistentChatCategory IT -AllowedMembers 'OU=IT,DC=contoso,DC=com', sip:dlongmire@contoso.com, sip:aroth@contoso.com
$null = New-CsPersistentChatRoom -Name Ops -Category IT
Set-CsPersistentChatRoom Ops -Members sip:kmyer@contoso.com, sip:packerman@contoso.com
Rule 'Success' { Tried }
Rule 'Success' { Tried @{ ChatRoomUri = "$pool\Ops" } }
Rule 'Success' { Tried @{ ChatRoomUri = (Get-CsPersistentChatRoom Ops).ChatRoomUri } }
Rule 'Failure' { Tried @{ ChatRoomUri = "$pool\Nowhere" } }
Rule 'Failure' { Tried @{ TargetFqdn = 'nowhere.contoso.com' } }
Rule 'Failure' { Tried @{ TargetFqdn = 'se-dub.contoso.com' } }
Rule 'Failure' { Tried @{ SenderSipAddress = 'sip:nobody@contoso.com' } }
Rule 'Failure' { Tried @{ ReceiverSipAddress = 'sip:dlongmire@contoso.com'; ChatRoomUri = "$pool\Ops" } }
Rule 'True' { (Test-CsPersistentChatMessage @chat).Latency -is [timespan] }
Rule 'True True' { Test-CsPersistentChatMessage @chat -OutLoggerVariable log | Out-Null; $log.ToHTML() -match '<html'; [bool]([xml]$log.ToXML()) }
Rule 'PC-E27' { Test-CsPersistentChatMessage -TargetFqdn fe-red.contoso.com -Setup $true }
Rule 'PC-E27' { Test-CsPersistentChatMessage -TargetFqdn fe-red.contoso.com -Setup $true -TestUser1SipAddress sip:kmyer@contoso.com }
Rule 'SyntheticTransactions' {
    $null = Test-CsPersistentChatMessage -TargetFqdn fe-red.contoso.com -Setup $true -TestUser1SipAddress sip:kmyer@contoso.com -TestUser2SipAddress sip:packerman@contoso.com
    (Get-CsPersistentChatCategory SyntheticTransactions).Name
}
Rule 'Closed' { (Get-CsPersistentChatRoom -Category SyntheticTransactions).Privacy }
Rule 'InputObjectNotBound' { 'x' | Test-CsPersistentChatMessage -TargetFqdn fe-red.contoso.com }
Rule 'NamedParameterNotFound' { Test-CsPersistentChatMessage @chat -WhatIf }

# 1.10: access
Rule 'Failure' { Set-CsPersistentChatRoom Ops -Disabled $true; Tried @{ ChatRoomUri = "$pool\Ops" } }
Rule 'Success' { Set-CsPersistentChatRoom Ops -Disabled $false; Tried @{ ChatRoomUri = "$pool\Ops" } }
Rule 'Failure' { Set-CsPersistentChatCategory IT -DeniedMembers sip:packerman@contoso.com -WarningAction SilentlyContinue; Tried @{ ChatRoomUri = "$pool\Ops" } }
Rule 'Success' {
    Set-CsPersistentChatCategory IT -DeniedMembers $null
    Set-CsPersistentChatRoom Ops -Members sip:kmyer@contoso.com, sip:packerman@contoso.com
    Tried @{ ChatRoomUri = "$pool\Ops" }
}
# An open room is joined by the whole scope, a closed one by its members, or by the scope where there are none.
Rule 'Success' { Set-CsPersistentChatRoom Ops -Privacy Open; Tried @{ ReceiverSipAddress = 'sip:dlongmire@contoso.com'; ChatRoomUri = "$pool\Ops" } }
Rule 'Failure' { Set-CsPersistentChatRoom Ops -Privacy Closed; Tried @{ ReceiverSipAddress = 'sip:dlongmire@contoso.com'; ChatRoomUri = "$pool\Ops" } }
Rule 'Success' { Set-CsPersistentChatRoom Ops -Members $null; Tried @{ ReceiverSipAddress = 'sip:dlongmire@contoso.com'; ChatRoomUri = "$pool\Ops" } }
Rule 'Failure' { Tried @{ ReceiverSipAddress = 'sip:tblum@contoso.com'; ChatRoomUri = "$pool\Ops" } }
# In an auditorium the presenters post, and managing gives no right to.
Rule 'Failure' {
    Set-CsPersistentChatRoom Ops -Members sip:kmyer@contoso.com, sip:packerman@contoso.com -Managers sip:kmyer@contoso.com
    Set-CsPersistentChatRoom Ops -Type Auditorium
    Tried @{ ChatRoomUri = "$pool\Ops" }
}
Rule 'Failure' { Set-CsPersistentChatRoom Ops -Presenters sip:kmyer@contoso.com; Tried @{ ChatRoomUri = "$pool\Ops" } }
Rule 'Success' { Set-CsPersistentChatRoom Ops -Presenters @{ Add = 'sip:packerman@contoso.com' }; Tried @{ ChatRoomUri = "$pool\Ops" } }
Rule 'Failure' {
    $null = New-CsPersistentChatPolicy Off -EnablePersistentChat $false
    Grant-CsPersistentChatPolicy sip:packerman@contoso.com Off
    Tried @{ ChatRoomUri = "$pool\Ops" }
}
Rule 'Success' { Grant-CsPersistentChatPolicy sip:packerman@contoso.com $null; Tried @{ ChatRoomUri = "$pool\Ops" } }

# 2.7 exports
Rule 'PC-E27' { Export-CsPersistentChatData -DBInstance $sql }
Rule 'MissingMandatoryParameter' { Export-CsPersistentChatData -FileName a.zip }
Rule 'PC-E63' { Export-CsPersistentChatData -DBInstance no.contoso.com -AsBytes }
Rule 'PC-E63' { Export-CsPersistentChatData -DBInstance $sql -DBName nothing -AsBytes }
Rule 'PC-E34' { Export-CsPersistentChatData -DBInstance $sql -Scope Nope -AsBytes }
Rule 'PC-E60' { Export-CsPersistentChatData -DBInstance $sql -FileName nowhere/a.zip }
Rule 'CannotConvertArgumentNoMessage' { Export-CsPersistentChatData -DBInstance $sql -Level Some -AsBytes }
Rule 'PC-E27' { Export-CsPersistentChatData -DBInstance $sql -Level User -StartDate 1/1/2016 -AsBytes }
Rule 'PC-E27' { Export-CsPersistentChatData -DBInstance $sql -Level Category -StartDate 1/1/2016 -AsBytes }
Rule 'NamedParameterNotFound' { Export-CsPersistentChatData -DBInstance $sql -AsBytes -WhatIf }
Rule 'nothing' { Export-CsPersistentChatData -DBInstance $sql -FileName all.zip -Report all.html }
Rule 'warning' { Export-CsPersistentChatData -DBInstance $sql -FileName all.zip }
Rule 'True True' { (Get-Content -Raw all.html) -match '<html'; (Get-Item all.zip).Length -gt 500 }
function Parts([string] $Zip) { Expand-Archive $Zip -DestinationPath out -Force; (Get-ChildItem out).Name | Sort-Object; Remove-Item -Recurse out }
Rule 'addins.xml categories.xml invitations.xml manifest.xml messages-1.xml principals.xml rooms.xml' { Parts all.zip }
Rule 'manifest.xml principals.xml' { Export-CsPersistentChatData -DBInstance $sql -Level User -FileName user.zip; Parts user.zip }
Rule 'addins.xml categories.xml manifest.xml principals.xml' { Export-CsPersistentChatData -DBInstance $sql -Level Category -FileName category.zip; Parts category.zip }
Rule 'addins.xml categories.xml manifest.xml principals.xml rooms.xml' { Export-CsPersistentChatData -DBInstance $sql -Level RoomDirectory -FileName rooms.zip; Parts rooms.zip }
Rule 'addins.xml categories.xml manifest.xml messages-1.xml principals.xml rooms.xml' { Export-CsPersistentChatData -DBInstance $sql -Level Content -FileName content.zip; Parts content.zip }
Rule 'Byte[]' { $script:bytes = Export-CsPersistentChatData -DBInstance $sql -AsBytes; $bytes.GetType().Name }

# 2.7 imports
Rule 'PC-E60' { Import-CsPersistentChatData -DBInstance $sql -FileName nowhere.zip }
Rule 'PC-E61' { 'no zip' | Set-Content bad.zip; Import-CsPersistentChatData -DBInstance $sql -FileName bad.zip }
Rule 'PC-E61' { $torn = [byte[]]($bytes[0..($bytes.Length / 2)]); Import-CsPersistentChatData -DBInstance $sql -ByteInput $torn }
Rule 'PC-E63' { Import-CsPersistentChatData -DBInstance no.contoso.com -ByteInput $bytes }
Rule 'PC-E62' { Import-CsPersistentChatData -DBInstance $sql -ByteInput $bytes }
1..6 | ForEach-Object { Stop-CsWindowsService -ComputerName "pc$_.contoso.com" -Name RTCCHAT }
Rule 'PC-E60' { Import-CsPersistentChatData -DBInstance $sql -FileName nowhere.zip -WhatIf }
Rule 'True' { @(Import-CsPersistentChatData -DBInstance $sql -ByteInput $bytes 3>&1).Count -ge 3 }
1..6 | ForEach-Object { Start-CsWindowsService -ComputerName "pc$_.contoso.com" -Name RTCCHAT }
Rule 'Auditorium sip:kmyer@contoso.com sip:packerman@contoso.com' { Get-CsPersistentChatRoom Ops | ForEach-Object { $_.Type; $_.Presenters } }
Rule 'True' { Export-CsPersistentChatData -DBInstance $sql -DisableExportedNodes -FileName last.zip; (Get-CsPersistentChatRoom Ops).Disabled }
Held
