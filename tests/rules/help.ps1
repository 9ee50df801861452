# Help of cmdlets, functions and topics, and commands as objects.
. $PSScriptRoot/common.ps1
function Get-Widget {
    <#
    .SYNOPSIS
    Gets a widget.
    .DESCRIPTION
    Gets one widget by its name.

    A second paragraph.
    .PARAMETER Name
    Name of the widget.
    .EXAMPLE
    PS> Get-Widget a
    Gets the widget a.
    .EXAMPLE
    Get-Widget b
    .NOTES
    A note.
    .LINK
    Get-Item
    #>
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0, ValueFromPipeline)][string] $Name, [int] $Size = 3)
    process { $Name }
}
# .SYNOPSIS
# Gets no widget.
function Get-NoWidget { }
function Get-Plain($First) { }

Rule 'Get-Widget Function Gets a widget.' { Get-Help Get-Widget | ForEach-Object { $_.Name, $_.Category, $_.Synopsis } }
Rule 'Gets one widget by its name. A second paragraph.' { (Get-Help Get-Widget).description.Text }
Rule 'Name:String:true:0:true (ByValue) Size:Int32:false:Named:false' { (Get-Help Get-Widget -Full).parameters.parameter | ForEach-Object { $_.name, $(if ($_.type.name -eq 'string') { 'String' } else { 'Int32' }), $_.required, $_.position, $_.pipelineInput -join ':' } }
Rule 'Get-Widget a|Gets the widget a. Get-Widget b|' { (Get-Help Get-Widget -Examples).examples.example | ForEach-Object { "$($_.code)|$($_.remarks.Text)" } }
Rule 'A note. Get-Item' { $help = Get-Help Get-Widget; $help.alertSet.alert.Text; $help.relatedLinks.navigationLink.linkText }
Rule 'Name of the widget.' { (Get-Help Get-Widget -Parameter Name).description.Text }
Rule 'Name Size' { (Get-Help Get-Widget -Parameter *).name }
Rule 'NoMatchingParameterFound' { Get-Help Get-Widget -Parameter Colour }
Rule 'Gets no widget.' { (Get-Help Get-NoWidget).Synopsis }
Rule 'Get-Plain [[-First] <Object>]' { (Get-Help Get-Plain).Synopsis.Trim() }
Rule 'HelpNotFound' { Get-Help Get-NothingOfTheKind }
Rule 'True' { (Get-Help Get-Widget | Out-String) -match '(?s)NAME.*Get-Widget.*SYNTAX.*-Size <int>' }
Rule 'Get-ChildItem' { (Get-Help gci).Name }
Rule 'Get-NoWidget Get-Widget' { (Get-Help Get-*Widget).Name }
Rule 'True True' { $help = Get-Help New-CsPersistentChatRoom; $help.examples.example.Count -gt 1; @($help.parameters.parameter).Where({ $_.name -eq 'Privacy' }).acceptedValues.Count -eq 3 }
Rule 'True' { (Get-Help about_Pipelines) -match '^about_Pipelines' }
Rule 'True' { @(Get-Help about_*).Count -ge 17 }
Set-Content said.ps1 "<#`n.SYNOPSIS`nSays something.`n#>`nparam(`$What)`n`$What"
Rule 'Says something.' { (Get-Help ./said.ps1).Synopsis }

Rule 'Identity Instance' { (Get-Command Set-CsPersistentChatState).ParameterSets.Name }
Rule 'Force PoolState Instance' { ((Get-Command Set-CsPersistentChatState).ParameterSets | Where-Object Name -eq Instance).Parameters.Name | Where-Object { $_ -in 'Force', 'PoolState', 'Instance' } }
Rule 'Identity True True' { $set = (Get-Command Remove-CsPersistentChatRoom).ParameterSets[0]; $set.Name; $set.IsDefault; $set.Parameters[0].IsMandatory }
Rule 'True True' { $all = (Get-Command New-CsPersistentChatRoom).Parameters; $all.ContainsKey('Privacy'); $all['Name'].ParameterType -eq [string] }
Rule '5' { @(Get-Command -Noun CsPersistentChatRoom).Count }
Rule 'True' { (Get-Command New-CsPersistentChatAddin -Syntax) -match '-Name <string> -Url <string>' }
Rule 'True' { try { Get-CsPersistantChatRoom } catch { "$_" -match "'Get-CsPersistentChatRoom'" } }
Rule 'True' { try { Get-CsPersistentChatRoom -Privcy Open } catch { "$_" -match "'-Privacy'" } }
Held
