/* Embeds the files of web/ as strings: see page.h. */
    .section .rodata
    .macro text symbol, path
    .global \symbol
\symbol:
    .incbin "\path"
    .byte 0
    .endm
    text report_style, "stages/report/web/style.min.css"
    text report_library, "stages/report/web/library.min.js"
    text report_script, "stages/report/web/asking.min.js"
    text report_definitions_en, "stages/report/web/definitions.en.html"
    text report_definitions_pl, "stages/report/web/definitions.pl.html"
    .section .note.GNU-stack, "", %progbits
