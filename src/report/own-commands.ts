const NAMES = 'listen|serve-mock|bench|check-proxy|report|completion|help';
const FLAG = String.raw`-\S+(?: '[^']*'\S*| [^\s-]\S*)?`;
const TARGET = String.raw`(?:'[^']*'|[A-Z:]|https?:|demo:)\S*`;

/** A command of ours in a sentence: its name, a target, and flags, each with a value. */
const COMMAND = String.raw`\(?(?:npx )?ssekit (?:${NAMES})(?![a-z])\S*(?: ${TARGET})?(?: ${FLAG})*`;

/** A word of a text that may have commands: each of them is one, as what stands between backticks is. */
export const WORD = new RegExp(String.raw`\`[^\`]+\`\S*|${COMMAND}|\S+`, 'g');

/** A text that ends with a command, which stands behind a colon. */
const ENDS_WITH_COMMAND = new RegExp(`^(?<prose>.*:) (?<command>(?:npx )?ssekit (?:${NAMES})(?![a-z]).*)$`);

const PROGRAM = new RegExp(`(?<!npx )\\bssekit (?=(?:${NAMES}|--help|--version)(?![a-z]))`, 'g');

/** The text with its commands as they are to be typed where the program is called so: `npx ssekit`. */
export function typedAs(program: string, text: string): string {
  return text.replaceAll(PROGRAM, `${program} `);
}

/** The text apart from the command that it ends with. */
export function withoutLastCommand(text: string): { prose: string; command?: string } {
  const { prose, command } = ENDS_WITH_COMMAND.exec(text)?.groups ?? {};
  return prose === undefined || command === undefined ? { prose: text } : { prose, command };
}
