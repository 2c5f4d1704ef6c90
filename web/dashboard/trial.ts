// A new configuration on trial: the board takes it, restarts with it, and keeps it only when its link comes up with it.

import type { Fields } from "../shared/shown.ts";
import { TRIAL_MS } from "./limits.ts";

export type TrialStep = "accepted" | "restarting" | "back" | "kept" | "rolled back" | "silent";

export interface Trial {
  step: TrialStep;
  /** Why it was rolled back. */
  why: string;
  timer: ReturnType<typeof setTimeout>;
}

/** The board has accepted a configuration and will restart. @param changed is called when the trial has no end in time */
export function beginTrial(changed: () => void): Trial {
  const trial: Trial = { step: "accepted", why: "", timer: setTimeout(() => giveUp(), TRIAL_MS) };
  const giveUp = () => {
    trial.step = "silent";
    changed();
  };
  return trial;
}

/** Whether the board has told what became of it. */
export function hasVerdict({ step }: Trial): boolean {
  return step === "kept" || step === "rolled back";
}

/** Whether the page waits for it no longer. A late verdict is taken all the same. */
export function isOver(trial: Trial): boolean {
  return hasVerdict(trial) || trial.step === "silent";
}

/** The status of the board has changed. */
export function trialRestarts(trial: Trial, state: string): void {
  if (isOver(trial)) return;
  if (state === "restarting" || state === "offline") trial.step = "restarting";
  else if (state === "online" && trial.step === "restarting") trial.step = "back";
}

/** The answer that ends a trial; false if it is another. */
export function endTrial(trial: Trial, answer: Fields): boolean {
  if (answer.kept === true) trial.step = "kept";
  else if (typeof answer.error === "string") {
    trial.step = "rolled back";
    trial.why = answer.error;
  } else return false;
  clearTimeout(trial.timer);
  return true;
}
