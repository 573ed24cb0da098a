import { escapeText } from '../../../report/escape.ts';
import { followToEnd, forgetInPod } from '../../../sandbox/cri/follow.ts';
import { listPods, type Pod, requirePod } from '../../../sandbox/cri/pods.ts';
import { startInPod, type WantedPodContainer } from '../../../sandbox/cri/run.ts';
import { programName, requireName } from '../../../sandbox/lookup.ts';
import { parsePairs } from '../../../sandbox/words.ts';
import { type Args, many, one } from '../../args.ts';
import { stoppable } from '../../signals.ts';
import type { Terminal } from '../../terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { logWriter } from '../log-writer.ts';
import { formatOf, renderData } from '../output.ts';
import { programOf } from '../program.ts';
import { cwdOf } from '../run.ts';
import { refuseOwn } from '../via.ts';
import { type Via, withRuntime } from './shop.ts';

const FOREVER_MS = 2 ** 31 - 1;
const GRACE_MS = 10_000;

/** `podctl sandbox run --via cri`: the program's exit code; with -d it prints the container's id. */
export async function runViaCri(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  const own = 'a runtime runs images: name one with --image';
  refuseOwn(args, { rootfs: own, bundle: own });
  const wanted = askedFor(args);
  return withRuntime(args, terminal, `sandbox run ${one(args, 'sandbox')}`, async (via) => {
    const pod = requirePod(await listPods(via.shop.session), one(args, 'sandbox') ?? '');
    if (args.detach !== true)
      return inForeground(via, pod, wanted, one(args, 'name') === undefined, terminal);
    const container = await startInPod(via.shop, pod, wanted);
    const data = { schema: 'podctl.cri-container/v1', ...container, sandboxId: pod.id };
    terminal.out(format === 'table' ? `${escapeText(container.id)}\n` : await renderData(data, format));
    return 0;
  });
}

function askedFor(args: Args): WantedPodContainer {
  const image = one(args, 'image');
  if (image === undefined)
    throw new UsageError('--via cri needs an image', `podctl sandbox run --via cri --image REF ...`);
  const command = programOf(args, 'run', true);
  const name = one(args, 'name');
  return {
    name: name === undefined ? programName(command[0] ?? imageName(image)) : requireName('the name', name),
    image,
    command,
    cwd: cwdOf(args),
    env: Object.entries(parsePairs('--env', many(args, 'env'))).map(([key, value]) => ({ name: key, value })),
  };
}

/** `library/busybox` of `docker.io/library/busybox:1.36@sha256:...`. */
function imageName(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/**
 * Its log is followed: it has no stdin. The first signal asks it to end, as does a reader of ours that went away.
 */
async function inForeground(
  { shop }: Via,
  pod: Pod,
  wanted: WantedPodContainer,
  isNameless: boolean,
  terminal: Terminal,
): Promise<number> {
  const stop = stoppable(FOREVER_MS);
  try {
    const container = await startInPod(shop, pod, wanted);
    const follower = { write: logWriter(terminal, false), signal: stop.signal, graceMs: GRACE_MS };
    const { exitCode, reason } = await followToEnd(shop, pod, container, follower);
    if (reason !== '' && reason !== 'Completed' && reason !== 'Error')
      terminal.err(`note: container ${escapeText(`${wanted.name}: ${reason}`)}\n`);
    const left = isNameless ? await forgetInPod(shop, pod, container) : null;
    if (left !== null) terminal.err(`warning: ${escapeText(left)}\n`);
    return exitCode;
  } finally {
    stop.done();
  }
}
