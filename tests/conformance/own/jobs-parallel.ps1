$h = @{ k = 1, 2, 3 }
1..2 | ForEach-Object -Parallel {
    $a = $_
    "$a $($using:h.k.Count) $(($using:h)['k'][1])"
    1..2 | ForEach-Object -Parallel { "$using:a-$_" } -ThrottleLimit 1
} -ThrottleLimit 1
$watch = [Diagnostics.Stopwatch]::StartNew()
$null = 1..5 | ForEach-Object -Parallel { Start-Sleep -Milliseconds 400 }
"together: " + ($watch.ElapsedMilliseconds -lt 1900)
$watch.Restart()
$null = 1..3 | ForEach-Object -Parallel { Start-Sleep 100 } -TimeoutSeconds 1 2>$null
"timeout: " + ($watch.Elapsed.TotalSeconds -lt 50)
$r = 1..2 | ForEach-Object -Parallel { Write-Warning "w$_"; Write-Host "h$_" } -ThrottleLimit 1 *>&1
$r | ForEach-Object { "$($_.GetType().Name) $_" }
1..3 | ForEach-Object -Parallel { throw "t$_" } -ErrorVariable errors 2>$null
"errors: $($errors.Count) $(($errors | Sort-Object { "$_" }) -join ' ')"
$block = { 1 }
try { 1 | ForEach-Object -Parallel { & $using:block } } catch { $_.FullyQualifiedErrorId }
try { 1 | ForEach-Object -Parallel { $using:nothere } } catch { $_.FullyQualifiedErrorId }
try { $using:h } catch { $_.FullyQualifiedErrorId }
"first: " + (1..50 | ForEach-Object -Parallel { $_ } -ThrottleLimit 1 | Select-Object -First 2)
$j = 1..3 | ForEach-Object -Parallel { $_ * 10 } -AsJob
"job: $($j.PSJobTypeName) $($j.ChildJobs.Count)"
"results: " + (($j | Wait-Job | Receive-Job | Sort-Object) -join ' ')
"state: $($j.State)"
