/** Roles that a key shall have for one model. */
export type Wish = { model: string; roles: string[] };

/** The roles by model, as a key is asked for; a model without any is left out. */
export function ofModels(wishes: Wish[]): Record<string, string[]> {
  return Object.fromEntries(wishes.filter((wish) => wish.roles.length > 0).map((wish) => [wish.model, wish.roles]));
}
