/* Measured quality, as burza methods tells it: what the trained models and the other measurements
 * recorded. */
    .section .rodata
    .macro data symbol, path
    .global \symbol\()_begin
    .global \symbol\()_end
\symbol\()_begin:
    .incbin "\path"
\symbol\()_end:
    .byte 0
    .endm
    data quality_model_pl, "lexicons/models/pl.json"
    data quality_model_en, "lexicons/models/en.json"
    data quality_figures, "results/quality/figures.json"
    .section .note.GNU-stack, "", %progbits
