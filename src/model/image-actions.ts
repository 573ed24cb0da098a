import type { ProcessIdentity } from './plan.ts';

/** What podctl can do to a runtime's images. */
export type ImageAction =
  | { kind: 'pull-image'; endpoint: string; image: string }
  /**
   * Imports an OCI archive under the names that it carries, then sees that `image` is there. `archive`: '' for
   * podctl's own pause under that name. `daemon`: the containerd whose ctr does it; null for the system's.
   * `replaces`: id of the image that loses the name to it; null where nothing has it.
   */
  | {
      kind: 'import-image';
      endpoint: string;
      archive: string;
      image: string;
      daemon: ProcessIdentity | null;
      replaces: string | null;
    }
  /**
   * Has an image unpacked anew from its content, which is intact: exports it, removes it with all its names and what
   * was unpacked of it, and imports it. `id`: of the image, which is the same before and after.
   */
  | { kind: 'reload-image'; endpoint: string; image: string; id: string; daemon: ProcessIdentity | null }
  /**
   * Brings an image from another namespace of containerd to CRI's, under the name that it has there. `digest`: of
   * what the name stands for. `daemon`: as above.
   */
  | {
      kind: 'copy-image';
      endpoint: string;
      namespace: string;
      image: string;
      digest: string;
      daemon: ProcessIdentity | null;
    }
  | { kind: 'tag-image'; endpoint: string; from: string; to: string }
  | { kind: 'pin-image'; endpoint: string; image: string };
