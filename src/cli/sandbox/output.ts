import { columns } from '../../report/columns.ts';
import { escapeText } from '../../report/escape.ts';
import { renderJson } from '../../report/json.ts';
import { type Args, one, oneOf } from '../args.ts';

export const SANDBOX_FORMATS = ['table', 'json', 'yaml'] as const;
export type SandboxFormat = (typeof SANDBOX_FORMATS)[number];

const GAP = 3;

export function formatOf(args: Args): SandboxFormat {
  return oneOf('-o', SANDBOX_FORMATS, one(args, 'output') ?? 'table');
}

/** Data as JSON or YAML. */
export async function renderData(data: unknown, format: 'json' | 'yaml'): Promise<string> {
  return format === 'json' ? renderJson(data) : (await import('../../report/yaml.ts')).renderYaml(data);
}

/** A table with a head, as lines. */
export async function renderTable(rows: readonly string[][]): Promise<string> {
  const safe = rows.map((row) => row.map(escapeText));
  return `${(await columns(safe, GAP)).join('\n')}\n`;
}
