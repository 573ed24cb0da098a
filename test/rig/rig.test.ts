import { beforeAll, describe, expect, it } from 'vitest';
import { addedSince, footprint } from './footprint.ts';
import { runtimes } from './packages.ts';
import { addContainer, execIn, initPid, makePod, pinOf, removePod } from './pods.ts';
import { isAlive, processId, until } from './process.ts';
import { startRig, withRig } from './rig.ts';
import { endOf, lineFrom, spawnScript } from './script.ts';

const found = await runtimes();
const lines = found.available.map((r) => r.line).filter((line) => line !== '1.7');
let before: Record<string, string[]>;

beforeAll(async () => {
  // Clears what an earlier run may have left, so that it is not taken for the machine's own.
  if (lines[0]) await withRig(lines[0], {}, async () => {});
  before = footprint();
});

/** Namespaces and links go a moment after their last user. */
async function expectNothingLeft(): Promise<void> {
  await until('the rig to be gone', () => addedSince(before).length === 0, 10_000).catch(() => {});
  expect(addedSince(before)).toEqual([]);
}

it('names every line of containerd as available or missing with a reason', () => {
  const known = [...found.available.map((r) => r.line), ...found.missing.map((m) => m.version)];
  expect(lines.length, JSON.stringify(found.missing)).toBeGreaterThan(0);
  expect(known.sort()).toEqual(['1.6', '1.7', '2.x']);
  for (const { reason } of found.missing) expect(reason).not.toBe('');
  const shown = found.available.map((r) => `${r.line}: containerd ${r.version}`);
  process.stdout.write(
    `rig: ${[...shown, ...found.missing.map((m) => `${m.version}: ${m.reason}`)].join('; ')}\n`,
  );
});

describe.each(lines)('containerd %s', (line) => {
  it('runs pods whose containers share localhost, and leaves nothing behind', async () => {
    await withRig(line, {}, async (containerd) => {
      const pod = await makePod(containerd, {
        name: 'web',
        containers: [
          {
            name: 'server',
            command: ['sh', '-c', 'mkdir /w; echo hello >/w/x; exec httpd -f -p 127.0.0.1:80 -h /w'],
          },
          { name: 'client' },
        ],
      });
      const client = pod.containers[1]?.id ?? '';
      const fetched = ['sh', '-c', 'until wget -qO- http://127.0.0.1/x; do usleep 50000; done'];
      expect(await execIn(containerd, client, fetched)).toBe('hello\n');
      expect(await execIn(containerd, client, ['hostname'])).toBe('web\n');
      expect(processId(initPid(containerd, pod.id))).not.toBeNull();
      expect(pinOf(containerd, pod.id)).toMatch(/^\/run\/netns\/cni-/);

      const host = await makePod(containerd, {
        name: 'host',
        hostNetwork: true,
        hostPid: true,
        hostIpc: true,
      });
      expect(pinOf(containerd, host.id)).toBeNull();
      const shared = await makePod(containerd, { name: 'shared', sharePid: true });
      const late = await addContainer(containerd, shared, { name: 'late', privileged: false });
      expect(await execIn(containerd, late, ['cat', '/proc/1/comm'])).toBe('pause\n');

      await removePod(containerd, host.id);
      await containerd.restart();
      expect(await execIn(containerd, client, ['true'])).toBe('');
    });
    await expectNothingLeft();
  });
});

it.each(lines)('cleans up what a killed owner of a containerd %s left, at the next start', async (line) => {
  const owner = await spawnScript('test/rig/owner.script.ts', [line]);
  await lineFrom(owner, 'ready');
  const daemon = processId(
    Number(
      footprint()
        .processes?.find((p) => p.includes(' --config '))
        ?.split(' ')[0],
    ),
  );
  owner.kill('SIGKILL');
  await endOf(owner);
  expect(daemon && isAlive(daemon)).toBe(true);

  const containerd = await startRig(line);
  expect(daemon && isAlive(daemon)).toBe(false);
  await containerd.stop();
  await expectNothingLeft();
});

it.each(lines.slice(0, 1))('keeps two rigs apart', async (line) => {
  await withRig(line, {}, async (first) => {
    await withRig(lines.at(-1) ?? line, {}, async (second) => {
      expect(second.dir).not.toBe(first.dir);
      expect(second.subnet).not.toBe(first.subnet);
      await makePod(second, { name: 'other' });
    });
    const pod = await makePod(first, { name: 'still-works' });
    expect(await execIn(first, pod.containers[0]?.id ?? '', ['true'])).toBe('');
  });
  await expectNothingLeft();
});
