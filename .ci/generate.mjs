// Regenerates src/cri/gen from src/cri/proto. Run by hand after a change to a .proto; a test compares.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const proto = fileURLToPath(new URL('../src/cri/proto/', import.meta.url));
const buf = fileURLToPath(new URL('../node_modules/.bin/buf', import.meta.url));
const out = process.argv[2] ?? '../gen';
const template = JSON.stringify({
  version: 'v2',
  plugins: [
    {
      local: fileURLToPath(new URL('../node_modules/.bin/protoc-gen-es', import.meta.url)),
      out,
      opt: ['target=js+dts', 'import_extension=js'],
    },
  ],
});
execFileSync(buf, ['generate', '--template', template, '.'], { cwd: proto, stdio: 'inherit' });
