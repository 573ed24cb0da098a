import fs from 'node:fs';
import path from 'node:path';
import { installIptables, iptablesTree } from '../cni/iptables.ts';
import { sh } from './sh.ts';
import { busybox } from './teardown.ts';

/** Both kinds are in every kernel in use; a node has one of them, or one after the other. */
export type Iptables = 'nft' | 'legacy';

/** The host that a runtime runs on. */
export interface Home {
  /** Words that run a program there. */
  enter: string[];
  /** Folders of programs that the machine itself lacks. */
  tools: string[];
}

/** The machine itself. */
export const MACHINE: Home = { enter: [], tools: [] };

/** A network namespace with a firewall of its own, pinned below `dir`. */
export async function makeHome(dir: string, kind: Iptables): Promise<Home> {
  const pin = path.join(dir, 'host-net');
  const tools = path.join(dir, 'tools');
  fs.mkdirSync(tools);
  fs.writeFileSync(pin, '');
  await sh('unshare', [`--net=${pin}`, 'true']);
  const enter = ['nsenter', `--net=${pin}`];
  await sh('nsenter', [`--net=${pin}`, busybox(), 'ip', 'link', 'set', 'lo', 'up']);
  installIptables(await iptablesTree(), tools, kind);
  return { enter, tools: [tools] };
}

/** Runs a program on the host of a runtime; gives its stdout. */
export function onHost({ enter, tools }: Home, program: string, args: string[]): Promise<string> {
  const found = tools.map((folder) => path.join(folder, program)).find((file) => fs.existsSync(file));
  const [first = '', ...words] = [...enter, found ?? program, ...args];
  return sh(first, words);
}
