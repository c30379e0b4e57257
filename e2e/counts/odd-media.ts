import { CONTAINERS, PIXELS, SOUNDS } from './odd-codecs.ts';
import { AAC, alike, bytes, FRAMES, MP4, type OddFile, taken, X264 } from './odd-file.ts';
import { RECORDINGS } from './odd-recordings.ts';

const rates: OddFile[] = [
  ...[
    '1',
    '5',
    '10',
    '12',
    '15',
    '24000/1001',
    '24',
    '30000/1001',
    '30',
    '48',
    '50',
    '60000/1001',
    '60',
    '90',
    '120',
    '240',
  ].map((rate) =>
    taken(`rate-${rate.replace('/', '-')}.mp4`, ['-r', rate, ...MP4], { takes: rate === '1' ? 'either' : 'taken' }),
  ),
  taken('rate-600.mkv', ['-vf', 'setpts=PTS/24', '-r', '600', ...X264, '-an'], { takes: 'either' }),
  taken('rate-half.mkv', ['-vf', 'setpts=PTS*50', '-fps_mode', 'passthrough', ...X264, '-an'], { takes: 'refused' }),
  taken('freeze.mp4', ['-vf', "setpts='PTS+gte(N,12)*2/TB'", '-fps_mode', 'passthrough', ...MP4], { frames: FRAMES }),
  taken('variable.mkv', ['-vf', "setpts='PTS+mod(N,3)*.01/TB'", '-fps_mode', 'passthrough', ...MP4], {
    frames: FRAMES,
  }),
  taken('variable.mp4', ['-vf', "select='not(eq(mod(n,4),1))'", '-fps_mode', 'vfr', ...MP4]),
  taken('one.mp4', ['-frames:v', '1', ...X264, '-an'], { takes: 'refused' }),
  taken('two.mp4', ['-frames:v', '2', ...X264, '-an'], { takes: 'either' }),
];

const sizes: OddFile[] = [
  ...['16:16', '64:64', '96:96', '128:72', '320:240', '511:513', '513:511', '640:360', '360:640', '720:576'].map(
    (size) =>
      taken(
        `size-${size.replace(':', 'x')}.mkv`,
        ['-vf', `scale=${size}`, '-c:v', 'ffv1', '-pix_fmt', 'yuv444p', '-an'],
        {
          takes: 'either',
        },
      ),
  ),
  ...['1280:720', '1080:1920', '1920:1080', '3840:2160'].map((size) =>
    taken(`large-${size.replace(':', 'x')}.mp4`, ['-vf', `scale=${size}`, '-t', '0.4', ...MP4]),
  ),
  taken('wide-8192x512.mkv', ['-vf', 'pad=8192:512:3000:0', '-t', '0.4', ...X264, '-an']),
  taken('wide-20000x64.mkv', ['-vf', 'scale=20000:64', '-t', '0.2', '-c:v', 'ffv1', '-an'], { takes: 'refused' }),
  taken('narrow-16x2048.mkv', ['-vf', 'scale=16:2048', '-t', '0.2', '-c:v', 'ffv1', '-an'], { takes: 'refused' }),
  taken('tiny-2x2.mkv', ['-vf', 'scale=2:2', '-c:v', 'ffv1', '-an'], { takes: 'either' }),
  ...['16/15', '64/45', '1/2', '4/1', '1/1000', '0/1'].map((aspect) =>
    taken(`aspect-${aspect.replace('/', '-')}.mp4`, ['-vf', `setsar=${aspect}`, ...MP4], { takes: 'either' }),
  ),
];

const turned: OddFile[] = ['90', '180', '270', '45', '-90'].map((degrees) => ({
  name: `turned-${degrees}.mp4`,
  args: ['-map', '1', '-c', 'copy'],
  inputs: ['-display_rotation', degrees, '-i', 'MADE'],
  takes: 'taken',
}));

const colour = (name: string, primaries: string, transfer: string, matrix: string, range = 'tv'): OddFile =>
  taken(`colour-${name}.mp4`, [
    '-vf',
    `setparams=color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}:range=${range}`,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p10le',
    ...AAC,
  ]);
