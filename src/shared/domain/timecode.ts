/** "00:07.240", with hours where there are any: minutes, seconds and milliseconds, cut and not rounded. */
export function timecode(seconds: number): string {
  const ms = Math.floor(Math.max(0, seconds) * 1000 + 1e-6);
  const [hours, minutes, rest] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, ms % 60_000];
  const text = `${String(minutes).padStart(2, '0')}:${(rest / 1000).toFixed(3).padStart(6, '0')}`;
  return hours > 0 ? `${hours}:${text}` : text;
}

/**
 * What a person typed, as seconds: "7", "7.24", "1:07,5", "1:02:03", a frame as "120f", and "+" or "-" before any of
 * them for that much on from `now`. Undefined when it is none of these.
 */
export function parseTimecode(
  text: string,
  { now, fps }: { readonly now: number; readonly fps: number },
): number | undefined {
  const [, sign, rest] = /^([+-])?\s*(.*)$/.exec(text.trim().replace(',', '.')) ?? [];
  const seconds = rest === undefined ? undefined : parseAmount(rest, fps);
  if (seconds === undefined) return undefined;
  return sign === '+' ? now + seconds : sign === '-' ? Math.max(0, now - seconds) : seconds;
}

function parseAmount(text: string, fps: number): number | undefined {
  const frames = /^(\d+)\s*f$/i.exec(text)?.[1];
  if (frames !== undefined) return Number(frames) / fps;
  const [, hours, minutes, seconds] = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
}
