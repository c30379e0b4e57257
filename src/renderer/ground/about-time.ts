/** A length of time as one says it: 50 -> "50 s", 75 -> "1 min", 4000 -> "1 h 5 min", 200000 -> "2 days 8 h". */
export function aboutTime(seconds: number): string {
  if (seconds < 57.5) return `${Math.max(1, seconds < 10 ? Math.round(seconds) : Math.round(seconds / 5) * 5)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  // Nobody plans a long training by the minute.
  const inFives = Math.round(minutes / 5) * 5;
  if (inFives < 24 * 60) return join(Math.floor(inFives / 60), 'h', inFives % 60, 'min');
  const hours = Math.round(minutes / 60);
  return join(Math.floor(hours / 24), hours < 48 ? 'day' : 'days', hours % 24, 'h');
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
