# numbers among $args keep the text they were written with
$show = 'for a in "$@"; do printf "[%s]" "$a"; done; echo'
function Pass { sh -c $show sh @args }
Pass 1.50 0x10 .5 1kb -z.5 7
function Tell { "$args"; $args[0]; $args[0].GetType().Name; $args[0] + 1; $args[0] -eq 1.5; '{0:N1}' -f $args[0]; @{ v = $args[0] } | ConvertTo-Json -Compress }
Tell 1.50 0x10
& { $args } 2.0 1e3
& { Write-Host $args[0] } 1.50
& { param($first) "$first and $args" } 1.50 2.50
