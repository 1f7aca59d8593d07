package demo

// pupil is one invented pupil of the demonstration school. The tie between the
// name and the pseudonym exists only here and, encrypted, in the records.
type pupil struct {
	first, last, pseudonym, picture string
	german                          bool // also in the group that learns German
}

func pupils() []pupil {
	return []pupil{
		{"Amina", "Abadie", "Loutre rêveuse", "otter", true},
		{"Baptiste", "Aubert", "Renard attentif", "fox", false},
		{"Chloé", "Barbier", "Étoile radieuse", "star", true},
		{"Djibril", "Bonnet", "Hérisson curieux", "hedgehog", false},
		{"Élise", "Carpentier", "Comète généreuse", "comet", true},
		{"Farid", "Chevallier", "Castor inventif", "beaver", false},
		{"Gaëlle", "Da Costa", "Fusée audacieuse", "rocket", false},
		{"Hugo", "Delattre", "Hibou lumineux", "owl", true},
		{"Inès", "El Idrissi", "Abeille joyeuse", "honeybee", false},
		{"Jules", "Fabre", "Dauphin rieur", "dolphin", false},
		{"Kenza", "Ferreira", "Guitare mélodieuse", "guitar", true},
		{"Léo", "Garnier", "Koala chaleureux", "koala", false},
		{"Manon", "Gauthier", "Coccinelle curieuse", "lady-beetle", false},
		{"Noé", "Hamidi", "Cerf courageux", "deer", true},
		{"Océane", "Jacquet", "Feuille rieuse", "maple-leaf", false},
		{"Paul", "Kaboré", "Lapin aventureux", "rabbit", false},
		{"Quitterie", "Lacombe", "Tulipe lumineuse", "tulip", true},
		{"Rayan", "Lemoine", "Tigre respectueux", "tiger", false},
		{"Salomé", "Marchand", "Pieuvre inventive", "octopus", false},
		{"Théo", "Nguyen", "Papillon joyeux", "butterfly", true},
		{"Ugo", "Olivier", "Panda rêveur", "panda", false},
		{"Violette", "Perrin", "Fraise malicieuse", "strawberry", false},
		{"Wassim", "Renaud", "Perroquet mélodieux", "parrot", false},
		{"Xavier", "Sanchez", "Cygne harmonieux", "swan", false},
		{"Yasmine", "Toussaint", "Fleur merveilleuse", "hibiscus", false},
		{"Zoé", "Vidal", "Montagne fabuleuse", "mountain", false},
	}
}
