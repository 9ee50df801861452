# Completion of pcsh for PowerShell.
Register-ArgumentCompleter -Native -CommandName pcsh -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $known = @{
        '' = [ordered]@{
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
            'service' = 'the management service'
        }
        'service' = [ordered]@{
            'init' = 'Make the store, or bring its schema up to date'
            'status' = 'Show what the service holds'
            'serve' = 'Serve the API; a proof of identity is needed to use it'
            'account' = 'Passwords of users'
            'token' = 'Bearer tokens'
            'certificate' = 'Client certificates of the service''s own authority'
            'directory' = 'The directory: users, groups, organisational units'
            'audit' = 'The audit trail'
            'migrate' = 'Bring the schema of the store up to date, or step it down'
            'backup' = 'Write the whole store to one checksummed file, while the service runs'
            'restore' = 'Take a backup into an empty store of either kind'
            'database' = 'Take a step on the side of a database server'
            'help' = 'Print this message or the help of the given subcommand(s)'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
            '--version' = 'Print version'
        }
        'service init' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service status' = [ordered]@{
            '--json' = 'As a JSON object'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service serve' = [ordered]@{
            '--listen' = 'Where to listen [127.0.0.1:5040]'
            '--certificate' = 'TLS with this certificate; addresses other than loopback get TLS with one made at the first start otherwise'
            '--key' = 'The key of the certificate'
            '--tls' = 'TLS on loopback too'
            '--no-tls' = 'Refuse to start with TLS'
            '--client-authority' = 'Believe client certificates of these authorities, besides the service''s own'
            '--client-certificates' = 'Let nobody in without a client certificate, or leave it to callers'
            '--client-crl' = 'Lists of the client certificates that these authorities have revoked'
            '--oidc-issuer' = 'Believe tokens of this OpenID Connect provider'
            '--oidc-audience' = 'For whom its tokens must be'
            '--oidc-keys' = 'Its keys, where the provider does not say'
            '--oidc-claim' = 'The claim that names the user, instead of upn, preferred_username or email'
            '--rate' = 'Calls a second for one caller; 0 is no limit [1000]'
            '--failed-log-ons' = 'Failed log-ons after which an address or account waits'
            '--connections' = 'Connections at a time'
            '--connections-per-address' = 'Connections at a time from one address'
            '--request-seconds' = 'Seconds that a request may take'
            '--body-megabytes' = 'Megabytes that a request may hold'
            '--nats' = 'Publish events to JetStream'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help (see more with ''--help'')'
        }
        'service account' = [ordered]@{
            'list' = 'List the users with a password'
            'set' = 'Set the password of a user, read from standard input'
            'unlock' = 'End the wait of an account after failed log-ons'
            'remove' = 'Take the password of a user away; tokens live on'
            'help' = 'Print this message or the help of the given subcommand(s)'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service account list' = [ordered]@{
            '--json' = 'As a JSON array'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service account set' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service account unlock' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service account remove' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service token' = [ordered]@{
            'create' = 'Make a token and print it, once'
            'list' = 'List tokens, and certificates with them'
            'revoke' = 'Revoke a token or a certificate'
            'help' = 'Print this message or the help of the given subcommand(s)'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service token create' = [ordered]@{
            '--user' = 'The user of the directory it stands for; without one, the operator, who may do everything'
            '--label' = 'What it is for'
            '--days' = 'How long it is valid'
            '--read-only' = 'Only reads'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service token list' = [ordered]@{
            '--json' = 'As a JSON array'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service token revoke' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service certificate' = [ordered]@{
            'create' = 'Make a client certificate with its key'
            'help' = 'Print this message or the help of the given subcommand(s)'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service certificate create' = [ordered]@{
            '--user' = 'The user of the directory it stands for'
            '--read-only' = 'Only reads'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service directory' = [ordered]@{
            'import' = 'Import LDIF, or CSV by the file''s ending; all faults are told, and nothing is half imported'
            'add' = 'Add an entry'
            'remove' = 'Remove an entry'
            'join' = 'Put members into a group'
            'leave' = 'Take members out of a group'
            'help' = 'Print this message or the help of the given subcommand(s)'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service directory import' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service directory add' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service directory remove' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service directory join' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service directory leave' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service audit' = [ordered]@{
            'verify' = 'Check the hash chain of the whole trail'
            'help' = 'Print this message or the help of the given subcommand(s)'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service audit verify' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service migrate' = [ordered]@{
            '--down' = 'Step down to this version'
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service backup' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service restore' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
        'service database' = [ordered]@{
            '--data' = 'The data directory, instead of the platform''s or PCSH_HOME''s'
            '--store' = 'The store: a directory (SQLite) or a postgres:// address; by default the data directory'
            '--config' = 'The settings file, instead of service.toml in the data directory'
            '--help' = 'Print help'
        }
    }
    $place = ''
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
        $next = "$place $element".Trim()
        if ($element.Extent.EndOffset -lt $cursorPosition -and $known.ContainsKey($next)) { $place = $next }
    }
    foreach ($name in $known[$place].Keys) {
        if ($name -like "$wordToComplete*") {
            $kind = if ($name -like '-*') { 'ParameterName' } else { 'ParameterValue' }
            [System.Management.Automation.CompletionResult]::new($name, $name, $kind, $known[$place][$name])
        }
    }
}
