# Sections 1.3, 1.4, 2.5, 2.6, 2.8 and 3: settings, compliance, state, active servers, endpoints, policies, grants.
. $PSScriptRoot/common.ps1
$service = "service:PersistentChatServer:$pool"

# 2.5 configuration
Rule 'Global' { (Get-CsPersistentChatConfiguration).Identity }
Rule '20000 75 30 True' { Get-CsPersistentChatConfiguration | ForEach-Object { $_.MaxFileSizeKB, $_.ParticipantUpdateLimit, $_.DefaultChatHistory, ($null -eq $_.RoomManagementUrl) } }
Rule 'UInt32 UInt32 Int16' { Get-CsPersistentChatConfiguration | ForEach-Object { $_.MaxFileSizeKB.GetType().Name, $_.ParticipantUpdateLimit.GetType().Name, $_.DefaultChatHistory.GetType().Name } }
Rule 'Identity MaxFileSizeKB ParticipantUpdateLimit DefaultChatHistory RoomManagementUrl' { (Get-CsPersistentChatConfiguration).PSObject.Properties.Name }
Rule 'Microsoft.Rtc.Management.WritableConfig.Settings.PersistentChat.PersistentChatConfiguration' { (Get-CsPersistentChatConfiguration).PSTypeNames[0] }
Rule 'PC-E13' { New-CsPersistentChatConfiguration a:b:c:d }
Rule 'PC-E24' { New-CsPersistentChatConfiguration Global }
Rule 'PC-E24' { New-CsPersistentChatConfiguration global -DefaultChatHistory 0 }
Rule 'PC-E15' { New-CsPersistentChatConfiguration Tag:x }
Rule 'PC-E15' { New-CsPersistentChatConfiguration x }
Rule 'PC-E15' { New-CsPersistentChatConfiguration service:Registrar:fe-red.contoso.com }
Rule 'PC-E14' { New-CsPersistentChatConfiguration site:Paris -DefaultChatHistory 0 }
Rule 'PC-E14' { New-CsPersistentChatConfiguration service:PersistentChatServer:no.contoso.com }
Rule 'PC-E25' { New-CsPersistentChatConfiguration site:Redmond -DefaultChatHistory 0 }
Rule 'PC-E25' { New-CsPersistentChatConfiguration site:Redmond -DefaultChatHistory 501 }
Rule 'PC-E25' { New-CsPersistentChatConfiguration site:Redmond -RoomManagementUrl ftp://x.contoso.com }
Rule 'PC-E16' { New-CsPersistentChatConfiguration site:R* }
Rule 'CannotConvertArgumentNoMessage' { New-CsPersistentChatConfiguration site:Redmond -MaxFileSizeKB -1 }
Rule 'warning Site:Redmond 500' { New-CsPersistentChatConfiguration SITE:redmond -DefaultChatHistory 500 | ForEach-Object { $_.Identity, $_.DefaultChatHistory } }
Rule 'PC-E23' { New-CsPersistentChatConfiguration site:Redmond }
Rule "Service:PersistentChatServer:$pool" { (New-CsPersistentChatConfiguration "PersistentChatServer:$pool").Identity }
Rule "Global Site:Redmond Service:PersistentChatServer:$pool" { (Get-CsPersistentChatConfiguration).Identity }
Rule 'Site:Redmond' { (Get-CsPersistentChatConfiguration -Filter 'SITE:*').Identity }
Rule 'nothing' { Get-CsPersistentChatConfiguration -Filter 'site:p*' }
Rule 'AmbiguousParameterSet' { Get-CsPersistentChatConfiguration -Identity Global -Filter x }
Rule 'PC-E16' { Get-CsPersistentChatConfiguration site:* }
Rule 'PC-E14' { Get-CsPersistentChatConfiguration site:Paris }
Rule 'PC-E21' { Get-CsPersistentChatConfiguration site:Dublin }
Rule 'PC-E14' { Set-CsPersistentChatConfiguration site:Paris -DefaultChatHistory 0 }
Rule 'PC-E21' { Set-CsPersistentChatConfiguration site:Dublin -DefaultChatHistory 0 }
Rule 'PC-E25' { Set-CsPersistentChatConfiguration -DefaultChatHistory 0 }
Rule 'warning' { Set-CsPersistentChatConfiguration -DefaultChatHistory 101 }
Rule '101' { (Get-CsPersistentChatConfiguration Global).DefaultChatHistory }
Rule 'nothing' { Get-CsPersistentChatConfiguration -Filter site:* | Set-CsPersistentChatConfiguration -DefaultChatHistory 100 }
Rule '100' { (Get-CsPersistentChatConfiguration site:Redmond).DefaultChatHistory }
Rule 'nothing' { $new = New-CsPersistentChatConfiguration site:Dublin -InMemory; $new.MaxFileSizeKB = 5; Set-CsPersistentChatConfiguration -Instance $new }
Rule '5' { (Get-CsPersistentChatConfiguration site:Dublin).MaxFileSizeKB }
Rule 'PC-E25' { $one = Get-CsPersistentChatConfiguration site:Dublin; $one.DefaultChatHistory = 0; Set-CsPersistentChatConfiguration -Instance $one }
Rule 'Site:Dublin' { (New-CsPersistentChatConfiguration site:Dublin -InMemory).Identity }
Rule 'PC-E16' { Remove-CsPersistentChatConfiguration site:* }
Rule 'nothing' { Get-CsPersistentChatConfiguration | Remove-CsPersistentChatConfiguration }
Rule 'Global 30' { Get-CsPersistentChatConfiguration | ForEach-Object { $_.Identity, $_.DefaultChatHistory } }
Rule 'PC-E21' { Remove-CsPersistentChatConfiguration site:Dublin }
Rule 'nothing' { Get-CsPersistentChatConfiguration -LocalStore | Out-Null }
Rule 'nothing' { New-CsPersistentChatConfiguration site:Dublin -WhatIf 6>$null }
Rule 'PC-E25' { New-CsPersistentChatConfiguration site:Dublin -DefaultChatHistory 0 -WhatIf 6>$null }
Rule '1' { @(Get-CsPersistentChatConfiguration).Count }

# 2.5 compliance
Rule '00:15:00 False False False False' { Get-CsPersistentChatComplianceConfiguration | ForEach-Object { $_.RunInterval, $_.OneChatRoomPerOutputFile, $_.AddChatRoomDetails, $_.AddUserDetails, $_.CreateFileAttachmentsManifest } }
Rule 'Identity AdapterName AdapterOutputDirectory AdapterType RunInterval OneChatRoomPerOutputFile AddChatRoomDetails AddUserDetails CreateFileAttachmentsManifest CustomConfiguration' { (Get-CsPersistentChatComplianceConfiguration).PSObject.Properties.Name }
Rule 'PC-E25' { Set-CsPersistentChatComplianceConfiguration -RunInterval 00:00:59 }
Rule 'PC-E25' { Set-CsPersistentChatComplianceConfiguration -RunInterval 30.00:00:01 }
Rule 'warning' { Set-CsPersistentChatComplianceConfiguration -RunInterval 30.00:00:00 }
Rule 'warning' { Set-CsPersistentChatComplianceConfiguration -RunInterval 00:01:00 }
Rule 'PC-E25' { Set-CsPersistentChatComplianceConfiguration -CustomConfiguration 'no style sheet' }
Rule 'PC-E25' { Set-CsPersistentChatComplianceConfiguration -CustomConfiguration '<a/>' }
Rule 'warning' { Set-CsPersistentChatComplianceConfiguration -CustomConfiguration '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>' }
Rule 'nothing' { Set-CsPersistentChatComplianceConfiguration -AdapterName One -AdapterType 'Microsoft.Rtc.Internal.Chat.Server.Compliance.XmlAdapter,compliance' -AdapterOutputDirectory C:\out\ }
Rule 'PC-E25' { New-CsPersistentChatComplianceConfiguration site:Redmond -AdapterName Two -AdapterOutputDirectory c:\OUT }
Rule 'PC-E25' { New-CsPersistentChatComplianceConfiguration site:Redmond -AdapterName Two -AdapterOutputDirectory relative }
Rule 'warning Site:Redmond' { New-CsPersistentChatComplianceConfiguration site:Redmond -AdapterName One -AdapterOutputDirectory c:\OUT | ForEach-Object Identity }
Rule 'PC-E15' { New-CsPersistentChatComplianceConfiguration Tag:x }
Rule 'PC-E24' { New-CsPersistentChatComplianceConfiguration Global }
Rule 'nothing' { Get-CsPersistentChatComplianceConfiguration | Remove-CsPersistentChatComplianceConfiguration }
Rule 'True' { $null -eq (Get-CsPersistentChatComplianceConfiguration).AdapterName }

# 2.6 state and active servers
Rule "PersistentChatServer:$pool Normal" { Get-CsPersistentChatState | ForEach-Object { $_.Identity, $_.PoolState } }
Rule "PersistentChatServer:$pool" { (Get-CsPersistentChatState $pool).Identity }
Rule "PersistentChatServer:$pool" { (Get-CsPersistentChatState "service:$pool").Identity }
Rule "PersistentChatServer:$pool" { (Get-CsPersistentChatState "Service:PersistentChatServer:$pool").Identity }
Rule "PersistentChatServer:$pool" { (Get-CsPersistentChatState -Filter '*.contoso.com').Identity }
Rule 'nothing' { Get-CsPersistentChatState -Filter '*.litware.com' }
Rule 'PC-E64' { Set-CsPersistentChatState -PoolState FailedOver }
Rule 'nothing' { Set-CsPersistentChatState -PoolState Normal }
Rule 'nothing' { Get-CsPersistentChatState | Set-CsPersistentChatState }
Rule 'CannotConvertArgumentNoMessage' { Set-CsPersistentChatState -PoolState Stopped }
Rule 'AmbiguousParameterSet' { Set-CsPersistentChatActiveServer -Swap -ActiveServers a.contoso.com }
Rule 'AmbiguousParameterSet' { Set-CsPersistentChatActiveServer }
Rule 'PC-E65' { Set-CsPersistentChatActiveServer -ActiveServers @{Add = 'pc9.contoso.com'} }
Rule 'PC-E10' { Set-CsPersistentChatActiveServer -ActiveServers 'pc1' }
Rule 'PC-E65' { Set-CsPersistentChatActiveServer -ActiveServers @{Add = 'pc5.contoso.com'} }
Rule 'nothing' { Set-CsPersistentChatActiveServer $pool -Swap }
Rule 'pc5.contoso.com pc6.contoso.com' { (Get-CsService -PersistentChatServer).ActiveServers }
Rule 'nothing' { Set-CsPersistentChatActiveServer -ActiveServers $null }
Rule 'PC-E05' { Get-CsPersistentChatRoom }
Rule 'PC-E05' { New-CsPersistentChatCategory -Name x }
Rule 'Global' { (Get-CsPersistentChatConfiguration).Identity }
Rule 'warning' { Set-CsPersistentChatActiveServer -ActiveServers pc1.contoso.com, pc5.contoso.com }
Rule 'warning PC-E65' { Set-CsPersistentChatActiveServer -Swap -WhatIf 6>$null; Set-CsPersistentChatActiveServer -ActiveServers pc5.contoso.com; Set-CsPersistentChatActiveServer -Swap }
Rule 'nothing' { Set-CsPersistentChatActiveServer -ActiveServers pc1.contoso.com }

# 2.8 endpoints
Rule 'sip:GC-1-PersistentChatService-1@contoso.com True' { Get-CsPersistentChatEndpoint | ForEach-Object { $_.SipAddress, $_.Enabled } }
Rule 'PC-E11' { New-CsPersistentChatEndpoint -SipAddress kmyer -PersistentChatPoolFqdn $pool }
Rule 'PC-E12' { New-CsPersistentChatEndpoint -SipAddress sip:a@nowhere.com -PersistentChatPoolFqdn $pool }
Rule 'PC-E01' { New-CsPersistentChatEndpoint -SipAddress sip:a@contoso.com -PersistentChatPoolFqdn no.contoso.com }
Rule 'PC-E43' { New-CsPersistentChatEndpoint -SipAddress sip:KMyer@contoso.com -PersistentChatPoolFqdn $pool }
Rule 'nothing' { New-CsPersistentChatEndpoint -SipAddress ocschat@contoso.com -PersistentChatPoolFqdn $pool }
Rule 'PC-E43' { New-CsPersistentChatEndpoint -SipAddress sip:OcsChat@CONTOSO.com -PersistentChatPoolFqdn $pool }
Rule 'ocschat sip:ocschat@contoso.com fe-red.contoso.com urn:application:PersistentChat' { Get-CsPersistentChatEndpoint sip:ocschat@contoso.com | ForEach-Object { $_.DisplayName, $_.SipAddress, $_.RegistrarPool, $_.OwnerUrn } }
Rule 'True' { (Get-CsPersistentChatEndpoint ocschat).Identity -match '^CN=\{[0-9a-f-]{36}\},CN=Application Contacts,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com$' }
Rule 'warning Second' { New-CsPersistentChatEndpoint -SipAddress sip:two@fabrikam.com -PersistentChatPoolFqdn $pool -DisplayName Second -PassThru | ForEach-Object DisplayName }
Rule '2' { @(Get-CsPersistentChatEndpoint -Filter {DisplayName -ne 'Second'}).Count }
Rule 'Second' { (Get-CsPersistentChatEndpoint 'Sec*').DisplayName }
Rule 'Second' { (Get-CsPersistentChatEndpoint -LdapFilter 'displayName=Sec*').DisplayName }
Rule '1' { @(Get-CsPersistentChatEndpoint -ResultSize 1).Count }
Rule '3' { @(Get-CsPersistentChatEndpoint -ResultSize Unlimited -PersistentChatPoolFqdn $pool).Count }
Rule 'PC-E22' { Get-CsPersistentChatEndpoint -DomainController dc.nowhere.com }
Rule 'nothing' { 'sip:two@fabrikam.com' | Remove-CsPersistentChatEndpoint }
Rule 'PC-E21' { Remove-CsPersistentChatEndpoint sip:two@fabrikam.com }
Rule 'nothing' { Get-CsPersistentChatEndpoint ocschat | Remove-CsPersistentChatEndpoint }
Rule 'warning' { Get-CsPersistentChatEndpoint | Remove-CsPersistentChatEndpoint }
Rule '1' { Enable-CsTopology; @(Get-CsPersistentChatEndpoint).Count }

# 2.9 and 3 policies
Rule 'Global False' { Get-CsPersistentChatPolicy | ForEach-Object { $_.Identity, $_.EnablePersistentChat } }
Rule 'PC-E24' { New-CsPersistentChatPolicy Global }
Rule 'PC-E13' { New-CsPersistentChatPolicy 'a\b' }
Rule 'PC-E14' { New-CsPersistentChatPolicy site:Paris }
Rule 'PC-E15' { New-CsPersistentChatPolicy "service:PersistentChatServer:$pool" }
Rule 'Tag:Sales False' { New-CsPersistentChatPolicy Sales | ForEach-Object { $_.Identity, $_.EnablePersistentChat } }
Rule 'PC-E23' { New-CsPersistentChatPolicy tag:SALES }
Rule 'PC-E16' { Get-CsPersistentChatPolicy Sal* }
Rule 'Tag:Sales' { (Get-CsPersistentChatPolicy -Filter tag:*).Identity }
Rule 'PC-E21' { Get-CsPersistentChatPolicy Nope }
Rule 'warning Global Tag:Sales' { (Get-CsPersistentChatPolicy -Tenant ([guid]::Empty)).Identity }
Rule 'nothing' { Get-CsPersistentChatPolicy | Set-CsPersistentChatPolicy -EnablePersistentChat $true }
Rule 'True True' { (Get-CsPersistentChatPolicy).EnablePersistentChat }
Rule 'PC-E27' { Grant-CsPersistentChatPolicy 'Ken Myer' }
Rule 'PC-E20' { Grant-CsPersistentChatPolicy 'No Body' -PolicyName Sales }
Rule 'PC-E44' { Grant-CsPersistentChatPolicy 'Ken Myer' -PolicyName Nope }
Rule 'PC-E44' { Grant-CsPersistentChatPolicy 'Ken Myer' -PolicyName Global }
Rule 'PC-E44' { Grant-CsPersistentChatPolicy 'Ken Myer' -PolicyName site:Redmond }
Rule 'nothing' { Grant-CsPersistentChatPolicy 'Ken Myer' Sales }
Rule 'Ken Myer Sales' { 'sip:KMYER@contoso.com' | Grant-CsPersistentChatPolicy -PolicyName Tag:sales -PassThru | ForEach-Object { $_.DisplayName, $_.PersistentChatPolicy } }
Rule 'PC-E42' { Remove-CsPersistentChatPolicy Sales }
Rule 'Sales' { (Get-CsEffectivePolicy kmyer@contoso.com).PersistentChatPolicy }
Rule 'Sales' { (Get-CsEffectivePolicy 'CONTOSO\kmyer').PersistentChatPolicy }
Rule 'Global' { (Get-CsEffectivePolicy 'Abe Roth').PersistentChatPolicy }
Rule 'nothing' { Remove-CsPersistentChatPolicy Sales -Force }
Rule 'True' { $null -eq (Get-CsUser 'Ken Myer').PersistentChatPolicy }
Rule 'Global' { (Get-CsEffectivePolicy 'Ken Myer').PersistentChatPolicy }
Rule 'nothing' { Remove-CsPersistentChatPolicy Global }
Rule 'False' { (Get-CsPersistentChatPolicy Global).EnablePersistentChat }
Rule 'nothing' { $p = New-CsPersistentChatPolicy InMem -EnablePersistentChat $true -InMemory; Set-CsPersistentChatPolicy -Instance $p }
Rule 'True' { (Get-CsPersistentChatPolicy InMem).EnablePersistentChat }
Rule 'nothing' { Grant-CsPersistentChatPolicy '*' -PolicyName InMem }
Rule '7' { @(Get-CsUser -Filter {PersistentChatPolicy -eq 'InMem'}).Count }
Rule 'nothing' { Grant-CsPersistentChatPolicy '*' -PolicyName $null }
Rule '7' { @(Get-CsUser -Filter {PersistentChatPolicy -eq $null}).Count }
Rule 'Identity VoicePolicy VoiceRoutingPolicy ConferencingPolicy PresencePolicy LocationProfile' { (Get-CsEffectivePolicy 'Ken Myer').PSObject.Properties.Name[0..5] }
Rule 'Microsoft.Rtc.Management.AD.Cmdlets.EffectivePolicies' { (Get-CsEffectivePolicy 'Ken Myer').PSTypeNames[0] }
Held
