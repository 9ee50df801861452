# views of types that come with the shell
[timespan]'1.02:03:04.005' | Format-Table | Out-Host
[regex]::Match('a12b', '(?<n>\d)(\d)') | Out-Host
[pscustomobject]@{ Matches = [regex]::Matches('a1', '\w'); Tables = @(@{ Name = 'x' }, @{ b = 1 }) } | Format-List | Out-Host
[pscustomobject]@{ a = 1 } | ForEach-Object { $_.PSObject.Properties['a'] } | Out-Host
'abc'.PSObject.Properties['Length'] | Out-Host
'abc'.Substring | Out-Host
Get-Alias gci | Format-List DisplayName, CommandType | Out-Host
function Get-Thing { 1 }
Get-Command Get-Thing | Format-List | Out-Host
Get-PSProvider Environment | Format-Table Name, Capabilities, Drives | Out-Host
[System.Net.NetworkCredential]::new('u', 'p', 'd') | Out-Host
[pscredential]::new('user', [securestring]::new()) | Out-Host
[ipaddress]'10.1.2.3' | Out-Host
"drive: $((Get-PSDrive Env)) provider: $((Get-PSProvider Alias))"
[System.Tuple]::Create(1, 'x') | ConvertTo-Json -Compress
('{"z":1,"A":2,"a":3}' | ConvertFrom-Json -AsHashtable).GetType().Name
(Get-FileHash -InputStream ([System.IO.MemoryStream]::new([byte[]](97, 98, 99))) -Algorithm MD5).Hash
