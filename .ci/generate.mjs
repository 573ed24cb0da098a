// Regenerates src/cri/gen from src/cri/proto. Run by hand after a change to a .proto; a test compares.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileRegistry, fromBinary, ScalarType } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const proto = fileURLToPath(new URL('../src/cri/proto/', import.meta.url));
const buf = fileURLToPath(new URL('../node_modules/.bin/buf', import.meta.url));
const out = process.argv[2] ?? '../gen';
const template = JSON.stringify({
  version: 'v2',
  plugins: [
    {
      local: fileURLToPath(new URL('../node_modules/.bin/protoc-gen-es', import.meta.url)),
      out,
      opt: ['target=js+dts', 'import_extension=js'],
    },
  ],
});
execFileSync(buf, ['generate', '--template', template, '.'], { cwd: proto, stdio: 'inherit' });
fs.writeFileSync(path.resolve(proto, out, 'wire.ts'), wireTables());

/** What goes over the wire, as plain data: src/cri/codec.ts works from it. */
function wireTables() {
  const image = execFileSync(buf, ['build', '.', '-o', '-#format=binpb'], { cwd: proto });
  const files = [...createFileRegistry(fromBinary(FileDescriptorSetSchema, image)).files];
  const services = files.flatMap((file) => file.services);
  const messages = new Map();
  for (const { input, output } of services.flatMap((s) => s.methods)) {
    addMessage(messages, input);
    addMessage(messages, output);
  }
  const named = [...messages].sort(([a], [b]) => (a < b ? -1 : 1));
  return `// Made by .ci/generate.mjs from src/cri/proto.
import type { Field } from '../codec.ts';

/** Fields of every message that a call sends or gets, by the message's full name. */
export const MESSAGES: Readonly<Record<string, readonly Field[]>> = {
${named.map(([name, fields]) => `  '${name}': ${list(fields)},\n`).join('')}};

/** Path, request and answer of every method, by the service's full name. */
export const SERVICES: Readonly<Record<string, Readonly<Record<string, readonly [string, string, string]>>>> = {
${services.map((s) => `  '${s.typeName}': {\n${s.methods.map((m) => method(s, m)).join('')}  },\n`).join('')}};
`;
}

function list(fields) {
  return fields.length === 0 ? '[]' : `[\n${fields.map((f) => `    [${f.join(', ')}],\n`).join('')}  ]`;
}

function method({ typeName }, { name, localName, input, output }) {
  return `    ${localName}: ['/${typeName}/${name}', '${input.typeName}', '${output.typeName}'],\n`;
}

function addMessage(messages, message) {
  if (messages.has(message.typeName)) return;
  messages.set(message.typeName, []);
  const fields = message.fields.map((field) => {
    if (field.message) addMessage(messages, field.message);
    return [field.number, `'${field.localName}'`, `'${typeOf(field)}'`, ...shapeOf(field)];
  });
  messages.set(message.typeName, fields);
}

/** The type of a field, or of the members of a list or map. Throws on what the codec does not know. */
function typeOf(field) {
  const { message, enum: words, scalar, fieldKind, listKind, oneof } = field;
  if (message) return message.typeName;
  const type = words ? 'int32' : ScalarType[scalar].toLowerCase();
  const packed = fieldKind === 'list' && listKind === 'scalar' && type !== 'string' && type !== 'bytes';
  const known = ['string', 'bytes', 'bool', 'int32', 'uint32', 'int64', 'uint64'].includes(type);
  if (!known || packed || listKind === 'enum' || oneof)
    throw new Error(`${field}: the codec lacks this kind`);
  return type;
}

function shapeOf({ fieldKind, mapKey }) {
  if (fieldKind === 'list') return ["'list'"];
  if (fieldKind !== 'map') return [];
  if (mapKey !== ScalarType.STRING) throw new Error('the codec knows maps by strings only');
  return ["'map'"];
}
