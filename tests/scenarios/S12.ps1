# Taking back a leak.
$null = & $PSScriptRoot/S08.ps1
. $PSScriptRoot/common.ps1
$room = "$pool\News"
'my Password', 'the pin is 1', 'hello' | ForEach-Object { $null = Invoke-CsServiceOperation New-CsPersistentChatMessage -Parameters @{ room = $room; userUri = 'sip:kmyer@contoso.com'; content = $_ } }
Remove-CsPersistentChatMessage -Identity $room -UserUri sip:dlongmire@contoso.com -StartDate "5/2/2016" -EndDate "5/3/2016" -Filter "project Fabrikam" -MatchClause Exact -ReplaceMessage "Withdrawn by IT security." -WhatIf
(Get-CsPersistentChatRoom News).MessageCount
Remove-CsPersistentChatMessage -Identity $room -Filter "password pin" -MatchClause Or -Remove
(Get-CsPersistentChatRoom News).MessageCount
Fault { Remove-CsPersistentChatMessage -Identity $room -Remove }
