import { useParams } from "wouter";
import { useWork } from "../session/school";
import { SlipsBoard } from "./SlipsBoard";

/** /groupes/:id/fiches */
export default function SlipsPage() {
  const { school, rights } = useWork();
  const { id = "" } = useParams<{ id: string }>();
  return <SlipsBoard key={id} schoolId={school.id} groupId={id} rights={rights} />;
}
