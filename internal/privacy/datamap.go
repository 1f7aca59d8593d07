package privacy

import "slices"

// Whose says whose data something is.
type Whose string

// A seat is a pupil without a name: its data are personal data all the same.
const (
	OfSeat   Whose = "seat"
	OfStaff  Whose = "staff"
	OfSchool Whose = "school"
	OfNobody Whose = "none"
)

// Out says what becomes of a column in the export of the person it is about.
type Out string

const (
	// Shown is in the export.
	Shown Out = "shown"
	// Secret is left out: it would let its reader in, or is a digest of what would.
	Secret Out = "secret"
	// Sealed is left out here: it is ciphertext, and the browser that makes the
	// export adds what it can open.
	Sealed Out = "sealed"
	// Technical is left out: it only ties rows together.
	Technical Out = "technical"
)

// Column is one column of a table.
type Column struct {
	Name  string
	Text  string // catalogue key: what it is
	Whose Whose
	Out   Out
	// Blank is the SQL expression that replaces the value when its person is
	// erased and the row stays; {now} in it is the time in UTC milliseconds.
	Blank string
	// Stays is the catalogue key of why an erasure leaves the value where the
	// row stays. A column of a person has Blank or Stays, not both, wherever
	// its table's rows can outlive the person.
	Stays  string
	Fields []Field // of a JSON column
}

// Field is one field of a JSON column.
type Field struct {
	Name string // "*" for any key that is itself declared elsewhere
	Of   string // the kind of row that has it, empty for all
	Text string // catalogue key: what it is
}

// Start is the moment from which a rule counts. Exactly one field is set.
type Start struct {
	Columns []string // the first of them that is not null, UTC milliseconds
	Year    string   // the column that leads to a year: year_id, seat_id or group_id; counts from its closing
	SQL     string   // any other expression over the table
}

// Act is what a rule does to the rows whose time has come.
type Act string

const (
	DeleteRow    Act = "delete" // with the rows that hang from it
	BlankColumns Act = "blank"
	ErasePerson  Act = "erase" // the same as an erasure asked for the row's person
)

// Rule is how long something is kept. Days may be shortened by each school
// down to Least; Least equal to Days makes the rule the same for all.
type Rule struct {
	ID    string // "table" or "table.what", unique in the map
	Text  string // catalogue key: from which moment the days count
	From  Start
	Days  int
	Least int
	Does  Act
	Blank []string // the columns of BlankColumns
}

// Parent is a row that a row of this table hangs from.
type Parent struct {
	Column string
	Table  string
	// Cascade rows go with their parent; otherwise the parent waits for them.
	Cascade bool
}

// Erase is what a person's erasure does to the rows about them.
type Erase string

const (
	DeleteRows Erase = "delete"
	BlankRows  Erase = "blank"
	KeepRows   Erase = "keep"
)

// Person is a way in which rows are about a person.
type Person struct {
	Whose Whose
	Where string // SQL condition over the table; $1 is the person's id
	Erase Erase
	Why   string // catalogue key: why rows are kept, with KeepRows
	Apart bool   // not in the export: the rows hold what others hold, or only count
}

// Table is one table.
type Table struct {
	Name     string
	Text     string // catalogue key: what a row is
	Activity ActivityID
	School   string   // the column that names the school; empty where rows are the installation's
	Key      []string // primary key
	Parents  []Parent
	// Through are the tables by which the conditions of People find their rows,
	// beside Parents: their own rows go later.
	Through []string
	Rules   []Rule
	Stays   string // catalogue key: why rows have no time limit of their own, when Rules is empty
	People  []Person
	// Concerns are those whom rows may be about though the server cannot tell
	// who: what they hold is sealed or free text. The register names them.
	Concerns []Whose
	Columns  []Column
}

// FileKind is one kind of file in the blob store.
type FileKind struct {
	Kind  string
	Text  string
	Whose Whose
}

// LogField is one attribute that a line of log may hold. None is a name, a
// pseudonym, a code, an answer or a secret.
type LogField struct {
	Name string
	Text string
}

// StorageKey is one key of the web client in a browser's storage.
type StorageKey struct {
	Key  string
	Text string // what it is, and until when it stays
}

// Map is the whole declaration.
type Map struct {
	Activities []Activity
	Tables     []Table
	Files      []FileKind
	Logs       []LogField
	Storage    []StorageKey
}

// DataMap is the declaration of this version of Préau.
func DataMap() Map {
	return Map{
		Activities: activities(),
		Tables:     slices.Concat(groundTables(), identityTables(), rosterTables(), lessonTables(), assessmentTables(), questionTables(), paperTables(), journalTables(), privacyTables()),
		Files:      fileKinds(),
		Logs:       logFields(),
		Storage:    storageKeys(),
	}
}

// Table finds a table by its name, nil when there is none.
func (m Map) Table(name string) *Table {
	for i := range m.Tables {
		if m.Tables[i].Name == name {
			return &m.Tables[i]
		}
	}
	return nil
}

// Column finds a column by its name, nil when there is none.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Children lists the tables whose rows hang from this one.
func (m Map) Children(of string) []Table {
	var children []Table
	for _, t := range m.Tables {
		if slices.ContainsFunc(t.Parents, func(p Parent) bool { return p.Table == of }) {
			children = append(children, t)
		}
	}
	return children
}

// ChildrenFirst lists the tables so that each stands before those its rows hang
// from, or are found through: the order in which rows can be deleted.
func (m Map) ChildrenFirst() []Table {
	var order []Table
	done := map[string]bool{}
	var visit func(t Table)
	visit = func(t Table) {
		if done[t.Name] {
			return
		}
		done[t.Name] = true // a table that hangs from itself is visited once
		for _, c := range m.Tables {
			if slices.Contains(c.Through, t.Name) {
				visit(c)
			}
		}
		for _, c := range m.Children(t.Name) {
			visit(c)
		}
		order = append(order, t)
	}
	for _, t := range m.Tables {
		visit(t)
	}
	return order
}

// Shorthands of the declarations. plain is a column about no person.
func plain(name, text string) Column {
	return Column{Name: name, Text: text, Whose: OfNobody, Out: Technical}
}

// about is a column about a person, shown in the export, whose row goes with
// the person.
func about(w Whose, name, text string) Column {
	return Column{Name: name, Text: text, Whose: w, Out: Shown}
}

func (c Column) out(o Out) Column              { c.Out = o; return c }
func (c Column) blank(expr string) Column      { c.Blank = expr; return c }
func (c Column) stays(key string) Column       { c.Stays = key; return c }
func (c Column) fields(fields ...Field) Column { c.Fields = fields; return c }

func after(columns ...string) Start { return Start{Columns: columns} }

func yearClosed(column string) Start { return Start{Year: column} }
