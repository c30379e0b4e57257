import { givenAs, type OddInput, type OddRow } from './odd-input.ts';

const cue = (from: string, to: string, text: string): string => `1\n${from} --> ${to}\n${text}\n\n`;
const USUAL = cue('00:00:00,000', '00:00:00,800', 'Hello.');
const many = (count: number, of: (k: number) => string): string =>
  Array.from({ length: count }, (_, k) => of(k)).join('');
const stamp = (seconds: number): string =>
  `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:` +
  `${(seconds % 60).toFixed(3).padStart(6, '0').replace('.', ',')}`;
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

const CAPTIONS: readonly OddRow[] = [
  ['usual.srt', 'taken', USUAL],
  ['returns.srt', 'taken', USUAL.replaceAll('\n', '\r\n')],
  ['old-returns.srt', 'taken', USUAL.replaceAll('\n', '\r')],
  ['mark.srt', 'taken', `\uFEFF${USUAL}`],
  ['wide.srt', 'taken', utf16(USUAL)],
  ['wide-cut.srt', 'either', utf16(USUAL).subarray(0, 51)],
  ['latin.srt', 'refused', Buffer.from(USUAL.replace('Hello', 'Grüße'), 'latin1')],
  ['usual.vtt', 'taken', `WEBVTT\n\n${USUAL.replaceAll(',', '.')}`],
  [
    'head.vtt',
    'taken',
    'WEBVTT - x\nNOTE y\n\nSTYLE\n::cue{}\n\n00:00.000 --> 00:00.800 line:0 align:start\n<v A>Hi</v>\n',
  ],
  ['short-times.srt', 'taken', cue('0:0:0,0', '0:0:0,8', 'Hi')],
  ['no-number.srt', 'taken', '00:00:00,000 --> 00:00:00,800\nHi\n'],
  ['no-end.srt', 'refused', '1\n00:00:00,000 --> \nHi\n'],
  ['back.srt', 'refused', cue('00:00:02,000', '00:00:01,000', 'Hi')],
  ['none.srt', 'refused', cue('00:00:01,000', '00:00:01,000', 'Hi')],
  ['far.srt', 'either', cue('99:59:58,000', '999:59:59,999', 'Hi')],
  ['empty.srt', 'refused', ''],
  ['no-text.srt', 'refused', '1\n00:00:00,000 --> 00:00:00,800\n\n'],
  ['binary.srt', 'refused', Buffer.from(Array.from({ length: 5000 }, (_, k) => (k * 89) % 256))],
  ['zeros.srt', 'refused', Buffer.alloc(5000)],
  ['letters.srt', 'refused', 'This is no list of subtitles.\n'.repeat(99)],
  ['right-to-left.srt', 'taken', cue('00:00:00,000', '00:00:00,800', '\u202E\u2066שלום مرحبا\u0007')],
  ['faces.srt', 'taken', cue('00:00:00,000', '00:00:00,800', '👩‍👩‍👧‍👦🏳️‍🌈 漢字')],
  ['marks.srt', 'taken', cue('00:00:00,000', '00:00:00,800', `Z${'\u0335\u0489'.repeat(500)}`)],
  [
    'orders.srt',
    'taken',
    cue('00:00:00,000', '00:00:00,800', '{\\p1}m 0 0 l 9 9{\\an8} <font size=900>x</font> \\N \\h'),
  ],
  [
    'orders-2.srt',
    'taken',
    cue('00:00:00,000', '00:00:00,800', '{\\fs9999\\pos(0,0)\\t(\\frz360)}{ {\\ } & &amp; %s %n'),
  ],
  ['long-line.srt', 'refused', cue('00:00:00,000', '00:00:00,800', 'word '.repeat(200_000))],
  ['long-word.srt', 'refused', cue('00:00:00,000', '00:00:00,800', 'w'.repeat(1_000_000))],
  ['many-lines.srt', 'refused', cue('00:00:00,000', '00:00:00,800', 'line\n'.repeat(20_000))],
  ['many-at-once.srt', 'refused', many(20_000, (k) => cue('00:00:00,000', '00:00:00,800', `Line ${k}`))],
  ['many-later.srt', 'taken', many(200_000, (k) => cue(stamp(k), stamp(k + 0.8), `Line ${k} of a long film`))],
  ['huge.srt', 'refused', 'x'.repeat(70e6)],
  ['spaces.srt', 'refused', ` \n${' '.repeat(10e6)}`],
  ['blank-lines.srt', 'refused', '\n'.repeat(10e6)],
  ['tags.srt', 'refused', cue('00:00:00,000', '00:00:00,800', '<b'.repeat(3e6))],
  ['braces.srt', 'refused', cue('00:00:00,000', '00:00:00,800', '{\\'.repeat(3e6))],
  ['times.srt', 'refused', `${'00:00:00,000 --> '.repeat(5e5)}`],
  [
    'times.json',
    'refused',
    '{"version":1,"script":{"text":"x","voice":"hum"},"times":{"seconds":-1,"words":[],"phones":[]}}',
  ],
  ['deep.json', 'refused', '['.repeat(5e6)],
  [
    'words.json',
    'taken',
    '{"version":1,"script":{"text":"One two","voice":"hum"},"times":{"seconds":1,"phones":[],"words":[' +
      '{"text":"One","at":9e9,"from":0,"to":0.5},{"text":"two","at":0,"from":9,"to":0.1}]}}',
  ],
];

