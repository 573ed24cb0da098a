import fs from 'node:fs';
import path from 'node:path';
import { sh } from './sh.ts';
import { readSources, sourcesFor } from './sources.ts';

/** Downloads what an installation would need, installs nothing, and waits for no lock of the machine's own. */
const RESOLVED = [
  'install',
  '--yes',
  '--download-only',
  '--reinstall',
  '--no-install-recommends',
  '-o',
  'Debug::NoLocking=1',
];

/**
 * Downloads packages of one Debian suite and unpacks them below `into`, without root's help and
 * without touching the machine's own packages: own lists, own cache, own sources, all in `work`.
 * `dependencies`: with all that they need and this machine does not have installed.
 * Gives the names of the package files. Throws with the reason when one cannot be had.
 */
export async function fetchPackages(
  suite: string,
  names: string[],
  work: string,
  into: string,
  { dependencies = false }: { dependencies?: boolean } = {},
): Promise<string[]> {
  const parts = path.join(work, 'parts');
  for (const folder of ['parts', 'lists/partial', 'cache/archives/partial', 'debs']) {
    fs.mkdirSync(path.join(work, folder), { recursive: true });
  }
  fs.writeFileSync(path.join(work, 'sources.list'), '');
  fs.writeFileSync(path.join(parts, 'rig.sources'), sourcesFor(readSources(), codename(), suite));
  const options = Object.entries({
    'Dir::Etc::SourceList': path.join(work, 'sources.list'),
    'Dir::Etc::SourceParts': parts,
    'Dir::State::Lists': path.join(work, 'lists'),
    'Dir::Cache': path.join(work, 'cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    // The unprivileged download user cannot enter a private folder, and nothing here is secret.
    'APT::Sandbox::User': 'root',
  }).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await sh('apt-get', [...options, '-q', '--error-on=any', 'update'], {
    timeoutMs: 300_000,
    as: `apt-get update (${suite})`,
  });
  const wanted = names.map((n) => `${n}/${suite}`);
  await sh('apt-get', [...options, '-q', ...(dependencies ? RESOLVED : ['download']), ...wanted], {
    cwd: path.join(work, 'debs'),
    timeoutMs: 300_000,
    as: `apt-get download ${names.join(' ')} (${suite})`,
  });
  const folder = path.join(work, dependencies ? 'cache/archives' : 'debs');
  const debs = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .sort();
  for (const deb of debs) await sh('dpkg', ['-x', path.join(folder, deb), into]);
  return debs;
}

function codename(): string {
  const found = /^VERSION_CODENAME="?(\w+)/m.exec(fs.readFileSync('/etc/os-release', 'utf8'));
  if (!found?.[1]) throw new Error('/etc/os-release has no VERSION_CODENAME: not a Debian release');
  return found[1];
}
