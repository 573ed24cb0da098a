import { parseCmdline } from '../../../src/collect/argv.ts';
import { parsePodmanMonitor } from '../../../src/collect/conmon-args.ts';
import { checkpointState } from '../../../src/collect/cri-dockerd.ts';
import { parseDockerList } from '../../../src/collect/docker-list.ts';
import { parsePodmanSpec, podmanContainers } from '../../../src/collect/podman-containers.ts';
import { pauseAt } from '../../../src/collect/podman-folders.ts';
import { parseStorageList, storageList } from '../../../src/collect/storage-list.ts';
import type { DockerSandbox } from '../../../src/model/facts.ts';
import type { Problem } from '../../../src/model/outcome.ts';
import { amount, list, record, text } from '../../../src/model/shape.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold, mustName } from '../must.ts';
import { planted } from '../planted.ts';

const node = planted();
const ROOT = '/var/lib/containers/storage';
const FOLDER = `${ROOT}/overlay-containers`;
const LIST = `${FOLDER}/containers.json`;
const ID = 'a'.repeat(64);
const STATE = '/run/user/1000/libpod/tmp';

const named = (problems: readonly Problem[]) => problems.map(({ message }) => message);

const storage: Parser = {
  files: ['collect/storage-list.ts', 'collect/crio-storage.ts'],
  name: 'the list of a storage',
  kind: 'json',
  samples: [
    `[{"id":"${ID}","names":["k8s_POD_web"],"created":"2026-11-22T21:04:48.9Z","metadata":"{\\"pod-name\\":\\"web\\",\\"pod-id\\":\\"${ID}\\",\\"namespace\\":\\"shop\\",\\"uid\\":\\"u\\"}"}]`,
    `[{"id":"${ID}","names":["e66190f134e7-infra"],"metadata":"{\\"name\\":\\"x\\"}"}]`,
  ],
  maxBytes: 16 * 1024 * 1024,
  count: 3000,
  parse(_, bytes) {
    node().put(LIST, bytes);
    const problems: Problem[] = [];
    const entries = storageList(node().host, FOLDER, problems);
    if (problems.length > 0) mustName(LIST, named(problems));
    mustHold(
      entries.every(
        ({ id, name, createdAt }) =>
          id.length === 64 && typeof name === 'string' && Number.isFinite(createdAt),
      ),
      'an entry that is none',
    );
    try {
      parseStorageList(bytes.toString());
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  },
};

const spec: Parser = {
  files: ['collect/podman-containers.ts'],
  name: "a podman container's config.json",
  kind: 'json',
  samples: [
    `{"linux":{"cgroupsPath":"/libpod_parent/${'b'.repeat(64)}/libpod-${ID}","namespaces":[{"type":"network","path":"/run/netns/netns-1"},{"type":"mount"}]}}`,
  ],
  maxBytes: 1024 * 1024,
  count: 3000,
  parse(value, bytes) {
    try {
      const { podId, netns } = parsePodmanSpec(value, ID);
      mustHold(podId === null || /^[0-9a-f]{64}$/.test(podId), `pod ${podId}`);
      mustHold(typeof netns === 'string', 'a path that is no text');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    node().put(LIST, Buffer.from(`[{"id":"${ID}","names":["x"]}]`));
    const path = `${FOLDER}/${ID}/userdata/config.json`;
    node().put(path, bytes);
    const problems: Problem[] = [];
    mustHold(podmanContainers(node().host, ROOT, problems)?.length === 1, 'another number of containers');
    if (problems.length > 0) mustName(path, named(problems));
  },
};

const monitor: Parser = {
  files: ['collect/conmon-args.ts', 'collect/podman.ts'],
  name: 'the command line of a monitor',
  kind: 'text',
  samples: [
    `/usr/bin/conmon\0-c\0${ID}\0-n\0web-app\0-b\0${FOLDER}/${ID}/userdata\0--exit-command\0/usr/bin/podman\0--exit-command-arg\0--tmpdir\0--exit-command-arg\0/run/libpod\0`,
  ],
  count: 3000,
  parse(value) {
    const read = parsePodmanMonitor(parseCmdline(value));
    if (read === null) return;
    mustHold(
      Object.values(read).every((one) => typeof one === 'string'),
      'a part that is no text',
    );
  },
};

const pause: Parser = {
  files: ['collect/podman-folders.ts'],
  name: "podman's pause.pid",
  kind: 'text',
  samples: ['4711', '4711\n'],
  maxBytes: 64,
  count: 1500,
  parse(_, bytes) {
    node().put(`${STATE}/pause.pid`, bytes);
    const read = pauseAt(node().host, STATE, 1000);
    mustHold(
      read === null || read.pid === null || (read.pid > 0 && Number.isSafeInteger(read.pid)),
      `pid ${read?.pid}`,
    );
  },
};

const dockerSandboxes = list(
  record<DockerSandbox>({ id: text, name: text, state: text, createdAt: amount, image: text }),
);

const docker: Parser = {
  files: ['collect/docker-list.ts', 'collect/cri-dockerd.ts'],
  name: "Docker's list and a checkpoint",
  kind: 'json',
  samples: [
    `[{"Id":"${ID}","Names":["/k8s_POD_web_shop_u_0"],"State":"exited","Created":1795380000,"Image":"registry.k8s.io/pause:3.9"}]`,
    '{"version":"v1","name":"web","namespace":"shop","data":{},"checksum":1}',
  ],
  count: 4000,
  parse(value) {
    const found = parseDockerList(value);
    if (found !== null) must(dockerSandboxes, found);
    mustHold(['whole', 'empty', 'malformed'].includes(checkpointState(value)), 'a state that is none');
  },
};

export const STORAGE: readonly Parser[] = [storage, spec, monitor, pause, docker];
