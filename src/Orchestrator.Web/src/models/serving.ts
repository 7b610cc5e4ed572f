import type { Schemas } from '../api/client';
import type { Band } from '../series/Chart';

/** The spans for which versions served, oldest first; the last goes on. */
export function servingSpans(moves: Schemas['ChampionMove'][]): Band[] {
  return moves.flatMap((move, at): Band[] => {
    const next = moves[at + 1];
    return move.to && next ? [{ from: new Date(move.at).getTime(), to: new Date(next.at).getTime(), label: move.to, color: at % 2 === 0 ? 'blue' : 'teal' }] : [];
  });
}

/** The name of what trained a version, and its parameters where it is told with them. */
export function trainerOf(text: string): { trainer: string; parameters?: string } {
  if (!text.startsWith('{')) {
    return { trainer: text };
  }
  const told = JSON.parse(text) as { trainer?: string; runner?: string; parameters?: object };
  return { trainer: told.trainer ?? told.runner ?? text, parameters: told.parameters && JSON.stringify(told.parameters, null, 1) };
}
