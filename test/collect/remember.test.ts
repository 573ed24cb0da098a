import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CollectContext, Collector } from '../../src/collect/collector.ts';
import { remembering } from '../../src/collect/remember.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { FactName, PauseVersionsFact } from '../../src/model/facts.ts';
import { complete, failed, type Gathered, type Outcome } from '../../src/model/outcome.ts';
import { healthyNode } from '../support/node.ts';
import { temporaryFolder } from '../support/node-tree.ts';

const node = healthyNode();

/** Collects a fact of files again and again; says each time how often it was made by then. */
function collecting(fact: FactName, make: (context: CollectContext) => Gathered<PauseVersionsFact>) {
  let made = 0;
  const [collector] = remembering([
    {
      fact,
      summary: '',
      timeoutMs: 1000,
      collect: (context: CollectContext) => {
        made += 1;
        return make(context);
      },
    } as Collector,
  ]);
  return async (host: Partial<typeof node.host> = {}, signal = new AbortController().signal) => {
    const outcome = { status: 'complete', value: { ...node.host, ...host }, ms: Math.random() };
    const known = (name: FactName) => (name === 'host' ? outcome : undefined) as Outcome<never> | undefined;
    const session = () => {
      throw new Error('no runtime here');
    };
    await collector?.collect({
      host: createReadHost(),
      look: { env: {}, rpcTimeoutMs: 1 },
      signal,
      known,
      session,
    });
    return made;
  };
}

const whole = complete(node.pauseVersions);

test('a fact of files is made once while these and what else it was made from stay', async () => {
  const file = path.join(temporaryFolder(), 'conf');
  fs.writeFileSync(file, '');
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const look = collecting('cniConf', ({ host, known }) => {
    host.readFile(file);
    known('host');
    return whole;
  });
  expect([await look(), await look(), await look({ now: 1, uptime: 2 })]).toEqual([1, 1, 1]);
  expect([await look({ bootTime: 5 }), await look({ bootTime: 5 })]).toEqual([2, 2]);
  fs.writeFileSync(file, 'x');
  expect(await look({ bootTime: 5 })).toBe(3);
});

test('what failed, is not whole, or was cut short is made again', async () => {
  const problems = [{ code: 'denied' as const, message: 'no' }];
  const none = collecting('cniConf', () => failed('denied', 'no'));
  expect([await none(), await none()]).toEqual([1, 2]);
  const holey = collecting('cniConf', () => complete(node.pauseVersions, problems));
  expect([await holey(), await holey()]).toEqual([1, 2]);
  const cut = collecting('cniConf', () => whole);
  expect([await cut({}, AbortSignal.abort()), await cut()]).toEqual([1, 2]);
});

test('so is every fact that can change without a trace', async () => {
  const look = collecting('processes', () => whole);
  expect([await look(), await look()]).toEqual([1, 2]);
});
