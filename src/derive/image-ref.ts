import type { Image } from '../model/facts.ts';

const DEFAULT_DOMAIN = 'docker.io';
const OLD_DEFAULT_DOMAIN = 'index.docker.io';

/**
 * The full form of an image reference as runtimes store it: domain, `library/` for bare Docker Hub names,
 * `:latest` where there is neither tag nor digest. A 64-hex id or `sha256:` id is left as it is.
 */
export function fullReference(reference: string): string {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(reference)) return reference;
  const at = reference.indexOf('@');
  const digest = at < 0 ? '' : reference.slice(at);
  const named = at < 0 ? reference : reference.slice(0, at);
  const slash = named.indexOf('/');
  const head = slash < 0 ? '' : named.slice(0, slash);
  const isDomain =
    head.includes('.') || head.includes(':') || head === 'localhost' || head !== head.toLowerCase();
  const domain = isDomain ? (head === OLD_DEFAULT_DOMAIN ? DEFAULT_DOMAIN : head) : DEFAULT_DOMAIN;
  const rest = isDomain ? named.slice(slash + 1) : named;
  const path = domain === DEFAULT_DOMAIN && !rest.includes('/') ? `library/${rest}` : rest;
  const tagged = path.includes(':') || digest !== '' ? path : `${path}:latest`;
  return `${domain}/${tagged}${digest}`;
}

/** The image that a reference names on this node, by tag, digest or id; undefined when it is not here. */
export function findImage(images: readonly Image[], reference: string): Image | undefined {
  const wanted = fullReference(reference);
  const id = wanted.replace(/^sha256:/, '');
  const at = wanted.indexOf('@');
  const digestOnly = at < 0 ? '' : `${withoutTag(wanted.slice(0, at))}${wanted.slice(at)}`;
  return images.find(
    (image) =>
      image.tags.some((tag) => fullReference(tag) === wanted) ||
      image.digests.some((digest) => digest === wanted || digest === digestOnly) ||
      image.id.replace(/^sha256:/, '') === id,
  );
}

/** Tags of images that are a pause by name: what could serve instead. */
export function pauseTags(images: readonly Image[]): string[] {
  return images.flatMap((image) => image.tags).filter((tag) => /(^|[/-])pause(-\w+)?(:|$)/.test(tag));
}

/** The tag of a reference; null when it has none. */
export function tagOf(reference: string): string | null {
  const named = reference.split('@')[0] ?? '';
  return /:([\w.-]+)$/.exec(named.slice(named.lastIndexOf('/') + 1))?.[1] ?? null;
}

/** The tag where the name is a pause's and the tag one of Kubernetes' own (3.10.1); null otherwise. */
export function pauseTagOf(reference: string): string | null {
  const tag = tagOf(reference);
  const isPause = /(^|[/-])pause(-\w+)?$/.test(withoutTag(reference.split('@')[0] ?? ''));
  return tag !== null && isPause && /^3\.\d+(\.\d+)?$/.test(tag) ? tag : null;
}

/** The name under which a runtime keeps an image that is wanted by this reference: with a digest, the tag goes. */
export function storedName(reference: string): string {
  const full = fullReference(reference);
  const at = full.indexOf('@');
  return at < 0 ? full : `${withoutTag(full.slice(0, at))}${full.slice(at)}`;
}

function withoutTag(named: string): string {
  const colon = named.indexOf(':', named.lastIndexOf('/'));
  return colon < 0 ? named : named.slice(0, colon);
}
