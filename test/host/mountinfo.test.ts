import { expect, test } from 'vitest';
import { coversOf, markHidden, mountedPins, schemeOf } from '../../src/collect/pin-mounts.ts';
import { mountedNamespace, parseMountinfo } from '../../src/host/mountinfo.ts';

const RECORDED = [
  '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resv_strict,resuid=65534,resgid=65534',
  '280 27 0:4 net:[4026536992] /run/netns/cni-55934594-52a4-dee8-d911-0bdec60cbf02 rw - nsfs nsfs rw',
  '281 27 0:224 / /run/containerd/io.containerd.grpc.v1.cri/sandboxes/aad1/shm rw,nosuid - tmpfs shm rw,size=65536k',
  '450 27 0:4 uts:[4026540294] /run/utsns/100f6dfd-4f2a-4a0f-bd6b-017cbc80a031 rw shared:7 - nsfs nsfs rw',
  '451 27 0:4 mnt:[4026540295] /run/mntns/x rw - nsfs nsfs rw',
].join('\n');

const NSFS = new Set(['nsfs']);

test('only mounts of the wanted types, with and without optional fields', () => {
  expect(parseMountinfo(RECORDED, NSFS).map((m) => [m.device, m.root, m.mountPoint])).toEqual([
    [4, 'net:[4026536992]', '/run/netns/cni-55934594-52a4-dee8-d911-0bdec60cbf02'],
    [4, 'uts:[4026540294]', '/run/utsns/100f6dfd-4f2a-4a0f-bd6b-017cbc80a031'],
    [4, 'mnt:[4026540295]', '/run/mntns/x'],
  ]);
  expect(parseMountinfo(RECORDED, new Set(['ext4']))[0]?.superOptions).toContain('discard');
});

test('device numbers as stat gives them', () => {
  const device = (text: string) => parseMountinfo(`1 2 ${text} / / rw - nsfs n rw`, NSFS)[0]?.device;
  expect(device('0:4')).toBe(4);
  expect(device('254:0')).toBe(0xfe00);
  expect(device('0:308')).toBe(0x100034);
  expect(device('259:1048575')).toBe(0xfff00000 + 0x10300 + 0xff);
});

test('escaped paths: space, tab, line end, backslash, and what only looks escaped', () => {
  const [mount] = parseMountinfo('1 2 0:4 net:[7] /a\\040b\\011c\\012d\\134040 rw - nsfs nsfs rw', NSFS);
  expect(mount?.mountPoint).toBe('/a b\tc\nd\\040');
});

test.each(['', '\n\n', ' - nsfs', 'x - nsfs nsfs rw', '1 2 0:4 net:[] /x rw - nsfs nsfs rw'])(
  '%j pins nothing',
  (text) => {
    expect([...mountedPins(text)]).toEqual([]);
  },
);

test("namespaces by type; mount namespaces are nobody's pins", () => {
  const held = parseMountinfo(RECORDED, NSFS).map(mountedNamespace);
  expect(held).toEqual([{ type: 'net', ns: '4:4026536992' }, { type: 'uts', ns: '4:4026540294' }, null]);
});

test('mounts that are stacked on one path count, and the youngest shows', () => {
  const line = (id: number, parent: number, inode: number) =>
    `${id} ${parent} 0:4 net:[${inode}] /run/netns/x rw - nsfs nsfs rw`;
  const folder = '401 27 0:25 /netns /run/netns rw - tmpfs tmpfs rw';
  const pins = mountedPins([line(400, 27, 100), folder, line(402, 401, 100), line(403, 402, 200)].join('\n'));
  expect([...pins.values()]).toEqual([
    {
      path: '/run/netns/x',
      type: 'net',
      ns: '4:200',
      mounts: 3,
      stacked: 1,
      scheme: 'foreign',
      confirmed: false,
    },
  ]);
});

const UUID = '100f6dfd-4f2a-4a0f-bd6b-017cbc80a031';

test.each([
  [`/run/netns/cni-${UUID}`, 'containerd'],
  [`/run/containerd/netns/cni-${UUID}`, 'containerd'],
  [`/run/netns/${UUID}`, 'crio'],
  [`/run/ipcns/${UUID}`, 'crio'],
  [`/run/netns/netns-${UUID}`, 'podman'],
  [`/run/ipcns/cni-${UUID}`, 'foreign'],
  [`/mnt/copy/cni-${UUID}`, 'foreign'],
  [`/run/netns/cni-${UUID}-old`, 'foreign'],
  ['/run/netns/vpn', 'foreign'],
  ['/run/docker/netns/1f2e3d4c5b6a', 'foreign'],
])('%s was named by %s', (path, scheme) => {
  expect(schemeOf(path)).toBe(scheme);
});

/** As containerd 2.1 showed them: a pod, then /run/netns on itself, then another pod; with and without propagation. */
function selfBound(shared: boolean): string {
  const group = (n: number) => (shared ? ` shared:${n}` : '');
  return [
    '44 40 254:0 / / rw,relatime - ext4 /dev/vda rw',
    `65 44 0:4 net:[180] /run/netns/before rw${group(22)} - nsfs nsfs rw`,
    `82 44 254:0 /run/netns /run/netns rw,relatime${group(1)} - ext4 /dev/vda rw`,
    `84 82 0:4 net:[180] /run/netns/before rw${group(22)} - nsfs nsfs rw`,
    `85 82 0:4 net:[259] /run/netns/after rw${group(26)} - nsfs nsfs rw`,
    ...(shared ? [`86 44 0:4 net:[259] /run/netns/after rw${group(26)} - nsfs nsfs rw`] : []),
  ].join('\n');
}

test.each([
  [false, { '/run/netns/before': 1 }],
  [true, {}],
])('a folder of pins on itself, shared: %s', (shared, hidden) => {
  const text = selfBound(shared);
  const covers = coversOf(text, ['/run/netns', '/run/utsns', '/run']);
  expect(covers).toEqual([{ path: '/run/netns', self: true }]);
  const pins = mountedPins(text);
  markHidden(text, pins, covers);
  const found = [...pins.values()].flatMap((pin) => (pin.hidden ? [[pin.path, pin.hidden]] : []));
  expect(Object.fromEntries(found)).toEqual(hidden);
  expect([...pins.values()].map((pin) => pin.stacked)).toEqual([undefined, undefined]);
});

test('what another file system hides, and a line that only names the folder otherwise', () => {
  const pin = '65 44 0:4 net:[180] /run/netns/x rw - nsfs nsfs rw\n';
  const text = `${pin}90 44 0:50 / /run/netns rw - tmpfs none rw`;
  const covers = coversOf(text, ['/run/netns']);
  expect(covers).toEqual([{ path: '/run/netns', self: false }]);
  const pins = mountedPins(text);
  markHidden(text, pins, covers);
  expect(pins.get('/run/netns/x')?.hidden).toBe(1);
  expect(coversOf('90 44 0:50 /run/netns /elsewhere rw - tmpfs none rw', ['/run/netns'])).toEqual([]);
  expect(coversOf('', ['/run/netns'])).toEqual([]);
  expect(coversOf(' /run/netns ', ['/run/netns'])).toEqual([]);
});
