package main

// texts are strings that the canonical forms write in another way than the body: one long string,
// or many short ones.
func texts() []adversary {
	var all []adversary
	for _, characters := range []string{
		`/`, `\/`, `\"`, `\\`, `\n`, `\u00e9`, `\u0041`, `\u002f`, `\u0000`, `\uFFFF`, `\ud83d\ude00`, `é`, `€`, `😀`,
		`aé`, `a/`, `a\n`, `é/`, `é€😀/`,
	} {
		all = append(all, adversary{"string: " + characters, text(characters)})
	}
	for _, short := range []string{``, `a`, `abcdefgh`, `/`, `é`, `😀`, `\n`, `\u00e9`, `\ud83d\ude00`} {
		all = append(all, adversary{`strings: "` + short + `"`, array(`"` + short + `"`)})
	}
	mixed := shuffled("a", "abc", "/", "é", "€", "😀", `\n`, `\u00e9`, `\u0000`, `\ud83d\ude00`, `\"`, `\/`)
	return append(all,
		adversary{"string: control characters", text(`\u0001`, `\b`, `\t`, `\n`, `\f`, `\r`, `\u001f`)},
		adversary{"string: U+2028", text("\u2028")},
		adversary{"string: U+007F", text("\u007f")},
		adversary{"string: mixed", within(`"`, "", `"`, mixed)},
		adversary{"strings: mixed", array(`"/"`, `"é"`, `"a"`, `"\n"`, `""`)},
	)
}