const SCRIPTS: readonly OddRow[] = [
  ['usual.txt', 'taken', 'Hello there.'],
  ['wide.txt', 'taken', utf16('Hello there.')],
  ['empty.txt', 'refused', ''],
  ['blank.txt', 'refused', ' \n\t\n'],
  ['dots.txt', 'refused', '... !!! ???'],
  ['faces.txt', 'refused', '👩‍👩‍👧‍👦🏳️‍🌈'],
  ['markup.txt', 'refused', '<speak>Hello</speak>'],
  ['foreign.txt', 'refused', '漢字かな交じり文'],
  ['latin.txt', 'refused', Buffer.from('Grüße', 'latin1')],
  ['binary.txt', 'refused', Buffer.from(Array.from({ length: 5000 }, (_, k) => (k * 89) % 256))],
  ['zeros.txt', 'refused', Buffer.alloc(100)],
  ['ten-megabytes.txt', 'refused', 'Hello there. '.repeat(8e5)],
  ['huge.txt', 'refused', 'x'.repeat(70e6)],
  ['a-word.txt', 'either', 'a'.repeat(3000)],
  ['digits.txt', 'either', '9'.repeat(3000)],
  ['numbers.txt', 'taken', '1e999 -0 0x1F 1,000,000.00 $5.2.0 1/0 99:99 24/7 5th 3rd 1984 ½ ²'],
  ['codes.txt', 'taken', '${HOME} %s %n $(id) `id` {{x}} \\u0000 && || ; | > <'],
  ['phonemes.txt', 'either', "[[h@l'oU]] [[_]] ]] [["],
  ['controls.txt', 'taken', 'Hel\u0007lo\u001b[31m there\u202E.'],
  ['marks.txt', 'either', `Z${'\u0335\u0489'.repeat(500)} a`],
  ['one-letter.txt', 'taken', 'a'],
  ['quotes.txt', 'taken', '“Hello” — ‘there’… (yes); no: [maybe]'],
  ['subtitles.srt', 'taken', USUAL],
  ['subtitles-none.srt', 'refused', '1\n00:00:00,000 --> 00:00:00,800\n\n'],
  ['many-subtitles.srt', 'refused', many(20_000, (k) => cue(stamp(k), stamp(k + 0.8), `Line ${k} of a film`))],
];

