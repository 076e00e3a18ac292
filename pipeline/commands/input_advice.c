#include "pipeline/commands/input_advice.h"

#include <stdio.h>

void input_seen_post(struct input_seen *seen, const struct post *post, const char *tool) {
    seen->posts++;
    seen->authors += post->author_id.len || post->author_handle.len;
    seen->replies += post->kind == POST_REPLY;
    seen->linked += post->reply_to_id.len || (post->kind == POST_REPLY && post->conversation.len);
    seen->reach += post->followers >= 0 || post->views >= 0;
    seen->rough += post->time_precision >= TIME_EXACT_HOUR;
    seen->private_posts += (post->flags & POST_PRIVATE) != 0;
    seen->dated_by_id += post->time_source == TIME_FROM_ID;
    seen->platforms[post->platform]++;
    for (size_t i = 0; tool && *tool && i < SEEN_TOOLS; i++) {
        if (!seen->tools[i][0])
            snprintf(seen->tools[i], sizeof seen->tools[i], "%s", tool);
        if (strcmp(seen->tools[i], tool) == 0)
            break;
    }
}

size_t input_advice(const struct input_seen *seen, const char *out[ADVICE_MOST]) {
    const struct {
        bool missing;
        const char *text;
    } rows[] = {
        {!seen->authors, "no authors: people, their paths and who answers cannot be told"},
        {!seen->linked && !seen->replies, "no reply links: response times cannot be computed"},
        {!seen->linked && seen->replies,
         "replies that do not say what they answer: response times cannot be computed"},
        {!seen->reach, "no followers or views: reach cannot be computed"},
        {seen->rough * 2 > seen->posts,
         "rough times (hour, day or month): no response times, no times of day"},
        {seen->dated_by_id * 2 > seen->posts, "times derived from ids"},
        {seen->private_posts > 0, "private messages: counted in no figure"},
    };
    size_t count = 0;
    for (size_t i = 0; seen->posts && i < sizeof rows / sizeof *rows && count < ADVICE_MOST; i++)
        if (rows[i].missing)
            out[count++] = rows[i].text;
    return count;
}

const char *input_next_step(const struct batch *batch, bool damaged) {
    static const struct {
        enum reject_reason reason;
        const char *step;
    } steps[] = {
        {REJECT_NO_ZONE, "say of which zone its times are: --tz ZONE, such as --tz Europe/Warsaw"},
        {REJECT_DATE_ORDER,
         "say whether the day or the month is first: --day-first, --month-first"},
        {NOTICE_PRIVATE, "only private messages: --private reads them"},
        {REJECT_RELATIVE_TIME, "export it again with dates instead of \"2 hours ago\""},
        {REJECT_NO_TIME,
         "name the column of the times in a mapping file (burza inspect --suggest)"},
        {REJECT_BAD_TIME,
         "name the column of the times in a mapping file (burza inspect --suggest)"},
        {REJECT_NO_TEXT, "name the column of the texts in a mapping file, or export it with texts"},
        {REJECT_RAGGED, "say its delimiter in a mapping file (burza inspect --suggest)"},
        {REJECT_NOT_A_POST, "name its columns in a mapping file (burza help mapping)"},
        {REJECT_SYNTAX, "look at what was rejected: --rejects FILE"},
    };
    const struct tally *tally = &batch->tally;
    uint64_t most = 0;
    const char *step = NULL;
    if (tally->posts || tally->embedded)
        return NULL;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (tally->rejects[steps[i].reason] > most) {
            most = tally->rejects[steps[i].reason];
            step = steps[i].step;
        }
    if (step)
        return step;
    if (tally->records)
        return NULL; /* notices only */
    if (!batch->bytes_out && !damaged && !batch->note[0])
        return NULL; /* it holds nothing */
    return damaged ? "fetch or copy it again: it is damaged"
                   : "name its columns in a mapping file (burza help mapping), or export it as CSV "
                     "or JSON";
}
