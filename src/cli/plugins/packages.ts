import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globFits } from '../../check/glob.ts';
import { isObject } from '../../model/shape.ts';
import { describe } from '../describe.ts';
import { type Found, foundOf } from './find.ts';
import { readSource } from './source.ts';
import { Unusable } from './unusable.ts';

/** Where `npm install --prefix` puts what the configuration of a node names. */
const NODE_PREFIX = '/etc/podctl';

/**
 * Files of checks that an npm package names in its package.json: `podctl.checks`, a path or a list of them, each with
 * `*` for any text in a name. The package is looked for below /etc/podctl, and where podctl itself is installed, in
 * the same folder and those above.
 */
export function filesOfPackage(name: string, prefixes = [NODE_PREFIX, ...ownPrefixes()]): Found[] {
  try {
    const folder = prefixes
      .map((prefix) => path.join(prefix, 'node_modules', name))
      .find((place) => fs.existsSync(path.join(place, 'package.json')));
    if (folder === undefined) {
      const cure = ['npm', 'install', '--prefix', NODE_PREFIX, name];
      throw new Unusable(
        'broken',
        `the package ${name}, which the configuration names, is not installed`,
        cure,
      );
    }
    return namedFiles(folder);
  } catch (error) {
    if (error instanceof Unusable) return [{ file: name, unusable: error }];
    throw error;
  }
}

function namedFiles(folder: string): Found[] {
  const manifest = path.join(folder, 'package.json');
  const globs = globsOf(manifest);
  const files = globs.flatMap((glob) => filesFor(folder, glob, manifest));
  const found = [...new Set(files)].flatMap((file) => foundOf(file) ?? []);
  if (found.length > 0) return found;
  throw new Unusable('broken', `${manifest}: podctl.checks names no file of checks that is there`);
}

function globsOf(manifest: string): string[] {
  const { podctl } = parse(manifest);
  const checks = isObject(podctl) ? podctl.checks : undefined;
  const globs: unknown[] = Array.isArray(checks) ? checks : [checks];
  if (globs.every((glob) => typeof glob === 'string')) return globs;
  throw new Unusable('broken', `${manifest}: podctl.checks is neither a path nor a list of paths`);
}

function parse(manifest: string): Record<string, unknown> {
  const text = readSource(manifest);
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, as what is JSON and no object.
  }
  throw new Unusable('broken', `${manifest} is not an object as JSON`);
}

function filesFor(folder: string, glob: string, manifest: string): string[] {
  const parts = glob.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || path.isAbsolute(glob))
    throw new Unusable('broken', `${manifest}: podctl.checks leads out of the package: ${glob}`);
  let places = [folder];
  for (const part of parts) places = places.flatMap((place) => within(place, part));
  return places;
}

function within(place: string, part: string): string[] {
  if (!part.includes('*')) return [path.join(place, part)].filter((file) => fs.existsSync(file));
  try {
    const names = fs.readdirSync(place).sort();
    return names.filter((name) => globFits(part, name)).map((name) => path.join(place, name));
  } catch (error) {
    throw new Unusable('broken', `cannot read ${place}: ${describe(error)}`);
  }
}

/** Folders that hold the node_modules that podctl is in, and those above. */
function ownPrefixes(): string[] {
  const prefixes: string[] = [];
  for (let place = fileURLToPath(import.meta.url); place !== '/'; place = path.dirname(place))
    prefixes.push(path.dirname(place));
  return prefixes.map((prefix) => (path.basename(prefix) === 'node_modules' ? path.dirname(prefix) : prefix));
}
