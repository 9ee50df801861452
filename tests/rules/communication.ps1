# Section 7: IM, filters, presence, external access, federation, archiving, the way to Teams.
. $PSScriptRoot/common.ps1

# 7.1
Rule 'True' { (Get-CsImConfiguration).EnableOfflineIm }
Rule 'False 3' { Get-CsConversationHistoryConfiguration | ForEach-Object { $_.EnableServerConversationHistory, $_.MaxContinuedConversationRetry } }
Rule 'PC-E25' { New-CsClientPolicy Desk -MaximumNumberOfContacts 1001 }
Rule 'Tag:Desk True' { New-CsClientPolicy Desk -DisableEmoticons $true | ForEach-Object { $_.Identity, $_.DisableEmoticons } }
Rule 'nothing' { Grant-CsClientPolicy 'Ken Myer' Desk }
Rule 'Desk' { (Get-CsUser 'Ken Myer').ClientPolicy }

# 7.2
Rule 'True True True Allow' { Get-CsImFilterConfiguration | ForEach-Object { $_.Enabled, $_.IgnoreLocal, $_.BlockFileExtension, $_.Action } }
Rule 'callto: file: ftp. ftp: gopher: href http: https: ldap: mailto: news: nntp: sip: sips: tel: telnet: www*.' { (Get-CsImFilterConfiguration).Prefixes }
Rule 'PC-E25' { Set-CsImFilterConfiguration -Prefixes @{Add = 'bad'} }
Rule 'nothing' { Set-CsImFilterConfiguration -Prefixes @{Add = 'irc:'} }
Rule 'PC-E25' { Set-CsImFilterConfiguration -WarnMessage ('x' * 65536) }
Rule 'PC-E15' { New-CsImFilterConfiguration Tag:x }
Rule '.ade .wsh' { (Get-CsFileTransferFilterConfiguration).Extensions[0, -1] }
Rule 'PC-E25' { Set-CsFileTransferFilterConfiguration -Extensions @{Add = 'iso'} }
Rule 'PC-E25' { Set-CsFileTransferFilterConfiguration -Extensions @{Add = '.i*'} }
Rule 'True True' { New-CsFileTransferFilterConfiguration site:Redmond -Extensions @{Add = '.iso'} | ForEach-Object { $_.Extensions -contains '.iso'; $_.Extensions -contains '.exe' } }

# 7.3
Rule '1000 200' { Get-CsPresencePolicy | ForEach-Object { $_.MaxCategorySubscription, $_.MaxPromptedSubscriber } }
Rule 'PC-E25' { Set-CsPresencePolicy -MaxCategorySubscription 3001 }
Rule 'PC-E25' { Set-CsPresencePolicy -MaxPromptedSubscriber 601 }
Rule 'False True True True' { Get-CsPrivacyConfiguration | ForEach-Object { $_.EnablePrivacyMode, $_.AutoInitiateContacts, $_.PublishLocationDataDefault, $_.DisplayPublishedPhotoDefault } }
Rule 'Service:UserServer:fe-red.contoso.com' { (New-CsPrivacyConfiguration service:UserServer:fe-red.contoso.com).Identity }
Rule '250 200 3' { Get-CsUserServicesConfiguration | ForEach-Object { $_.MaxContacts, $_.MaxSubscriptions, $_.MaxPersonalNotes } }
Rule 'PC-E25' { Set-CsUserServicesConfiguration -MaxPersonalNotes 11 }
Rule 'True 0' { Get-CsUserServicesPolicy | ForEach-Object { $_.UcsAllowed, $_.MigrationDelayInDays } }

