import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { StoreRecord } from '../model/facts.ts';
import { type Problem, problem } from '../model/outcome.ts';
import type { Container as Stored } from './gen/store_pb.js';
import type { CriSession } from './session.ts';
import { NO_METADATA, type StoreMetadata, storeMetadata } from './store-metadata.ts';

const KIND = 'io.cri-containerd.kind';

/** CRI's records of one kind in containerd's store. Unreadable metadata is a problem beside its record. */
export async function storeRecords(
  session: CriSession,
  kind: StoreRecord['kind'],
): Promise<{ records: StoreRecord[]; problems: Problem[] }> {
  const filters = [`labels."${KIND}"==${kind}`];
  const { containers } = await session.call('Containers/List', (clients, options) =>
    clients.containers.list({ filters }, options),
  );
  const problems: Problem[] = [];
  return { records: containers.map((stored) => recordOf(stored, kind, problems)), problems };
}

function recordOf(stored: Stored, kind: StoreRecord['kind'], problems: Problem[]): StoreRecord {
  const metadata = metadataOf(stored, kind, problems);
  return {
    id: stored.id,
    kind,
    ...metadata,
    sandboxId: metadata.sandboxId ?? (stored.sandbox || null),
    image: stored.image,
    createdAt: timeOf(stored.createdAt),
  };
}

function metadataOf(stored: Stored, kind: StoreRecord['kind'], problems: Problem[]): StoreMetadata {
  const extension = `io.cri-containerd.${kind}.metadata`;
  const any = stored.extensions[extension];
  try {
    if (!any) throw new Error('it is missing');
    return storeMetadata(any.value, kind);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `containerd's record of ${kind} ${stored.id} has unreadable CRI metadata (${extension}): ${why}`;
    problems.push(problem('malformed', message, stored.id));
    return NO_METADATA;
  }
}

/** Milliseconds since 1970; 0 for none. */
export function timeOf(time: Timestamp | undefined): number {
  return time ? Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000) : 0;
}
