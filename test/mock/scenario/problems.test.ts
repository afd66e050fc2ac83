import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { problemLines } from '../../../src/mock/scenario/problem.ts';
import { problems, withStream } from './served.ts';

/** What is said of the one problem that a file has. */
function only(text: string): string {
  const found = problems(text);
  assert.equal(found.length, 1, found.join('\n'));
  return found[0] ?? '';
}

const route = (keys: string) => `routes:\n  - path: /s\n${keys.replace(/^/gm, '    ')}\n`;
const step = (text: string) => withStream(text, '#');

describe('a problem of a scenario is told with its place, what was found and what is expected', () => {
  const cases: [name: string, text: string, problem: string | RegExp][] = [
    ['an empty file', '', '1:1 expected a scenario (a mapping of seed, defaults, routes), found nothing'],
    ['a text', 'hello', '1:1 expected a scenario (a mapping of seed, defaults, routes), found "hello"'],
    ['no routes', 'seed: 1', '1:1 a scenario needs routes'],
    [
      'routes that are no list',
      'routes: {path: /a}',
      '1:9 routes: expected a list of routes, found a mapping',
    ],
    ['an empty list', 'routes: []', '1:9 routes: a scenario has at least one route'],
    [
      'too many routes',
      `routes:\n${'  - {path: /a, match: {headers: {a: b}}, status: 204}\n'.repeat(501)}`,
      /^2:3 routes: 501 routes are too many: at most 500$/,
    ],
    [
      'an unknown key',
      `defalts: {}\n${route('status: 204')}`,
      '1:1 unknown key "defalts" in a scenario. Did you mean defaults?',
    ],
    ['a seed', `seed: -1\n${route('status: 204')}`, /^1:7 seed: "-1" is too small/],
    [
      'a default',
      `defaults:\n  heartbeat: 5\n${route('status: 204')}`,
      '2:14 heartbeat: "5" needs a unit: write 5s (or 5ms, 5m)',
    ],

    [
      'a route that is no mapping',
      'routes:\n  - /a',
      /^2:5 expected a route \(a mapping of path, .*\), found "\/a"$/,
    ],
    ['no path', 'routes:\n  - status: 204', '2:5 a route needs path'],
    [
      'a path without slash',
      'routes:\n  - {path: a, status: 204}',
      '2:12 path: "a" is no path. It begins with a slash: /events',
    ],
    [
      'a path with a query',
      'routes:\n  - {path: /a?b, status: 204}',
      /^2:12 path: "\/a\?b" is more than a path/,
    ],
    [
      'a reserved path',
      'routes:\n  - {path: /publish, status: 204}',
      '2:12 path: /publish is answered by the server itself. Take another path than /publish, /metrics, /healthz',
    ],
    ['a name twice', 'routes:\n  - {path: "/:a/:a", status: 204}', '2:12 path: "/:a/:a" names two parts "a"'],
    [
      'a wrong name',
      'routes:\n  - {path: "/:1", status: 204}',
      /^2:12 path: ":1" is no name for a part of the path/,
    ],
    [
      'a star in the middle',
      'routes:\n  - {path: /*/a, status: 204}',
      /^2:12 path: .* has a \* before its end/,
    ],
    ['a star in a text', 'routes:\n  - {path: /a*, status: 204}', /^2:12 path: "a\*" mixes \* with text/],
    ['a method', route('method: [GET, P1]\nstatus: 204'), /^3:19 method: "P1" is no method/],
    [
      'a header to match',
      route('match: {headers: {"a b": x}}\nstatus: 204'),
      /^3:23 "a b" is no name of a header$/,
    ],
    [
      'an expression',
      route('match: {headers: {a: "/[/"}}\nstatus: 204'),
      '3:26 a: "/[/" is no regular expression: Unterminated character class',
    ],
    [
      'flags of an expression',
      route('match: {headers: {a: /x/g}}\nstatus: 204'),
      /^3:26 a: "\/x\/g" ends with "g"/,
    ],
    ['a status', route('status: 99'), /^3:13 status: "99" is no status of an answer/],
    ['a status that is a text', route('status: ok'), /^3:13 status: "ok" is no status of an answer/],
    [
      'a header of the connection',
      route('status: 204\nheaders: {Transfer-Encoding: chunked}'),
      '4:15 Transfer-Encoding is set by the server itself',
    ],
    [
      'a template of a header',
      route('status: 204\nheaders: {x: "{{n}}"}'),
      '4:19 x: {{n}}: n is the number of an event, and here is none',
    ],
    [
      'no answer',
      route('method: GET'),
      '2:5 this route says nothing to answer with: stream, preset, status, body or close',
    ],
    ['two answers', route('stream: [a]\nstatus: 204'), /^4:5 stream and status are two answers/],
    [
      'a body of a status that has none',
      route('status: 204\nbody: x'),
      '4:5 an answer with status 204 has no body',
    ],
    [
      'faults of a plain answer',
      route('status: 204\nfaults: reset@3'),
      '4:5 only a stream or a preset has faults',
    ],
    [
      'an unknown preset',
      route('preset: opneai'),
      /^3:13 preset: "opneai" is not known. Write one of: ticker/,
    ],
    ['a token', route('status: 204\nauth: {token: ""}'), '4:19 token: a token has at least one character'],
    [
      'an auth rule',
      route('status: 204\nauth: on'),
      /^4:11 auth: expected an auth rule \(a mapping of token, ttl\), found "on"$/,
    ],
    ['a limit', route('status: 204\nlimit: {perUser: 0}'), /^4:22 perUser: "0" is too small/],
    [
      'a connection',
      route('status: 204\nconnections: {0: {status: 503}}'),
      '4:19 "0" are no connections. They count from 1: write 1, 2-4 or 5+',
    ],
    [
      'connections that overlap',
      route('status: 204\nconnections: {1-3: {status: 503}, 2: {status: 500}}'),
      '4:39 the connections 2 are among 1-3 already',
    ],
    [
      'connections that are not covered',
      route('connections: {1: {status: 503}, 3+: {status: 500}}'),
      /^3:5 the other connections have nothing to be answered with/,
    ],
    [
      'connections that add to nothing',
      route('connections: {1+: {faults: reset@3}}'),
      /^3:19 these connections have nothing to be answered with/,
    ],
    [
      'a problem of a connection',
      route('connections: {1+: {stream: [{slep: 1s}]}}'),
      '3:34 unknown step "slep". Did you mean sleep?',
    ],
    [
      'a loop of a connection',
      route('connections: {1+: {stream: [{repeat: forever, steps: [a]}]}}'),
      /^3:33 this repeat goes on forever and never sleeps/,
    ],
    [
      'a fault of a connection with a plain answer',
      route('status: 503\nconnections: {1: {status: 500, faults: reset@3}}'),
      /^4:36 only a stream/,
    ],
    [
      'a fault of a connection of a plain route',
      route('status: 503\nconnections: {1: {faults: reset@3}}'),
      /^4:23 only a stream/,
    ],
    [
      'a hidden route',
      'routes:\n  - {path: "/a/:b", status: 204}\n  - {path: "/a/:c", method: GET, status: 204}',
      '3:12 no request gets here: the route of line 2 takes them all',
    ],
    [
      'a route behind one for all',
      'routes:\n  - {path: /*, status: 204}\n  - {path: /a, status: 204}',
      /^3:12 no request gets here/,
    ],

    [
      'a stream that is a text',
      route('stream: hello'),
      /^3:13 stream: expected a stream \(a mapping of greet, steps, .*\), found "hello"$/,
    ],
    ['steps that are no list', step('steps: hello'), '5:14 steps: expected a list of steps, found "hello"'],
    [
      'an unknown key of a stream',
      step('hodl: on\nsteps: [a]'),
      '5:7 unknown key "hodl" in a stream. Did you mean hold?',
    ],
    ['neither on nor off', step('hold: maybe'), '5:13 hold: "maybe" is neither on nor off'],
    ['a word', step('lineEnd: lfcr'), '5:16 lineEnd: expected lf, cr or crlf, found "lfcr"'],
    ['a fault', step('faults: reset@x'), /^5:15 faults: the WHEN of reset: "x" is no WHEN/],
    [
      'one of several faults',
      step('faults: [stall@1, rest@3]'),
      '5:25 faults: "rest" is no kind of fault. Did you mean reset?',
    ],
    [
      'faults that contradict',
      step('faults: [eof@3, reset@3]'),
      /^5:15 faults: "reset@3" contradicts "eof@3"/,
    ],
    ['an empty step', step('- a\n-'), /^6:8 expected a step, found nothing/],
    ['a step that is a list', step('- [a]'), /^5:9 expected a step, found a list/],
    ['an unknown step', step('- evnt: a'), '5:9 unknown step "evnt". Did you mean event?'],
    [
      'a far step',
      step('- wibble: a'),
      /^5:9 unknown step "wibble"\. The steps are event, sleep, generate, /,
    ],
    [
      'two steps in one',
      step('- {sleep: 1s, data: a}'),
      /^5:21 unknown key "data" in a sleep\. A sleep has sleep$/,
    ],
    [
      'a field of an event',
      step('- {event: a, dta: b}'),
      '5:20 unknown key "dta" in an event. Did you mean data?',
    ],
    ['a duration', step('- sleep: 5'), '5:16 sleep: "5" needs a unit: write 5s (or 5ms, 5m)'],
    ['no duration', step('- sleep:'), '5:15 sleep: expected a duration such as 250ms or 2s, found nothing'],
    ['a retry', step('- retry: soon'), /^5:16 retry: "soon" is not a duration/],
    ['an id of two lines', step('- id: "a\\nb"'), /^5:13 id: .* can't be an id/],
    ['an event type of two lines', step('- event: "a\\nb"'), /^5:16 event: .* has more than one line/],
    [
      'a generator',
      step('- generate: notificatoin'),
      /^5:19 generate: expected notification, .* found "notificatoin": did you mean notification\?$/,
    ],
    ['a count', step('- {generate: progress, count: 0}'), /^5:37 count: "0" is too small/],
    [
      'a count without end',
      step('- {repeat: often, steps: [a]}'),
      '5:18 repeat: expected a number of times, or forever, found "often"',
    ],
    [
      'a huge count',
      step('- {repeat: 1000001, steps: [a]}'),
      /^5:18 repeat: "1000001" is too large: at most 1000000, or forever$/,
    ],
    ['a repeat of nothing', step('- repeat: 3'), '5:9 a repeat needs steps'],
    ['an ending', step('- close: now'), '5:16 close: expected eof, cut or reset, found "now"'],
    [
      'a fault with a WHEN',
      step('- fault: reset@3'),
      '5:16 fault: "reset@3" has a WHEN: in a schedule it is now. Write reset',
    ],
    ['a fault of the head', step('- fault: status=503'), /^5:16 fault: "status=503" comes too late/],
    ['a template', step('- tick {{nwo}}'), '5:14 {{nwo}}: "nwo" names nothing. Did you mean now?'],
    [
      'a template of many lines',
      step('- data: |\n    a\n    b {{x.y}}'),
      /^7:13 data: \{\{x\.y\}\}: "x" names nothing/,
    ],
    [
      'a template deep in a value',
      step('- data: {a: [1, {b: "x {{params.id}}"}]}'),
      '5:30 b: {{params.id}}: the path has no part "id". The path names no parts',
    ],
    ['a template that is never closed', step('- "{{n"'), /^5:10 \{\{: the braces are never closed/],
    [
      'a template without quotes',
      step('- data: {{n}}'),
      /^5:16 a key must be text\. Text that begins with \{\{ is written in quotes/,
    ],

    [
      'a loop that never sleeps',
      step('- a\n- repeat: forever\n  steps: [b]'),
      '6:9 this repeat goes on forever and never sleeps. Put a sleep of 1ms or more into it',
    ],
    [
      'a loop that sleeps too little',
      step('- {repeat: forever, steps: [a, {sleep: 0.5ms}]}'),
      /never sleeps/,
    ],
    [
      'a loop whose sleep takes the interval away',
      step('interval: 1s\nsteps: [{repeat: forever, steps: [{sleep: 0s}, a]}]'),
      /^6:15 this repeat .* never sleeps/,
    ],
    [
      'an inner loop that never sleeps',
      step('- repeat: 2\n  steps:\n    - sleep: 1s\n    - {repeat: forever, steps: [a]}'),
      /^8:13 this repeat .* never sleeps/,
    ],
    [
      'a generator that never sleeps',
      step('- {generate: progress, count: forever}'),
      /^5:9 this generate goes on forever and never sleeps\. Give it an interval/,
    ],
    [
      'a loop that sends nothing',
      step('- {repeat: forever, steps: [{sleep: 1s}]}'),
      /^5:9 this repeat sends nothing/,
    ],
    [
      'a burst without end',
      step('- {repeat: 1000, steps: [{repeat: 1000, steps: [a]}]}'),
      /^5:9 this repeat makes 1000000 steps without a sleep, at most 100000 are allowed/,
    ],
    [
      'what comes after forever',
      step('- {repeat: forever, steps: [a, {sleep: 1s}]}\n- never'),
      '6:9 nothing gets here: the step before it goes on forever',
    ],
    ['a loop in a greeting', step('greet: [{repeat: forever, steps: [a]}]'), /^5:15 this repeat/],
    [
      'loops in loops',
      step(`- ${'{repeat: 2, steps: [{sleep: 1s}, '.repeat(9)}a${']}'.repeat(9)}`),
      /nested deeper than 8 levels/,
    ],
    ['too many steps', step('- a\n'.repeat(10_001)), /^2:1 10001 steps are too many: at most 10000/],
  ];
  for (const [name, text, problem] of cases) {
    test(name, () => {
      const found = only(text);
      if (typeof problem === 'string') assert.equal(found, problem);
      else assert.match(found, problem);
    });
  }
});

describe('a file with many problems', () => {
  const text = `
defaults: {interval: 1}
routes:
  - path: a
    stream:
      hodl: on
      wrong: yes
      steps: [{slep: 1s}, "{{nwo}} {{n}}", {repeat: forever, steps: [x]}]
  - path: /b
    stream: [{repeat: forever, steps: [x]}]
  - 7
`;

  test('is told of all of them, in order', () => {
    assert.deepEqual(
      problems(text).map((line) => line.split(' ')[0]),
      ['2:22', '4:11', '6:7', '7:7', '8:16', '8:28', '10:14', '11:5'],
    );
  });

  test('is spared what helps nobody: the same twice, and more than fit on a screen', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ line: 30 - index, column: 1, message: 'x' }));
    const lines = problemLines('f.yaml', [...many, ...many]);
    assert.equal(lines[0], 'f.yaml:1:1: x');
    assert.equal(lines.length, 21);
    assert.equal(lines[20], 'and 10 more');
  });
});

test('loops that sleep in any way are taken', () => {
  const fine = [
    '- {repeat: forever, steps: [a, {sleep: 1ms}]}',
    'interval: 1ms\nsteps: [{repeat: forever, steps: [a]}]',
    '- {generate: progress, count: forever, interval: 1ms}',
    '- {repeat: forever, steps: [{repeat: 2, steps: [a, {sleep: 1ms}]}]}',
    '- {repeat: forever, steps: [{generate: progress, interval: 1s}]}',
    '- {repeat: 1000000, steps: [a, {sleep: 1ms}]}',
    '- {repeat: 100000, steps: [a]}',
    '- {repeat: forever, steps: [{comment: x}, {sleep: 1s}]}',
    'interval: 1s\nsteps: [{repeat: forever, steps: [a, {sleep: 0s}, b]}]',
  ];
  for (const stream of fine) assert.throws(() => problems(step(stream)), /the scenario was taken/, stream);
});
