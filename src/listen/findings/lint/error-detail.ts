interface Detail {
  what: string;
  text: string;
}

/** A line end in plain text, or as JSON writes it. */
const NEWLINE = '(?:\\n|\\\\n)';

/** What only the inside of a server writes. Whatever repeats has a limit: data may be made to be slow to look through. */
const SIGNS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a stack trace (JavaScript)', new RegExp(`${NEWLINE}[ \\t]{1,40}at [^\\n]{1,200}?:\\d+:\\d+`)],
  ['a stack trace (Python)', /Traceback \(most recent call last\)/],
  ['a stack trace (Java)', /\bat [\w.$]+\([\w$]+\.(?:java|kt|scala):\d+\)/],
  ['a stack trace (.NET)', /\bat [\w.<>`]+\([^)\n]{0,200}\) in [^\n]{1,200}:line \d+/],
  ['a stack trace (Go)', /goroutine \d+ \[running\]/],
  ['a stack trace (PHP)', /(?:Fatal error|Uncaught \w*(?:Exception|Error)).{1,200}\bon line \d+/],
  ['a stack trace (Ruby)', /\.rb:\d+:in [`']/],
  [
    'an error of a database',
    /\bSQLSTATE\[|\bORA-\d{5}\b|You have an error in your SQL syntax|syntax error at or near "/,
  ],
  [
    'a path of the server',
    /(?:^|[\s"'(])\/(?:home|Users|root|srv|opt|var\/www|usr\/src)\/[\w./-]{1,200}\.(?:[cm]?[jt]s|py|rb|php|go|java):\d+/,
  ],
];

/** What in an event's data looks as if it should have stayed on the server. */
export function errorDetailIn(data: string): Detail | undefined {
  for (const [what, pattern] of SIGNS) {
    const text = pattern.exec(data)?.[0];
    if (text !== undefined) return { what, text: text.trim() };
  }
  return undefined;
}
