import type { Filesystem, LimitsFact } from '../model/facts.ts';

/** kubelet's imageGCHighThresholdPercent where nobody sets it. */
export const COLLECTS_FROM_PERCENT = 85;
/** So few per cent are a matter of days, or of one large pull. */
export const NEAR_PERCENT = 80;

/** The file system of images when it is so full that kubelet collects images, or soon will; undefined while it has room. */
export function collectionNear(
  limits: LimitsFact | undefined,
  nearPercent = NEAR_PERCENT,
): Filesystem | undefined {
  const images = limits?.filesystems.filter((one) => one.purpose === 'images') ?? [];
  return images.find((one) => one.usedPercent >= nearPercent);
}
