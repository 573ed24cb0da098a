import { decodeCache } from '../../../src/cni/cache-format.ts';
import { parseNetwork, withVersion } from '../../../src/cni/conf.ts';
import { loadNetworks } from '../../../src/cni/conf-files.ts';
import { CniError } from '../../../src/cni/error.ts';
import { goJson, parseJson } from '../../../src/cni/json.ts';
import { normaliseResult, resultAs } from '../../../src/cni/result.ts';
import { parseCniEntry, storedConfigs, untold } from '../../../src/collect/cni-entry.ts';
import { pluginConf } from '../../../src/collect/ipam-folder.ts';
import { readReservation } from '../../../src/collect/reservation-file.ts';
import { cniShapes } from '../../../src/model/cni-shapes.ts';
import type { CniCacheEntry, CniConfFile } from '../../../src/model/facts.ts';
import type { Parser } from '../fuzz.ts';
import { must, mustHold, mustName } from '../must.ts';
import { planted } from '../planted.ts';
import { captured } from '../samples.ts';

const node = planted();
const FILE = '/etc/cni/net.d/10-pods.conflist';
const PLACE = { folder: '/var/lib/cni/networks/pods', network: 'pods', name: '10.88.0.2' };
const KEY = { network: 'pods', containerId: 'a'.repeat(64), ifName: 'eth0' };

const CONFLISTS = [
  ...captured(/net\.d\//, 2),
  '{"cniVersion":"1.1.0","cniVersions":["1.0.0","1.1.0"],"name":"pods","disableCheck":true,"plugins":[{"type":"bridge","bridge":"cni0","capabilities":{"portMappings":true},"ipam":{"type":"host-local","dataDir":"/run/ipam","ranges":[[{"subnet":"10.88.0.0/16","rangeStart":"10.88.0.9","rangeEnd":"10.88.1.0"}]]}}]}',
  '{"cniVersion":"0.3.1","name":"one","type":"ptp","ipam":{"type":"host-local","subnet":"10.1.0.0/24"}}',
];
const CACHED = captured(/\/cni\/results\//, 4);

const network: Parser = {
  files: ['cni/conf.ts', 'cni/json.ts', 'collect/ipam-folder.ts'],
  name: 'a network configuration',
  kind: 'json',
  samples: CONFLISTS,
  refuses: (error) => error instanceof CniError && error.message.includes(FILE),
  parse(text) {
    const found = parseNetwork(text, { file: FILE });
    const plugins = found.secret().plugins.map((plugin) => pluginConf(plugin, found.name));
    const file: CniConfFile = {
      path: FILE,
      name: found.name,
      cniVersion: found.cniVersion,
      plugins,
      problem: '',
    };
    must(cniShapes.cniConf, { folder: '/etc/cni/net.d', files: [file], binDirs: [] });
    withVersion(found, '0.4.0');
  },
};

const folder: Parser = {
  files: ['cni/conf-files.ts', 'collect/cni-conf.ts'],
  name: 'a folder of network configurations',
  kind: 'json',
  samples: CONFLISTS,
  count: 2000,
  parse(_, bytes) {
    node().put(FILE, bytes);
    node().put('/etc/cni/net.d/20-whole.conflist', CONFLISTS[0] ?? '');
    const { networks, faults } = loadNetworks(node().host, '/etc/cni/net.d');
    mustHold(networks.length + faults.length === 2, 'a file is neither used nor named');
    if (faults.length > 0)
      mustName(
        FILE,
        faults.map((fault) => fault.message),
      );
  },
};

const entry: Parser = {
  files: [
    'collect/cni-entry.ts',
    'collect/cni-cache.ts',
    'cni/result.ts',
    'cni/cache-format.ts',
    'cni/cache.ts',
  ],
  name: "an entry of libcni's cache",
  kind: 'json',
  samples: CACHED,
  maxBytes: 1024 * 1024,
  parse(text) {
    const told = parseCniEntry(text, storedConfigs().of);
    const whole: CniCacheEntry = { ...told, path: '/x', mtime: 0, confirmed: true };
    must(cniShapes.cniCache, { entries: [whole], folders: [], ipamFolders: [] });
    if (told.state === 'whole') mustHold(told.containerId !== '', 'an entry of nobody is whole');
    else
      must(cniShapes.cniCache, {
        entries: [{ ...whole, ...untold(told.state) }],
        folders: [],
        ipamFolders: [],
      });
    for (const key of [KEY, null]) {
      const read = decodeCache(text, '/x', key);
      if (read.status === 'unreadable') mustName('/x', [read.reason]);
    }
  },
};

const result: Parser = {
  files: ['cni/result.ts', 'cni/plugin.ts'],
  name: 'the result of a plugin',
  kind: 'json',
  samples: [
    ...CACHED.map((text) => JSON.stringify(JSON.parse(text).result)),
    '{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.2/24","gateway":"10.1.0.1","routes":[{"dst":"0.0.0.0/0"}]},"dns":{"nameservers":["10.0.0.1"]}}',
  ],
  parse(text) {
    const parsed = parseJson(text);
    if (!parsed.ok) return;
    normaliseResult(parsed.value);
    if (typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) return;
    const raw = parsed.value as Record<string, unknown>;
    for (const version of ['0.2.0', '0.4.0', '1.0.0'] as const) resultAs(raw, version);
  },
};

const reservation: Parser = {
  files: ['collect/reservation-file.ts', 'collect/reservations.ts'],
  name: 'a reservation of host-local',
  kind: 'text',
  samples: [`${'a'.repeat(64)}\neth0`, `${'b'.repeat(64)}\r\neth0\r\n`, 'c'.repeat(64)],
  count: 4000,
  parse(_, bytes) {
    node().put(`${PLACE.folder}/${PLACE.name}`, bytes);
    const found = readReservation(node().host, PLACE);
    must(cniShapes.reservations, { reservations: [found], folders: [] });
    mustHold(
      (found.containerId !== null) === (found.state === 'whole'),
      `${found.state} of ${found.containerId}`,
    );
  },
};

const printed: Parser = {
  files: ['cni/json.ts'],
  name: 'JSON as Go would write it',
  kind: 'json',
  samples: CONFLISTS,
  refuses: (error) => error instanceof RangeError,
  parse(text) {
    const parsed = parseJson(text);
    if (parsed.ok) mustHold(JSON.stringify(JSON.parse(goJson(parsed.value))) !== '', 'it is lost');
    else mustHold(parsed.line === null || parsed.line >= 1, `line ${parsed.line}`);
  },
};

export const CNI: readonly Parser[] = [network, folder, entry, result, reservation, printed];
