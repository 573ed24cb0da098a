import { isUtf8 } from 'node:buffer';
import type { StoreRecord } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';
import type { NsMode } from '../model/namespace.ts';

/** What CRI writes beside a record in containerd's store, as far as it is kept. */
export type StoreMetadata = Pick<
  StoreRecord,
  'name' | 'netnsPath' | 'sandboxId' | 'modes' | 'imageId' | 'address'
>;

const MODES: readonly NsMode[] = ['pod', 'container', 'node', 'target'];

export const NO_METADATA: StoreMetadata = {
  name: null,
  netnsPath: null,
  sandboxId: null,
  modes: null,
  imageId: null,
};

/** Decodes the bytes of a metadata extension: JSON {Version, Metadata}. Throws an Error that says what is wrong. */
export function storeMetadata(bytes: Uint8Array, kind: StoreRecord['kind']): StoreMetadata {
  if (!isUtf8(bytes)) throw new Error('it is not UTF-8');
  const { buffer, byteOffset, length } = bytes;
  const parsed: unknown = JSON.parse(Buffer.from(buffer, byteOffset, length).toString());
  const version = dig(parsed, 'Version');
  if (version !== 'v1') throw new Error(`version ${JSON.stringify(version)} instead of "v1"`);
  const metadata = dig(parsed, 'Metadata');
  const name = digText(metadata, 'Name');
  if (name === null) throw new Error('it has no name');
  if (kind === 'sandbox') {
    return {
      ...NO_METADATA,
      name,
      netnsPath: digText(metadata, 'NetNSPath'),
      modes: modesOf(metadata),
      address: digText(metadata, 'IP') ?? '',
    };
  }
  return {
    ...NO_METADATA,
    name,
    sandboxId: digText(metadata, 'SandboxID'),
    imageId: digText(metadata, 'ImageRef'),
  };
}

function modesOf(metadata: unknown): StoreRecord['modes'] {
  const options = dig(metadata, 'Config', 'linux', 'security_context', 'namespace_options');
  const [net, pid, ipc] = ['network', 'pid', 'ipc'].map((key) => modeOf(dig(options, key)));
  return net && pid && ipc ? { net, pid, ipc } : null;
}

/** Numbers of CRI's NamespaceMode; zero, POD, is left out when CRI's messages become JSON. */
function modeOf(value: unknown): NsMode | undefined {
  return value === undefined ? 'pod' : typeof value === 'number' ? MODES[value] : undefined;
}
