import { Printer } from "lucide-react";
import { Button, type Tone } from "./Button";

/** Opens the browser's print window. */
export function PrintButton({ word, tone }: { word: string; tone?: Tone }) {
  return (
    <Button tone={tone} onPress={() => window.print()} icon={<Printer aria-hidden size={18} />}>
      {word}
    </Button>
  );
}
