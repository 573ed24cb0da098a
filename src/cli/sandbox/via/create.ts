import { randomUUID } from 'node:crypto';
import { escapeText } from '../../../report/escape.ts';
import { makePod } from '../../../sandbox/cri/create.ts';
import { podConfig } from '../../../sandbox/cri/pod-config.ts';
import { newId } from '../../../sandbox/lookup.ts';
import { type Args, one } from '../../args.ts';
import type { Terminal } from '../../terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { formatOf, renderData } from '../output.ts';
import { specOf } from '../spec.ts';
import { refuseOwn } from '../via.ts';
import { withRuntime } from './shop.ts';

/** Where a runtime that leaves cgroups to systemd puts pods that name no place. */
const SLICE = 'system.slice';

/** `podctl sandbox create --via cri`: prints the id that the runtime gave. */
export async function createViaCri(args: Args, terminal: Terminal): Promise<number> {
  const format = formatOf(args);
  const own = 'the runtime attaches its sandboxes to the network that its own CNI configuration names';
  refuseOwn(args, { 'cni-conf-dir': own, 'cni-bin-dir': own });
  const network = one(args, 'network');
  if (network !== undefined && network !== 'host')
    throw new UsageError(
      `--network ${network} cannot be had with --via cri: ${own}`,
      'leave it out, or use --network host',
    );
  const { name, spec, runtime: more, ignored } = specOf(args, 'runtime');
  if (ignored[0] !== undefined)
    throw new UsageError(`-f: podctl does not pass ${ignored.join(', ')} on`, 'use crictl runp');
  const made = name ?? `sandbox-${newId().slice(0, 6)}`;
  return withRuntime(args, terminal, `sandbox create ${made}`, async ({ shop, runtime, hasKubelet }) => {
    const config = podConfig({
      name: made,
      spec: { ...spec, pod: { ...spec.pod, uid: spec.pod.uid || randomUUID() } },
      hostNetwork: network === 'host',
      runtime: more,
      cgroupParent: runtime.cgroupDriver === 'systemd' ? SLICE : '',
    });
    const pod = await makePod(shop, config);
    if (hasKubelet) terminal.err('note: a kubelet runs here, and ends sandboxes that it did not order\n');
    const data = { schema: 'podctl.cri-sandbox/v1', ...pod, endpoint: runtime.endpoint };
    terminal.out(format === 'table' ? `${escapeText(pod.id)}\n` : await renderData(data, format));
    return 0;
  });
}