# 7.4
Rule 'False False False' { Get-CsExternalAccessPolicy | ForEach-Object { $_.EnableFederationAccess, $_.EnableOutsideAccess, $_.EnablePublicCloudAccess } }
Rule 'warning' { Set-CsExternalAccessPolicy -EnablePublicCloudAccess $true }
Rule 'warning' { Set-CsExternalAccessPolicy -EnableXmppAccess $true }
Rule 'PC-E25' { Set-CsAccessEdgeConfiguration -OutgoingTlsCountForFederatedPartners 5 }
Rule 'nothing' { Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true -UseDnsSrvRouting }
Rule 'Tag tail' { $d = New-CsAllowedDomain tailspin.com -Comment tail; 'Tag', $d.Comment }
Rule 'UseSourceVerification False' { Get-CsAllowedDomain tailspin.com | ForEach-Object { $_.VerificationLevel, $_.MarkForMonitoring } }
Rule 'PC-E23' { New-CsAllowedDomain TAILSPIN.com }
Rule 'PC-E23' { New-CsBlockedDomain tailspin.com }
Rule 'PC-E10' { New-CsBlockedDomain 'no domain' }
Rule 'nothing' { Set-CsAllowedDomain tailspin.com -MarkForMonitoring $true }
Rule 'nothing' { Get-CsAllowedDomain | Remove-CsAllowedDomain }
Rule 'PC-E21' { Remove-CsAllowedDomain tailspin.com }
Rule 'tailspin.com' { (New-CsBlockedDomain tailspin.com).Identity }
Rule 'Host' { (New-CsHostingProvider Host -ProxyFqdn proxy.contoso.com -Enabled $true -EnabledSharedAddressSpace $false -HostsOCSUsers $false).Identity }
Rule 'PC-E23' { New-CsPublicProvider Pub -ProxyFqdn proxy.contoso.com -Enabled $true }
Rule 'PC-E23' { New-CsPublicProvider Host -ProxyFqdn other.contoso.com -Enabled $true }
Rule 'PC-E27' { Set-CsAccessEdgeConfiguration -UseDefaultRouting -DefaultRouteFqdn edge.contoso.com }
Rule 'nothing' { Get-CsHostingProvider | Disable-CsHostingProvider }
Rule 'False' { (Get-CsHostingProvider Host).Enabled }
Rule 'nothing' { Remove-CsHostingProvider Host; Set-CsAccessEdgeConfiguration -UseDefaultRouting -DefaultRouteFqdn edge.contoso.com }
Rule 'PublicUnverified Required True' { New-CsXmppAllowedPartner xmpp.org -TlsNegotiation Required -SaslNegotiation Required -SupportDialbackNegotiation $true -EnableKeepAlive $true 3>$null | ForEach-Object { $_.PartnerType, $_.TlsNegotiation, $_.EnableKeepAlive } }
Rule '1000 20' { Get-CsXmppGatewayConfiguration | ForEach-Object { $_.ConnectionLimit, $_.PartnerConnectionLimit } }

# 7.5
Rule 'None False 14 2' { Get-CsArchivingConfiguration | ForEach-Object { $_.EnableArchiving, $_.BlockOnArchiveFailure, $_.KeepArchivingDataForDays, $_.PurgeHourOfDay } }
Rule 'PC-E25' { Set-CsArchivingConfiguration -KeepArchivingDataForDays 2563 }
Rule 'PC-E25' { Set-CsArchivingConfiguration -PurgeHourOfDay 24 }
Rule 'PC-E25' { Set-CsArchivingConfiguration -CachePurgingInterval 3 }
Rule 'Service:Registrar:fe-red.contoso.com' { (New-CsArchivingConfiguration service:Registrar:fe-red.contoso.com).Identity }
Rule 'False False' { Get-CsArchivingPolicy | ForEach-Object { $_.ArchiveInternal, $_.ArchiveExternal } }
Rule 'nothing' { $null = New-CsArchivingPolicy Keep -ArchiveInternal $true; Grant-CsArchivingPolicy 'Ken Myer' Keep }
Rule 'Keep' { (Get-CsUser 'Ken Myer').ArchivingPolicy }
Rule 'nothing' { Set-CsUser 'Ken Myer' -ExchangeArchivingPolicy ArchivingToExchange }
Rule 'ArchivingToExchange' { (Get-CsUser 'Ken Myer').ExchangeArchivingPolicy }

# 7.8
Rule 'True' { (New-CsTeamsUpgradePolicy Soon -NotifySfbUsers $true).NotifySfbUsers }
Rule 'True NativeLimitedClient' { Get-CsTeamsUpgradeConfiguration | ForEach-Object { $_.DownloadTeams, $_.SfBMeetingJoinUx } }

# 7.7
Rule 'Failure' { (Test-CsFederatedPartner -TargetFqdn edge1.contoso.com -Domain tailspin.com).Result }
Held
