# Sections 1.5, 1.9, 4, 5 and 7.10: topology, databases, computers, services, certificates, roles, users.
. $PSScriptRoot/common.ps1
function Edited([string] $Pattern, [string] $With) { (Get-CsTopology -AsXml).ToString() -replace $Pattern, $With | Set-Content edited.xml }

# 5.3, 5.4 topology documents
Rule 'PC-E60' { Publish-CsTopology -FileName nowhere.xml }
Rule 'PC-E79' { Edited 'revision="\d+"' 'revision="77"'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E70' { Edited 'nextHop="fe-red.contoso.com"' ''; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E25' { Edited 'displayName="Contoso chat"' "displayName=`"$('d' * 257)`""; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E71' { Edited 'complianceStore="[^"]*"' ''; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E73' { Edited '<FileStore [^>]*/>' ''; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E80' { Edited '<Computer fqdn="pc6' '<Computer fqdn="pc1'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E65' { Edited '(<Computer fqdn="pc6[^>]*/>)' ('$1' + (7..9 | ForEach-Object { "<Computer fqdn=`"pc$_.contoso.com`"/>" })); Publish-CsTopology -FileName edited.xml }
Rule 'PC-E80' { Edited 'kind="Full"' 'kind="Huge"'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E74' { Edited 'kind="Full"' 'kind="Express"'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E74' { Edited 'kind="Full"' 'kind="Full" alwaysOn="true"'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E72' { Edited 'version="2014"' 'version="2019"'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E80' { Edited '<SipDomain name="fabrikam.com"[^>]*/>' '<SipDomain name="fabrikam" />'; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E80' { '<Topology' | Set-Content edited.xml; Publish-CsTopology -FileName edited.xml }
Rule 'PC-E60' { Publish-CsTopology -FileName . }
Rule 'Redmond Dublin' { (Get-CsSite).Identity | Sort-Object -Descending }

# 5.6 readers
Rule 'PC-E13' { Get-CsSite Site:Redmond }
Rule 'PC-E21' { Get-CsSite Paris }
Rule 'PC-E21' { Get-CsPool no.contoso.com }
Rule 'PC-E21' { Get-CsComputer no.contoso.com }
Rule 'fe1.contoso.com fe2.contoso.com fe3.contoso.com' { (Get-CsComputer -Pool fe-red.contoso.com).Identity }
Rule 'fe-red.contoso.com pchat-red.contoso.com' { (Get-CsPool -Site Redmond).Identity }
Rule "PersistentChatServer:$pool" { (Get-CsService -PersistentChatServer).Identity }
Rule "PersistentChatServer:$pool" { (Get-CsService "PersistentChatServer:$pool").Identity }
Rule 'PC-E21' { Get-CsService PersistentChatServer:no.contoso.com }
Rule '5041 Contoso chat Registrar:fe-red.contoso.com FileStore:fsred.contoso.com' { Get-CsService -PersistentChatServer | ForEach-Object { $_.MtlsPort, $_.DisplayName, $_.Registrar, $_.FileStore } }
Rule 'nothing' { Set-CsSite Redmond -Description 'Main site' -DisplayName Main }
Rule 'Main Main site' { Get-CsSite Redmond | ForEach-Object { $_.DisplayName, $_.Description } }
Rule 'PC-E01' { Set-CsSite Redmond -DefaultPersistentChatPool fe-red.contoso.com }
Rule 'nothing' { Set-CsSite Redmond -DefaultPersistentChatPool '' }
Rule 'True' { $null -eq (Get-CsSite Redmond).DefaultPersistentChatPool }
Rule 'PC-E13' { Set-CsSite Site:Redmond -Description x }
Rule 'PC-E21' { Set-CsSite Paris -Description x }
Rule 'contoso.com fabrikam.com' { (Get-CsSipDomain).Identity }
Rule 'Success' { (Test-CsTopology).Result | Select-Object -Unique }

# 5.6 databases
Rule 'PC-E27' { Install-CsDatabase -ConfiguredDatabases -SqlServerFqdn sqlred.contoso.com -Clean -Update }
Rule 'CannotConvertArgumentNoMessage' { Install-CsDatabase -DatabaseType Bananas -SqlServerFqdn sqlred.contoso.com }
Rule 'PC-E10' { Install-CsDatabase -DatabaseType PersistentChat -SqlServerFqdn sqlred }
Rule 'PC-E01' { Invoke-CsDatabaseFailover -PoolFqdn fe-red.contoso.com -DatabaseType PersistentChat -NewPrincipal Mirror }
Rule 'PC-E77' { Uninstall-CsDatabase -DatabaseType PersistentChat -SqlServerFqdn sqlred.contoso.com -SqlInstanceName chat }
Rule 'DatabaseInaccessibleOrMirroringNotEnabled' { (Get-CsDatabaseMirrorState -PoolFqdn $pool -DatabaseType PersistentChat).StateOnPrimary }
Rule 'nothing' { Install-CsMirrorDatabase -DatabaseType PersistentChat -SqlServerFqdn sqlred.contoso.com -SqlInstanceName chat -FileShare \\fsred.contoso.com\mirror }
Rule 'Principal Mirror' { Get-CsDatabaseMirrorState -PoolFqdn $pool -DatabaseType PersistentChat | ForEach-Object { $_.StateOnPrimary, $_.StateOnMirror } }
Rule 'nothing' { Invoke-CsDatabaseFailover -PoolFqdn $pool -DatabaseType PersistentChat -NewPrincipal Mirror }
Rule 'Mirror Principal' { Get-CsDatabaseMirrorState -PoolFqdn $pool -DatabaseType PersistentChat | ForEach-Object { $_.StateOnPrimary, $_.StateOnMirror } }
Rule 'nothing' { Get-CsPersistentChatCategory }
Rule 'nothing' { Invoke-CsDatabaseFailover -PoolFqdn $pool -DatabaseType PersistentChat -NewPrincipal Primary }
Rule 'nothing' { Uninstall-CsMirrorDatabase -DatabaseType PersistentChat -SqlServerFqdn sqlred.contoso.com -SqlInstanceName chat -DropExistingDatabasesOnMirror }
Rule 'True' { $false -notin (Test-CsDatabase -ConfiguredDatabases -SqlServerFqdn sqlred.contoso.com).Succeed }

# 5.6 computers, replicas, services
Rule 'PC-E21' { Start-CsWindowsService -ComputerName no.contoso.com }
Rule 'PC-E21' { Get-CsWindowsService -ComputerName pc1.contoso.com -Name NOPE }
Rule 'Running' { (Get-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCHAT).Status }
Rule 'Skype for Business Server Persistent Chat' { (Get-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCHAT).DisplayName }
Rule 'nothing' { Stop-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCHAT }
Rule 'Stopped' { (Get-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCHAT).Status }
Rule 'nothing' { Get-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCHAT | Start-CsWindowsService }
Rule 'True' { (Get-CsManagementStoreReplicationStatus -ReplicaFqdn pc1.contoso.com).UpToDate }
Rule 'UpToDate ReplicaFqdn LastStatusReport LastUpdateCreation ProductVersion' { (Get-CsManagementStoreReplicationStatus -ReplicaFqdn pc1.contoso.com).PSObject.Properties.Name }
Rule 'True' { (Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus).ActiveMasterFqdn -match 'fe' }
Rule 'PC-E21' { Invoke-CsManagementStoreReplication -ReplicaFqdn no.contoso.com }

# 5.6 certificates
Rule 'PC-E21' { Use-CsComputer pc1.contoso.com { Set-CsCertificate -Type Default -Thumbprint ('0' * 40) } }
Rule 'PC-E27' { Use-CsComputer pc1.contoso.com { Set-CsCertificate -Type Default -Thumbprint (Get-CsCertificate).Thumbprint -Roll } }
Rule 'True' { Use-CsComputer pc1.contoso.com { (Get-CsCertificate -Type Default).AlternativeNames -contains 'pchat-red.contoso.com' } }
Rule 'nothing' { Use-CsComputer pc1.contoso.com { Remove-CsCertificate -Type Default; Get-CsCertificate -Type Default } }
Rule 'PC-E76' { Stop-CsWindowsService -ComputerName pc1.contoso.com; Start-CsWindowsService -ComputerName pc1.contoso.com -Name RTCCHAT }

# 4 roles
Rule '11' { @(Get-CsAdminRole | Where-Object IsStandardRole).Count }
Rule 'PC-E51' { New-CsAdminRole -Identity NoSuchGroup -Template CsHelpDesk }
Rule 'PC-E50' { New-CsAdminRole -Identity DublinChatAdmins -Template CsNothing }
Rule 'PC-E14' { New-CsAdminRole -Identity DublinChatAdmins -Template CsHelpDesk -ConfigScopes site:Paris }
Rule 'DublinChatAdmins False CsHelpDesk Site:Dublin Global' { New-CsAdminRole -Identity DublinChatAdmins -Template CsHelpDesk -ConfigScopes site:dublin | ForEach-Object { $_.Identity, $_.IsStandardRole, $_.Template, $_.ConfigScopes, $_.UserScopes } }
Rule 'PC-E23' { New-CsAdminRole -Identity DublinChatAdmins -Template CsHelpDesk }
Rule 'PC-E52' { Set-CsAdminRole CsHelpDesk -Cmdlets @{Add = 'Set-CsUser'} }
Rule 'PC-E52' { Remove-CsAdminRole CsHelpDesk }
Rule 'nothing' { Set-CsAdminRole DublinChatAdmins -Cmdlets @{Add = 'Set-CsUser'} }
Rule 'True' { (Get-CsAdminRole DublinChatAdmins).Cmdlets -match 'Set-CsUser\b' -as [bool] }
Rule 'DublinChatAdmins' { Get-CsAdminRoleAssignment -Identity ibyrne }
Rule 'nothing' { Update-CsAdminRole }
Rule 'nothing' { Remove-CsAdminRole DublinChatAdmins }
Rule 'PC-E21' { Remove-CsAdminRole DublinChatAdmins }
Rule 'PC-E20' { Get-CsAdminRoleAssignment -Identity sip:kmyer@contoso.com }

# 7.6, 7.10 users
Rule 'PC-E20' { Get-CsUser 'No Body' }
Rule 'PC-E20' { Get-CsUser 'No*' }
Rule 'Ken Myer' { (Get-CsUser 'Ken*').DisplayName }
Rule '2' { @(Get-CsUser -OU 'OU=IT,DC=contoso,DC=com').Count }
Rule '2' { @(Get-CsUser -LdapFilter 'department=IT').Count }
Rule '2' { @(Get-CsUser -LdapFilter '(&(department=IT)(!(sn=R*)))').Count }
Rule '6' { @(Get-CsUser -Filter {RegistrarPool -eq 'fe-red.contoso.com' -and Enabled -eq $true}).Count }
Rule 'PC-E25' { Get-CsUser -Filter {Nonsense -eq 1} }
Rule '3' { @(Get-CsUser -ResultSize 3).Count }
Rule 'PC-E43' { Enable-CsUser dlongmire@contoso.com -RegistrarPool fe-red.contoso.com -SipAddress sip:kmyer@contoso.com }
Rule 'PC-E21' { Enable-CsUser dlongmire@contoso.com -RegistrarPool no.contoso.com -SipAddress sip:dl@contoso.com }
Rule 'PC-E12' { Enable-CsUser dlongmire@contoso.com -RegistrarPool fe-red.contoso.com -SipAddress sip:dl@nowhere.com }
Rule 'nothing' { Disable-CsUser 'David Longmire' }
Rule 'PC-E20' { Get-CsUser 'David Longmire' }
Rule 'David Longmire' { (Get-CsAdUser 'David Longmire').DisplayName }
Rule 'PC-E27' { Enable-CsUser 'David Longmire' -RegistrarPool fe-red.contoso.com -SipAddressType FirstLastName }
Rule 'sip:David.Longmire@fabrikam.com' { Enable-CsUser 'David Longmire' -RegistrarPool fe-red.contoso.com -SipAddressType FirstLastName -SipDomain fabrikam.com -PassThru | ForEach-Object SipAddress }
Rule 'nothing' { Set-CsUser 'David Longmire' -SipAddress sip:dlongmire@contoso.com }
Rule 'nothing' { Set-CsUser 'David Longmire' -CsEnabled $false }
Rule 'False' { (Get-CsUser 'David Longmire').Enabled }
Rule 'nothing' { Move-CsUser 'Ken Myer' -Target se-dub.contoso.com -Confirm:$false }
Rule 'se-dub.contoso.com' { (Get-CsUser 'Ken Myer').RegistrarPool }
Rule 'PC-E21' { Move-CsUser 'Ken Myer' -Target no.contoso.com -Confirm:$false }
Rule 'se-dub.contoso.com' { (Get-CsUserPoolInfo 'Ken Myer').PrimaryPoolFqdn }
Rule 'user person' { (Get-CsAdPrincipal 'Ken Myer').ObjectClass | Where-Object { $_ -in 'user', 'person' } | Sort-Object -Descending }
Rule 'PC-E40' { Edited '<Pool fqdn="se-dub(.|\n)*?</Pool>' ''; Publish-CsTopology -FileName edited.xml }
Held
