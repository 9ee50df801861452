# the text of CLIXML: type names once, objects once, members of simple values, what XML cannot hold
Get-Date '2024-05-06 07:08:09' | Export-Clixml d.xml
Get-Content d.xml
Import-Clixml d.xml | ForEach-Object { "$($_.GetType().Name) $($_.DisplayHint)" }
$o = [pscustomobject]@{ A = "q`"x'<é😀_x"; B = 1 }
$o, [pscustomobject]@{ A = 'z'; B = $o } | ConvertTo-CliXml
$back = $o | ConvertTo-CliXml | ConvertFrom-CliXml
$back.A -ceq $o.A
$deep = [pscustomobject]@{ A = 1; B = [pscustomobject]@{ C = @(1, 2) } }
$copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($deep, 5))
"$($copy.B.C[1]) $($copy.PSObject.TypeNames[0])"
[System.Management.Automation.PSSerializer]::Serialize(5)
