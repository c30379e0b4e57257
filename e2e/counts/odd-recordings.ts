import { AAC, alike, FRAMES, MP4, type OddFile, taken, X264 } from './odd-file.ts';

const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '12'];
const AV1 = ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '20'];
const VP9 = ['-c:v', 'libvpx-vp9', '-b:v', '4M', '-deadline', 'realtime', '-cpu-used', '8'];
const VP8 = ['-c:v', 'libvpx', '-b:v', '4M', '-deadline', 'realtime'];

/** As recorders, cutters and streams leave a file's clock. */
const clocks: readonly OddFile[] = [
  ...['mkv', 'mp4', 'mov', 'ts'].map((ending): OddFile => {
    const args = [...MP4, '-output_ts_offset', '-1.5', '-avoid_negative_ts', 'disabled'];
    // An edit list hides what comes before.
    return /^m(p4|ov)$/.test(ending)
      ? taken(`before-nought.${ending}`, args, { frames: FRAMES - 12 })
      : alike(`before-nought.${ending}`, args);
  }),
  alike('made-zero.mkv', [...MP4, '-avoid_negative_ts', 'make_zero']),
  alike('no-edit-list.mp4', [...MP4, '-use_editlist', '0']),
  alike('negative-composition.mp4', [...MP4, '-movflags', 'negative_cts_offsets']),
  alike('cmaf.mp4', [...MP4, '-movflags', 'cmaf+frag_keyframe+empty_moov+default_base_moof']),
  alike('fragment-each.mp4', [...MP4, '-movflags', 'frag_every_frame+empty_moov']),
  alike('hybrid.mp4', [...MP4, '-movflags', 'hybrid_fragmented+frag_keyframe']),
  alike('smooth.ismv', [...MP4, '-f', 'ismv']),
  alike('sound-earlier.mp4', ['-map', '0:v', '-map', '1:a', ...MP4], { inputs: ['-itsoffset', '-0.5', '-i', 'BASE'] }),
  alike('both-late.mov', ['-map', '1', ...MP4], { inputs: ['-itsoffset', '1', '-i', 'BASE'] }),
  alike('sound-two-late.mkv', ['-map', '0:v', '-map', '1:a', ...MP4], { inputs: ['-itsoffset', '2', '-i', 'BASE'] }),
  alike('wraps.ts', [...MP4, '-output_ts_offset', '95441']), // 33 bits of 90 kHz end at 95443.7 s
  taken('wraps.mpg', ['-r', '25', '-c:v', 'mpeg2video', '-q:v', '2', '-c:a', 'mp2', '-output_ts_offset', '95441'], {
    frames: 100,
  }),
  alike('screen.mp4', [...MP4, '-video_track_timescale', '1000', '-enc_time_base', '1/1000']),
  alike('fine-clock.mov', [...MP4, '-video_track_timescale', '705600000']),
  alike('jitter.mkv', ['-vf', "setpts='PTS+mod(N*7,5)*.004/TB'", '-fps_mode', 'passthrough', ...MP4]),
  taken('pairs.mkv', ['-vf', "setpts='(N-mod(N,2)*.98)/8/TB'", '-fps_mode', 'passthrough', ...MP4]),
  taken('drops.mp4', ['-vf', 'mpdecimate', '-fps_mode', 'vfr', ...MP4], { takes: 'either' }),
  taken('cut-copied.mp4', ['-map', '1', '-c', 'copy'], { inputs: ['-ss', '1.3', '-i', 'MADE'] }),
  taken('cut-copied.mkv', ['-map', '1', '-c', 'copy'], { inputs: ['-ss', '1.3', '-i', 'MADE'] }),
  alike('says-two-hours.mkv', [...MP4, '-metadata:s:v', 'DURATION=02:00:00.000000000']),
  alike('live.webm', [...VP8, '-c:a', 'libopus', '-live', '1']),
  alike('live.mkv', [...MP4, '-live', '1']),
  alike('no-index.nut', [...MP4, '-write_index', '0']),
  alike('first-packets-late.ts', [...MP4, '-muxdelay', '5', '-muxpreload', '5']),
  taken('two-programs.ts', [
    '-map',
    '0',
    '-map',
    '0',
    ...MP4,
    '-program',
    'st=0:st=1',
    '-program',
    'title=b:st=2:st=3',
  ]),
];

