import { Table, type TableProps, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

export type Column<T> = { name: string; numeric?: boolean; width?: number | string; cell: (line: T) => ReactNode };

type Props<T> = { of: readonly T[]; columns: Column<T>[]; id: (line: T) => string; empty: string; onOpen?: (line: T) => void; label: string; height?: number; more?: () => void; total?: number } & Pick<TableProps, 'stickyHeader'>;

const rowHeight = 37;

/** A dense table; of long lists only the rows in sight are drawn. */
export function Lines<T>({ of, columns, id, empty, onOpen, label, height = 560, more, total = of.length }: Props<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const long = of.length > 60;
  const virtual = useVirtualizer({ count: of.length, getScrollElement: () => frame.current, estimateSize: () => rowHeight, overscan: 12, enabled: long });
  // The next page is asked for before its rows come into sight.
  const seen = virtual.getVirtualItems().at(-1)?.index ?? 0;
  const isNear = long && seen >= of.length - 30;
  useEffect(() => {
    if (isNear) {
      more?.();
    }
  }, [isNear, more]);
  if (of.length === 0) {
    return <Text c="dimmed" size="sm" py="xs">{empty}</Text>;
  }
  const items = long ? virtual.getVirtualItems() : of.map((_, index) => ({ index, start: 0, end: 0 }));
  const before = long ? (items[0]?.start ?? 0) : 0;
  const after = long ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  return (
    <div ref={frame} style={{ overflow: 'auto', maxHeight: long ? height : undefined }} tabIndex={long ? 0 : undefined} role={long ? 'region' : undefined} aria-label={long ? label : undefined}>
      <Table stickyHeader={long} highlightOnHover={onOpen !== undefined} aria-label={label} aria-rowcount={total}>
        <Table.Thead>
          <Table.Tr>{columns.map((column) => <Table.Th key={column.name} className={column.numeric ? 'numeric' : undefined} w={column.width} scope="col">{column.name}</Table.Th>)}</Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <tr style={{ height: before }} aria-hidden="true" />}
          {items.map(({ index }) => {
            const line = of[index]!;
            return (
              <Table.Tr key={id(line)} className={onOpen ? 'row-link' : undefined} onClick={onOpen && ((event) => { if (!(event.target as HTMLElement).closest('a, button')) onOpen(line); })}>
                {columns.map((column) => <Table.Td key={column.name} className={column.numeric ? 'numeric' : undefined}>{column.cell(line)}</Table.Td>)}
              </Table.Tr>
            );
          })}
          {after > 0 && <tr style={{ height: after }} aria-hidden="true" />}
        </Table.Tbody>
      </Table>
    </div>
  );
}
