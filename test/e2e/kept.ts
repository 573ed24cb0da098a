import type { Containerd } from '../rig/containerd.ts';
import type { Seen } from './doctor.ts';
import { found } from './fault-table.ts';

/** containerd 1.6 keeps the sandbox that could not be made, with its network; later ones drop it. */
export async function kept(
  containerd: Containerd,
  messageId: 'noConfig' | 'noPlugin' | 'halfMade',
): Promise<Seen[]> {
  if (containerd.runtime.line !== '1.6') return [];
  const { items } = await containerd.session.call('ListPodSandbox', (c, o) =>
    c.runtime.listPodSandbox({}, o),
  );
  return items
    .filter(({ state }) => state !== 0)
    .map(({ id }) =>
      found('sandbox/network-kept', messageId, messageId === 'halfMade' ? 'warning' : 'error', 'sandbox', id),
    );
}
