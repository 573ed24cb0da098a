import { expect, test } from 'vitest';
import { consentFor, isWithin, isYes, questionFor } from '../../../src/cli/cure/consent.ts';

test.each([
  [{ dryRun: true, yes: true, canAsk: true }, 'show'],
  [{ dryRun: true, yes: false, canAsk: false }, 'show'],
  [{ dryRun: false, yes: true, canAsk: true }, 'carry-out'],
  [{ dryRun: false, yes: true, canAsk: false }, 'carry-out'],
  [{ dryRun: false, yes: false, canAsk: true }, 'ask'],
  [{ dryRun: false, yes: false, canAsk: false }, 'refuse'],
] as const)('%j: %s', (said, consent) => {
  expect(consentFor(said)).toBe(consent);
});

test('a safe cure is a matter of y', () => {
  const question = questionFor(['safe', 'safe']);
  expect(question.text).toBe('Carry this out on 2 objects? [y/N] ');
  for (const answer of ['y', 'Y', 'yes', ' y ']) expect(isYes(question, answer)).toBe(true);
  for (const answer of ['', 'n', 'no', 'yep', '2']) expect(isYes(question, answer)).toBe(false);
});

test('one disruptive cure among others asks for the word', () => {
  const question = questionFor(['safe', 'disruptive']);
  expect(question.text).toBe('Carry this out on 2 objects? Type yes: ');
  expect(isYes(question, 'yes')).toBe(true);
  for (const answer of ['', 'y', '2']) expect(isYes(question, answer)).toBe(false);
});

test('one destructive cure among others asks for the number', () => {
  const question = questionFor(['disruptive', 'destructive', 'safe']);
  expect(question.text).toBe('1 plan ends what runs. Type the number of objects to carry it out on all: ');
  expect(isYes(question, '3')).toBe(true);
  for (const answer of ['', 'y', 'yes', '1', '03']) expect(isYes(question, answer)).toBe(false);
});

test('risks are ordered', () => {
  expect(isWithin('safe', 'safe')).toBe(true);
  expect(isWithin('disruptive', 'safe')).toBe(false);
  expect(isWithin('disruptive', 'destructive')).toBe(true);
  expect(isWithin('destructive', 'disruptive')).toBe(false);
});
