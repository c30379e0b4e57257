/** Colours of what is drawn on a canvas; the same hues as window.css, which a canvas cannot read. */
export interface Colours {
  readonly lane: string;
  readonly line: string;
  readonly text: string;
  readonly wave: string;
  readonly pitch: string;
  readonly tracked: string;
  readonly driven: string;
  readonly outside: string;
  readonly key: string;
  readonly chosen: string;
  readonly good: string;
  readonly missing: string;
  readonly occluded: string;
  readonly blurred: string;
  readonly other: string;
}

export const COLOURS: Readonly<Record<'dark' | 'light', Colours>> = {
  dark: {
    lane: '#17181a',
    line: '#34363a',
    text: '#a6abb2',
    wave: '#8fb3d9',
    pitch: '#ffd27a',
    tracked: '#9aa0a8',
    driven: '#f67e40',
    outside: '#0b0c0dA6',
    key: '#b7a5f5',
    chosen: '#ffffff',
    good: '#2f6b44',
    missing: '#c94f4f',
    occluded: '#d99a2b',
    blurred: '#4f86c6',
    other: '#9d6bc9',
  },
  light: {
    lane: '#f3f3f5',
    line: '#d3d5d9',
    text: '#555c63',
    wave: '#33638f',
    pitch: '#a86100',
    tracked: '#737a82',
    driven: '#c04a0c',
    outside: '#ffffffB0',
    key: '#6741d9',
    chosen: '#1b1033',
    good: '#8cc7a0',
    missing: '#c92a2a',
    occluded: '#b97500',
    blurred: '#2f6fb3',
    other: '#7b3fb0',
  },
};
