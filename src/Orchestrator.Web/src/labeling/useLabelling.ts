import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem, get, type Schemas, send } from '../api/client';

export type Given = { task: Schemas['LabelTask']; label: string | null };

const ahead = 40;

/** The next tasks of a queue and the answers to them. The last answer is kept back until the next one, so that it can be taken back. */
export function useLabelling(queue: string, may: boolean) {
  const queries = useQueryClient();
  const [last, setLast] = useState<Given | null>(null);
  const key = ['labels', queue];
  // What was answered and may still be in an answer of the server that was asked before.
  const handed = useRef(new Set<string>());
  const tasks = useQuery({
    queryKey: key,
    queryFn: () => get<Schemas['LabelTask'][]>(`/api/labels/next?queue=${encodeURIComponent(queue)}&limit=${ahead}`),
    select: (all) => all.filter((task) => task.id !== last?.task.id && !handed.current.has(task.id)),
    enabled: may,
  });

  const hand = useCallback(async ({ task, label }: Given) => {
    handed.current.add(task.id);
    try {
      await (label === null ? send('POST', '/api/labels/skip', { task: task.id }) : send('POST', '/api/labels/answer', { task: task.id, label }));
    } catch (error) {
      const problem = error as ApiProblem;
      notifications.show({ color: 'red', autoClose: false, title: `${task.row_id}: ${problem.detail}`, message: problem.next });
      handed.current.delete(task.id);
    }
  }, []);

  const answer = useCallback((label: string | null) => {
    const task = tasks.data?.[0];
    if (task) {
      setLast({ task, label });
      void (last && hand(last));
    }
  }, [tasks.data, last, hand]);

  const undo = useCallback(() => setLast(null), []);

  const handIn = useCallback(async () => {
    if (last) {
      setLast(null);
      await hand(last);
      await queries.invalidateQueries();
    }
  }, [last, hand, queries]);

  // The last answer of a queue does not wait for another one that never comes, nor does one that its page is left with.
  const left = tasks.data?.length;
  useEffect(() => {
    if (last && left === 0) {
      void handIn();
    }
  }, [last, left, handIn]);
  const pending = useRef(last);
  pending.current = last;
  useEffect(() => () => void (pending.current && hand(pending.current)), [hand]);
  return { tasks, last, answer, undo, handIn };
}
