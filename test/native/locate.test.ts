import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nativeProgram, programFault } from '../../src/native/locate.ts';
import { folder, podctlNs } from './native.ts';

it('finds our programs', () => {
  expect(nativeProgram('podctl-ns')).toEqual({ ok: true, value: podctlNs });
});

it('runs nothing that others can change', () => {
  const at = folder();
  const file = path.join(at, 'podctl-ns');
  fs.writeFileSync(file, '', { mode: 0o755 });
  expect(programFault(file)).toBeNull();
  for (const mode of [0o775, 0o757]) {
    fs.chmodSync(file, mode);
    expect(programFault(file)).toBe(
      `${file} can be written by others and would run with our rights: chmod go-w ${file}`,
    );
  }
  fs.chmodSync(file, 0o755);
  fs.chmodSync(at, 0o777);
  expect(programFault(file)).toContain(`chmod go-w ${at}`);
  fs.chmodSync(at, 0o700);
  fs.chownSync(file, 65534, 65534);
  expect(programFault(file)).toContain(`${file} belongs to user 65534`);
});
