# Ethical wall between traders and analysts.
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatCategory -Name Trading; $null = New-CsPersistentChatCategory -Name Research
Set-CsPersistentChatCategory Trading  -AllowedMembers "OU=Traders,DC=contoso,DC=com"  -DeniedMembers "OU=Analysts,DC=contoso,DC=com"
Set-CsPersistentChatCategory Research -AllowedMembers "OU=Analysts,DC=contoso,DC=com" -DeniedMembers "OU=Traders,DC=contoso,DC=com"
$null = New-CsPersistentChatRoom -Name Desk -Category Trading -Privacy Secret
Set-CsPersistentChatRoom Desk -Members @{Add="sip:tblum@contoso.com"}
Fault { Set-CsPersistentChatRoom Desk -Members @{Add="sip:oreyes@contoso.com"} }
(Get-CsPersistentChatRoom Desk).Members
(Get-CsPersistentChatEligiblePrincipal -Room Desk -Filter "*@contoso.com").SipAddress
