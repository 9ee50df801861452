# Sections 1.6, 1.9 and 2.1 to 2.4: add-ins, categories, rooms, messages, eligible principals.
. $PSScriptRoot/common.ps1
Set-CsPersistentChatPolicy -EnablePersistentChat $true
$long = 'n' * 257

# 2.1 add-ins
Rule 'MissingMandatoryParameter' { New-CsPersistentChatAddin -Name a }
Rule 'NamedParameterNotFound' { New-CsPersistentChatAddin -Name a -Url https://a.contoso.com -WhatIf }
Rule 'PC-E25' { New-CsPersistentChatAddin -Name ('a' * 51) -Url https://a.contoso.com }
Rule 'PC-E25' { New-CsPersistentChatAddin -Name 'a\b' -Url https://a.contoso.com }
Rule 'PC-E25' { New-CsPersistentChatAddin -Name a -Url ftp://a.contoso.com }
Rule 'PC-E25' { New-CsPersistentChatAddin -Name a -Url /relative }
Rule 'PC-E25' { New-CsPersistentChatAddin -Name a -Url ('https://a.contoso.com/' + 'x' * 240) }
Rule "$pool\Tickets Tickets https://t.contoso.com/b" { New-CsPersistentChatAddin -Name Tickets -Url https://t.contoso.com/b | ForEach-Object { $_.Identity, $_.Name, $_.Url } }
Rule 'PC-E23' { New-CsPersistentChatAddin -Name TICKETS -Url https://t.contoso.com/b }
Rule 'PC-E01' { New-CsPersistentChatAddin -Name b -Url https://t.contoso.com/b -PersistentChatPoolFqdn no.contoso.com }
Rule 'PC-E21' { Get-CsPersistentChatAddin Nope }
Rule 'PC-E01' { Get-CsPersistentChatAddin -PersistentChatPoolFqdn no.contoso.com }
Rule 'PC-E01' { Get-CsPersistentChatAddin 'no.contoso.com\Tickets' }
Rule 'AmbiguousParameterSet' { Get-CsPersistentChatAddin -Identity Tickets -PersistentChatPoolFqdn $pool }
Rule 'InputObjectNotBound' { 'Tickets' | Get-CsPersistentChatAddin }
Rule 'nothing' { Set-CsPersistentChatAddin Tickets -Name tickets }
Rule 'tickets' { (Get-CsPersistentChatAddin Tickets).Name }
Rule 'nothing' { 'Tickets' | Set-CsPersistentChatAddin -Name Board }
Rule 'nothing' { Get-CsPersistentChatAddin | Set-CsPersistentChatAddin -Url https://t.contoso.com/c }
Rule 'https://t.contoso.com/c' { (Get-CsPersistentChatAddin Board).Url }
Rule 'PC-E21' { Set-CsPersistentChatAddin Tickets -Name x }

# 2.2 categories
Rule 'PC-E25' { New-CsPersistentChatCategory -Name $long }
Rule 'PC-E25' { New-CsPersistentChatCategory -Name 'a\b' }
Rule 'PC-E25' { New-CsPersistentChatCategory -Name '   ' }
Rule 'PC-E25' { New-CsPersistentChatCategory -Name a -Description $long }
Rule 'NamedParameterNotFound' { New-CsPersistentChatCategory -Name a -WhatIf }
Rule 'False False True 0 0 0 0' { New-CsPersistentChatCategory -Name Plain | ForEach-Object { $_.Invites, $_.FileUpload, $_.ChatHistory, $_.NumberOfChatRooms, $_.AllowedMembers.Count, $_.DeniedMembers.Count, $_.Creators.Count } }
Rule 'True True False' { New-CsPersistentChatCategory -Name IT -EnableInvitations -EnableFileUpload -RemoveChatHistory | ForEach-Object { $_.Invites, $_.FileUpload, $_.ChatHistory } }
Rule 'PC-E23' { New-CsPersistentChatCategory -Name it }
Rule 'True' { (Get-CsPersistentChatCategory IT).CategoryUri -match '^ma-cat://contoso\.com/[0-9a-f-]{36}$' }
Rule 'Microsoft.Rtc.Management.PersistentChat.Cmdlets.CategoryObject Microsoft.Rtc.Management.Chat.Cmdlets.Category' { (Get-CsPersistentChatCategory IT).PSTypeNames[0..1] }
Rule 'Identity CategoryUri Name Description NumberOfChatRooms Invites FileUpload ChatHistory AllowedMembers DeniedMembers Creators' { (Get-CsPersistentChatCategory IT).PSObject.Properties.Name }
Rule 'PC-E30' { Set-CsPersistentChatCategory IT -AllowedMembers sip:nobody@contoso.com }
Rule 'PC-E11' { Set-CsPersistentChatCategory IT -AllowedMembers 'OU=IT.DC=contoso,DC=com' }
Rule 'PC-E11' { Set-CsPersistentChatCategory IT -AllowedMembers 'sip:nobody' }
Rule 'PC-E31' { Set-CsPersistentChatCategory IT -Creators sip:kmyer@contoso.com }
Rule 'nothing' { Set-CsPersistentChatCategory IT -AllowedMembers @{Add = 'OU=IT,DC=contoso,DC=com', 'sip:dlongmire@contoso.com'} -Creators sip:kmyer@contoso.com -Invitations $false -ChatHistory 1 }
Rule 'OU=IT,DC=contoso,DC=com sip:dlongmire@contoso.com' { (Get-CsPersistentChatCategory IT).AllowedMembers }
Rule 'IT David Longmire' { (Get-CsPersistentChatCategory IT -AsObject).AllowedMembers }
Rule 'False True' { Get-CsPersistentChatCategory IT | ForEach-Object { $_.Invites, $_.ChatHistory } }
Rule 'nothing' { Set-CsPersistentChatCategory IT -AllowedMembers @{Add = 'SIP:DLongmire@contoso.com', 'CN=David Longmire,OU=Sales,DC=contoso,DC=com'} }
Rule '2' { (Get-CsPersistentChatCategory IT).AllowedMembers.Count }
Rule 'nothing' { Set-CsPersistentChatCategory IT -AllowedMembers @{Remove = 'CN=David Longmire,OU=Sales,DC=contoso,DC=com', 'sip:aroth@contoso.com'} }
Rule '1' { (Get-CsPersistentChatCategory IT).AllowedMembers.Count }
Rule 'nothing' { Set-CsPersistentChatCategory IT -AsObject -AllowedMembers @{Add = 'David Longmire'} }
Rule 'PC-E30' { Set-CsPersistentChatCategory IT -AsObject -AllowedMembers @{Add = 'No Body'} }
Rule 'PC-E31' { Set-CsPersistentChatCategory IT -DeniedMembers sip:kmyer@contoso.com -Creators @{Add = 'sip:kmyer@contoso.com'} }
Rule 'CannotConvertArgument' { Set-CsPersistentChatCategory IT -AllowedMembers @{Replace = 'a'; Add = 'b'} }
Rule 'CannotConvertArgument' { Set-CsPersistentChatCategory IT -AllowedMembers @{Insert = 'a'} }
Rule 'MissingArgument' { Set-CsPersistentChatCategory IT -Invitations }
Rule 'CannotConvertArgumentNoMessage' { 'IT' | Set-CsPersistentChatCategory -Description x }
Rule 'PC-E21' { Set-CsPersistentChatCategory Nope -Description x }
Rule 'PC-E21' { Remove-CsPersistentChatCategory Nope }

# 2.3 rooms
Rule 'PC-E25' { New-CsPersistentChatRoom -Name $long -Category IT }
Rule 'PC-E25' { New-CsPersistentChatRoom -Name 'x\y' -Category IT }
Rule 'PC-E25' { New-CsPersistentChatRoom -Name ' ' -Category IT }
Rule 'PC-E25' { New-CsPersistentChatRoom -Name x -Category IT -Description $long }
Rule 'PC-E26' { New-CsPersistentChatRoom -Name plain -Category IT }
Rule 'PC-E34' { New-CsPersistentChatRoom -Name x -Category Nope }
Rule 'PC-E35' { New-CsPersistentChatRoom -Name x -Category IT -Addin Nope }
Rule 'PC-E18' { New-CsPersistentChatRoom -Name x -Category IT -Addin 'no.contoso.com\Board' }
Rule 'PC-E01' { New-CsPersistentChatRoom -Name x -Category 'no.contoso.com\IT' }
Rule 'PC-E18' { New-CsPersistentChatRoom -Name x -Category "$pool\IT" -PersistentChatPoolFqdn other.contoso.com }
Rule 'NamedParameterNotFound' { New-CsPersistentChatRoom -Name x -Category IT -Members sip:kmyer@contoso.com }
Rule 'InputObjectNotBound' { 'x' | New-CsPersistentChatRoom -Name x -Category IT }
Rule 'Normal Closed Inherit False 0 0 0' { New-CsPersistentChatRoom -Name Ops -Category IT -Addin "$pool\Board" | ForEach-Object { $_.Type, $_.Privacy, $_.Invitations, $_.Disabled, $_.Members.Count, $_.Managers.Count, $_.Presenters.Count } }
Rule 'Auditorium Secret False True' { New-CsPersistentChatRoom -Name Hall -Category IT -Type aud -Privacy s -Invitations $false -Disabled 1 | ForEach-Object { $_.Type, $_.Privacy, $_.Invitations, $_.Disabled } }
Rule 'PC-E23' { New-CsPersistentChatRoom -Name OPS -Category IT }
Rule 'PC-E26' { New-CsPersistentChatCategory -Name ops }
Rule '2' { (Get-CsPersistentChatCategory IT).NumberOfChatRooms }
Rule 'Microsoft.Rtc.Management.PersistentChat.Cmdlets.ChatRoomObject Microsoft.Rtc.Management.Chat.Cmdlets.ChatRoom' { (Get-CsPersistentChatRoom Ops).PSTypeNames[0..1] }
Rule 'True' { (Get-CsPersistentChatRoom Ops).ChatRoomUri -match '^ma-chan://contoso\.com/[0-9a-f-]{36}$' }
Rule 'PC-E21' { Get-CsPersistentChatRoom Nope }
Rule 'PC-E01' { Get-CsPersistentChatRoom 'no.contoso.com\Ops' }
Rule 'AmbiguousParameterSet' { Get-CsPersistentChatRoom -Identity Ops -Privacy Open }
Rule 'PC-E27' { Get-CsPersistentChatRoom -SearchDescription }
Rule 'PC-E25' { Get-CsPersistentChatRoom -Filter {Colour -eq 'red'} }
Rule 'PC-E25' { Get-CsPersistentChatRoom -ChatContentExceedsMB -1 }
Rule 'PC-E25' { Get-CsPersistentChatRoom -ResultSize -1 }
Rule 'nothing' { Get-CsPersistentChatRoom -ResultSize 0 }
Rule '1' { @(Get-CsPersistentChatRoom -ResultSize 1).Count }
Rule 'PC-E34' { Get-CsPersistentChatRoom -Category Nope }
Rule 'PC-E30' { Get-CsPersistentChatRoom -Member sip:nobody@contoso.com }
Rule 'PC-E30' { Get-CsPersistentChatRoom -Manager sip:nobody@contoso.com }
Rule 'nothing' { Get-CsPersistentChatRoom -Filter 'zzz' }
Rule 'Hall' { (Get-CsPersistentChatRoom -Disabled $true).Name }
Rule 'Ops' { (Get-CsPersistentChatRoom -Addin Board).Name }
Rule 'PC-E35' { Get-CsPersistentChatRoom -Addin Nope }
Rule 'Hall' { (Get-CsPersistentChatRoom -Type Auditorium -Privacy Secret -Category IT -Filter 'a').Name }
Rule 'Hall Ops' { (Get-CsPersistentChatRoom -Filter {Name -like 'h*' -or (Name -eq 'OPS' -and -not (Description -ne ''))}).Name }
Rule 'Ops' { (Get-CsPersistentChatRoom -Filter {Name -notlike 'h*'}).Name }
Rule 'nothing' { Get-CsPersistentChatRoom -Filter 'O' | Set-CsPersistentChatRoom -Description 'all about pumps' }
Rule 'nothing' { Get-CsPersistentChatRoom -Filter pumps }
Rule 'Ops' { (Get-CsPersistentChatRoom -Filter pumps -SearchDescription).Name }
Rule 'nothing' { Get-CsPersistentChatRoom -Filter 'o?' }
Rule 'Ops' { (Get-CsPersistentChatRoom -Filter 'o?s').Name }
Rule 'Hall Ops' { (Get-CsPersistentChatRoom -Member sip:packerman@contoso.com).Name }
Rule 'nothing' { Get-CsPersistentChatRoom -Member sip:aroth@contoso.com }

# Set: application, scope, presenters
Rule 'PC-E31' { Set-CsPersistentChatRoom Ops -Members sip:aroth@contoso.com }
Rule 'PC-E31' { Set-CsPersistentChatRoom Ops -Managers sip:aroth@contoso.com }
Rule 'PC-E30' { Set-CsPersistentChatRoom Ops -Members sip:nobody@contoso.com }
Rule 'PC-E32' { Set-CsPersistentChatRoom Ops -Presenters sip:kmyer@contoso.com }
Rule 'nothing' { Set-CsPersistentChatRoom Hall -Members sip:kmyer@contoso.com -Presenters sip:kmyer@contoso.com -Managers sip:packerman@contoso.com }
Rule 'PC-E33' { Set-CsPersistentChatRoom Hall -Presenters @{Add = 'sip:packerman@contoso.com'} }
Rule 'warning' { Set-CsPersistentChatRoom Hall -Members @{Remove = 'sip:kmyer@contoso.com'} }
Rule '0 0 False' { Get-CsPersistentChatRoom Hall | ForEach-Object { $_.Members.Count, $_.Presenters.Count, $_.MembersInherited } }
Rule 'nothing' { Set-CsPersistentChatRoom Hall -Members $null }
Rule '0 True' { Get-CsPersistentChatRoom Hall | ForEach-Object { $_.Members.Count, $_.MembersInherited } }
Rule 'warning' { Set-CsPersistentChatRoom Hall -Members @{Remove = 'sip:kmyer@contoso.com'} }
Rule 'PC-E34' { Set-CsPersistentChatRoom Hall -Category Nope }
Rule 'PC-E18' { Set-CsPersistentChatRoom Hall -Category 'no.contoso.com\IT' }
Rule 'PC-E35' { Set-CsPersistentChatRoom Hall -Addin Nope }
Rule 'NamedParameterNotFound' { Set-CsPersistentChatRoom Hall -PersistentChatPoolFqdn $pool }
Rule 'nothing' { Set-CsPersistentChatRoom Ops -Addin '' }
Rule 'True' { $null -eq (Get-CsPersistentChatRoom Ops).Addin }
Rule 'nothing' { Set-CsPersistentChatRoom Ops -Addin Board }
Rule 'nothing' { Set-CsPersistentChatRoom Ops -Addin $null }
Rule 'True' { $null -eq (Get-CsPersistentChatRoom Ops).Addin }
Rule 'PC-E26' { Set-CsPersistentChatRoom Ops -Name IT }
Rule 'PC-E23' { Set-CsPersistentChatRoom Ops -Name hall }
Rule 'True' { $before = Get-CsPersistentChatRoom Ops; Set-CsPersistentChatRoom Ops -Name Operations; (Get-CsPersistentChatRoom Operations).ChatRoomUri -eq $before.ChatRoomUri }
Rule 'PC-E21' { Get-CsPersistentChatRoom Ops }
Rule "$pool\Ops" { $room = Get-CsPersistentChatRoom Operations; $room.Name = 'Ops'; Set-CsPersistentChatRoom -Instance $room; (Get-CsPersistentChatRoom Ops).Identity }
Rule 'nothing' { Get-CsPersistentChatRoom Ops | Set-CsPersistentChatRoom -AsObject -Members 'Ken Myer', 'Pilar Ackerman' }
Rule 'Ken Myer Pilar Ackerman' { (Get-CsPersistentChatRoom Ops -AsObject).Members }
Rule 'nothing' { Set-CsPersistentChatRoom Ops -Members @{Remove = 'sip:kmyer@contoso.com'; Add = 'sip:kmyer@contoso.com'} }
Rule '2' { (Get-CsPersistentChatRoom Ops).Members.Count }
Rule 'warning warning' { Set-CsPersistentChatCategory IT -DeniedMembers sip:packerman@contoso.com }
Rule 'sip:kmyer@contoso.com' { (Get-CsPersistentChatRoom Ops).Members }
Rule 'nothing' { New-CsPersistentChatCategory -Name Sales | Set-CsPersistentChatCategory -AllowedMembers 'OU=Sales,DC=contoso,DC=com' }
Rule 'warning' { Set-CsPersistentChatRoom Ops -Category Sales -WhatIf 6>$null }
Rule "$pool\IT" { (Get-CsPersistentChatRoom Ops).Category }
Rule 'nothing' { Set-CsPersistentChatRoom Ops -Category Sales -Force }
Rule '0' { (Get-CsPersistentChatRoom Ops).Members.Count }

# 1.9 removal
Rule 'PC-E40' { Remove-CsPersistentChatCategory IT }
Rule 'nothing' { Set-CsPersistentChatRoom Hall -Addin Board }
Rule 'PC-E41' { Remove-CsPersistentChatAddin Board }
Rule 'nothing' { Remove-CsPersistentChatAddin Board -Force }
Rule 'True' { $null -eq (Get-CsPersistentChatRoom Hall).Addin }
Rule 'nothing' { Get-CsPersistentChatRoom Hall | Remove-CsPersistentChatRoom }
Rule 'nothing' { Remove-CsPersistentChatCategory IT -Force }
Rule 'PC-E21' { Remove-CsPersistentChatRoom Hall }
Rule 'PC-E40' { Get-CsPersistentChatCategory | Remove-CsPersistentChatCategory }
Rule 'Sales' { (Get-CsPersistentChatCategory).Name }
Rule 'nothing' { $null = New-CsPersistentChatCategory -Name Empty; 'Empty' | Remove-CsPersistentChatCategory }
Rule 'CannotConvertArgumentNoMessage' { $null = New-CsPersistentChatRoom -Name Gone -Category Sales; 'Gone' | Remove-CsPersistentChatRoom }
Rule 'nothing' { Get-CsPersistentChatRoom Gone | Remove-CsPersistentChatRoom }
Rule 'nothing' { $null = New-CsPersistentChatAddin -Name A -Url http://a.contoso.com; 'A' | Remove-CsPersistentChatAddin }
Rule 'Ops Sales' { (Get-CsPersistentChatRoom).Name; (Get-CsPersistentChatCategory).Name }

# 2.4 eligible principals
Rule 'AmbiguousParameterSet' { Get-CsPersistentChatEligiblePrincipal -Category Sales -Room Ops }
Rule 'PC-E34' { Get-CsPersistentChatEligiblePrincipal -Category Nope }
Rule 'PC-E21' { Get-CsPersistentChatEligiblePrincipal -Room Nope }
Rule 'PC-E36' { Get-CsPersistentChatEligiblePrincipal -Room Ops -Presenters }
Rule 'folder:Sales user:David Longmire user:Ida Byrne' { Get-CsPersistentChatEligiblePrincipal -Category Sales | Sort-Object DisplayName | Sort-Object PersistentChatPrincipalType -Stable | ForEach-Object { "$($_.PersistentChatPrincipalType):$($_.DisplayName)" } }
Rule 'sip:dlongmire@contoso.com' { (Get-CsPersistentChatEligiblePrincipal -Room "$pool\Ops" -Filter '*long*').SipAddress }
Rule '1' { @(Get-CsPersistentChatEligiblePrincipal -Room Ops -ResultSize 1).Count }

# 2.3 messages
Rule 'MissingMandatoryParameter' { Clear-CsPersistentChatRoom Ops -Confirm:$false }
Rule 'nothing' { Clear-CsPersistentChatRoom Ops -EndDate 2030-01-01 -Confirm:$false }
Rule 'PC-E27' { Remove-CsPersistentChatMessage -Identity Ops -Remove }
Rule 'AmbiguousParameterSet' { Remove-CsPersistentChatMessage -Identity Ops -Remove -ReplaceMessage x -Filter y }
Rule 'PC-E25' { Remove-CsPersistentChatMessage -Identity Ops -Remove -StartDate 2020-01-02 -EndDate 2020-01-01 }
Rule 'PC-E25' { Remove-CsPersistentChatMessage -Identity Ops -Filter y -ReplaceMessage ('x' * 8001) }
Rule 'PC-E11' { Remove-CsPersistentChatMessage -Identity Ops -UserUri 'Ken Myer' -Remove }
Rule 'nothing' { Remove-CsPersistentChatMessage -Identity Ops -UserUri sip:gone@contoso.com -Remove }
Rule 'PositionalParameterNotFound' { Remove-CsPersistentChatMessage Ops -Filter x }
Rule 'InputObjectNotBound' { Get-CsPersistentChatRoom Ops | Remove-CsPersistentChatMessage -Identity Ops -Filter x }
Rule 'CannotConvertArgumentNoMessage' { Remove-CsPersistentChatMessage -Identity Ops -Filter x -MatchClause Some }
Held
