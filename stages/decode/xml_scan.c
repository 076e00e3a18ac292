#include "stages/decode/xml_scan.h"

enum markup {
    MARKUP_TEXT,
    MARKUP_OPEN, /* behind '<' */
    MARKUP_TAG,
    MARKUP_SLASH, /* behind a '/' in a tag */
    MARKUP_QUOTE,
    MARKUP_APOSTROPHE,
    MARKUP_CLOSE, /* in "</name" */
    MARKUP_BANG,  /* behind "<!" */
    MARKUP_COMMENT,
    MARKUP_CDATA,
    MARKUP_INSTRUCTION, /* in "<?name" */
    MARKUP_DOCTYPE,
};

/* In what ends with `marks_wanted` of `mark` and '>'. */
static void step_until(struct decode_place *place, char byte, char mark, uint8_t marks_wanted) {
    if (byte == '>' && place->marks == marks_wanted)
        place->markup = MARKUP_TEXT;
    else if (byte != mark)
        place->marks = 0;
    else if (place->marks < marks_wanted)
        place->marks++;
}

static void step_tag(struct decode_place *place, char byte) {
    if (byte == '>') {
        place->depth += place->markup == MARKUP_TAG;
        place->markup = MARKUP_TEXT;
    } else if (byte == '"') {
        place->markup = MARKUP_QUOTE;
    } else if (byte == '\'') {
        place->markup = MARKUP_APOSTROPHE;
    } else {
        place->markup = byte == '/' ? MARKUP_SLASH : MARKUP_TAG;
    }
}

static void step_doctype(struct decode_place *place, char byte) {
    if (byte == '[' && place->marks < 255)
        place->marks++;
    else if (byte == ']' && place->marks)
        place->marks--;
    else if (byte == '>' && !place->marks)
        place->markup = MARKUP_TEXT;
}

static void step(struct decode_place *place, char byte) {
    switch ((enum markup)place->markup) {
    case MARKUP_TEXT:
        place->markup = byte == '<' ? MARKUP_OPEN : MARKUP_TEXT;
        break;
    case MARKUP_OPEN:
        place->marks = 0;
        place->markup = byte == '/'   ? MARKUP_CLOSE
                        : byte == '!' ? MARKUP_BANG
                        : byte == '?' ? MARKUP_INSTRUCTION
                                      : MARKUP_TAG;
        break;
    case MARKUP_TAG:
    case MARKUP_SLASH:
        step_tag(place, byte);
        break;
    case MARKUP_QUOTE:
        place->markup = byte == '"' ? MARKUP_TAG : MARKUP_QUOTE;
        break;
    case MARKUP_APOSTROPHE:
        place->markup = byte == '\'' ? MARKUP_TAG : MARKUP_APOSTROPHE;
        break;
    case MARKUP_CLOSE:
        place->markup = byte == '>' ? MARKUP_TEXT : MARKUP_CLOSE;
        place->depth -= byte == '>' && place->depth;
        break;
    case MARKUP_BANG:
        if (byte == '-' && !place->marks++)
            break;
        place->markup = byte == '-' ? MARKUP_COMMENT : byte == '[' ? MARKUP_CDATA : MARKUP_DOCTYPE;
        place->marks = 0;
        break;
    case MARKUP_COMMENT:
        step_until(place, byte, '-', 2);
        break;
    case MARKUP_CDATA:
        step_until(place, byte, ']', 2);
        break;
    case MARKUP_INSTRUCTION:
        step_until(place, byte, '?', 1);
        break;
    case MARKUP_DOCTYPE:
        step_doctype(place, byte);
        break;
    }
}

/* Past the bytes that cannot change the state. */
static const char *skip_plain(const struct decode_place *place, const char *at, const char *end) {
    int wanted = place->markup == MARKUP_TEXT ? '<' : place->markup == MARKUP_QUOTE ? '"' : -1;
    if (wanted < 0)
        return at;
    const char *found = memchr(at, wanted, (size_t)(end - at));
    return found ? found : end;
}

static bool begins_element(char behind) {
    return behind != '/' && behind != '!' && behind != '?';
}

bool xml_walk(struct decode_place *place, struct record_scan *scan, uint32_t record_depth,
              const char **from, const char *end, bool last, const char **record) {
    const char *at = *from;
    place->version++;
    while ((at = skip_plain(place, at, end)) < end) {
        if (!scan->inside && place->markup == MARKUP_TEXT && place->depth == record_depth) {
            if (end - at < 2 && !last)
                break; /* what begins here is not known yet */
            scan->inside = end - at >= 2 && begins_element(at[1]);
            if (scan->inside)
                *record = at;
        }
        step(place, *at++);
        if (scan->inside && place->markup == MARKUP_TEXT && place->depth == record_depth) {
            scan->inside = false;
            *from = at;
            return true;
        }
    }
    *from = at;
    if (!scan->inside || !last)
        return false;
    scan->inside = false;
    return true;
}
