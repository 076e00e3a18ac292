/* Lexicons compiled when the program is built, and model files, as read-only data. */
.macro embed name, file
    .global burza_\name
    .global burza_\name\()_end
    .balign 64
burza_\name:
    .incbin "\file"
burza_\name\()_end:
    .byte 0
.endm

    .section .rodata
    embed lexicon_pl, "lexicon.pl.bin"
    embed lexicon_en, "lexicon.en.bin"
    embed model_pl, "pl.model"
    embed model_en, "en.model"

    .section .note.GNU-stack, "", %progbits
