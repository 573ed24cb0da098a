import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import { digText } from '../model/json-path.ts';
import { type Problem, problem } from '../model/outcome.ts';

/** What crictl's own configuration says about the endpoint; null when it says nothing. */
export interface CrictlChoice {
  endpoint: string | null;
  problem: Problem | null;
}

/** Reads `runtime-endpoint` from crictl's configuration file. No file is no problem. */
export async function readCrictlChoice(host: ReadHost, file: string): Promise<CrictlChoice> {
  let text: string;
  try {
    text = host.readFile(file, { follow: true });
  } catch (error) {
    return { endpoint: null, problem: isMissing(error) ? null : problemOf(error, file) };
  }
  const { parse } = await import('yaml');
  try {
    return { endpoint: digText(parse(text, { logLevel: 'error' }), 'runtime-endpoint'), problem: null };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { endpoint: null, problem: problem('malformed', `${file} is not valid YAML: ${why}`, file) };
  }
}
