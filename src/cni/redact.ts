import { isObject } from '../model/shape.ts';

const SECRET_KEY = /pass|secret|token|credential|private|auth|api.?key|key.?data|cert.*data|kubeconfig/i;
const MAX_SHOWN = 400;

/**
 * What a plugin said, fit for a message: one line, at most 400 characters, control characters visible, and
 * every value that its configuration holds under a secret's name replaced.
 */
export function shown(text: string, conf: unknown): string {
  let safe = text;
  for (const secret of secretsIn(conf)) safe = safe.replaceAll(secret, '***');
  safe = safe.trim().replace(/\s*\n\s*/g, ' | ');
  const cut = safe.length > MAX_SHOWN ? `${safe.slice(0, MAX_SHOWN)}...` : safe;
  return cut.replace(/[\0-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Strings below keys that sound secret, the longest first; very short ones would blot out whole words. */
function secretsIn(value: unknown, inside = false): string[] {
  const found = Array.isArray(value)
    ? value.flatMap((member) => secretsIn(member, inside))
    : isObject(value)
      ? Object.entries(value).flatMap(([key, member]) => secretsIn(member, inside || SECRET_KEY.test(key)))
      : inside && typeof value === 'string' && value.length >= 4
        ? [value, JSON.stringify(value).slice(1, -1)]
        : [];
  return found.sort((a, b) => b.length - a.length);
}
