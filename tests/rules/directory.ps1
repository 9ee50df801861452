# Sections 5.2, 7.5, 7.7 and 10.2: preparation of the directory, delegated rights, services, archiving, tests.
. $PSScriptRoot/common.ps1
function Edited([string] $Pattern, [string] $With) { (Get-CsTopology -AsXml).ToString() -replace $Pattern, $With | Set-Content edited.xml; Publish-CsTopology -FileName edited.xml }
$unit = 'OU=IT,DC=contoso,DC=com'

# Schema, forest, domain, in this order.
Rule 'SCHEMA_VERSION_STATE_NOT_READY LC_FORESTSETTINGS_STATE_NOT_READY' { Get-CsAdServerSchema; Get-CsAdForest }
Rule 'PC-E78' { Enable-CsAdForest }
Rule 'PC-E78' { Enable-CsAdDomain -Domain contoso.com }
Rule 'PC-E78' { Grant-CsSetupPermission -ComputerOU $unit }
Rule 'SCHEMA_VERSION_STATE_CURRENT' { Install-CsAdServerSchema; Get-CsAdServerSchema }
Rule 'PC-E22' { Enable-CsAdForest -GlobalCatalog dc1.nowhere.com }
Rule 'LC_FORESTSETTINGS_STATE_READY' { Enable-CsAdForest; Get-CsAdForest }
Rule 'nothing' { Enable-CsAdForest }
Rule 'RTCUniversalServerAdmins' { (Get-CsAdPrincipal RTCUniversalServerAdmins).DisplayName }
Rule 'LC_DOMAINSETTINGS_STATE_NOT_READY' { Get-CsAdDomain -Domain contoso.com }
Rule 'PC-E21' { Get-CsAdDomain -Domain nowhere.com }
Rule 'LC_DOMAINSETTINGS_STATE_READY' { Enable-CsAdDomain; Get-CsAdDomain }
Rule 'PC-E78' { Disable-CsAdForest }

# Delegated rights.
Rule 'False' { Test-CsSetupPermission -ComputerOU $unit }
Rule 'True' { Grant-CsSetupPermission -ComputerOU 'OU=IT' -Domain contoso.com; Test-CsSetupPermission -ComputerOU $unit }
Rule 'False' { Revoke-CsSetupPermission -ComputerOU $unit; Test-CsSetupPermission -ComputerOU $unit }
Rule 'PC-E21' { Grant-CsSetupPermission -ComputerOU 'OU=Nowhere,DC=contoso,DC=com' }
Rule 'True False' { Grant-CsOUPermission -ObjectType user, device -OU $unit; Test-CsOUPermission -ObjectType user -OU $unit; Test-CsOUPermission -ObjectType user, contact -OU $unit }
Rule 'False' { Revoke-CsOUPermission -ObjectType user -OU $unit; Test-CsOUPermission -ObjectType user -OU $unit }
Rule 'CannotConvertArgumentNoMessage' { Grant-CsOUPermission -ObjectType tree -OU $unit }
Rule 'LC_DOMAINSETTINGS_STATE_NOT_READY LC_FORESTSETTINGS_STATE_NOT_READY' { Disable-CsAdDomain; Disable-CsAdForest; Get-CsAdDomain; Get-CsAdForest }

# The store's place and the version.
Rule 'sqlfe.contoso.com' { Get-CsConfigurationStoreLocation }
Rule 'PC-E72' { Set-CsConfigurationStoreLocation -SqlServerFqdn elsewhere.contoso.com }
Rule 'sqlred.contoso.com\chat' { Set-CsConfigurationStoreLocation -SqlServerFqdn sqlred.contoso.com -SqlInstanceName chat; Get-CsConfigurationStoreLocation }
Rule 'Skype for Business Server 2015 (6.0.9319.0)' { Get-CsServerVersion }

# Services.
Rule 'PC-E21' { Set-CsEdgeServer -XmppInternalPort 5098 }
Rule 'PC-E27' { Set-CsRegistrar -SipPort 5061 }
Rule 'PC-E13' { Set-CsRegistrar UserServer:fe-red.contoso.com -SipPort 5061 }
Rule 'PC-E25' { Set-CsRegistrar fe-red.contoso.com -SipPort 0 }
Rule '5062' { Set-CsRegistrar Registrar:fe-red.contoso.com -SipPort 5062; (Get-CsService Registrar:fe-red.contoso.com).SipPort }
Rule 'PC-E14' { Set-CsRegistrar fe-red.contoso.com -UserServer UserServer:no.contoso.com }
Rule 'Success' { Use-CsComputer pc1.contoso.com { (Test-CsCertificateConfiguration).Result } }
Rule 'Failure' { Use-CsComputer pc1.contoso.com { Remove-CsCertificate -Type Default; (Test-CsCertificateConfiguration).Result } }

