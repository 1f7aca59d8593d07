import type { Challenge } from "./api";
import { solvePuzzle } from "./puzzle";
import type { WorkNews } from "./work";

const say = (news: WorkNews) => postMessage(news);

addEventListener("message", ({ data }: MessageEvent<Challenge>) => {
  const answers: number[] = [];
  for (let i = 0; i < data.puzzles; i++) {
    answers.push(solvePuzzle(data.token, i, data.bits));
    say({ done: i + 1 });
  }
  say({ answers });
});
