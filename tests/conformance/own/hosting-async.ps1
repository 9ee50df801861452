$sw=[Diagnostics.Stopwatch]::StartNew()
$ps = [powershell]::Create().AddScript({ param($a) Start-Sleep -m 300; "got $a"; Write-Error 'e1' }).AddArgument(5)
$h = $ps.BeginInvoke()
$h.IsCompleted; $ps.InvocationStateInfo.State
while (-not $h.IsCompleted) { Start-Sleep -m 20 }
$ps.EndInvoke($h); $ps.Streams.Error.Count; $ps.HadErrors; $ps.InvocationStateInfo.State
$ps.Dispose()
$sw.Restart()
$pool = [runspacefactory]::CreateRunspacePool(1, 4)
$pool.Open()
$list = foreach ($i in 1..8) { $p = [powershell]::Create(); $p.RunspacePool = $pool; $null = $p.AddScript({ param($x) Start-Sleep -m 200; $x * $x }).AddArgument($i); [pscustomobject]@{ P=$p; H=$p.BeginInvoke() } }
($list | % { $_.P.EndInvoke($_.H) }) -join ','
"8 in 4: " + ($sw.ElapsedMilliseconds -lt 1500)
$pool.Close()
$rs = [runspacefactory]::CreateRunspace(); $rs.Open(); $rs.SessionStateProxy.SetVariable('v', 7)
$p = [powershell]::Create(); $p.Runspace = $rs; $null = $p.AddScript('$v + 1; throw "bad"')
$h = $p.BeginInvoke()
$h.AsyncWaitHandle.WaitOne()
try { $p.EndInvoke($h) } catch { $_.Exception.GetType().Name; "$_" }
$p.InvocationStateInfo.State
$s = [powershell]::Create().AddScript('Start-Sleep 100'); $h=$s.BeginInvoke(); $h.AsyncWaitHandle.WaitOne(50); $s.Stop(); $s.InvocationStateInfo.State
$z = [powershell]::Create().AddScript('while ($true) {}'); $null = $z.BeginInvoke()
$sync = [hashtable]::Synchronized(@{n=0})
$r2 = [powershell]::Create().AddScript({param($s) 1..5 | % { $s.n++ } }).AddArgument($sync); $h=$r2.BeginInvoke(); $r2.EndInvoke($h); $sync.n
$out = [System.Management.Automation.PSDataCollection[psobject]]::new()
$in = [System.Management.Automation.PSDataCollection[psobject]]::new(); 
$q = [powershell]::Create().AddScript('1..3'); $h = $q.BeginInvoke($in, $out); $null=$q.EndInvoke($h); $out.Count
