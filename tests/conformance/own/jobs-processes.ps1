$x = 5
$o = [pscustomobject]@{ n = 'N'; list = 1, 2 }
$j = Start-Job { "$($using:x + 1) $(($using:o).n) $($PID -ne $using:PID)"; [pscustomobject]@{ a = 1; b = 'two' } }
"type: $($j.GetType().Name) $($j.PSJobTypeName) $($j.Location) children $($j.ChildJobs.Count)"
$r = $j | Wait-Job | Receive-Job
$r[0]
"object: $($r[1].a) $($r[1].b) $($r[1].PSObject.TypeNames[0])"
"state: $($j.State) $($j.ChildJobs[0].State)"
"input: " + (1..3 | Start-Job { $input | ForEach-Object { $_ * 2 } } | Receive-Job -Wait -AutoRemoveJob)
"args: " + (Start-Job { $args[0].ToUpper() + $args.Count } -ArgumentList 'a', 'b' | Receive-Job -Wait)
$bg = "hello $x" &
"background: " + ($bg | Receive-Job -Wait -AutoRemoveJob)
$e = Start-Job { Write-Warning 'careful'; throw 'remote boom' } | Wait-Job
"failed: $($e.State)"
$w = Receive-Job $e -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction SilentlyContinue
"error: $($errors[0]) $($errors[0].Exception.GetType().Name)"
$s = Start-Job { Start-Sleep 100 }
Stop-Job $s
"stopped: $($s.State)"
Get-Job | Remove-Job
"none: $(@(Get-Job).Count)"
