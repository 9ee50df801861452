# Fixture F: Contoso with two sites, a chat pool of six servers and seven users, chat switched off.
. $PSScriptRoot/common.ps1
$ErrorActionPreference = 'Stop'
$contoso = Join-Path $PSScriptRoot '../../examples/contoso'
$null = Invoke-CsServiceOperation Import-CsDirectoryEntry -Parameters @{ format = 'ldif'; document = (Get-Content -Raw $PSScriptRoot/directory.ldif) }
Publish-CsTopology -FileName (Join-Path $contoso topology.xml)
'sqlfe', 'sqlred', 'sqlredm', 'sqlbak', 'sqlbakm', 'se-dub' | ForEach-Object {
    Install-CsDatabase -ConfiguredDatabases -SqlServerFqdn "$_.contoso.com" -ErrorAction SilentlyContinue
}
Enable-CsTopology
foreach ($computer in Get-CsComputer) {
    Use-CsComputer $computer.Identity {
        Import-CsConfiguration -ByteInput (Export-CsConfiguration -AsBytes) -LocalStore
        Enable-CsReplica
        Enable-CsComputer
        $certificate = Request-CsCertificate -New -Type Default -ComputerFqdn $computer.Identity -CA 'ca1.contoso.com\ContosoCA'
        Set-CsCertificate -Type Default -Thumbprint $certificate.Thumbprint
        Start-CsWindowsService
    }
}
'kmyer', 'packerman', 'dlongmire', 'aroth', 'tblum', 'oreyes' | ForEach-Object {
    Enable-CsUser -Identity "$_@contoso.com" -RegistrarPool fe-red.contoso.com -SipAddress "sip:$_@contoso.com"
}
Enable-CsUser -Identity ibyrne@contoso.com -RegistrarPool se-dub.contoso.com -SipAddress sip:ibyrne@contoso.com
"$(@(Get-CsUser).Count) users, $(@(Get-CsService -PersistentChatServer).ActiveServers.Count) active servers"
