import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fullReference } from '../../derive/image-ref.ts';
import { nativeProgram } from '../../native/locate.ts';
import { pauseImage } from '../../native/pause-image.ts';
import type { ActionContext, Done } from '../context.ts';
import { findCtr } from './ctr.ts';
import { awaitImage } from './images.ts';
import { required } from './native.ts';
import type { ActionOf } from './records.ts';
import { runTool } from './tools.ts';

export async function importImage(
  { endpoint, archive, image, daemon, replaces }: ActionOf<'import-image'>,
  context: ActionContext,
): Promise<Done> {
  const answer = await context
    .session(endpoint)
    .call('ImageStatus', (c, o) => c.image.imageStatus({ image: { image } }, o));
  if (answer.image && answer.image.id !== replaces) return 'nothing';
  const [ctr = '', ...words] = findCtr(daemon);
  const said = await withArchive(archive, image, (file) =>
    runTool(context, ctr, [...words, '-a', endpoint, '-n', 'k8s.io', 'images', 'import', file]),
  );
  const { id } = await awaitImage(endpoint, image, context, (now) => now.id !== replaces).catch(() => {
    if (replaces !== null && namesIn(said).includes(fullReference(image)))
      throw new Error(`${image} is the same image as before: give another one with --pause-archive FILE`);
    throw new Error(
      `${archive} does not hold ${image}, but ${namesIn(said)}: give that one the name with ctr images tag`,
    );
  });
  context.note(`${image} is ${id}`);
  return 'done';
}

/** An archive as a file: the one named, or one of podctl's own pause that goes again. */
async function withArchive<T>(archive: string, image: string, use: (file: string) => Promise<T>): Promise<T> {
  if (archive !== '') return use(archive);
  const program = fs.readFileSync(required(nativeProgram('pause')));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-pause-'));
  try {
    const file = path.join(folder, 'pause.tar');
    fs.writeFileSync(file, pauseImage(program, fullReference(image)));
    return await use(file);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What ctr said that it took in: `unpacking NAME (DIGEST)`, or `NAME saved` from 2.1. */
function namesIn(said: string): string {
  const found = [...said.matchAll(/^(?:unpacking )?(\S+)\s+(?:\(sha256:|saved)/gm)].map(([, name]) => name);
  return found.length === 0 ? 'other names' : [...new Set(found)].join(', ');
}
