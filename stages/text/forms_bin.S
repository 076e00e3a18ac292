/* forms.bin as read-only data of the program: mapped on demand, no cost at start. */
    .section .rodata
    .balign 16
    .globl burza_forms
burza_forms:
    .incbin "forms.bin"
    .byte 0
    .section .note.GNU-stack,"",%progbits
