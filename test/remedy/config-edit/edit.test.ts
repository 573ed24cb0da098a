import { describe, expect, test } from 'vitest';
import type { ConfigEdit } from '../../../src/model/plan.ts';
import { IMAGE_PATHS } from '../../../src/model/sandbox-image-keys.ts';
import { applyEdits } from '../../../src/remedy/config-edit/apply.ts';
import { unifiedDiff } from '../../../src/remedy/config-edit/diff.ts';

const V2 = '[plugins."io.containerd.grpc.v1.cri"]';
const V3 = '[plugins."io.containerd.cri.v1.images".pinned_images]';
const to2: ConfigEdit[] = [{ key: IMAGE_PATHS.v2, value: 'new:1' }];
const to3: ConfigEdit[] = [{ key: IMAGE_PATHS.v3, value: 'new:1' }];
const move: ConfigEdit[] = [{ key: IMAGE_PATHS.v2, value: null }, ...to3];

const CASES: [name: string, before: string, edits: ConfigEdit[], after: string][] = [
  [
    'a key that is there keeps its place, its quotes and its comment',
    `version = 2\n${V2}\n\tsandbox_image   =  'old:1'  # ours\n  x = 1\n`,
    to2,
    `version = 2\n${V2}\n\tsandbox_image   =  'new:1'  # ours\n  x = 1\n`,
  ],
  [
    'a new key ends its table, as deep as the one before, above the comments of the next',
    `${V2}\n  x = 1 # y\n\n# next\n[grpc]\n`,
    to2,
    `${V2}\n  x = 1 # y\n  sandbox_image = "new:1"\n\n# next\n[grpc]\n`,
  ],
  [
    'the first key of a table stands as deep as first keys do in this file',
    `[grpc]\n    a = 1\n${V2}\n`,
    to2,
    `[grpc]\n    a = 1\n${V2}\n    sandbox_image = "new:1"\n`,
  ],
  ['a file without a newline at its end', V2, to2, `${V2}\nsandbox_image = "new:1"`],
  ['an empty file', '', to2, `${V2}\nsandbox_image = "new:1"\n`],
  ['a missing table goes to the end', 'version = 3\n', to3, `version = 3\n\n${V3}\nsandbox = "new:1"\n`],
  [
    'a missing table goes before its first subtable and the comment of that',
    `version = 2\n\n# net\n[plugins."io.containerd.grpc.v1.cri".cni]\n  a = 1\n`,
    to2,
    `version = 2\n\n${V2}\nsandbox_image = "new:1"\n\n# net\n[plugins."io.containerd.grpc.v1.cri".cni]\n  a = 1\n`,
  ],
  [
    'a table that dotted keys made gets a dotted key',
    '[plugins]\n"io.containerd.grpc.v1.cri".x = 1\n',
    to2,
    '[plugins]\n"io.containerd.grpc.v1.cri".x = 1\n"io.containerd.grpc.v1.cri".sandbox_image = "new:1"\n',
  ],
  [
    'dotted keys at the top',
    'plugins."io.containerd.grpc.v1.cri".x = 1\n[grpc]\n',
    to2,
    'plugins."io.containerd.grpc.v1.cri".x = 1\nplugins."io.containerd.grpc.v1.cri".sandbox_image = "new:1"\n[grpc]\n',
  ],
  [
    'a key that moves takes its comment along',
    `version = 3\n${V2}\n  sandbox_image = "old:1" # mirror\n  x = 1\n`,
    move,
    `version = 3\n${V2}\n  x = 1\n\n${V3}\nsandbox = "new:1" # mirror\n`,
  ],
  [
    'a key that moves to one that is there leaves its comment',
    `${V2}\nsandbox_image = "old:1" # mirror\n${V3}\nsandbox = "x"\n`,
    move,
    `${V2}\n# mirror\n${V3}\nsandbox = "new:1"\n`,
  ],
  [
    'a value over several lines is replaced whole',
    `${V2}\nsandbox_image = """\\\n  old:1"""\nx = 1\n`,
    to2,
    `${V2}\nsandbox_image = "new:1"\nx = 1\n`,
  ],
  [
    'Windows line ends and a byte order mark',
    `\ufeffversion = 2\r\n${V2}\r\n  x = 1\r\n`,
    to2,
    `\ufeffversion = 2\r\n${V2}\r\n  x = 1\r\n  sandbox_image = "new:1"\r\n`,
  ],
  [
    'a text that only looks like the key',
    `a = """\n${V2}\nsandbox_image = "x"\n"""\n`,
    [{ key: ['a'], value: null }],
    '',
  ],
  ['nothing to take out', 'a = 1\n', [{ key: ['b'], value: null }], 'a = 1\n'],
];

test.each(CASES)('%s', async (_, before, edits, after) => {
  expect(await applyEdits(before, edits)).toBe(after);
  expect(await applyEdits(after, edits)).toBe(after);
});

describe('what cannot be changed by one key is refused', () => {
  test.each([
    ['plugins = { cri = { sandbox_image = "old:1" } }\n', IMAGE_PATHS.v1, 'line 1 is an inline table'],
    ['[[plugins]]\na = 1\n', IMAGE_PATHS.v2, 'edit it by hand'],
    [`${V2}\nsandbox_image.x = 1\n`, IMAGE_PATHS.v2, 'edit it by hand'],
  ])('%j', async (text, key, words) => {
    await expect(applyEdits(text, [{ key, value: 'new:1' }])).rejects.toThrow(words);
  });
});

test('the difference is shown as diff -u does, without what may be secret', async () => {
  const before = `[a]\npassword = "hunter2"\nproxy = "http://me:hunter2@proxy"\n${V2}\nsandbox_image = "old:1"\n`;
  const diff = await unifiedDiff('/etc/c.toml', before, await applyEdits(before, to2));
  expect(diff).toBe(`--- /etc/c.toml
+++ /etc/c.toml (planned)
@@ -2,4 +2,4 @@
 password = "..."
 proxy = "http://...@proxy"
 ${V2}
-sandbox_image = "old:1"
+sandbox_image = "new:1"
`);
  expect(await unifiedDiff('/etc/c.toml', before, before)).toBe('');
});
