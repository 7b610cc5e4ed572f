import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { firstInSight, held, type List, tallness, topOf } from './scrolling';

type Props = { total: number; row: number; height: number; head: number; label: string; jump?: number; children: (first: number, count: number) => ReactNode };

const keys: Record<string, (first: number, page: number, total: number) => number> = {
  ArrowDown: (first) => first + 1,
  ArrowUp: (first) => first - 1,
  PageDown: (first, page) => first + page,
  PageUp: (first, page) => first - page,
  Home: () => 0,
  End: (_first, _page, total) => total,
};

/** A frame over a list of any length, of which only the rows in sight are drawn. */
export function Sight({ total, row, height, head, label, children }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const list: List = { total, row, frame: Math.min(height, head + total * row) - head };
  const [first, setFirst] = useState(0);
  const from = Math.min(first, total - held(list));
  const press = (event: KeyboardEvent) => {
    const move = keys[event.key];
    if (move && event.target === frame.current) {
      event.preventDefault();
      frame.current.scrollTop = topOf(list, move(from, held(list), total));
    }
  };
  return (
    <div ref={frame} tabIndex={0} role="region" aria-label={label} onKeyDown={press} onScroll={(event) => setFirst(firstInSight(list, event.currentTarget.scrollTop))}
      style={{ height: list.frame + head + 16, overflow: 'auto' }}>
      <div style={{ height: tallness(list) + head, minWidth: 'max-content' }}>
        <div style={{ position: 'sticky', top: 0 }}>{children(from, held(list))}</div>
      </div>
    </div>
  );
}
