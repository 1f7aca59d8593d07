import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useLocation } from "wouter";
import { Button, type Tone } from "./Button";
import "./Select.css";

/** One line of a menu: an action, or a page of Préau. */
export type MenuEntry = { id: string; label: string; icon?: ReactNode; danger?: boolean; disabled?: boolean } & (
  | { onAction: () => void; href?: undefined }
  | { href: string; onAction?: undefined }
);

/** The actions that are used less often, behind one button. */
export function Menu({ word, label, icon, tone, entries }: { word: string; label?: string; icon?: ReactNode; tone?: Tone; entries: readonly MenuEntry[] }) {
  const [, go] = useLocation();
  return (
    <MenuTrigger>
      <Button tone={tone} icon={icon} label={label}>
        {word}
      </Button>
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="list" aria-label={label ?? word}>
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              isDisabled={entry.disabled}
              className={`list-item${entry.danger ? " list-item-danger" : ""}`}
              onAction={() => (entry.onAction ? entry.onAction() : go(entry.href))}
            >
              {entry.icon}
              <span>{entry.label}</span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
