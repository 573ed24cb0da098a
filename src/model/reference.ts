const DOMAIN_PART = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const DOMAIN = new RegExp(`^(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[0-9A-Fa-f:]+\\])(?::\\d+)?$`);
const PATH_PART = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}$/;
const LONGEST_NAME = 255;

/** Characters that come in by a slip of quoting or of line ends. */
const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/\r/, 'a carriage return'],
  [/\n/, 'a line break'],
  [/["'`]/, 'a quote'],
  [/\s/, 'a space'],
  [/[^\x20-\x7e]/, 'a character that cannot be printed or is not ASCII'],
];

/** Why text is no reference of an image, as runtimes parse them; null when it is one. */
export function referenceFault(text: string): string | null {
  if (text === '') return 'it is empty';
  const slip = SLIPS.find(([pattern]) => pattern.test(text));
  if (slip) return `it has ${slip[1]} in it`;
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  if (digest !== null && !DIGEST.test(digest)) return 'what follows its @ is no digest';
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  if (colon >= 0 && !TAG.test(named.slice(colon + 1))) return 'what follows its last colon is no tag';
  return nameFault(colon < 0 ? named : named.slice(0, colon));
}

function nameFault(name: string): string | null {
  const [head = '', ...rest] = name.split('/');
  const hasDomain = rest.length > 0 && (/[.:A-Z[]/.test(head) || head === 'localhost');
  if (hasDomain && !DOMAIN.test(head)) return 'what is before its first slash is no registry';
  const parts = hasDomain ? rest : [head, ...rest];
  const wrong = parts.find((part) => !PATH_PART.test(part));
  if (wrong === '') return 'a part of its name is empty';
  if (wrong !== undefined && /[A-Z]/.test(wrong)) return 'its name has capital letters in it';
  if (wrong !== undefined) return 'its name has characters that no name has';
  return name.length > LONGEST_NAME ? 'its name is too long' : null;
}
