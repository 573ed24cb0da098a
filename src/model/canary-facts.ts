/** One thing that was done with a canary's sandbox, or looked at in it. */
export interface CanaryStep {
  /** A call of CRI, a step of podctl's own (`cni-add`), or what was looked at: `localhost`. */
  name: string;
  /** What it tells of. `sandbox`: that one can be made, joined and taken away. `network`: that it can be used. */
  part: 'sandbox' | 'network';
  /** `unjudged`: it cannot be told on this node; `note` says why. */
  status: 'done' | 'failed' | 'unjudged' | 'not-reached';
  ms: number;
  /** What was seen, or why it failed. */
  note: string;
}

/** A short-lived sandbox with two containers, and how it went. */
export interface CanaryRun {
  maker: 'runtime' | 'podctl';
  /** Who was asked: the runtime's socket; '' for podctl itself. */
  endpoint: string;
  name: string;
  /** '' when none was made. */
  sandboxId: string;
  /** CNI network of the node, as its configuration names it; '' where there is none. */
  network: string;
  /** Of the runtime's sandbox and its containers; '' for podctl's. */
  image: string;
  /** Why none was made, and that is no fault; '' when one was tried. */
  skipped: string;
  /** Why its network says nothing about that of pods; '' when it does. */
  networkUnjudged: string;
  /** In order; those that were not reached come last. */
  steps: CanaryStep[];
  /** Which part of the runtime the failed step names; '' when none failed, or it does not tell. */
  stage: '' | 'network' | 'image' | 'process' | 'name' | 'silence';
  /** Kubelet took it away, which is its right. */
  endedByKubelet: boolean;
  /** What of it was there after its removal: `reservation /var/lib/cni/networks/x/10.0.0.2`. */
  left: string[];
  ms: number;
}

/** Can this node make a sandbox now? Gathered by `doctor --active` alone: it changes the node while it looks. */
export interface CanaryFact {
  runs: CanaryRun[];
  /** Sandboxes of canaries that were killed before, which this one took away. */
  swept: string[];
}
