import { createContext, use } from 'react';
import type { Schemas } from '../api/client';

export const SessionContext = createContext<Schemas['SignedIn'] | null>(null);

export function useSession(): Schemas['SignedIn'] {
  return use(SessionContext)!;
}

const suffice = (roles: Schemas['Role'][] | undefined, role: Schemas['Role']) => roles !== undefined && roles.length > 0 && (role === 'viewer' || roles.includes(role) || roles.includes('admin'));

/** Whether the signed-in person has a role for every model, or for at least one; the server knows which, and says so where it refuses. */
export function useMay(): (role: Schemas['Role']) => boolean {
  const { roles, models } = useSession();
  return (role) => suffice(roles, role) || Object.values(models).some((some) => suffice(some, role));
}

/** Whether the signed-in person sees what belongs to no single model: the audit, the rules' source, the server. */
export function useSeesAll(): boolean {
  return useSession().roles.length > 0;
}

/** The person's roles in words, those for every model first. */
export function rolesInWords({ roles, models }: Schemas['SignedIn']): string {
  return [...(roles.length > 0 ? [roles.join(', ')] : []), ...Object.entries(models).map(([model, some]) => `${some.join(', ')} for ${model}`)].join('; ') || 'none';
}
