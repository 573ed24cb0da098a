import type { CriSession } from '../../cri/session.ts';
import { monotonicMs } from '../../host/process.ts';
import { since, textOf } from './course.ts';

/** A call to the runtime, and how it went. */
export interface Heard {
  what: string;
  ms: number;
  /** '' when it was answered. */
  failure: string;
}

/** The same connection; every call is noted, and none takes more than half of what is left for all of them. */
export function watched(session: CriSession, leftMs: () => number, heard: Heard[]): CriSession {
  return {
    ...session,
    async call(what, make, timeoutMs) {
      const begun = monotonicMs();
      const note = (failure: string) => heard.push({ what, ms: since(begun), failure });
      try {
        const limitMs = Math.ceil(Math.min(timeoutMs ?? CALL_MS, leftMs() / 2));
        const answer = await session.call(what, make, limitMs);
        note('');
        return answer;
      } catch (error) {
        note(textOf(error));
        throw error;
      }
    },
  };
}

/** Lists and states are answered at once, or not at all. */
const CALL_MS = 5000;
