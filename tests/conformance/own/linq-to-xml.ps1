# LINQ to XML: reading, searching, building and changing.
$document = [System.Xml.Linq.XDocument]::Parse('<rooms site="x"><room>ops</room><room kind="it">help</room><empty/></rooms>')
$document.Root.Name.LocalName
$document.Descendants('room').Value -join ','
$document.Root.Elements('room')[1].Attribute('kind').Value
$document.Root.Attribute('site').ToString()
$item = [System.Xml.Linq.XElement]::new('item', [System.Xml.Linq.XAttribute]::new('id', 5), 'text')
$item.ToString()
$document.Root.Add($item)
$item.Value = 'changed'
$document.Root.LastNode.ToString()
$document.Root.Element('empty').Remove()
$document.Root.SetAttributeValue('site', $null)
$document.Root.SetElementValue('open', $true)
$document.ToString()
$names = [System.Xml.Linq.XNamespace]'urn:x'
"$($names + 'item')"
[System.Xml.Linq.XElement]::new($names + 'r', [System.Xml.Linq.XElement]::new($names + 'c', 1)).ToString([System.Xml.Linq.SaveOptions]::DisableFormatting)
try { [System.Xml.Linq.XElement]::Parse('<q>') } catch { $_.FullyQualifiedErrorId }
