import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CRI_NAMESPACE } from '../../cri/session.ts';
import type { ActionContext, Done } from '../context.ts';
import { storedDigest } from '../stored-image.ts';
import { findCtr } from './ctr.ts';
import { awaitImage } from './images.ts';
import type { ActionOf } from './records.ts';
import { runTool } from './tools.ts';

/** What is written down of it names the content, which ctr's exit code says nothing about. */
export async function copyImage(
  { endpoint, namespace, image, digest, daemon }: ActionOf<'copy-image'>,
  context: ActionContext,
): Promise<Done> {
  const there = await storedDigest({ endpoint, namespace: CRI_NAMESPACE, image }, context);
  if (there === digest) return 'nothing';
  if (there !== null) throw new Error(`${image} is another image by now (${there}): look again`);
  const [ctr = '', ...words] = findCtr(daemon);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-image-'));
  try {
    const file = path.join(folder, 'image.tar');
    const run = (of: string, ...more: string[]) =>
      runTool(context, ctr, [...words, '-a', endpoint, '-n', of, 'images', ...more]);
    await run(namespace, 'export', file, image);
    await run(CRI_NAMESPACE, 'import', file);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const now = await storedDigest({ endpoint, namespace: CRI_NAMESPACE, image }, context);
  if (now !== digest)
    throw new Error(`${image} came as ${now ?? 'nothing'}, and is ${digest} in ${namespace}: pull it`);
  context.note(`${image} is ${(await awaitImage(endpoint, image, context)).id}`);
  return 'done';
}
