import { type CriSession, openSession } from '../cri/session.ts';

/** Sessions by their socket, each opened when it is first asked for. */
export interface Sessions {
  session(endpoint: string): CriSession;
  close(): void;
}

/** `timeoutMs` is the deadline of a call that does not bring its own. */
export function openSessions(timeoutMs: number): Sessions {
  const open = new Map<string, CriSession>();
  return {
    session(endpoint) {
      const known = open.get(endpoint) ?? openSession(endpoint, endpoint, timeoutMs);
      open.set(endpoint, known);
      return known;
    },
    close() {
      for (const session of open.values()) session.close();
    },
  };
}
