import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFile, listCache, readCache, removeCache, writeCache } from '../../src/cni/cache.ts';
import { decodeCache, encodeCache } from '../../src/cni/cache-format.ts';
import { CAPTURES, readCapture } from '../captures/load.ts';
import { networkOf } from './lab.ts';
import { sampleResult } from './stub.ts';

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cni-cache-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

const key = { network: 'net', containerId: 'c1', ifName: 'eth0' };
const pod = {
  containerId: 'c1',
  ifName: 'eth0',
  netns: '/run/netns/x',
  args: [['K8S_POD_NAME', 'a<b']] as [string, string][],
  capabilityArgs: { mac: 'c2:11:22:33:44:66', aliases: ['x'] },
};
const result = sampleResult('10.9.0.2/24', '/run/netns/x');
const conf = { cniVersion: '1.0.0', name: 'net', plugins: [{ type: 'one', key: 'v' }] };

describe.each(CAPTURES)('what libcni wrote on %s', (name) => {
  const files = Object.entries(readCapture(name).files).filter(([file]) =>
    file.startsWith('/var/lib/cni/results/'),
  );

  it.each(files)('%s reads whole, and writes back as the same bytes', (file, text) => {
    const read = decodeCache(text, file, null);
    if (read.status !== 'found') throw new Error(read.reason);
    const { conf: network, attachment, result: raw, network: called, containerId, ifName } = read.cached;
    expect(path.basename(file)).toBe(`${called}-${containerId}-${ifName}`);
    expect(network?.name).toBe(called);
    expect(attachment.netns).toMatch(/^\/var\/run\/netns\//);
    const config = network?.secret().text ?? '';
    const again = encodeCache({ network: called, config, attachment, result: raw ?? {} });
    // Before libcni 1.2 the namespace was not recorded.
    expect(text.includes('"netns":') ? again : again.replace(/"netns":"[^"]*",/, '')).toBe(text);
  });
});

it('writes where libcni would, for root alone, and reads back what was written', () => {
  const network = networkOf(conf);
  const file = writeCache(dir, network, pod, result);
  expect(file).toBe(`${dir}/results/net-c1-eth0`);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  const written = JSON.parse(fs.readFileSync(file, 'utf8'));
  expect(Object.keys(written)).toEqual([
    'kind',
    'containerId',
    'config',
    'ifName',
    'networkName',
    'netns',
    'cniArgs',
    'capabilityArgs',
    'result',
  ]);
  expect(JSON.parse(Buffer.from(written.config, 'base64').toString())).toEqual(conf);
  const entry = readCache(dir, key);
  expect(entry).toMatchObject({ status: 'found', cached: { ...key, file, attachment: pod, result } });
  expect(JSON.stringify(entry)).not.toContain('"key"');
  removeCache(dir, key);
  removeCache(dir, key);
  expect(readCache(dir, key)).toEqual({ status: 'absent' });
});

it('takes away what a killed writer left, and lists no such file', () => {
  writeCache(dir, networkOf(conf), pod, result);
  fs.writeFileSync(`${dir}/results/.net-c1-eth0.123.tmp`, '{');
  fs.writeFileSync(`${dir}/results/.net-c1-eth01.123.tmp`, '{');
  expect(listCache(dir).attachments.map((one) => one.containerId)).toEqual(['c1']);
  expect(listCache(dir).unreadable).toEqual([]);
  removeCache(dir, key);
  expect(fs.readdirSync(`${dir}/results`)).toEqual(['.net-c1-eth01.123.tmp']);
});

it.each([
  ['', 'is empty: its writer was cut off'],
  ['{"kind":"cniCache', 'is not valid JSON: its writer was cut off'],
  ['[]', 'is no JSON object'],
  ['{"kind":"cniCacheV9"}', 'is of another kind than cniCacheV1'],
  ['{"kind":"cniCacheV1","containerId":1}', 'names no attachment'],
])('says why %j cannot be used', (text, words) => {
  fs.mkdirSync(`${dir}/results`);
  fs.writeFileSync(cacheFile(dir, key), text);
  expect(readCache(dir, key)).toEqual({ status: 'unreadable', reason: `${cacheFile(dir, key)} ${words}` });
});

it('follows no link, and reads the oldest form, which is a bare result', () => {
  fs.mkdirSync(`${dir}/results`);
  fs.symlinkSync('/etc/passwd', cacheFile(dir, key));
  expect(readCache(dir, key)).toMatchObject({
    status: 'unreadable',
    reason: expect.stringContaining('it is a link'),
  });
  fs.rmSync(cacheFile(dir, key));
  fs.writeFileSync(cacheFile(dir, key), JSON.stringify(result));
  expect(readCache(dir, key)).toMatchObject({
    status: 'found',
    cached: { result, conf: null, attachment: { netns: '/run/netns/x' } },
  });
});

it('keeps an attachment whose configuration or result makes no sense', () => {
  fs.mkdirSync(`${dir}/results`);
  const text = {
    kind: 'cniCacheV1',
    ...{ containerId: 'c1', ifName: 'eth0', networkName: 'net' },
    config: 'e30=',
    result: { ips: 1 },
  };
  fs.writeFileSync(cacheFile(dir, key), JSON.stringify(text));
  expect(readCache(dir, key)).toMatchObject({ status: 'found', cached: { conf: null, result: null } });
});