/** Parts of other kinds, one behind the other, as streams and cameras that go on in the same file leave them. */
const joined: readonly OddFile[] = [
  taken('smaller-later.ts', MP4, { second: ['-vf', 'scale=256:256', ...MP4] }),
  taken('other-codec-later.ts', MP4, { second: [...X265, ...AAC, '-pix_fmt', 'yuv420p'], takes: 'either' }),
  taken('again.ts', MP4, { second: MP4 }),
  taken('again.h264', ['-an', ...X264], { second: ['-an', ...X264] }),
  taken('rubbish-after.mp4', MP4, { second: ['-vf', 'scale=64:64', ...MP4] }),
  taken('rubbish-after.mkv', MP4, { second: ['-vf', 'scale=64:64', ...MP4], takes: 'either' }),
];

/** Codecs and pixels of cameras, editors and screen recorders. */
const codings: readonly OddFile[] = [
  alike('open-groups.ts', [...X265, '-pix_fmt', 'yuv420p', '-x265-params', 'open-gop=1:keyint=8:log-level=1', ...AAC]),
  alike('open-groups-264.ts', [...MP4, '-x264-params', 'open-gop=1:keyint=8']),
  taken('dnxhr.mxf', ['-r', '25', '-c:v', 'dnxhd', '-profile:v', 'dnxhr_hq', '-pix_fmt', 'yuv422p', '-ar', '48000']),
  alike('dnxhr-444.mov', ['-c:v', 'dnxhd', '-profile:v', 'dnxhr_444', '-pix_fmt', 'yuv444p10le', '-c:a', 'pcm_s16le']),
  alike('prores-4444.mov', ['-c:v', 'prores_ks', '-profile:v', '4', '-pix_fmt', 'yuva444p10le', '-c:a', 'pcm_s24le']),
  alike('prores-proxy.mov', ['-c:v', 'prores_aw', '-profile:v', '1', '-pix_fmt', 'yuv422p10le', '-c:a', 'pcm_s16le']),
  ...['yuvj422p', 'yuvj444p'].map((format) =>
    alike(`mjpeg-${format}.avi`, ['-c:v', 'mjpeg', '-q:v', '1', '-pix_fmt', format, '-c:a', 'pcm_s16le']),
  ),
  ...['yuv420p12le', 'yuv422p12le', 'yuv444p12le', 'yuv422p10le', 'gbrp'].map((format) =>
    alike(`hevc-${format}.mkv`, [...X265, '-pix_fmt', format, ...AAC]),
  ),
  taken('hevc-gray10.mkv', [...X265, '-pix_fmt', 'gray10le', ...AAC]),
  alike('av1-10.mkv', [...AV1, '-pix_fmt', 'yuv420p10le', ...AAC]),
  alike('av1.webm', [...AV1, '-pix_fmt', 'yuv420p', '-c:a', 'libopus']),
  ...['yuv444p', 'yuv422p10le', 'yuv440p', 'gbrp'].map((format) =>
    alike(`vp9-${format}.webm`, [...VP9, '-pix_fmt', format, '-c:a', 'libopus']),
  ),
  alike('lossless.mp4', ['-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv444p', ...AAC]),
  alike('enhanced-hevc.flv', [...X265, '-pix_fmt', 'yuv420p', ...AAC, '-ar', '44100']),
  alike('enhanced-av1.flv', [...AV1, '-pix_fmt', 'yuv420p', ...AAC, '-ar', '44100']),
  ...['v210', 'v410', 'v308', 'r210', 'avui', 'y41p', 'hap', 'rpza', 'smc', 'ljpeg', 'speedhq', 'vc2'].map((codec) =>
    taken(
      `coded-${codec}.mov`,
      [...(codec === 'avui' ? ['-s', '720x576'] : []), '-c:v', codec, '-strict', '-2', '-c:a', 'pcm_s16le'],
      { takes: 'either' },
    ),
  ),
  ...['zmbv', 'msvideo1', 'asv2', 'ffvhuff', 'msrle', 'cljr'].map((codec) =>
    taken(`coded-${codec}.avi`, ['-c:v', codec, '-c:a', 'pcm_s16le']),
  ),
  alike('screen.flv', ['-c:v', 'flashsv2', '-c:a', 'libmp3lame', '-ar', '44100']),
  alike('uyvy.avi', ['-c:v', 'rawvideo', '-pix_fmt', 'uyvy422', '-c:a', 'pcm_s16le']),
  alike('quarter.avi', ['-c:v', 'mpeg4', '-flags', '+qpel', '-q:v', '2', '-c:a', 'libmp3lame']),
  ...['yuv444p', 'yuv422p10le'].map((format) =>
    alike(`raw-${format}.y4m`, ['-an', '-pix_fmt', format, '-strict', '-1']),
  ),
  taken('raw-mono.y4m', ['-an', '-pix_fmt', 'gray', '-strict', '-1']),
  taken('uneven.gif', ['-an', '-vf', "setpts='PTS+mod(N,3)*.05/TB',scale=256:256", '-fps_mode', 'passthrough']),
  taken('moving.avif', ['-an', ...AV1, '-pix_fmt', 'yuv420p'], { takes: 'refused' }),
];

