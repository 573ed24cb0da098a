import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cgroupsCollector } from '../../src/collect/cgroups.ts';
import type { Collector } from '../../src/collect/collector.ts';
import { complete } from '../../src/model/outcome.ts';
import { lookAt } from '../support/look-at.ts';
import { id } from '../support/node.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

const CG = '/sys/fs/cgroup';
const UID = '0a88f39f-6dd0-4b7a-9b8c-829a1969cb5b';
const OTHER = '1eb7e265-a3fe-4612-91c8-fac75afebe65';
const STATIC = 'f534b6f05bc49bf2086cb1399fe886dd';
const APP = id('c1');

async function look(root: string, ...others: Collector[]) {
  const names = ['cgroups' as const, ...others.map((c) => c.fact)];
  const { cgroups } = await lookAt(root, [cgroupsCollector, ...others], names);
  return cgroups;
}

async function found(root: string, ...others: Collector[]) {
  const cgroups = await look(root, ...others);
  if (cgroups?.status !== 'complete') throw new Error(JSON.stringify(cgroups));
  return cgroups.value;
}

const events = (populated: 0 | 1) => `populated ${populated}\nfrozen 0\n`;

test('no hierarchy at all is absent', async () => {
  const root = temporaryFolder();
  expect(await look(root)).toMatchObject({ status: 'absent' });
  plant(root, { [`${CG}/elsewhere/x`]: '' });
  expect(await look(root)).toMatchObject({ status: 'absent' });
});

test("v2 with systemd's driver: slices, scopes, static pods; services and insides of containers are left out", async () => {
  const root = temporaryFolder();
  const burstable = `${CG}/kubepods.slice/kubepods-burstable.slice`;
  const pod = `${burstable}/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice`;
  const fixed = `${CG}/kubepods.slice/kubepods-pod${STATIC}.slice`;
  plant(root, {
    [`${CG}/cgroup.controllers`]: 'cpu memory pids\n',
    [`${CG}/cgroup.procs`]: '1\n',
    [`${pod}/cgroup.events`]: events(1),
    [`${pod}/cri-containerd-${APP}.scope/pod${OTHER}/cgroup.events`]: events(1),
    [`${pod}/crio-conmon-${id('c2')}.scope/cgroup.events`]: events(0),
    [`${fixed}/cgroup.events`]: events(0),
    [`${CG}/system.slice/docker-${id('dd')}.scope/kubepods/pod${OTHER}/cgroup.events`]: events(1),
    [`${CG}/docker/${id('dd')}/kubepods/pod${OTHER}/cgroup.events`]: events(1),
    [`${CG}/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podx.slice/cgroup.events`]:
      events(0),
  });
  fs.symlinkSync(path.join(root, fixed), path.join(root, CG, `pod${OTHER}`));
  expect(await found(root)).toEqual([
    {
      path: pod.slice(CG.length),
      uid: UID,
      mtime: fs.statSync(path.join(root, pod)).mtimeMs,
      hierarchies: [CG],
      populated: true,
      containers: [APP],
      confirmed: true,
    },
    expect.objectContaining({ path: fixed.slice(CG.length), uid: STATIC, populated: false, containers: [] }),
  ]);
});

test('v1: the same path, and others beside it, in other hierarchies; a process in any of them counts, however deep', async () => {
  const root = temporaryFolder();
  const empty = `kubepods/besteffort/pod${UID}`;
  const deep = `some/where/kubepods/pod${OTHER}`;
  plant(root, {
    [`${CG}/pids/cgroup.procs`]: '1\n',
    [`${CG}/memory/cgroup.procs`]: '1\n',
    [`${CG}/unified/cgroup.procs`]: '1\n',
    [`${CG}/unified/cgroup.controllers`]: '',
    [`${CG}/no-hierarchy/x`]: '',
    [`${CG}/pids/${empty}/cgroup.procs`]: '',
    [`${CG}/pids/${empty}/${APP}/cgroup.procs`]: '',
    [`${CG}/unified/${empty}/cgroup.events`]: events(0),
    [`${CG}/pids/${deep}/cgroup.procs`]: '',
    [`${CG}/memory/${deep}/${APP}/a/b/cgroup.procs`]: '77\n',
    [`${CG}/memory/${deep}/${APP}/a/cgroup.procs`]: '',
    [`${CG}/memory/kubepods/besteffort/pod${STATIC}/cgroup.procs`]: '78\n',
    [`${CG}/memory/elsewhere/pod${STATIC}/cgroup.procs`]: '79\n',
  });
  fs.symlinkSync('memory', path.join(root, CG, 'memory-again'));
  const cgroups = await found(root);
  expect(cgroups.map((c) => [c.path, c.populated, c.containers, c.hierarchies])).toEqual([
    [`/${empty}`, false, [APP], [`${CG}/pids`, `${CG}/unified`]],
    [`/kubepods/besteffort/pod${STATIC}`, true, [], [`${CG}/memory`]],
    [`/${deep}`, true, [], [`${CG}/pids`, `${CG}/memory`]],
  ]);
});

test('what is too deep to be judged is not known to be empty', async () => {
  const root = temporaryFolder();
  const pod = `${CG}/pids/kubepods/pod${UID}`;
  plant(root, { [`${CG}/pids/cgroup.procs`]: '', [`${pod}/cgroup.procs`]: '' });
  fs.mkdirSync(path.join(root, pod, 'a/b/c/d/e/f/g/h'), { recursive: true });
  expect(await found(root)).toMatchObject([{ populated: null }]);
});

test('one that went away, or was filled meanwhile, is not confirmed', async () => {
  const root = temporaryFolder();
  const pod = (uid: string) => `${CG}/kubepods/pod${uid}`;
  plant(root, {
    [`${CG}/cgroup.controllers`]: '',
    [`${pod(UID)}/cgroup.events`]: events(0),
    [`${pod(OTHER)}/cgroup.events`]: events(0),
    [`${pod(STATIC)}/cgroup.events`]: events(0),
  });
  const meanwhile: Collector<'sandboxes'> = {
    fact: 'sandboxes',
    summary: 'given',
    timeoutMs: 1000,
    after: ['cgroups'],
    collect() {
      fs.rmSync(path.join(root, pod(UID)), { recursive: true });
      fs.writeFileSync(path.join(root, pod(OTHER), 'cgroup.events'), events(1));
      return complete([]);
    },
  };
  const cgroups = await found(root, meanwhile);
  expect(cgroups.map(({ uid, confirmed }) => [uid, confirmed])).toEqual([
    [UID, false],
    [OTHER, false],
    [STATIC, true],
  ]);
});

test('more cgroups than anybody has are not all read, and that is said', async () => {
  const root = temporaryFolder();
  plant(root, { [`${CG}/cgroup.controllers`]: '' });
  for (let i = 0; i < 20_100; i += 1)
    fs.mkdirSync(path.join(root, CG, `x${i % 100}/y${i}`), { recursive: true });
  const cgroups = await look(root);
  expect(cgroups).toMatchObject({ status: 'partial', value: [], problems: [{ code: 'truncated' }] });
});
