import type { StoreRecord } from '../model/facts.ts';
import { fullReference } from './image-ref.ts';

/** Whether a record is of something that was made from an image with these names, or nobody can tell that it was not. */
export function madeFrom(
  { image, imageId }: Pick<StoreRecord, 'image' | 'imageId'>,
  names: readonly string[],
  id: string,
): boolean {
  if (imageId !== null) return imageId === id;
  return image === '' || image === id || names.some((name) => fullReference(name) === fullReference(image));
}
