import { describe, expect, it } from 'vitest';
import malformed from '../../../checks/config/malformed-image-name.ts';
import mutable from '../../../checks/config/mutable-sandbox-tag.ts';
import missing from '../../../checks/image/sandbox-image-missing.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { healthyNode, judge, NOW, PAUSE } from '../../support/node.ts';

const MAIN = '/etc/containerd/config.toml';
const DIGEST = `sha256:${'a'.repeat(64)}`;

function named(value: string): Facts {
  const facts = healthyNode();
  facts.runtimeConfig.sandboxImage = { value, file: MAIN, line: 6, origin: 'file' };
  return facts;
}

describe('config/malformed-image-name', () => {
  it.each([PAUSE, 'pause', 'localhost:5000/pause:3.9', `registry.example/pause:3.9@${DIGEST}`])(
    'passes %s',
    async (reference) => {
      expect(await judge(malformed, named(reference))).toMatchObject({ verdict: 'pass', findings: [] });
    },
  );

  it.each([
    [`${PAUSE}"`, 'it has a quote in it'],
    [`'${PAUSE}'`, 'it has a quote in it'],
    [`${PAUSE}\r`, 'it has a carriage return in it'],
    ['', 'it is empty'],
  ])('names %j and why it is none, and nobody calls it missing', async (reference, fault) => {
    const facts = named(reference);
    expect((await judge(malformed, facts)).findings).toMatchObject([
      {
        messageId: 'malformed',
        severity: 'error',
        message: `New pods cannot start: containerd is to make sandboxes from "${reference}", which is no name of an image: ${fault}`,
        subject: { kind: 'image', id: reference },
        evidence: [{ at: `${MAIN}:6`, value: JSON.stringify(reference) }],
      },
    ]);
    expect(await judge(missing, facts)).toMatchObject({ verdict: 'pass' });
  });

  it('warns of a name that is not in force yet', async () => {
    const facts = named(`${PAUSE}"`);
    facts.runtime.sandboxImage = PAUSE;
    for (const file of facts.runtimeConfig.files) file.mtime = NOW;
    expect((await judge(malformed, facts)).findings).toMatchObject([
      { messageId: 'malformedAfterRestart', severity: 'warning' },
    ]);
  });

  it('leaves a well formed name that is not here to image/sandbox-image-missing', async () => {
    const facts = named('registry.example/pause:1');
    expect(await judge(malformed, facts)).toMatchObject({ verdict: 'pass' });
    expect(await judge(missing, facts)).toMatchObject({ verdict: 'found' });
  });
});

describe('config/mutable-sandbox-tag', () => {
  it.each([
    'registry.k8s.io/pause:3.9',
    'k8s.gcr.io/pause:3.6',
    `registry.example/pause@${DIGEST}`,
    `${PAUSE}"`,
  ])('passes %s', async (reference) => {
    expect(await judge(mutable, named(reference))).toMatchObject({ verdict: 'pass', findings: [] });
  });

  it.each(['registry.example/pause:3.9', 'registry.example/pause', 'pause:3.9'])(
    'says of %s, as information, that it may become another image',
    async (reference) => {
      expect((await judge(mutable, named(reference))).findings).toMatchObject([
        { messageId: 'mutable', severity: 'info', subject: { kind: 'image', id: reference } },
      ]);
    },
  );
});
