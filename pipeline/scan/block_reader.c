#include "pipeline/scan/block_reader.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct member_ref *member_ref_take(struct member_ref *ref) {
    atomic_fetch_add(&ref->users, 1);
    return ref;
}

void member_ref_drop(struct member_ref *ref) {
    if (ref && atomic_fetch_sub(&ref->users, 1) == 1) {
        decode_close(ref->decode);
        free(ref);
    }
}

void block_init(struct block *block, size_t max_record_bytes) {
    *block = (struct block){0};
    buf_init(&block->bytes, LONG_HEAD_BYTES + 2 * max_record_bytes + BLOCK_PADDING);
}

void block_release(struct block *block) {
    member_ref_drop(block->member);
    buf_release(&block->bytes);
    block->member = NULL;
}

void block_reader_begin(struct block_reader *reader, struct source *source, const char *label,
                        const struct decode_options *options, struct budget *budget) {
    *reader = (struct block_reader){
        .source = source, .options = options, .label = label, .budget = budget};
    buf_init(&reader->carry, LONG_HEAD_BYTES + 2 * options->max_record_bytes);
}

void block_reader_end(struct block_reader *reader) {
    member_ref_drop(reader->member);
    reader->member = NULL;
    if (reader->is_whole)
        whole_member_close(&reader->whole);
    buf_release(&reader->carry);
}

/* Stops at the first character that ends at `want` or, within the padding that is reserved, behind
 * it: where that is does not depend on how many bytes the source gives at once. */
static enum status read_utf16(struct block_reader *reader, struct buf *bytes, size_t want,
                              size_t *got) {
    char raw[16 * 1024];
    size_t len = (want - bytes->len) / 3 * 2, held = reader->utf16.held_len;
    len = len > held ? len - held : 1;
    enum status status =
        source_read(reader->source, raw, len < sizeof raw ? len : sizeof raw, got, &reader->damage);
    utf16_add(&reader->utf16, (struct span){raw, *got}, bytes);
    return status;
}

/* Reads until `bytes` holds `want` or the source ends; damage is remembered for later. */
static enum status fill(struct block_reader *reader, struct buf *bytes, size_t want,
                        struct fault *fault) {
    while (bytes->len < want && !reader->ended) {
        size_t got = 0;
        if (!buf_reserve(bytes, want - bytes->len + BLOCK_PADDING))
            return fault_memory(fault);
        char *to = bytes->at + bytes->len;
        if (reader->is_whole)
            got = whole_member_read(&reader->whole, to, want - bytes->len);
        enum status status = reader->is_whole   ? got ? STATUS_OK : STATUS_END
                             : reader->utf16.on ? read_utf16(reader, bytes, want, &got)
                                                : source_read(reader->source, to, want - bytes->len,
                                                              &got, &reader->damage);
        bytes->len += reader->utf16.on ? 0 : got;
        reader->bytes_out += got;
        if (status == STATUS_FATAL) {
            *fault = reader->damage;
            return STATUS_FATAL;
        }
        reader->ended = status != STATUS_OK;
        reader->damaged |= status == STATUS_SKIP;
    }
    return STATUS_OK;
}

/* Nothing is left: a clean end, or the damage that ended it, which is said behind the last text. */
static enum status finish(struct block_reader *reader, struct fault *fault) {
    bool more = reader->is_whole && reader->whole.next < reader->whole.count;
    if (!reader->damaged && reader->started && framer_is_open(&reader->framer)) {
        reader->damaged = true;
        fault_set(&reader->damage, STATUS_SKIP, EXIT_DATA,
                  "\"%.200s\": the document ends before it is closed: its rest is missing",
                  reader->label);
    }
    if (!reader->damaged || more)
        return STATUS_END;
    reader->damaged = false;
    *fault = reader->damage;
    return STATUS_SKIP;
}

