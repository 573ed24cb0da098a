import { nsLink } from '../../model/namespace.ts';
import { NO_WORD, says, type Truth, truth } from '../../model/truths.ts';
import { pinsByPath } from '../pins.ts';
import { factOf, networkOf, type PodView, type Seen } from '../pod-view.ts';
import { isWhole, wordOf } from './words.ts';

/** The network namespace: what was recorded, what its pause is in, what its pin holds. */
export function netnsTruth(seen: Seen, pod: PodView): Truth {
  const { record, netnsPath, pause } = pod;
  const inKernel = pause?.ns.net ?? pod.anchors.get('net')?.id ?? null;
  const pin = pinsByPath(factOf(seen, 'pins')?.pins ?? []).get(netnsPath);
  const pinned =
    pin === undefined ? 'no pin' : pin.ns === null ? 'a file, nothing pinned' : nsLink('net', pin.ns);
  const differs =
    netnsPath === '' || !isWhole(seen, 'pins')
      ? ''
      : pin === undefined || pin.ns === null
        ? `its pin ${netnsPath} is ${pin === undefined ? 'gone' : 'not mounted'}`
        : pause?.ns.net && pin.ns !== pause.ns.net
          ? 'its pause is in another network namespace than its pin holds'
          : '';
  return truth(
    'netns',
    {
      runtime: wordOf(
        seen,
        'store',
        () => record?.netnsPath ?? (record?.modes ? `mode ${record.modes.net}` : ''),
      ),
      kernel: wordOf(seen, 'processes', () => (inKernel ? nsLink('net', inKernel) : 'none')),
      disk: netnsPath === '' ? NO_WORD : wordOf(seen, 'pins', () => pinned),
    },
    differs,
  );
}

/** Addresses: what the kernel has, what is reserved, what the cache says was given. */
export function addressTruth(seen: Seen, pod: PodView): Truth {
  const inside = networkOf(factOf(seen, 'networks'), pod.anchors.get('net')?.id ?? null);
  const own = factOf(seen, 'ownSandboxes')?.find((o) => o.id === pod.id);
  const kernel = inside?.seen || own?.inside ? (pod.addresses ?? []).map((a) => a.address) : null;
  const entries = (factOf(seen, 'cniCache')?.entries ?? []).filter((e) => e.containerId === pod.id);
  const cached = distinct(entries.flatMap((e) => e.addresses)).filter((a) => !/^(127\.|::1$)/.test(a));
  const held = (factOf(seen, 'reservations')?.reservations ?? []).filter((r) => r.containerId === pod.id);
  const reserved = distinct(held.flatMap((r) => (r.address === null ? [] : [r.address])));
  const words = [
    ...(reserved.length > 0 ? [`reserved ${reserved.join(' ')}`] : []),
    ...(cached.length > 0 ? [`cached ${cached.join(' ')}`] : []),
  ];
  const differs =
    kernel === null || !isWhole(seen, 'networks')
      ? ''
      : (disagreement(kernel, cached, 'its cache entry') ??
        disagreement(kernel, reserved, 'its reservation') ??
        '');
  return truth(
    'address',
    {
      kernel: kernel ? says(kernel.join(' ') || 'none') : wordOf(seen, 'networks', () => ''),
      disk: words.length > 0 ? says(words.join(', ')) : wordOf(seen, 'cniCache', () => 'none'),
    },
    differs,
  );
}

/** An attachment that keeps no file is no disagreement: not every network has one. */
function disagreement(kernel: readonly string[], disk: readonly string[], what: string): string | null {
  const lost = disk.filter((address) => !kernel.includes(address));
  if (lost.length === 0) return null;
  return `${what} has ${lost.join(' ')}, and the network namespace does not`;
}

/** The host end of its veth, and the links that ADD said it made. */
export function hostEndTruth(seen: Seen, pod: PodView): Truth {
  const networks = factOf(seen, 'networks');
  const net = pod.anchors.get('net')?.id ?? null;
  const inside = networkOf(networks, net)?.seen;
  // Of podctl's own the links were seen where they were made, which need not be the runtime's network.
  const own = factOf(seen, 'ownSandboxes')?.find((o) => o.id === pod.id);
  const host = own ? own.outside : networks?.host.seen;
  const veths = (inside?.links ?? []).filter((l) => l.kind === 'veth');
  const ends = veths.map((link) => ({
    link,
    end: host?.links.find((l) => l.index === link.peerIndex && l.peerIndex === link.index),
  }));
  const texts = ends.map(({ link, end }) => {
    const bridge = host?.links.find((l) => l.index === end?.master)?.name;
    return end ? `${link.name} - ${end.name}${bridge ? ` in ${bridge}` : ''}` : `${link.name} - ?`;
  });
  const made = (factOf(seen, 'cniCache')?.entries ?? [])
    .filter((e) => e.containerId === pod.id)
    .flatMap((e) => e.hostLinks);
  const lost = ends.find(({ end }) => end === undefined);
  const differs =
    lost && host && isWhole(seen, 'networks') ? `the other end of ${lost.link.name} is not on the node` : '';
  return truth(
    'link',
    {
      kernel: wordOf(seen, 'networks', () => texts.join(', ')),
      disk: made.length > 0 ? says(`cached ${distinct(made).join(' ')}`) : NO_WORD,
    },
    differs,
  );
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
