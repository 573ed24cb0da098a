import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate and its key, both PEM. */
export interface Pair {
  cert: string;
  key: string;
}

interface Authority extends Pair {
  name: string;
  privateKey: KeyObject;
}

const OID = {
  commonName: '0603550403',
  organization: '060355040a',
  ecdsaWithSha256: '06082a8648ce3d040302',
  basicConstraints: '0603551d13',
  subjectAltName: '0603551d11',
} as const;
const DAY = 86_400_000;

/** A throwaway authority that lives for a day. */
export function authority(name: string): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isCa = extension('basicConstraints', tlv(0x30, tlv(0x01, Buffer.from([0xff]))));
  const cert = certificate({
    issuer: name,
    by: privateKey,
    subject: { commonName: name },
    publicKey,
    extra: [isCa],
  });
  return { name, privateKey, cert, key: pem(privateKey) };
}

/** A certificate for a server at 127.0.0.1, or for a client. */
export function issued(
  by: Authority,
  subject: { commonName: string; organization?: string },
  server = false,
): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const address = extension('subjectAltName', tlv(0x30, tlv(0x87, Buffer.from([127, 0, 0, 1]))));
  const extra = server ? [address] : [];
  const cert = certificate({ issuer: by.name, by: by.privateKey, subject, publicKey, extra });
  return { cert, key: pem(privateKey) };
}

interface Wanted {
  issuer: string;
  by: KeyObject;
  subject: { commonName: string; organization?: string };
  publicKey: KeyObject;
  extra: Buffer[];
}

function certificate({ issuer, by, subject, publicKey, extra }: Wanted): string {
  const algorithm = tlv(0x30, oid('ecdsaWithSha256'));
  const serial = Buffer.from([1, ...crypto.getRandomValues(new Uint8Array(8))]);
  const body = tlv(
    0x30,
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    algorithm,
    named({ commonName: issuer }),
    tlv(0x30, time(Date.now() - DAY), time(Date.now() + DAY)),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extra.length === 0 ? [] : [tlv(0xa3, tlv(0x30, ...extra))]),
  );
  const der = tlv(0x30, body, algorithm, tlv(0x03, Buffer.from([0]), sign('sha256', body, by)));
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function named({ organization, commonName }: Wanted['subject']): Buffer {
  const part = (type: keyof typeof OID, text: string) =>
    tlv(0x31, tlv(0x30, oid(type), tlv(0x0c, Buffer.from(text))));
  const parts = organization === undefined ? [] : [part('organization', organization)];
  return tlv(0x30, ...parts, part('commonName', commonName));
}

function extension(type: keyof typeof OID, value: Buffer): Buffer {
  return tlv(0x30, oid(type), tlv(0x04, value));
}

function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${text}Z`));
}

function oid(name: keyof typeof OID): Buffer {
  return Buffer.from(OID[name], 'hex');
}

function tlv(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = body.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
