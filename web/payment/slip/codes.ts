import { toSVG, type RenderOptions } from 'bwip-js/node';

/**
 * A reference as scanners read it: without dashes, which some of them type as another letter of another keyboard. Both
 * codes have no error that a reader would have to know of, and the quiet zone that they need around them.
 */
export type Code = 'barcode' | 'turned_barcode' | 'qr';

/** Of the narrowest bar: two dots of the usual slip printer, which has eight a millimetre. */
const BAR_MM = 0.25;
/** Of one of bwip-js' units in a QR code, of which a square has two: six dots a square. */
const QR_UNIT_MM = 0.375;

export function drawCode(code: Code, reference: string): string {
  const text = reference.replaceAll('-', '');
  switch (code) {
    case 'barcode':
      return sized(toSVG({ ...bars, text, paddingwidth: 10 }), BAR_MM);
    case 'turned_barcode':
      return sized(toSVG({ ...bars, text, paddingwidth: 10, rotate: 'R' }), BAR_MM);
    case 'qr':
      return sized(toSVG({ bcid: 'qrcode', text, scale: 1, padding: 8, ...paper }), QR_UNIT_MM);
  }
}

const paper = { backgroundcolor: 'FFFFFF' };
const bars: Omit<RenderOptions, 'text'> = { bcid: 'code128', scale: 1, height: 17, ...paper };

/** In millimetres, so that each bar is as wide as a printer can draw it sharply, on whatever paper. */
function sized(svg: string, unitMm: number): string {
  return svg.replace(/viewBox="0 0 (\d+) (\d+)"/, (viewBox, width: string, height: string) => {
    const mm = (units: string) => `${Number(units) * unitMm}mm`;
    return `width="${mm(width)}" height="${mm(height)}" ${viewBox} shape-rendering="crispEdges"`;
  });
}
