import type { AnyCheck } from '../model/check.ts';
import { SAID } from '../model/foreign-check.ts';
import { columns } from '../report/columns.ts';
import { escapeText } from '../report/escape.ts';
import { renderJson } from '../report/json.ts';
import { wrapText } from '../report/width.ts';
import { meant } from './near.ts';
import { UsageError } from './usage-error.ts';

export const CHECKS_FORMATS = ['table', 'json', 'yaml', 'name'] as const;
export type ChecksFormat = (typeof CHECKS_FORMATS)[number];

const GAP = 3;

/** All checks as a table, as data or as names. */
export async function listChecks(checks: readonly AnyCheck[], format: ChecksFormat): Promise<string> {
  const metas = checks.map(({ meta, file }) => (file === undefined ? meta : { ...meta, file }));
  if (format === 'name') return metas.map((m) => `${m.id}\n`).join('');
  if (format !== 'table') return renderData({ schema: 'podctl.checks/v1', checks: metas }, format);
  // Where all are ours, nobody asks from where they are.
  const isMixed = checks.some(({ file }) => file !== undefined);
  const rows = checks.map(({ meta, file = '-' }) => [
    meta.id,
    meta.severity,
    meta.tags.join(',') || '-',
    escapeText(meta.title),
    ...(isMixed ? [escapeText(file)] : []),
  ]);
  const head = ['ID', 'SEVERITY', 'TAGS', 'TITLE', ...(isMixed ? ['FROM'] : [])];
  return `${(await columns([head, ...rows], GAP)).join('\n')}\n`;
}

/** Everything about one check. An id that there is not is a usage error that names its like. */
export async function describeCheck(
  checks: readonly AnyCheck[],
  id: string,
  format: ChecksFormat,
  width: number,
): Promise<string> {
  const check = checks.find((c) => c.meta.id === id);
  if (!check) {
    const ids = checks.map((c) => c.meta.id);
    throw new UsageError(`no check is called "${id}"`, meant(id, ids) || 'podctl checks lists all checks');
  }
  if (format !== 'table') return listChecks([check], format);
  const { meta, file } = check;
  const severity = `${meta.severity}${meta.tags.length > 0 ? `; tags: ${meta.tags.join(', ')}` : ''}`;
  const facts = [...meta.needs, ...(meta.wants ?? []).map((name) => `${name} (if there)`)].join(', ');
  const sections: [string, string[]][] = [
    ['what', [meta.failureTitle]],
    ['why', [meta.why]],
    ['proof', meta.proof === '' ? [] : [meta.proof]],
    ['never reports', meta.neverReports],
    ['messages', ownMessages(meta).map(([name, text]) => `${name}: ${text}`)],
    ['severity', [severity]],
    ['facts', [facts]],
    [
      'options',
      Object.entries(meta.options ?? {}).map(
        ([name, { describe, default: usual }]) => `${name} (${usual}): ${describe}`,
      ),
    ],
    ['explains', (meta.explains ?? []).map(({ check, same }) => (same ? `${check}, by its ${same}` : check))],
    ['references', meta.references],
    ['from', file === undefined ? [] : [file]],
  ];
  const told = sections.filter(([, lines]) => lines.length > 0).map((s) => sectionText(s, width));
  return `${[meta.id, `  ${wrapText(escapeText(meta.title), width - 2)}`, ...told].join('\n')}\n`;
}

/** Without the one that every check of others has. */
function ownMessages({ messages }: AnyCheck['meta']): [string, string][] {
  return Object.entries(messages).filter(([name]) => name !== SAID);
}

function sectionText([title, paragraphs]: [string, string[]], width: number): string {
  const lines = paragraphs.flatMap((text) => wrapText(escapeText(text), width - 2).split('\n'));
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

async function renderData(value: unknown, format: 'json' | 'yaml'): Promise<string> {
  return format === 'json' ? renderJson(value) : (await import('../report/yaml.ts')).renderYaml(value);
}
