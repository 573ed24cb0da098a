// Writes src/cli/builtin-checks.ts from the files below checks/, so that no folder is read at run time.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = path.join(root, 'src/cli/builtin-checks.ts');
/** Width at which the formatter breaks a list. */
const LINE = 110;

/** Ids `area/name` of every file checks/<area>/<name>.ts, sorted. */
export function checkIds(folder = path.join(root, 'checks')) {
  const areas = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
  return areas
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      fs
        .readdirSync(path.join(folder, name))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${name}/${file.slice(0, -'.ts'.length)}`),
    )
    .sort();
}

/** The text of the registry for these ids. */
export function registryText(ids) {
  const named = ids.map((id) => ({ id, name: id.replace(/[/-](\w)/g, (_, c) => c.toUpperCase()) }));
  const imports = named.map(({ id, name }) => `import ${name} from '../../checks/${id}.ts';\n`);
  const names = named.map(({ name }) => name);
  const oneLine = `export const builtinChecks: readonly Check[] = [${names.join(', ')}];\n`;
  const lines = names.map((name) => `  ${name},\n`).join('');
  const list =
    oneLine.length <= LINE + 1 ? oneLine : `export const builtinChecks: readonly Check[] = [\n${lines}];\n`;
  return [
    '// Written by .ci/generate-registry.mjs from the files below checks/.\n',
    ...imports,
    `import type { Check } from '../model/check.ts';\n\n`,
    '/** Every built-in check, sorted by id. */\n',
    list,
  ].join('');
}

/** Writes the registry when it differs. Returns true when it did. */
export function generateRegistry() {
  const text = registryText(checkIds());
  if (fs.existsSync(target) && fs.readFileSync(target, 'utf8') === text) return false;
  fs.writeFileSync(target, text);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.error(
    generateRegistry() ? `registry: wrote ${path.relative(root, target)}` : 'registry: up to date',
  );
}
