import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isRunning } from '../../host/process.ts';
import { createReadHost } from '../../host/read-host.ts';
import { whyNotToRun } from '../../host/trusted-program.ts';
import type { ConfigCheck } from '../../model/plan.ts';
import { IMAGE_PATHS } from '../../model/sandbox-image-keys.ts';
import { isTable, keyName, type Table, textAt } from '../../model/toml-value.ts';
import { runTool } from '../actions/tools.ts';
import type { ActionContext } from '../context.ts';

/** What containerd makes of its files; or why it refuses them, or why it was not asked. */
export type Dump = { table: Table } | { refused: string } | { unasked: string };

const PLACES = [IMAGE_PATHS.v3, IMAGE_PATHS.v2, IMAGE_PATHS.v1];
/** What may differ: the image, and the list of files, which 1.x prints in any order. */
const EXPECTED = [...PLACES, ['imports']];

/** Asks the program of the containerd that runs what it makes of its files now. */
export async function dumpConfig(
  { daemon, file }: ConfigCheck,
  context: Pick<ActionContext, 'timeoutMs' | 'signal'>,
): Promise<Dump> {
  const unasked = whyNotAsked(daemon);
  if (unasked !== '') return { unasked };
  const link = `/proc/${daemon.pid}`;
  try {
    const cwd = fs.readlinkSync(`${link}/cwd`);
    const text = await runTool(context, `${link}/exe`, ['--config', file, 'config', 'dump'], cwd);
    const { parse } = await import('smol-toml');
    return { table: parse(text, { integersAsBigInt: 'asNeeded' }) };
  } catch (error) {
    // Its last words only: more may show lines of the file.
    const words = (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '';
    return { refused: words.slice(0, 300) };
  }
}

/** Why an edit must not stay; '' when the sandbox image is the one that is wanted, and nothing else changed. */
export function faultOfEdit(before: Dump, after: Dump, sandboxImage: string): string {
  if ('refused' in after) return `containerd does not start with it: ${after.refused}`;
  if ('unasked' in after) return '';
  const shown = PLACES.map((place) => textAt(after.table, place)).find((text) => text !== undefined);
  if (shown !== sandboxImage)
    return `containerd config dump still shows ${shown ?? 'no sandbox image'}, not ${sandboxImage}: another file or flag decides`;
  const other = 'table' in before ? differing(before.table, after.table, []) : null;
  return other === null
    ? ''
    : `it changes ${keyName(other)} as well: name the image in the file that has that`;
}

/** The first key but the sandbox image whose value differs; null when all are the same. */
function differing(a: Table, b: Table, at: readonly string[]): readonly string[] | null {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const here = [...at, key];
    if (EXPECTED.some((place) => isDeepStrictEqual(place, here))) continue;
    const [x, y] = [a, b].map((table) => (Object.hasOwn(table, key) ? table[key] : undefined));
    const found = isTable(x) && isTable(y) ? differing(x, y, here) : isDeepStrictEqual(x, y) ? null : here;
    if (found !== null) return found;
  }
  return null;
}

function whyNotAsked(daemon: ConfigCheck['daemon']): string {
  if (!isRunning(daemon)) return 'containerd does not run any more';
  const host = createReadHost();
  const exe = fs.readlinkSync(`/proc/${daemon.pid}/exe`);
  // In k3s the program that runs is more than containerd.
  if (path.basename(exe) !== 'containerd') return `${exe} is not called containerd`;
  const mnt = host.nsId(`/proc/${daemon.pid}/ns/mnt`);
  return whyNotToRun(host, { pid: daemon.pid, exe, mnt }, 'containerd') ?? '';
}
