# Which errors a text has, and where.
function Show($text) {
    $errors = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$null, [ref]$errors)
    '{0} => {1}' -f $text, (($errors | ForEach-Object { "$($_.ErrorId)@$($_.Extent.StartOffset)" }) -join ' ')
}
'for', 'for(', 'foreach ($a', 'foreach ($a in $x)', 'do {}', 'do {} while (', 'try {}', 'try {} catch {} catch', 'switch ()',
'switch ("a") { 1 }', 'trap [int]', 'begin process {}', 'function', 'function foo(', 'function foo {', 'data -s & {}',
'$a,$b += 1,2', '1|1', 'gps|', '"`u{110000}"', '${x}?.name = 1', '[ref][ref]$x', '[a()][b]', '@{ a=1;',
'class C {f(){ return 1} }', 'class C {[int] f(){ return } }', 'class C {[int] f(){} }', 'class C { [int]$i; [void] foo() {$i = 10} }',
'class foo { f() { begin {} } }', 'class foo { [int][string]$x; }', 'class C {} class C {}' | ForEach-Object { Show $_ }
$errors = $null
$tree = [System.Management.Automation.Language.Parser]::ParseInput('foreach ($a in $b', [ref]$null, [ref]$errors)
$tree.EndBlock.Statements[0].GetType().Name
$tree.EndBlock.Statements[0].NestedAst.Extent.Text -join '|'
