import type { Image } from '../model/facts.ts';
import type { CollectContext } from './collector.ts';
import { knownValue } from './known-value.ts';

/**
 * The reference of the sandbox image, and the image that is listed by that very name. Enough to tell that nothing
 * needs a closer look; whether another spelling names the same image is for the checks to say.
 */
export function sandboxImageListed({ known }: Pick<CollectContext, 'known'>): {
  reference: string | null;
  image: Image | undefined;
} {
  const stated = knownValue(known('runtimeConfig'))?.sandboxImage?.value;
  const reference = knownValue(known('runtime'))?.sandboxImage ?? stated ?? null;
  const images = knownValue(known('images')) ?? [];
  const image = images.find(({ tags, digests }) => [...tags, ...digests].some((name) => name === reference));
  return { reference, image };
}
