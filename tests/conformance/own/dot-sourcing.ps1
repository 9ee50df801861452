# a dot-sourced block shares the scope, also in a pipeline, and has arguments of its own
1..2 | . { process { $total += $_ } }
"total $total"
. { "args $($args -join ',') $($MyInvocation.InvocationName)" } 7 8
"outside $($args.Count)"
function Outer { 1 | ForEach-Object { "block $($args.Count)" } }
Outer x
function Changed { param($A) $A = 'new'; "$($PSBoundParameters.A) / $A" }
Changed old
function Removed { param($A, $B) "$($PSBoundParameters.Remove('A')) $($PSBoundParameters.Count)" }
Removed 1 2
