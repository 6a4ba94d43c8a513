"""How the notes of a workshop, as people type and paste them, are read into entries and saved.

The rules of reading, which the desk's page also tells facilitators:

*Entries.* A bullet is an entry (`• o - – * · ▪ +`, ticks, arrows, `1.` `2)` `a)`). A nested bullet belongs to the
text of its parent, unless it says itself what it is (`stop: …`, `🤫 …`). Without bullets each line is an entry, and
a line carries on the one before when it is indented deeper, or starts with a small letter, or follows a comma.
A blank line always ends an entry, unless the next line is indented under its bullet.

*Headings* are lines with `#` and a space, underlined lines, bold lines, short lines that end in a colon or stand right
above bullets, and lines that hold nothing but a word with a meaning here. They hold for what follows, until a heading
of the same kind replaces them or any other heading of the same or a higher level ends them. A bullet is a heading if
it holds nothing but such a word and has a colon or bullets nested in it; then it holds for those. Text under a heading that
begins with “please” or asks a question, with bullets after it, tells people what to write: it is no entry.

*Practices.* `keep`, `amplify`, `discard`, `create` and what unmistakably means one of them (`words.CHOICE_WORDS`), as a
heading or in front of an entry (`Stop – …`, `start doing …`), make practices. *Restart* is read as create, as *start*
is: what was stopped is not there today, and create is the one choice that speaks of what is not there. A heading
that could mean two things (`words.ASKED_PHRASES`, or “Stop / start”) is asked about and never guessed.

*Marks.* `#tag` without a space is a tag. `@x` sets the place if there is one of that name; else it stays text and is
shown as a possible name. Tags and places at an entry's end are taken out of its text, unless the sentence needs them
(“focused work on #trust”). A name or alias of a service area, theme or place as a heading sets it. Lines of `+1`
under an entry count who agreed. 🤫, “[private]”, “not public”, “in confidence”, “off the record” and their like at a
line's start mark the entry as said in confidence: it stays with facilitators. At a line's end 🤫 and the words in brackets do,
and before its colon the words in brackets: “Innovation (in confidence): …”.
"""

from workshops.notes.marks import possible_names
from workshops.notes.reading import NoteEntry, Reading, read_notes, title_of

__all__ = ["NoteEntry", "Reading", "possible_names", "read_notes", "title_of"]
