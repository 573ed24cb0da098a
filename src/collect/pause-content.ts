import type { CriSession } from '../cri/session.ts';
import { timeOf } from '../cri/store-records.ts';
import { isMissing, type ReadHost } from '../host/read-host.ts';
import type { Image, PauseContentFact } from '../model/facts.ts';
import { absent, complete, type Gathered, type Problem, problem } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { fromContainerd, RUNTIME_FACT_TIMEOUT_MS, whereOffered } from './from-runtime.ts';
import { imageInfo } from './image-info.ts';
import { knownValue } from './known-value.ts';
import { layersOf } from './layers.ts';
import { pauseProgram } from './pause-program.ts';
import { sandboxImageListed } from './sandbox-image-listed.ts';

const HANDLERS = '/proc/sys/fs/binfmt_misc';

/** The program that sandboxes are made from, as it lies on the disk. It is looked at, and never run. */
export const pauseContentCollector: Collector<'pauseContent'> = {
  fact: 'pauseContent',
  summary: 'the unpacked program of the sandbox image, where some sandbox did not start or does not run',
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime', 'runtimeConfig', 'images', 'sandboxes', 'store', 'runtimeLog'],
  collect: (context) =>
    fromContainerd(context, async (session) => {
      if (!isCalledFor(context))
        return absent('every sandbox runs: nothing speaks against the sandbox image');
      const { reference, image } = sandboxImageListed(context);
      if (reference === null || image === undefined)
        return absent('the sandbox image is not listed by its name');
      return whereOffered('word of an image', () => look(context, session, reference, image));
    }),
};

async function look(
  context: CollectContext,
  session: CriSession,
  reference: string,
  image: Image,
): Promise<Gathered<PauseContentFact>> {
  const { info } = await session.call('ImageStatus', (clients, options) =>
    clients.image.imageStatus({ image: { image: reference }, verbose: true }, options),
  );
  const { architecture, entrypoint } = imageInfo(info.info ?? '');
  const problems: Problem[] = [];
  const since = await lastChange(session, reference, image);
  const layers = await unpacked(context, session, { ...image, since }, problems);
  const value: PauseContentFact = {
    image: reference,
    imageId: image.id,
    architecture,
    entrypoint,
    program: layers === null ? null : pauseProgram(context.host, layers, entrypoint, problems),
    emulators: emulators(context.host),
    since,
  };
  return complete(value, problems);
}

function isCalledFor({ known }: CollectContext): boolean {
  const sandboxes = knownValue(known('sandboxes')) ?? [];
  const logs = knownValue(known('runtimeLog')) ?? [];
  return (
    sandboxes.some((s) => s.state === 'notready' && s.provider === undefined) ||
    logs.some(({ events }) => events.some((event) => event.kind === 'pause-start'))
  );
}

/** When the image was last given its name, in milliseconds since 1970; 0 where its store has no such name. */
async function lastChange(session: CriSession, reference: string, { tags }: Image): Promise<number> {
  const names = tags.includes(reference) ? [reference] : tags;
  if (names.length === 0) return 0;
  const filters = names.map((name) => `name==${JSON.stringify(name)}`);
  const { images } = await session.call('Images/List', (clients, options) =>
    clients.images.list({ filters }, options),
  );
  return images.length === 0 ? 0 : Math.min(...images.map(({ updatedAt }) => timeOf(updatedAt)));
}

/** Folders of the image's layers, uppermost first, by the snapshot of a sandbox made from it; null when none leads there. */
async function unpacked(
  { known }: CollectContext,
  session: CriSession,
  image: Image & { since: number },
  problems: Problem[],
): Promise<string[] | null> {
  const names = new Set([image.id, ...image.tags, ...image.digests]);
  const records = knownValue(known('store'))?.records ?? [];
  const made = records.filter((r) => names.has(r.imageId ?? r.image) && r.createdAt >= image.since);
  const youngest = made.sort((a, b) => b.createdAt - a.createdAt)[0];
  if (youngest === undefined) return null;
  try {
    const { containers } = await session.call('Containers/List', (clients, options) =>
      clients.containers.list({ filters: [`id==${youngest.id}`] }, options),
    );
    const { snapshotter, snapshotKey: key } = containers[0] ?? {};
    if (!snapshotter || !key) return null;
    const { mounts } = await session.call('Snapshots/Mounts', (clients, options) =>
      clients.snapshots.mounts({ snapshotter, key }, options),
    );
    return layersOf(mounts);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(problem('unavailable', `where the sandbox image is unpacked cannot be told: ${why}`));
    return null;
  }
}

function emulators(host: ReadHost): string[] {
  try {
    return host.list(HANDLERS).filter((name) => name !== 'register' && name !== 'status');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
