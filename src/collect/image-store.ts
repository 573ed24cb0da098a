import type { CriSession } from '../cri/session.ts';
import { CRI_NAMESPACE } from '../cri/session.ts';
import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import type { ImageStoreFact, StoredImage, StrayImage } from '../model/facts.ts';
import { absent, complete, type Gathered, type Problem } from '../model/outcome.ts';
import type { CollectContext, Collector } from './collector.ts';
import { dockerNames, podmanNames } from './foreign-images.ts';
import { fromContainerd, RUNTIME_FACT_TIMEOUT_MS, whereOffered } from './from-runtime.ts';
import { sandboxImageListed } from './sandbox-image-listed.ts';

const ABOUT_PINS = /cri|pin/i;
const MAX_LABEL = 256;
const MAX_NAMESPACES = 16;
const MAX_FILE = 8 * 1024 * 1024;

const FOREIGN = [
  { store: 'docker', file: '/var/lib/docker/image/overlay2/repositories.json', names: dockerNames },
  { store: 'podman', file: '/var/lib/containers/storage/overlay-images/images.json', names: podmanNames },
] as const;

/** What stands in containerd's image store of the sandbox image, and whether it lies where CRI does not look. */
export const imageStoreCollector: Collector<'imageStore'> = {
  fact: 'imageStore',
  summary: "pauses in containerd's namespaces, Docker and podman, where CRI has none that is pinned",
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime', 'runtimeConfig', 'images'],
  collect: (context) =>
    fromContainerd(context, async (session) => {
      const { reference, image } = sandboxImageListed(context);
      if (image?.pinned) return absent('the sandbox image is here and pinned: nothing else needs a look');
      return whereOffered('image store', () => look(context, session, reference));
    }),
};

async function look(
  { host }: CollectContext,
  session: CriSession,
  reference: string | null,
): Promise<Gathered<ImageStoreFact>> {
  const problems: Problem[] = [];
  const images = await imagesIn(session, CRI_NAMESPACE, reference);
  const elsewhere: StrayImage[] = [];
  for (const namespace of await otherNamespaces(session)) {
    const found = await imagesIn(session, namespace, reference);
    elsewhere.push(...found.map((one) => ({ ...one, store: 'namespace' as const, place: namespace })));
  }
  for (const { store, file, names } of FOREIGN) {
    const found = readNames(host, file, names, problems).filter((n) => isWanted(n.name, reference));
    elsewhere.push(...found.map((one) => ({ ...one, labels: {}, store, place: file })));
  }
  return complete({ images, elsewhere }, problems);
}

async function otherNamespaces(session: CriSession): Promise<string[]> {
  const { namespaces } = await session.call('Namespaces/List', (clients, options) =>
    clients.namespaces.list({}, options),
  );
  const names = namespaces.map((n) => n.name).filter((name) => name !== CRI_NAMESPACE);
  return names.sort().slice(0, MAX_NAMESPACES);
}

/** The server picks: a node may have hundreds of images. */
async function imagesIn(
  session: CriSession,
  namespace: string,
  reference: string | null,
): Promise<StoredImage[]> {
  const filters = ['name~=pause', ...(reference === null ? [] : [`name==${JSON.stringify(reference)}`])];
  const { images } = await session.call('Images/List', (clients, options) =>
    clients.images.list({ filters }, { ...options, headers: { 'containerd-namespace': namespace } }),
  );
  return images.map(({ name, target, labels }) => ({
    name,
    digest: target?.digest ?? '',
    labels: Object.fromEntries(
      Object.entries(labels).filter(([key, value]) => ABOUT_PINS.test(key) && value.length <= MAX_LABEL),
    ),
  }));
}

function isWanted(name: string, reference: string | null): boolean {
  return name === reference || name.includes('pause');
}

function readNames(
  host: ReadHost,
  file: string,
  namesIn: (text: string) => { name: string; digest: string }[],
  problems: Problem[],
): { name: string; digest: string }[] {
  try {
    return namesIn(host.readFile(file, { max: MAX_FILE }));
  } catch (error) {
    if (!isMissing(error)) problems.push(problemOf(error, file));
    return [];
  }
}
