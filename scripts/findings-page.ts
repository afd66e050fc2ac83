import type { FindingKind } from '../src/listen/findings/finding.ts';
import { LINT_KINDS } from '../src/listen/findings/lint/lint.ts';
import { REQUEST_KINDS } from '../src/listen/findings/requests/requests.ts';
import { STRICT_KINDS } from '../src/listen/findings/strict/strict.ts';
import { capital } from '../src/notation/capital.ts';

const INTRODUCTION = `# Findings

What \`ssekit listen\` can find in a stream, by code. Codes are stable: match on them, not on the texts. How findings are
told, counted and judged stands in [listen.md](listen.md#is-the-stream-right).

| severity  | means                                                                                     |
| --------- | ----------------------------------------------------------------------------------------- |
| \`error\`   | the stream does not arrive as it was sent: under \`--strict\` the run fails, exit code 12    |
| \`warning\` | something that should be mended                                                            |
| \`note\`    | something to know, which may be right as it is                                             |

HTML §9.2 is the chapter on server-sent events of the
[HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html); Fetch and Encoding are its neighbours.

<!-- Made from the catalogue in src/listen/findings by: node --import tsx scripts/findings.ts -->
`;

const SECTIONS: readonly (readonly [heading: string, text: string, kinds: readonly FindingKind[]])[] = [
  [
    '`--strict`: what a browser passes over in silence',
    'Everything that a browser ignores, discards or replaces by the letter of the HTML standard, and what comes near to\nit. The place is a byte offset in the decoded body of the connection.',
    STRICT_KINDS,
  ],
  [
    '`--lint`: what the server could do better',
    'Never changes the exit code. The headers and times of standard input are not looked at: it has none.',
    LINT_KINDS,
  ],
  [
    '`--lint-requests`: what requests of its own bring to light',
    'Five requests at most when the stream is over, each on a connection of its own and five seconds long at most. Only a\nGET is repeated. A 429, a 503 and Ctrl-C end them.',
    REQUEST_KINDS,
  ],
];

/** The text of docs/findings.md. */
export function findingsPage(): string {
  const sections = SECTIONS.map(
    ([heading, text, kinds]) => `## ${heading}\n\n${text}\n\n${kinds.map(kindText).join('\n')}`,
  );
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

function kindText({ code, severity, where, title, why, mend }: FindingKind): string {
  const lines = [
    `### \`${code}\``,
    `**${asText(title)}.** ${capital(severity)}, looked for in ${asText(where)}.`,
    asText(why),
    `Mend: ${asText(mend)}`,
  ];
  return `${lines.join('\n\n')}\n`;
}

/** Characters that Markdown would take for its own. */
function asText(text: string): string {
  return text.replace(/[*_<>[\]\\`]/g, '\\$&');
}
