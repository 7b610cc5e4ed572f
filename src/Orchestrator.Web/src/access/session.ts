import { createContext, use } from 'react';
import type { Schemas } from '../api/client';

export const SessionContext = createContext<Schemas['SignedIn'] | null>(null);

export function useSession(): Schemas['SignedIn'] {
  return use(SessionContext)!;
}

/** Whether the signed-in person has a role; every person may read, an admin may do everything. */
export function useMay(): (role: Schemas['Role']) => boolean {
  const { roles } = useSession();
  return (role) => role === 'viewer' || roles.includes(role) || roles.includes('admin');
}
