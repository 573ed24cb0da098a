import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { type ConfigReading, readContainerd } from '../../src/collect/config/containerd.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { IMAGE_PATHS } from '../../src/model/sandbox-image-keys.ts';
import { type Table, textAt } from '../../src/model/toml-value.ts';
import { plant } from '../support/node-tree.ts';

const VERSIONS = { none: '', v2: 'version = 2\n', v3: 'version = 3\n' };
const TABLES = {
  v2: '[plugins."io.containerd.grpc.v1.cri"]\n',
  v3: "[plugins.'io.containerd.cri.v1.images'.pinned_images]\n",
};
const SAYS = {
  nothing: () => '',
  'the old key': (file: string) => `${TABLES.v2}sandbox_image = "${file}-old:1"\n`,
  'the new key': (file: string) => `${TABLES.v3}sandbox = "${file}-new:1"\n`,
  'another key': () => `${TABLES.v2}enable_selinux = false\n`,
};

export interface Combination {
  name: string;
  main: string;
  dropIn: string | null;
}

/** Every main file alone, and with every drop-in; the imports are absolute or a list, in turn. */
export function combinations(): Combination[] {
  const says = Object.entries(SAYS).flatMap(([words, text]) =>
    Object.entries(VERSIONS).map(([version, line]) => ({ name: `${version}, ${words}`, line, text })),
  );
  return says.flatMap((main, m) => [
    { name: main.name, main: main.line + main.text('main'), dropIn: null },
    ...says
      .filter((_, d) => (m + d) % 3 === 0)
      .map((drop, d) => ({
        name: `${main.name}; drop-in ${drop.name}`,
        main: `${main.line}imports = ["${d % 2 ? 'FOLDER/conf.d/*.toml' : 'conf.d/10.toml'}"]\n${main.text('main')}`,
        dropIn: drop.line + drop.text('drop'),
      })),
  ]);
}

/** Writes a combination below a folder and gives its main file. */
export function plantCombination(folder: string, { main, dropIn }: Combination): string {
  plant(folder, {
    'config.toml': main.replace('FOLDER', folder),
    ...(dropIn === null ? {} : { 'conf.d/10.toml': dropIn }),
  });
  return path.join(folder, 'config.toml');
}

/** What podctl makes of it as that release. */
export async function readCombination(file: string, version: string): Promise<ConfigReading> {
  const { config } = await readContainerd(createReadHost(), {
    file,
    version,
    workingFolder: '/',
    flags: {},
    defaults: { root: '/r', state: '/s', address: '/a' },
  });
  return config;
}

/** What `containerd config dump` prints; null when it refuses the files. */
export async function dumped(containerd: string, file: string): Promise<Table | null> {
  try {
    const { stdout } = await promisify(execFile)(containerd, ['--config', file, 'config', 'dump']);
    return parse(stdout, { integersAsBigInt: 'asNeeded' });
  } catch {
    return null;
  }
}

/** The sandbox image in a dump. */
export function imageIn(dump: Table): string {
  return textAt(dump, IMAGE_PATHS.v3) ?? textAt(dump, IMAGE_PATHS.v2) ?? 'no sandbox image in the dump';
}
