import path from 'node:path';
import { describe, expect, it } from 'vitest';
import drift from '../../checks/config/sandbox-image-drift.ts';
import unreadable from '../../checks/config/unreadable.ts';
import type { RuntimeConfigFact } from '../../src/model/facts.ts';
import { type Line, runtimes } from '../rig/packages.ts';
import { healthyNode, judge } from '../support/node.ts';
import { temporaryFolder } from '../support/node-tree.ts';
import { dumped, imageIn, plantCombination, readCombination } from './config-combinations.ts';

const OWN = 'registry.example/pause:1';
const THEIRS = 'registry.example/pause:2';
const V2_TABLE = '[plugins."io.containerd.grpc.v1.cri"]\n';
const v2Key = (image: string) => `${V2_TABLE}sandbox_image = "${image}"\n`;
const v3Key = (image: string) =>
  `[plugins.'io.containerd.cri.v1.images'.pinned_images]\nsandbox = "${image}"\n`;
const UNRELATED = `${V2_TABLE}enable_selinux = false\n`;

/** Rows as containerd itself was seen to take them. `uses`: null for its default. */
interface Row {
  name: string;
  line: Line;
  main: [version: string, keys: string];
  dropIn?: string;
  uses: string | null;
  /** Check and message that name it; null where nothing is wrong. */
  named: string | null;
}

const ROWS: Row[] = [
  {
    name: 'version 3, key of version 2',
    line: '2.x',
    main: ['version = 3', v2Key(OWN)],
    uses: null,
    named: 'config/unreadable ignoredKey',
  },
  {
    name: 'version 2, table of version 3: honoured',
    line: '2.x',
    main: ['version = 2', v3Key(OWN)],
    uses: OWN,
    named: null,
  },
  {
    name: 'version 2, key of version 2: honoured',
    line: '2.x',
    main: ['version = 2', v2Key(OWN)],
    uses: OWN,
    named: null,
  },
  {
    name: 'no version, key of version 2',
    line: '2.x',
    main: ['', v2Key(OWN)],
    uses: null,
    named: 'config/unreadable ignoredKey',
  },
  {
    name: 'version 2, and a drop-in of version 3 that says nothing of images',
    line: '2.x',
    main: ['version = 2', v2Key(OWN)],
    dropIn: 'version = 3\n[debug]\nlevel = "info"\n',
    uses: null,
    named: 'config/sandbox-image-drift undone',
  },
  {
    name: 'version 2, and a drop-in of version 2 with another key of the table: merged',
    line: '2.x',
    main: ['version = 2', v2Key(OWN)],
    dropIn: `version = 2\n${UNRELATED}`,
    uses: OWN,
    named: null,
  },
  {
    name: 'version 3, and a drop-in of version 2 with another key: merged',
    line: '2.x',
    main: ['version = 3', v3Key(OWN)],
    dropIn: `version = 2\n${UNRELATED}`,
    uses: OWN,
    named: null,
  },
  {
    name: 'version 3, and a drop-in of version 2 with the key',
    line: '2.x',
    main: ['version = 3', v3Key(OWN)],
    dropIn: `version = 2\n${v2Key(THEIRS)}`,
    uses: THEIRS,
    named: 'config/sandbox-image-drift overridden',
  },
  {
    name: 'a drop-in with another key of the table, which goes whole',
    line: '1.6',
    main: ['version = 2', v2Key(OWN)],
    dropIn: `version = 2\n${UNRELATED}`,
    uses: null,
    named: 'config/sandbox-image-drift undone',
  },
  {
    name: 'version 2, table of version 3',
    line: '1.6',
    main: ['version = 2', v3Key(OWN)],
    uses: null,
    named: 'config/unreadable ignoredKey',
  },
];

const { available } = await runtimes(['1.6', '2.x']);

describe.each(available)('containerd $line', (runtime) => {
  it.each(ROWS.filter(({ line }) => line === runtime.line))(
    '$name',
    async ({ main, dropIn, uses, named }) => {
      const folder = temporaryFolder();
      const [version, keys] = main;
      const imports = dropIn === undefined ? '' : `imports = ["${folder}/conf.d/10.toml"]\n`;
      const file = plantCombination(folder, {
        name: '',
        main: `${version}\n${imports}${keys}`,
        dropIn: dropIn ?? null,
      });
      const reading = await readCombination(file, runtime.version);
      const image = uses ?? reading.defaultSandboxImage;
      const dump = await dumped(runtime.bin.containerd, file);
      expect(dump && imageIn(dump)).toBe(image);
      expect(reading.sandboxImage?.value).toBe(image);

      const node = healthyNode();
      node.kubelet.version = null;
      node.sandboxes = [];
      const runtimeConfig: RuntimeConfigFact = { ...reading, runtime: 'containerd', daemonStartedAt: null };
      Object.assign(node, { runtimeConfig });
      const judged = [await judge(drift, node), await judge(unreadable, node)];
      const found = judged.flatMap(({ id, findings }) => findings.map((f) => ({ ...f, id })));
      expect(found.map(({ id, messageId, severity }) => `${id} ${messageId} ${severity}`)).toEqual(
        named === null ? [] : [`${named} warning`],
      );
      for (const { subject } of found) expect(path.basename(subject.id)).toBe('config.toml');
    },
  );
});
