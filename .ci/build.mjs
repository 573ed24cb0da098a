// Builds dist/ from the sources. Files are renamed into place, so that a podctl that runs meanwhile is not torn.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { declarations, delivered } from './delivered.mjs';
import { buildNative, nativeSources, nativeTools } from './native.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.stamp.json');
/** Programs of the developers; built when their source is there. */
const DEV = { demo: 'test/demo/demo.ts', bench: 'test/bench/bench.ts' };
/** What decides about a build beside the sources that went into it. */
const ALWAYS = ['package.json', 'package-lock.json', '.ci/build.mjs', '.ci/delivered.mjs', '.ci/native.mjs'];
/** Packages that only measure and wrap text for yargs and cli-table3, at 25 ms of every start: ours do for us. */
const TEXT_PACKAGES = {
  'string-width': 'displayWidth',
  'wrap-ansi': 'wrapText',
  'strip-ansi': 'stripStyles',
};

/** Modules of Node's own that few commands use, loaded by what is first called of them: the names that are imported. */
const LATE = {
  'node:crypto': { functions: ['createHash', 'randomUUID'], classes: ['X509Certificate'] },
  assert: { functions: ['notStrictEqual', 'strictEqual'], classes: [] },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  write: false,
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
};
// yaml's build in modules: a bundle cannot take single names from the one in CommonJS.
const alias = { yaml: path.join(root, 'node_modules/yaml/browser/index.js') };
const esm = {
  ...shared,
  alias,
  format: 'esm',
  splitting: true,
  // Packages in CommonJS call require for node's own modules.
  banner: {
    js: "import { createRequire as __podctlRequire } from 'node:module';\nconst require = __podctlRequire(import.meta.url);",
  },
};

function devEntries() {
  return Object.entries(DEV).filter(([, file]) => fs.existsSync(path.join(root, file)));
}

/** Hash over the named files, over which developer programs exist and which tools; null when a file is gone. */
function fingerprint(files) {
  const hash = createHash('sha256').update(JSON.stringify([devEntries(), nativeTools()]));
  for (const file of files) {
    const full = path.join(root, file);
    if (!fs.existsSync(full)) return null;
    hash.update(`\0${file}\0`).update(fs.readFileSync(full));
  }
  return hash.digest('hex');
}

/** True when dist/ was built from the sources as they are now. */
export function isUpToDate() {
  try {
    const { inputs, outputs, hash } = JSON.parse(fs.readFileSync(stamp, 'utf8'));
    return outputs.every((f) => fs.existsSync(path.join(dist, f))) && fingerprint(inputs) === hash;
  } catch {
    return false;
  }
}

/** Builds everything and returns how many files it wrote. Throws esbuild's error, after esbuild printed it. */
export async function build() {
  const { build: bundle } = await import('esbuild');
  const dev = devEntries();
  const results = await Promise.all([
    // One function in one file, so that src/launcher.ts can run it from code that V8 has compiled before.
    bundle({
      ...shared,
      alias,
      entryPoints: { main: 'src/bin.ts' },
      outdir: 'dist',
      format: 'cjs',
      minify: true,
      define: { 'import.meta.url': '__podctlUrl' },
      banner: {
        js: "((require, __filename) => {\n'use strict';\nconst __podctlUrl = require('node:url').pathToFileURL(__filename).href;",
      },
      footer: { js: '})' },
      plugins: [ownTextWidth, loadLate, plainRequire],
    }),
    bundle({
      ...shared,
      entryPoints: { 'jq-worker': 'src/check/jq-worker.ts' },
      outdir: 'dist',
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      minify: true,
      // jq-web opens its wasm file by hand, in the folder of the script.
      external: ['./jq.wasm'],
    }),
    bundle({
      ...shared,
      entryPoints: { 'module-worker': 'src/check/foreign/module-worker.ts' },
      outdir: 'dist',
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      minify: true,
    }),
    bundle({
      ...esm,
      entryPoints: Object.fromEntries(dev),
      outdir: 'dist/dev',
      chunkNames: 'chunks/[name]-[hash]',
    }),
  ]);
  const [main] = results[0].outputFiles;
  results.push(
    await bundle({
      ...shared,
      entryPoints: { podctl: 'src/launcher.ts' },
      outdir: 'dist',
      format: 'cjs',
      minify: true,
      define: { BUNDLE_HASH: JSON.stringify(hashOf(main.contents)) },
    }),
  );
  const wasm = path.join(path.dirname(createRequire(import.meta.url).resolve('jq-web')), 'jq.wasm');
  const beside = [...delivered(), ...declarations()];
  const files = [
    ...results.flatMap((r) => r.outputFiles).map((f) => [path.relative(dist, f.path), f.contents]),
    ['jq.wasm', fs.readFileSync(wasm)],
    ...beside.map(([file, contents]) => [file, contents]),
    ['package.json', '{"type":"commonjs"}\n'],
    ['dev/package.json', '{"type":"module"}\n'],
    ...buildNative(),
  ];
  for (const [file, contents] of files.reverse()) install(file, contents);
  const outputs = files.map(([file]) => file);
  removeOthers(dist, new Set([...outputs, path.basename(stamp)]));
  const bundled = results.flatMap((r) => Object.keys(r.metafile.inputs)).filter(isSource);
  const sources = [...bundled, ...beside.map(([, , source]) => source)];
  const inputs = [...new Set([...ALWAYS, ...nativeSources(), ...sources])].sort();
  install(path.basename(stamp), JSON.stringify({ hash: fingerprint(inputs), inputs, outputs }));
  return outputs.length;
}

