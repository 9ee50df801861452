# classes are known before the first statement, whatever their order
class A { [B]$b; [string] Hi() { return 'A' } }
class B { [A]$a; static [int]$Count = 0; B() { [B]::Count++ } }
$x = [A]::new(); $x.b = [B]::new()
"$($x.b -is [B]) $([B]::Count) $([Late]::new().V)"
class Late { $V = 'late' }
class MyList : System.Collections.Generic.List[int] { [int] Sum() { $s = 0; foreach ($i in $this) { $s += $i }; return $s } }
$l = [MyList]::new(); $l.Add(1); $l.Add(2)
"$($l.Sum()) $($l.Count) $($l[1]) $($l -is [System.Collections.Generic.List[int]]) $(($l | ForEach-Object { $_ * 2 }) -join ',')"
class Hid { hidden [int]$Secret = 5; [int]$Open = 1; hidden [void] Inner() {} [void] Outer() {} }
([Hid]::new() | Get-Member -MemberType Property).Name -join ','
([Hid]::new() | Get-Member -MemberType Method).Name -join ','
class Base { [string] Who() { return 'base' } }
class Derived : Base { [string] Who() { return 'derived+' + ([Base]$this).Who() } }
[Derived]::new().Who()
class Sta { static [string]$Where; static Sta() { [Sta]::Where = 'static' } }
[Sta]::Where
