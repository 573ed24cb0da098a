import { createHash } from 'node:crypto';
import { type Member, tar } from './tar.ts';

export interface ImageSpec {
  /** Members of the root file system, folders before their content. */
  rootfs: Member[];
  entrypoint: string[];
  /** User and group as numbers, e.g. 65535:65535; default: root. */
  user?: string;
  /** As images name it: amd64, arm64; default: this machine's. */
  architecture?: string;
  /** Names under which the image is imported; all share one manifest, and so one id. */
  references: string[];
}

interface Blob {
  digest: string;
  bytes: Buffer;
}

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };

/** The machine's architecture as images name it. */
export function imageArchitecture(): string {
  return ARCHITECTURES[process.arch] ?? process.arch;
}

/** An OCI archive that containerd, CRI-O and podman load; the same input gives the same bytes. */
export function ociArchive(spec: ImageSpec): Buffer {
  const layer = blob(tar(spec.rootfs));
  const platform = { architecture: spec.architecture ?? imageArchitecture(), os: 'linux' };
  const config = json({
    ...platform,
    config: {
      ...(spec.user === undefined ? {} : { User: spec.user }),
      Entrypoint: spec.entrypoint,
      Env: ['PATH=/bin'],
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  });
  const index = {
    schemaVersion: 2,
    manifests: spec.references.map((reference) => ({
      ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
      platform,
      // The first is containerd's, the second what podman and skopeo read.
      annotations: {
        'io.containerd.image.name': reference,
        'org.opencontainers.image.ref.name': reference,
      },
    })),
  };
  return tar([
    file('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')),
    file('index.json', Buffer.from(JSON.stringify(index))),
    { name: 'blobs/', mode: 0o755 },
    { name: 'blobs/sha256/', mode: 0o755 },
    ...[layer, config, manifest].map((b) => file(`blobs/sha256/${b.digest.slice(7)}`, b.bytes)),
  ]);
}

function blob(bytes: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

function json(value: unknown): Blob {
  return blob(Buffer.from(JSON.stringify(value)));
}

function descriptor(mediaType: string, b: Blob): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest: b.digest, size: b.bytes.length };
}

function file(name: string, content: Buffer): Member {
  return { name, mode: 0o644, content };
}
