import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { NotMeasurable } from '../../../src/checks/not-measurable.ts';
import { PROBES } from '../../../src/checks/probes/registry.ts';
import { startChecking } from '../checking.ts';

/** The twins of those that wait begin 4 s after each other; all others have begun whatever they begin by then. */
const WATCH_MS = 6_000;

test('no probe has more connections open than it says, and each that says more than one needs them', async (t) => {
  // Some need all of them only where they are kept waiting.
  const held = { bufferUntilEnd: true, holdHeaders: true };
  const { direct, proxied, context } = await startChecking(t, held, { maxConnections: 30 });
  const { options } = context;
  const probing = new AsyncLocalStorage<string>();
  const sockets = new Map<string, Socket[]>();
  const most = new Map<string, number>();
  const { connect } = Socket.prototype;
  t.mock.method(Socket.prototype, 'connect', function (this: Socket, ...how: Parameters<Socket['connect']>) {
    const probe = probing.getStore();
    if (probe !== undefined) {
      const open = [...(sockets.get(probe) ?? []).filter(({ destroyed }) => !destroyed), this];
      sockets.set(probe, open);
      most.set(probe, Math.max(most.get(probe) ?? 0, open.length));
    }
    return connect.apply(this, how);
  });
  const over = AbortSignal.timeout(WATCH_MS);
  setMaxListeners(0, over);
  const measured = [direct, proxied].flatMap((way) =>
    PROBES.map(({ id, measure }) =>
      probing
        .run(`${id} ${way.name}`, () => measure(way, { ...context, signal: over }))
        .catch((error: unknown) => {
          if (!over.aborted && !(error instanceof NotMeasurable)) throw error;
        }),
    ),
  );
  await Promise.all(measured);
  const found = PROBES.map(({ id }) => [
    id,
    Math.max(...[direct, proxied].map(({ name }) => most.get(`${id} ${name}`) ?? 0)),
  ]);
  const said = PROBES.map(({ id, connections = 1 }) => [
    id,
    typeof connections === 'number' ? connections : connections(options),
  ]);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(said));
});
