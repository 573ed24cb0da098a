import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/cri/codec.ts';
import {
  ContainerSchema,
  ContainerStatusSchema,
  CreateContainerRequestSchema,
  ExecSyncResponseSchema,
  ImageSchema,
  ListContainersResponseSchema,
  PodSandboxStatusResponseSchema,
  StatusResponseSchema,
} from '../../src/cri/gen/cri_pb.js';
import { ContainerSchema as StoredSchema } from '../../src/cri/gen/store_pb.js';

/** What protobuf's own library makes of a message, as plain data. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, v]) => key !== '$typeName' && v !== undefined);
  return Object.fromEntries(entries.map(([key, v]) => [key, plain(v)]));
}

function bothWays<S extends DescMessage>(schema: S, init: MessageInitShape<S>): void {
  const bytes = toBinary(schema, create(schema, init));
  expect(plain(decode(schema.typeName, Buffer.from(bytes)))).toEqual(plain(create(schema, init)));
  expect(plain(fromBinary(schema, encode(schema.typeName, init)))).toEqual(plain(create(schema, init)));
}

const id = 'f'.repeat(64);

test('messages are read and written as by protobuf itself', () => {
  bothWays(ContainerSchema, {});
  bothWays(ListContainersResponseSchema, {
    containers: [
      {
        id,
        podSandboxId: id,
        metadata: { name: 'größe \u{1f600}', attempt: 4_294_967_295 },
        image: { image: 'x' },
        state: 2,
        createdAt: 1_795_380_685_920_563_722n,
      },
      { createdAt: -6_795_364_578_871_345_152n },
      { metadata: {} },
    ],
  });
  bothWays(ContainerStatusSchema, { id, exitCode: -1, startedAt: -1n, finishedAt: 2n ** 62n, logPath: 'l' });
  bothWays(ImageSchema, { repoTags: ['', 'a'], size: 2n ** 64n - 1n, pinned: true });
  bothWays(StatusResponseSchema, { status: { conditions: [{ type: 'RuntimeReady', status: true }] } });
  bothWays(PodSandboxStatusResponseSchema, { info: { info: '{"pid":1}', '': '' } });
  bothWays(ExecSyncResponseSchema, { stdout: new Uint8Array([0, 255, 128]), exitCode: 137 });
  bothWays(CreateContainerRequestSchema, {
    podSandboxId: id,
    config: {
      command: ['sleep', ''],
      envs: [{ key: 'A', value: new TextEncoder().encode('b') }],
      labels: { a: 'b' },
      linux: { securityContext: { namespaceOptions: { network: 2, pid: 1 } } },
    },
    sandboxConfig: { portMappings: [{ containerPort: 80, hostPort: -1 }], annotations: { x: 'y' } },
  });
  bothWays(StoredSchema, {
    id,
    labels: { 'io.cri-containerd.kind': 'sandbox' },
    createdAt: { seconds: -5n, nanos: 999_999_999 },
    extensions: { a: { typeUrl: 't', value: new Uint8Array(70_000) }, empty: {} },
  });
});

test('fields that nobody knows, of every kind, are passed over', () => {
  const unknown = [
    0xf8, 0x07, 1, 0xf9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 0x07, 2, 9, 9, 0xfd, 0x07, 1, 2, 3, 4,
  ];
  const bytes = Buffer.concat([
    Buffer.from(unknown),
    encode(ContainerSchema.typeName, { id }),
    Buffer.from(unknown),
  ]);
  expect(decode(ContainerSchema.typeName, bytes)).toMatchObject({ id, podSandboxId: '' });
});

test('a map key is data, whatever it is called', () => {
  const bytes = Buffer.concat([
    Buffer.from([0x12, 13, 0x0a, 9]),
    Buffer.from('__proto__'),
    Buffer.from([0x12, 0]),
  ]);
  const { info } = decode(StatusResponseSchema.typeName, bytes);
  expect(Object.keys(info as object)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(info)).toBe(Object.prototype);
});

test.each([
  ['cut short inside a field', [0x0a, 5, 1]],
  ['cut short inside a number', [0x30, 0x80]],
  ['a length beyond the end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
  ['a number that does not end', [0x30, ...Array<number>(11).fill(0x80), 1]],
  ['a message that reaches over its end', [0x1a, 3, 0x0a, 5, 1, 2, 3, 4, 5]],
  ['a kind of field that there is not', [0x0f]],
])('%s is an error', (_, bytes) => {
  expect(() => decode(ContainerSchema.typeName, Buffer.from(bytes))).toThrow('not a message of this kind');
});
