import type { CriCapture } from './load.ts';

/** The plain pod of the set without pauses: its sandbox, its pin, its processes and their monitors. */
export const WEB = '7ecb6afba5a1ce5ca256f3c21b81127632b8ff522625564c0281c1dce0abb13e';
export const PIN = '100f6dfd-4f2a-4a0f-bd6b-017cbc80a031';
export const OF_WEB = [14192, 14209, 14247, 14263];

/** CRI-O no longer lists a sandbox and its containers. */
export function unlist({ cri }: CriCapture, id: string): void {
  cri.sandboxes.items = cri.sandboxes.items.filter((one) => one.id !== id);
  cri.containers.containers = cri.containers.containers.filter((one) => one.podSandboxId !== id);
}

/** CRI-O has no trace of a sandbox and its containers. */
export function forget(capture: CriCapture, id: string): void {
  const { files, cri } = capture;
  const ids = [id, ...cri.containers.containers.filter((c) => c.podSandboxId === id).map((c) => c.id)];
  for (const path of Object.keys(files)) {
    if (ids.some((one) => path.includes(`/overlay-containers/${one}/userdata/`))) delete files[path];
  }
  unlist(capture, id);
}
