# Announcement auditorium.
$null = & $PSScriptRoot/S01.ps1
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatRoom -Name News -Category IT -Type Auditorium -Privacy Open
Set-CsPersistentChatRoom News -Presenters @{Add="sip:kmyer@contoso.com"}
Fault { Set-CsPersistentChatRoom ITRoom -Presenters @{Add="sip:kmyer@contoso.com"} }
Fault { Get-CsPersistentChatEligiblePrincipal -Room ITRoom -Presenters }
Fault { Set-CsPersistentChatRoom News -Presenters @{Add="sip:aroth@contoso.com"} }
@(Warned { Set-CsPersistentChatRoom News -Type Normal }).Count
(Get-CsPersistentChatRoom News).Presenters.Count
