/** One member of an archive: a file, a folder (name ends in `/`), or a link. */
export interface Member {
  name: string;
  mode: number;
  content?: Buffer;
  linkTo?: string;
}

const BLOCK = 512;

/** A ustar archive that depends on its members alone: owner 0, time 0. Names up to 100 bytes. */
export function tar(members: Member[]): Buffer {
  const blocks = members.flatMap((member) => {
    const content = member.content ?? Buffer.alloc(0);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [header(member, content.length), content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(member: Member, size: number): Buffer {
  if (Buffer.byteLength(member.name) > 100) throw new Error(`name too long for an archive: ${member.name}`);
  const block = Buffer.alloc(BLOCK);
  const type = member.linkTo !== undefined ? '2' : member.name.endsWith('/') ? '5' : '0';
  block.write(member.name, 0);
  block.write(octal(member.mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(member.linkTo ?? '', 157);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\u0000 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
