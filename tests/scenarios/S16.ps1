# Maintenance of one server.
. $PSScriptRoot/common.ps1
@(Warned { Set-CsPersistentChatActiveServer -ActiveServers @{Remove="pc2.contoso.com"; Add="pc5.contoso.com"} }).Count -gt 0
$service = Get-CsService -PersistentChatServer
($service.ActiveServers | Sort-Object) -join ' '
($service.InactiveServers | Sort-Object) -join ' '
Stop-CsWindowsService -ComputerName pc2.contoso.com -Graceful
Fault { Set-CsPersistentChatActiveServer -ActiveServers @{Add="pc2.contoso.com"} }
Fault { Set-CsPersistentChatActiveServer -ActiveServers @{Add="pc9.contoso.com"} }
