import { init, use, type ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { GridComponentOption } from 'echarts/components';
import type { LineSeriesOption } from 'echarts/charts';
// By themselves: the lists of all charts and components take twice as long to load.
import 'echarts/lib/chart/line.js';
import 'echarts/lib/component/gridSimple.js';
import type { DayBalance } from '../../db/customer/overTime.js';
import { daysAfter } from '../../domain/instants.js';
import { decimalOf } from '../../domain/money.js';
import { colours, sizes, type PlotSize, type Theme } from '../plotLook.js';

use([SVGRenderer]);

export type Drawing = {
  /** Of one currency, in their order; at least one. */
  readonly days: readonly DayBalance[];
  readonly currency: string;
  readonly today: string;
  readonly locale: string;
  readonly theme: Theme;
  readonly size: PlotSize;
};

/** Draws a balance in steps, from the day before the first movement to the end of today. */
export function drawBalance(drawing: Drawing): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...sizes[drawing.size] });
  try {
    chart.setOption(optionOf(drawing));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function optionOf({
  days,
  currency,
  today,
  locale,
  theme,
  size,
}: Drawing): ComposeOption<GridComponentOption | LineSeriesOption> {
  const { paper, ink, faint, line } = colours[theme];
  const [first, last] = [days[0]?.day ?? today, days.at(-1)];
  const points = [
    [timeOf(daysAfter(first, -1)), 0],
    ...days.map(({ day, balanceMinor }) => [timeOf(day), balanceMinor]),
    [timeOf(daysAfter(today, 1)), last?.balanceMinor ?? 0],
  ];
  const spanDays = (timeOf(today) - timeOf(first)) / DAY_MS;
  const axisDay = dayFormat(locale, spanDays);
  const money = moneyFormat(locale, currency, Math.max(...days.map(({ balanceMinor }) => balanceMinor)));
  const letters = { color: faint, fontSize: 13, fontFamily: 'system-ui, sans-serif' };
  return {
    animation: false,
    useUTC: true,
    backgroundColor: paper,
    grid: { left: 4, right: 24, top: 16, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'time',
      minInterval: DAY_MS,
      splitNumber: size === 'wide' ? 8 : 3,
      axisLabel: { ...letters, hideOverlap: true, formatter: (time) => axisDay.format(time) },
      axisLine: { lineStyle: { color: faint } },
      axisTick: { lineStyle: { color: faint } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      minInterval: 1,
      splitNumber: 4,
      axisLabel: { ...letters, formatter: (amountMinor) => money(amountMinor) },
      splitLine: { lineStyle: { color: line } },
    },
    series: [
      {
        type: 'line',
        step: 'end',
        symbol: 'none',
        silent: true,
        lineStyle: { color: ink, width: 2.5 },
        areaStyle: { color: ink, opacity: 0.12 },
        data: points,
      },
    ],
  };
}

const DAY_MS = 86_400_000;

function timeOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayFormat(locale: string, spanDays: number): Intl.DateTimeFormat {
  return spanDays > 300
    ? new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })
    : new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/** The marks of an axis are round: without decimals where there are none, and millions as a word. */
function moneyFormat(locale: string, currency: string, mostMinor: number): (amountMinor: number) => string {
  const isLong = decimalOf(mostMinor, currency).replace(/\..*/, '').length > 6;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    ...(isLong && { notation: 'compact', maximumFractionDigits: 2 }),
    trailingZeroDisplay: 'stripIfInteger',
  });
  return (amountMinor) => format.format(decimalOf(amountMinor, currency) as Intl.StringNumericLiteral);
}