/** Said of the picture by numbers of H.273, whatever it is. */
const tagged = (name: string, primaries: number, transfer: number, matrix: number): OddFile => {
  const said = `colour_primaries=${primaries}:transfer_characteristics=${transfer}:matrix_coefficients=${matrix}`;
  return taken(`colour-${name}.mp4`, [...MP4, '-bsf:v', `h264_metadata=${said}`]);
};
const colours: OddFile[] = [
  colour('709', 'bt709', 'bt709', 'bt709'),
  colour('709-full', 'bt709', 'bt709', 'bt709', 'pc'),
  colour('601-pal', 'bt470bg', 'bt470bg', 'bt470bg'),
  colour('601-ntsc', 'smpte170m', 'smpte170m', 'smpte170m'),
  colour('2020', 'bt2020', 'bt2020-10', 'bt2020nc'),
  colour('hlg', 'bt2020', 'arib-std-b67', 'bt2020nc'),
  colour('pq', 'bt2020', 'smpte2084', 'bt2020nc'),
  colour('p3', 'smpte432', 'iec61966-2-1', 'bt709'),
  colour('linear', 'bt709', 'linear', 'bt709'),
  tagged('odd', 8, 9, 4), // film, log100, fcc
  tagged('constant', 9, 15, 10), // BT.2020 with constant luminance
  tagged('ycgco', 1, 1, 8),
  tagged('rgb-said', 1, 1, 0),
  tagged('reserved', 3, 3, 3),
  tagged('none-there-is', 200, 200, 200),
];

const fields: OddFile[] = [
  taken('top-first.mp4', ['-vf', 'tinterlace=interleave_top,setfield=tff', ...MP4, '-flags', '+ilme+ildct'], {
    takes: 'either',
  }),
  taken(
    'fields.mpg',
    ['-r', '25', '-vf', 'setfield=tff', '-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ilme+ildct', '-c:a', 'mp2'],
    {
      takes: 'either',
    },
  ),
  taken('telecine.mkv', ['-r', '24000/1001', '-vf', 'telecine', ...MP4]),
  taken('said-fields.mp4', [...MP4, '-x264-params', 'tff=1']),
];

const cuts: OddFile[] = [
  ...['mp4', 'mov', 'mkv', 'avi', 'flv', 'ts', 'mpg', 'asf', 'nut', 'webm'].flatMap((ending) =>
    [0.1, 0.5, 0.9].map((share): OddFile => ({
      name: `cut-${share}.${ending}`,
      args:
        ending === 'webm'
          ? ['-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libvorbis']
          : ending === 'mpg'
            ? ['-c:v', 'mpeg2video', '-q:v', '4', '-c:a', 'mp2']
            : [
                ...MP4,
                '-bf',
                '0',
                '-ar',
                '44100',
                ...(share > 0.4 && ending === 'mp4' ? ['-movflags', 'faststart'] : []),
              ],
      cut: [0, share],
      takes: 'either',
    })),
  ),
  ...['ts', 'mkv', 'h264', 'mpg'].map((ending): OddFile => ({
    name: `amid.${ending}`,
    args:
      ending === 'mpg'
        ? ['-c:v', 'mpeg2video', '-q:v', '4', '-c:a', 'mp2']
        : ending === 'h264'
          ? ['-an', ...X264]
          : MP4,
    cut: [0.3, 1],
    takes: 'either',
  })),
];

