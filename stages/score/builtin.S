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
    embed topics_pl, "topics.pl.bin"
    embed topics_en, "topics.en.bin"
    embed model_pl, "pl.model"
    embed model_en, "en.model"
    embed topic_model_pl, "pl.topics.model"
    embed topic_model_en, "en.topics.model"

/* The SHA-256 of each in hex, one behind the other. */
    .global burza_score_digests
burza_score_digests:
    .incbin "lexicon.pl.sha256", 0, 64
    .incbin "topics.pl.sha256", 0, 64
    .incbin "model.pl.sha256", 0, 64
    .incbin "topics.model.pl.sha256", 0, 64
    .incbin "lexicon.en.sha256", 0, 64
    .incbin "topics.en.sha256", 0, 64
    .incbin "model.en.sha256", 0, 64
    .incbin "topics.model.en.sha256", 0, 64

    .section .note.GNU-stack, "", %progbits