/* The head as UTF-8. */
static enum status convert_head(struct block_reader *reader, struct buf *bytes,
                                struct fault *fault) {
    utf16_begin(&reader->utf16, buf_as_span(bytes), reader->options);
    if (!reader->utf16.on)
        return STATUS_OK;
    struct buf raw = *bytes;
    buf_init(bytes, raw.max);
    utf16_add(&reader->utf16, buf_as_span(&raw), bytes);
    buf_release(&raw);
    return bytes->failed ? fault_memory(fault) : STATUS_OK;
}

/* A member that is no text is read to its end and taken apart; its first text stands in for it. */
static enum status start_whole(struct block_reader *reader, struct buf *bytes, enum whole_kind kind,
                               struct fault *fault) {
    struct buf all;
    buf_init(&all, MEMBER_MAX + HEAD_BYTES + BLOCK_BYTES);
    buf_span(&all, buf_as_span(bytes));
    buf_clear(bytes);
    enum status status = all.failed ? fault_memory(fault) : STATUS_OK;
    for (size_t want = all.len; status == STATUS_OK && !reader->ended && all.len <= MEMBER_MAX;)
        status = fill(reader, &all, want += BLOCK_BYTES, fault);
    if (status == STATUS_OK && !reader->ended)
        status = fault_set(fault, STATUS_SKIP, EXIT_DATA,
                           "holds more than %zu MiB in one piece, which cannot be read as a "
                           "stream; export it as text (CSV, JSON Lines) first",
                           MEMBER_MAX >> 20);
    if (status == STATUS_OK)
        status = whole_member_open(&reader->whole, kind, buf_as_span(&all), reader->budget, fault);
    buf_release(&all);
    if (status != STATUS_OK)
        return status;
    reader->is_whole = true;
    reader->whole_label = reader->label;
    if (reader->whole.damaged && !reader->damaged) {
        reader->damaged = true;
        reader->damage = reader->whole.damage;
    }
    return STATUS_END;
}

/* Goes on to the next text of a member that is no text; false when there is none. */
static bool next_text(struct block_reader *reader) {
    if (!reader->is_whole || !whole_member_next(&reader->whole))
        return false;
    const char *name = reader->whole.texts[reader->whole.next - 1].name;
    snprintf(reader->part, sizeof reader->part, "%.250s%s%s", reader->whole_label, *name ? "/" : "",
             name);
    member_ref_drop(reader->member);
    reader->member = NULL;
    reader->some |= reader->started;
    reader->started = reader->ended = false;
    reader->label = reader->part;
    return true;
}

/* A page of posts or a video with its comments in one line is judged as a whole. */
static bool is_long_line(struct span head) {
    return head.len && head.at[0] == '{' && !memchr(head.at, '\n', head.len);
}

/* Chooses the format from the head of the member, and from longer ones where that says nothing: a
 * document may begin with long lists that are no posts, and any dump with damage. */
static enum status start(struct block_reader *reader, struct buf *bytes, struct fault *fault) {
    static const size_t longer[] = {BLOCK_BYTES, LONG_HEAD_BYTES};
    enum status status = fill(reader, bytes, HEAD_BYTES, fault);
    if (status != STATUS_OK)
        return status;
    enum whole_kind kind = reader->is_whole ? WHOLE_NONE : decode_whole(buf_as_span(bytes));
    if (kind != WHOLE_NONE)
        return start_whole(reader, bytes, kind, fault);
    status = convert_head(reader, bytes, fault);
    for (size_t want = BLOCK_BYTES; is_long_line(buf_as_span(bytes)) && !reader->ended &&
                                    status == STATUS_OK && want <= LONG_HEAD_BYTES;
         want *= 2)
        status = fill(reader, bytes, want, fault);
    if (status != STATUS_OK || bytes->len == 0)
        return status == STATUS_OK ? finish(reader, fault) : status;
    struct member_ref *ref = calloc(1, sizeof *ref);
    if (!ref)
        return fault_memory(fault);
    status = decode_open(&ref->decode, buf_as_span(bytes), reader->label, reader->options, fault);
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++) {
        if (status != STATUS_SKIP || reader->ended)
            break;
        status = fill(reader, bytes, longer[i], fault);
        if (status == STATUS_OK)
            status = decode_open(&ref->decode, buf_as_span(bytes), reader->label, reader->options,
                                 fault);
    }
    if (status != STATUS_OK) {
        free(ref);
        return status;
    }
    ref->users = 1;
    reader->member = ref;
    framer_init(&reader->framer, ref->decode);
    reader->started = true;
    return STATUS_OK;
}

