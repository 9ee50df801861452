# Tasks, locks and signals that scripts wait for.
$task = [Threading.Tasks.Task]::FromResult(5)
"$($task.Result) $($task.IsCompleted) $($task.Status)"
$task.GetAwaiter().GetResult()
[Threading.Tasks.Task]::Delay(5).Wait()
[Threading.Tasks.Task]::Delay(5000).Wait(5)
$all = [Threading.Tasks.Task]::WhenAll([Threading.Tasks.Task]::Delay(5), [Threading.Tasks.Task]::Delay(10))
$all.Wait(); $all.IsCompleted
$number = 5
[Threading.Interlocked]::Increment([ref]$number); $number
$mutex = [Threading.Mutex]::new($false)
$mutex.WaitOne(0); $mutex.ReleaseMutex()
try { $mutex.ReleaseMutex() } catch { $_.FullyQualifiedErrorId }
$gate = [Threading.SemaphoreSlim]::new(1)
"$($gate.CurrentCount) $($gate.Wait(0)) $($gate.Wait(5)) $($gate.Release())"
$event = [Threading.ManualResetEvent]::new($false)
"$($event.WaitOne(5)) $($event.Set()) $($event.WaitOne(0))"
$source = [Threading.CancellationTokenSource]::new()
$before = $source.Token.IsCancellationRequested; $source.Cancel()
"$before $($source.Token.IsCancellationRequested)"
$lock = @{}
[Threading.Monitor]::Enter($lock); [Threading.Monitor]::IsEntered($lock)
[Threading.Monitor]::Exit($lock); [Threading.Monitor]::IsEntered($lock)
