import fs from 'node:fs';
import { assetPath } from '../../host/asset.ts';

/** A file of a new check. */
export interface NewFile {
  name: string;
  text: string;
}

const TEST = 'crowded.test.yaml';

/** Files of a check that works, and of its test: the check first, the test last. */
const FILES = {
  module: ['crowded.check.mjs', TEST],
  jq: ['crowded.check.yaml', TEST],
  exec: ['crowded.check.yaml', 'check_crowded.sh', TEST],
} as const;

export type Kind = keyof typeof FILES;

/** A check that works, under this id, and its test. The noun of the id names the files. */
export function templateOf(kind: Kind, id: string): NewFile[] {
  const noun = id.slice(id.indexOf('/') + 1);
  const named = (text: string) =>
    text
      .replaceAll('acme.pods/crowded', id)
      .replaceAll('check_crowded.', `check_${noun.replaceAll('-', '_')}.`)
      .replaceAll('crowded.', `${noun}.`);
  return FILES[kind].map((name) => ({
    name: named(name),
    text: named(fs.readFileSync(assetPath(`templates/${kind}/${name}`), 'utf8')),
  }));
}
