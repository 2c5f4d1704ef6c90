// What has arrived: how often each numbered message of each board came.

export class Tally {
  private readonly boards = new Map<number, [number[], number[]]>();

  add(board: number, qos: number, n: number): void {
    const counts = this.of(board)[qos - 1]!;
    counts[n] = (counts[n] ?? 0) + 1;
  }

  /** How often a message came. */
  count(board: number, qos: number, n: number): number {
    return this.boards.get(board)?.[qos - 1]?.[n] ?? 0;
  }

  private of(board: number): [number[], number[]] {
    let counts = this.boards.get(board);
    if (!counts) {
      counts = [[], []];
      this.boards.set(board, counts);
    }
    return counts;
  }
}
