import type {
  CniCacheEntry,
  CniConfFile,
  CniGiven,
  CniPluginConf,
  Facts,
  NetworkInside,
  Reservation,
} from './facts.ts';
import { publishedPort } from './firewall-shapes.ts';
import { amount, flag, list, nullable, oneOf, record, type Shape, text } from './shape.ts';
import { knownNsId, maybeText, networkSeen, texts } from './shapes-common.ts';

const inside = record<NetworkInside>({
  ns: knownNsId,
  path: text,
  seen: nullable(networkSeen),
});

const ipamFolder = record<{ path: string; network: string }>({ path: text, network: text });

type Ipam = NonNullable<CniPluginConf['ipam']>;

const pluginConf = record<CniPluginConf>(
  {
    type: text,
    bridge: maybeText,
    ipam: nullable(
      record<Ipam>({
        type: text,
        folder: text,
        ranges: list(
          record<Ipam['ranges'][number]>({ subnet: text, start: text, end: text, gateway: text }, 'gateway'),
        ),
      }),
    ),
    delegates: list(text),
    files: texts,
    does: record<NonNullable<CniPluginConf['does']>>(
      { gateway: flag, forceAddress: flag, masquerade: flag, ports: flag, tunesPorts: flag },
      'tunesPorts',
    ),
  },
  'does',
  'delegates',
  'files',
);

type Blocked = NonNullable<Facts['reservations']['blocked']>[number];

type StoredConf = NonNullable<Facts['cniCache']['configs']>[number];

/** Facts about pod networks: what CNI and the kernel hold for them. */
export const cniShapes: {
  [N in 'reservations' | 'cniCache' | 'cniConf' | 'networks']: Shape<Facts[N]>;
} = {
  reservations: record<Facts['reservations']>(
    {
      reservations: list(
        record<Reservation>({
          path: text,
          folder: text,
          network: text,
          address: maybeText,
          containerId: maybeText,
          ifName: text,
          mtime: amount,
          state: oneOf('whole', 'empty', 'malformed', 'foreign'),
          confirmed: flag,
        }),
      ),
      folders: list(ipamFolder),
      blocked: list(
        record<Blocked>({ folder: text, network: text, path: text, what: oneOf('file', 'link', 'other') }),
      ),
    },
    'blocked',
  ),
  cniCache: record<Facts['cniCache']>(
    {
      entries: list(
        record<CniCacheEntry>(
          {
            path: text,
            state: oneOf('whole', 'empty', 'malformed', 'otherKind', 'foreign'),
            network: text,
            containerId: text,
            ifName: text,
            netns: text,
            mtime: amount,
            addresses: list(text),
            hostLinks: list(text),
            hasConfig: flag,
            given: record<CniGiven>({
              interfaces: list(record<CniGiven['interfaces'][number]>({ name: text, mac: text })),
              routes: list(text),
            }),
            rules: record<NonNullable<CniCacheEntry['rules']>>({
              ports: list(publishedPort),
              masquerade: flag,
            }),
            confirmed: flag,
          },
          'given',
          'rules',
        ),
      ),
      folders: list(text),
      ipamFolders: list(ipamFolder),
      configs: list(record<StoredConf>({ network: text, plugins: list(pluginConf) })),
    },
    'configs',
  ),
  cniConf: record<Facts['cniConf']>(
    {
      folder: text,
      files: list(
        record<CniConfFile>(
          {
            path: text,
            name: text,
            cniVersion: text,
            plugins: list(pluginConf),
            problem: text,
            versions: list(text),
            mtime: amount,
          },
          'versions',
          'mtime',
        ),
      ),
      binDirs: list(text),
      winner: maybeText,
      elsewhere: list(text),
    },
    'winner',
    'elsewhere',
  ),
  networks: record<Facts['networks']>({ host: inside, pods: list(inside) }),
};
