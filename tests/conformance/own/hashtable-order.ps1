# Keys whose hash is the same in every run come by bucket, from the last to the first
"$(@{ 1 = 'a'; 2 = 'b'; 3 = 'c' }.Keys)"
$h = @{}
10, 20, 30, 40, 5 | ForEach-Object { $h[$_] = $_ * 2 }
"$($h.Keys) | $($h.Values)"
foreach ($e in $h.GetEnumerator()) { "$($e.Key)=$($e.Value)" }
"$((1..10 | Group-Object { $_ % 3 } -AsHashTable).Keys)"
"$(@{ -1 = 'm'; 0 = 'z'; 1 = 'p' }.Keys)"
$h = @{}; 1..10 | ForEach-Object { $h[$_] = 1 }; "$($h.Keys)"
$h.Remove(5); "$($h.Keys)"
@{ 1 = 'one'; 2 = 'two' }
$null = 'abc 12' -match '(\w+) (\d+)'; "$($Matches.Keys)"
"$(([ordered]@{ 3 = 1; 1 = 2 }).Keys)"
