import path from 'node:path';
import { runChecks } from '../../../src/check/engine.ts';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import { loadPlans } from '../../../src/cli/cure/plan-file.ts';
import { loadSnapshot } from '../../../src/cli/snapshot.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { readOwn } from '../../../src/collect/own-records.ts';
import { ownShapes } from '../../../src/model/own-shapes.ts';
import { readJournal } from '../../../src/remedy/journal.ts';
import { putAside } from '../../../src/remedy/undo.ts';
import { SandboxError } from '../../../src/sandbox/error.ts';
import { openLog } from '../../../src/sandbox/logs.ts';
import { parsePodFile } from '../../../src/sandbox/pod-file.ts';
import { listRecords } from '../../../src/sandbox/records.ts';
import { openState } from '../../../src/sandbox/state-folder.ts';
import { sandboxRecord } from '../../sandbox/records.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold, mustName } from '../must.ts';
import { PLAN_SET, RUN, SNAPSHOT } from '../own-samples.ts';
import { planted } from '../planted.ts';

const node = planted();
const at = (file: string) => path.join(node().root, file);
const RECORD = sandboxRecord(1);
const RECORD_FILE = `state/records/${RECORD.id}.json`;

const snapshot: Parser = {
  files: ['cli/snapshot.ts', 'model/snapshot-shape.ts', 'model/shape.ts'],
  name: 'a saved snapshot, and what the checks make of it',
  kind: 'json',
  samples: [SNAPSHOT],
  count: 2000,
  refuses: (error) => error instanceof UsageError && error.message.includes('/snapshot.json'),
  async parse(_, bytes) {
    node().put('snapshot.json', bytes);
    const { facts, settings } = loadSnapshot(at('snapshot.json'));
    const judged = await runChecks(builtinChecks, facts, settings);
    const crashed = judged.find((check) => check.problems.some((p) => p.code === 'crashed'));
    mustHold(crashed === undefined, `${crashed?.id}: ${crashed?.reason}`);
  },
};

const plans: Parser = {
  files: ['cli/cure/plan-file.ts', 'remedy/gc/plan-set.ts'],
  name: 'saved plans',
  kind: 'json',
  samples: [PLAN_SET],
  count: 3000,
  refuses: (error) => error instanceof UsageError && error.message.includes('/plan.json'),
  parse(_, bytes) {
    node().put('plan.json', bytes);
    loadPlans(at('plan.json'));
  },
};

const records: Parser = {
  files: ['sandbox/records.ts', 'collect/own-records.ts', 'collect/own-sandboxes.ts'],
  name: "podctl's own records",
  kind: 'json',
  samples: [JSON.stringify(RECORD)],
  count: 3000,
  parse(_, bytes) {
    const state = openState(at('state'), { create: true });
    node().put(RECORD_FILE, bytes);
    if (!state) throw new Error('no state folder');
    const list = listRecords(state);
    mustHold(list.records.length + list.unreadable.length === 1, 'a record is neither read nor named');
    for (const { problem } of list.unreadable) mustName(RECORD_FILE, [problem.message]);
    const [own] = readOwn(node().host, '/state', 'boot-1');
    if (own === undefined) throw new Error('the sandbox is lost');
    must(ownShapes.ownSandboxes, [own]);
    if (own.phase === 'unreadable') mustName(RECORD_FILE, [own.problem]);
  },
};

const journal: Parser = {
  files: ['remedy/journal.ts', 'remedy/quarantine.ts', 'remedy/run.ts', 'remedy/undo.ts'],
  name: 'what a run left: journal, plans, index of copies',
  kind: 'json',
  samples: [RUN.plans, RUN.kept, RUN.journal],
  count: 1500,
  async parse(_, bytes) {
    for (const damaged of ['plan.json', 'kept/index.ndjson', 'journal.ndjson']) {
      node().put('run/plan.json', RUN.plans);
      node().put('run/kept/index.ndjson', `${RUN.kept}\n`);
      node().put('run/journal.ndjson', `${RUN.journal}\n`);
      node().put(`run/${damaged}`, Buffer.concat([bytes, Buffer.from('\n')]));
      readJournal(at('run'));
      await putAside({ name: 'run', folder: at('run') });
    }
  },
};

const pod: Parser = {
  files: ['sandbox/pod-file.ts', 'cli/sandbox/spec.ts'],
  name: 'a pod file',
  kind: 'json',
  samples: [
    '{"metadata":{"name":"web","namespace":"default","uid":"u","attempt":1},"hostname":"web","log_directory":"/tmp","dns_config":{"servers":["10.0.0.1"],"searches":["a.b"],"options":["ndots:2"]},"port_mappings":[{"container_port":80,"host_port":8080,"protocol":"TCP","host_ip":"127.0.0.1"}],"labels":{"a":"b"},"linux":{"cgroup_parent":"/x","sysctls":{"net.ipv4.ip_forward":"1"},"security_context":{"privileged":false,"namespace_options":{"network":"POD","pid":1,"ipc":"POD"}}}}',
  ],
  count: 4000,
  refuses: (error) => error instanceof SandboxError && error.kind === 'usage',
  parse(text) {
    for (const maker of ['podctl', 'runtime'] as const) {
      const { name, spec } = parsePodFile(text, '/pod.json', maker);
      mustHold(name !== '' && typeof spec.hostname === 'string', 'a pod without a name');
    }
  },
};

const log: Parser = {
  files: ['sandbox/logs.ts', 'cli/inside/log-file.ts'],
  name: "a container's log",
  kind: 'text',
  samples: [
    '2026-11-23T12:00:00.000000001Z stdout F hello\n2026-11-23T12:00:00.000000002Z stderr P half \n2026-11-23T12:00:00.000000003Z stderr F done\n',
  ],
  count: 2000,
  parse(_, bytes) {
    node().put('app.log', bytes);
    const { more, close } = openLog(at('app.log'));
    for (const { stream } of more()) mustHold(stream === 'stdout' || stream === 'stderr', stream);
    close();
  },
};

export const OWN: readonly Parser[] = [snapshot, plans, records, journal, pod, log];
