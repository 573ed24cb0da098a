import { describe, expect, it, test } from 'vitest';
import { type Told, toldBy } from '../../../src/check/foreign/dialect.ts';
import { wholeMeta } from '../../../src/cli/plugins/meta.ts';

const META = wholeMeta({
  id: 'acme.a/b',
  title: 'Well',
  failureTitle: 'Not well',
  why: 'w',
  severity: 'info',
});
const EVIDENCE = { fact: 'ownConfig', at: './check', value: '' } as const;
const told = (exitCode: number, stdout = '', stderr = ''): Told => ({ exitCode, stdout, stderr });
const nagios = (it: Told, form: 'text' | 'findings' = 'text') => toldBy('nagios', form, it, META, EVIDENCE);
const npd = (it: Told, form: 'text' | 'findings' = 'text') => toldBy('npd', form, it, META, EVIDENCE);
const WELL = { findings: [], problems: [] };
const finding = (message: string, more = {}) => ({
  findings: [
    {
      messageId: 'said',
      subject: { kind: 'node', id: 'node' },
      data: { message },
      evidence: [EVIDENCE],
      ...more,
    },
  ],
  problems: [],
});

describe('nagios', () => {
  it('is well at 0, whatever it says', () => expect(nagios(told(0, 'OK - fine | a=1'))).toEqual(WELL));
  it('warns at 1 and is critical at 2, in its first line, without what is measured', () => {
    expect(nagios(told(1, 'LOAD WARNING - 7 | load=7\nmore\n'))).toEqual(
      finding('LOAD WARNING - 7', { severity: 'warning' }),
    );
    expect(nagios(told(2, 'DISK CRITICAL\n'))).toEqual(finding('DISK CRITICAL', { severity: 'error' }));
    expect(nagios(told(2, '', 'no utils.pm\n'))).toEqual(
      finding('Not well (no utils.pm)', { severity: 'error' }),
    );
    expect(nagios(told(2))).toEqual(finding('Not well (it said nothing more)', { severity: 'error' }));
  });
  test.each([
    [told(3, 'UNKNOWN - cannot | x'), 'it ended with UNKNOWN: UNKNOWN - cannot'],
    [told(4), 'it ended with exit code 4 and said nothing'],
    [told(127, '', 'not found\nmore'), 'it ended with exit code 127: not found'],
  ])('is not sure otherwise: %o', (it, reason) => expect(() => nagios(it)).toThrow(reason));
});

describe('npd', () => {
  it('is well at 0', () => expect(npd(told(0, 'all is well'))).toEqual(WELL));
  it('has a problem at 1, of the severity of the check, in all that it says', () => {
    expect(npd(told(1, '  two\nlines | here \n'))).toEqual(finding('two lines | here'));
    expect(npd(told(1, 'x'.repeat(5000))).findings[0]?.data.message).toHaveLength(4096);
  });
  test.each([
    [told(2, 'cannot see'), 'it ended with exit code 2: cannot see'],
    [told(255), 'it ended with exit code 255 and said nothing'],
  ])('is not sure otherwise: %o', (it, reason) => expect(() => npd(it)).toThrow(reason));
});

describe('findings', () => {
  const one = { message: 'm', subject: { kind: 'file', id: '/a' } };
  it('come as a list or one a line, with the severity of the exit code unless they bring their own', () => {
    const lines = `${JSON.stringify(one)}\n\n${JSON.stringify({ ...one, severity: 'info' })}\n`;
    expect(nagios(told(2, lines), 'findings').findings.map(({ severity }) => severity)).toEqual([
      'error',
      'info',
    ]);
    expect(npd(told(1, JSON.stringify([one, 'text'], null, 2)), 'findings').findings).toMatchObject([
      { subject: one.subject, data: { message: 'm' } },
      { subject: { kind: 'node' }, data: { message: 'text' } },
    ]);
    expect(npd(told(0, '[]'), 'findings')).toEqual(WELL);
    expect(npd(told(0), 'findings')).toEqual(WELL);
  });
  test.each([
    [told(1, '[]'), 'says that there is a fault, and named none'],
    [told(0, '["x"]'), 'says that all is well, and named findings'],
    [told(1, '[1]'), 'findings[0] is a number, not a finding'],
    [told(1, '{'), 'neither a list of findings as JSON nor one a line'],
    [told(3, '["x"]'), 'it ended with UNKNOWN'],
  ])('that say two things, or nothing that is known, are no answer: %o', (it, reason) =>
    expect(() => nagios(it, 'findings')).toThrow(reason),
  );
});
