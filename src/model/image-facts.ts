/** One image, as CRI lists it. */
export interface Image {
  id: string;
  tags: string[];
  digests: string[];
  size: number;
  pinned: boolean;
}

/** An image by one of its names, as containerd's own store has it. */
export interface StoredImage {
  name: string;
  /** sha256:... of what the name stands for. */
  digest: string;
  /** Of labels only those that are about CRI or pinning. */
  labels: Record<string, string>;
}

/** A pause that CRI cannot see: it is in another store of this node. */
export interface StrayImage extends StoredImage {
  store: 'namespace' | 'docker' | 'podman';
  /** containerd's namespace, or the file that says so. */
  place: string;
}

/** What containerd's stores say of the sandbox image; looked for only where CRI has none that is pinned. */
export interface ImageStoreFact {
  /** In the namespace that CRI reads: pauses by name, and the one that is configured. */
  images: StoredImage[];
  elsewhere: StrayImage[];
}

/** The program of the sandbox image as it lies unpacked on the disk. */
export interface PauseProgram {
  /** Path on the node. */
  path: string;
  kind: 'elf' | 'script' | 'empty' | 'other' | 'missing';
  /** Bytes; 0 for one that is missing. */
  size: number;
  /** Someone may execute it. */
  executable: boolean;
  /** ELF's number of the processor that it is made for; null when it is no ELF program. */
  machine: number | null;
}

/** What sandboxes are made of; looked at only where some sandbox does not run, or was not started. */
export interface PauseContentFact {
  /** The reference by which the runtime has the image, and its id. */
  image: string;
  imageId: string;
  /** As the image says: amd64, arm64; '' where it does not. */
  architecture: string;
  /** Program of the image, inside it; '' where it names none. */
  entrypoint: string;
  /** Null where no record leads to the unpacked files, or they lie in no folder. */
  program: PauseProgram | null;
  /** Handlers of the kernel that run programs of other processors: qemu-aarch64. */
  emulators: string[];
  /**
   * Milliseconds since 1970 when the name was last given to an image, or its labels changed: what sandboxes did
   * before says nothing of it. 0 where it has no such time; absent in snapshots of older releases.
   */
  since?: number;
}
