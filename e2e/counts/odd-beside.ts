import { givenAs, type OddInput, type OddRow } from './odd-input.ts';

const TEST = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:d=1:r=10'];
const ONE = [...TEST, '-frames:v', '1'];
const ALPHA = ['-f', 'lavfi', '-i', 'color=red@0.3:s=64x48:d=1:r=10,format=yuva444p'];
const sized = (size: string): string[] => ['-f', 'lavfi', '-i', `color=gray:s=${size}`, '-frames:v', '1'];
const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** A picture's head alone, that says it has so many pixels. */
const png = (width: number, height: number): Buffer =>
  Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    be32(width),
    be32(height),
    Buffer.from('0806000000', 'hex'),
    be32(0),
    Buffer.from('0000000049454e44ae426082', 'hex'),
  ]);

const PICTURES: readonly OddRow[] = [
  ['usual.png', 'taken', ONE],
  ['usual.jpg', 'taken', ONE],
  ['usual.webp', 'taken', ONE],
  ['usual.bmp', 'taken', ONE],
  ['usual.tiff', 'taken', ONE],
  ['usual.gif', 'either', ONE],
  ['no-ending', 'taken', [...ONE, '-f', 'image2', '-c:v', 'png', '-update', '1']],
  ['wrong-ending.jpg', 'taken', [...ONE, '-c:v', 'png', '-f', 'image2', '-update', '1']],
  ['%03d.png', 'taken', [...ONE, '-update', '1', '-f', 'image2']],
  ['ä 漢字🙂.png', 'taken', ONE],
  ['moving.gif', 'taken', TEST],
  ['moving.apng', 'either', [...TEST, '-plays', '0']],
  ['moving.webp', 'refused', [...TEST, '-c:v', 'libwebp_anim']],
  ['still.avif', 'either', [...ONE, '-c:v', 'libsvtav1']],
  ['still.tga', 'refused', ONE],
  ['still.jp2', 'either', ONE],
  ['still.exr', 'refused', [...ONE, '-pix_fmt', 'gbrpf32le']],
  ['still.ppm', 'refused', ONE],
  ['still.ico', 'refused', ONE],
  ['deep.png', 'taken', [...ONE, '-pix_fmt', 'rgba64be']],
  ['grey.png', 'taken', [...ONE, '-pix_fmt', 'gray']],
  ['bits.png', 'taken', [...ONE, '-pix_fmt', 'monob']],
  ['palette.png', 'taken', [...ONE, '-pix_fmt', 'pal8', '-vf', 'format=rgb24,palettegen=max_colors=16']],
  ['through.png', 'taken', [...ALPHA, '-frames:v', '1', '-pix_fmt', 'rgba']],
  ['through.webp', 'taken', [...ALPHA, '-frames:v', '1', '-c:v', 'libwebp']],
  ['through.tiff', 'taken', [...ALPHA, '-frames:v', '1', '-pix_fmt', 'rgba']],
  ['grey.jpg', 'taken', [...ONE, '-pix_fmt', 'gray']],
  ['turned.jpg', 'taken', ONE],
  ['one-pixel.png', 'taken', sized('1x1')],
  ['line.png', 'taken', sized('8192x1')],
  ['column.png', 'taken', sized('1x8192')],
  ['large.png', 'taken', sized('8192x8192')],
  ['larger.png', 'refused', sized('12000x8192')],
  ['bomb.png', 'refused', png(30_000, 30_000)],
  ['bomb-2.png', 'refused', png(2 ** 31 - 1, 2 ** 31 - 1)],
  ['no-pixels.png', 'refused', png(0, 9)],
  ['head.png', 'refused', png(64, 64)],
  ['mark.png', 'refused', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['mark.jpg', 'refused', Buffer.from('ffd8ffe000104a46494600', 'hex')],
  ['mark.bmp', 'refused', 'BM'],
  ['mark.tiff', 'refused', Buffer.from('49492a00ffffffff', 'hex')],
  ['mark.webp', 'refused', 'RIFF\xff\xff\xff\xffWEBPVP8X'],
  ['drawing.svg', 'refused', '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'],
  ['empty.png', 'refused', ''],
  ['text.png', 'refused', 'This is no picture.'],
  ['page.pdf', 'refused', '%PDF-1.4\n%%EOF\n'],
  ['list.m3u8', 'refused', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n'],
  ['folder', 'refused', { is: 'folder' }],
  ['pipe.png', 'refused', { is: 'pipe' }],
  ['endless.png', 'refused', { link: '/dev/zero' }],
  ['nothing.png', 'refused', { link: '/dev/null' }],
  ['round.png', 'refused', { link: 'round.png' }],
  ['gone.png', 'refused', { link: 'nowhere' }],
];

const FILMS: readonly OddRow[] = [
  ['usual.mp4', 'taken', TEST],
  ['one.mp4', 'refused', ONE],
  ['two.mp4', 'either', [...TEST, '-frames:v', '2']],
  ['small.mkv', 'either', ['-f', 'lavfi', '-i', 'testsrc=s=2x2:d=1:r=10', '-c:v', 'ffv1']],
  ['large.mp4', 'taken', ['-f', 'lavfi', '-i', 'testsrc=s=7680x4320:d=0.4:r=10', '-preset', 'ultrafast']],
  ['rate.mkv', 'either', ['-f', 'lavfi', '-i', 'testsrc=s=64x48:d=0.2:r=600', '-c:v', 'ffv1']],
  ['through.webm', 'taken', [...ALPHA, '-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p']],
  ['through.mov', 'taken', [...ALPHA, '-c:v', 'prores_ks', '-profile:v', '4']],
  ['through-png.mov', 'taken', [...ALPHA, '-c:v', 'png', '-pix_fmt', 'rgba']],
  [
    'hdr.mp4',
    'taken',
    [
      ...TEST,
      '-pix_fmt',
      'yuv420p10le',
      '-color_trc',
      'smpte2084',
      '-color_primaries',
      'bt2020',
      '-colorspace',
      'bt2020nc',
    ],
  ],
  ['fields.mkv', 'taken', [...TEST, '-vf', 'setfield=tff', '-flags', '+ilme+ildct', '-c:v', 'mpeg2video', '-r', '25']],
  ['variable.mkv', 'taken', [...TEST, '-vf', "setpts='PTS+mod(N,3)*.05/TB'", '-fps_mode', 'passthrough']],
  ['long.mp4', 'taken', ['-f', 'lavfi', '-i', 'color=s=32x32:d=3600:r=2', '-preset', 'ultrafast']],
  ['sound.wav', 'refused', ['-f', 'lavfi', '-i', 'sine=d=1']],
  ['header.mkv', 'refused', Buffer.from('1a45dfa3ff', 'hex')],
];

const TONE = ['-f', 'lavfi', '-i', 'sine=d=0.8'];
const wave = (format: number, channels: number, rate: number, bits: number, said: number, samples: Buffer): Buffer => {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(said, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(((rate * channels * bits) / 8) >>> 0, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(said, 40);
  return Buffer.concat([head, samples]);
};
const noise = Buffer.from(Array.from({ length: 32_000 }, (_, k) => (k * 31) % 256));
const SOUNDS: readonly OddRow[] = [
  ...[
    'wav',
    'mp3',
    'm4a',
    'flac',
    'ogg',
    'opus',
    'aiff',
    'au',
    'caf',
    'wma',
    'ac3',
    'mka',
    'w64',
    'rf64.wav',
    'amr',
  ].map((ending): OddRow => [
    `usual.${ending}`,
    'taken',
    [
      ...TONE,
      ...(ending === 'amr'
        ? ['-ar', '8000', '-c:a', 'libopencore_amrnb']
        : ending === 'rf64.wav'
          ? ['-rf64', 'always']
          : []),
    ],
  ]),
  ['clip.mp4', 'taken', [...TEST, ...TONE]],
  ['cover.mp3', 'taken', [...TONE, ...ONE, '-map', '0', '-map', '1', '-disposition:v', 'attached_pic']],
  ['no-sound.mp4', 'refused', TEST],
  ['silent.wav', 'either', ['-f', 'lavfi', '-i', 'anullsrc=d=0.8']],
  ['eight.wav', 'taken', [...TONE, '-c:a', 'pcm_u8', '-ar', '8000']],
  ['fast.wav', 'taken', [...TONE, '-ar', '384000']],
  ['slow.wav', 'taken', [...TONE, '-ar', '1000']],
  ['wide.wav', 'taken', [...TONE, '-ac', '8', '-c:a', 'pcm_f64le']],
  ['no-numbers.wav', 'either', [...TONE, '-af', 'aeval=0/0', '-c:a', 'pcm_f32le']],
  ['short.wav', 'either', wave(1, 1, 16_000, 16, 2, Buffer.alloc(2))],
  ['none.wav', 'refused', wave(1, 1, 16_000, 16, 0, Buffer.alloc(0))],
  ['said-long.wav', 'either', wave(1, 1, 16_000, 16, 0xffffffff, noise)],
  ['said-short.wav', 'either', wave(1, 1, 16_000, 16, 100, noise)],
  ['no-channels.wav', 'refused', wave(1, 0, 16_000, 16, noise.length, noise)],
  ['many-channels.wav', 'either', wave(1, 255, 16_000, 16, noise.length, noise)],
  ['no-rate.wav', 'refused', wave(1, 1, 0, 16, noise.length, noise)],
  ['rate-1.wav', 'either', wave(1, 1, 1, 8, 3, noise.subarray(0, 3))],
  ['rate-most.wav', 'either', wave(1, 1, 0xffffffff, 16, noise.length, noise)],
  ['no-bits.wav', 'refused', wave(1, 1, 16_000, 0, noise.length, noise)],
  ['odd-bits.wav', 'either', wave(1, 1, 16_000, 13, noise.length, noise)],
  ['no-format.wav', 'refused', wave(0x7777, 1, 16_000, 16, noise.length, noise)],
  ['head.wav', 'refused', 'RIFF'],
  ['head.mp3', 'refused', 'ID3'],
  ['noise.mp3', 'either', noise],
  ['raw.pcm', 'refused', noise],
  ['notes.mid', 'refused', Buffer.from('4d546864000000060000000100604d54726b0000000400ff2f00', 'hex')],
  ['list.m3u', 'refused', '#EXTM3U\nsound.wav\n'],
  ['text.wav', 'refused', 'This is no sound.'],
  ['empty.wav', 'refused', ''],
  ['folder', 'refused', { is: 'folder' }],
  ['pipe.wav', 'refused', { is: 'pipe' }],
  ['endless.wav', 'refused', { link: '/dev/zero' }],
];

const nothing = (ending: string): OddRow[] => {
  const name = `odd${ending}`;
  const links = ['/dev/zero', '/dev/null', name, 'nowhere'].map((link) => ({ link }));
  return [{ is: 'folder' } as const, { is: 'pipe' } as const, ...links].map((made) => [name, 'refused', made]);
};
const PROOFS: readonly OddRow[] = [
  ['letter.pdf', 'taken', '%PDF-1.4\n%%EOF\n'],
  ['no-ending', 'taken', 'x'],
  ['two\nlines\u202E.pdf', 'taken', 'x'],
  [`${'n'.repeat(250)}.pdf`, 'taken', 'x'],
  [`${'漢'.repeat(83)}.pdf`, 'taken', 'x'],
  [`x.${'e'.repeat(250)}`, 'taken', 'x'],
  ['empty.pdf', 'refused', ''],
];

export const ODD_BESIDE: readonly OddInput[] = [
  ...givenAs('background', [...PICTURES, ...FILMS]),
  ...givenAs('sound', SOUNDS),
  ...givenAs('proof', [...nothing('.pdf'), ...PROOFS]),
  ...givenAs('voice', [...nothing('.onnx'), ['no-words.onnx', 'refused', 'x'], ['empty.onnx', 'refused', '']]),
  ...givenAs('captions', nothing('.srt')),
  ...givenAs('script', nothing('.txt')),
  ...givenAs('list', nothing('.csv')),
  ...givenAs('video', nothing('.mp4')),
];
