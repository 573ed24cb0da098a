import { isMissing, problemOf, type ReadHost, systemCode } from '../host/read-host.ts';
import { type Problem, problem } from '../model/outcome.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * What a YAML (or JSON) file of an administrator's holds. Undefined when it is gone, or cannot be used: then a
 * problem says so, without quoting it.
 */
export async function readYaml(host: ReadHost, path: string, problems: Problem[]): Promise<unknown> {
  try {
    return await parseYaml(host.readFile(path, { follow: true, max: MAX_BYTES }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    const isSystem = /^E[A-Z0-9]+$/.test(systemCode(error));
    problems.push(
      isSystem ? problemOf(error, path) : problem('malformed', `${path} is not valid YAML`, path),
    );
    return undefined;
  }
}

/** The first document. Throws on what is no YAML, and on aliases that would grow without end. */
export async function parseYaml(text: string): Promise<unknown> {
  const { parseAllDocuments } = await import('yaml');
  const [first] = parseAllDocuments(text, { logLevel: 'silent' });
  if (first === undefined || !('errors' in first)) return undefined;
  const [error] = first.errors;
  if (error) throw error;
  return first.toJS({ maxAliasCount: 100 });
}
