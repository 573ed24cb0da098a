import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createReadHost } from '../../src/host/read-host.ts';
import { trackReads } from '../../src/host/track.ts';
import { temporaryFolder } from '../support/node-tree.ts';

/** A folder with a file and a link to it, all made a while ago: times of change cannot be set, so time is waited for. */
function tree(): { folder: string; file: string; link: string } {
  const folder = temporaryFolder();
  const file = path.join(folder, 'file');
  const link = path.join(folder, 'link');
  fs.writeFileSync(file, 'one');
  fs.symlinkSync(file, link);
  return { folder, file, link };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 2100));

test('a file, a folder, a link: nothing changed, then each of them', async () => {
  const { folder, file, link } = tree();
  await settled();
  const read = () => {
    const track = trackReads(createReadHost());
    track.host.readFile(link, { follow: true });
    track.host.list(folder);
    track.host.readLink(link);
    expect(() => track.host.stat(`${folder}/none`)).toThrow('ENOENT');
    return track;
  };
  expect(read().isUnchanged()).toBe(true);

  const before = [read(), read(), read(), read()];
  // The same size, and a time of modification that says nothing.
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, 'two');
  fs.utimesSync(file, atime, mtime);
  expect(before[0]?.isUnchanged()).toBe(false);
  await settled();
  const again = read();
  expect(again.isUnchanged()).toBe(true);
  fs.writeFileSync(path.join(folder, 'none'), '');
  expect(again.isUnchanged()).toBe(false);
});

test('what changed a moment ago may change again unseen', () => {
  const { file } = tree();
  const track = trackReads(createReadHost());
  expect(track.host.readFile(file)).toBe('one');
  expect(track.isUnchanged()).toBe(false);
});

test('of /proc and links it is the text that counts; a program is its file; the rest cannot be told', async () => {
  const { folder } = tree();
  const of = () => trackReads(createReadHost());
  const kernel = of();
  kernel.host.readKernel('/proc/sys/kernel/osrelease');
  kernel.host.nsId('/proc/self/ns/net');
  await kernel.host.run('/bin/true', [], { timeoutMs: 5000 });
  expect(kernel.isUnchanged()).toBe(true);
  const uptime = of();
  uptime.host.readKernel('/proc/self/stat');
  const work = process.cpuUsage().user;
  while (process.cpuUsage().user - work < 50_000);
  expect(uptime.isUnchanged()).toBe(false);
  const space = of();
  space.host.space(folder);
  expect(space.isUnchanged()).toBe(false);
  const named = of();
  await named.host.run('true', [], { timeoutMs: 5000 });
  expect(named.isUnchanged()).toBe(false);
});
