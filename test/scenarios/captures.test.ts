import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { judging } from '../../src/check/judging.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import type { ReportedCheck } from '../../src/model/report.ts';
import { CAPTURES, loadCapture, readCapture } from '../captures/load.ts';

const notEntered = (id: string) =>
  expect.stringMatching(`^${id}: networks of the node below .* are not entered$`);
const NOT_LISTED = expect.stringMatching(
  /^sandbox\/pod-deleted: (kubelet does not run on|nobody lists the pods of) this node/,
);
const notRead = (id: string) =>
  expect.stringMatching(`^${id}: the firewall of the node below .* is not read$`);
const NOT_ENTERED = [
  notEntered('cni/attachment-lost'),
  notEntered('cni/bridge-address'),
  notEntered('cni/bridge-lost'),
  notEntered('cni/dangling-link'),
  notRead('cni/missing-rule'),
  notEntered('cni/reservation-conflict'),
  notRead('cni/stale-rule'),
];
const NO_SOCKETS = 'runtime/abstract-socket: this /proc shows no sockets';
const NO_DOCKER = 'cri-dockerd does not run';
const NO_PODMAN = ['leaked-netns', 'pause-lost', 'state-before-boot', 'unused-address'].map(
  (name) => `podman/${name}: podman has kept nothing on this node`,
);
const OF_DOCKER = ['checkpoint-damaged', 'docker-name-held'].map((name) => `sandbox/${name}: ${NO_DOCKER}`);
const NOT_CRIO = 'CRI-O is not the runtime of this node';
const NO_LOG = 'sandbox/pause-out-of-memory: there is no /dev/kmsg';
const ON_CONTAINERD = [
  `runtime/storage-wiped: ${NOT_CRIO}`,
  notEntered('sandbox/address-unrecorded'),
  ...OF_DOCKER,
  NO_LOG,
  NOT_LISTED,
  `sandbox/unrestorable: ${NOT_CRIO}`,
];
const ON_CRIO = [
  "sandbox/address-unrecorded: cri-o has no store of containerd's kind",
  ...OF_DOCKER,
  "sandbox/duplicate-name: cri-o has no store of containerd's kind",
  "sandbox/leaked-shim: cri-o has no shims of containerd's",
  NO_LOG,
  NOT_LISTED,
  "sandbox/record-damaged: cri-o has no store of containerd's kind",
];

const NO_KUBELET = ['removed-flag', 'removed-pause-flag', 'resolv-conf-missing', 'stale-pause-flag'].map(
  (name) => `kubelet/${name}: no kubelet is on this node`,
);

/** Real healthy nodes, read by our own collectors: a doctor that finds something here cries wolf. */
describe.each(CAPTURES)('the captured node %s', (name) => {
  let judged: ReportedCheck[];
  let close: () => Promise<void> | void;

  beforeAll(async () => {
    const capture = await loadCapture(readCapture(name));
    close = capture.close;
    const signal = new AbortController().signal;
    const facts = await gather(collectors, FACT_NAMES, capture.host, capture.look, signal);
    judged = await runChecks(judging(builtinChecks, facts), facts, { minAgeMs: 0 });
  });

  afterAll(() => close());

  it('has no finding at warning or above, whatever the age of its objects', () => {
    const findings = judged.flatMap((check) => check.findings);
    expect(findings.filter((f) => f.severity !== 'info').map((f) => f.message)).toEqual([]);
  });

  it('is judged by every check that can be', () => {
    const open = judged.filter((check) => check.verdict !== 'pass' && check.verdict !== 'found');
    expect(open.map((check) => `${check.id}: ${check.reason}`)).toEqual([
      ...NOT_ENTERED,
      `config/cri-dockerd-image: ${NO_DOCKER}`,
      ...(name.startsWith('kubelet') ? [] : NO_KUBELET),
      ...NO_PODMAN,
      NO_SOCKETS,
      ...(name.includes('crio') ? ON_CRIO : ON_CONTAINERD),
    ]);
    expect(open.every((check) => check.verdict === 'skipped')).toBe(true);
  });
});
