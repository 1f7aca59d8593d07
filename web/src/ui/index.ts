/**
 * The primitives of every page. Import from "@/ui"; what a page does not use
 * does not load with it.
 *
 * - A page of staff is a `Page` (title, one main action) holding `Card`s.
 *   A page of another shape calls `useHeading(title)` and puts the ref on its h1.
 * - A form is a `Form` (give it the mutation's `error`: problems with a field
 *   reach the field of that `name`) ending with `Actions`. It checks `required`,
 *   e-mail addresses and each field's `check` itself; what else the page finds
 *   wrong it gives back from `onSubmit`, by name of field. Buttons say a verb;
 *   while the request runs, `pending`. Leave the submit button enabled.
 * - A list is loading (`Skeleton`, in the shape of what comes), refused
 *   (`ErrorState` with `onRetry`), empty (`Empty`, with the next step), or a
 *   `Table`. `ProblemNotice` is for a refusal beside what asked.
 * - What cannot be undone asks through `ConfirmDialog`. What was done is said by
 *   `toast(text)`, or `announce(text)` for a screen reader alone.
 * - Focus after an action is the root's affair (`useKeptFocus`): the next row,
 *   else the heading of the part. The page says the outcome. The count of a
 *   search is said by `useSpoken`.
 * - Colour never speaks alone; an icon stands beside its word.
 *
 * Light: Button, LinkButton, TextField, Notice, Form, Page, Skeleton, Empty,
 * ErrorState. Heavier, for staff pages: Select, ComboBox, Dialog, Menu, Tabs,
 * Table, FileDrop.
 */
export { announce } from "./announce";
export { Button, LinkButton, type Tone } from "./Button";
export { BoxGroup } from "./BoxGroup";
export { Checkbox } from "./Checkbox";
export { ComboBox } from "./ComboBox";
export { Copyable } from "./Copyable";
export { ConfirmDialog, Dialog } from "./Dialog";
export { Empty } from "./Empty";
export { ErrorState, ProblemNotice, useProblemWords } from "./ErrorState";
export type { Faults } from "./formFields";
export { FileDrop } from "./FileDrop";
export { Actions, Form } from "./Form";
export { Leaving } from "./Leaving";
export { Menu, type MenuEntry } from "./Menu";
export { Notice, type NoticeTone } from "./Notice";
export { OfflineBanner, useOfflineSince } from "./OfflineBanner";
export { Card, CardLevel, Page, useHeading } from "./Page";
export { PasswordField } from "./PasswordField";
export { isPlainAddress, PlainAddress } from "./PlainAddress";
export { PrintButton } from "./PrintButton";
export { Progress } from "./Progress";
export { RadioGroup } from "./RadioGroup";
export { type Option, Select } from "./Select";
export { SkipLink } from "./SkipLink";
export { Skeleton } from "./Skeleton";
export { StayDialog } from "./StayDialog";
export { type Column, Table } from "./Table";
export { Switch } from "./Switch";
export { PageTabs, Tabs } from "./Tabs";
export { TextArea } from "./TextArea";
export { DateField, TextField } from "./TextField";
export { toast } from "./toast";
export { Toasts } from "./Toasts";
export { useKeptFocus } from "./keptFocus";
export { useSpoken } from "./useSpoken";
