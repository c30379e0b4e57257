/** What people call projects, takes and manners. */
export const LONGEST_NAME = 120;

/** "Ada 2", or the first higher number that is free; `name` itself where that is. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  const [, stem, number] = /^(.*?)(?: (\d{1,6}))?$/.exec(name)!;
  for (let next = Number(number ?? 1) + 1; ; next++) {
    const ending = ` ${next}`;
    const free = stem!.slice(0, LONGEST_NAME - ending.length).trimEnd() + ending;
    if (!taken.includes(free)) return free;
  }
}
