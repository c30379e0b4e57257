/**
 * Why this user cannot start the program; undefined where nothing is in the way. As root Chromium has no sandbox, which
 * our pages are never without: it would start processes that end at once, again and again.
 */
export function refusedUser(platform: NodeJS.Platform, uid: number | undefined): string | undefined {
  if (platform !== 'linux' || uid !== 0) return undefined;
  return 'Likeness does not run as root: its window would have no sandbox. Start it as an ordinary user.';
}
