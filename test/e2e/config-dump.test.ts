import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { beforeAll, describe, expect, it } from 'vitest';
import { readContainerd } from '../../src/collect/config/containerd.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import { textAt } from '../../src/model/toml-value.ts';
import { type Line, type Runtimes, runtimes } from '../rig/packages.ts';
import { plant, temporaryFolder } from '../support/node-tree.ts';

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

interface Combination {
  name: string;
  main: string;
  dropIn: string | null;
}

/** Every main file alone, and with every drop-in; the imports are absolute or a list, in turn. */
function combinations(): Combination[] {
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

/** What `containerd config dump` shows; null when it refuses the files. */
async function dumped(containerd: string, file: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(containerd, ['--config', file, 'config', 'dump']);
    const dump = parse(stdout);
    return (
      textAt(dump, ['plugins', 'io.containerd.cri.v1.images', 'pinned_images', 'sandbox']) ??
      textAt(dump, ['plugins', 'io.containerd.grpc.v1.cri', 'sandbox_image']) ??
      'no sandbox image in the dump'
    );
  } catch {
    return null;
  }
}

const REQUIRED: readonly Line[] = ['1.6', '2.x'];
let found: Runtimes;

beforeAll(async () => {
  found = await runtimes();
});

describe.each<Line>(['1.6', '1.7', '2.x'])('containerd %s', (line) => {
  it('reads its files as its own dump says', { timeout: 300_000 }, async () => {
    const runtime = found.available.find((one) => one.line === line);
    if (runtime === undefined) {
      const reason = found.missing.find((one) => one.version === line)?.reason;
      if (REQUIRED.includes(line)) throw new Error(`containerd ${line} cannot be had: ${reason}`);
      process.stdout.write(`containerd ${line} is not compared: ${reason}\n`);
      return;
    }
    const { version, bin } = runtime;
    const host = createReadHost();
    const root = temporaryFolder();
    const theirs: Record<string, string | null> = {};
    const ours: Record<string, string | null> = {};
    for (const [i, { name, main, dropIn }] of combinations().entries()) {
      const folder = path.join(root, String(i));
      const file = path.join(folder, 'config.toml');
      plant(folder, {
        'config.toml': main.replace('FOLDER', folder),
        ...(dropIn === null ? {} : { 'conf.d/10.toml': dropIn }),
      });
      const { config } = await readContainerd(host, {
        file,
        version,
        workingFolder: '/',
        flags: {},
        defaults: { root: '/r', state: '/s', address: '/a' },
      });
      theirs[name] = await dumped(bin.containerd, file);
      ours[name] = config.sandboxImage?.value ?? null;
    }
    expect(Object.keys(theirs).length).toBeGreaterThan(50);
    expect(ours).toEqual(theirs);
  });
});
