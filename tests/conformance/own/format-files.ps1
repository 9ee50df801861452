# Views of a format file: a table, a list, a group heading; which view is for what
@'
<Configuration><ViewDefinitions>
<View><Name>rooms</Name><ViewSelectedBy><TypeName>Own.Room</TypeName></ViewSelectedBy>
<TableControl><TableHeaders>
<TableColumnHeader><Label>Room</Label><Width>8</Width></TableColumnHeader>
<TableColumnHeader><Width>5</Width><Alignment>Right</Alignment></TableColumnHeader>
<TableColumnHeader><Label>Twice</Label></TableColumnHeader>
</TableHeaders><TableRowEntries><TableRowEntry><TableColumnItems>
<TableColumnItem><PropertyName>Name</PropertyName></TableColumnItem>
<TableColumnItem><PropertyName>Size</PropertyName></TableColumnItem>
<TableColumnItem><ScriptBlock>$_.Size * 2</ScriptBlock></TableColumnItem>
</TableColumnItems></TableRowEntry></TableRowEntries></TableControl></View>
<View><Name>roomlist</Name><ViewSelectedBy><TypeName>Own.Room</TypeName></ViewSelectedBy>
<ListControl><ListEntries><ListEntry><ListItems>
<ListItem><PropertyName>Name</PropertyName></ListItem>
<ListItem><Label>Big</Label><ScriptBlock>$_.Size -gt 5</ScriptBlock></ListItem>
</ListItems></ListEntry></ListEntries></ListControl></View>
</ViewDefinitions></Configuration>
'@ | Set-Content rooms.format.ps1xml
Update-FormatData -PrependPath rooms.format.ps1xml
$rooms = 'ops', 'a very long name' | ForEach-Object { [pscustomobject]@{ PSTypeName = 'Own.Room'; Name = $_; Size = $_.Length; Other = 1 } }
$rooms
$rooms | Format-List
$rooms | Format-Table -View rooms
try { $rooms | Format-Table -View none } catch { $_.FullyQualifiedErrorId }
(Get-FormatData Own.Room).FormatViewDefinition.Name -join ','
$rooms | Format-Table Name, Size, Other -ExcludeProperty O*
$rooms | Format-Table Name -GroupBy @{ Label = 'Length'; Expression = 'Size'; FormatString = 'N1' }
try { Update-FormatData rooms.txt -ErrorAction Stop } catch { 'refused' }
