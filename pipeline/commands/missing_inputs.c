#include "pipeline/commands/missing_inputs.h"

#include "pipeline/commands/commands.h"

/* Names inputs that passing troubles kept from being read; what to exit with, 2 or not. */
static int say_troubles(const struct scanned_inputs *inputs, bool damaged_ok) {
    enum { NAMED = 20 };
    int code = 0;
    size_t said = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct scanned_input *input = &inputs->at[i];
        int trouble = input->first.trouble > input->context.trouble ? input->first.trouble
                                                                    : input->context.trouble;
        code = trouble > code ? trouble : code;
        if (trouble && said++ < NAMED)
            print_message("%s was not read to its end and is read again when it is given again: %s",
                          scanned_input_head(input)->label, scanned_input_head(input)->note);
    }
    if (said > NAMED)
        print_message("so were %zu more", said - NAMED);
    return damaged_ok && code == EXIT_PARTIAL ? 0 : code;
}

/* Inputs of which only a part was scanned: an interrupted scan left them. */
static size_t say_unfinished(const struct scanned_inputs *inputs) {
    enum { NAMED = 20 };
    size_t count = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct segments *first = &inputs->at[i].first;
        if (!first->whole && !first->trouble && ++count <= NAMED)
            print_message("%s was scanned in part only: scan it again to go on",
                          scanned_input_head(&inputs->at[i])->label);
    }
    if (count > NAMED)
        print_message("so were %zu more", count - NAMED);
    return count;
}

int say_missing(const struct session *session, const struct scanned_inputs *inputs,
                bool but_context) {
    enum { NAMED = 20 };
    const char *folder = session->shards.folder;
    size_t waiting = 0, shares = share_sources_say(&session->sources, inputs, &session->id);
    int code = say_troubles(inputs, session->options->damaged_ok);
    if (inputs->older)
        print_message("%zu inputs in \"%s\" were scanned by another revision of burza or with "
                      "other lexicons and are left out: scan them again",
                      inputs->older, folder);
    if (inputs->lost)
        print_message(
            "the shards of %zu inputs in \"%s\" are damaged and left out: scan them again",
            inputs->lost, folder);
    if (inputs->others)
        print_message("%zu inputs in \"%s\" were scanned with other settings and are left out",
                      inputs->others, folder);
    for (size_t i = 0; i < inputs->count; i++)
        waiting += inputs->at[i].needs_pass && !but_context;
    if (waiting)
        print_message(
            "%zu of %zu inputs may hold replies in conversations that other inputs began; "
            "such replies are missing until %s again:",
            waiting, inputs->count,
            session->sources.count ? "burza roots and then the array run"
                                   : "burza run or scan reads");
    for (size_t i = 0, said = 0; waiting && i < inputs->count && said < NAMED; i++)
        if (inputs->at[i].needs_pass && ++said)
            print_message("    %s", scanned_input_head(&inputs->at[i])->label);
    if (waiting > NAMED)
        print_message("    and %zu more", waiting - NAMED);
    bool missing = inputs->older || inputs->others || inputs->lost || waiting || shares;
    missing |= say_unfinished(inputs) > 0;
    return missing && code < EXIT_PARTIAL ? EXIT_PARTIAL : code;
}

void say_damaged(const struct scanned_inputs *inputs) {
    enum { NAMED = 20 };
    size_t count = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct segments *segments = &inputs->at[i].first;
        const char *note = "";
        bool damaged = false, skipped = false;
        for (size_t k = 0; k < segments->count; k++) {
            const struct shard_head *head = &segments->at[k].head;
            damaged |= head->damaged;
            skipped |= head->members_skipped > 0;
            note = note[0] ? note : head->note;
        }
        if ((damaged || skipped) && ++count <= NAMED)
            print_message("%s: %s%s%s", scanned_input_head(&inputs->at[i])->label,
                          damaged ? "damaged" : "partly skipped", note[0] ? ": " : "", note);
    }
    if (count > NAMED)
        print_message("and %zu more inputs; the table inputs of the audit will list them",
                      count - NAMED);
}
