import { expect, test } from 'vitest';
import { resolveImport, sources } from './sources.ts';

/** Who may import whom. A module is the longest prefix that fits; each may import itself. */
const MAY: Record<string, readonly string[]> = {
  'src/model/': [],
  'src/derive/': ['src/model/'],
  'checks/': ['src/api.ts'],
  'src/report/': ['src/model/', 'cli-table3', 'yaml'],
  'src/host/': ['src/model/', 'node:', 'execa'],
  'src/cri/': ['src/model/', 'src/host/', 'node:', '@bufbuild/protobuf'],
  'src/cni/': ['src/model/', 'src/host/', 'node:'],
  'src/native/': ['src/model/', 'src/host/', 'node:'],
  'src/collect/': [
    'src/model/',
    'src/host/',
    'src/cri/',
    'src/cni/',
    'src/native/',
    'node:',
    'smol-toml',
    'yaml',
    '@bufbuild/protobuf',
  ],
  'src/check/': ['src/model/', 'src/derive/', 'src/host/', 'node:'],
  'src/check/jq-worker.ts': ['src/model/', 'node:', 'jq-web'],
  'src/remedy/': [
    'src/model/',
    'src/derive/',
    'src/host/',
    'src/cri/',
    'src/cni/',
    'src/native/',
    'node:',
    'smol-toml',
    'diff',
  ],
  'src/sandbox/': [
    'src/model/',
    'src/derive/',
    'src/remedy/',
    'src/host/',
    'src/native/',
    'src/cri/',
    'node:',
  ],
  'src/api.ts': ['src/model/', 'src/derive/'],
  'src/package-types.ts': ['src/model/'],
  'src/cli/': ['src/', 'checks/', 'package.json', 'node:', 'yargs'],
  'src/cli/config/yaml-tree.ts': ['src/', 'yaml'],
  'src/bin.ts': ['src/cli/', 'node:'],
  'src/launcher': ['node:'],
};

function moduleOf(file: string): string {
  const fits = Object.keys(MAY).filter((prefix) => file.startsWith(prefix));
  return fits.sort((a, b) => b.length - a.length)[0] ?? '';
}

test('every import goes where the design lets it go', () => {
  const all = sources('src', 'checks');
  expect(all.length).toBeGreaterThan(50);
  const wrong = all.flatMap(({ file, imports }) => {
    const module = moduleOf(file);
    const may = MAY[module];
    if (may === undefined) return [`${file} belongs to no module`];
    return imports
      .filter((to) => !to.startsWith(module) && !may.some((prefix) => to.startsWith(prefix)))
      .map((to) => `${file} imports ${to}`);
  });
  expect(wrong).toEqual([]);
});

test('what is heavy is loaded only when it is used', () => {
  const heavy = /^(yaml|diff|cli-table3|smol-toml|execa|jq-web|@connectrpc\/.*)$/;
  // These are themselves reached by dynamic import, or are a program of their own.
  const doors = ['src/cri/clients.ts', 'src/cri/connection.ts', 'src/host/run.ts', 'src/check/jq-worker.ts'];
  const found = sources('src', 'checks')
    .filter(({ file }) => !doors.includes(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^import (?!type)[^'"]*?from '([^']+)'/gm)]
        .filter(([, to = '']) => heavy.test(to) || doors.includes(resolveImport(file, to)))
        .map(([, to]) => `${file} imports ${to}`),
    );
  expect(found).toEqual([]);
});
