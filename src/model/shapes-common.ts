import type { SandboxMeta } from './facts.ts';
import type { NsId, NsMode, NsType } from './namespace.ts';
import { dictionary, matching, nullable, oneOf, record, type Shape, text, whole } from './shape.ts';

export const nsId = nullable(matching<NsId>('a namespace as device:inode', /^\d{1,15}:\d{1,15}$/));

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

/** Fields that name a sandbox. */
export const metaFields: { [K in keyof SandboxMeta]: Shape<SandboxMeta[K]> } = {
  name: text,
  namespace: text,
  uid: text,
  attempt: whole,
};
