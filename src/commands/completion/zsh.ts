import { type CompletionCommand, type CompletionFlag, namesOf } from './model.ts';

export function zshScript(commands: readonly CompletionCommand[]): string {
  const summaries = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}\n`);
  return `#compdef ssekit
# zsh completion for ssekit
_ssekit() {
  local -a commands
  commands=(
${summaries.join('')}    'help:show the flags of a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _values command ${commands.map(({ name }) => name).join(' ')} ;;
${commands.map(commandCase).join('')}  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _ssekit "$@"
else
  compdef _ssekit ssekit
fi
`;
}

function commandCase({ name, words, flags }: CompletionCommand): string {
  // A colon separates the parts of a specification.
  const values = words.map((word) => word.replaceAll(':', '\\:'));
  const rest = values.length === 0 ? "'*: :'" : quote(`*:word:(${values.join(' ')})`);
  const lines = [...flags.flatMap(specifications), rest].map((each) => `        ${each}`);
  return `    ${name})\n      _arguments -s \\\n${lines.join(' \\\n')}\n      ;;\n`;
}

function specifications(flag: CompletionFlag): string[] {
  const text = flag.description.replace(/[[\]\\:]/g, '\\$&');
  return namesOf(flag).map((name) => quote(`*${name}[${text}]${argumentOf(flag)}`));
}

function argumentOf(flag: CompletionFlag): string {
  if (!flag.takesValue) return '';
  if (flag.words.length > 0) return `:value:(${flag.words.join(' ')})`;
  return flag.file ? ':file:_files' : ':value: ';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
