# A call whose name is computed means the method of that name at each turn, whatever was called there before.
foreach ($name in 'ToUpper', 'ToLower', 'Trim') { ' aB '.$name() }
foreach ($name in 'Floor', 'Ceiling', 'Abs') { [Math]::$name(-1.5) }
foreach ($name in 'Add', 'Remove') { $list ??= [System.Collections.Generic.List[int]]::new(); $null = $list.$name(5); $list.Count }
