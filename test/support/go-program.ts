import fs from 'node:fs';
import path from 'node:path';

const SECTION = 64;
const MARK = Buffer.alloc(16, 0x77);

/** What a Go program says of itself: the module information of its builder, and texts among its constants. */
export interface Built {
  /** Lines of `go version -m`, without the first: `path\tk8s.io/kubernetes/cmd/kubelet`. */
  info: string[];
  /** Texts that the linker was told to put in. */
  linked?: string[];
  /** As Node calls it; default x64. */
  arch?: 'x64' | 'arm64';
}

/** An ELF program with the sections that tell who built it, and no code at all. */
export function goProgram({ info, linked = [], arch = 'x64' }: Built): Buffer {
  const head = Buffer.alloc(32);
  head.write('\xff Go buildinf:', 'latin1');
  head[14] = 8;
  head[15] = 2;
  const told = Buffer.concat([MARK, Buffer.from(info.map((line) => `${line}\n`).join('')), MARK]);
  const build = Buffer.concat([head, counted(Buffer.from('go1.22.1')), counted(told)]);
  const constants = Buffer.from(`texts of its own 1.2.3${linked.map((text) => `\0${text}\0`).join('')}`);
  const names = Buffer.from('\0.rodata\0.go.buildinfo\0.shstrtab\0');
  return elf(arch, [
    { name: 1, bytes: constants },
    { name: 9, bytes: build },
    { name: 23, bytes: names },
  ]);
}

export function plantProgram(file: string, built: Built): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, goProgram(built), { mode: 0o755 });
}

function elf(arch: string, sections: { name: number; bytes: Buffer }[]): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(2, 0x10);
  header.writeUInt16LE(arch === 'arm64' ? 183 : 62, 0x12);
  header.writeBigUInt64LE(64n, 0x28);
  header.writeUInt16LE(SECTION, 0x3a);
  header.writeUInt16LE(sections.length + 1, 0x3c);
  header.writeUInt16LE(sections.length, 0x3e);
  let at = 64 + SECTION * (sections.length + 1);
  const table = sections.map(({ name, bytes }) => {
    const entry = Buffer.alloc(SECTION);
    entry.writeUInt32LE(name, 0);
    entry.writeBigUInt64LE(BigInt(at), 0x18);
    entry.writeBigUInt64LE(BigInt(bytes.length), 0x20);
    at += bytes.length;
    return entry;
  });
  return Buffer.concat([header, Buffer.alloc(SECTION), ...table, ...sections.map(({ bytes }) => bytes)]);
}

/** With its length before it, seven bits a byte. */
function counted(bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  while (rest >= 0x80) {
    length.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
