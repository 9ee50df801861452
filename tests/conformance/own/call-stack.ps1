function Inner { (Get-PSCallStack)[0..2].FunctionName -join ' < ' }
function Outer { process { Inner } }
Outer
function Named { param($Who = (Get-PSCallStack)[0].Command) "called by $Who" }
function Caller { Named }
Caller
