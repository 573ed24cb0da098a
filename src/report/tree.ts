import type { ContainerNode, Differing, PodTree, ProcessNode } from '../model/inside.ts';
import type { NsType } from '../model/namespace.ts';
import { escapeText } from './escape.ts';
import type { Paint } from './paint.ts';
import { paintLine, type Segment } from './segments.ts';

export interface TreeOptions {
  /** Columns; infinite: nothing is cut. */
  width: number;
  /** Namespaces of every process, and full ids. */
  wide: boolean;
  full: boolean;
  paint: Paint;
}

/** A line and what hangs below it. */
interface Branch {
  line: Segment[];
  below: Branch[];
}

const SHORT_ID = 13;
/** Namespaces that make a sandbox. Those of other types are told of where everything is wanted. */
const FIRST: readonly NsType[] = ['net', 'ipc', 'uts', 'pid'];

/** Pods as trees, a blank line between them. */
export function renderTrees(trees: readonly PodTree[], options: TreeOptions): string {
  const blocks = trees.map((tree) =>
    grown(podBranch(tree, options), '', '')
      .map((line) => `${paintLine(line, options.width, options.paint)}\n`)
      .join(''),
  );
  return blocks.join('\n');
}

function grown({ line, below }: Branch, first: string, rest: string): Segment[][] {
  return [
    [['dim', first], ...line],
    ...below.flatMap((branch, i) =>
      i === below.length - 1
        ? grown(branch, `${rest}└─ `, `${rest}   `)
        : grown(branch, `${rest}├─ `, `${rest}│  `),
    ),
  ];
}

function podBranch(tree: PodTree, options: TreeOptions): Branch {
  const { id, title, state, addresses, netns, shim, strangers, containers } = tree;
  const where = netns.host ? "the node's network" : (addresses?.join(' ') ?? '');
  const words = [idText(id, options), state, where, shim ? `shim ${shim.pid}` : ''];
  const [, ...more] = words;
  return {
    line: [
      ['bold', escapeText(title)],
      ['dim', `  ${words[0]}`],
      [state === 'ready' ? null : 'yellow', `  ${more[0]}`],
      ...more.slice(1).flatMap((word): Segment[] => (word === '' ? [] : [[null, `  ${escapeText(word)}`]])),
    ],
    below: [
      { line: namespacesLine(tree), below: [] },
      ...pauseBranches(tree, options),
      ...containers.map((container) => containerBranch(container, options)),
      ...(strangers.length === 0 ? [] : [strangersBranch(strangers, options)]),
    ],
  };
}

function namespacesLine({ namespaces }: PodTree): Segment[] {
  const links = FIRST.flatMap((type) => namespaces[type] ?? []);
  return [['dim', links.length === 0 ? 'namespaces not seen' : links.join('  ')]];
}

function pauseBranches({ pauseProcesses, pause, state }: PodTree, options: TreeOptions): Branch[] {
  if (pauseProcesses.length > 0) return pauseProcesses.map((p) => processBranch(p, options, 'pause'));
  if (pause) return [{ line: [[null, `pause  ${pause.pid}`]], below: [] }];
  return [{ line: [[state === 'ready' ? 'yellow' : 'dim', 'no pause']], below: [] }];
}

function containerBranch(node: ContainerNode, options: TreeOptions): Branch {
  const attempt = node.attempt > 0 ? ` (attempt ${node.attempt})` : '';
  const dead = node.state === 'running' && node.pid === null;
  return {
    line: [
      [null, escapeText(node.name) + attempt],
      ['dim', `  ${idText(node.id, options)}`],
      [node.state === 'running' ? null : 'dim', `  ${node.state}`],
      ...(dead ? [['red', '  no process of it runs'] as Segment] : []),
      ...(node.pid !== null && !node.judged
        ? [['yellow', '  its namespaces could not be read'] as Segment]
        : []),
    ],
    below: [
      ...node.differs.map((one): Branch => ({ line: [['red', otherText(one)]], below: [] })),
      ...node.processes.map((p) => processBranch(p, options, '')),
    ],
  };
}

function processBranch(node: ProcessNode, options: TreeOptions, role: string): Branch {
  const left = node.differs.filter(({ type }) => options.wide || FIRST.includes(type));
  const own = left.map(({ ns, whose }) => ` own ${ns}${whose === '' ? '' : ` (${escapeText(whose)})`}`);
  const all = options.wide ? Object.values(node.namespaces).map((link) => ` ${link}`) : [];
  const comm = escapeText(node.comm);
  const name = role === '' ? `${node.pid} ${comm}` : `${role}  ${node.pid}${comm === role ? '' : ` ${comm}`}`;
  return {
    line: [
      [null, name],
      ...(options.wide
        ? all.map((text): Segment => ['dim', text])
        : own.map((text): Segment => ['yellow', ` ${text}`])),
    ],
    below: node.children.map((child) => processBranch(child, options, '')),
  };
}

function strangersBranch(strangers: PodTree['strangers'], options: TreeOptions): Branch {
  return {
    line: [['yellow', 'also in its network namespace, of none of its containers']],
    below: strangers.map((p) => {
      const { line, below } = processBranch(p, options, '');
      return { line: p.of === '' ? line : [...line, ['yellow', `  of ${escapeText(p.of)}`]], below };
    }),
  };
}

/** Words as well as colour: the one must do without the other. */
function otherText({ type, ns, whose }: Differing): string {
  const owner = whose === '' ? "nobody's that is known" : `that of ${escapeText(whose)}`;
  return `OTHER ${type} NAMESPACE  ${ns}, ${owner}`;
}

function idText(id: string, { full, wide }: TreeOptions): string {
  return full || wide ? id : id.slice(0, SHORT_ID);
}
