import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDoctor, seenIn } from '../e2e/doctor.ts';
import { SCENARIOS } from '../e2e/recorded.ts';

const names = fs
  .readdirSync(SCENARIOS)
  .flatMap((file) => /^(.*)\.snapshot\.json$/.exec(file)?.[1] ?? [])
  .sort();

describe('recorded nodes', () => {
  it.each(names)('%s', async (name) => {
    const base = path.join(SCENARIOS, name);
    const { report } = await runDoctor(['--from-snapshot', `${base}.snapshot.json`]);
    expect(seenIn(report)).toEqual(JSON.parse(fs.readFileSync(`${base}.findings.json`, 'utf8')));
  });
});
