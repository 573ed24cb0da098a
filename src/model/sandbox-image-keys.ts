/** Places where a containerd file may name the sandbox image: config version 1, 2, and 3 or 4. */
export type Place = 'v1' | 'v2' | 'v3';

/** The key of the sandbox image at each place. */
export const IMAGE_PATHS: Readonly<Record<Place, readonly string[]>> = {
  v1: ['plugins', 'cri', 'sandbox_image'],
  v2: ['plugins', 'io.containerd.grpc.v1.cri', 'sandbox_image'],
  v3: ['plugins', 'io.containerd.cri.v1.images', 'pinned_images', 'sandbox'],
};

/** The same in CRI-O's files, which have no version. */
export const CRIO_IMAGE_PATH: readonly string[] = ['crio', 'image', 'pause_image'];
