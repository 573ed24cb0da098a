import type { CanaryFact, CanaryRun, CanaryStep } from '../model/canary-facts.ts';
import type { Evidence, Finding, Judgement, Subject } from '../model/check.ts';

type Maker = CanaryRun['maker'];
type Part = CanaryStep['part'];

/** The canary of one maker, or why it says nothing. */
export function canaryRun({ runs }: CanaryFact, maker: Maker): { run: CanaryRun } | { skipped: string } {
  const run = runs.find((one) => one.maker === maker);
  if (run === undefined) return { skipped: 'the canary was cut short before this one was made' };
  if (run.skipped !== '') return { skipped: run.skipped };
  if (run.endedByKubelet) return { skipped: 'kubelet took the canary away, as it may' };
  return { run };
}

const REMOVALS = ['RemovePodSandbox', 'remove', 'nothing left'];

/** A finding for each failed step of a part; of a removal that left something `canaryLeft` tells. */
export function failedSteps(run: CanaryRun, part: Part): Finding[] {
  const isTold = (name: string) => run.left.length > 0 && REMOVALS.includes(name);
  return run.steps
    .filter((step) => step.part === part && step.status === 'failed' && !isTold(step.name))
    .map((step) => ({
      messageId: 'failed',
      subject: subjectOf(run),
      data: {
        step: step.name,
        why: step.note || 'it does not say why',
        ms: step.ms,
        stage: run.stage,
        within: run.stage === '' || part === 'network' ? '' : ` (${STAGES[run.stage]})`,
        ...keysOf(run, part),
      },
      evidence: evidenceOf(run, part),
    }));
}

const STAGES: Record<Exclude<CanaryRun['stage'], ''>, string> = {
  network: 'its network',
  image: 'its image',
  process: 'its process',
  name: 'its name',
  silence: 'the runtime does not answer',
};

/** What was left of it, as one finding; none when nothing was. */
export function canaryLeft(run: CanaryRun): Finding[] {
  if (run.left.length === 0) return [];
  const removal = run.steps.find(({ name, status }) => status === 'failed' && REMOVALS.includes(name));
  const why =
    removal === undefined || removal.name === 'nothing left'
      ? ''
      : `; ${removal.name} failed: ${removal.note}`;
  return [
    {
      messageId: 'left',
      severity: 'warning',
      subject: subjectOf(run),
      data: { left: run.left.join(', '), count: run.left.length, why, ...keysOf(run, 'sandbox') },
      evidence: run.left.map((at) => ({ fact: 'canary', at })),
    },
  ];
}

/** That all is well, and how long each step took. */
export function canaryWorks(run: CanaryRun): Finding {
  const slowest = run.steps.toSorted((a, b) => b.ms - a.ms)[0];
  return {
    messageId: 'works',
    severity: 'info',
    subject: subjectOf(run),
    data: { ms: Math.round(run.ms), slowest: slowest?.name ?? '', slowestMs: Math.round(slowest?.ms ?? 0) },
    evidence: evidenceOf(run, null),
  };
}

/** What passive checks call the same fault by. */
function keysOf(run: CanaryRun, part: Part): Record<string, string> {
  if (part === 'network') return { network: run.network };
  if (run.stage === 'network') return { network: run.network, condition: 'NetworkReady' };
  return run.stage === 'image' ? { reference: run.image } : {};
}

function subjectOf({ maker, endpoint, network }: CanaryRun): Subject {
  return maker === 'runtime'
    ? { kind: 'runtime', id: endpoint }
    : { kind: 'node', id: network || 'podctl', name: "podctl's canary" };
}

/** Steps of a part (null: all) in order. What was not reached is told in one line. */
function evidenceOf({ steps }: CanaryRun, part: Part | null): Evidence[] {
  const told = steps.filter((step) => part === null || step.part === part);
  const later = told.filter(({ status }) => status === 'not-reached').map(({ name }) => name);
  return [
    ...told
      .filter(({ status }) => status !== 'not-reached')
      .map(({ name, status, ms, note }) => ({
        fact: 'canary' as const,
        at: name,
        value: [`${Math.round(ms)} ms`, ...(status === 'done' ? [] : [status]), note]
          .filter(Boolean)
          .join(', '),
      })),
    ...(later.length > 0 ? [{ fact: 'canary' as const, at: 'not reached', value: later.join(', ') }] : []),
  ];
}

/** What a canary's look at its network calls no fault. */
export const CANARY_NETWORK_NORMAL = [
  'a plain doctor, which makes nothing: then this check takes no part',
  'networks whose plugin asks the API server about every pod: not judged',
  "a firewall that keeps pods from the node's own address, and macvlan or ipvlan, which keep a pod and its node apart",
  'a subnet that the configuration does not name, as with flannel',
];

/** What one maker's canary says of the pod network. */
export function judgeCanaryNetwork(canary: CanaryFact, maker: Maker): Judgement {
  const found = canaryRun(canary, maker);
  if ('skipped' in found) return { findings: [], problems: [], ...found };
  const { run } = found;
  const unjudged = networkUnjudged(run);
  if (unjudged !== null) return { findings: [], problems: [], skipped: unjudged };
  const findings = failedSteps(run, 'network').map(
    (finding): Finding => ({
      ...finding,
      severity: finding.data.step === 'route out' ? 'warning' : 'error',
      advice: [
        {
          title: "See the node's routes, its links and its firewall",
          risk: 'safe',
          commands: [['ip', 'route'], ['ip', '-d', 'link'], ['iptables-save']],
        },
      ],
    }),
  );
  return { findings, problems: [] };
}

/** Why the network of a canary was not judged; null when it was. */
function networkUnjudged(run: CanaryRun): string | null {
  if (run.networkUnjudged !== '') return run.networkUnjudged;
  const steps = run.steps.filter(({ part }) => part === 'network');
  const isReached = steps.some(({ status }) => status !== 'not-reached');
  return isReached ? null : 'the canary did not come as far as its network';
}
