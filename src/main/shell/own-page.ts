/** Our own scheme, which behaves like https: origin, storage, streams. */
export const SCHEME = 'app';
/** The window's one origin: its own files, and the library's media under /media. */
export const WINDOW_ORIGIN = `${SCHEME}://window`;

/** The window itself; what it shows is behind the #. */
export const PAGE = `${WINDOW_ORIGIN}/`;

/** Is this address one of our own pages? */
export function ours(address: string | undefined): boolean {
  return address !== undefined && (address === WINDOW_ORIGIN || address.startsWith(`${WINDOW_ORIGIN}/`));
}

/** Is it the window itself, and not one of its files? */
export function isPage(address: string): boolean {
  return address === PAGE || address.startsWith(`${PAGE}#`);
}

/**
 * May a page ask for this at all? Its own files and what it made itself; nothing leaves the computer, whatever a page
 * comes to hold.
 */
export function mayLoad(address: string): boolean {
  return ours(address) || /^(blob:app:\/\/window\/|data:|devtools:)/.test(address);
}

/** Is it the page of an address, one of its files, or its line? */
export function isOf(page: string, address: string): boolean {
  return page !== '' && [page, page.replace(/^http:/, 'ws:')].some((own) => address.startsWith(own));
}
