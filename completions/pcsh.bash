# Completion of pcsh for bash.
_pcsh() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  if [ "${COMP_WORDS[1]}" = service ] && [ "$COMP_CWORD" -ge 2 ]; then
    local path=service words= each
    for each in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
      case "$path $each" in
        'service'|'service init'|'service status'|'service serve'|'service account'|'service account list'|'service account set'|'service account unlock'|'service account remove'|'service token'|'service token create'|'service token list'|'service token revoke'|'service certificate'|'service certificate create'|'service directory'|'service directory import'|'service directory add'|'service directory remove'|'service directory join'|'service directory leave'|'service audit'|'service audit verify'|'service migrate'|'service backup'|'service restore'|'service database') path="$path $each" ;;
      esac
    done
    case $path in
      'service') words='init status serve account token certificate directory audit migrate backup restore database help --data --store --config --help --version' ;;
      'service init') words='--data --store --config --help' ;;
      'service status') words='--json --data --store --config --help' ;;
      'service serve') words='--listen --certificate --key --tls --no-tls --client-authority --client-certificates --client-crl --oidc-issuer --oidc-audience --oidc-keys --oidc-claim --rate --failed-log-ons --connections --connections-per-address --request-seconds --body-megabytes --nats --data --store --config --help' ;;
      'service account') words='list set unlock remove help --data --store --config --help' ;;
      'service account list') words='--json --data --store --config --help' ;;
      'service account set') words='--data --store --config --help' ;;
      'service account unlock') words='--data --store --config --help' ;;
      'service account remove') words='--data --store --config --help' ;;
      'service token') words='create list revoke help --data --store --config --help' ;;
      'service token create') words='--user --label --days --read-only --data --store --config --help' ;;
      'service token list') words='--json --data --store --config --help' ;;
      'service token revoke') words='--data --store --config --help' ;;
      'service certificate') words='create help --data --store --config --help' ;;
      'service certificate create') words='--user --read-only --data --store --config --help' ;;
      'service directory') words='import add remove join leave help --data --store --config --help' ;;
      'service directory import') words='--data --store --config --help' ;;
      'service directory add') words='--data --store --config --help' ;;
      'service directory remove') words='--data --store --config --help' ;;
      'service directory join') words='--data --store --config --help' ;;
      'service directory leave') words='--data --store --config --help' ;;
      'service audit') words='verify help --data --store --config --help' ;;
      'service audit verify') words='--data --store --config --help' ;;
      'service migrate') words='--down --data --store --config --help' ;;
      'service backup') words='--data --store --config --help' ;;
      'service restore') words='--data --store --config --help' ;;
      'service database') words='--data --store --config --help' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -f -W "$words" -- "$word")
    return
  fi
  case $previous in
    -File) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    -WorkingDirectory) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    -OutputFormat) mapfile -t COMPREPLY < <(compgen -W 'Text XML' -- "$word"); return ;;
    -InputFormat) mapfile -t COMPREPLY < <(compgen -W 'Text XML' -- "$word"); return ;;
  esac
  case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W '-File -Command -CommandWithArgs -EncodedCommand -NoProfile -NoLogo -NoExit -NonInteractive -WorkingDirectory -OutputFormat -InputFormat -Version -Help' -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -W 'service completion' -- "$word") ;;
  esac
}
complete -o filenames -F _pcsh pcsh
