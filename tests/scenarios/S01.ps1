# First room, end to end.
. $PSScriptRoot/common.ps1
function Test { Test-CsPersistentChatMessage -TargetFqdn fe-red.contoso.com -ChatRoomUri "$pool\ITRoom" -SenderSipAddress sip:kmyer@contoso.com -ReceiverSipAddress sip:packerman@contoso.com }
New-CsPersistentChatCategory -Name IT -Description "IT department" -EnableInvitations -EnableFileUpload | Format-List Name, Invites, FileUpload, ChatHistory, AllowedMembers
Set-CsPersistentChatCategory -Identity "$pool\IT" -AllowedMembers @{Add="OU=IT,DC=contoso,DC=com"} -Creators @{Add="CN=Helpdesk,OU=IT,DC=contoso,DC=com"}
(New-CsPersistentChatAddin -Name Tickets -Url "https://tickets.contoso.com/board").Identity
New-CsPersistentChatRoom -Name ITRoom -Category IT -Addin Tickets | Format-List Name, Type, Privacy, Invitations, Disabled, Members, Addin
Set-CsPersistentChatRoom "$pool\ITRoom" -Members @{Add="sip:kmyer@contoso.com","sip:packerman@contoso.com"} -Managers @{Add="sip:kmyer@contoso.com"}
$result = Test
"$($result.Result) $($result.Diagnosis -match 'polic')"
Set-CsPersistentChatPolicy -Identity Global -EnablePersistentChat $true
(Test).Result
