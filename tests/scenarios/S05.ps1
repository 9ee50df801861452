# Access by department.
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatPolicy -Identity ITChat -EnablePersistentChat $true -Description "IT staff"
Get-CsUser -LdapFilter "&(department=IT)(l=Redmond)" | Grant-CsPersistentChatPolicy -PolicyName ITChat -PassThru | Sort-Object DisplayName | ForEach-Object { "$($_.DisplayName): $($_.PersistentChatPolicy)" }
Get-CsUser -Filter {PersistentChatPolicy -eq $null} | Measure-Object | Select-Object -ExpandProperty Count
"Ken Myer","Abe Roth" | Get-CsEffectivePolicy | ForEach-Object { $_.PersistentChatPolicy }
Get-CsUser -Filter {PersistentChatPolicy -eq "ITChat"} | Grant-CsPersistentChatPolicy -PolicyName $null
@(Get-CsUser -Filter {PersistentChatPolicy -ne $null}).Count