const clocks: OddFile[] = [
  alike('starts-at-an-hour.ts', [...MP4, '-output_ts_offset', '3600']),
  alike('starts-at-an-hour.mkv', [...MP4, '-output_ts_offset', '3600']),
  alike('fragments.mp4', [...MP4, '-movflags', 'frag_keyframe+empty_moov']),
  alike('fast-start.mp4', [...MP4, '-movflags', 'faststart']),
  alike('open-groups.mp4', [...MP4, '-x264-params', 'open-gop=1:keyint=8']),
  alike('refresh.mp4', [...MP4, '-x264-params', 'intra-refresh=1:keyint=10']),
  alike('all-key.mp4', [...MP4, '-g', '1']),
  alike('many-b.mp4', [...MP4, '-bf', '8', '-refs', '8']),
  alike('late-picture.mp4', ['-map', '1:v', '-map', '0:a', ...MP4], { inputs: ['-itsoffset', '0.4', '-i', 'BASE'] }),
  alike('late-sound.mkv', ['-map', '0:v', '-map', '1:a', ...MP4], { inputs: ['-itsoffset', '0.4', '-i', 'BASE'] }),
  alike('cover.mp4', ['-map', '0', '-map', '1', ...MP4, '-c:v:1', 'mjpeg', '-disposition:v:1', 'attached_pic'], {
    inputs: ['-f', 'lavfi', '-i', 'testsrc=s=64x64:d=0.04'],
  }),
  alike('preview-first.mkv', ['-map', '1', '-map', '0', ...MP4], {
    inputs: ['-f', 'lavfi', '-i', 'testsrc=s=64x64:d=1'],
  }),
  alike('title.mkv', [...MP4, '-metadata', 'title=\u001b[31m\u202E'.padEnd(900, 'x')]),
  alike('chapters.mkv', [...MP4, '-map', '0', '-map_chapters', '0', '-timecode', '01:00:00:00']),
  alike('timecode.mov', [...MP4, '-timecode', '10:00:00:00']),
];

const names: OddFile[] = [
  'a b.mp4',
  'o\'clock "x".mp4',
  '100%d.mp4',
  '%03d.mp4',
  '-y.mp4',
  'ä漢字🙂.mp4',
  'two\nlines.mp4',
  '[list]*.mp4',
  'concat:a|b.mp4',
  'x.mp4;rm.mp4',
  `${'n'.repeat(240)}.mp4`,
  'file:x.mp4',
  '$HOME.mp4',
  'back\\slash.mp4',
].map((name) => alike(name, [...MP4, '-f', 'mp4']));

const others: OddFile[] = [
  bytes('empty.mp4', ''),
  bytes('zeros.mp4', Buffer.alloc(100_000)),
  bytes('text.mp4', 'This is no video.\n'.repeat(50)),
  bytes('page.mp4', '<!doctype html><title>x</title>'),
  bytes('list.m3u8', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n'),
  bytes('list.mp4', '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n'),
  bytes('concat.mp4', "ffconcat version 1.0\nfile 'base.mkv'\n"),
  bytes('script.avs', 'Version()'),
  bytes('words.srt', '1\n00:00:00,000 --> 00:00:01,000\nHello\n'),
  bytes('call.sdp', 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n'),
  bytes('page.pdf', '%PDF-1.4\n%%EOF\n'),
  bytes('archive.zip', Buffer.from('504b0506000000000000000000000000000000000000', 'hex')),
  bytes('header.mkv', Buffer.from('1a45dfa3ff', 'hex')),
  bytes('header.mp4', Buffer.from('0000002066747970', 'hex')),
  bytes('huge-box.mp4', Buffer.from('00000018667479706d703432000000006d70343269736f6dffffffff6d6f6f76', 'hex')),
  taken('still.png', ['-frames:v', '1', '-an'], { takes: 'refused' }),
  taken('still.jpg', ['-frames:v', '1', '-an', '-pix_fmt', 'yuvj420p'], { takes: 'refused' }),
  taken('still.bmp', ['-frames:v', '1', '-an'], { takes: 'refused' }),
  taken('still.mp4', ['-frames:v', '1', '-an', '-f', 'image2', '-c:v', 'png', '-update', '1'], { takes: 'refused' }),
];

export const ODD_FILES: readonly OddFile[] = [
  ...CONTAINERS,
  ...PIXELS,
  ...rates,
  ...sizes,
  ...turned,
  ...SOUNDS,
  ...colours,
  ...fields,
  ...cuts,
  ...clocks,
  ...names,
  ...others,
  ...RECORDINGS, // last: those before keep their numbers
];
