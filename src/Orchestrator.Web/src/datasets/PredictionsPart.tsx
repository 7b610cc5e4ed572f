import { Badge, Modal, Skeleton, Switch, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { instant, percent, plural } from '../api/words';
import { Part } from '../app/Page';
import { Answered, Nothing, ProblemNote } from '../app/problems';
import { Sight } from '../app/Sight';
import { fixed, span, spanOf, useSpans } from '../app/useSpans';
import { cellsOf, shownColumns } from './cells';
import { RowView } from './RowView';
import classes from './Rows.module.css';
import { useLastRun } from './useLastRun';

/** Features that are drawn side by side; the others are seen where a row is opened. */
const most = 24;

type Page = Schemas['MeasuredPage'];

/** The rows that predictions were made for, as the last measurement saw them: what was said, what it was, and the row. */
export function PredictionsPart({ dataset }: { dataset: string }) {
  const [isWrong, setWrong] = useState(false);
  const last = useLastRun(dataset);
  const path = `/api/datasets/${encodeURIComponent(dataset)}/predictions?wrong=${isWrong}`;
  const key = ['dataset', dataset, 'predictions', last.at, String(isWrong)];
  const head = useQuery({ queryKey: [...key, 0], queryFn: async () => (await get<Page | undefined>(spanOf(path, 0))) ?? null, enabled: last.isKnown, placeholderData: (before) => (before?.dataset === dataset ? before : undefined), ...fixed });
  return (
    <Part title="Rows with predictions" aside={head.data && <span>measured {instant(head.data.at)} UTC</span>}>
      <Answered query={head} lines={12}>
        {(page) => page === null
          ? <Nothing>Nothing was predicted for these rows, or they were not measured yet.</Nothing>
          : (
            <>
              <Text size="xs" c="dimmed" mb={4}>{summary(page)} The newest come first; arrow keys move row by row, and a row opens with all of its features.</Text>
              {page.judged > 0 && <Switch size="sm" mb="xs" label="Only what was predicted wrong" checked={isWrong} onChange={(event) => setWrong(event.currentTarget.checked)} />}
              <Listed {...{ page, path, id: key, isWrong, isThere: !head.isPlaceholderData }} />
            </>
          )}
      </Answered>
    </Part>
  );
}

function Listed({ isWrong, isThere, ...list }: { page: Page; path: string; id: string[]; isWrong: boolean; isThere: boolean }) {
  if (!isThere) {
    return <Skeleton h={600} aria-busy="true" />;
  }
  return list.page.total > 0 ? <Rows key={list.id.join()} {...list} /> : <Nothing>{isWrong ? 'No row was predicted wrong.' : 'The measurement saw no rows.'}</Nothing>;
}

function summary({ all, judged, wrong, rows }: Page): string {
  if (judged === 0 && rows.some((row) => typeof row.label === 'string' && typeof row.prediction === 'string')) {
    return `${plural(all, 'row')}; predicted numbers are not called right or wrong.`;
  }
  return judged === 0
    ? `${plural(all, 'row')}; of none it is known yet whether it was predicted right.`
    : `${plural(all, 'row')}, of ${judged.toLocaleString('en-US')} the label is known: ${percent((judged - wrong) / judged)} were predicted right, ${wrong.toLocaleString('en-US')} wrong.`;
}

function Rows({ page, path, id }: { page: Page; path: string; id: string[] }) {
  const [open, setOpen] = useState<Record<string, string> | null>(null);
  const { isPicture } = shownColumns(page.columns);
  const row = isPicture ? 52 : 34;
  return (
    <>
      <Sight total={page.total} row={row} height={600} head={34} label="Rows">
        {(first, count) => <Drawn {...{ page, path, id, row, first, count }} onOpen={setOpen} />}
      </Sight>
      <Modal opened={open !== null} onClose={() => setOpen(null)} title="Row" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>{open && <RowView cells={open} size={220} />}</Modal>
    </>
  );
}

type DrawnProps = { page: Page; path: string; id: string[]; row: number; first: number; count: number; onOpen: (cells: Record<string, string>) => void };

function Drawn({ page, path, id, row, first, count, onOpen }: DrawnProps) {
  const { of, error } = useSpans<Page>(id, path, first, count);
  const { isPicture, names } = shownColumns(page.columns);
  const [drawn, isJudged] = [names.slice(0, most), page.judged > 0];
  if (error) {
    return <ProblemNote error={error} />;
  }
  return (
    <Table aria-label="Rows with predictions" aria-rowcount={page.total + 1} className={classes.rows} highlightOnHover>
      <Table.Thead>
        <Table.Tr h={34} aria-rowindex={1}>
          <Table.Th scope="col" className="numeric">#</Table.Th>
          {[...(isPicture ? ['Row'] : []), 'Id', 'At (UTC)', 'Predicted', 'Label', ...(isJudged ? ['Right'] : []), ...drawn].map((name, at) => <Table.Th key={at} scope="col">{name}</Table.Th>)}
          {drawn.length < names.length && <Table.Th scope="col">…</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {Array.from({ length: count }, (_, at) => first + at).map((index) => {
          const line = of(index)?.rows[index % span];
          const cells = line && cellsOf(page.columns, line.cells);
          return (
            <Table.Tr key={index} h={row} aria-rowindex={index + 2} className="row-link" onClick={() => cells && onOpen(cells)}>
              <Table.Td className="numeric"><button type="button" className={classes.open} onClick={() => cells && onOpen(cells)} aria-label={`Open row ${index + 1}`}>{(index + 1).toLocaleString('en-US')}</button></Table.Td>
              {isPicture && <Table.Td>{cells && <RowView cells={cells} size={44} />}</Table.Td>}
              <Table.Td className={classes.cell}>{line?.id}</Table.Td>
              <Table.Td className={classes.cell}>{line?.at && instant(line.at)}</Table.Td>
              <Table.Td className={classes.cell}>{line && (line.prediction ?? '–')}</Table.Td>
              <Table.Td className={classes.cell}>{line && (line.label ?? '–')}</Table.Td>
              {isJudged && <Table.Td>{typeof line?.agrees === 'boolean' && <Badge color={line.agrees ? 'teal' : 'red'}>{line.agrees ? 'right' : 'wrong'}</Badge>}</Table.Td>}
              {drawn.map((name) => <Table.Td key={name} className={classes.cell}>{cells?.[name] ?? (cells ? '–' : '')}</Table.Td>)}
              {drawn.length < names.length && <Table.Td>{plural(names.length - drawn.length, 'column')}</Table.Td>}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
