import { expect, test } from 'vitest';
import ownNetwork from '../../../checks/canary/own-network.ts';
import ownSandbox from '../../../checks/canary/own-sandbox.ts';
import runtimeNetwork from '../../../checks/canary/runtime-network.ts';
import runtimeSandbox from '../../../checks/canary/runtime-sandbox.ts';
import type { CanaryRun, CanaryStep } from '../../../src/model/facts.ts';
import { healthyNode, judge } from '../../support/node.ts';

/** A node whose canaries were altered; the first is the runtime's. */
function node(alter: (runs: [CanaryRun, CanaryRun]) => void) {
  const facts = healthyNode();
  const [runtime, own] = facts.canary.runs;
  if (!runtime || !own) throw new Error('two canaries were to be made');
  alter([runtime, own]);
  return facts;
}

function fail(run: CanaryRun, name: string, note: string): void {
  const at = run.steps.findIndex((step) => step.name === name);
  run.steps = run.steps.map((step, i): CanaryStep => {
    if (i === at) return { ...step, status: 'failed', note };
    return i > at && step.name !== 'nothing left' ? { ...step, status: 'not-reached', ms: 0 } : step;
  });
}

const CHECKS = [runtimeSandbox, runtimeNetwork, ownSandbox, ownNetwork];
const judgeAll = async (facts: ReturnType<typeof node>) =>
  Promise.all(
    CHECKS.map(async (check) => {
      const { verdict, reason, findings } = await judge(check, facts);
      return [check.meta.id, verdict, findings.map((f) => `${f.messageId} ${f.severity}`).join() || reason];
    }),
  );

test('canaries that work are told for information, and their networks pass', async () => {
  const facts = node(() => {});
  expect(await judgeAll(facts)).toEqual([
    ['canary/runtime-sandbox', 'found', 'works info'],
    ['canary/runtime-network', 'pass', ''],
    ['canary/own-sandbox', 'found', 'works info'],
    ['canary/own-network', 'pass', ''],
  ]);
  const [works] = (await judge(runtimeSandbox, facts)).findings;
  expect(works?.message).toMatch(/^The runtime made a sandbox with two containers, .* in 480 ms; longest: /);
  expect(works?.evidence).toContainEqual({ fact: 'canary', at: 'RunPodSandbox', value: '13 ms' });
});

test('a step that fails is named, with what failed in it, how long it took, and what was not reached', async () => {
  const facts = node(([runtime]) => {
    fail(runtime, 'RunPodSandbox', 'failed to setup network for sandbox: plugin type="bridge" failed (add)');
    runtime.stage = 'network';
  });
  expect(await judgeAll(facts)).toEqual([
    ['canary/runtime-sandbox', 'found', 'failed error'],
    ['canary/runtime-network', 'skipped', 'the canary did not come as far as its network'],
    ['canary/own-sandbox', 'found', 'works info'],
    ['canary/own-network', 'pass', ''],
  ]);
  const [failed] = (await judge(runtimeSandbox, facts)).findings;
  expect(failed?.message).toBe(
    'A new sandbox fails at RunPodSandbox (its network): failed to setup network for sandbox: plugin type="bridge" failed (add)',
  );
  expect(failed?.data).toMatchObject({ network: 'pods', condition: 'NetworkReady', ms: 12.5 });
  expect(failed?.evidence.at(-1)).toMatchObject({
    at: 'not reached',
    value: 'PodSandboxStatus, joined, restart',
  });
});

test('a missing image and a silent runtime are named by what passive checks call them', async () => {
  const image = node(([runtime]) => {
    fail(runtime, 'ImageStatus', 'the sandbox image is not on this node');
    runtime.stage = 'image';
  });
  expect((await judge(runtimeSandbox, image)).findings[0]?.data).toMatchObject({
    reference: 'registry.k8s.io/pause:3.10',
  });
  const silent = node(([runtime]) => {
    fail(runtime, 'Version', 'it did not answer Version within 5 s');
    runtime.stage = 'silence';
  });
  expect((await judge(runtimeSandbox, silent)).findings.map((f) => f.message)).toEqual([
    'A new sandbox fails at Version (the runtime does not answer): it did not answer Version within 5 s',
  ]);
});

test.each([
  ['address', 'error'],
  ['subnet', 'error'],
  ['localhost', 'error'],
  ['host to pod', 'error'],
  ['route out', 'warning'],
])('of the network, %s is judged by itself', async (name, severity) => {
  const facts = node(([runtime, own]) => {
    for (const run of [runtime, own])
      run.steps = run.steps.map(
        (step): CanaryStep =>
          step.name === name ? { ...step, status: 'failed', note: 'it is wrong' } : step,
      );
  });
  for (const check of [runtimeNetwork, ownNetwork])
    expect((await judge(check, facts)).findings.map((f) => [f.severity, f.message])).toEqual([
      [severity, expect.stringMatching(`, ${name} fails: it is wrong$`)],
    ]);
  expect((await judge(runtimeSandbox, facts)).findings.map((f) => f.messageId)).toEqual(['works']);
});

test('what is left is one warning, with why it could not be removed', async () => {
  const facts = node(([runtime, own]) => {
    runtime.steps.push({
      name: 'RemovePodSandbox',
      part: 'sandbox',
      status: 'failed',
      ms: 4,
      note: 'no plugin',
    });
    runtime.left = ['sandbox abc', 'pin /run/netns/cni-1'];
    own.left = ['reservation /var/lib/cni/networks/pods/10.0.0.9'];
  });
  expect((await judge(runtimeSandbox, facts)).findings.map((f) => [f.severity, f.message])).toEqual([
    [
      'warning',
      'A sandbox that was made and removed left something behind: sandbox abc, pin /run/netns/cni-1; RemovePodSandbox failed: no plugin',
    ],
  ]);
  expect((await judge(ownSandbox, facts)).findings.map((f) => f.message)).toEqual([
    'A sandbox without the runtime, made and removed, left something behind: reservation /var/lib/cni/networks/pods/10.0.0.9',
  ]);
});

test('what cannot be told is not judged: no runtime, kubelet, the API server, an interruption', async () => {
  const facts = node(([runtime, own]) => {
    runtime.skipped = 'there is no container runtime on this node';
    own.networkUnjudged = 'calico asks the API server about every pod, and a canary is no pod there';
  });
  expect(await judgeAll(facts)).toEqual([
    ['canary/runtime-sandbox', 'skipped', 'there is no container runtime on this node'],
    ['canary/runtime-network', 'skipped', 'there is no container runtime on this node'],
    ['canary/own-sandbox', 'found', 'works info'],
    [
      'canary/own-network',
      'skipped',
      'calico asks the API server about every pod, and a canary is no pod there',
    ],
  ]);
  const taken = node(([runtime]) => {
    fail(runtime, 'restart', 'gone');
    runtime.endedByKubelet = true;
  });
  expect((await judgeAll(taken))[0]).toEqual([
    'canary/runtime-sandbox',
    'skipped',
    'kubelet took the canary away, as it may',
  ]);
  const cut = node(() => {});
  cut.canary.runs.pop();
  expect((await judgeAll(cut))[2]).toEqual([
    'canary/own-sandbox',
    'skipped',
    'the canary was cut short before this one was made',
  ]);
});
