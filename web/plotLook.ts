/** How a plot looks: in which colours, and how large. */
export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** As large as it is shown, so that its letters are as large as those around it. */
export const sizes = {
  wide: { width: 960, height: 260 },
  narrow: { width: 340, height: 240 },
} as const;
export type PlotSize = keyof typeof sizes;

type Colours = { readonly paper: string; readonly ink: string; readonly faint: string; readonly line: string };

/** Those of assets/base.css. */
export const colours: Readonly<Record<Theme, Colours>> = {
  light: { paper: '#ffffff', ink: '#1f5c4d', faint: '#57625e', line: '#d5dad6' },
  dark: { paper: '#1b2220', ink: '#7fd0b8', faint: '#a6b2ad', line: '#33403b' },
};
