/** A program that a node is made of. */
export interface NodeProgram {
  name: 'containerd' | 'crio' | 'kubelet';
  /** The first of its name where such programs are installed. */
  path: string;
  /** Null where neither the program nor the package that it came with tells. */
  version: string | null;
}

/** An unpacked node image, in which nothing runs. */
export interface NodeImageFact {
  /** What it calls itself; '' where it does not. */
  name: string;
  /** Its operating system, as os-release names it; '' where it does not. */
  os: string;
  /** Machine that its programs are for, as Node calls it; '' where they do not tell. */
  arch: string;
  programs: NodeProgram[];
}
