import fs from 'node:fs';
import path from 'node:path';
import { isMissing } from '../../host/read-host.ts';
import { cgroupTree } from '../cgroups.ts';
import type { GuardOf } from './index.ts';

export function cgroupEmpty({ path: cgroup, hierarchies }: GuardOf<'cgroup-empty'>): string | null {
  for (const folder of hierarchies.flatMap((hierarchy) => cgroupTree(hierarchy, cgroup))) {
    const [first] = processesIn(folder);
    if (first !== undefined) return `process ${first} is in ${folder}`;
  }
  return null;
}

function processesIn(folder: string): string[] {
  try {
    const text = fs.readFileSync(path.join(folder, 'cgroup.procs'), 'utf8');
    return text.split('\n').filter((line) => line !== '');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
