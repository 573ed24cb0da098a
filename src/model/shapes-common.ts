import type { SandboxMeta } from './facts.ts';
import type { NsId, NsMode, NsType } from './namespace.ts';
import type { NetworkSeen } from './network.ts';
import type { Problem } from './outcome.ts';
import {
  dictionary,
  flag,
  list,
  matching,
  nullable,
  oneOf,
  record,
  type Shape,
  text,
  whole,
} from './shape.ts';

export const knownNsId = matching<NsId>('a namespace as device:inode', /^\d{1,15}:\d{1,15}$/);
export const nsId = nullable(knownNsId);

export const nsIds = record<Record<NsType, NsId | null>>({
  cgroup: nsId,
  ipc: nsId,
  mnt: nsId,
  net: nsId,
  pid: nsId,
  time: nsId,
  user: nsId,
  uts: nsId,
});

export const mode = oneOf<NsMode>('pod', 'container', 'node', 'target');
export const maybeText = nullable(text);
export const maybeWhole = nullable(whole);
export const texts = dictionary(text);

export const timeInUtc = matching<string>(
  'an RFC 3339 time in UTC',
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
);

export const problem = record<Problem>(
  {
    code: oneOf('timeout', 'denied', 'missing', 'malformed', 'truncated', 'unavailable', 'crashed'),
    message: text,
    subject: text,
  },
  'subject',
);

/** Fields that name a sandbox. */
export const metaFields: { [K in keyof SandboxMeta]: Shape<SandboxMeta[K]> } = {
  name: text,
  namespace: text,
  uid: text,
  attempt: whole,
};

/** What is in a network namespace. */
export const networkSeen = record<NetworkSeen>({
  links: list(
    record<NetworkSeen['links'][number]>({
      index: whole,
      name: text,
      mac: text,
      up: flag,
      loopback: flag,
      kind: text,
      peerIndex: whole,
      peerNetnsId: whole,
      master: whole,
    }),
  ),
  addresses: list(record<NetworkSeen['addresses'][number]>({ link: whole, address: text, prefix: whole })),
  routes: list(record<NetworkSeen['routes'][number]>({ destination: text, gateway: text, link: whole })),
});
