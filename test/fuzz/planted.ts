import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { createReadHost, type ReadHost } from '../../src/host/read-host.ts';

/** A node below a folder of its own, in which one file is written again and again. */
export interface Planted {
  root: string;
  host: ReadHost;
  /** Writes a file of the node. */
  put(file: string, bytes: Buffer | string): void;
}

/** Made when it is first used, and taken away when the tests of the file have ended. */
export function planted(): () => Planted {
  let made: Planted | undefined;
  afterAll(() => made && fs.rmSync(made.root, { recursive: true, force: true }));
  return () => {
    made ??= plant(fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-fuzz-')));
    return made;
  };
}

function plant(root: string): Planted {
  const folders = new Set<string>();
  return {
    root,
    host: createReadHost(root, { nsDevice: 4 }),
    put(file, bytes) {
      const full = path.join(root, file);
      const folder = path.dirname(full);
      if (!folders.has(folder)) fs.mkdirSync(folder, { recursive: true });
      folders.add(folder);
      fs.writeFileSync(full, bytes);
    },
  };
}