# Trusted applications.
Rule 'nothing' { Get-CsTrustedApplicationPool }
Rule 'nothing' { Edited '(<Pool fqdn="pchat-red)' '<Pool fqdn="apps.contoso.com" type="SingleComputer"><Computer fqdn="apps.contoso.com" /><Service role="TrustedApplicationPool" registrar="fe-red.contoso.com" applications="lookup:5071, billing" /></Pool>$1' }
Rule 'TrustedApplicationPool:apps.contoso.com Registrar:fe-red.contoso.com' { Get-CsTrustedApplicationPool | ForEach-Object { $_.Identity, $_.Registrar } }
Rule 'apps.contoso.com/urn:application:lookup 5071' { Get-CsTrustedApplication -ApplicationId lookup | ForEach-Object { $_.Identity, $_.Port } }
Rule 'PC-E40' { Remove-CsTrustedApplicationPool apps.contoso.com }
Rule 'PC-E21' { Remove-CsTrustedApplication apps.contoso.com/urn:application:nope }
Rule 'nothing' { Get-CsTrustedApplication | Remove-CsTrustedApplication }
Rule 'nothing' { Get-CsTrustedApplication; Remove-CsTrustedApplicationPool TrustedApplicationPool:apps.contoso.com; Get-CsTrustedApplicationPool }

# Tests, and what archiving keeps of them.
Rule 'Success' { (Test-CsRegistration -TargetFqdn fe-red.contoso.com -UserSipAddress sip:kmyer@contoso.com).Result }
Rule 'Failure' { (Test-CsRegistration -TargetFqdn se-dub.contoso.com -UserSipAddress sip:kmyer@contoso.com).Result }
Rule 'Failure' { (Test-CsRegistration -TargetFqdn nowhere.contoso.com -UserSipAddress sip:kmyer@contoso.com).Result }
Rule 'Success' { (Test-CsPresence -TargetFqdn fe-red.contoso.com -PublisherSipAddress sip:kmyer@contoso.com -SubscriberSipAddress sip:packerman@contoso.com).Result }
Rule 'Failure' { (Test-CsXmppIM -TargetFqdn fe-red.contoso.com -Receiver a@b.com).Result }
$test = { (Test-CsIM -TargetFqdn fe-red.contoso.com -SenderSipAddress sip:kmyer@contoso.com -ReceiverSipAddress sip:packerman@contoso.com).Result }
$archive = @{ DBInstance = 'sqlfe.contoso.com'; StartDate = '1/1/2020' }
$null = New-Item -ItemType Directory mails
Rule 'Success' $test
Rule '0' { Export-CsArchivingData @archive -OutputFolder mails; @(Get-ChildItem mails).Count }
Rule 'Success' { Set-CsArchivingConfiguration -EnableArchiving ImOnly; Set-CsArchivingPolicy -ArchiveInternal $true; & $test }
Rule 'PC-E60' { Export-CsArchivingData @archive -OutputFolder nowhere }
Rule 'PC-E21' { Export-CsArchivingData -DBInstance no.contoso.com -StartDate 1/1/2020 -OutputFolder mails }
Rule '2 From: <kmyer@contoso.com>' { Export-CsArchivingData @archive -OutputFolder mails; @(Get-ChildItem mails).Count; (Get-Content (Get-ChildItem mails)[0].FullName)[0] }
Rule '0' { (Invoke-CsArchivingDatabasePurge -SqlServerFqdn sqlfe.contoso.com -PurgeArchivingDataOlderThanHours 1 -PurgeExportedArchivesOnly $true).RecordsDeleted }
Rule '0' { Export-CsArchivingData @archive -OutputFolder mails -Purge; Remove-Item mails/*; Export-CsArchivingData @archive -OutputFolder mails; @(Get-ChildItem mails).Count }

# Pools that stand in.
Rule 'Normal' { (Get-CsPoolBackupRelationship -PoolFqdn fe-red.contoso.com).State }
Rule 'PC-E64' { Invoke-CsPoolFailOver -PoolFqdn fe-red.contoso.com }
Rule 'PC-E21' { Get-CsPoolBackupRelationship -PoolFqdn pchat-red.contoso.com }
Rule 'se-dub.contoso.com' { Edited '(<Pool fqdn="fe-red.contoso.com")' '$1 backupPool="se-dub.contoso.com"'; Invoke-CsBackupServiceSync -PoolFqdn fe-red.contoso.com; (Get-CsPoolBackupRelationship -PoolFqdn fe-red.contoso.com).BackupPoolFqdn }
Rule 'SteadyState' { (Get-CsBackupServiceStatus -PoolFqdn fe-red.contoso.com).OverallExportStatus }
Rule 'PC-E77' { 1..3 | ForEach-Object { Stop-CsWindowsService -ComputerName "fe$_.contoso.com" }; Invoke-CsPoolFailOver -PoolFqdn fe-red.contoso.com }
Rule 'Failure warning Success' { & $test; Invoke-CsPoolFailOver -PoolFqdn fe-red.contoso.com -DisasterMode; & $test }
Rule 'PC-E77' { Invoke-CsPoolFailBack -PoolFqdn fe-red.contoso.com }
Rule 'Normal' { 1..3 | ForEach-Object { Start-CsWindowsService -ComputerName "fe$_.contoso.com" }; Invoke-CsPoolFailBack -PoolFqdn fe-red.contoso.com; (Get-CsPoolBackupRelationship -PoolFqdn fe-red.contoso.com).State }
Held