/* Reads and cuts until there is a block with records, or nothing is left. */
static enum status cut_block(struct block_reader *reader, struct buf *bytes, struct fault *fault) {
    size_t want = BLOCK_BYTES;
    for (;;) {
        enum status status = fill(reader, bytes, want, fault);
        if (status != STATUS_OK)
            return status;
        if (bytes->len == 0)
            return finish(reader, fault);
        size_t taken = framer_cut(&reader->framer, buf_as_span(bytes), reader->ended);
        if (taken && !reader->framer.drop) {
            /* the carry has what follows, and the block its padding */
            buf_clear(&reader->carry);
            buf_add(&reader->carry, bytes->at + taken, bytes->len - taken);
            bytes->len = taken;
            if (reader->carry.failed || !buf_reserve(bytes, BLOCK_PADDING))
                return fault_memory(fault);
            memset(bytes->at + taken, 0, BLOCK_PADDING);
            return STATUS_OK;
        }
        if (taken) {
            memmove(bytes->at, bytes->at + taken, bytes->len - taken);
            bytes->len -= taken;
        } else if (reader->ended) {
            return finish(reader, fault);
        } else {
            want = bytes->len + (bytes->len > BLOCK_BYTES ? bytes->len : BLOCK_BYTES) / 4;
        }
    }
}

/* Empties it; memory that a long record wanted is given back. */
static void clear(struct buf *bytes) {
    size_t max = bytes->max;
    if (bytes->cap > 2 * LONG_HEAD_BYTES) {
        buf_release(bytes);
        buf_init(bytes, max);
    }
    buf_clear(bytes);
}

/* The next block of the text at hand. */
static enum status next_block(struct block_reader *reader, struct buf *bytes, struct fault *fault) {
    clear(bytes);
    buf_span(bytes, buf_as_span(&reader->carry));
    clear(&reader->carry);
    enum status status = reader->started ? STATUS_OK : start(reader, bytes, fault);
    return status == STATUS_OK ? cut_block(reader, bytes, fault) : status;
}

/* A text that cannot be read is said at the end, unless others can and it is no table of posts. */
static void note_unread(struct block_reader *reader, const struct fault *fault) {
    bool minor = reader->whole.texts[reader->whole.next - 1].minor;
    if (!reader->unread.text[0] || (reader->unread_minor && !minor)) {
        reader->unread = *fault;
        reader->unread_minor = minor;
    }
}

/* The last text ended. */
static enum status end_whole(struct block_reader *reader, enum status status, struct fault *fault) {
    reader->some |= reader->started;
    if (status == STATUS_SKIP && reader->started)
        return status; /* damage */
    bool unread = reader->unread.text[0] && (!reader->unread_minor || !reader->some);
    if (unread)
        *fault = reader->unread;
    reader->unread.text[0] = '\0';
    reader->started = !unread;
    return unread ? STATUS_SKIP : STATUS_END;
}

enum status block_reader_next(struct block_reader *reader, struct block *block,
                              struct fault *fault) {
    enum status status;
    bool more;
    member_ref_drop(block->member);
    block->member = NULL;
    do {
        status = next_block(reader, &block->bytes, fault);
        bool unread = status == STATUS_SKIP && reader->is_whole && !reader->started;
        if (unread && reader->whole.next)
            note_unread(reader, fault);
        more = (status == STATUS_END || unread) && next_text(reader);
    } while (more);
    if (reader->is_whole && (status == STATUS_END || status == STATUS_SKIP))
        status = end_whole(reader, status, fault);
    if (status == STATUS_OK) {
        block->member = member_ref_take(reader->member);
        block->place = reader->framer.place;
    }
    return status;
}
