import { describe, expect, test } from 'vitest';
import type { CanaryRun } from '../../src/model/facts.ts';
import * as canaryFaults from '../rig/canary-faults.ts';
import * as cniFaults from '../rig/cni-faults.ts';
import type { Containerd } from '../rig/containerd.ts';
import * as faults from '../rig/faults.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { withRig } from '../rig/rig.ts';
import { canaryKit, podsOf } from './canary-kit.ts';

const { available } = await runtimes(['1.6', '2.x']);

interface Expected {
  name: string;
  lines: Line[];
  make(containerd: Containerd): Promise<unknown>;
  /** Step that fails and what its finding says, by check. */
  failed: Record<string, [step: string, why: RegExp]>;
  /** What the passive look says of it, and the canary's findings follow from; '' where it sees nothing. */
  because: string;
  /** Takes the fault away. Until then containerd 1.6 keeps a sandbox whose network it can neither make nor take down. */
  mend?(containerd: Containerd): unknown;
}

const BOTH: Line[] = ['1.6', '2.x'];
const IN_NETWORK = (why: RegExp): Expected['failed'] => ({
  'canary/own-sandbox': ['cni-add', why],
  'canary/runtime-sandbox': ['RunPodSandbox', why],
});
const FAULTS: Expected[] = [
  {
    name: 'a plugin that is missing',
    lines: BOTH,
    make: (c) => canaryFaults.withoutPlugin(c, 'bridge'),
    failed: {
      'canary/own-sandbox': ['network', /plugin "bridge" cannot be used: it is not in/],
      'canary/runtime-sandbox': ['RunPodSandbox', /failed to find plugin "bridge"/],
    },
    because: 'cni/plugin-missing',
    mend: (c) => canaryFaults.putPluginBack(c, 'bridge'),
  },
  {
    name: 'a plugin that fails',
    lines: BOTH,
    make: (c) => canaryFaults.failingPlugin(c, 'the fabric is gone'),
    failed: IN_NETWORK(/the fabric is gone/),
    because: '',
  },
  {
    name: 'a range that is full',
    lines: BOTH,
    make: canaryFaults.fullRange,
    failed: IN_NETWORK(/no IP addresses available/),
    because: 'cni/addresses-exhausted',
  },
  {
    name: 'a bridge with an address of another subnet',
    lines: BOTH,
    make: canaryFaults.bridgeOfAnotherSubnet,
    failed: IN_NETWORK(/already has an IP address different from/),
    because: 'cni/bridge-address',
  },
  {
    name: 'no network configuration',
    lines: BOTH,
    make: cniFaults.removeConf,
    failed: {
      'canary/own-sandbox': ['network', /holds no network configuration/],
      'canary/runtime-sandbox': ['RunPodSandbox', /cni plugin not initialized/],
    },
    because: 'cni/no-configuration',
    mend: canaryFaults.putConfBack,
  },
  {
    name: 'a sandbox image that is missing',
    lines: BOTH,
    make: faults.removeSandboxImage,
    failed: { 'canary/runtime-sandbox': ['ImageStatus', /is not on this node, and a canary pulls nothing/] },
    because: 'image/sandbox-image-missing',
  },
  {
    name: 'a runtime that is frozen',
    lines: ['2.x'],
    make: faults.freezeContainerd,
    failed: { 'canary/runtime-sandbox': ['Version', /did not answer Version/] },
    because: 'runtime/unresponsive',
  },
  {
    name: 'a plugin that hangs',
    lines: ['2.x'],
    make: canaryFaults.hangingPlugin,
    failed: {
      'canary/own-sandbox': ['cni-add', /plugin bridge did not end within .* on ADD and was killed/],
      'canary/runtime-sandbox': ['RunPodSandbox', /did not answer RunPodSandbox within/],
    },
    because: '',
  },
  {
    name: 'pods without a way out',
    lines: ['2.x'],
    make: canaryFaults.withoutRoutes,
    failed: {
      'canary/own-network': ['route out', /there is no default route/],
      'canary/runtime-network': ['route out', /there is no default route/],
    },
    because: '',
  },
];

