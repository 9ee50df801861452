# Opening to a partner, with filter and archive.
. $PSScriptRoot/common.ps1
Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true -EnableArchivingDisclaimer $true -UseDnsSrvRouting
$null = New-CsAllowedDomain -Identity tailspin.com -Comment "Audit firm"
Fault { New-CsBlockedDomain -Identity tailspin.com }
$null = New-CsExternalAccessPolicy -Identity Partners -EnableFederationAccess $true
Get-CsUser -OU "OU=Finance,DC=contoso,DC=com" | Grant-CsExternalAccessPolicy -PolicyName Partners
(Get-CsUser -OU "OU=Finance,DC=contoso,DC=com").ExternalAccessPolicy
$filter = New-CsImFilterConfiguration -Identity site:Redmond -Action Warn -WarnMessage "Check links before you click."
"$($filter.Enabled) $($filter.Prefixes.Count)"
$files = New-CsFileTransferFilterConfiguration -Identity site:Redmond -Extensions @{Add=".iso",".img"}
$files.Extensions -contains '.iso' -and $files.Extensions -contains '.exe'
Set-CsArchivingConfiguration -EnableArchiving ImOnly -EnablePurging $true -KeepArchivingDataForDays 90
Fault { Set-CsArchivingConfiguration -KeepArchivingDataForDays 3000 }
Set-CsArchivingPolicy -Identity Global -ArchiveExternal $true
(Get-CsArchivingPolicy Global).ArchiveExternal
(Test-CsFederatedPartner -TargetFqdn edge1.contoso.com -Domain tailspin.com).Result
