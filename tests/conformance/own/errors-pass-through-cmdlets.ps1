# The id of an error that leaves a block names the cmdlet that ran the block; what throw raised keeps its own
try { 1 | Where-Object { 1 / 0 } } catch { $_.FullyQualifiedErrorId }
try { 1 | ForEach-Object { [int]'x' } } catch { $_.FullyQualifiedErrorId }
try { 1 | ForEach-Object { throw 'mine' } } catch { $_.FullyQualifiedErrorId }
try { 'a' | Where-Object Length 3 } catch { $_.FullyQualifiedErrorId }
$e = $null
$null | ForEach-Object ToUpper -ArgumentList 1 -ErrorAction SilentlyContinue -ErrorVariable e
$e[0].FullyQualifiedErrorId
'a' | ForEach-Object NoSuch 1 -ErrorAction SilentlyContinue -ErrorVariable e
$e[0].FullyQualifiedErrorId
'abc' | ForEach-Object Substring 9 -ErrorAction SilentlyContinue -ErrorVariable e
$e[0].FullyQualifiedErrorId
$null = 1 | Sort-Object { throw 'no key' } -ErrorAction SilentlyContinue -ErrorVariable e
$e[0].FullyQualifiedErrorId
try { 'a' | Select-Object -Property {} } catch { $_.FullyQualifiedErrorId }
try { 1 | Group-Object -AsString } catch { $_.FullyQualifiedErrorId }
