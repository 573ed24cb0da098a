import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CRI_NAMESPACE } from '../../cri/session.ts';
import type { ActionContext, Done } from '../context.ts';
import { findCtr } from './ctr.ts';
import { awaitImage } from './images.ts';
import type { ActionOf } from './records.ts';
import { runTool } from './tools.ts';

/** The archive stays where it is when the image does not come back from it. */
export async function reloadImage(
  { endpoint, image, id, daemon }: ActionOf<'reload-image'>,
  context: ActionContext,
): Promise<Done> {
  const session = context.session(endpoint);
  const { image: now } = await session.call('ImageStatus', (c, o) =>
    c.image.imageStatus({ image: { image } }, o),
  );
  if (now?.id !== id) throw new Error(`${image} is ${now?.id ?? 'gone'}, and was ${id}: look again`);
  const [ctr = '', ...words] = findCtr(daemon);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-image-'));
  const file = path.join(folder, 'image.tar');
  const run = (...more: string[]) =>
    runTool(context, ctr, [...words, '-a', endpoint, '-n', CRI_NAMESPACE, 'images', ...more]);
  try {
    await run('export', file, ...now.repoTags, ...now.repoDigests);
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  await session.call('RemoveImage', (c, o) => c.image.removeImage({ image: { image } }, o));
  context.at('during');
  try {
    await run('import', file);
    await awaitImage(endpoint, image, context, (image) => image.id === id);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${image} is in ${file}, and could not be imported from there: ${why}`);
  }
  fs.rmSync(folder, { recursive: true, force: true });
  context.note(`${image} is ${id}`);
  return 'done';
}
