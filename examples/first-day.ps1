# A chat administrator's first day at Contoso: from nothing to a running Persistent Chat deployment.
# Every step looks first and acts only where something is missing: run it again, and it changes nothing and says so.
[CmdletBinding()]
param(
    [string] $Source = (Join-Path $PSScriptRoot 'contoso'),
    [string] $Reports = (Join-Path $PWD 'reports')
)
$ErrorActionPreference = 'Stop'
$pool = 'pchat-red.contoso.com'
$script:changed = 0

# Runs $Action only while $Missing gives something, and says what happened.
function Step([string] $Name, [scriptblock] $Missing, [scriptblock] $Action) {
    $todo = @(& $Missing)
    if ($todo.Count -eq 0) { "  unchanged  $Name"; return }
    $todo | ForEach-Object $Action | Out-Null
    $script:changed += $todo.Count
    "  changed    $Name ($($todo.Count))"
}

'Deployment'
Step 'directory of users and groups' { if (-not (Get-CsAdUser -ResultSize 1)) { 'directory.ldif' } } {
    $ldif = Get-Content -Raw (Join-Path $Source $_)
    Invoke-CsServiceOperation Import-CsDirectoryEntry -Parameters @{ format = 'ldif'; document = $ldif }
}
Step 'topology published' { if (-not (Get-CsSite)) { Join-Path $Source 'topology.xml' } } { Publish-CsTopology -FileName $_ }
Step 'databases installed' {
    'sqlred', 'sqlbak' | ForEach-Object { Test-CsDatabase -ConfiguredDatabases -SqlServerFqdn "$_.contoso.com" } |
        Where-Object { -not $_.Succeed } | Select-Object -ExpandProperty SqlServerFqdn -Unique
} { Install-CsDatabase -ConfiguredDatabases -SqlServerFqdn $_ }
Step 'topology enabled' { if ((Get-CsTopology).State -ne 'Enabled') { 'topology' } } { Enable-CsTopology }
$servers = @(Get-CsComputer -Pool $pool)
Step 'servers set up' { $servers | Where-Object { (Get-CsComputer $_.Identity).State -ne 'Running' } } {
    $server = $_.Identity
    Use-CsComputer $server {
        Import-CsConfiguration -ByteInput (Export-CsConfiguration -AsBytes) -LocalStore
        Enable-CsReplica
        Enable-CsComputer
        $certificate = Request-CsCertificate -New -Type Default -ComputerFqdn $server -CA 'ca1.contoso.com\ContosoCA'
        Set-CsCertificate -Type Default -Thumbprint $certificate.Thumbprint
        Start-CsWindowsService
    }
}

'Users'
Step 'users enabled' { Get-CsAdUser | Where-Object { -not $_.Enabled -and $_.WindowsEmailAddress } } {
    Enable-CsUser -Identity $_.Identity -RegistrarPool fe-red.contoso.com -SipAddressType EmailAddress
}
Step 'policy "Chat" for everybody with a desk' { if (-not (Get-CsPersistentChatPolicy -Filter 'tag:Chat')) { 'Chat' } } {
    New-CsPersistentChatPolicy -Identity $_ -EnablePersistentChat $true -Description 'Persistent Chat'
}
Step 'policy granted' { Get-CsUser -Filter { PersistentChatPolicy -eq $null } } {
    Grant-CsPersistentChatPolicy -Identity $_.Identity -PolicyName Chat
}

'Rooms'
$units = [ordered]@{ IT = 'IT'; Sales = 'Sales'; Finance = 'Finance'; Support = 'Support'; Trading = 'Traders'; Research = 'Analysts' }
$known = @(Get-CsPersistentChatCategory | ForEach-Object Name)
Step 'categories' { $units.Keys | Where-Object { $_ -notin $known } } {
    New-CsPersistentChatCategory -Name $_ -Description "$_ department" -EnableInvitations
    Set-CsPersistentChatCategory "$pool\$_" -AllowedMembers "OU=$($units[$_]),DC=contoso,DC=com"
}
Step 'web page for rooms' { if (-not (Get-CsPersistentChatAddin)) { 'Tickets' } } {
    New-CsPersistentChatAddin -Name $_ -Url 'https://tickets.contoso.com/board'
}
$rooms = @(Get-CsPersistentChatRoom | ForEach-Object Name)
$wanted = Import-Csv (Join-Path $Source 'rooms.csv')
$faulty = @($wanted | Where-Object { -not $units.Contains($_.Category) }) + @($wanted | Group-Object Name |
    Where-Object Count -gt 1 | ForEach-Object { $_.Group | Select-Object -Skip 1 })
Step 'rooms of rooms.csv' { $wanted | Where-Object { $_.Name -notin $rooms -and $_ -notin $faulty } } {
    New-CsPersistentChatRoom -Name $_.Name -Category "$pool\$($_.Category)" -Privacy $_.Privacy -Type $_.Type -Description $_.Description
}
$faulty | ForEach-Object { "  left out   room '$($_.Name)' of category '$($_.Category)': a fault of rooms.csv" }
Step 'helpdesk manages the rooms of IT' { Get-CsPersistentChatRoom -Category "$pool\IT" | Where-Object { -not $_.Managers } } {
    $_ | Set-CsPersistentChatRoom -Managers @{ Add = 'CN=Helpdesk,OU=IT,DC=contoso,DC=com' }
}

'Settings'
Step 'chat history of 50 messages' { Get-CsPersistentChatConfiguration Global | Where-Object DefaultChatHistory -ne 50 } {
    $_ | Set-CsPersistentChatConfiguration -DefaultChatHistory 50
}
Step 'contact for legacy clients' { if (-not (Get-CsPersistentChatEndpoint | Where-Object SipAddress -eq 'sip:groupchat@contoso.com')) { 'x' } } {
    New-CsPersistentChatEndpoint -SipAddress sip:groupchat@contoso.com -PersistentChatPoolFqdn $pool -DisplayName 'Group Chat (legacy)'
}
Step 'compliance' { if (-not (Get-CsPersistentChatComplianceConfiguration -Filter 'service:*')) { "service:PersistentChatServer:$pool" } } {
    New-CsPersistentChatComplianceConfiguration -Identity $_ -AdapterName Xml -RunInterval 00:30:00 `
        -AdapterType 'Microsoft.Rtc.Internal.Chat.Server.Compliance.XmlAdapter,compliance' -AdapterOutputDirectory (Join-Path $Reports 'compliance')
}

'Reports'
$null = New-Item -ItemType Directory -Force $Reports
$all = Get-CsPersistentChatRoom
$all | Group-Object Category | Sort-Object Name | Format-Table @{ n = 'Category'; e = { $_.Name.Split('\')[1] } }, Count -AutoSize
$all | Sort-Object Identity | Select-Object Name, Category, Privacy, Type | Export-Csv "$Reports/rooms.csv" -NoTypeInformation
$all | Select-Object Identity, Managers | ConvertTo-Json -Depth 3 | Set-Content "$Reports/managers.json"
$all | Select-Object Name, Privacy, Description | ConvertTo-Html -Title 'Rooms' | Set-Content "$Reports/rooms.html"
Get-ChildItem $Reports -File | Sort-Object Name | ForEach-Object { "  $($_.Name)" }
if ($script:changed) { "$script:changed changes." } else { 'Nothing to change: everything is as it should be.' }
