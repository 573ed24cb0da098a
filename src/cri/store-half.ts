import type { StoreHalf } from '../model/facts.ts';
import type { Sandbox as Stored } from './gen/sandboxes_pb.js';
import { NO_METADATA, type StoreMetadata, storeMetadata } from './store-metadata.ts';
import { timeOf } from './store-records.ts';

/** What a record of the sandbox store tells by itself. CRI's metadata is one of its extensions. */
export function storeHalf({ sandboxId: id, createdAt, extensions }: Stored): StoreHalf {
  const { name, netnsPath } = Object.values(extensions)
    .map(({ value }) => readable(value))
    .reduce((found, one) => (found.name === null ? one : found), NO_METADATA);
  return { id, name, netnsPath, createdAt: timeOf(createdAt) };
}

function readable(bytes: Uint8Array): StoreMetadata {
  try {
    return storeMetadata(bytes, 'sandbox');
  } catch {
    return NO_METADATA;
  }
}
