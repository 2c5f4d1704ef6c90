// The accounts of a story: which messages and commands were lost, which came twice at QoS 2, and whose doing that is.
import type { Page } from "./boards/ledger.ts";
import type { Broker } from "./brokers/broker.ts";
import type { Desk } from "./desk.ts";

/** A number for QoS 1, and one for QoS 2. */
export type Pair = [number, number];

export interface Account {
  sent: Pair;
  /** Never arrived. `broker`: it had acknowledged the message; the command never came to the board's socket. */
  lost: { ours: Pair; broker: Pair };
  /** Came twice at QoS 2, of a broker that has it. `broker`: the broker had forgotten what it had got. */
  doubled: { ours: number; broker: number };
  /** Came again at QoS 1, as QoS 1 may. */
  again: number;
}

export interface Accounts {
  /** From the boards to the consumers. */
  messages: Account;
  /** From the commander to the boards. */
  commands: Account;
  /** Messages that the group behind `$share/` did not get, though the witness did, where the broker has such groups. */
  missedByGroup?: number;
  /** Reason Codes of messages that the firmware gave up, with their number. */
  givenUp: Record<string, number>;
}

/** What decides whose doing a loss is. */
interface Case {
  desk: Desk;
  broker: Broker;
  /** Whether a node was killed: it forgets what it had acknowledged. */
  killed: boolean;
}

export function accountsOf(pages: Page[], it: Case): Accounts {
  const accounts: Accounts = { messages: blank(), commands: blank(), givenUp: {} };
  if (it.desk.group) accounts.missedByGroup = 0;
  for (const page of pages) {
    for (const qos of [1, 2] as const) {
      messages(accounts, page, qos, it);
      commands(accounts.commands, page, qos, it);
    }
    for (const [, , reason] of page.failed) {
      const name = `0x${reason.toString(16)}`;
      accounts.givenUp[name] = (accounts.givenUp[name] ?? 0) + 1;
    }
  }
  return accounts;
}

function messages(accounts: Accounts, page: Page, qos: 1 | 2, { desk, broker, killed }: Case): void {
  const i = qos - 1;
  const account = accounts.messages;
  const open = new Set(page.open[i]);
  const forgotten = new Set([...page.forgotten[i]!, ...(killed ? page.cut[i]! : [])]);
  const failed = new Set(page.failed.filter(([its]) => its === qos).map(([, n]) => n));
  for (let n = page.from[i]!; n < page.to[i]!; n++) {
    const counts = desk.tallies.map((tally) => tally.count(page.board, qos, n));
    account.sent[i]!++;
    const missed = desk.group?.count(page.board, qos, n) === 0;
    if (missed && counts.some((count) => count > 0)) accounts.missedByGroup!++;
    if (counts.every((count) => count === 0) && (missed || !desk.group)) {
      const ours = open.has(n) || failed.has(n);
      account.lost[ours ? "ours" : "broker"][i]!++;
    } else if (counts.some((count) => count > 1)) {
      if (qos === 1) account.again++;
      else if (broker.qos2) account.doubled[forgotten.has(n) || desk.lostSession ? "broker" : "ours"]++;
    }
  }
}

function commands(account: Account, page: Page, qos: 1 | 2, { desk, broker, killed }: Case): void {
  const i = qos - 1;
  const { from, to } = desk.commands(page.board);
  const forgotten = page.lostSession || killed;
  const wired = new Set(page.wired[i]);
  for (let n = from[i]!; n < to[i]!; n++) {
    const count = page.got[i]![n] ?? 0;
    if (!count && desk.unsent.has(`${page.board} ${qos} ${n}`)) continue;
    account.sent[i]!++;
    if (count === 0) account.lost[wired.has(n) ? "ours" : "broker"][i]!++;
    else if (count > 1 && qos === 1) account.again++;
    else if (count > 1 && broker.qos2) account.doubled[forgotten ? "broker" : "ours"]++;
  }
}

function blank(): Account {
  return {
    sent: [0, 0],
    lost: { ours: [0, 0], broker: [0, 0] },
    doubled: { ours: 0, broker: 0 },
    again: 0,
  };
}
