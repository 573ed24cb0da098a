import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseNetwork } from '../../src/cni/conf.ts';
import { findNetwork, loadNetwork, loadNetworks } from '../../src/cni/conf-files.ts';
import { CniError } from '../../src/cni/error.ts';
import { createReadHost } from '../../src/host/read-host.ts';

const host = createReadHost();
let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-cni-conf-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

function put(name: string, content: object | string): string {
  const file = path.join(dir, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const list = (name: string, more: object = {}) => ({
  cniVersion: '1.0.0',
  name,
  plugins: [{ type: 'bridge' }],
  ...more,
});

function fault(text: string, name = 'x.conflist'): CniError {
  try {
    loadNetwork(host, put(name, text));
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('one file', () => {
  it('reads a list, and shows nothing of it that may be secret', () => {
    const file = put('10-a.conflist', {
      ...list('a', { disableCheck: true, disableGC: 'True' }),
      plugins: [
        { type: 'bridge', ipam: { type: 'host-local' }, token: 'secret' },
        { type: 'portmap', capabilities: { portMappings: true, mac: false } },
      ],
    });
    const network = loadNetwork(host, file);
    expect(JSON.parse(JSON.stringify(network))).toEqual({
      name: 'a',
      cniVersion: '1.0.0',
      versions: ['1.0.0'],
      disableCheck: true,
      disableGC: true,
      loadOnlyInlinedPlugins: false,
      file,
      plugins: [
        { type: 'bridge', capabilities: [], ipam: 'host-local' },
        { type: 'portmap', capabilities: ['portMappings'], ipam: null },
      ],
    });
  });

  it('makes a list of one from a single plugin', () => {
    const network = loadNetwork(
      host,
      put('10-a.conf', { cniVersion: '0.4.0', name: 'a', type: 'ptp', mtu: 1 }),
    );
    expect(network).toMatchObject({ name: 'a', cniVersion: '0.4.0', plugins: [{ type: 'ptp' }] });
    const { text } = network.secret();
    expect(JSON.parse(text)).toEqual({
      cniVersion: '0.4.0',
      name: 'a',
      plugins: [{ cniVersion: '0.4.0', mtu: 1, name: 'a', type: 'ptp' }],
    });
  });

  it.each([
    [{}, '0.1.0', ['0.1.0']],
    [{ cniVersion: '' }, '0.1.0', ['0.1.0']],
    [{ cniVersion: '0.3.1' }, '0.3.1', ['0.3.1']],
    [{ cniVersions: ['0.4.0', '1.1.0', '1.0.0'] }, '1.1.0', ['0.4.0', '1.0.0', '1.1.0']],
    [{ cniVersion: '1.1.0', cniVersions: ['1.0.0', '2.0.0'] }, '1.1.0', ['1.0.0', '1.1.0']],
    [{ cniVersion: '1.9.0', cniVersions: ['1.0.0'] }, '1.0.0', ['1.0.0']],
  ])('chooses the highest known version of %j', (versions, chosen, all) => {
    const text = JSON.stringify({ name: 'a', plugins: [{ type: 'x' }], ...versions });
    expect(parseNetwork(text, { file: null })).toMatchObject({ cniVersion: chosen, versions: all });
  });

  it('adds the plugins of the folder with its name, unless told not to', () => {
    put('a/20-tuning.conf', { type: 'tuning' });
    put('a/10-portmap.conf', { type: 'portmap' });
    put('a/ignored.json', { type: 'ignored' });
    const file = put('10-a.conflist', list('a'));
    const network = loadNetwork(host, file);
    expect(network.plugins.map((p) => p.type)).toEqual(['bridge', 'portmap', 'tuning']);
    // What the cache gets must not lose them when it is read where no such folder is.
    const alone = parseNetwork(network.secret().text, { file: null });
    expect(alone).toMatchObject({ loadOnlyInlinedPlugins: true, plugins: network.plugins });
    put('10-a.conflist', list('a', { loadOnlyInlinedPlugins: true }));
    expect(loadNetwork(host, file).plugins).toHaveLength(1);
    put('10-a.conflist', { cniVersion: '1.1.0', name: 'a' });
    expect(loadNetwork(host, file).plugins.map((p) => p.type)).toEqual(['portmap', 'tuning']);
    put('a/20-tuning.conf', '{"typ": 1}');
    expect(() => loadNetwork(host, file)).toThrow(`${dir}/a/20-tuning.conf has no "type"`);
  });

  it.each([
    ['', 'is not valid JSON at line 1; it is empty'],
    ['{\n "name": "a",\n "plugins": [\n  { "type": bridge }\n ]\n}', 'is not valid JSON at line 4'],
    ['{\n "name": "a",\n "token": "secret",\n}', 'is not valid JSON at line 4'],
    ['{\n "name": "a"\n "x": 1\n}', 'is not valid JSON at line 3'],
    ['{\n "name": "a', 'is not valid JSON at line 2'],
    ['{}\n}', 'is not valid JSON at line 2'],
    ['[]', 'is no JSON object'],
    ['{"plugins":[{"type":"x"}]}', 'has no "name"'],
    ['{"name":"a/b","plugins":[{"type":"x"}]}', 'has the name "a/b", which is not valid'],
    ['{"name":"..","plugins":[{"type":"x"}]}', 'has the name "..", which is not valid'],
    ['{"name":"a","plugins":[]}', 'has no plugins'],
    ['{"name":"a"}', 'has no plugins'],
    ['{"name":"a","loadOnlyInlinedPlugins":true}', 'sets loadOnlyInlinedPlugins and has no "plugins"'],
    ['{"name":"a","plugins":{}}', 'has "plugins" that are no list'],
    ['{"name":"a","plugins":["x"]}', 'has a plugin 1 that is no object'],
    ['{"name":"a","plugins":[{"type":"x"},{}]}', 'has a plugin 2 without "type"'],
    ['{"name":"a","plugins":[{"type":"../x"}]}', 'has a plugin 1 whose type "../x" contains a slash'],
    ['{"name":"a","plugins":[{"type":""}]}', 'has a plugin 1 whose type "" is empty'],
    [
      '{"cniVersion":"9.0.0","name":"a","plugins":[{"type":"x"}]}',
      'wants CNI version "9.0.0", which is not known',
    ],
    ['{"cniVersion":1,"name":"a","plugins":[{"type":"x"}]}', 'has a cniVersion that is no string'],
    [
      '{"disableGC":"maybe","name":"a","plugins":[{"type":"x"}]}',
      'has disableGC that is neither true nor false',
    ],
  ])('says what is wrong with %j', (text, words) => {
    const error = fault(text);
    expect(error.message).toContain(`${dir}/x.conflist ${words}`);
    expect(error.message).toMatch(/; .+/);
    expect(error.message).not.toContain('secret');
    expect(error).toMatchObject({ kind: 'bad-config', place: { file: `${dir}/x.conflist` } });
  });

  it('says why a file cannot be read', () => {
    expect(() => loadNetwork(host, `${dir}/none.conflist`)).toThrow(
      `cannot read ${dir}/none.conflist: no such file`,
    );
    expect(() => loadNetwork(host, dir)).toThrow('it is a folder');
  });
});

describe('a folder', () => {
  it('gives networks lexically over all three suffixes, and the files that cannot be used', () => {
    put('20-b.conf', { name: 'b', type: 'x' });
    put('10-c.json', { name: 'c', type: 'x' });
    put('30-a.conflist', list('a'));
    put('05-broken.conflist', '{');
    put('00-other.txt', '{');
    fs.mkdirSync(`${dir}/40-folder.conf`);
    fs.symlinkSync('/no/such', `${dir}/50-dangling.conf`);
    fs.symlinkSync(`${dir}/30-a.conflist`, `${dir}/60-link.conflist`);
    const { networks, faults } = loadNetworks(host, dir);
    expect(networks.map((n) => n.name)).toEqual(['c', 'b', 'a', 'a']);
    expect(faults.map((f) => path.basename(f.place.file ?? ''))).toEqual([
      '05-broken.conflist',
      '50-dangling.conf',
    ]);
    expect(findNetwork(host, dir, 'a').file).toBe(`${dir}/30-a.conflist`);
    expect(() => findNetwork(host, dir, 'z')).toThrow(
      `no network "z" in ${dir}: it has c, b, a; ${dir}/05-broken.conflist is not valid JSON at line 1`,
    );
  });

  it('may be missing', () => {
    expect(loadNetworks(host, `${dir}/none`)).toEqual({ networks: [], faults: [] });
    expect(() => findNetwork(host, `${dir}/none`, 'a')).toThrow('it has none that can be used');
  });
});
