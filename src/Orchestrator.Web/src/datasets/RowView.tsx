import { Table, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { pixelsOf } from './pixels';

/** A row for people: as the picture or the text that it is, or as its cells. */
export function RowView({ cells, size = 72 }: { cells: Record<string, string>; size?: number }) {
  const pixels = pixelsOf(cells);
  if (pixels) {
    return <Picture pixels={pixels} size={size} />;
  }
  const entries = Object.entries(cells);
  const text = entries.find(([name]) => name === 'text') ?? (entries.length === 1 ? entries[0] : undefined);
  if (text) {
    return <Text size="sm" lineClamp={size > 100 ? undefined : 4} style={{ overflowWrap: 'anywhere' }}>{text[1]}</Text>;
  }
  return (
    <Table fz="xs" verticalSpacing={2} withRowBorders={false}>
      <Table.Tbody>
        {entries.slice(0, size > 100 ? 60 : 6).map(([name, value]) => <Table.Tr key={name}><Table.Th scope="row" fw={400} c="dimmed">{name}</Table.Th><Table.Td>{value}</Table.Td></Table.Tr>)}
      </Table.Tbody>
    </Table>
  );
}

function Picture({ pixels, size }: { pixels: NonNullable<ReturnType<typeof pixelsOf>>; size: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const image = context.createImageData(pixels.width, pixels.height);
    pixels.values.forEach((value, at) => {
      // Ink on paper, as handwriting is.
      const shade = Math.round(255 * (1 - (value - pixels.low) / (pixels.high - pixels.low || 1)));
      image.data.set([shade, shade, shade, 255], at * 4);
    });
    context.putImageData(image, 0, 0);
  }, [pixels]);
  return <canvas ref={canvas} width={pixels.width} height={pixels.height} className="pixels" style={{ width: size, height: (size * pixels.height) / pixels.width, borderRadius: 4 }} role="img" aria-label="The row as a picture" />;
}
