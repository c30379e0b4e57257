/** The header's signs, drawn as lines in a box of 16. */
const LINES = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14',
  jobs: 'M2.5 4h11M2.5 8h11M2.5 12h6',
  settings:
    'M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7' +
    'M11 2.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM5 9.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z',
  up: 'm3.5 10 4.5-4.5 4.5 4.5',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  back: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
  check: 'm3.5 8.5 3 3 6-7',
  full: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  film: 'M2 3h12v10H2zM5 3v10M11 3v10M2 8h12',
  plus: 'M8 3v10M3 8h10',
} as const;
export type SignName = keyof typeof LINES;

export function Sign({ name, size = 16 }: { readonly name: SignName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.5 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={LINES[name]} />
    </svg>
  );
}
