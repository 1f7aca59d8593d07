import { Missing } from "./Missing";

/** The pages of staff, in their shell. */
export default function StaffPages() {
  return <Missing />;
}
