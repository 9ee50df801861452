# what #Requires asks for is checked before a script runs
"#requires -Version 99`n'ran'" | Set-Content version.ps1
"#requires -Modules NoSuchModule`n'ran'" | Set-Content modules.ps1
"#requires -PSEdition Desktop`n'ran'" | Set-Content edition.ps1
"#Requires -Version 7.2`n#Requires -PSEdition Core`n#Requires -Modules Microsoft.PowerShell.Utility`n'ran'" | Set-Content met.ps1
foreach ($name in 'version', 'modules', 'edition', 'met') {
    try { & "./$name.ps1" }
    catch { "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category) $($_.Exception.GetType().Name) $($_.TargetObject)" }
}
$exe = [Environment]::ProcessPath
'$Host.SetShouldExit(7); "after"' | Set-Content should.ps1
'[Environment]::Exit(9); "after"' | Set-Content ends.ps1
& $exe -NoProfile -File should.ps1; $LASTEXITCODE
& $exe -NoProfile -Command './ends.ps1; "not reached"'; $LASTEXITCODE
$Host.UI.Write('a'); $Host.UI.WriteLine('b'); $Host.UI.WriteWarningLine('careful')
