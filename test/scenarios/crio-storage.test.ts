import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { end, findings, found, look } from '../captures/alter.ts';
import { type Capture, type CriCapture, readCapture } from '../captures/load.ts';

const STORAGE = '/var/lib/containers/storage/overlay-containers';
const LIST = `${STORAGE}/volatile-containers.json`;
const CRIO = 14037;
const VERSION = '/run/crio/version';
const CLEAN = '/var/lib/crio/clean.shutdown';
const GHOST = 'a'.repeat(64);

/** The storage of the node as CRI-O keeps it, which the set has no content of: from what CRI listed. */
function withStorage(capture: CriCapture, ghost?: string): CriCapture {
  const { files, cri } = capture;
  const entry = (id: string, podId: string, name: string, made: string) => ({
    id,
    names: [`k8s_${name}`],
    created: new Date(Number(BigInt(made) / 1_000_000n)).toISOString(),
    metadata: JSON.stringify({ 'pod-name': name, 'pod-id': podId, namespace: 'default', uid: 'u', name }),
  });
  const sandboxes = cri.sandboxes.items.map((s) => entry(s.id, s.id, s.metadata.name, s.createdAt));
  const apps = cri.containers.containers.map((c) => entry(c.id, c.podSandboxId, 'app', c.createdAt));
  const more = ghost ? [entry(ghost, ghost, 'ghost', cri.sandboxes.items[0]?.createdAt ?? '0')] : [];
  const podman = { id: 'b'.repeat(64), names: ['f00-infra'], metadata: '{"name":"f00-infra"}' };
  files[LIST] = JSON.stringify([...sandboxes, ...apps, ...more, podman]);
  for (const { id } of [...sandboxes, ...apps, ...more])
    files[`${STORAGE}/${id}/userdata/config.json`] = '{}';
  files[VERSION] = '"1.37.0"';
  files[`${CLEAN}.supported`] = '';
  return capture;
}

describe('the storage of the captured node crio-1.37', () => {
  it('is that of its sandboxes, and nothing is wrong with it', async () => {
    const facts = await look(withStorage(readCapture('crio-1.37')));
    expect(await found(facts)).toEqual([]);
    const { crioStorage } = facts;
    if (crioStorage?.status !== 'complete') throw new Error(JSON.stringify(crioStorage));
    expect(crioStorage.value.sandboxes.map(({ pod }) => pod).sort()).toEqual(
      ['batch', 'hostnet', 'old-web', 'sharedpid', 'web'].map((name) => `default/${name}`),
    );
    expect(crioStorage.value.shutdown).toEqual({
      versionFile: { path: '/var/run/crio/version', isThere: true },
      clean: { path: CLEAN, isThere: false, supported: true },
    });
  });

  it('SBX-12: a sandbox that it could not be restored from, and one that CRI-O does not list', async () => {
    const capture = withStorage(readCapture('crio-1.37'), GHOST);
    const web = capture.cri.sandboxes.items.find(({ metadata }) => metadata.name === 'web')?.id ?? '';
    capture.files[`${STORAGE}/${web}/userdata/config.json`] = '';
    delete capture.files[`${STORAGE}/${GHOST}/userdata/config.json`];
    const facts = await look(capture);
    expect(await found(facts)).toEqual([
      'sandbox/unrestorable invisible default/ghost',
      'sandbox/unrestorable specLost default/web',
    ]);
    expect(await found(facts, 30 * 86_400_000)).toEqual([]);
    const [invisible] = (await findings(facts)).filter(({ check }) => check === 'sandbox/unrestorable');
    expect(invisible).toMatchObject({
      severity: 'error',
      message: `default/ghost cannot be seen or removed: it is in the storage of CRI-O, which does not list it (${STORAGE}/${GHOST}/userdata/config.json is missing)`,
    });
  });

  it('SBX-12: a list that is cut is told, and nothing is taken for lost', async () => {
    const capture = withStorage(readCapture('crio-1.37'));
    capture.files[LIST] = capture.files[LIST]?.slice(0, 400) ?? '';
    const { crioStorage } = await look(capture);
    expect(crioStorage).toMatchObject({
      status: 'partial',
      problems: [{ code: 'malformed', subject: LIST }],
    });
  });
});

describe('RB-01: CRI-O on the captured node is stopped', () => {
  /** CRI-O is gone, and with a reboot its file in /run. */
  function stopped(change: (files: Capture['files']) => void): Capture {
    const capture: Capture = withStorage(readCapture('crio-1.37'));
    end(capture, CRIO);
    change(capture.files);
    return { ...capture, cri: null };
  }
  const wiped = async (capture: Capture, arrange?: (root: string) => void) =>
    (await found(await look(capture, arrange))).filter((one) => one.startsWith('runtime/storage-wiped'));

  it('by a power cut: its next start may delete all there is', async () => {
    const capture = stopped((files) => delete files[VERSION]);
    expect(await wiped(capture)).toEqual(['runtime/storage-wiped willBe /var/lib/containers/storage']);
  });

  it('without a reboot, or after a clean end, or where it does not look: nothing is deleted', async () => {
    expect(await wiped(stopped(() => {}))).toEqual([]);
    const clean = stopped((files) => {
      delete files[VERSION];
      files[CLEAN] = '';
    });
    expect(await wiped(clean)).toEqual([]);
    const never = stopped((files) => {
      delete files[VERSION];
      delete files[`${CLEAN}.supported`];
    });
    expect(await wiped(never)).toEqual([]);
    const off = (root: string) => {
      const file = `${root}/etc/crio/crio.conf`;
      const text = fs.readFileSync(file, 'utf8');
      fs.writeFileSync(file, text.replace(/^clean_shutdown_file = .*$/m, 'clean_shutdown_file = ""'));
    };
    expect(
      await wiped(
        stopped((files) => delete files[VERSION]),
        off,
      ),
    ).toEqual([]);
  });
});
