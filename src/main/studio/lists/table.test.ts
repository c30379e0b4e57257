import { expect, it } from 'vitest';
import { tableOf } from './table.ts';

const COLUMNS = ['project', 'text', 'audio', 'out'];
const csv = (text: string) =>
  tableOf(Buffer.from(text), 'csv', COLUMNS).map(({ row, cells }) => [row, Object.fromEntries(cells)]);
const json = (value: unknown) =>
  tableOf(Buffer.from(JSON.stringify(value)), 'json', COLUMNS).map(({ row, cells }) => [
    row,
    Object.fromEntries(cells),
  ]);

const ADA = [2, { project: 'Ada', text: 'Hello, you; there.', out: 'a.mp4' }];

it.each([
  ['commas', 'project,text,out\nAda,"Hello, you; there.",a.mp4\n'],
  ['semicolons, as some spreadsheets write them', 'project;text;out\r\nAda;"Hello, you; there.";a.mp4'],
  ['tabs', 'project\ttext\tout\nAda\tHello, you; there.\ta.mp4'],
  ['a byte order mark, capitals and spaces', '\uFEFFProject , TEXT,out\n Ada ,"Hello, you; there.", a.mp4 \n'],
])('%s', (_, text) => {
  expect(csv(text)).toEqual([ADA]);
});

it('UTF-16 with its mark', () => {
  const bytes = Buffer.from('\uFEFFproject\tout\nÅda\ta.mp4\n', 'utf16le');
  expect(Object.fromEntries(tableOf(bytes, 'csv', COLUMNS)[0]!.cells)).toEqual({ project: 'Åda', out: 'a.mp4' });
});

it('quotes, line breaks in a cell, and rows without a word, which are counted', () => {
  expect(csv('project,text\n,\nAda,"She said ""no"".\nTwice."\n\n')).toEqual([
    [3, { project: 'Ada', text: 'She said "no".\nTwice.' }],
  ]);
});

it('JSON: texts, numbers and nothing', () => {
  expect(json([{ project: 'Ada', text: 'Hi', audio: null, out: 7 }, {}])).toEqual([
    [1, { project: 'Ada', text: 'Hi', out: '7' }],
  ]);
});

it.each([
  ['a row too long', 'project,out\nAda,a.mp4\nAda,b.mp4,oh', 'Row 3 goes on behind the last column, "out".'],
  ['a row too short', 'project,text,out\nAda,Hi', 'Row 2 ends before the column "out".'],
  ['a column nobody knows', 'project,colour\nAda,red', 'There is no column "colour".'],
  ['a column with controls in its name', 'project,\u001b[2Jout\nAda,red', 'There is no column "[2jout".'],
  ['a column twice', 'out,OUT\na,b', 'The column "out" is there twice.'],
  ['a quote that does not end', 'project,out\nAda,"a.mp4\n', 'The quotes of this table do not go together'],
  [
    'a quote within a cell',
    'project,out\nAda,5" nails.mp4\n',
    'The quotes of this table do not go together, near line 2.',
  ],
  ['nothing', '', 'There is no row in this table.'],
  ['a header alone', 'project,out\n', 'There is no row in this table.'],
  ['too many rows', `out\n${'a\n'.repeat(10_001)}`, 'This table is too large'],
  ['10 MB', `project,text,out\nAda,${'a'.repeat(1e7)},a.mp4\n`, 'This table is too large'],
])('%s is refused with where it is', (_, text, message) => {
  expect(() => csv(text)).toThrow(message);
});

it.each([
  ['no array', { project: 'Ada' }, 'This table is no array.'],
  ['no object', [{ project: 'Ada' }, ['Ada']], 'Row 2 is no object.'],
  ['a list in a cell', [{ project: ['Ada'] }], 'Row 1, column "project": this is neither a text nor a number.'],
  ['a column nobody knows', [{ project: 'Ada' }, { ['__proto__x']: 'a' }], 'Row 2: there is no column "__proto__x".'],
])('JSON: %s is refused with where it is', (_, value, message) => {
  expect(() => json(value)).toThrow(message);
});

it('bytes that are no text, and no JSON, are refused', () => {
  expect(() => tableOf(Buffer.from([0x50, 0xff, 0xfe, 0x00]), 'csv', COLUMNS)).toThrow('This table is no text.');
  expect(() => tableOf(Buffer.from('[{'), 'json', COLUMNS)).toThrow('This table is no JSON.');
});
