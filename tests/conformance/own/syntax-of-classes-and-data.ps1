# what reads well and is still refused before anything runs
foreach ($text in 'data X { Get-Date }', 'data X { $v }', 'data X { $x = 1 }', 'data X { foreach ($i in 1) { $i } }', 'data X { [int]::Parse(1) }', 'data X { @{ a = 1 } }',
    'class C { [int] M() { } }', 'class C { [int] M() { if ($true) { return 1 } } }', 'class C { [int] M() { if ($true) { return 1 } else { throw 2 } } }',
    'class C { [void] M() { return 1 } }', 'class C { [int] M() { return $nowhere } }', 'class C { [int] M($a) { $b = $a; return $b } }', 'class C { M() {} M() {} }') {
    try { $null = [scriptblock]::Create($text); 'fine' } catch { $_.Exception.InnerException.Errors[0].ErrorId }
}
