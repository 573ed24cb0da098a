import fs from 'node:fs';
import path from 'node:path';
import { shellLine } from '../../check/shell-line.ts';
import { escapeText } from '../../report/escape.ts';
import { type Args, one } from '../args.ts';
import { describe } from '../describe.ts';
import { kindOf } from '../kind-of.ts';
import { FOREIGN_ID } from '../plugins/forms.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type Kind, type NewFile, templateOf } from './templates.ts';

/** Never to be written by others: such a file would not be used. */
const PLAIN = 0o644;
const EXECUTABLE = 0o755;

/** `podctl checks new ID`: prints the files that it wrote, and on stderr what comes next. */
export async function newCommand(args: Args, terminal: Terminal): Promise<number> {
  const files = templateOf(kindAsked(args), idAsked(args));
  const dir = one(args, 'dir') ?? '.';
  if (kindOf(dir) !== 'folder')
    throw new UsageError(`--dir: there is no folder ${dir}`, shellLine(['mkdir', '-p', dir]));
  const placed = files.map((file) => ({ ...file, place: path.join(dir, file.name) }));
  const taken = placed.find(({ place }) => fs.lstatSync(place, { throwIfNoEntry: false }) !== undefined);
  if (taken)
    throw new UsageError(
      `${taken.place} is there already`,
      'name another folder with --dir, or another noun',
    );
  for (const { place, ...file } of placed) write(place, file);
  terminal.out(placed.map(({ place }) => `${escapeText(place)}\n`).join(''));
  const [check = '', test = ''] = [placed[0]?.place, placed.at(-1)?.place];
  const next: [string[], string][] = [
    [['podctl', 'checks', 'test', test], 'runs its test'],
    [['podctl', 'checks', 'test', check], 'judges this node by it'],
    [['podctl', 'doctor', '--checks', dir], 'beside all other checks'],
  ];
  const lines = next.map(([words, what]) => [escapeText(shellLine(words)), what] as const);
  const width = Math.max(...lines.map(([line]) => line.length));
  for (const [i, [line, what]] of lines.entries())
    terminal.err(`${i === 0 ? 'next: ' : '      '}${line.padEnd(width)}  ${what}\n`);
  return 0;
}

function kindAsked(args: Args): Kind {
  if (args.jq === true && args.exec === true)
    throw new UsageError('--jq and --exec are two kinds of checks', 'leave out one; a module without both');
  return args.jq === true ? 'jq' : args.exec === true ? 'exec' : 'module';
}

function idAsked(args: Args): string {
  const id = one(args, 'id') ?? '';
  if (FOREIGN_ID.test(id)) return id;
  const better = `acme.${id}`;
  throw new UsageError(
    `"${id}" is no id for a check of your own: it is VENDOR.AREA/NOUN in small letters`,
    FOREIGN_ID.test(better) ? `podctl checks new ${better}` : 'such as acme.pods/crowded',
  );
}

function write(place: string, { text }: NewFile): void {
  const mode = text.startsWith('#!') ? EXECUTABLE : PLAIN;
  try {
    fs.writeFileSync(place, text, { flag: 'wx', mode });
  } catch (error) {
    throw new UsageError(
      `cannot write ${place}: ${describe(error)}`,
      'name a folder you may write with --dir',
    );
  }
}
