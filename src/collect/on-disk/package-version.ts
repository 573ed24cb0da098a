import { isMissing, type ReadHost } from '../../host/read-host.ts';

const DATABASE = '/var/lib/dpkg';
const MAX_STATUS = 64 * 1024 * 1024;
const MAX_LIST = 4 * 1024 * 1024;

/** Version of the Debian package that a file came with, without epoch and revision; null where none says so. */
export function debianVersion(host: ReadHost, names: readonly string[], file: string): string | null {
  const owner = names.find((name) => lists(host, name, file));
  const status = owner === undefined ? null : readOr(host, `${DATABASE}/status`, MAX_STATUS);
  if (owner === undefined || status === null) return null;
  const own = status.split(/\n\n+/).find((paragraph) => `\n${paragraph}\n`.includes(`\nPackage: ${owner}\n`));
  if (own === undefined || !/^Status: .* installed$/m.test(own)) return null;
  const version = /^Version: (?:\d+:)?([\w.+~-]{1,80})$/m.exec(own)?.[1];
  return version === undefined ? null : version.replace(/-[^-]*$/, '');
}

/** A merged /usr makes two names of one file. */
function lists(host: ReadHost, name: string, file: string): boolean {
  const files = readOr(host, `${DATABASE}/info/${name}.list`, MAX_LIST)?.split('\n') ?? [];
  return files.includes(file) || files.includes(file.replace(/^\/usr(?=\/s?bin\/)/, ''));
}

function readOr(host: ReadHost, file: string, max: number): string | null {
  try {
    return host.readFile(file, { follow: true, max });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
