# Compliance for one pool.
. $PSScriptRoot/common.ps1
$id = "service:PersistentChatServer:$pool"
$made = New-CsPersistentChatComplianceConfiguration -Identity $id -AdapterName Xml -AdapterType "Microsoft.Rtc.Internal.Chat.Server.Compliance.XmlAdapter,compliance" -AdapterOutputDirectory "$env:PCSH_HOME/compliance" -RunInterval 00:30:00 -OneChatRoomPerOutputFile $true
"$($made.RunInterval) $($made.OneChatRoomPerOutputFile)"
Fault { Set-CsPersistentChatComplianceConfiguration -Identity $id -RunInterval 31.00:00:00 }
Get-CsPersistentChatComplianceConfiguration -Filter "service:*" | Format-List Identity, AdapterName, RunInterval
(Get-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCOMPLIANCE).Status
