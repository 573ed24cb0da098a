// Builds the programs of native/ with make and the C compiler, where they are.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'native');
const PROGRAMS = ['pause', 'podctl-ns'];

/** Which of the tools that are needed can be found. */
export function nativeTools() {
  const places = (process.env.PATH ?? '').split(':').filter(Boolean);
  return ['make', 'cc'].filter((tool) => places.some((place) => fs.existsSync(path.join(place, tool))));
}

/** Files that decide about the programs, from the root of the repository. */
export function nativeSources() {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$|^Makefile$/.test(name))
    .map((name) => `native/${name}`)
    .sort();
}

/**
 * Pairs of name below dist/ and content. None, with one line that says why, where they cannot be built: only
 * sandboxes of podctl's own need them.
 */
export function buildNative() {
  if (nativeTools().length < 2) {
    console.error('native: not built, for want of make and cc: "podctl sandbox" will not work');
    return [];
  }
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-native-'));
  try {
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    const { status, stderr } = spawnSync(
      'make',
      ['-s', '-j2', '-C', folder, `OUT=${out}`, `VERSION=${version}`],
      { encoding: 'utf8' },
    );
    if (status !== 0) {
      const said =
        stderr.split('\n').find((line) => /error|cannot/.test(line)) ?? `make ended with ${status}`;
      console.error(`native: not built, so "podctl sandbox" will not work: ${said.trim()}`);
      return [];
    }
    return PROGRAMS.map((name) => [`native/${name}`, fs.readFileSync(path.join(out, name))]);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
}
