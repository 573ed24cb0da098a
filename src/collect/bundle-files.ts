import { isMissing, problemOf, type ReadHost } from '../host/read-host.ts';
import { type Problem, problem } from '../model/outcome.ts';
import { type OciConfig, parseOciConfig } from './oci-config.ts';

/** Collects what could not be read; `whole` turns false when bundles may be missing from the list. */
export interface BundleReading {
  host: ReadHost;
  problems: Problem[];
  whole: boolean;
}

const MAX_CONFIG = 1024 * 1024;
const MAX_SMALL = 4096;
const ID = /^[A-Za-z0-9][\w.-]*$/;

/** Names in a folder that can be ids of containers or containerd namespaces; null when there is no such folder. */
export function listIds(reading: BundleReading, folder: string): string[] | null {
  try {
    return reading.host.list(folder).filter((name) => ID.test(name));
  } catch (error) {
    if (!isMissing(error)) {
      reading.whole = false;
      reading.problems.push(problemOf(error, folder));
    }
    return null;
  }
}

/** Null when the file is gone, which is no problem, or cannot be read or understood, which is one. */
export function readOciConfig(reading: BundleReading, path: string): OciConfig | null {
  try {
    return parseOciConfig(reading.host.readFile(path, { max: MAX_CONFIG }));
  } catch (error) {
    if (error instanceof SyntaxError) {
      reading.problems.push(problem('malformed', `${path} is no OCI configuration: ${error.message}`, path));
    } else if (!isMissing(error)) {
      reading.problems.push(problemOf(error, path));
    }
    return null;
  }
}

/** A process id from a file that holds nothing else; null when there is none, or, with a problem, another thing. */
export function readPid(reading: BundleReading, path: string): number | null {
  const text = readSmall(reading, path);
  if (text === null) return null;
  const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (pid > 0) return pid;
  reading.problems.push(problem('malformed', `${path} holds no process id`, path));
  return null;
}

/** One line; null when the file is gone or unreadable. */
export function readSmall(reading: BundleReading, path: string): string | null {
  try {
    return reading.host.readFile(path, { max: MAX_SMALL }).trim();
  } catch (error) {
    if (!isMissing(error)) reading.problems.push(problemOf(error, path));
    return null;
  }
}
