// Times for people.

import { words } from "./words.ts";

/** "just now", "5 min ago", or a clock. */
export function ageOf(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return words.age.now;
  return minutes < 60 ? words.age.minutes(minutes) : words.age.at(clockOf(at, now));
}

/** Hours and minutes; the day, too, if it is another one. */
export function clockOf(at: number, now: number): string {
  const date = new Date(at);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return sameDay ? date.toLocaleTimeString() : date.toLocaleString();
}

export function durationOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return words.device.duration(Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60);
}
