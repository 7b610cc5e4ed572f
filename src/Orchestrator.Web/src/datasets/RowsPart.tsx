import { Button, Code, Group, Modal, NativeSelect, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { get, type Schemas } from '../api/client';
import { plural } from '../api/words';
import { Part } from '../app/Page';
import { Answered, Nothing, ProblemNote } from '../app/problems';
import { Sight } from '../app/Sight';
import { fixed, span, spanOf, useSpans } from '../app/useSpans';
import { type Cells, cellsOf, shownColumns } from './cells';
import { RowView } from './RowView';
import classes from './Rows.module.css';

/** Columns that are drawn side by side; the others are seen where a row is opened. */
const most = 40;

type Page = Schemas['VersionPage'];

/** The rows of a version, however many there are; those of a segment where the address names one. */
export function RowsPart({ shown }: { shown: Schemas['DatasetShown'] }) {
  const { version: asked, segment } = useSearch({ strict: false }) as { version?: string; segment?: string };
  const navigate = useNavigate();
  const version = shown.versions.find((one) => one.id === asked)?.id ?? shown.current ?? shown.versions[0]?.id ?? '';
  const go = (to: { version: string; segment?: string }) => void navigate({ to: '/datasets/$name', params: { name: shown.dataset }, search: { view: 'rows', ...to } as never, replace: true });
  if (shown.versions.length === 0) {
    return <Part title="Rows"><Nothing>Only datasets that models learn from are kept by versions; this one is measured where it is.</Nothing></Part>;
  }
  const choices = shown.versions.map((one) => ({ value: one.id, label: `#${one.number}${one.id === shown.current ? ', current' : ''}` }));
  return (
    <Part title="Rows" aside={<Group gap="xs"><NativeSelect size="xs" aria-label="Version" data={choices} value={version} onChange={(event) => go({ version: event.currentTarget.value, ...(segment && { segment }) })} /></Group>}>
      {segment && (
        <Group gap="xs" mb={6}>
          <Text size="sm">Rows with</Text><Code style={{ overflowWrap: 'anywhere' }}>{segment}</Code>
          <Button size="compact-xs" variant="default" onClick={() => go({ version })}>Show all rows</Button>
        </Group>
      )}
      <Rows key={`${version} ${segment ?? ''}`} dataset={shown.dataset} version={version} segment={segment} />
    </Part>
  );
}

function Rows({ dataset, version, segment }: { dataset: string; version: string; segment: string | undefined }) {
  const path = `/api/datasets/${encodeURIComponent(dataset)}/rows?version=${encodeURIComponent(version)}${segment ? `&segment=${encodeURIComponent(segment)}` : ''}`;
  const key = ['dataset', dataset, 'rows', version, segment ?? ''];
  const head = useQuery({ queryKey: [...key, 0], queryFn: () => get<Page>(spanOf(path, 0)), ...fixed });
  const [open, setOpen] = useState<Record<string, string> | null>(null);
  return (
    <Answered query={head} lines={12}>
      {(page) => {
        if (page.total === 0) {
          return <Nothing>{segment ? 'No row of the version lies in it.' : 'The version has no rows.'}</Nothing>;
        }
        const { isPicture } = shownColumns(page.columns.map((column) => column.name), page.id, page.label);
        const row = isPicture ? 52 : 34;
        return (
          <>
            <Text size="xs" c="dimmed" mb={4}>{plural(page.total, 'row')} in the order of their ids. Arrow keys move row by row; a row opens with all of its cells.</Text>
            <Sight total={page.total} row={row} height={600} head={34} label="Rows">
              {(first, count) => <Drawn {...{ page, path, row, first, count }} id={key} onOpen={setOpen} />}
            </Sight>
            <Modal opened={open !== null} onClose={() => setOpen(null)} title="Row" size="lg">{open && <Whole cells={open} />}</Modal>
          </>
        );
      }}
    </Answered>
  );
}

type DrawnProps = { page: Page; path: string; id: string[]; row: number; first: number; count: number; onOpen: (cells: Record<string, string>) => void };

function Drawn({ page, path, id, row, first, count, onOpen }: DrawnProps) {
  const { of, error } = useSpans<Page>(id, path, first, count);
  const columns = page.columns.map((column) => column.name);
  const { isPicture, names } = shownColumns(columns, page.id, page.label);
  const drawn = names.slice(0, most);
  const isNumber = new Set(page.columns.filter((column) => column.kind === 'number').map((column) => column.name));
  if (error) {
    return <ProblemNote error={error} />;
  }
  return (
    <Table aria-label="Rows of the version" aria-rowcount={page.total + 1} className={classes.rows} highlightOnHover>
      <Table.Thead>
        <Table.Tr h={34} aria-rowindex={1}>
          <Table.Th scope="col" className="numeric">#</Table.Th>
          {isPicture && <Table.Th scope="col">Row</Table.Th>}
          {drawn.map((name) => <Table.Th key={name} scope="col" className={isNumber.has(name) ? 'numeric' : undefined}>{name}</Table.Th>)}
          {drawn.length < names.length && <Table.Th scope="col">…</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {Array.from({ length: count }, (_, at) => first + at).map((index) => {
          const cells: Cells | undefined = of(index)?.rows[index % span];
          const named = cells && cellsOf(columns, cells);
          return (
            <Table.Tr key={index} h={row} aria-rowindex={index + 2} className="row-link" onClick={() => named && onOpen(named)}>
              <Table.Td className="numeric"><button type="button" className={classes.open} onClick={() => named && onOpen(named)} aria-label={`Open row ${index + 1}`}>{(index + 1).toLocaleString('en-US')}</button></Table.Td>
              {isPicture && <Table.Td>{named && <RowView cells={named} size={44} />}</Table.Td>}
              {drawn.map((name) => <Table.Td key={name} className={isNumber.has(name) ? 'numeric' : classes.cell}>{named?.[name] ?? (named ? '–' : '')}</Table.Td>)}
              {drawn.length < names.length && <Table.Td>{plural(names.length - drawn.length, 'column')}</Table.Td>}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function Whole({ cells }: { cells: Record<string, string> }) {
  const { isPicture } = shownColumns(Object.keys(cells));
  return (
    <>
      {isPicture && <RowView cells={cells} size={220} />}
      <Table fz="xs" verticalSpacing={2} mt="xs" aria-label="Cells of the row">
        <Table.Tbody>
          {Object.entries(cells).map(([name, value]) => <Table.Tr key={name}><Table.Th scope="row" fw={400} c="dimmed">{name}</Table.Th><Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
    </>
  );
}
