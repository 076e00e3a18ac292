/* One input: what its bytes turn out to be, its members one by one, and what was lost of it. */
#include "stages/unpack/byte_source.h"
#include "stages/unpack/container.h"

#include <stdio.h>
#include <stdlib.h>

/* A member at most this large is handed out packed, so that any thread can work on it: while
 * compressed it is cheap to carry and dear to decode; when plain, carrying it is all there is. */
#define PACKED_CODED_MAX (64 << 20)
#define PACKED_PLAIN_MAX (4 << 20)

struct input {
    struct file_reader reader;
    char *label;
    struct budget *budget;
    struct damage damage;
    enum codec codec;
    enum shape shape;
    bool begun, ended;
    struct source *outer; /* the only member, or what a compressed container is read through */
    struct source_feed outer_feed;
    struct container *container;
    struct source *member; /* the streamed member of a container in the caller's hands */
    uint64_t given;
    uint32_t members, skipped;
};

enum status input_open(struct input **out, const struct input_path *path, struct budget *budget,
                       struct fault *fault) {
    struct input *input = calloc(1, sizeof *input);
    *out = NULL;
    if (!input)
        return fault_memory(fault);
    input->label = strdup(path->label);
    input->budget = budget;
    enum status status = file_reader_open(&input->reader, path->path, fault);
    if (status == STATUS_OK && !input->label)
        status = fault_memory(fault);
    if (status != STATUS_OK) {
        input_close(input);
        return status;
    }
    *out = input;
    return STATUS_OK;
}

static void input_drop_member(struct input *input) {
    if (input->member)
        input->given += input->member->given;
    source_free(input->member);
    input->member = NULL;
}

void input_close(struct input *input) {
    if (!input)
        return;
    input_drop_member(input);
    container_close(input->container);
    source_free(input->outer);
    source_feed_release(&input->outer_feed);
    file_reader_close(&input->reader);
    free(input->label);
    free(input);
}

/* Puts the input's label (and the member's) before a reason. */
static enum status input_name_fault(const struct input *input, const char *member,
                                    enum status status, struct fault *fault) {
    struct fault why = *fault;
    if (status == STATUS_FATAL)
        return status;
    return fault_set(fault, status, EXIT_PARTIAL, "\"%s\": %.300s",
                     label_subject(input->label, member).text, why.text);
}

/* The whole input cannot be used: reported once, then it is at its end. */
static enum status input_lose(struct input *input, enum status status, struct fault *fault) {
    input->ended = true;
    if (status == STATUS_SKIP) {
        input->skipped++;
        damage_note(&input->damage, fault->text);
    }
    return status;
}

static enum status input_lose_named(struct input *input, enum status status, struct fault *fault) {
    return input_lose(input, input_name_fault(input, "", status, fault), fault);
}

static void source_hand_out(struct input *input, struct source *source, struct member *member) {
    source->owned_by_input = true;
    member->source = source;
    input->members++;
}

/* Entries of a container */

/* The declared size is only a hint: what is there is read, up to the cap. */
static enum status read_packed(struct feed *data, struct buf *packed, struct fault *fault) {
    struct span chunk;
    enum status status;
    while ((status = feed_take(data, &chunk, fault)) == STATUS_OK) {
        if (packed->len + chunk.len > PACKED_CODED_MAX || packed->len + chunk.len > packed->max)
            return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "longer than its archive says");
        buf_span(packed, chunk);
        if (packed->failed)
            return fault_memory(fault);
    }
    return status == STATUS_END ? STATUS_OK : status;
}

static enum status member_pack(struct input *input, const struct container_entry *entry,
                               struct member *member, struct buf *packed, struct fault *fault) {
    enum status status = read_packed(entry->data, packed, fault);
    if (status == STATUS_SKIP) {
        input_name_fault(input, entry->label, status, fault);
        damage_note(&input->damage, fault->text);
        if (packed->len) /* what there is may still be used; its end will be missed */
            status = STATUS_OK;
    }
    member->packed = status == STATUS_OK;
    input->members += member->packed;
    return status;
}

