# Site and pool policy, and falling back.
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatPolicy -Identity "site:Redmond" -EnablePersistentChat $true
Fault { New-CsPersistentChatPolicy -Identity "site:Redmond" -EnablePersistentChat $true }
Fault { New-CsPersistentChatPolicy -Identity "site:Paris" -EnablePersistentChat $true }
$null = New-CsPersistentChatPolicy -Identity "service:Registrar:fe-red.contoso.com" -EnablePersistentChat $false
(Get-CsEffectivePolicy "David Longmire").PersistentChatPolicy
Remove-CsPersistentChatPolicy -Identity "service:Registrar:fe-red.contoso.com"
(Get-CsEffectivePolicy "David Longmire").PersistentChatPolicy; (Get-CsEffectivePolicy "Ida Byrne").PersistentChatPolicy
Get-CsPersistentChatPolicy -Filter "site:*" | Remove-CsPersistentChatPolicy
(Get-CsPersistentChatPolicy).Identity
