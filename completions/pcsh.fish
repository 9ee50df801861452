# Completion of pcsh for fish.
complete -c pcsh -o File -d 'run a script' -r -F
complete -c pcsh -o Command -d 'run commands' -x
complete -c pcsh -o CommandWithArgs -d 'run commands with $args' -x
complete -c pcsh -o EncodedCommand -d 'run commands given as base64' -x
complete -c pcsh -o NoProfile -d 'do not run the profile'
complete -c pcsh -o NoLogo -d 'no greeting at the prompt'
complete -c pcsh -o NoExit -d 'stay at the prompt afterwards'
complete -c pcsh -o NonInteractive -d 'never ask'
complete -c pcsh -o WorkingDirectory -d 'start there' -x -a '(__fish_complete_directories)'
complete -c pcsh -o OutputFormat -d 'how results are written' -x -a 'Text XML'
complete -c pcsh -o InputFormat -d 'how standard input is read' -x -a 'Text XML'
complete -c pcsh -o Version -d 'print the version'
complete -c pcsh -o Help -d 'print the options'
complete -c pcsh -n __fish_is_first_arg -a service -d 'the management service'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a init -d 'make a store'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a serve -d 'serve the management API'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a status -d 'show what a store holds'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a migrate -d 'bring a store up to date'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a backup -d 'write a backup of a store'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a restore -d 'restore a backup'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a token -d 'make, list and revoke tokens'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a directory -d 'import and change the directory'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a audit -d 'show and verify the audit record'
complete -c pcsh -f -n '__fish_seen_subcommand_from service' -a help -d 'print the sub-commands'
