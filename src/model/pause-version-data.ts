import type { PauseVersionsFact } from './pause-version-facts.ts';

/** What podctl knows by itself. A file laid over it keeps it young: --pause-versions. */
export const PAUSE_VERSIONS: PauseVersionsFact = {
  source: 'built-in',
  asOf: '2026-11-23',
  /**
   * PauseVersion in kubeadm's constants.go (constants_unix.go before 1.21), and tables made from it by minikube and
   * kubespray. 1.36 rests on one downstream source: https://github.com/kubeclipper/kubeclipper/issues/947.
   */
  kubeadm: {
    '1.18': '3.2',
    '1.19': '3.2',
    '1.20': '3.2',
    '1.21': '3.4.1',
    '1.22': '3.5',
    '1.23': '3.6',
    '1.24': '3.7',
    '1.25': '3.8',
    '1.26': '3.9',
    '1.27': '3.9',
    '1.28': '3.9',
    '1.29': '3.9',
    '1.30': '3.9',
    '1.31': '3.10',
    '1.32': '3.10',
    '1.33': '3.10',
    '1.34': '3.10.1',
    '1.35': '3.10.1',
    '1.36': '3.10.2',
  },
  /** Sources of containerd and CRI-O at their release tags, read on 2026-08-22. */
  defaults: {
    containerd: {
      '1.3.0': 'k8s.gcr.io/pause:3.1',
      '1.4.0': 'k8s.gcr.io/pause:3.2',
      '1.5.0': 'k8s.gcr.io/pause:3.5',
      '1.5.14': 'registry.k8s.io/pause:3.5',
      '1.6.0': 'k8s.gcr.io/pause:3.6',
      '1.6.9': 'registry.k8s.io/pause:3.6',
      '1.7.0': 'registry.k8s.io/pause:3.8',
      '2.0.0': 'registry.k8s.io/pause:3.10',
      '2.2.0': 'registry.k8s.io/pause:3.10.1',
      '2.3.0': 'registry.k8s.io/pause:3.10.2',
      '2.4.0': 'registry.k8s.io/pause:3.10.2',
    },
    crio: {
      '1.16.0': 'k8s.gcr.io/pause:3.1',
      '1.18.0': 'k8s.gcr.io/pause:3.2',
      '1.21.0': 'k8s.gcr.io/pause:3.5',
      '1.23.0': 'k8s.gcr.io/pause:3.6',
      '1.24.0': 'registry.k8s.io/pause:3.6',
      '1.27.1': 'registry.k8s.io/pause:3.9',
      '1.31.0': 'registry.k8s.io/pause:3.10',
      '1.34.0': 'registry.k8s.io/pause:3.10.1',
      '1.37.0': 'registry.k8s.io/pause:3.10.1',
    },
  },
  /** Release tags of containerd that have the label; https://github.com/awslabs/amazon-eks-ami/issues/1597. */
  pinning: { containerd: ['1.6.22', '1.7.3'] },
  /** Asked of registry.k8s.io. */
  digests: {
    '3.5': 'sha256:1ff6c18fbef2045af6b9c16bf034cc421a29027b800e4f9b68ae9b1cb3e9ae07',
    '3.6': 'sha256:3d380ca8864549e74af4b29c10f9cb0956236dfb01c40ca076fb6c37253234db',
    '3.9': 'sha256:7031c1b283388d2c2e09b57badb803c05ebed362dc88d84b480cc47f72a21097',
    '3.10': 'sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a',
    '3.10.1': 'sha256:278fb9dbcca9518083ad1e11276933a2e96f23de604a3a08cc3c80002767d24c',
  },
};
