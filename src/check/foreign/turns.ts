type Kind = 'thread' | 'program';

/** What works at a time: threads share the processors, programs mostly wait. */
const AT_ONCE: Record<Kind, number> = { thread: 4, program: 8 };

const running: Record<Kind, number> = { thread: 0, program: 0 };
const waiting: Record<Kind, (() => void)[]> = { thread: [], program: [] };

/** Does work when it is its turn, so that the deadlines of many checks are not those of one busy machine. */
export async function taking<T>(kind: Kind, work: () => Promise<T>): Promise<T> {
  if (running[kind] >= AT_ONCE[kind]) await new Promise<void>((go) => waiting[kind].push(go));
  else running[kind] += 1;
  try {
    return await work();
  } finally {
    const next = waiting[kind].shift();
    if (next) next();
    else running[kind] -= 1;
  }
}
