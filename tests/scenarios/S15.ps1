# Losing the data centre, and coming back.
. $PSScriptRoot/common.ps1
function Sql($Database, $Operation) { $null = Invoke-CsServiceOperation Update-CsDatabase $Database -Parameters @{ operation = $Operation } }
$backup = 'sqlbak.contoso.com\chat\mgc'
Sql $backup ConfigureLogShipping
Fault { Set-CsPersistentChatState -Identity "service:$pool" -PoolState FailedOver }
# The SQL team drops log shipping, applies the logs and recovers mgc.
'RemoveLogShipping', 'ApplyLogs', 'Recover' | ForEach-Object { Sql $backup $_ }
@(Warned { Set-CsPersistentChatState -Identity "service:$pool" -PoolState FailedOver }).Count -gt 0
Install-CsMirrorDatabase -DatabaseType PersistentChat -SqlServerFqdn sqlbak.contoso.com -SqlInstanceName chat -FileShare \\fsbak.contoso.com\mirror
Set-CsPersistentChatActiveServer -ActiveServers @{Replace="pc5.contoso.com","pc6.contoso.com"}
(Get-CsPersistentChatState | Where-Object {$_.PoolState -eq "FailedOver"}).Identity
# Later.
Set-CsPersistentChatActiveServer -ActiveServers $null
Fault { Get-CsPersistentChatRoom }
# The SQL team removes mirroring, backs up, restores on sqlred and sets up log shipping.
Sql 'sqlred.contoso.com\chat\mgc' Restore
Set-CsPersistentChatActiveServer -ActiveServers @{Replace="pc1.contoso.com","pc2.contoso.com","pc3.contoso.com","pc4.contoso.com"}
Set-CsPersistentChatState -Identity "PersistentChatServer:$pool" -PoolState Normal
"$((Get-CsPersistentChatState).PoolState) $((Get-CsService -PersistentChatServer).ActiveServers.Count)"
