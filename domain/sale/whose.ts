/** Whether a command names another customer than the one whose something is. One that names nobody is an operator's. */
export function isAnothers(
  { customerId }: { readonly customerId: string },
  command: { readonly customerId?: string | undefined },
): boolean {
  return command.customerId !== undefined && command.customerId !== customerId;
}
