import { readOciConfig, readPid } from '../../../src/collect/bundle-files.ts';
import { pauseLogPath } from '../../../src/collect/pause-log.ts';
import type { Bundle } from '../../../src/model/facts.ts';
import type { Problem } from '../../../src/model/outcome.ts';
import type { ContainerRecord } from '../../../src/model/sandbox.ts';
import { isObject } from '../../../src/model/shape.ts';
import { bundleConfig } from '../../../src/remedy/oci/bundle.ts';
import { sandboxRecord } from '../../sandbox/records.ts';
import type { Parser } from '../fuzz.ts';
import { mustHold, mustName } from '../must.ts';
import { planted } from '../planted.ts';
import { captured } from '../samples.ts';

const node = planted();
const DIR = '/run/containerd/io.containerd.runtime.v2.task/k8s.io/a';
const FILE = `${DIR}/config.json`;
const BUNDLE: Bundle = {
  id: 'a',
  namespace: 'k8s.io',
  dir: DIR,
  role: null,
  sandboxId: null,
  meta: null,
  containerName: null,
  initPid: null,
  namespaces: null,
};

const bundle: Parser = {
  files: ['collect/bundle-files.ts', 'collect/oci-config.ts', 'collect/pause-log.ts', 'collect/bundles.ts'],
  name: "a bundle's config.json",
  kind: 'json',
  samples: captured(/config\.json$/, 4),
  maxBytes: 1024 * 1024,
  parse(_, bytes) {
    node().put(FILE, bytes);
    const problems: Problem[] = [];
    const config = readOciConfig({ host: node().host, problems, whole: true }, FILE);
    if (config === null)
      mustName(
        FILE,
        problems.map(({ message }) => message),
      );
    else
      mustHold(
        Object.values(config.namespaces).every((path) => typeof path === 'string'),
        'a path that is no text',
      );
    const log = pauseLogPath(node().host, BUNDLE);
    mustHold(log === null || log.startsWith('/'), `log ${log}`);
  },
};

const pid: Parser = {
  files: ['collect/bundle-files.ts'],
  name: "a bundle's init.pid",
  kind: 'text',
  samples: ['4711', '4711\n'],
  maxBytes: 1_000_000,
  count: 1500,
  parse(_, bytes) {
    node().put(`${DIR}/init.pid`, bytes);
    const problems: Problem[] = [];
    const found = readPid({ host: node().host, problems, whole: true }, `${DIR}/init.pid`);
    if (found === null)
      mustName(
        `${DIR}/init.pid`,
        problems.map(({ message }) => message),
      );
    mustHold(found === null || (Number.isSafeInteger(found) && found > 0), `pid ${found}`);
  },
};

const wanted: ContainerRecord = {
  name: 'app',
  command: [],
  env: [],
  cwd: '',
  process: null,
  parent: null,
  startedAt: 0,
  exit: null,
  exitFile: '',
  log: '',
  bundle: '/bundle',
  runtime: 'runc',
  rootfs: '',
};

const ours: Parser = {
  files: ['remedy/oci/bundle.ts', 'remedy/oci/runtime.ts'],
  name: "a user's OCI configuration",
  kind: 'json',
  samples: [
    '{"ociVersion":"1.0.2","hostname":"a","process":{"terminal":true,"user":{"uid":0},"args":["sh"],"env":["PATH=/bin"],"cwd":"/"},"root":{"path":"rootfs","readonly":true},"mounts":[{"destination":"/proc","type":"proc","source":"proc"},{"destination":"/data","type":"bind","source":"data","options":["rbind"]}],"linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"cgroup","path":"/x"}]}}',
  ],
  maxBytes: 1024 * 1024,
  refuses: (error) =>
    error instanceof SyntaxError || (error instanceof Error && error.message.includes('/bundle/config.json')),
  parse(text) {
    const wish = { record: sandboxRecord(1), wanted, folder: '/run/podctl/x', cgroup: '/x', terminal: false };
    const { process } = bundleConfig(JSON.parse(text), wish);
    mustHold(isObject(process) && Array.isArray(process.args), 'no program');
  },
};

export const OCI: readonly Parser[] = [bundle, pid, ours];
