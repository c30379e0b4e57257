/** Signs of transport and viewer, drawn in a box of 16; filled, except where it says so. */
const SHAPES = {
  start: 'M3 3h2v10H3zM13 3v10L6 8z',
  backwards: 'M8 3v10L1 8zM15 3v10L8 8z',
  play: 'M4 2.5v11L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forwards: 'M1 3v10l7-5zM8 3v10l7-5z',
  end: 'M11 3h2v10h-2zM3 3v10l7-5z',
  in: 'M10 2H5v12h5v-2H7V4h3z',
  out: 'M6 2h5v12H6v-2h3V4H6z',
  marker: 'M4 2h8v8l-4 4-4-4z',
  split: 'M7 1h2v14H7zM1 4h4v8H1zM11 4h4v8h-4z',
  delete: 'M6 1h4v1h4v2H2V2h4zM3 5h10l-1 10H4z',
  fit: 'M1 3h2v10H1zM13 3h2v10h-2zM4 8l3-3v2h2V5l3 3-3 3V9H7v2z',
} as const;
const LINES = {
  loop:
    'M4 10.5H3.5a2.5 2.5 0 0 1-2.5-2.5 3 3 0 0 1 3-3h8m-2.5-2.5L12 5l-2.5 2.5' +
    'M12 5.5h.5A2.5 2.5 0 0 1 15 8a3 3 0 0 1-3 3H4m2.5-2.5L4 11l2.5 2.5',
  undo: 'M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6',
  redo: 'm10 3 3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10',
  sound: 'M2 6h2.5L8 3v10L4.5 10H2zM10.5 5.5a3.5 3.5 0 0 1 0 5M12.5 3.5a6.4 6.4 0 0 1 0 9',
  mute: 'M2 6h2.5L8 3v10L4.5 10H2zM11 6l4 4M15 6l-4 4',
  zoom: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5 14 14M5 7h4M7 5v4',
  'full-screen': 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  camera: 'M1.5 4.5h9v7h-9zM10.5 7l4-2v6l-4-2',
  microphone: 'M8 1.5a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0v-4a2 2 0 0 1 2-2zM3.5 7.5a4.5 4.5 0 0 0 9 0M8 12v2.5',
} as const;
export type IconName = keyof typeof SHAPES | keyof typeof LINES;

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {name in SHAPES ? (
        <path d={SHAPES[name as keyof typeof SHAPES]} fill="currentColor" />
      ) : (
        <path
          d={LINES[name as keyof typeof LINES]}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </svg>
  );
}
