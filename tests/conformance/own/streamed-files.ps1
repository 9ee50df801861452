# Lines, tails, parts and records of files that are read piece by piece.
$file = Join-Path ([System.IO.Path]::GetTempPath()) "streamed-$PID.txt"
$text = -join (1..30000 | ForEach-Object { "Zeile $_ süß`r`n" })
[System.IO.File]::WriteAllText($file, $text)
"count: $((Get-Content $file).Count)"
"first: $(Get-Content $file | Select-Object -First 1)"
"tail: $((Get-Content $file -Tail 2) -join ',')"
"head: $((Get-Content $file -TotalCount 2) -join ',')"
"bunches: $((Get-Content $file -ReadCount 12000 | ForEach-Object { $_.Count }) -join ',')"
$last = Get-Content $file | Select-Object -Last 1
"notes: $($last.ReadCount) $($last.PSChildName -eq (Split-Path $file -Leaf)) $($last.Length)"
"found: $((Select-String -Path $file -Pattern '^Zeile 2999\d').LineNumber -join ',')"
foreach ($encoding in 'unicode', 'bigendianunicode', 'utf32', 'utf8BOM') {
    Set-Content $file ("ä`n" * 40000) -Encoding $encoding -NoNewline
    "$encoding`: $((Get-Content $file | Where-Object { $_ -ceq 'ä' }).Count)"
}
[System.IO.File]::WriteAllText($file, "a`rb`r`nc`n`nd")
"ends: $((Get-Content $file) -join '|')"
"delimiter: $((Get-Content $file -Delimiter 'c').Count)"
$rows = 1..20000 | ForEach-Object { "$_,`"line one`nline $_`",end" }
[System.IO.File]::WriteAllLines($file, [string[]](@('Id,Text,Last') + $rows))
$read = Import-Csv $file
"records: $($read.Count) $($read[-1].Id) $($read[9999].Text.Length) $($read[-1].Last)"
"early: $((Import-Csv $file | Select-Object -First 2).Id -join ',')"
Remove-Item $file

# What is removed from tables stays removed, what is added after it is found, in each kind of table.
$table = @{}
foreach ($n in 1..1000) { $table["Key$n"] = $n }
foreach ($n in 1..1000) { if ($n % 10) { $table.Remove("KEY$n") } }
"table: $($table.Count) $($table['key500']) $($table.ContainsKey('key501'))"
$ordered = [ordered]@{}
foreach ($n in 1..20) { $ordered["k$n"] = $n }
$ordered.Remove('K3'); $ordered.RemoveAt(0); $ordered.Insert(1, 'new', 0)
"ordered: $($ordered.Keys -join ',')"
"ordered: $($ordered[1]) $($ordered['K20']) $($ordered.Count)"
$set = [System.Collections.Generic.HashSet[string]]::new([string[]]('a', 'b', 'c'), [System.StringComparer]::OrdinalIgnoreCase)
"set: $($set.Add('B')) $($set.Add('d')) $($set.Remove('A')) $($set.Count) $($set.Contains('C'))"
