import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cacheFile, writeCache } from '../../src/cni/cache.ts';
import { parseNetwork } from '../../src/cni/conf.ts';
import { identifyFile } from '../../src/host/file-identity.ts';
import { releaseAttachment } from '../../src/remedy/actions/attachments.ts';
import type { ActionContext } from '../../src/remedy/context.ts';
import type { Kept } from '../../src/remedy/quarantine.ts';
import { openSessions } from '../../src/remedy/sessions.ts';
import { recordStore } from '../../src/sandbox/records.ts';
import { openState } from '../../src/sandbox/state-folder.ts';
import { folder } from '../native/native.ts';

const ID = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const RESULT = { cniVersion: '1.0.0', ips: [{ address: '10.1.2.3/24' }] };

/** A network whose one plugin writes down how it was called; `exit` is its exit code. */
function network(exit = 0) {
  const at = folder();
  const plugin = path.join(at, 'told');
  const log = path.join(at, 'calls');
  fs.writeFileSync(
    plugin,
    `#!/bin/sh\necho "$CNI_COMMAND $CNI_CONTAINERID $CNI_IFNAME [$CNI_NETNS]" >> ${log}\ncat >> ${log}\nexit ${exit}\n`,
    { mode: 0o755 },
  );
  const text = JSON.stringify({
    cniVersion: '1.0.0',
    name: 'net1',
    plugins: [{ type: 'told', secret: 's3' }],
  });
  const conf = parseNetwork(text, { file: null, list: true });
  writeCache(at, conf, { containerId: ID, netns: '/run/netns/x', ifName: 'eth0' }, RESULT);
  const entry = cacheFile(at, { network: 'net1', containerId: ID, ifName: 'eth0' });
  return { at, log, entry };
}

function release(entry: string, binDirs: string[], netns = '', file = identifyFile(entry).file) {
  const kept: Kept[] = [];
  const state = openState(folder(), { create: true });
  if (!state) throw new Error('no state folder');
  const context: ActionContext = {
    records: recordStore(state),
    cni: { cacheDir: '/nowhere', timeoutMs: 10_000, envPath: '/usr/bin:/bin' },
    mountNsOf: null,
    session: openSessions(1000).session,
    now: Date.now,
    at: () => {},
    keep: (one) => kept.push(one),
    note: () => {},
    signal: new AbortController().signal,
    timeoutMs: 10_000,
  };
  const done = releaseAttachment({ kind: 'release-attachment', entry, file, netns, binDirs }, context);
  return { done, kept };
}

it('sends DEL with the configuration and the result that were stored, and puts the file aside', async () => {
  const { at, log, entry } = network();
  const { done, kept } = release(entry, [at], '/run/netns/x');
  expect(await done).toBe('done');
  const [call, conf] = fs.readFileSync(log, 'utf8').split('\n');
  expect(call).toBe(`DEL ${ID} eth0 [/run/netns/x]`);
  expect(JSON.parse(conf ?? '')).toMatchObject({ name: 'net1', secret: 's3', prevResult: RESULT });
  expect(kept).toMatchObject([{ kind: 'file', path: entry }]);
  expect(fs.existsSync(entry)).toBe(false);
});

it('tells plugins no namespace that is gone', async () => {
  const { at, log, entry } = network();
  expect(await release(entry, [at]).done).toBe('done');
  expect(fs.readFileSync(log, 'utf8')).toContain(`DEL ${ID} eth0 []`);
});

it('keeps the file when a plugin fails, or is not there', async () => {
  const failing = network(1);
  await expect(release(failing.entry, [failing.at]).done).rejects.toThrow(
    'plugin told ended with exit code 1',
  );
  await expect(release(failing.entry, ['/nowhere']).done).rejects.toThrow('plugin "told" cannot be used');
  expect(fs.existsSync(failing.entry)).toBe(true);
});

it('has nothing to do where the file is gone, and leaves one alone that was changed', async () => {
  const { at, log, entry } = network();
  const { file } = identifyFile(entry);
  fs.appendFileSync(entry, ' ');
  await expect(release(entry, [at], '', file).done).rejects.toThrow('was changed in the meantime');
  fs.rmSync(entry);
  expect(await release(entry, [at], '', file).done).toBe('nothing');
  expect(fs.existsSync(log)).toBe(false);
});

it('runs no plugin for a file that tells of another attachment than its name says, or of none', async () => {
  const { at, log, entry } = network();
  const lying = entry.replace(ID, OTHER);
  fs.copyFileSync(entry, lying);
  await expect(release(lying, [at]).done).rejects.toThrow('tells of another attachment than its name says');
  const stored = JSON.parse(fs.readFileSync(entry, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(entry, JSON.stringify({ ...stored, networkName: '../../etc' }));
  await expect(release(entry, [at]).done).rejects.toThrow('holds no configuration of network "../../etc"');
  fs.writeFileSync(entry, JSON.stringify({ ...stored, config: '' }));
  await expect(release(entry, [at]).done).rejects.toThrow('holds no configuration');
  fs.writeFileSync(entry, '');
  await expect(release(entry, [at]).done).rejects.toThrow('is empty');
  fs.rmSync(entry);
  fs.symlinkSync('/etc/passwd', entry);
  const file = identifyFile('/etc/passwd').file;
  await expect(release(entry, [at], '', file).done).rejects.toThrow(
    'it is a link, which is not followed here',
  );
  expect(fs.existsSync(log)).toBe(false);
});
