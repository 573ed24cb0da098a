import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ociArchive } from '../../src/native/oci-archive.ts';
import { withLock } from './lock.ts';
import { sh } from './sh.ts';
import { parseDeb822, parseList, sourcesFor } from './sources.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'podctl-rig-test-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('apt sources', () => {
  const deb822 = `# a comment
Types: deb deb-src
# Another one
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/some.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main
`;

  it('takes another suite from the mirror of the own one, with its key', () => {
    expect(sourcesFor(parseDeb822(deb822), 'bookworm', 'sid')).toBe(
      'types: deb\nuris: http://mirror.example/debian\nsuites: sid\ncomponents: main\nsigned-by: /usr/share/keyrings/some.gpg\n',
    );
  });

  it('reads the one-line style with options', () => {
    const text =
      '# deb http://no.example x main\ndeb [arch=amd64 signed-by=/k.gpg] http://a.example/debian bookworm main # why';
    expect(sourcesFor(parseList(text), 'bookworm', 'trixie')).toBe(
      'types: deb\nuris: http://a.example/debian\nsuites: trixie\ncomponents: main\narchitectures: amd64\nsigned-by: /k.gpg\n',
    );
  });

  it('keeps a key that stands in the file itself', () => {
    const text =
      'Types: deb\nURIs: http://a.example\nSuites: sid\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n';
    expect(sourcesFor(parseDeb822(text), 'sid', 'trixie')).toContain('signed-by: \n -----BEGIN\n .\n abc\n');
  });

  it('says when the machine has no such mirror', () => {
    expect(() => sourcesFor(parseDeb822(deb822), 'noble', 'sid')).toThrow('no source with noble main');
  });
});

it('makes the same archive from the same input, and tar can read it', async () => {
  const spec = {
    rootfs: [
      { name: 'bin/', mode: 0o755 },
      { name: 'bin/a', mode: 0o755, content: Buffer.from('hello') },
      { name: 'bin/b', mode: 0o777, linkTo: 'a' },
    ],
    entrypoint: ['/bin/a'],
    references: ['registry.example/one:1', 'registry.example/two:2'],
  };
  const archive = ociArchive(spec);
  expect(ociArchive(spec).equals(archive)).toBe(true);

  const file = path.join(folder, 'image.tar');
  fs.writeFileSync(file, archive);
  await sh('tar', ['-xf', file, '-C', folder]);
  const index = JSON.parse(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'));
  const names = index.manifests.map(
    (m: { annotations: Record<string, string> }) => Object.values(m.annotations)[0],
  );
  expect(names).toEqual(spec.references);
  const blob = (digest: string) => path.join(folder, 'blobs', digest.replace(':', '/'));
  const manifest = JSON.parse(fs.readFileSync(blob(index.manifests[0].digest), 'utf8'));
  expect(await sh('tar', ['-tf', blob(manifest.layers[0].digest)])).toBe('bin/\nbin/a\nbin/b\n');
});

it('lets one at a time into a lock', async () => {
  const file = path.join(folder, 'lock');
  const order: string[] = [];
  const enter = (name: string) =>
    withLock(file, async () => {
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} out`);
    });
  await Promise.all([enter('a'), enter('b')]);
  const first = order[0]?.[0];
  const second = first === 'a' ? 'b' : 'a';
  expect(order).toEqual([`${first} in`, `${first} out`, `${second} in`, `${second} out`]);
});
