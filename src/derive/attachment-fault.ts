import type { CniCacheFact } from '../model/facts.ts';
import type { Link } from './network-loss.ts';
import type { PodAttachment } from './pod-attachments.ts';

/** What is wrong with an attachment, the gravest alone: what is below it follows, or is not to be cured before. */
export type AttachmentFault = 'gone' | 'down' | 'endDown' | 'unbridged' | 'addressLost' | 'routeLost';

/** Null where it works, or its bridge is what is wrong. */
export function attachmentFault({ loss, bridge, bridgeLink }: PodAttachment): AttachmentFault | null {
  const { inside, end, addresses, routes } = loss;
  if (inside === 'other') return null;
  if (inside !== 'there') return inside;
  if (end && !end.up) return 'endDown';
  if (end && bridge !== '' && end.master === 0) return bridgeLink ? 'unbridged' : null;
  if (addresses.length > 0) return 'addressLost';
  return routes.length > 0 ? 'routeLost' : null;
}

/** A bridge that is gone (`link` null) or down, and the attachments that need it. */
export interface LostBridge {
  name: string;
  network: string;
  link: Link | null;
  attachments: PodAttachment[];
}

/** A bridge that was given another name is neither: its ports are still in it. */
export function lostBridges(attachments: readonly PodAttachment[]): LostBridge[] {
  const lost = new Map<string, LostBridge>();
  for (const one of attachments) {
    const { bridge: name, bridgeLink: link, loss, entry } = one;
    if (name === '' || !loss.end || loss.inside === 'other') continue;
    const isLost = link === null ? loss.end.master === 0 : !link.up && loss.end.master === link.index;
    if (!isLost) continue;
    const found = lost.get(name) ?? { name, network: entry.network, link, attachments: [] };
    found.attachments.push(one);
    lost.set(name, found);
  }
  return [...lost.values()];
}

/**
 * Whether a link that is put into its bridge by hand is there as the plugin had it: nothing was set up for the port.
 * False where a configuration cannot be seen.
 */
export function isPlainPort({ entry, bridge }: PodAttachment, { configs = [] }: CniCacheFact): boolean {
  const plugins = configs.filter(({ network }) => network === entry.network).flatMap((c) => c.plugins);
  const makers = plugins.filter((plugin) => plugin.bridge === bridge);
  return (
    makers.length > 0 &&
    makers.every(({ does }) => does?.tunesPorts === false) &&
    !plugins.some(({ delegates }) => delegates !== undefined)
  );
}
