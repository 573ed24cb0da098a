/** Which pause belongs to which release: what podctl was made with, and what a file of the node adds. */
export interface PauseVersionsFact {
  /** `built-in`, or the file that was laid over it. */
  source: string;
  /** Day of what is known last: YYYY-MM-DD. */
  asOf: string;
  /** Minor of Kubernetes (1.34) -> tag of the pause that its kubeadm wants. */
  kubeadm: Record<string, string>;
  /**
   * First release with it -> sandbox image that the runtime uses when no file says. Of minors after the last one
   * nothing is known.
   */
  defaults: { containerd: Record<string, string>; crio: Record<string, string> };
  /** First releases that keep pinned images, one for each minor that came to it by a patch. */
  pinning: { containerd: string[] };
  /** Tag -> digest of the index that Kubernetes' registries serve for it: what has it is that pause. */
  digests: Record<string, string>;
}
