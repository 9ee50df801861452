# a document is read, walked by name, searched, changed and written
$x = [xml]'<cfg xmlns:p="urn:p"><pool id="a"><fqdn>a.local</fqdn></pool><pool id="b"><fqdn>b.local</fqdn></pool><p:t>ns</p:t><e/></cfg>'
$x.cfg.pool.id -join ','
$x.cfg.pool[1].fqdn
$x.cfg['pool'].GetAttribute('id')
$x.SelectNodes('//pool[position()=last()]/@id').Value
$ns = [System.Xml.XmlNamespaceManager]::new($x.NameTable); $ns.AddNamespace('q', 'urn:p')
$x.SelectSingleNode('//q:t', $ns).InnerText
$n = $x.CreateElement('pool'); $n.SetAttribute('id', 'c'); [void]$x.cfg.InsertBefore($n, $x.cfg.FirstChild)
$x.cfg.pool.Count
[void]$x.cfg.RemoveChild($x.cfg.pool[1])
$x.cfg.pool.id -join ','
$y = [xml]'<r/>'; [void]$y.DocumentElement.AppendChild($y.ImportNode($n, $true)); $y.OuterXml
try { [void]$y.DocumentElement.AppendChild($x.CreateElement('z')) } catch { $_.FullyQualifiedErrorId }
$s = [System.Xml.XmlWriterSettings]::new(); $s.Indent = $true; $s.OmitXmlDeclaration = $true
$b = [System.Text.StringBuilder]::new(); $w = [System.Xml.XmlWriter]::Create($b, $s)
$w.WriteStartElement('a'); $w.WriteElementString('b', '1 < 2'); $w.WriteEndElement(); $w.Close()
$b.ToString()
"$($x.cfg)"
