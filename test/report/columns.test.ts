import { expect, test } from 'vitest';
import { columns } from '../../src/report/columns.ts';

test('cells line up, without borders and without trailing blanks', async () => {
  const rows = [
    ['ID', 'TITLE'],
    ['netns/leaked', 'a'],
    ['日本', 'b\nc'],
    ['x', ''],
  ];
  expect(await columns(rows, 2)).toEqual([
    'ID            TITLE',
    'netns/leaked  a',
    '日本          b',
    '              c',
    'x',
  ]);
});

test('nothing is no lines', async () => {
  expect(await columns([], 2)).toEqual([]);
});

test('very long cells are not lined up', async () => {
  const long = '日'.repeat(10_000);
  expect(
    await columns(
      [
        ['a', long],
        ['bcd', 'e'],
      ],
      2,
    ),
  ).toEqual([`a  ${long}`, 'bcd  e']);
});
