foreach ($version in '1.0', '2.3') {
    $null = New-Item -ItemType Directory "mods/Tool/$version"
    New-ModuleManifest "mods/Tool/$version/Tool.psd1" -ModuleVersion $version -RootModule Tool.psm1 -Guid '9b945229-65fd-4629-ae99-88e2618377ff'
    Set-Content "mods/Tool/$version/Tool.psm1" "function Get-Tool { '$version' }"
}
$env:PSModulePath = (Resolve-Path mods).Path
"available: $((Get-Module Tool -ListAvailable).Version -join ' ')"
(Import-Module Tool -PassThru).Version.ToString()
Get-Tool
Remove-Module Tool
(Import-Module Tool -MaximumVersion 1.5 -PassThru).Version.ToString()
Get-Tool
Remove-Module Tool
(Import-Module -FullyQualifiedName @{ ModuleName = 'Tool'; RequiredVersion = '1.0' } -PassThru).Version.ToString()
Remove-Module Tool
try { Import-Module Tool -RequiredVersion 9.9 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
try { Import-Module Tool -MinimumVersion 3.0 -MaximumVersion 2.0 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
try { New-ModuleManifest wrong.txt } catch { $_.FullyQualifiedErrorId }
