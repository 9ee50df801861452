# Syntax trees as scripts see them.
$tokens = $null; $errors = $null
$ast = [System.Management.Automation.Language.Parser]::ParseInput('function f { param([int]$x = 1) $x + 1 | g -a:3 @y > out.txt }', [ref]$tokens, [ref]$errors)
$ast.GetType().Name
$errors.Count
foreach ($node in $ast.FindAll({ $true }, $true)) { '{0} <{1}>' -f $node.GetType().Name, $node.Parent?.GetType().Name }
$tokens.Kind -join ' '
$function = $ast.Find({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false)
$function.Name, $function.IsFilter, $function.Extent.StartOffset, $function.Extent.EndColumnNumber
$ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true).GetCommandName()
$ast.FindAll({ $args[0] -is [System.Management.Automation.Language.VariableExpressionAst] }, $true).VariablePath.UserPath -join ','
{ $a = 1, 2 }.Ast.EndBlock.Statements[0].Right.Expression.Elements.Count
{ @{ a = 1 } }.Ast.EndBlock.Statements[0].PipelineElements[0].Expression.SafeGetValue().a
{ if ($x) { 1 } else { 2 } }.Ast.EndBlock.Statements[0].Clauses[0].Item2.Extent.Text
{ 'a' }.Ast.EndBlock.Statements[0].PipelineElements[0].Expression.StringConstantType
