import type { SubjectKind } from '../../model/check.ts';
import type { Differing } from '../../model/inside.ts';
import type { PicturePlace } from '../../model/picture.ts';

/** `net:[4026531840] of the node` */
export function nsLinkOf({ ns, whose }: Differing): string {
  return whose === '' ? ns : `${ns} of ${whose}`;
}

export function placeWords({ kind, name }: PicturePlace): { words: string; name: string } {
  return { words: PLACES[kind], name };
}

const PLACES: Record<PicturePlace['kind'], string> = {
  bridge: 'bridge',
  node: "the node's own network",
  veth: "the node's routes, no bridge",
  other: 'interfaces of other kinds',
  none: 'no network of their own seen',
};

/** What something is that belongs to no pod. */
export function orphanWords(kind: SubjectKind): string {
  return ORPHANS[kind] ?? kind;
}

const ORPHANS: Partial<Record<SubjectKind, string>> = {
  netns: 'network namespace',
  reservation: 'address',
  rule: 'firewall rule',
  link: 'interface',
};

export function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
