import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Containerd } from './containerd.ts';

/** A registry on this machine, over plain HTTP. */
export interface Registry {
  /** http://127.0.0.1:PORT */
  url: string;
  /** Requests so far, as METHOD PATH. */
  asked: string[];
  close(): Promise<void>;
}

interface Manifest {
  digest: string;
  mediaType: string;
  annotations: Record<string, string>;
}

const BLOCK = 512;

/** Serves the images of an OCI archive by the distribution API, each at the path and tag of its name. */
export async function startRegistry(archive: Buffer): Promise<Registry> {
  const members = untar(archive);
  const index = JSON.parse(String(members.get('index.json'))) as { manifests: Manifest[] };
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [, name, kind, reference] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    if (request.url === '/v2/') return void response.end();
    const manifest = index.manifests.find(({ annotations, digest }) =>
      kind === 'manifests' && reference === digest
        ? true
        : annotations['io.containerd.image.name']?.endsWith(`/${name}:${reference}`),
    );
    const digest = kind === 'blobs' ? reference : manifest?.digest;
    const content = digest && members.get(`blobs/sha256/${digest.replace('sha256:', '')}`);
    if (!content || !digest) {
      response.writeHead(404, { 'content-type': 'application/json' });
      return void response.end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"not here"}]}');
    }
    response.writeHead(200, {
      'content-type': kind === 'blobs' ? 'application/octet-stream' : (manifest?.mediaType ?? ''),
      'content-length': content.length,
      'docker-content-digest': `sha256:${createHash('sha256').update(content).digest('hex')}`,
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a rig's pulls from `host` to a URL; in force after this. */
export async function mirror(containerd: Containerd, host: string, url: string): Promise<void> {
  const folder = path.join(containerd.dir, 'certs.d');
  fs.mkdirSync(path.join(folder, host), { recursive: true });
  const hosts = `server = "${url}"\n\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
  fs.writeFileSync(path.join(folder, host, 'hosts.toml'), hosts);
  const images =
    containerd.runtime.line === '2.x' ? 'io.containerd.cri.v1.images' : 'io.containerd.grpc.v1.cri';
  await containerd.restart({ tail: `[plugins."${images}".registry]\n  config_path = "${folder}"\n` });
}

function untar(archive: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '');
    if (name === '') break;
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8) || 0;
    members.set(name, archive.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}
