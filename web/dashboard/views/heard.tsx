// What a screen reader is told: the end of orders and trials. What the eye sees stands elsewhere.

import type { App } from "../records.ts";
import { words } from "../words.ts";

export function Heard({ app }: { app: App }) {
  const { news } = app;
  let text = "";
  if (news && "order" in news) {
    const { topic, outcome } = news.order;
    text = words.orders.heard(news.device, topic, words.orders.outcome[outcome]);
  } else if (news) text = `${news.device}: ${words.config.trial[news.trial.step]} ${news.trial.why}`;
  return (
    <p class="heard" role="status" aria-live="polite">
      {text}
    </p>
  );
}
