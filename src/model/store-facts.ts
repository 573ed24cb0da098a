import type { NsMode } from './namespace.ts';

/** A record in containerd's own store (its API), labelled by CRI. */
export interface StoreRecord {
  id: string;
  kind: 'sandbox' | 'container';
  /** Reserved name, `<pod>_<namespace>_<uid>_<attempt>`; null when the metadata cannot be decoded. */
  name: string | null;
  /** Path of the network namespace pin as recorded; null for host network and unreadable metadata. */
  netnsPath: string | null;
  /** Sandbox that an app container belongs to. */
  sandboxId: string | null;
  /** Namespace modes a sandbox asked for; null when unreadable. */
  modes: { net: NsMode; pid: NsMode; ipc: NsMode } | null;
  /** Name of the image that a sandbox was made from. */
  image: string;
  /** Id of that image, where the metadata or snapshot tells; null otherwise. */
  imageId: string | null;
  createdAt: number;
  /** Address of a sandbox as recorded, '' for none; absent where the metadata cannot be decoded. */
  address?: string;
}

/** A record in the sandbox store of containerd 2.x that has no other record beside it. */
export interface StoreHalf {
  id: string;
  /** As in StoreRecord. */
  name: string | null;
  netnsPath: string | null;
  createdAt: number;
}

/** A task of containerd: what runs for a record. */
export interface Task {
  id: string;
  pid: number;
  status: 'created' | 'running' | 'stopped' | 'paused' | 'unknown';
}

export interface StoreFact {
  /** Of sandboxes; those of app containers are a fact of their own. */
  records: StoreRecord[];
  /** Ids in the sandbox store of containerd 2.x; null where that service does not exist. */
  sandboxes: string[] | null;
  /** Those of them that `records` lacks: of sandboxes that are being made, or that lost their record. */
  halves?: StoreHalf[];
}
