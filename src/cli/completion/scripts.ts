/** What each shell reads to complete command lines of podctl. None of them evaluates what podctl answers. */
export const SCRIPTS = {
  bash: `# podctl completion bash
_podctl() {
  local kind line
  COMPREPLY=()
  {
    IFS= read -r kind
    while IFS= read -r line; do COMPREPLY+=("$line"); done
  } < <(command podctl __complete bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  case $kind in
    files*) compopt -o default 2>/dev/null ;;
    folders*) compopt -o dirnames 2>/dev/null ;;
  esac
  case $kind in
    *open) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _podctl podctl
`,
  zsh: `#compdef podctl
# podctl completion zsh
_podctl() {
  local -a lines values shown blank
  local kind line
  lines=("\${(@f)$(command podctl __complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  kind=$lines[1]
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  }")
  done
  [[ $kind == *open ]] && blank=(-S '')
  (( $#values )) && compadd "\${(@)blank}" -l -d shown -a -- values
  case $kind in
    files*) [[ $PREFIX == --*=* ]] && compset -P '*='; _files ;;
    folders*) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/ ;;
  esac
}
if [[ $funcstack[1] == _podctl ]]; then _podctl "$@"; else compdef _podctl podctl; fi
`,
  fish: `# podctl completion fish
function __podctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (command podctl __complete fish -- $words[2..] "$current" 2>/dev/null)
    for line in $lines[2..]
        echo $line
    end
    switch "$lines[1]"
        case 'files*'
            __fish_complete_path "$current"
        case 'folders*'
            __fish_complete_directories "$current"
    end
end
complete -c podctl -f -k -a '(__podctl_complete)'
`,
} as const;

export type Shell = keyof typeof SCRIPTS;
