import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ociArchive } from '../../src/native/oci-archive.ts';
import { pauseImage } from '../../src/native/pause-image.ts';
import { cacheFolder, type Runtime } from './packages.ts';
import { repositoryRoot } from './repository.ts';
import { sh } from './sh.ts';

/** Image of app containers: busybox with its applets in /bin. */
export const APP_IMAGE = 'docker.io/podctl/busybox:rig';

/** Builds native/pause.c (once per source text) and gives the path of the program. Needs make and cc. */
export async function builtPause(): Promise<string> {
  const native = path.join(repositoryRoot(), 'native');
  const names = fs.readdirSync(native).filter((name) => /^(pause\.c|Makefile|.*\.h)$/.test(name));
  const sources = names.sort().map((name) => fs.readFileSync(path.join(native, name)));
  const hash = createHash('sha256').update(Buffer.concat(sources)).digest('hex').slice(0, 16);
  const folder = path.join(cacheFolder(), `native-${hash}`);
  const pause = path.join(folder, 'pause');
  if (fs.existsSync(pause)) return pause;
  const work = `${folder}.${process.pid}.tmp`;
  fs.mkdirSync(work, { recursive: true });
  try {
    await sh('make', ['-s', '-C', native, `OUT=${work}`, path.join(work, 'pause')]);
    fs.mkdirSync(folder, { recursive: true });
    fs.renameSync(path.join(work, 'pause'), pause);
  } catch (error) {
    throw new Error(`cannot build native/pause.c (needs make and a C compiler): ${String(error)}`);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return pause;
}

/** What `podctl pause image` writes, under the given names; an `edition` gives an image of another id. */
export async function pauseArchive(references: string[], edition?: string): Promise<Buffer> {
  const content = fs.readFileSync(await builtPause());
  if (edition === undefined) return pauseImage(content, ...references);
  const rootfs = [
    { name: 'pause', mode: 0o755, content },
    { name: 'edition', mode: 0o644, content: Buffer.from(edition) },
  ];
  return ociArchive({ rootfs, entrypoint: ['/pause'], references });
}

/** OCI archive of busybox: /bin with a link for every applet, and the folders that runtimes mount on. */
export async function busyboxArchive(runtime: Runtime, references: string[]): Promise<Buffer> {
  const applets = (await sh(runtime.busybox, ['--list'])).split('\n').filter((a) => a && a !== 'busybox');
  const folders = ['bin/', 'dev/', 'etc/', 'proc/', 'root/', 'sys/', 'tmp/'];
  return ociArchive({
    rootfs: [
      ...folders.map((name) => ({ name, mode: 0o755 })),
      { name: 'bin/busybox', mode: 0o755, content: fs.readFileSync(runtime.busybox) },
      ...applets.sort().map((a) => ({ name: `bin/${a}`, mode: 0o777, linkTo: 'busybox' })),
    ],
    entrypoint: ['/bin/sh'],
    references,
  });
}
