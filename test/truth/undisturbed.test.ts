import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { below, type Check, exactly } from '../../scripts/truth/check.ts';
import { undisturbed } from '../../scripts/truth/undisturbed.ts';

const LATE = below('start_delay p99', 10, 31);
const IN_TIME = below('start_delay p99', 10, 3);
const WRONG = exactly('streams started', 10, 9);

describe('what missed while the host took cores away', () => {
  test('is measured again', async () => {
    const { judged, said } = await judge([LATE, IN_TIME], [0.04, 0.002]);
    assert.deepEqual(judged, { checks: [IN_TIME], tries: 2, stolen: 0.002 });
    assert.deepEqual(said, ["1 missed while the host took 4.0 % of this machine's cores (steal): once more"]);
  });

  test('stands after four runs', async () => {
    const { judged } = await judge([LATE, LATE, LATE, LATE], [0.04, 0.04, 0.04, 0.04]);
    assert.deepEqual(judged, { checks: [LATE], tries: 4, stolen: 0.04 });
  });

  test('stands where it is a count', async () => {
    assert.equal((await judge([WRONG], [0.4])).judged.tries, 1);
  });
});

describe('what missed by itself', () => {
  test('stands where the host took next to nothing', async () => {
    assert.equal((await judge([LATE], [0.009])).judged.tries, 1);
  });

  test('stands where nobody tells of the host', async () => {
    assert.deepEqual((await judge([LATE], [undefined])).judged, { checks: [LATE], tries: 1 });
  });
});

test('what is within its tolerance is so whatever the host took', async () => {
  assert.equal((await judge([IN_TIME], [0.4])).judged.tries, 1);
});

/** A case that comes to these one after the other, and what the host takes meanwhile. */
async function judge(comesTo: readonly Check[], stolen: readonly (number | undefined)[]) {
  const said: string[] = [];
  const [checks, shares] = [[...comesTo], [...stolen]];
  const each = { id: 'T0', title: '', run: async () => checks.splice(0, 1) };
  const judged = await undisturbed(
    each,
    (text) => said.push(text),
    () => () => shares.shift(),
  );
  return { judged, said };
}
