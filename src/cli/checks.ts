import type { AnyCheck } from '../model/check.ts';
import { columns } from '../report/columns.ts';
import { renderJson } from '../report/json.ts';
import { wrapText } from '../report/width.ts';
import { meant } from './near.ts';
import { UsageError } from './usage-error.ts';

export const CHECKS_FORMATS = ['table', 'json', 'yaml', 'name'] as const;
export type ChecksFormat = (typeof CHECKS_FORMATS)[number];

const GAP = 3;

/** All checks as a table, as data or as names. */
export async function listChecks(checks: readonly AnyCheck[], format: ChecksFormat): Promise<string> {
  const metas = checks.map((c) => c.meta);
  if (format === 'name') return metas.map((m) => `${m.id}\n`).join('');
  if (format !== 'table') return renderData({ schema: 'podctl.checks/v1', checks: metas }, format);
  const rows = metas.map((m) => [m.id, m.severity, m.tags.join(',') || '-', m.title]);
  return `${(await columns([['ID', 'SEVERITY', 'TAGS', 'TITLE'], ...rows], GAP)).join('\n')}\n`;
}

/** Everything about one check. An id that there is not is a usage error that names its like. */
export async function describeCheck(
  checks: readonly AnyCheck[],
  id: string,
  format: ChecksFormat,
  width: number,
): Promise<string> {
  const meta = checks.find((c) => c.meta.id === id)?.meta;
  if (!meta) {
    const ids = checks.map((c) => c.meta.id);
    throw new UsageError(`no check is called "${id}"`, meant(id, ids) || 'podctl checks lists all checks');
  }
  if (format === 'name') return `${meta.id}\n`;
  if (format !== 'table') return renderData({ schema: 'podctl.checks/v1', checks: [meta] }, format);
  const severity = `${meta.severity}${meta.tags.length > 0 ? `; tags: ${meta.tags.join(', ')}` : ''}`;
  const facts = [...meta.needs, ...(meta.wants ?? []).map((name) => `${name} (if there)`)].join(', ');
  const sections: [string, string[]][] = [
    ['what', [meta.failureTitle]],
    ['why', [meta.why]],
    ['proof', [meta.proof]],
    ['never reports', meta.neverReports],
    ['messages', Object.entries(meta.messages).map(([name, text]) => `${name}: ${text}`)],
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
  ];
  const told = sections.filter(([, lines]) => lines.length > 0).map((s) => sectionText(s, width));
  return `${[meta.id, `  ${wrapText(meta.title, width - 2)}`, ...told].join('\n')}\n`;
}

function sectionText([title, paragraphs]: [string, string[]], width: number): string {
  const lines = paragraphs.flatMap((text) => wrapText(text, width - 2).split('\n'));
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

async function renderData(value: unknown, format: 'json' | 'yaml'): Promise<string> {
  return format === 'json' ? renderJson(value) : (await import('../report/yaml.ts')).renderYaml(value);
}
