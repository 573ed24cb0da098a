import { findImage } from '../../derive/image-ref.ts';
import type { RuntimeConfigFact } from '../../model/facts.ts';
import type { Planned, Remedy, RemedyRequest } from '../remedy.ts';
import { editing } from './config-plan.ts';
import { naming } from './image-steps.ts';
import { knownOrNot, notPossible } from './known.ts';
import { onlyRestart } from './sandbox-image-config.ts';

/** The name under which containerd keeps the image is the one that it pins. */
export const nameNotCanonical: Remedy = {
  check: 'image/name-not-canonical',
  messages: null,
  kind: null,
  plan: (request) => renamed(request, String(request.finding.data.stored), 'it is stored under this name'),
};

/** What is here keeps its content where its digest is that of the public image; else the registry has it. */
export const frozenRegistry: Remedy = {
  check: 'image/frozen-registry',
  messages: null,
  kind: null,
  plan(request) {
    const { registry, successor } = request.finding.data;
    return request.finding.severity === 'info'
      ? notPossible(
          'the image is here and pinned: nothing needs its registry',
          `name ${String(successor)} when the configuration is changed for something else`,
        )
      : renamed(request, String(successor), `${String(registry)} was given up`);
  },
};

function renamed(request: RemedyRequest, image: string, because: string): Planned {
  return editing(request, ({ runtime, runtimeConfig }) => {
    const file = fileOf(runtimeConfig);
    if (runtimeConfig.sandboxImage?.value !== request.finding.subject.id) return onlyRestart();
    if (file === undefined) return notPossible('no file names the sandbox image', 'write one');
    const images = knownOrNot(request, 'images');
    const isContainerd = runtime.name === 'containerd';
    const tag =
      images && isContainerd && !findImage(images, image)
        ? naming(request, runtime.endpoint, image, images)
        : null;
    return { file, image, states: true, because, ...(tag ? { first: [tag] } : {}) };
  });
}

/** The file that names the image; the main one where it is a default. */
function fileOf({ sandboxImage, files }: RuntimeConfigFact): string | undefined {
  return sandboxImage?.file ?? files[0]?.path;
}
