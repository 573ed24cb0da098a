import { expect, onTestFinished, test } from 'vitest';
import type { Collector } from '../../src/collect/collector.ts';
import { gather } from '../../src/collect/gather.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { FactName } from '../../src/model/facts.ts';
import { absent } from '../../src/model/outcome.ts';

const NAMES: FactName[] = [
  'host',
  'daemons',
  'endpoints',
  'runtimeConfig',
  'pins',
  'runtime',
  'sandboxes',
  'containers',
  'images',
  'store',
  'processes',
  'bundles',
  'kubelet',
];

test('all facts at once draw no warning of leaked listeners on stderr', async () => {
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.name);
  process.on('warning', note);
  onTestFinished(() => {
    process.off('warning', note);
  });
  const collectors = NAMES.map(
    (fact): Collector => ({ fact, summary: 'of a test', timeoutMs: 5000, collect: () => absent('nothing') }),
  );
  const look = { env: {}, rpcTimeoutMs: 1000 };
  await gather(collectors, NAMES, createReadHost(), look, new AbortController().signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});
