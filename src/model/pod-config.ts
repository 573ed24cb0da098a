/** CRI's PodSandboxConfig as far as podctl gives it; enums are numbers, as on the wire. */
export interface PodConfig {
  metadata: { name: string; namespace: string; uid: string; attempt: number };
  hostname: string;
  logDirectory: string;
  dnsConfig?: { servers: string[]; searches: string[]; options: string[] };
  portMappings: { protocol: number; containerPort: number; hostPort: number; hostIp: string }[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
  linux: {
    cgroupParent: string;
    sysctls: Record<string, string>;
    securityContext: { privileged: boolean; namespaceOptions: NamespaceModes };
  };
}

/** Whose namespaces a pod's containers are in. */
export interface NamespaceModes {
  network: number;
  pid: number;
  ipc: number;
}

/** CRI's NamespaceMode by name. */
export const NAMESPACE_MODES = { POD: 0, CONTAINER: 1, NODE: 2 } as const;

/** A container that a runtime is to make and start in a sandbox of its own. */
export interface PodContainer {
  sandboxId: string;
  name: string;
  attempt: number;
  image: string;
  /** Empty: what the image says. */
  command: string[];
  cwd: string;
  env: { name: string; value: string }[];
  /** Of the sandbox, from its status. */
  pod: PodConfig;
}

/** What its log is called, in the folder of its sandbox's. */
export function podLogName({ name, attempt }: { name: string; attempt: number }): string {
  return `${name}-${attempt}.log`;
}
