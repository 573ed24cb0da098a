import { parseDuration } from '../../../src/cli/duration.ts';
import { endpointPath } from '../../../src/cli/endpoint.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { parseSubnet, subnetText } from '../../../src/cni/subnet.ts';
import { inRange, parseAddress, sameAddress } from '../../../src/derive/address.ts';
import { findImage, fullReference, pauseTags, storedName, tagOf } from '../../../src/derive/image-ref.ts';
import { ipFamily } from '../../../src/model/ip.ts';
import { cutMiddle, shortIds, wrapLines } from '../../../src/report/cut.ts';
import { escapeText, isUnsafe } from '../../../src/report/escape.ts';
import { displayWidth } from '../../../src/report/width.ts';
import { SandboxError } from '../../../src/sandbox/error.ts';
import { parsePairs, parsePublish, requireServer, requireWord } from '../../../src/sandbox/words.ts';
import type { Parser } from '../fuzz.ts';
import { mustHold } from '../must.ts';

const IMAGE = {
  id: `sha256:${'a'.repeat(64)}`,
  tags: ['registry.k8s.io/pause:3.10'],
  digests: [],
  size: 1,
  pinned: true,
};

const references: Parser = {
  files: ['derive/image-ref.ts'],
  name: 'references of images',
  kind: 'text',
  samples: [
    'registry.k8s.io/pause:3.10',
    'busybox',
    `localhost:5000/a/b:c@sha256:${'b'.repeat(64)}`,
    'index.docker.io/library/x',
  ],
  count: 4000,
  parse(text) {
    const full = fullReference(text);
    mustHold(fullReference(full) === full || full.startsWith('docker.io/'), `${full} is not yet full`);
    findImage([IMAGE], text);
    tagOf(text);
    storedName(text);
    pauseTags([{ ...IMAGE, tags: [text] }]);
  },
};

const addresses: Parser = {
  files: ['derive/address.ts', 'cni/subnet.ts', 'model/ip.ts'],
  name: 'addresses and ranges',
  kind: 'text',
  samples: ['10.88.0.17', 'fd00::1:2', '::ffff:10.0.0.1', '10.88.0.0/16', '2001:db8::/32'],
  count: 6000,
  parse(text) {
    const address = parseAddress(text);
    if (address)
      mustHold(address.value >= 0n && address.value < 1n << BigInt(address.bits), `${address.value}`);
    if (ipFamily(text) !== 0 && !text.includes('%'))
      mustHold(address !== null, 'an address that is not read');
    mustHold(sameAddress(sameAddress(text)) !== '' || text === '', 'an address without a spelling');
    inRange(text, { subnet: '10.88.0.0/16', start: '', end: '10.88.0.9' });
    inRange('10.88.0.2', { subnet: text, start: text, end: text });
    const subnet = parseSubnet(text);
    if (subnet) mustHold(parseSubnet(subnetText(subnet))?.base === subnet.base, subnetText(subnet));
  },
};

const options: Parser = {
  files: ['cli/duration.ts', 'cli/endpoint.ts', 'sandbox/words.ts'],
  name: 'values of options',
  kind: 'text',
  samples: [
    '1h30m',
    '500ms',
    'unix:///run/x.sock',
    '127.0.0.1:8080:80/tcp',
    '[::1]:1:2/sctp',
    'a=b',
    '10.0.0.1',
  ],
  count: 4000,
  parse(text) {
    for (const read of [
      () => parseDuration('--timeout', text),
      () => endpointPath(text),
      () => parsePublish(text),
      () => parsePairs('--label', [text]),
      () => requireServer(text),
      () => requireWord('a word', text),
    ])
      refusing(read);
  },
};

/** Each may refuse; the next is tried all the same. */
function refusing(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SandboxError)) throw error;
  }
}

const shown: Parser = {
  files: ['report/escape.ts', 'report/cut.ts', 'report/width.ts'],
  name: 'texts that are shown',
  kind: 'text',
  samples: ['web\x1b[31m \u202e日本 \ud83d\ude00', `sandbox ${'a'.repeat(64)} is gone`],
  maxBytes: 100_000,
  count: 3000,
  parse(text) {
    const safe = escapeText(text);
    mustHold(!isUnsafe(safe), 'it is unsafe still');
    for (const line of wrapLines(shortIds(safe), 40, 3)) mustHold(displayWidth(line) <= 40, 'too wide');
    mustHold(displayWidth(cutMiddle(safe, 20)) <= 20, 'too wide in the middle');
  },
};

export const WORDS: readonly Parser[] = [references, addresses, options, shown];