const states = (run: CanaryRun | undefined) =>
  run?.steps.filter(({ status }) => status !== 'done').map(({ name, note }) => `${name}: ${note}`);

describe.each(available.map((r) => r.line))('a canary with containerd %s', (line: Line) => {
  test('on a healthy node is made, used, restarted and gone, and tells how long each step took', async () => {
    await withRig(line, {}, async (containerd) => {
      const kit = canaryKit(containerd);
      const { code, stderr, report, canary } = await kit.fly();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(canary.runs.map((run) => [run.maker, states(run)])).toEqual([
        ['runtime', []],
        ['podctl', []],
      ]);
      const [runtime, own] = canary.runs.map((run) => run.steps.map(({ name }) => name));
      const network = ['address', 'subnet', 'localhost', 'route out', 'host to pod'];
      const containers = ['one', 'two'].flatMap((n) => [`CreateContainer ${n}`, `StartContainer ${n}`]);
      expect(runtime).toEqual([
        ...['Version', 'ImageStatus', 'RunPodSandbox', 'PodSandboxStatus', ...containers, 'joined'],
        ...[...network, 'restart', 'RemovePodSandbox', 'nothing left'],
      ]);
      expect(own).toEqual([
        ...[
          'network',
          'write-record',
          'make-files',
          'start-sandbox',
          'cni-add',
          'container one',
          'container two',
        ],
        ...['joined', ...network, 'restart', 'remove', 'nothing left'],
      ]);
      const verdicts = report.checks.filter(({ id }) => id.startsWith('canary/'));
      expect(verdicts.map((c) => [c.id, c.findings.map((f) => f.messageId)])).toEqual([
        ['canary/left-behind', []],
        ['canary/own-network', []],
        ['canary/own-sandbox', ['works']],
        ['canary/runtime-network', []],
        ['canary/runtime-sandbox', ['works']],
      ]);
      expect(report.counts).toMatchObject({ error: 0, warning: 0, unknown: 0 });
      expect(await kit.left()).toEqual([]);
    });
  });

  test.each(FAULTS.filter((fault) => fault.lines.includes(line)))(
    '$name',
    async ({ make, failed, because, mend }) => {
      await withRig(line, {}, async (containerd) => {
        await make(containerd);
        const kit = canaryKit(containerd);
        const { code, report } = await kit.fly(['--timeout', '3s', '--min-age', '0s', '--deadline', '20s']);
        const found = report.checks.filter(({ id }) => id.startsWith('canary/'));
        const faulty = found.flatMap((check) =>
          check.findings
            .filter(({ messageId }) => messageId === 'failed')
            .map((finding) => ({ id: check.id, step: finding.data.step, why: finding.data.why, finding })),
        );
        expect(Object.fromEntries(faulty.map(({ id, step, why }) => [id, [step, why]]))).toEqual(
          Object.fromEntries(
            Object.entries(failed).map(([id, [step, why]]) => [id, [step, expect.stringMatching(why)]]),
          ),
        );
        const causes = faulty.map(({ finding }) => finding.explainedBy[0]?.check ?? '');
        expect(causes).toEqual(faulty.map(() => because));
        expect(code).toBe(because === '' && 'canary/own-network' in failed ? 0 : 1);
        if (line === '1.6' && mend !== undefined) {
          const [name] = await podsOf(containerd);
          const left = found.flatMap((c) => c.findings).filter((f) => f.messageId === 'left');
          expect(left.map((f) => [f.data.why, f.explainedBy[0]?.check])).toEqual([
            [expect.stringMatching(/^; RemovePodSandbox failed: .* StopPodSandbox /), because],
          ]);
          await mend(containerd);
          const next = await kit.fly();
          expect({ code: next.code, stderr: next.stderr }).toEqual({
            code: 0,
            stderr: `note: the runtime's sandbox ${name} was left by an earlier canary; it is taken away\n`,
          });
        }
        if (because !== 'runtime/unresponsive') expect(await kit.left()).toEqual([]);
      });
    },
  );
});
