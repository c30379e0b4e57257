/** What becomes of films on their way: ffmpeg's options. */
const x264 = (crf: number): string[] => ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)];
const through = (...filters: string[]): string[] => ['-vf', filters.join(',')];

/** Of a screen: another size, brighter middles, noise, and another rate. */
const FILMED = [
  'scale=trunc(iw*.435)*2:trunc(ih*.435)*2:flags=bilinear',
  "lutyuv=y='16+219*pow(clip((val-16)/219,0,1),1.12)'",
  'noise=alls=6:allf=t',
  'fps=30000/1001',
];

export const attacks: Readonly<Record<string, readonly string[]>> = {
  'x264 CRF 18': x264(18),
  'x264 CRF 23': x264(23),
  'x264 CRF 28': x264(28),
  'x264 CRF 32': x264(32),
  'half the size': [...through('scale=trunc(iw/4)*2:trunc(ih/4)*2'), ...x264(23)],
  'three quarters': [...through('crop=trunc(iw*.375)*2:trunc(ih*.375)*2:iw*.17:ih*.09'), ...x264(23)],
  vp9: ['-c:v', 'libvpx-vp9', '-b:v', '0', '-crf', '34', '-deadline', 'good', '-cpu-used', '8', '-row-mt', '1'],
  'screen recording': [...through(...FILMED), ...x264(26)],
};