static enum status member_stream(struct input *input, const struct container_entry *entry,
                                 enum codec codec, struct member *member, struct fault *fault) {
    struct source_setup setup = {
        .codec = codec,
        .feed = entry->data,
        .budget = input->budget,
        .damage = &input->damage,
        .input_label = input->label,
        .member_label = entry->label,
    };
    enum status status = source_begin(&input->member, &setup, fault);
    if (status == STATUS_OK && codec != CODEC_NONE)
        status = source_refuse_nested(input->member, fault);
    if (status == STATUS_OK)
        source_hand_out(input, input->member, member);
    return status;
}

static enum status input_pass_over(struct input *input, const struct container_entry *entry,
                                   enum status status, struct fault *fault) {
    input_name_fault(input, entry->label, status, fault);
    if (entry->damaged && status == STATUS_SKIP)
        damage_note(&input->damage, fault->text);
    return status;
}

/* One container and one codec: an archive in an archive, or compressed data in a compressed
 * container, would be a second layer. */
static enum status entry_refuse_layers(const struct input *input, struct sniffed sniffed,
                                       struct fault *fault) {
    if (sniffed.codec != CODEC_NONE && input->codec != CODEC_NONE)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "nested compression refused (%s inside %s)", codec_name(sniffed.codec),
                         codec_name(input->codec));
    if (sniffed.foreign || sniffed.shape != SHAPE_FILE)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "nested archive refused (%s); unpack it first",
                         sniffed.foreign ? sniffed.foreign : shape_name(sniffed.shape));
    return STATUS_OK;
}

static enum status entry_hand_out(struct input *input, struct container_entry *entry,
                                  struct member *member, struct buf *packed, struct fault *fault) {
    struct span head = {NULL, 0};
    enum status status = feed_peek(entry->data, SNIFF_HEAD, &head, fault);
    struct sniffed sniffed = sniff(head);
    if (status == STATUS_OK)
        status = entry_refuse_layers(input, sniffed, fault);
    else if (status == STATUS_SKIP)
        entry->damaged = true;
    if (status != STATUS_OK && status != STATUS_END)
        return input_pass_over(input, entry, status, fault);
    int64_t most = sniffed.codec == CODEC_NONE ? PACKED_PLAIN_MAX : PACKED_CODED_MAX;
    if (entry->size >= 0 && entry->size <= most && (uint64_t)entry->size <= packed->max)
        return member_pack(input, entry, member, packed, fault);
    return member_stream(input, entry, sniffed.codec, member, fault);
}

static enum status input_end_container(struct input *input, struct fault *fault) {
    input->ended = true;
    enum status status = container_finish(input->container, fault);
    if (status == STATUS_SKIP) {
        input_name_fault(input, "", status, fault);
        damage_note(&input->damage, fault->text);
    }
    return status == STATUS_FATAL ? status : STATUS_END;
}

static enum status input_next_entry(struct input *input, struct member *member, struct buf *packed,
                                    struct fault *fault) {
    struct container_entry entry;
    enum status status = container_next(input->container, &entry, fault);
    if (status == STATUS_END)
        return input_end_container(input, fault);
    if (status == STATUS_SKIP) {
        input_pass_over(input, &entry, status, fault);
    } else if (status == STATUS_OK) {
        snprintf(member->label, sizeof member->label, "%s", entry.label);
        status = entry_hand_out(input, &entry, member, packed, fault);
    }
    input->skipped += status == STATUS_SKIP;
    return status;
}

/* Finding out what the file is */

static enum status input_begin_container(struct input *input, enum shape shape, struct feed *feed,
                                         struct fault *fault) {
    bool seeks = shape != SHAPE_TAR && input->reader.seekable;
    struct container_bytes bytes = {
        .feed = seeks ? NULL : feed,
        .reader = seeks ? &input->reader : NULL,
    };
    enum status status = STATUS_OK;
    input->shape = shape;
    if (shape == SHAPE_7Z && !seeks)
        status = fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                           "a 7z archive cannot be read from a pipe; give it as a file");
    if (status == STATUS_OK)
        status = container_open(&input->container, shape, bytes, input->budget, fault);
    return status == STATUS_OK ? status : input_lose_named(input, status, fault);
}

