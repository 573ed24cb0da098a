import { expect, test } from 'vitest';
import { referenceFault } from '../../src/model/reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  'registry.k8s.io/pause:3.10',
  'pause',
  'pause:3.9',
  'library/pause',
  'localhost/pause',
  'localhost:5000/team/pause:3.9',
  '10.0.0.1:5000/pause',
  '[2001:db8::1]:5000/pause:3.9',
  `registry.k8s.io/pause@${DIGEST}`,
  `registry.k8s.io/pause:3.9@${DIGEST}`,
  'registry.example/a/b/c/pause_x__y--z.w:v1.0-eksbuild.1',
  'Registry/pause:1',
  'rancher/mirrored-pause:3.6',
])('%s is a reference', (text) => {
  expect(referenceFault(text)).toBeNull();
});

test.each([
  ['', 'it is empty'],
  ['registry.k8s.io/pause:3.9\r', 'it has a carriage return in it'],
  ['registry.k8s.io/pause:3.9\n', 'it has a line break in it'],
  ['registry.k8s.io/pause:3.9"', 'it has a quote in it'],
  ["'registry.k8s.io/pause:3.9'", 'it has a quote in it'],
  [' registry.k8s.io/pause:3.9', 'it has a space in it'],
  ['registry.k8s.io/pause:3.9\x07', 'it has a character that cannot be printed or is not ASCII in it'],
  ['registry.k8s.io/pаuse:3.9', 'it has a character that cannot be printed or is not ASCII in it'],
  ['https://registry.k8s.io/pause:3.9', 'what is before its first slash is no registry'],
  ['registry.k8s.io/pause:', 'what follows its last colon is no tag'],
  ['registry.k8s.io/pause:-1', 'what follows its last colon is no tag'],
  ['registry.k8s.io/pause@sha256:1', 'what follows its @ is no digest'],
  ['registry.k8s.io//pause:3.9', 'a part of its name is empty'],
  ['registry.k8s.io/:3.9', 'a part of its name is empty'],
  ['registry.k8s.io/Pause:3.9', 'its name has capital letters in it'],
  ['registry.k8s.io/pause-:3.9', 'its name has characters that no name has'],
  ['$PAUSE_IMAGE', 'its name has capital letters in it'],
  [`registry.k8s.io/${'a'.repeat(250)}:3.9`, 'its name is too long'],
])('%j: %s', (text, fault) => {
  expect(referenceFault(text)).toBe(fault);
});
