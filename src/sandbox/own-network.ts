import type { SandboxRecord } from '../model/sandbox.ts';
import { listRecords } from './records.ts';
import type { Workshop } from './workshop.ts';

/** True for a sandbox on podctl's own network: one that comes from no file. */
export function isOnOwnNetwork(
  { spec }: SandboxRecord,
  { ownNetwork }: Pick<Workshop, 'ownNetwork'>,
): boolean {
  const { network } = spec;
  return network.kind === 'cni' && network.file === '' && network.name === ownNetwork.name;
}

/** How podctl's own network is configured for the sandboxes that are attached to it; null when none is. */
export function ownConflist(shop: Pick<Workshop, 'state' | 'bootId' | 'ownNetwork'>): string | null {
  const attached = listRecords(shop.state).records.find(
    (r) => isOnOwnNetwork(r, shop) && r.bootId === shop.bootId && r.attachment?.state === 'attached',
  );
  return attached?.spec.network.kind === 'cni' ? attached.spec.network.conflist : null;
}
