# A chat pool on Standard Edition, collocated in Dublin.
. $PSScriptRoot/common.ps1
$null = New-CsPersistentChatCategory -Name IT
$xml = (Get-CsTopology -AsXml).ToString()
$pattern = '(?s)(<Pool fqdn="se-dub\.contoso\.com".*?)(\s*</Pool>)'
$service = '<Service role="PersistentChatServer" displayName="Dublin chat" nextHop="se-dub.contoso.com" fileStore="se-dub.contoso.com" store="se-dub.contoso.com\rtc" />'
$edited = ($xml -replace $pattern, "`$1$service`$2") -replace '</FileStores>', '<FileStore fqdn="se-dub.contoso.com" share="pchat" /></FileStores>'
$edited | Set-Content t.xml
$edited -replace 'nextHop="se-dub.contoso.com"', 'nextHop="nowhere.contoso.com"' | Set-Content bad.xml
(Fault { Publish-CsTopology -FileName bad.xml }) -like 'PC-E*,Publish-CsTopology'
Publish-CsTopology -FileName t.xml
Fault { Enable-CsTopology }
Install-CsDatabase -ConfiguredDatabases -SqlServerFqdn se-dub.contoso.com -Report db.html
Test-Path db.html
Enable-CsTopology
Use-CsComputer se-dub.contoso.com {
    Import-CsConfiguration -ByteInput (Export-CsConfiguration -AsBytes) -LocalStore; Enable-CsReplica; Enable-CsComputer
    $request = Request-CsCertificate -New -Type Default -CA "ca1.contoso.com\ContosoCA" -ComputerFqdn se-dub.contoso.com -FriendlyName "SE default"
    Set-CsCertificate -Type Default -Thumbprint $request.Thumbprint
    (Get-CsCertificate -Type Default).Subject -match 'se-dub'
    Start-CsWindowsService
}
Set-CsSite -Identity Dublin -DefaultPersistentChatPool se-dub.contoso.com
(Get-CsSite Dublin).DefaultPersistentChatPool
Fault { New-CsPersistentChatCategory -Name X }
(New-CsPersistentChatRoom -Name X -Category "$pool\IT").Identity
