# bytes pass from program to program and into files as they are
printf 'a\377\r\n' > raw.bin
"file: $((Get-Content raw.bin -AsByteStream) -join ' ')"
printf 'a\377\r\n' 2>$null | cat > copy.bin
"copy: $((Get-Content copy.bin -AsByteStream) -join ' ')"
printf 'x' | cat >> copy.bin
"length: $((Get-Item copy.bin).Length)"
$PSNativeCommandUseErrorActionPreference = $true
$ErrorActionPreference = 'Stop'
try { sh -c 'exit 3' } catch { "$($_.FullyQualifiedErrorId) $($_.Exception.GetType().Name) $($_.Exception.ExitCode)" }
