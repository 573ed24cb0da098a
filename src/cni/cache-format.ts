import { isObject } from '../model/shape.ts';
import type { Attachment } from './attachment.ts';
import { type Network, parseNetwork } from './conf.ts';
import { CniError } from './error.ts';
import { escapeAsGo, goJson, parseJson } from './json.ts';
import type { AttachmentKey } from './names.ts';
import { normaliseResult } from './result.ts';

const KIND = 'cniCacheV1';

/** One attachment as the cache has it. */
export interface CachedAttachment extends AttachmentKey {
  file: string;
  /** As it was asked for; `netns` is '' where an old writer did not record it and the result does not tell. */
  attachment: Attachment;
  /** The network as it was when the attachment was made; null when that cannot be read. */
  conf: Network | null;
  /** Final result of ADD, as the plugin wrote it; null when there is none that makes sense. */
  result: Record<string, unknown> | null;
}

/** The text of a cache file: libcni's fields in libcni's order. */
export function encodeCache(entry: {
  network: string;
  config: string;
  attachment: Attachment;
  result: Record<string, unknown>;
}): string {
  const { attachment, result } = entry;
  const { args = [], capabilityArgs = {}, netns } = attachment;
  const fields: [string, string | null][] = [
    ['kind', text(KIND)],
    ['containerId', text(attachment.containerId)],
    ['config', text(Buffer.from(entry.config).toString('base64'))],
    ['ifName', text(attachment.ifName)],
    ['networkName', text(entry.network)],
    ['netns', netns === '' ? null : text(netns)],
    ['cniArgs', args.length === 0 ? null : escapeAsGo(JSON.stringify(args))],
    [
      'capabilityArgs',
      Object.keys(capabilityArgs).length === 0 ? null : escapeAsGo(JSON.stringify(capabilityArgs)),
    ],
    ['result', goJson(result)],
  ];
  const written = fields.flatMap(([key, value]) => (value === null ? [] : [`${text(key)}:${value}`]));
  return `{${written.join(',')}}`;
}

/** Reads a cache file. With a key, the oldest form too, which is nothing but a result. */
export function decodeCache(
  content: string,
  file: string,
  key: AttachmentKey | null,
): { status: 'found'; cached: CachedAttachment } | { status: 'unreadable'; reason: string } {
  const parsed = parseJson(content);
  if (!parsed.ok) {
    const what = content.trim() === '' ? 'is empty' : 'is not valid JSON';
    return { status: 'unreadable', reason: `${file} ${what}: its writer was cut off` };
  }
  const body = parsed.value;
  if (!isObject(body)) return { status: 'unreadable', reason: `${file} is no JSON object` };
  if (body.kind !== KIND) return oldForm(body, file, key);
  const { containerId, ifName, networkName } = body;
  if (typeof containerId !== 'string' || typeof ifName !== 'string' || typeof networkName !== 'string') {
    return { status: 'unreadable', reason: `${file} names no attachment` };
  }
  const result = isObject(body.result) && normaliseResult(body.result) ? body.result : null;
  const attachment: Attachment = {
    containerId,
    ifName,
    netns: typeof body.netns === 'string' ? body.netns : sandboxOf(result),
    args: argsOf(body.cniArgs),
    ...(isObject(body.capabilityArgs) ? { capabilityArgs: body.capabilityArgs } : {}),
  };
  const found = {
    file,
    network: networkName,
    containerId,
    ifName,
    attachment,
    conf: confOf(body.config),
    result,
  };
  return { status: 'found', cached: found };
}

function oldForm(
  body: Record<string, unknown>,
  file: string,
  key: AttachmentKey | null,
): ReturnType<typeof decodeCache> {
  const isResult = ['cniVersion', 'ips', 'ip4', 'ip6'].some((name) => name in body) && normaliseResult(body);
  if (!key || !isResult) return { status: 'unreadable', reason: `${file} is of another kind than ${KIND}` };
  const { containerId, ifName } = key;
  const attachment = { containerId, ifName, netns: sandboxOf(body) };
  return { status: 'found', cached: { ...key, file, attachment, conf: null, result: body } };
}

function confOf(config: unknown): Network | null {
  return typeof config === 'string' ? decodeConfig(config) : null;
}

/** The network in the field `config` of a cache file; null when that cannot be read. */
export function decodeConfig(config: string): Network | null {
  try {
    return parseNetwork(Buffer.from(config, 'base64').toString('utf8'), { file: null });
  } catch (error) {
    if (error instanceof CniError) return null;
    throw error;
  }
}

function argsOf(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((pair: unknown) => {
    if (!Array.isArray(pair)) return [];
    const [key, word] = pair as unknown[];
    return typeof key === 'string' && typeof word === 'string' ? [[key, word] as [string, string]] : [];
  });
}

/** Old writers recorded no namespace: the interface inside names it. */
function sandboxOf(result: Record<string, unknown> | null): string {
  return normaliseResult(result)?.interfaces.find((one) => one.sandbox.startsWith('/'))?.sandbox ?? '';
}

function text(value: string): string {
  return escapeAsGo(JSON.stringify(value));
}
