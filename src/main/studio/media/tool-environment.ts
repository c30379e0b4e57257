/** What of this program's surroundings would change what ffmpeg and ffprobe do. */
const OUT = new Set([
  'FFREPORT', // writes a report for every run
  'AV_LOG_FORCE_COLOR', // colours what is read as words
]);

/**
 * Their environment. A static program with glibc in it loads the computer's own character converters (iconv) and
 * crashes where those are of another version, with the first service name of a television stream: there are none where
 * GCONV_PATH points to, and names are left as they are.
 */
export function toolEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !OUT.has(name));
  return { ...Object.fromEntries(kept), GCONV_PATH: NO_CONVERTERS, AV_LOG_FORCE_NOCOLOR: '1' };
}

const NO_CONVERTERS = '/nowhere';
