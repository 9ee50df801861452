# What TabExpansion2 proposes: texts, kinds, tips and the stretch that is replaced.
function Show([string]$text, [int]$most = 3) {
    $found = TabExpansion2 $text $text.Length
    $shown = $found.CompletionMatches | Select-Object -First $most | ForEach-Object { "$($_.CompletionText)<$($_.ResultType)>" }
    "$text => $($found.ReplacementIndex)+$($found.ReplacementLength) $($shown -join ' ')"
}
Set-Location ([IO.Path]::GetTempPath())
Show 'Get-Com' 1
Show 'Microsoft.PowerShell.Utility\set-al'
Show 'i-psdf'
Show 'Get-ChildItem -Fil'
Show 'Get-ChildItem -ErrorAction ' 2
Show 'Get-ChildItem -ErrorAction sil' 2
Show '$PSVersionT'
Show '(1).ToSt'
Show '(1).' 1
Show '[int]::Max'
Show '[pscu'
Show '"a".Len'
Show '@{abc=1}.ab'
Show '$h = @{ one = 1; two = 2 }; $h.tw'
Show 'using nam'
Show '55 -no' 9
Show 'Get-ChildItem | Sort-Object @{ ' 5
Show '1, 2 | Select-Object @{'
Show '[System.Management.Automation.ActionPreference]$e = "s' 4
Show 'foreach ($currentItem in 1..10) { $currentIt'
Show '"Hello" | Select-Object '

function Set-Colour { param([ValidateSet('red', 'green', 'dark blue')][string]$Name, [switch]$Bright, [ConsoleColor]$Border) }
Show 'Set-Colour -Name ' 9
Show 'Set-Colour g'
Show 'Set-Colour -Border DarkC'
Show 'Set-Colour -B'

Register-ArgumentCompleter -CommandName Get-Thing -ParameterName Name -ScriptBlock {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)
    [System.Management.Automation.CompletionResult]::new("'$parameterName of $commandName'", 'shown', 'ParameterValue', "tip of $wordToComplete")
    "bound: $($fakeBoundParameters['Kind'])"
    "elements: $($commandAst.CommandElements.Count)"
}
function Get-Thing { param($Name, $Kind, [ArgumentCompletions('alpha', 'beta gamma')]$Word, [ArgumentCompleter({ 'x1', 'x2' })]$Other) }
Show 'Get-Thing -Kind round -Name ab'
(TabExpansion2 'Get-Thing -Name ab').CompletionMatches[0].ToolTip
Show 'Get-Thing -Word '
Show 'Get-Thing -Other '
Register-ArgumentCompleter -Native -CommandName somenative -ScriptBlock { param($word, $ast, $cursor) "$word at $cursor"; $ast.GetType().Name }
Show 'somenative --f'

[System.Management.Automation.CommandCompletion]::CompleteInput('Get-Comm', 8, $null).CompletionMatches[0].ListItemText
$one = [System.Management.Automation.CompletionResult]::new('text')
"$($one.CompletionText) $($one.ListItemText) $($one.ResultType) $($one.ToolTip)"
(Get-Command TabExpansion2).CommandType