function hashOf(contents) {
  return createHash('sha256').update(contents).digest('hex').slice(0, 16);
}

function isSource(file) {
  return !file.includes('node_modules/') && fs.existsSync(path.join(root, file));
}

/** Sends the packages' measuring of text to src/report/width.ts. */
const ownTextWidth = {
  name: 'own-text-width',
  setup(to) {
    const filter = new RegExp(`^(${Object.keys(TEXT_PACKAGES).join('|')})$`);
    to.onResolve({ filter }, ({ path: name, kind }) => ({ path: name, namespace: `text-${kind}` }));
    const width = JSON.stringify(path.join(root, 'src/report/width.ts'));
    to.onLoad({ filter: /./, namespace: 'text-import-statement' }, ({ path: name }) => ({
      contents: `export { ${TEXT_PACKAGES[name]} as default } from ${width};`,
      resolveDir: root,
    }));
    to.onLoad({ filter: /./, namespace: 'text-require-call' }, ({ path: name }) => ({
      contents: `module.exports = require(${width}).${TEXT_PACKAGES[name]};`,
      resolveDir: root,
    }));
  },
};

/**
 * Gives a module of Node's own as it is to who imports it whole: the bundler would make a copy with a getter for each
 * of its names, for every file that says `import fs`, at 7 ms of a short command.
 */
const plainRequire = {
  name: 'plain-require',
  setup(to) {
    to.onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      contents: fs
        .readFileSync(file, 'utf8')
        .replace(/^import (\w+) from '(node:[\w/]+)';$/gm, "import $1 = require('$2');"),
      loader: 'ts',
    }));
  },
};

/** Puts functions in the place of imported names of Node's modules, that load the module when they are called. */
const loadLate = {
  name: 'load-late',
  setup(to) {
    const filter = new RegExp(`^(${Object.keys(LATE).join('|')})$`);
    to.onResolve({ filter }, ({ path: name, namespace }) =>
      namespace === 'late' ? { path: name, external: true } : { path: name, namespace: 'late' },
    );
    to.onLoad({ filter: /./, namespace: 'late' }, ({ path: name }) => {
      const module = `require(${JSON.stringify(name)})`;
      const { functions, classes } = LATE[name];
      const made = [
        ...functions.map((f) => `export const ${f} = (...args) => ${module}.${f}(...args);`),
        ...classes.map(
          (c) =>
            `export const ${c} = new Proxy(class {}, { construct: (_, args) => new ${module}.${c}(...args) });`,
        ),
      ];
      return { contents: made.join('\n') };
    });
  },
};

function install(file, contents) {
  const full = path.join(dist, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  const temporary = `${full}.${process.pid}.tmp`;
  const isProgram = file === 'podctl.js' || file.startsWith('native/');
  fs.writeFileSync(temporary, contents, { mode: isProgram ? 0o755 : 0o644 });
  fs.renameSync(temporary, full);
}

/** Removes what an earlier build left. Other files' temporary names are not ours to judge. */
function removeOthers(folder, keep) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const ours = entry.isFile() && !entry.name.endsWith('.tmp') && !keep.has(path.relative(folder, full));
    if (ours) fs.rmSync(full, { force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.error(`build: wrote ${await build()} files to dist/`);
}
