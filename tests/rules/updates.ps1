# Two administrators: what one of them read is changed by the other before it is written back. Each is a rule for a policy
# (settings), a category, a room and an add-in; the same over a socket and in process.
. $PSScriptRoot/common.ps1
New-CsPersistentChatCategory -Name Updates | Out-Null
New-CsPersistentChatAddin -Name Updates -Url https://a.contoso.com | Out-Null
New-CsPersistentChatRoom -Name Update -Category Updates | Out-Null
New-CsExternalAccessPolicy -Identity Updates | Out-Null

$kinds = @(
    @{ Noun = 'ExternalAccessPolicy'; Name = 'Tag:Updates'; Property = 'Description'; One = 'one'; Two = 'two'; Three = 'three' }
    @{ Noun = 'PersistentChatCategory'; Name = "$pool\Updates"; Property = 'Description'; One = 'one'; Two = 'two'; Three = 'three' }
    @{ Noun = 'PersistentChatRoom'; Name = "$pool\Update"; Property = 'Description'; One = 'one'; Two = 'two'; Three = 'three' }
    @{ Noun = 'PersistentChatAddin'; Name = "$pool\Updates"; Property = 'Url'; One = 'https://a.contoso.com/1'; Two = 'https://a.contoso.com/2'; Three = 'https://a.contoso.com/3' }
)
foreach ($kind in $kinds) {
    $get, $set = "Get-Cs$($kind.Noun)", "Set-Cs$($kind.Noun)"
    $name, $property, $one, $two, $three = $kind.Name, $kind.Property, $kind.One, $kind.Two, $kind.Three
    $change = { param($value) $given = @{ $property = $value }; & $set -Identity $name @given }
    # Read, changed by somebody else, written back: refused, and the other change stays.
    Rule 'PC-E92' { $mine = & $get $name; & $change $one; $mine.$property = $two; & $set -Instance $mine }
    Rule $one { (& $get $name).$property }
    # As one of a listing.
    Rule 'PC-E92' { $mine = & $get | Where-Object Identity -eq $name; & $change $two; $mine.$property = $three; & $set -Instance $mine }
    Rule 'PC-E92' { $mine = & $get $name; & $change $three; & $set -Instance $mine -WhatIf }
    # Read again it goes, and the same object may be changed again, since it is known what it has become.
    Rule 'nothing' { $mine = & $get $name; $mine.$property = $one; & $set -Instance $mine; $mine.$property = $two; & $set -Instance $mine }
    Rule $two { (& $get $name).$property }
    Rule 'PC-E92' { $mine = & $get $name; $copy = $mine.PSObject.Copy(); $mine.$property = $three; & $set -Instance $mine; $copy.$property = $one; & $set -Instance $copy }
    # Through the pipeline the last writer wins, as for an object that was made of the one that was read.
    Rule 'nothing' { $mine = & $get $name; & $change $one; $mine.$property = $two; $mine | & $set }
    Rule 'nothing' { $mine = & $get $name | Select-Object *; & $change $one; $mine.$property = $three; & $set -Instance $mine }
    Rule $three { (& $get $name).$property }
}

# What was removed is not made again by an object that was read before; one made in memory is.
Rule 'PC-E92' { $mine = Get-CsExternalAccessPolicy Tag:Updates; Remove-CsExternalAccessPolicy Tag:Updates; Set-CsExternalAccessPolicy -Instance $mine }
Rule 'PC-E21' { Get-CsExternalAccessPolicy Tag:Updates }
Rule 'nothing' { $new = New-CsExternalAccessPolicy Tag:Updates -InMemory; Set-CsExternalAccessPolicy -Instance $new }
# What New gave is guarded as what Get gives; Global is, before it was ever written.
Rule 'PC-E92' { $new = New-CsExternalAccessPolicy Tag:Other; Set-CsExternalAccessPolicy Tag:Other -Description x; Set-CsExternalAccessPolicy -Instance $new }
Rule 'PC-E92' { $mine = Get-CsArchivingConfiguration Global; Set-CsArchivingConfiguration -CachePurgingInterval 30; Set-CsArchivingConfiguration -Instance $mine -CachePurgingInterval 31 }
Held
