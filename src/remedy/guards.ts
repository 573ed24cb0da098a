import fs from 'node:fs';
import type { CriSession } from '../cri/session.ts';
import { identifyFile } from '../host/file-identity.ts';
import { isRunning } from '../host/process.ts';
import type { Guard } from '../model/plan.ts';
import type { RemedyContext } from './context.ts';

/** What guards read the node with. */
export type GuardContext = Pick<RemedyContext, 'records' | 'session'> & { signal: AbortSignal };

/** Why an action must not be carried out now; null when its guard holds. Read at the moment of asking. */
export async function refusalOf(guard: Guard, { records, session }: GuardContext): Promise<string | null> {
  switch (guard.kind) {
    case 'process-is':
      return isRunning(guard.process) ? null : `process ${guard.process.pid} is gone, or another one by now`;
    case 'process-gone':
      return isRunning(guard.process) ? `process ${guard.process.pid} runs` : null;
    case 'namespace-is': {
      const now = namespaceAt(guard.path);
      return now === guard.ns ? null : `${guard.path} is ${now ?? 'no namespace'}, and was ${guard.ns}`;
    }
    case 'record-is': {
      const now = records.read(guard.id)?.revision;
      if (now === guard.revision) return null;
      return now === undefined ? 'its record is gone' : 'its record was changed in the meantime: look again';
    }
    case 'content-is':
      return contentOf(guard.path) === guard.sha256
        ? null
        : `${guard.path} was changed in the meantime: look again`;
    case 'image-is':
      return imageRefusal(guard, session(guard.endpoint));
    default:
      return `${guard.kind} is not built yet`;
  }
}

function namespaceAt(path: string): string | null {
  try {
    const stat = fs.statSync(path);
    return `${stat.dev}:${stat.ino}`;
  } catch {
    return null;
  }
}

/** Hash of a file's content, links followed; null where it cannot be read. */
function contentOf(path: string): string | null {
  try {
    return identifyFile(fs.realpathSync(path)).file.sha256;
  } catch {
    return null;
  }
}

async function imageRefusal(
  { image, id }: Extract<Guard, { kind: 'image-is' }>,
  session: CriSession,
): Promise<string | null> {
  const answer = await session.call('ImageStatus', (c, o) => c.image.imageStatus({ image: { image } }, o));
  const now = answer.image?.id ?? null;
  return now === id ? null : `${image} is ${now ?? 'not here'}, and was ${id ?? 'not here'}: look again`;
}