/** Shapes of the picture. */
const shapes: readonly OddFile[] = [
  ...['-display_hflip', '-display_vflip'].map((flip): OddFile => ({
    name: `flipped${flip}.mp4`,
    args: ['-map', '1', '-c', 'copy'],
    inputs: [flip, '-i', 'MADE'],
    takes: 'taken',
  })),
  taken('turned-and-wide.mp4', ['-map', '1', '-vf', 'setsar=4/3', ...MP4], {
    inputs: ['-noautorotate', '-display_rotation', '90', '-i', 'MADE'],
  }),
  taken('wide-pixels.mkv', ['-aspect', '16:9', ...MP4]),
  taken('wide-pixels.ts', ['-vf', 'setsar=4/3', ...MP4]),
  taken('odd-321x243.mkv', ['-vf', 'scale=321:243', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p', '-an']),
  taken('odd-321x243.mp4', ['-vf', 'scale=321:243', '-c:v', 'libx264', '-pix_fmt', 'yuv444p', ...AAC]),
  alike('cropped.mp4', [...MP4, '-vf', 'pad=544:544:0:0', '-bsf:v', 'h264_metadata=crop_right=32:crop_bottom=32']),
];

const sounds: readonly OddFile[] = [
  ...(
    [
      ['5.1', 'aac', 'mp4'],
      ['7.1', 'aac', 'mp4'],
      ['5.1', 'ac3', 'mkv'],
      ['7.1', 'flac', 'mkv'],
      ['7.1', 'pcm_s24le', 'mov'],
      ['5.1', 'libopus', 'mkv'],
      ['22.2', 'pcm_s16le', 'mkv'],
    ] as const
  ).map(([layout, codec, ending]) =>
    alike(`sound-${layout}-${codec}.${ending}`, [...X264, '-c:a', codec, '-af', `aformat=channel_layouts=${layout}`]),
  ),
  alike('telephone.mov', [...X264, '-c:a', 'pcm_mulaw', '-ar', '8000', '-ac', '1']),
  alike('studio.mkv', [...X264, '-c:a', 'pcm_f32le', '-ar', '192000']),
  alike('studio.mov', [...X264, '-c:a', 'pcm_f64be', '-ar', '96000']),
  alike('pre-skip.mp4', [...X264, '-c:a', 'libopus']),
  alike('encoder-delay.mkv', [...X264, '-c:a', 'libmp3lame']),
  alike('priming.mkv', [...X264, '-bf', '0', '-c:a', 'aac', '-ar', '44100']),
  alike('television.ts', [...X264, '-c:a', 's302m', '-strict', '-2', '-ar', '48000', '-ac', '2']),
  alike('variable.avi', [...X264, '-bf', '0', '-c:a', 'libmp3lame', '-q:a', '5']),
  alike('half-a-sound.mkv', [...X264, '-c:a', 'aac', '-af', 'atrim=0:1.7']),
  alike('hours-of-sound.mkv', [...X264, '-c:a', 'flac', '-map', '0:v', '-map', '1:a'], {
    inputs: ['-f', 'lavfi', '-i', 'anoisesrc=d=7200:r=8000:a=0.001'],
  }),
  alike('twelve-sounds.mkv', [...MP4, '-map', '0:v', ...Array.from({ length: 12 }, () => ['-map', '0:a']).flat()]),
];

const names: readonly OddFile[] = [
  ...[
    '\uFEFFmark.mp4',
    '👩‍👩‍👧.mp4',
    '%s%n.mp4',
    'trailing .mp4',
    '.hidden.mp4',
    'u\u0308ber.mp4',
    '\u202Egnp.mp4',
    'CON.mp4',
    `${'é'.repeat(125)}.mp4`,
    'tab\tand\rreturn.mp4',
    'İıŞş.MP4',
    '#frame?=1&.mp4',
    "'; DROP TABLE projects; --.mp4",
  ].map((name) => alike(name, [...MP4, '-f', 'mp4'])),
  alike('linked.mp4', MP4, { link: true }),
];

export const RECORDINGS: readonly OddFile[] = [...clocks, ...joined, ...codings, ...shapes, ...sounds, ...names];
