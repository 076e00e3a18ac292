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
    topic formats, "pipeline/help/formats.md"
    topic mapping, "pipeline/help/mapping.md"
    topic detection, "pipeline/help/detection.md"
    topic coverage, "pipeline/help/coverage.md"
    topic care, "pipeline/help/care.md"
    topic privacy, "pipeline/help/privacy.md"
    topic scoring, "pipeline/help/scoring.md"
    topic cluster, "pipeline/help/cluster.md"
    topic exit_codes, "pipeline/help/exit-codes.md"
    topic configuration, "pipeline/help/configuration.md"
    topic lexicon, "pipeline/help/lexicon.md"
    topic stages, "pipeline/help/stages.md"
    topic python, "pipeline/help/python.md"
    topic r, "pipeline/help/r.md"
    topic hdf5, "pipeline/help/hdf5.md"
    .section .note.GNU-stack, "", %progbits
