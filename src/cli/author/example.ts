import fs from 'node:fs';
import { assetPath } from '../../host/asset.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** The healthy node that tests of checks begin with: three pods on containerd. Each call gives one of its own. */
export function exampleNode(): Snapshot {
  return JSON.parse(fs.readFileSync(assetPath('example.snapshot.json'), 'utf8')) as Snapshot;
}
