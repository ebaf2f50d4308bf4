import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ComposeOption } from 'echarts/core';
import type { GridComponentOption } from 'echarts/components';
import type { BarSeriesOption } from 'echarts/charts';
// By themselves: the lists of all charts and components take twice as long to load.
import 'echarts/lib/chart/bar.js';
import 'echarts/lib/component/gridSimple.js';
import { decimalOf } from '../../domain/money.js';
import { colours, sizes, type PlotSize, type Theme } from '../plotLook.js';

use([SVGRenderer]);

export type Drawing = {
  /** What each bar is called, and how long it is. */
  readonly bars: readonly { readonly label: string; readonly amountMinor: number }[];
  /** What the picture leaves out; empty when nothing. */
  readonly leftOut: string;
  readonly currency: string;
  readonly locale: string;
  readonly theme: Theme;
  readonly size: PlotSize;
};

/** Draws amounts side by side. */
export function drawBars(drawing: Drawing): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...sizes[drawing.size] });
  try {
    chart.setOption(optionOf(drawing));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Of no more than so many bars is there room to say what they come to. */
const MOST_SAID: Readonly<Record<PlotSize, number>> = { wide: 12, narrow: 4 };

function optionOf(drawing: Drawing): ComposeOption<GridComponentOption | BarSeriesOption> {
  const { bars, leftOut, currency, locale, theme, size } = drawing;
  const { paper, ink, faint, line } = colours[theme];
  const letters = { color: faint, fontSize: 13, fontFamily: 'system-ui, sans-serif' };
  const money = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumFractionDigits: 2,
    trailingZeroDisplay: 'stripIfInteger',
  });
  const amountOf = (amountMinor: number) =>
    money.format(decimalOf(Math.round(amountMinor), currency) as Intl.StringNumericLiteral);
  return {
    animation: false,
    backgroundColor: paper,
    grid: {
      left: 4,
      right: 24,
      top: 24,
      bottom: leftOut === '' ? 4 : 26,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'category',
      data: bars.map(({ label }) => label),
      axisLabel: { ...letters, hideOverlap: true, width: 110, overflow: 'truncate' },
      ...(leftOut !== '' && { name: leftOut, nameLocation: 'middle', nameGap: 30, nameTextStyle: letters }),
      axisLine: { lineStyle: { color: faint } },
      axisTick: { lineStyle: { color: faint } },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: {
        ...letters,
        formatter: amountOf,
      },
      splitLine: { lineStyle: { color: line } },
    },
    series: [
      {
        type: 'bar',
        silent: true,
        itemStyle: { color: ink },
        barMaxWidth: 60,
        label: {
          ...letters,
          show: bars.length <= MOST_SAID[size],
          position: 'top',
          formatter: ({ value }) => amountOf(Number(value)),
        },
        data: bars.map((bar) => bar.amountMinor),
      },
    ],
  };
}
