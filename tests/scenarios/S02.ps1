# Bulk creation from CSV; two rows are faulty.
. $PSScriptRoot/common.ps1
'IT', 'Sales', 'Finance', 'Support', 'Trading', 'Research' | ForEach-Object { $null = New-CsPersistentChatCategory -Name $_ }
$made = @(); $bad = @()
Import-Csv $PSScriptRoot/../../examples/contoso/rooms.csv | ForEach-Object {
  try   { $made += New-CsPersistentChatRoom -Name $_.Name -Category "$pool\$($_.Category)" -Privacy $_.Privacy -Type $_.Type -Description $_.Description -ErrorAction Stop }
  catch { $bad += [pscustomobject]@{Name=$_.TargetObject; Error=$_.FullyQualifiedErrorId} }
}
"$($made.Count) created, $($bad.Count) failed"
$bad | Sort-Object Error | ForEach-Object { $_.Error }
@(Get-CsPersistentChatRoom).Count
