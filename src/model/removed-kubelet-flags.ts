/**
 * Flags about pod sandboxes that kubelet ends over, by name, and the release that knows them no more; the one for the
 * pause image is told elsewhere. Read in the changes of Kubernetes as of 2026-08-22.
 */
export const REMOVED_KUBELET_FLAGS: Readonly<Record<string, string>> = {
  'network-plugin': '1.24.0',
  'network-plugin-mtu': '1.24.0',
  'cni-bin-dir': '1.24.0',
  'cni-conf-dir': '1.24.0',
  'cni-cache-dir': '1.24.0',
  'docker-endpoint': '1.24.0',
  'image-pull-progress-deadline': '1.24.0',
  'experimental-dockershim-root-directory': '1.24.0',
  'container-runtime': '1.27.0',
};
