/** What a completion script needs to know of a command. */
export interface CompletionCommand {
  name: string;
  summary: string;
  /** Words that may stand where no flag is. */
  words: readonly string[];
  flags: readonly CompletionFlag[];
}

export interface CompletionFlag {
  /** With its dashes; empty where there is none. */
  long: string;
  short: string;
  description: string;
  takesValue: boolean;
  /** The values it takes, where they are few. */
  words: readonly string[];
  /** Its value names a file. */
  file: boolean;
}

export function namesOf(flag: CompletionFlag): string[] {
  return [flag.short, flag.long].filter((name) => name !== '');
}
