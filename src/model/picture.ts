import type { Severity, SubjectKind } from './check.ts';
import type { Differing, NsLink } from './inside.ts';
import type { NsType } from './namespace.ts';

/** What a finding says about a part of the picture. */
export interface Mark {
  severity: Severity;
  message: string;
  /** Of the finding. */
  fingerprint: string;
}

export interface PictureContainer {
  id: string;
  name: string;
  state: 'created' | 'running' | 'exited' | 'unknown' | 'unlisted';
  /** First process; null when none lives. */
  pid: number | null;
  /** Namespaces of the sandbox that it should be in and is not. */
  differs: Differing[];
  marks: Mark[];
}

/** How a pod hangs on the node's network. */
export interface PictureCable {
  /** Interface inside; '' where none was seen. */
  inside: string;
  /** `veth`, `macvlan`, ...; '' where it is not known. */
  kind: string;
  /** Its other end on the node; '' where none was seen. */
  outside: string;
  /** Why nothing passes, in a clause; '' where it is whole as far as was seen. */
  broken: string;
  marks: Mark[];
}

export interface PicturePod {
  id: string;
  /** `namespace/name`, with the attempt when it is not the first. */
  title: string;
  state: 'ready' | 'notready' | 'unlisted' | 'unknown';
  /** With prefix length where the kernel was asked; null where they could not be seen. */
  addresses: string[] | null;
  /** `dead`: it should live. `ended`: its sandbox is not ready. `none`: its runtime keeps none. */
  pause: { state: 'runs' | 'dead' | 'ended' | 'none' | 'unseen'; pid: number | null };
  /** Of the sandbox, and where each was seen. */
  namespaces: { type: NsType; ns: NsLink; at: string }[];
  containers: PictureContainer[];
  /** Null: it has none of its own, or nothing of it was seen. */
  cable: PictureCable | null;
  marks: Mark[];
  /** Something about it is broken, or was found. */
  sick: boolean;
}

/** What pods hang on: a bridge, the node's own network, the node's routes (`veth`), something else, or nothing seen. */
export interface PicturePlace {
  kind: 'bridge' | 'node' | 'veth' | 'other' | 'none';
  /** Of the bridge; else ''. */
  name: string;
  /** Of the bridge, with prefix length. */
  addresses: string[];
  /** `missing` or `down`; '' otherwise. */
  broken: string;
  marks: Mark[];
  /** The sickest first, then by title. */
  pods: PicturePod[];
}

/** Something that a finding is about and that belongs to no pod, or to none any more. */
export interface PictureOrphan {
  kind: SubjectKind;
  name: string;
  marks: Mark[];
}

/** An interface that leads out of the node. */
export interface PictureUplink {
  name: string;
  addresses: string[];
  up: boolean;
  /** The node's default route goes through it. */
  leadsOut: boolean;
}

/** A node as it can be drawn. All in it is from the facts and from findings about them. */
export interface NodePicture {
  /** Host name; '' where it is not known. */
  node: string;
  /** What the node is: runtime, kernel. */
  about: string[];
  uplinks: PictureUplink[];
  orphans: PictureOrphan[];
  places: PicturePlace[];
  /** About the node itself, its runtime, images and files. */
  marks: Mark[];
  /** What could not be seen, and why, in a sentence each. */
  unseen: string[];
}
