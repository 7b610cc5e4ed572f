import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { figure } from '../api/words';
import type { Band, ChartProps } from './Chart';

register([LineChart, GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, MarkAreaComponent, AriaComponent, CanvasRenderer]);

const colors: Record<Band['color'], string> = { red: 'rgba(224,49,49,.16)', yellow: 'rgba(240,140,0,.16)', blue: 'rgba(59,91,219,.14)', teal: 'rgba(12,166,120,.14)' };
const palette = ['#4c6ef5', '#12b886', '#f76707', '#ae3ec9', '#1098ad', '#e03131', '#74b816', '#868e96'];

export default function DrawnChart({ lines, name, bounds = [], bands = [], height, label, dark }: ChartProps & { dark: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chart = init(place.current!, null, { height });
    const [text, grid] = dark ? ['#a6a7ab', '#2c2e33'] : ['#5b636b', '#e9ecef'];
    // A bound is seen, however far from it the series runs.
    const values = bounds.map((bound) => bound.value);
    const [lowest, highest] = [Math.min(...values), Math.max(...values)];
    chart.setOption({
      aria: { enabled: true, label: { description: label } },
      animation: false,
      color: palette,
      textStyle: { fontFamily: 'inherit' },
      grid: { left: 8, right: 16, top: lines.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
      legend: lines.length > 1 ? { type: 'scroll', top: 0, textStyle: { color: text, fontSize: 11 }, itemHeight: 8, itemWidth: 14 } : undefined,
      tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => figure(Number(value)), backgroundColor: dark ? '#25262b' : '#fff', borderColor: grid, textStyle: { color: dark ? '#e9ecef' : '#212529', fontSize: 12 } },
      useUTC: true,
      xAxis: { type: 'time', axisLabel: { color: text, fontSize: 11, hideOverlap: true, formatter: { day: '{d} {MMM}', month: '{MMM}', year: '{yyyy}', hour: '{HH}:{mm}', minute: '{HH}:{mm}' } }, axisLine: { lineStyle: { color: grid } }, splitLine: { show: false } },
      yAxis: { type: 'value', scale: true, min: bounds.length > 0 ? ({ min }: { min: number }) => Math.min(min, lowest) : undefined, max: bounds.length > 0 ? ({ max }: { max: number }) => Math.max(max, highest) : undefined, axisLabel: { color: text, fontSize: 11, formatter: (value: number) => figure(value) }, splitLine: { lineStyle: { color: grid } } },
      series: lines.map((line, at) => ({
        type: 'line',
        name: name(line),
        data: line.points,
        showSymbol: line.points.length < 60,
        symbolSize: 5,
        lineStyle: { width: 1.8 },
        markLine: at > 0 || bounds.length === 0 ? undefined : {
          silent: true, symbol: 'none', lineStyle: { color: '#e03131', type: 'dashed' },
          label: { color: text, fontSize: 11, position: 'insideStartTop', formatter: '{b}' },
          data: bounds.map((bound) => ({ name: bound.label, yAxis: bound.value })),
        },
        markArea: at > 0 || bands.length === 0 ? undefined : {
          silent: true, label: { color: text, fontSize: 10, position: 'insideTop' },
          data: bands.filter((band) => band.to > band.from).map((band) => [{ name: band.label, xAxis: band.from, itemStyle: { color: colors[band.color] } }, { xAxis: band.to }]),
        },
      })),
    });
    const resize = new ResizeObserver(() => chart.resize());
    resize.observe(place.current!);
    return () => {
      resize.disconnect();
      chart.dispose();
    };
  }, [lines, name, bounds, bands, height, label, dark]);
  return <div ref={place} style={{ height }} role="img" aria-label={label} />;
}
