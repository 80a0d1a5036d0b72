package adversary

// texts returns strings that the canonical forms encode differently from the body: a single long
// one, or many short ones.
func texts() []Kind {
	var all []Kind
	for _, characters := range []string{
		`/`, `\/`, `\"`, `\\`, `\n`, `\u00e9`, `\u0041`, `\u002f`, `\u0000`, `\uFFFF`,
		`\ud83d\ude00`, `é`, `€`, `😀`, `aé`, `a/`, `a\n`, `é/`, `é€😀/`,
	} {
		all = append(all, Kind{"string: " + characters, text(characters)})
	}
	for _, short := range []string{``, `a`, `abcdefgh`, `/`, `é`, `😀`, `\n`, `\u00e9`, `\ud83d\ude00`} {
		all = append(all, Kind{`strings: "` + short + `"`, array(`"` + short + `"`)})
	}
	mixed := shuffled("a", "abc", "/", "é", "€", "😀", `\n`, `\u00e9`, `\u0000`, `\ud83d\ude00`, `\"`, `\/`)
	return append(all,
		Kind{"string: control characters", text(`\u0001`, `\b`, `\t`, `\n`, `\f`, `\r`, `\u001f`)},
		Kind{"string: U+2028", text("\u2028")},
		Kind{"string: U+007F", text("\u007f")},
		Kind{"string: mixed", within(`"`, "", `"`, mixed)},
		Kind{"strings: mixed", array(`"/"`, `"é"`, `"a"`, `"\n"`, `""`)},
	)
}
