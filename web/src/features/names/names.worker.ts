/** Performs one task away from the page, then is thrown away with all it knew. */
import { perform, refusal, type Posted, type Task } from "./tasks";

interface Scope {
  onmessage: ((message: MessageEvent<Task>) => void) | null;
  postMessage(posted: Posted): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data }) => {
  perform(data, { onProgress: (done, total) => scope.postMessage({ done, total }) }).then(
    (result) => scope.postMessage({ result }),
    (error: unknown) => scope.postMessage(refusal(error)),
  );
};
