# what Get-Date gives remembers how to be shown, and is a date all the same
$d = Get-Date '2024-05-06 01:02:03'
$d | Format-List DisplayHint, Year
"$($d - (Get-Date '2024-05-01')) $($d -eq [datetime]'2024-05-06 01:02:03') $($d.Equals($d)) $($d.GetType().Name)"
[pscustomobject]@{ D = $d } | ConvertTo-Csv
@{ d = $d } | ConvertTo-Json -Compress
@{ $d.Date = 1 }[(Get-Date '2024-05-06')]
$d, (Get-Date '2020-01-01') | Sort-Object | ForEach-Object Year
[timespan]'1:00' + $d | ForEach-Object Hour
