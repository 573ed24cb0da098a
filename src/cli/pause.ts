import fs from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '../host/write-file.ts';
import { nativeProgram } from '../native/locate.ts';
import { pauseImage } from '../native/pause-image.ts';
import { type Args, one } from './args.ts';
import { describe } from './describe.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

const DEFAULT_TAG = `localhost/podctl/pause:${VERSION}`;
/** With its registry, which some would guess otherwise: `pause:3.9` is another image to containerd and podman. */
const TAG = /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+:[A-Za-z0-9_][\w.-]{0,127}$/;
const MAX_TAG = 255;

/** `podctl pause image`: our pause as an OCI archive. */
export async function pauseImageCommand(args: Args, terminal: Terminal): Promise<number> {
  const tag = one(args, 'tag') ?? DEFAULT_TAG;
  if (!TAG.test(tag) || tag.length > MAX_TAG)
    throw new UsageError(
      `--tag: ${JSON.stringify(tag.slice(0, 80))} is no whole name of an image`,
      'write it as registry.k8s.io/pause:3.9',
    );
  const output = one(args, 'output');
  if ((output === undefined || output === '-') && terminal.isTerminal)
    throw new UsageError('an archive is not for a terminal', 'podctl pause image -o pause.tar');
  const pause = nativeProgram('pause');
  if (!pause.ok) throw new UsageError(pause.problem.message);
  const archive = pauseImage(fs.readFileSync(pause.value), tag);
  if (output === undefined || output === '-') terminal.out(archive);
  else writeTo(output, archive);
  return 0;
}

function writeTo(output: string, archive: Buffer): void {
  const file = path.resolve(output);
  // What is there is replaced: never a device or a link.
  if (!(fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true))
    throw new UsageError(`-o: ${file} is no file`, 'name a file, or leave -o out for stdout');
  try {
    writeFileAtomic(file, archive, 0o644);
  } catch (error) {
    throw new UsageError(`-o: cannot write ${file}: ${describe(error)}`);
  }
}
