# Bits, names with several values, lazy values, networks, JSON documents, numbers of a seed.
$bits = [System.Collections.BitArray]::new(4); $bits.Set(1, $true); $bits[3] = $true
"$($bits | ForEach-Object { [int]$_ }) $($bits.Count)"
$values = [System.Collections.Specialized.NameValueCollection]::new()
$values.Add('a', '1'); $values.Add('A', '2'); $values['b'] = 'x'
"$($values['a']) $($values.Count) $($values.AllKeys -join '+') $($values.GetValues('a').Count)"
$query = [System.Web.HttpUtility]::ParseQueryString('?a=1&b=x%20y'); $query['c'] = 'v w'
"$($query['b']) $($query.ToString())"
$lazy = [Lazy[int]]::new([Func[int]]{ 5 })
"$($lazy.IsValueCreated) $($lazy.Value) $($lazy.IsValueCreated)"
[System.Net.IPNetwork]::Parse('10.0.0.0/8').Contains([ipaddress]'10.1.1.1')
[System.Net.IPNetwork]::Parse('10.0.0.0/8').ToString()
$json = [System.Text.Json.JsonDocument]::Parse('{"a": 1, "b": [true, null, "x"], "c": {"d": 1.50}}').RootElement
"$($json.GetProperty('a').GetInt32()) $($json.GetProperty('b')[2].GetString()) $($json.GetProperty('c').GetRawText()) $($json.ValueKind)"
try { $json.GetProperty('z') } catch { $_.FullyQualifiedErrorId }
[Tuple]::Create(1, 'a').Equals([Tuple]::Create(1, 'a'))
$random = [Random]::new(42)
"$(1..5 | ForEach-Object { $random.Next(100) })"
