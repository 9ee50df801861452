# An error that leaves an advanced function is the function's, and happened where it was called
function Cast { [CmdletBinding()] param() [int]'x' }
function Missing { [CmdletBinding()] param() no-such-command }
function Thrown { [CmdletBinding()] param() throw 'mine' }
function Plain { [int]'x' }
foreach ($name in 'Cast', 'Missing', 'Thrown', 'Plain') {
    try { & $name } catch { "$name $($_.FullyQualifiedErrorId) [$($_.InvocationInfo.MyCommand)]" }
}
function Checked { param([ValidateScript({ $_ -gt 1 }, ErrorMessage = '{0} is too small')]$n) $n }
try { Checked 1 } catch { "$($_.Exception.InnerException.GetType().Name): $($_.Exception.InnerException.Message)" }
try { & { param([int]$n) $n } x } catch { $e = $_.Exception; while ($e = $e.InnerException) { $e.GetType().Name } }
function Rest { param([Parameter(ValueFromRemainingArguments)][string]$r) "<$r>" }
Rest 1 2 3
"$($MyInvocation.MyCommand)"
"$(([pscustomobject]@{ a = 1 }).psobject.Properties['a']) / $('a'.psobject.Properties['Length'])"
