# Keeping the database small.
$null = & $PSScriptRoot/S01.ps1
. $PSScriptRoot/common.ps1
$room = "$pool\ITRoom"
'2015-12-31T23:59:00', '2016-01-01T00:00:00' | ForEach-Object {
    $posted = ([datetime] $_).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
    $null = Invoke-CsServiceOperation New-CsPersistentChatMessage -Parameters @{ room = $room; userUri = 'sip:kmyer@contoso.com'; content = $_; posted = $posted }
}
@(Get-CsPersistentChatRoom -ChatContentExceedsMB 500).Count
$verbose = Get-CsPersistentChatRoom | Clear-CsPersistentChatRoom -EndDate "12/31/2015" -Confirm:$false -Verbose 4>&1
@($verbose).Count; "$verbose" -match '\b1\b'
Fault { Clear-CsPersistentChatRoom ITRoom -EndDate "12/31/2015" } | ForEach-Object { $_ -ne 'no error' }
