import type { Image as Listed } from '../cri/gen/cri_pb.js';
import type { Image } from '../model/facts.ts';
import { complete } from '../model/outcome.ts';
import type { Collector } from './collector.ts';
import { fromRuntime, RUNTIME_FACT_TIMEOUT_MS } from './from-runtime.ts';

/** Every image that the runtime lists. */
export const imagesCollector: Collector<'images'> = {
  fact: 'images',
  summary: 'images that the runtime lists',
  timeoutMs: RUNTIME_FACT_TIMEOUT_MS,
  needs: ['runtime'],
  collect: (context) =>
    fromRuntime(context, async (session) => {
      const { images } = await session.call('ListImages', (clients, options) =>
        clients.image.listImages({}, options),
      );
      return complete(images.map(imageOf));
    }),
};

function imageOf(listed: Listed): Image {
  return {
    id: listed.id,
    tags: listed.repoTags,
    digests: listed.repoDigests,
    size: Number(listed.size),
    pinned: listed.pinned,
  };
}
