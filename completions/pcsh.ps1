# Completion of pcsh for PowerShell.
Register-ArgumentCompleter -Native -CommandName pcsh -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $options = [ordered]@{
        '-File' = 'run a script'
        '-Command' = 'run commands'
        '-CommandWithArgs' = 'run commands with $args'
        '-EncodedCommand' = 'run commands given as base64'
        '-NoProfile' = 'do not run the profile'
        '-NoLogo' = 'no greeting at the prompt'
        '-NoExit' = 'stay at the prompt afterwards'
        '-NonInteractive' = 'never ask'
        '-WorkingDirectory' = 'start there'
        '-OutputFormat' = 'how results are written'
        '-InputFormat' = 'how standard input is read'
        '-Version' = 'print the version'
        '-Help' = 'print the options'
    }
    $service = [ordered]@{
        'init' = 'make a store'
        'serve' = 'serve the management API'
        'status' = 'show what a store holds'
        'migrate' = 'bring a store up to date'
        'backup' = 'write a backup of a store'
        'restore' = 'restore a backup'
        'token' = 'make, list and revoke tokens'
        'directory' = 'import and change the directory'
        'audit' = 'show and verify the audit record'
        'help' = 'print the sub-commands'
    }
    $first = "$($commandAst.CommandElements[1])"
    $known = if ($first -eq 'service') { $service } else { $options }
    foreach ($name in $known.Keys) {
        if ($name -like "$wordToComplete*") {
            [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterName', $known[$name])
        }
    }
}
