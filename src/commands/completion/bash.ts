import { type CompletionCommand, type CompletionFlag, namesOf } from './model.ts';

export function bashScript(commands: readonly CompletionCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# bash completion for ssekit
_ssekit() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${[...names, 'help', '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
    help)
      COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$word"))
      ;;
${commands.map(commandCase).join('')}  esac
}
complete -F _ssekit ssekit
`;
}

function commandCase({ name, words, flags }: CompletionCommand): string {
  const valueCases = [
    ...flags.filter((flag) => flag.words.length > 0).map(wordsCase),
    namesCase(
      flags.filter((flag) => flag.file),
      'COMPREPLY=($(compgen -f -- "$word"))',
    ),
    namesCase(
      flags.filter((flag) => flag.takesValue && !flag.file && flag.words.length === 0),
      ':',
    ),
  ].join('');
  const previous = valueCases === '' ? '' : `      case $previous in\n${valueCases}      esac\n`;
  return `    ${name})
${previous}      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W '${flags.flatMap(namesOf).join(' ')}' -- "$word"))
      else
        COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))
      fi
      ;;
`;
}

function wordsCase(flag: CompletionFlag): string {
  return namesCase([flag], `COMPREPLY=($(compgen -W '${flag.words.join(' ')}' -- "$word"))`);
}

function namesCase(flags: readonly CompletionFlag[], action: string): string {
  if (flags.length === 0) return '';
  return `        ${flags.flatMap(namesOf).join('|')})\n          ${action}\n          return\n          ;;\n`;
}