const row = (cells: Readonly<Record<string, unknown>>): string => JSON.stringify([cells]);
const USUAL_ROW = { project: 'odd', audio: 'sound.wav', mode: 'portrait', height: '128', out: 'listed.mp4' };
const HEAD = 'project,audio,mode,height,out\n';
const LISTS: readonly OddRow[] = [
  ['usual.csv', 'taken', `${HEAD}odd,sound.wav,portrait,128,listed.mp4\n`],
  ['usual.json', 'taken', row(USUAL_ROW)],
  ['wide.csv', 'taken', utf16(`${HEAD}odd,sound.wav,portrait,128,listed.mp4\n`)],
  ['empty.csv', 'refused', ''],
  ['head.csv', 'refused', HEAD],
  ['blank.csv', 'refused', `${HEAD},,,,\n,,,,\n`],
  ['commas.csv', 'refused', ','.repeat(1e6)],
  ['quotes.csv', 'refused', `${HEAD}"odd,sound.wav\n`],
  ['quoted.csv', 'refused', '"'.repeat(1e6)],
  ['lines.csv', 'refused', '\n'.repeat(5e6)],
  ['nine-megabytes.csv', 'refused', `${HEAD}${'odd,sound.wav,portrait,128,x.mp4\n'.repeat(280_000)}`],
  ['many-rows.csv', 'refused', `${HEAD}${many(10_001, (k) => `odd,sound.wav,portrait,128,${k}.mp4\n`)}`],
  ['same.csv', 'refused', `${HEAD}${many(9000, () => 'odd,sound.wav,portrait,128,x.mp4\n')}`],
  ['binary.csv', 'refused', Buffer.from(Array.from({ length: 5000 }, (_, k) => (k * 89) % 256))],
  ['zeros.csv', 'refused', Buffer.alloc(5000)],
  ['page.csv', 'refused', '<!doctype html><table><tr><td>x</td></tr></table>'],
  ['none.json', 'refused', '[]'],
  ['object.json', 'refused', '{}'],
  ['nulls.json', 'refused', '[null]'],
  ['numbers.json', 'refused', '[1,2]'],
  ['nested.json', 'refused', row({ ...USUAL_ROW, out: [] })],
  ['deep.json', 'refused', '['.repeat(4e6)],
  ['prototype.json', 'refused', '[{"__proto__":"x","project":"odd"}]'],
  ['constructor.json', 'refused', row({ ...USUAL_ROW, constructor: 'x' })],
  ['height.json', 'refused', row({ ...USUAL_ROW, height: 1e300 })],
  ['height-2.json', 'refused', row({ ...USUAL_ROW, height: '128 OR 1=1' })],
  ['colour.json', 'refused', row({ ...USUAL_ROW, background: '#12345' })],
  ['folder.json', 'refused', row({ ...USUAL_ROW, audio: '.' })],
  ['nowhere.json', 'refused', row({ ...USUAL_ROW, audio: 'none.wav' })],
  ['itself.json', 'refused', row({ ...USUAL_ROW, out: 'sound.wav', format: 'wav' })],
  ['zero.json', 'refused', row({ ...USUAL_ROW, out: 'a\u0000.mp4' })],
  ['long.json', 'refused', row({ ...USUAL_ROW, out: `${'x'.repeat(300)}.mp4` })],
  ['longer.json', 'refused', row({ ...USUAL_ROW, out: `${'x/'.repeat(2500)}x.mp4` })],
  ['under-a-file.json', 'refused', row({ ...USUAL_ROW, out: 'sound.wav/x.mp4' })],
  ['nobody.json', 'refused', row({ ...USUAL_ROW, project: 'x'.repeat(4000) })],
  ['voice.json', 'refused', row({ project: 'odd', text: 'Hi.', voice: '../hum', out: 'x.mp4', mode: 'portrait' })],
  [
    'spoken.json',
    'taken',
    row({ project: 'odd', text: 'Hi.', voice: 'hum', out: 'x.mp4', mode: 'portrait', height: 128 }),
  ],
  ['list.txt', 'refused', HEAD],
];

export const ODD_TEXTS: readonly OddInput[] = [
  ...givenAs('captions', CAPTIONS),
  ...givenAs('script', SCRIPTS),
  ...givenAs('list', LISTS),
];
