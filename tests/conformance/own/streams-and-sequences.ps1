# bytes through streams, sequences by Linq, dates without times, captures of a repeated group
$m = [System.IO.MemoryStream]::new(); $w = [System.IO.BinaryWriter]::new($m); $w.Write(258); $w.Write('ok'); $w.Flush()
[System.BitConverter]::ToString($m.ToArray())
$m.Position = 0; $r = [System.IO.BinaryReader]::new($m); $r.ReadInt32(); $r.ReadString()
try { $r.ReadByte() } catch { $_.FullyQualifiedErrorId }
[System.Linq.Enumerable]::Sum([int[]](1, 2, 3))
[System.Linq.Enumerable]::Where([int[]](1, 2, 3), [Func[int, bool]] { param($n) $n -gt 1 }) -join ','
[System.Linq.Enumerable]::SequenceEqual([int[]](1, 2), [int[]](1, 2))
$d = [DateOnly]'2024-02-28'; "$($d.AddDays(2).Day) $($d.DayOfWeek)"
$z = [TimeZoneInfo]::FindSystemTimeZoneById('Europe/Berlin')
[TimeZoneInfo]::ConvertTimeFromUtc([datetime]::new(2024, 7, 1, 12, 0, 0, [DateTimeKind]::Utc), $z).Hour
[regex]::Match('a1b2', '(?:([a-z])\d)+').Groups[1].Captures.Value -join ''
[regex]::Match('1 2 3', '\d', 'RightToLeft').Value
[double]::Parse('1.234,5', [cultureinfo]'de-DE')
try { foreach ($i in ($l = [System.Collections.Generic.List[int]](1, 2))) { $l.Add($i) } } catch { $_.Exception.GetType().Name }
