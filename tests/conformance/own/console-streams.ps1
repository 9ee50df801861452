# System.Console writes past the pipeline.
$null = $( [Console]::WriteLine('a{0:n1}', 3); 1 )
[Console]::Out.WriteLine(1.5)
[Console]::Write([char[]]'abc')
[Console]::WriteLine()
[Console]::WriteLine($true)
[Console]::Out.GetType().Name
[Console]::IsOutputRedirected
