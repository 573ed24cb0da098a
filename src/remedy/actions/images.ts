import { setTimeout as sleep } from 'node:timers/promises';
import type { Image } from '../../cri/gen/cri_pb.js';
import type { GetImageResponse, Image as StoredImage } from '../../cri/gen/images_pb.js';
import { type CriSession, openSession, RpcError } from '../../cri/session.ts';
import { fullReference } from '../../derive/image-ref.ts';
import type { ActionContext, Done } from '../context.ts';
import type { ActionOf } from './records.ts';

/** What containerd's CRI plugin writes on images that kubelet must not collect, and on all that it knows. */
const PINNED = 'io.cri-containerd.pinned';
const MANAGED = 'io.cri-containerd.image';
/** CRI hears of a change in containerd's image store by an event. */
const HEARD_WITHIN_MS = 5000;
const LOOK_AGAIN_MS = 50;

export async function pullImage(
  { endpoint, image }: ActionOf<'pull-image'>,
  context: ActionContext,
): Promise<Done> {
  if (await statusOf(context.session(endpoint), image)) return 'nothing';
  // A session of its own: a pull may take as long as the step, and a slow registry is no runtime that hangs.
  const session = openSession(endpoint, endpoint, context.timeoutMs);
  context.signal.addEventListener('abort', session.close, { once: true });
  try {
    await session.call('PullImage', (c, o) => c.image.pullImage({ image: { image } }, o));
  } catch (error) {
    throw new Error(
      `cannot pull ${image} from ${fullReference(image).split('/')[0]}: ${causeOf(error)}; without that registry: --pause-archive FILE imports it, --risk disruptive lets podctl's own pause stand in`,
    );
  } finally {
    session.close();
  }
  context.note(`${image} is ${(await awaitImage(endpoint, image, context)).id}`);
  return 'done';
}

export async function tagImage(
  { endpoint, from, to }: ActionOf<'tag-image'>,
  context: ActionContext,
): Promise<Done> {
  const session = context.session(endpoint);
  const [source, there] = [await statusOf(session, from), await statusOf(session, to)];
  if (!source) throw new Error(`${from} is not on this node any more: look again`);
  if (there && there.id !== source.id)
    throw new Error(`${to} is another image by now (${there.id}): look again`);
  if (there) return 'nothing';
  await withStore(endpoint, () =>
    session.call('Images/Create', async (c, o) => {
      const image = whole(await c.images.get({ name: from }, o));
      const labels = { ...image.labels, [MANAGED]: 'managed' };
      return c.images.create({ image: { ...image, name: to, labels } }, o);
    }),
  );
  context.note(`${to} is ${(await awaitImage(endpoint, to, context)).id}`);
  return 'done';
}

export async function pinImage(
  { endpoint, image }: ActionOf<'pin-image'>,
  context: ActionContext,
): Promise<Done> {
  const session = context.session(endpoint);
  const now = await statusOf(session, image);
  if (!now) throw new Error(`${image} is not on this node any more: look again`);
  if (now.pinned) return 'nothing';
  await withStore(endpoint, () =>
    session.call('Images/Update', async (c, o) => {
      const stored = whole(await c.images.get({ name: image }, o));
      const pinned = { ...stored, labels: { ...stored.labels, [PINNED]: 'pinned' } };
      return c.images.update({ image: pinned, updateMask: { paths: [`labels.${PINNED}`] } }, o);
    }),
  );
  await awaitImage(endpoint, image, context, ({ pinned }) => pinned);
  return 'done';
}

/** containerd crashes on an image without a target, also where a mask says that only a label is meant. */
function whole({ image }: GetImageResponse): StoredImage {
  if (!image?.target) throw new Error("containerd's image store gave an image without a target");
  return image;
}

/** Waits until CRI has an image, as it should be. Throws when it does not come. */
export async function awaitImage(
  endpoint: string,
  reference: string,
  { session, signal }: Pick<ActionContext, 'session' | 'signal'>,
  isRight: (image: Image) => boolean = () => true,
): Promise<Image> {
  const end = performance.now() + HEARD_WITHIN_MS;
  for (;;) {
    const image = await statusOf(session(endpoint), reference);
    if (image && isRight(image)) return image;
    if (performance.now() > end || signal.aborted)
      throw new Error(
        `${endpoint} was told, and still ${image ? 'shows' : 'has no'} ${reference}${image ? ' as before' : ''}: see the runtime's log`,
      );
    await sleep(LOOK_AGAIN_MS);
  }
}

/** What the runtime knows of a reference; undefined when it is not here. */
async function statusOf(session: CriSession, reference: string): Promise<Image | undefined> {
  const answer = await session.call('ImageStatus', (c, o) =>
    c.image.imageStatus({ image: { image: reference } }, o),
  );
  return answer.image;
}

async function withStore<T>(endpoint: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof RpcError && error.failure.unimplemented)) throw error;
    throw new Error(`${endpoint} has no image store of containerd's, and CRI gives images no names or pins`);
  }
}

/** The reason at the end of a chain of failures, without what may stand in an address. */
function causeOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^.* answered PullImage with an error: /s, '')
    .replace(/^(?:(?:rpc error|failed to|error) [^:"]*(?:"[^"]*"[^:"]*)*: )+/, '')
    .replace(/\?[^\s"']*/g, '?...');
}
