/* The texts of `burza help TOPIC`, as they stand in pipeline/help. */
    .section .rodata
    .macro topic symbol, path
    .global help_\symbol\()_begin
    .global help_\symbol\()_end
help_\symbol\()_begin:
    .incbin "\path"
help_\symbol\()_end:
    .byte 0
    .endm
    topic names, "pipeline/help/names.md"
    topic queries, "pipeline/help/queries.md"
    topic mapping, "pipeline/help/mapping.md"
    topic detection, "pipeline/help/detection.md"
    topic privacy, "pipeline/help/privacy.md"
    topic scoring, "pipeline/help/scoring.md"
    topic exit_codes, "pipeline/help/exit-codes.md"
    .section .note.GNU-stack, "", %progbits
