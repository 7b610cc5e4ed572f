import { ScatterChart } from 'echarts/charts';
import { AriaComponent, BrushComponent, DataZoomInsideComponent, GridComponent, ToolboxComponent } from 'echarts/components';
import { type EChartsType, init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { figure } from '../api/words';
import { type Area, type Group, placeOf, type RowMap } from './map';

register([ScatterChart, GridComponent, BrushComponent, ToolboxComponent, DataZoomInsideComponent, AriaComponent, CanvasRenderer]);

/** How rows are picked with a pointer; looking moves and zooms. */
export type Tool = 'look' | 'box' | 'lasso';

export type MapProps = {
  map: RowMap;
  groups: Group[];
  names: [string, string];
  picked: ReadonlySet<number> | null;
  tool: Tool;
  label: string;
  height: number;
  onPick: (area: Area | null) => void;
  onPoint: (row: number | null, at: [number, number]) => void;
};

type Brushed = { areas: { brushType: string; coordRange: [number, number][] }[] };

export default function DrawnMap({ map, groups, names, picked, tool, label, height, onPick, onPoint, dark }: MapProps & { dark: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const told = useRef({ onPick, onPoint });
  told.current = { onPick, onPoint };

  useEffect(() => {
    const made = init(place.current!, null, { height });
    chart.current = made;
    made.on('brushEnd', (event) => told.current.onPick(areaOf((event as Brushed).areas[0])));
    made.on('mouseover', (event) => told.current.onPoint((event.value as number[] | undefined)?.[2] ?? null, [event.event?.offsetX ?? 0, event.event?.offsetY ?? 0]));
    made.on('mouseout', () => told.current.onPoint(null, [0, 0]));
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(place.current!);
    return () => {
      resize.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [height]);

  useEffect(() => {
    const [text, grid] = dark ? ['#a6a7ab', '#3f4248'] : ['#5b636b', '#e9ecef'];
    const axis = (name: string, gap: number) => ({
      type: 'value', name, nameLocation: 'middle', nameGap: gap, scale: true, nameTextStyle: { color: text, fontSize: 11 }, axisLabel: { color: text, fontSize: 11, hideOverlap: true, formatter: (value: number) => figure(value) },
      axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: grid } },
    });
    chart.current?.setOption({
      aria: { enabled: true, label: { description: label } },
      animation: false,
      textStyle: { fontFamily: 'inherit' },
      toolbox: { show: false },
      brush: {
        toolbox: [], xAxisIndex: 0, yAxisIndex: 0, brushMode: 'single', transformable: false, inBrush: { colorAlpha: 1 }, outOfBrush: { colorAlpha: 1 },
        brushStyle: { borderWidth: 1.5, color: dark ? 'rgba(145,167,255,.14)' : 'rgba(76,110,245,.1)', borderColor: dark ? '#91a7ff' : '#4c6ef5' },
      },
      grid: { left: 34, right: 12, top: 10, bottom: 34, containLabel: true },
      dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'none' }, { type: 'inside', yAxisIndex: 0, filterMode: 'none' }],
      xAxis: axis(names[0], 26),
      yAxis: axis(names[1], 44),
      series: groups.map((group) => ({
        type: 'scatter', name: group.name, symbol: group.symbol, symbolSize: group.size, cursor: 'pointer', itemStyle: { color: group.color, opacity: 0.78 }, emphasis: { scale: 1.5 },
        data: group.rows.flatMap((row) => {
          const at = placeOf(map.points[row]!);
          return at === null ? [] : [{ value: [...at, row], itemStyle: picked === null ? undefined : { opacity: picked.has(row) ? 0.95 : 0.12 } }];
        }),
      })),
    }, { replaceMerge: ['series'] });
  }, [map, groups, names, picked, label, height, dark]);

  useEffect(() => {
    chart.current?.dispatchAction({ type: 'takeGlobalCursor', key: 'brush', brushOption: { brushType: tool === 'look' ? false : tool === 'box' ? 'rect' : 'polygon', brushMode: 'single' } });
  }, [tool, height]);

  useEffect(() => {
    if (picked === null) {
      chart.current?.dispatchAction({ type: 'brush', areas: [] });
    }
  }, [picked]);

  return <div ref={place} style={{ height }} role="img" aria-label={label} />;
}

function areaOf(brushed: Brushed['areas'][number] | undefined): Area | null {
  const range = brushed?.coordRange;
  return !brushed || !range || range.length < 2 ? null
    : brushed.brushType === 'rect' ? { kind: 'box', x: range[0]!, y: range[1]! }
    : { kind: 'lasso', corners: range };
}
