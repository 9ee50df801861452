# Equal keys come out in the order of .NET's sort unless -Stable is asked for
$three = [pscustomobject]@{ K = 2; N = 'a' }, [pscustomobject]@{ K = 2; N = 'b' }, [pscustomobject]@{ K = 1; N = 'c' }
"three: " + (($three | Sort-Object K).N -join '')
"stable: " + (($three | Sort-Object K -Stable).N -join '')
"top: " + (($three | Sort-Object K -Top 2).N -join '')
"missing last: " + ((@{ a = 1 }, @{ b = 1 }, @{ a = 0 } | ForEach-Object { [pscustomobject]$_ } | Sort-Object a | ForEach-Object { "$($_.a)" }) -join ',')
"missing last, descending: " + ((@{ a = 1 }, @{ b = 1 }, @{ a = 3 } | ForEach-Object { [pscustomobject]$_ } | Sort-Object a -Descending | ForEach-Object { "$($_.a)" }) -join ',')
"groups of mixed keys stay: " + (('b', 1, 'a', 1 | Group-Object).Name -join ' ')
"groups of one kind are sorted: " + (('b', 'c', 'a', 'b' | Group-Object).Name -join ' ')
try { 1 | Sort-Object -Top 0 } catch { $_.FullyQualifiedErrorId }