/* A codec around the whole file, or none: a single member, or a compressed tar. */
static enum status input_begin_stream(struct input *input, struct member *member,
                                      struct fault *fault) {
    struct source_setup setup = {
        .codec = input->codec,
        .feed = &input->reader.feed,
        .budget = input->budget,
        .damage = &input->damage,
        .input_label = input->label,
        .member_label = "",
    };
    enum status status = source_begin(&input->outer, &setup, fault);
    if (status != STATUS_OK)
        return input_lose(input, status, fault);
    if (input->outer->inner.codec == CODEC_NONE && input->outer->inner.shape == SHAPE_TAR) {
        input->outer->outer = true;
        status = source_feed_init(&input->outer_feed, input->outer, fault);
        return status == STATUS_OK
                   ? input_begin_container(input, SHAPE_TAR, &input->outer_feed.feed, fault)
                   : status;
    }
    status = source_refuse_nested(input->outer, fault);
    if (status == STATUS_OK)
        status = budget_charge_member(input->budget, fault);
    if (status != STATUS_OK)
        return input_lose(input, status, fault);
    source_hand_out(input, input->outer, member);
    input->ended = true;
    return STATUS_OK;
}

static enum status input_begin(struct input *input, struct member *member, struct fault *fault) {
    struct span head = {NULL, 0};
    enum status status = feed_peek(&input->reader.feed, SNIFF_HEAD, &head, fault);
    input->begun = true;
    if (status != STATUS_OK) {
        input->ended = true;
        return status == STATUS_END ? status : input_lose_named(input, status, fault);
    }
    struct sniffed sniffed = sniff(head);
    input->codec = sniffed.codec;
    if (sniffed.foreign) {
        fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "%s archives are not read; unpack it first",
                  sniffed.foreign);
        return input_lose_named(input, STATUS_SKIP, fault);
    }
    if (sniffed.shape != SHAPE_FILE)
        return input_begin_container(input, sniffed.shape, &input->reader.feed, fault);
    return input_begin_stream(input, member, fault);
}

enum status input_next(struct input *input, struct member *member, struct buf *packed,
                       struct fault *fault) {
    struct fault unused;
    enum status status = STATUS_OK;
    *member = (struct member){.source = NULL};
    buf_clear(packed);
    if (!fault)
        fault = &unused;
    input_drop_member(input);
    if (!input->begun)
        status = input_begin(input, member, fault);
    if (status != STATUS_OK || member->source)
        return status;
    return input->ended ? STATUS_END : input_next_entry(input, member, packed, fault);
}

static uint64_t input_bytes_given(const struct input *input) {
    uint64_t given = input->given;
    if (input->member)
        given += input->member->given;
    if (input->outer && !input->outer->outer)
        given += input->outer->given;
    return given;
}

uint64_t input_position(const struct input *input) {
    return input->reader.bytes_read;
}

int64_t input_hash_ns(const struct input *input) {
    return input->reader.hash_ns;
}

void input_finish(struct input *input, struct input_summary *summary) {
    struct fault fault = {0};
    if (file_reader_finish(&input->reader, &fault) != STATUS_OK) {
        input_name_fault(input, "", STATUS_SKIP, &fault);
        damage_note(&input->damage, fault.text);
    }
    *summary = (struct input_summary){
        .bytes_in = input->reader.bytes_read,
        .bytes_out = input_bytes_given(input),
        .members = input->members,
        .members_skipped = input->skipped,
        .damaged = input->damage.set,
    };
    snprintf(summary->container, sizeof summary->container, "%s", shape_name(input->shape));
    snprintf(summary->codec, sizeof summary->codec, "%s", codec_name(input->codec));
    snprintf(summary->damage, sizeof summary->damage, "%s", input->damage.text);
    digest_peek(&input->reader.digest, summary->sha256);
    digest_peek(&input->reader.secret, summary->secret);
}
