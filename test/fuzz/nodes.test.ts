import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runChecks } from '../../src/check/engine.ts';
import { builtinChecks } from '../../src/cli/builtin-checks.ts';
import { type Gathering, gather } from '../../src/collect/gather.ts';
import { collectors } from '../../src/collect/index.ts';
import { FACT_NAMES } from '../../src/model/fact-shapes.ts';
import type { ReportedCheck, ReportedFinding } from '../../src/model/report.ts';
import { CAPTURES, type LoadedNode, loadCapture, readCapture } from '../captures/load.ts';
import { mutated } from './mutations.ts';
import { random } from './random.ts';

const SEEDS = 25;
const HUGE = 5 * 1024 * 1024;

/** What nothing takes for a whole file of any kind. */
const USELESS = { noise: Buffer.from('\0\xff{[" x', 'latin1'), huge: Buffer.alloc(HUGE, 'x') };
const ODD = { ...USELESS, nothing: Buffer.alloc(0), null: Buffer.from('null'), list: Buffer.from('[[]]') };

/** Files of healthy sandboxes that every run reads. */
const READ = /\.conflist$|config\.toml$|\/networks\/[^/]+\/[\d.]+$|\/results\/(?!cni-loopback)/;

/** Real healthy nodes, one file of which is damaged: nothing is said but about that file. */
describe.each(CAPTURES)('the captured node %s with a damaged file', (name) => {
  const capture = readCapture(name);
  const files = Object.keys(capture.files).filter((file) => !/^\/(proc|sys)\//.test(file));
  const kinds = new Map(files.map((file) => [file.replaceAll(/[0-9a-f.-]{8,}/g, ''), file]));
  let node: LoadedNode;

  beforeAll(async () => {
    node = await loadCapture(capture);
  });
  afterAll(() => node.close());

  async function judge(
    file: string,
    bytes: Buffer,
    how: string,
  ): Promise<{ facts: Gathering; said: string }> {
    const place = node.host.root + file;
    const { atime, mtime } = fs.statSync(place);
    fs.writeFileSync(place, bytes);
    fs.utimesSync(place, atime, mtime);
    try {
      const facts = await gather(collectors, FACT_NAMES, node.host, node.look, new AbortController().signal);
      const judged = await runChecks(builtinChecks, facts, { minAgeMs: 0 });
      const problems = Object.values(facts).flatMap(problemsOf);
      const all = [...problems, ...judged.flatMap((check) => check.problems)];
      expect(
        all.filter(({ code }) => code === 'crashed'),
        `${file}, ${how}`,
      ).toEqual([]);
      expect(aboutOthers(judged, file), `${file}, ${how}`).toEqual([]);
      return { facts, said: JSON.stringify([problems, judged]) };
    } finally {
      fs.writeFileSync(place, capture.files[file] ?? '');
      fs.utimesSync(place, atime, mtime);
    }
  }

  test.each(Object.entries(ODD))('%s', async (how, bytes) => {
    for (const file of kinds.values()) {
      const { said } = await judge(file, bytes, how);
      if (READ.test(file) && how in USELESS) expect(said, `${file}, ${how}`).toContain(file);
    }
  });

  test('something wrong in it', async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const chance = random(seed);
      const file = chance.pick(files);
      const sample = Buffer.from(capture.files[file] ?? '');
      await judge(file, mutated(mutated(sample, [sample], chance), [sample], chance), `seed ${seed}`);
    }
  });
});

function problemsOf(outcome: Gathering[keyof Gathering]) {
  if (outcome === undefined || outcome.status === 'absent') return [];
  return outcome.status === 'failed' ? [outcome.problem] : (outcome.problems ?? []);
}

/** Findings at warning or above that neither name the file nor the sandbox whose file it is. */
function aboutOthers(judged: readonly ReportedCheck[], file: string): string[] {
  const findings = judged.flatMap((check) => check.findings).filter((f) => f.severity !== 'info');
  const isAbout = (finding: ReportedFinding) =>
    JSON.stringify(finding).includes(file) ||
    (finding.subject.kind === 'sandbox' && file.includes(finding.subject.id)) ||
    // A configuration that lost a line says something else, and that may be wrong.
    (file.startsWith('/etc/') && finding.evidence.some(({ fact }) => fact === 'runtimeConfig'));
  return findings.filter((finding) => !isAbout(finding)).map((f) => f.message);
}
