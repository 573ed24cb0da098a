import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { dockerNames, podmanNames } from '../../src/collect/foreign-images.ts';
import { imageInfo } from '../../src/collect/image-info.ts';
import { layersOf } from '../../src/collect/layers.ts';
import { pauseProgram, programOf } from '../../src/collect/pause-program.ts';
import { createReadHost } from '../../src/host/read-host.ts';
import type { Problem } from '../../src/model/outcome.ts';
import { temporaryFolder } from '../support/node-tree.ts';

const BROKEN = [
  '',
  '{',
  'null',
  '7',
  '[]',
  '[7]',
  '{"Repositories": 7}',
  '{"Repositories": {"a": 7}}',
  '\0\u{fffd}',
  '['.repeat(20_000),
];

/** What a parser makes of a text: its value, or that it refuses it. */
function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof Error ? 'refused' : error;
  }
}

describe('names in the stores of other engines', () => {
  it("reads Docker's repositories", () => {
    const text = '{"Repositories":{"registry.k8s.io/pause":{"registry.k8s.io/pause:3.9":"sha256:ab","x":7}}}';
    expect(dockerNames(text)).toEqual([{ name: 'registry.k8s.io/pause:3.9', digest: 'sha256:ab' }]);
  });

  it("reads podman's images", () => {
    const text = '[{"id":"a","names":["registry.k8s.io/pause:3.9",7],"digest":"sha256:ab"},{"id":"b"},7]';
    expect(podmanNames(text)).toEqual([{ name: 'registry.k8s.io/pause:3.9', digest: 'sha256:ab' }]);
  });

  it.each(BROKEN)('invents nothing from %j', (text) => {
    expect(['refused', []]).toContainEqual(outcome(dockerNames, text));
    expect(['refused', []]).toContainEqual(outcome(podmanNames, text));
  });
});

describe('what an image says of itself', () => {
  const info = (config: unknown) => JSON.stringify({ imageSpec: { architecture: 'arm64', config } });

  it('takes the program from the entry point, else from the command', () => {
    expect(imageInfo(info({ Entrypoint: ['/pause'] }))).toEqual({
      architecture: 'arm64',
      entrypoint: '/pause',
    });
    expect(imageInfo(info({ Cmd: ['/bin/p', '-v'] }))).toMatchObject({ entrypoint: '/bin/p' });
  });

  it.each([...BROKEN, info(null), info({ Entrypoint: 7 }), info({ Entrypoint: [[]] })])(
    'knows no program from %j',
    (text) => {
      expect(imageInfo(text).entrypoint).toBe('');
    },
  );
});

describe('layers of a snapshot', () => {
  const overlay = (...options: string[]) => [{ type: 'overlay', source: 'overlay', options }];

  it('are the lower folders of an overlay, or the folder of a bind mount', () => {
    expect(layersOf(overlay('index=off', 'workdir=/w', 'upperdir=/u', 'lowerdir=/b:/a'))).toEqual([
      '/b',
      '/a',
    ]);
    expect(layersOf([{ type: 'bind', source: '/s/1', options: ['rbind'] }])).toEqual(['/s/1']);
  });

  it.each([
    [[]],
    [overlay('upperdir=/u')],
    [overlay('upperdir=/u', 'lowerdir=')],
    [overlay('upperdir=/u', 'lowerdir=/a:relative')],
    [overlay('upperdir=/u', 'lowerdir=/a/../../etc')],
    [overlay('lowerdir=/a')],
    [[{ type: 'erofs', source: '/a', options: [] }]],
    [[{ type: 'ext4', source: '/dev/mapper/x', options: [] }]],
    [[...overlay('upperdir=/u', 'lowerdir=/a'), { type: 'bind', source: '/a', options: [] }]],
  ])('%j leads to no folder', (mounts) => {
    expect(layersOf(mounts)).toBeNull();
  });
});

describe('the program of an image', () => {
  const elf = (machine: number) => {
    const bytes = Buffer.alloc(64);
    bytes.write('\x7fELF\x02\x01', 'latin1');
    bytes.writeUInt16LE(machine, 18);
    return bytes;
  };

  function look(plant: (upper: string, lower: string) => void, entrypoint = '/pause') {
    const root = temporaryFolder();
    const layers = ['upper', 'lower'].map((name) => path.join(root, name));
    for (const layer of layers) fs.mkdirSync(layer);
    plant(layers[0] ?? '', layers[1] ?? '');
    const problems: Problem[] = [];
    const program = pauseProgram(createReadHost(), layers, entrypoint, problems);
    return { program, problems };
  }

  it('is what the uppermost layer has', () => {
    const { program } = look((upper, lower) => {
      fs.writeFileSync(path.join(lower, 'pause'), elf(62), { mode: 0o755 });
      fs.writeFileSync(path.join(upper, 'pause'), elf(183), { mode: 0o644 });
    });
    expect(program).toMatchObject({ kind: 'elf', machine: 183, size: 64, executable: false });
  });

  it('is looked for in lower layers', () => {
    const { program } = look((_, lower) =>
      fs.writeFileSync(path.join(lower, 'pause'), elf(62), { mode: 0o755 }),
    );
    expect(program).toMatchObject({ kind: 'elf', machine: 62, executable: true });
  });

  it('is missing when no layer has it', () => {
    expect(look(() => {}).program).toMatchObject({ kind: 'missing', size: 0 });
  });

  it('is never one of the node: links stay inside', () => {
    const { program } = look((upper) => {
      fs.mkdirSync(path.join(upper, 'etc'));
      fs.writeFileSync(path.join(upper, 'etc/hostname'), '');
      fs.symlinkSync('/etc/hostname', path.join(upper, 'pause'));
    });
    expect(program).toMatchObject({ kind: 'empty' });
  });

  it.each<[string, (upper: string, lower: string) => void, string]>([
    ['a link into another layer', (upper) => fs.symlinkSync('/bin/sh', path.join(upper, 'pause')), '/pause'],
    ['a path below folders', () => {}, '/usr/bin/pause'],
    ['a relative path', () => {}, 'pause'],
    ['a folder', (upper) => fs.mkdirSync(path.join(upper, 'pause')), '/pause'],
    ['a layer that is gone', (upper) => fs.rmdirSync(upper), '/pause'],
  ])('cannot be told: %s', (_, plant, entrypoint) => {
    expect(look(plant, entrypoint).program).toBeNull();
  });

  test.each<[string, Buffer, unknown]>([
    ['nothing', Buffer.alloc(0), { kind: 'empty', machine: null }],
    ['zeros', Buffer.alloc(20), { kind: 'other', machine: null }],
    ['a cut ELF header', elf(62).subarray(0, 19), { kind: 'other', machine: null }],
    ['a script', Buffer.from('#!/bin/sh\nexec sleep'), { kind: 'script', machine: null }],
    [
      'big endian',
      Buffer.concat([Buffer.from('\x7fELF\x02\x02', 'latin1'), Buffer.alloc(12), Buffer.from([0, 22])]),
      { kind: 'elf', machine: 22 },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(programOf(bytes, bytes.length)).toEqual(expected);
  });
});
