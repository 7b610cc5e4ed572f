import type { components } from './schema'; // The build makes it from openapi.json.

export type Schemas = components['schemas'];
export type Labels = Record<string, string>;

/** An answer of the API that is an error: what is wrong, and what to do next. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly next: string,
    /** Whether showing the key once more helps. */
    readonly confirm: boolean,
  ) {
    super(detail);
  }
}

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls back when the session has ended; what is on the page stays. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

export async function get<T>(path: string): Promise<T> {
  return send<T>('GET', path);
}

/** One page of a list: its entries, how many there are in all, and what the next page comes after. */
export type PageOf<T> = { lines: T[]; total: number; next: string | null };

export async function getPage<T>(path: string): Promise<PageOf<T>> {
  const answer = await ask('GET', path);
  return { lines: (await answer.json()) as T[], total: Number(answer.headers.get('Orchestrator-Total') ?? 0), next: answer.headers.get('Orchestrator-Next') };
}

export async function send<T = void>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await ask(method, path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new ApiProblem(0, 'The server does not answer.', 'It may be restarting; this page tries again by itself.', false);
  });
  if (!answer.ok) {
    throw await problemOf(answer);
  }
  return answer;
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  if (answer.status === 401) {
    signedOut.forEach((listener) => listener());
  }
  const body = (await answer.json().catch(() => ({}))) as { detail?: string; next?: string; confirm?: boolean };
  return new ApiProblem(
    answer.status,
    body.detail ?? `The server answered ${answer.status}.`,
    body.next ?? 'Try again; the server\'s log says more.',
    body.confirm === true,
  );
}

/** A number of the API, where the three that JSON lacks are texts. */
export function number(value: number | string | null | undefined): number {
  return typeof value === 'number' ? value : value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : NaN;
}
