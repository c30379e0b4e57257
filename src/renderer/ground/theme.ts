import { createTheme, Loader, type MantineColorsTuple } from '@mantine/core';

/** One warm accent on quiet greys: the picture is the only colourful thing in the window. */
const ember: MantineColorsTuple = [
  '#fff1e9',
  '#ffe0d0',
  '#fcbf9f',
  '#f99c6b',
  '#f67e40',
  '#f56b25',
  '#dd5813',
  '#c04a0c',
  '#9c3c0a',
  '#792d05',
];

export const theme = createTheme({
  primaryColor: 'ember',
  colors: { ember },
  // Shades that keep 4.5:1 against white button text in both schemes (WCAG AA).
  primaryShade: { light: 7, dark: 7 },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontWeights: { medium: '500' }, // what is bold is a heading
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    // A name is only read out from something with a role.
    Loader: Loader.extend({ defaultProps: { role: 'status' } }),
  },
});
