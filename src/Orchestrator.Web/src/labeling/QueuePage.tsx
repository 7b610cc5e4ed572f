import { Badge, Button, Card, Group, Kbd, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMay } from '../access/session';
import { get, number, type Schemas } from '../api/client';
import { percent, plural } from '../api/words';
import { Page } from '../app/Page';
import { Answered, Nothing } from '../app/problems';
import { RowView } from '../datasets/RowView';
import { Answers } from './Answers';
import { classOfKey, keyOfClass } from './keys';
import { useLabelling } from './useLabelling';

/** One queue, a row at a time. */
export function QueuePage() {
  const { queue: id } = useParams({ strict: false }) as { queue: string };
  const queues = useQuery({ queryKey: ['queues'], queryFn: () => get<Schemas['LabelQueue'][]>('/api/labels/queues') });
  return (
    <Answered query={queues}>
      {(all) => {
        const queue = all.find((one) => one.id === id);
        return queue ? <Labelling key={id} queue={queue} /> : <Nothing>There is no such queue.</Nothing>;
      }}
    </Answered>
  );
}

function Labelling({ queue }: { queue: Schemas['LabelQueue'] }) {
  const may = useMay();
  const { tasks, last, answer, undo, handIn } = useLabelling(queue.id, may('labeler'));
  const task = tasks.data?.[0];
  const classes = queue.classes ?? [];

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.matches('input, textarea')) {
        return;
      }
      const label = event.key === 'Enter' && !target.matches('button, a') ? task?.suggested : classOfKey(classes, event.key);
      if (label) {
        answer(label);
      } else if (event.key === 's') {
        answer(null);
      } else if (event.key === 'u') {
        undo();
      } else {
        return;
      }
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [answer, undo, classes, task]);

  return (
    <Page title={`Labels of ${queue.dataset}`} lead={`${plural(queue.answered ?? 0, 'answer')}, ${(queue.open ?? 0).toLocaleString('en-US')} open`}
      actions={last && <><Button variant="default" onClick={undo}>Take back {last.label ?? 'the skip'} of {last.task.row_id} <Kbd ml={6} size="xs">u</Kbd></Button><Button variant="light" onClick={handIn}>Hand in</Button></>}>
      <Answers queue={queue} />
      {!may('labeler') ? <Nothing>This needs the role labeler.</Nothing> : (
        <Answered query={tasks}>
          {() => task ? <Task task={task} classes={classes} onAnswer={answer} /> : <Nothing>{queue.state === 'open' ? 'Every row has its answer.' : `The queue is ${queue.state}.`}</Nothing>}
        </Answered>
      )}
    </Page>
  );
}

function Task({ task, classes, onAnswer }: { task: Schemas['LabelTask']; classes: string[]; onAnswer: (label: string | null) => void }) {
  return (
    <Card maw={760} w="100%" mx="auto">
      <Stack align="center" gap="md">
        <RowView cells={task.columns} size={220} />
        <Text size="sm" c="dimmed" ta="center">{task.row_id} · its label is <b>{task.given || 'missing'}</b>{task.given && <>; how sure that it is wrong: {percent(number(task.score))}</>}</Text>
        <SimpleGrid cols={{ base: 2, xs: Math.min(5, Math.max(1, classes.length)) }} spacing="xs" w="100%">
          {classes.map((label) => {
            const key = keyOfClass(classes, label);
            return (
              <Button key={label} variant={label === task.suggested ? 'filled' : 'default'} onClick={() => onAnswer(label)} aria-keyshortcuts={key} leftSection={key && key !== label ? <Kbd size="xs">{key}</Kbd> : undefined}>{label}</Button>
            );
          })}
        </SimpleGrid>
        <Group gap="xs">
          {task.suggested && <Badge size="lg">suggested: {task.suggested} (Enter)</Badge>}
          <Button variant="subtle" color="gray" onClick={() => onAnswer(null)} rightSection={<Kbd size="xs">s</Kbd>}>Skip</Button>
        </Group>
      </Stack>
    </Card>
  );
}
