import { expect, test } from 'vitest';
import { builtinChecks } from '../../../src/cli/builtin-checks.ts';
import { CNI_CONF_MODES } from './cni-conf.ts';
import { CNI_STATE_MODES } from './cni-state.ts';
import { CONFIG_MODES } from './config.ts';
import { IMAGE_MODES } from './image.ts';
import { KERNEL_MODES } from './kernel.ts';
import { OTHER_MODES } from './others.ts';
import { RUNTIME_MODES } from './runtime.ts';
import { SANDBOX_MODES } from './sandbox.ts';

const MODES = [
  ...IMAGE_MODES,
  ...CONFIG_MODES,
  ...SANDBOX_MODES,
  ...RUNTIME_MODES,
  ...CNI_CONF_MODES,
  ...CNI_STATE_MODES,
  ...KERNEL_MODES,
  ...OTHER_MODES,
];
const checks = new Map(builtinChecks.map((c) => [c.meta.id, c.meta]));

test('every mode has one check', () => {
  const modes = MODES.map(({ mode }) => mode);
  expect(modes).toEqual([...new Set(modes)]);
});

test.each(MODES)('$mode is named by $check', ({ check, messageId }) => {
  expect(checks.has(check)).toBe(true);
  if (messageId !== undefined) expect(Object.keys(checks.get(check)?.messages ?? {})).toContain(messageId);
});

test('no two modes are told by one message', () => {
  const told = MODES.map(({ check, messageId }) => `${check} ${messageId ?? ''}`);
  expect(told).toEqual([...new Set(told)]);
});
