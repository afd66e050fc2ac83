import type { CompletionCommand, CompletionFlag } from './model.ts';

export function fishScript(commands: readonly CompletionCommand[]): string {
  const names = commands.map(({ name }) => name);
  const first = commands.map(
    ({ name, summary }) => `complete -c ssekit -n __fish_use_subcommand -a ${name} -d ${quote(summary)}\n`,
  );
  return `# fish completion for ssekit
complete -c ssekit -f
${first.join('')}complete -c ssekit -n __fish_use_subcommand -a help -d 'show the flags of a command'
complete -c ssekit -n '__fish_seen_subcommand_from help' -a '${names.join(' ')}'
${commands.map(commandLines).join('')}`;
}

function commandLines({ name, words, flags }: CompletionCommand): string {
  const condition = `-n '__fish_seen_subcommand_from ${name}'`;
  const own = words.length === 0 ? '' : `complete -c ssekit ${condition} -a '${words.join(' ')}'\n`;
  return own + flags.map((flag) => `complete -c ssekit ${condition} ${flagWords(flag)}\n`).join('');
}

function flagWords(flag: CompletionFlag): string {
  const parts: string[] = [];
  if (flag.short !== '') parts.push(`-s ${quote(flag.short.slice(1))}`);
  if (flag.long !== '') parts.push(`-l ${flag.long.slice(2)}`);
  if (flag.takesValue) parts.push(flag.file ? '-r -F' : '-x');
  if (flag.words.length > 0) parts.push(`-a '${flag.words.join(' ')}'`);
  return [...parts, `-d ${quote(flag.description)}`].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
