type Cache = WeakMap<object, unknown>;

const NONE = {};

/**
 * Remembers a pure function of facts by the identity of its arguments, so that checks which ask the same
 * question share the answer. Arguments are facts (objects) or undefined.
 */
export function memo<A extends (object | undefined)[], R>(derive: (...args: A) => R): (...args: A) => R {
  const root: Cache = new WeakMap();
  return (...args) => {
    let level = root;
    for (const arg of args.slice(0, -1)) {
      const key = arg ?? NONE;
      const next = (level.get(key) as Cache | undefined) ?? new WeakMap();
      level.set(key, next);
      level = next;
    }
    const last = args.at(-1) ?? NONE;
    if (!level.has(last)) level.set(last, derive(...args));
    return level.get(last) as R;
  };
}
