# Members of types as objects: one for each overload, with parameters, values and calls.
[string].GetMethods() | Where-Object Name -eq 'Substring' | ForEach-Object ToString
$parse = [int].GetMethod('Parse', [type[]]@([string]))
"$([math].GetMethod('Sqrt').ReturnType) $($parse.IsStatic) $($parse.GetParameters()[0].ParameterType)"
$parse.Invoke($null, @('42'))
try { $parse.Invoke($null, @('x')) } catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.GetType().Name }
[datetime].GetProperty('Year').GetValue([datetime]'2020-01-01')
[int].GetField('MaxValue').IsLiteral
[psobject].Assembly.GetType('System.Management.Automation.PSObject').FullName
[int].Assembly.GetName().Name
$null -eq [type]::GetType('int')

class Fee {
    [ValidateRange(1, 5)][int] $Rate = 2
    hidden [string] $Note
    static [int] $Count = 4
    Fee() {}
    Fee([int] $rate) { $this.Rate = $rate }
    [string] Tell([Fee] $other, [string] $text) { return "$text $($other.Rate)" }
    static [int] Twice([int] $number) { return $number * 2 }
}
[Fee].GetConstructors() | ForEach-Object ToString
[Fee].GetMethod('Tell').ToString()
[Fee].GetMethod('Tell').GetParameters() | ForEach-Object { "$($_.Position) $($_.Name) $($_.ParameterType)" }
[Fee].GetMethod('Twice').Invoke($null, @(4))
[Fee].GetProperty('Rate').GetCustomAttributes($true) | ForEach-Object { "$($_.GetType().Name) $($_.MinRange) $($_.MaxRange)" }
[Fee].GetProperty('Note').GetCustomAttributes($true) | ForEach-Object { $_.GetType().Name }
[Activator]::CreateInstance([Fee], 4).Rate
try { [Activator]::CreateInstance([Fee], 'x', 'y') } catch { $_.FullyQualifiedErrorId }
[System.Collections.Generic.List`1].MakeGenericType([int]).ToString()
