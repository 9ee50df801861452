# Completion of pcsh for bash.
_pcsh() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  if [ "${COMP_WORDS[1]}" = service ] && [ "$COMP_CWORD" -eq 2 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'init serve status migrate backup restore token directory audit help' -- "$word")
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
    *) mapfile -t COMPREPLY < <(compgen -f -W service -- "$word") ;;
  esac
}
complete -o filenames -F _pcsh pcsh
