/* One input: what its bytes turn out to be, its members one by one, and what was lost of it. Layers
 * are counted: two containers and two codecs are read, what zip and 7z do to members themselves not
 * counted. */
#include "stages/unpack/level.h"

#include <stdio.h>
#include <stdlib.h>

/* A member at most this large is handed out packed, so that any thread can work on it: while
 * compressed it is cheap to carry and dear to decode; when plain, carrying it is all there is. */
#define PACKED_CODED_MAX (64 << 20)
#define PACKED_PLAIN_MAX (4 << 20)
/* A member of a zip whose decoded size is more than this is decoded in order, so that its records
 * can be worked on by several threads. */
#define PACKED_DECODED_MAX (16 << 20)
#define CONTAINERS_MAX 2
#define CODECS_MAX 2

struct input {
    struct file_reader reader;
    char *label, *via;
    struct budget *budget;
    struct damage damage;
    enum digest_kind plain_digest; /* where it is plain */
    struct damage refusal;         /* why it is not read though nothing is damaged */
    enum codec codec;
    enum shape shape;
    bool begun, ended;
    struct source *outer; /* the only member of a file that is no container */
    struct level levels[CONTAINERS_MAX];
    int depth;
    const char *only;      /* members of a zip whose names end so; NULL: all */
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
    input->via = path->via ? strdup(path->via) : NULL;
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
    while (input->depth)
        level_close(&input->levels[--input->depth]);
    source_free(input->outer);
    file_reader_close(&input->reader);
    free(input->label);
    free(input->via);
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

static void input_note_damage(struct input *input, const char *member, struct fault *fault) {
    input_name_fault(input, member, STATUS_SKIP, fault);
    damage_note(&input->damage, fault->text);
}

/* The whole input cannot be used: reported once, then it is at its end. */
static enum status input_lose(struct input *input, enum status status, struct damage *reason,
                              struct fault *fault) {
    input->ended = true;
    if (status == STATUS_SKIP) {
        input->skipped++;
        damage_note(reason, fault->text);
    }
    return status;
}

static enum status input_lose_named(struct input *input, enum status status, struct damage *reason,
                                    struct fault *fault) {
    if (status == STATUS_REJECT) { /* a container that is not read, though it is not damaged */
        reason = &input->refusal;
        status = STATUS_SKIP;
    }
    status = input_name_fault(input, "", status, fault);
    return input_lose(input, status, reason, fault);
}

static void source_hand_out(struct input *input, struct source *source, struct member *member) {
    source->owned_by_input = true;
    member->source = source;
    input->members++;
}

static void level_label(const struct input *input, const char *name, char *out, size_t size) {
    char joined[600];
    const char *above = input->levels[input->depth - 1].label;
    snprintf(joined, sizeof joined, "%s%s%s", above, above[0] ? "/" : "", name);
    label_sanitize(span_of(joined), out, size);
}

/* A level that is not open yet. */
static struct level *level_next(struct input *input, const char *label, int codecs) {
    struct level *level = &input->levels[input->depth];
    level_close(level);
    level->file = &input->reader;
    level->budget = input->budget;
    level->codecs = codecs;
    snprintf(level->label, sizeof level->label, "%s", label);
    return level;
}

static enum status level_push(struct input *input, enum shape shape, struct feed *feed,
                              bool whole_file, struct fault *fault) {
    struct level *level = &input->levels[input->depth];
    enum status status = level_open(level, shape, feed, whole_file, fault);
    if (level->note.text[0] && status != STATUS_FATAL)
        input_note_damage(input, level->label, &level->note);
    if (status == STATUS_SKIP && input->depth)
        input_note_damage(input, level->label, fault);
    if (status == STATUS_OK)
        level->container->only = input->only;
    if (status == STATUS_OK)
        input->depth++;
    else
        level_close(level);
    return status;
}

/* A member that is a container itself; `source`, if any, is taken over. */
static enum status level_enter(struct input *input, const char *label, enum shape shape,
                               struct source *source, struct feed *feed, struct fault *fault) {
    if (input->depth == CONTAINERS_MAX) {
        source_free(source);
        return fault_set(fault, STATUS_REJECT, EXIT_PARTIAL,
                         "nested archive refused (%s inside two others); unpack it first",
                         shape_name(shape));
    }
    int codecs = (input->depth ? input->levels[input->depth - 1].codecs : 0) +
                 (source ? source_codecs(source) : 0);
    level_next(input, label, codecs)->source = source;
    return level_push(input, shape, feed, false, fault);
}

/* Members */

/* The declared size is only a hint: what is there is read, up to the cap. */
static enum status read_packed(struct feed *data, struct buf *packed, size_t begun,
                               struct fault *fault) {
    struct span chunk;
    enum status status;
    while ((status = feed_take(data, &chunk, fault)) == STATUS_OK) {
        size_t len = packed->len + chunk.len;
        if (len - begun > PACKED_CODED_MAX || len > packed->max)
            return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "longer than its archive says");
        buf_span(packed, chunk);
        if (packed->failed)
            return fault_memory(fault);
    }
    return status == STATUS_END ? STATUS_OK : status;
}

/* What an entry is decoded by. */
static struct source_setup entry_setup(const struct input *input,
                                       const struct container_entry *entry, enum codec codec,
                                       const char *label) {
    const struct level *level = &input->levels[input->depth - 1];
    struct source_setup setup = {
        .codec = entry->method,
        .codecs_left = CODECS_MAX - level->codecs,
        .feed = entry->data,
        .check = entry->check,
        .share = entry->share,
        .budget = input->budget,
        .input_label = input->label,
        .member_label = label,
    };
    if (!entry->check.set && codec != CODEC_NONE) {
        setup.codec = codec;
        setup.codecs_left--;
    }
    if (!setup.share.bytes && level->source && entry->size > 0)
        setup.share.bytes = level_disk_bytes(level, (uint64_t)entry->size);
    return setup;
}

/* Is a packed member a container? Only where its first bytes are cheap to decode, or its name says
 * so: a block of bzip2 takes as long as most members. STATUS_END when it was entered. */
static enum status look_inside(struct input *input, const struct container_entry *entry,
                               const struct source_setup *setup, struct buf *packed,
                               const char *label, struct fault *fault) {
    struct fault unused;
    struct source *source;
    if (entry->method != CODEC_DEFLATE && !name_is_packed_tar(label))
        return STATUS_OK;
    if (source_open_inner(&source, buf_as_span(packed), label, setup, &unused) != STATUS_OK)
        return STATUS_OK; /* whoever opens it says why */
    enum shape shape = source->content.codec == CODEC_NONE ? source->content.shape : SHAPE_FILE;
    const char *foreign = source->content.foreign;
    source_close(source);
    if (foreign)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "%s", foreign);
    if (shape == SHAPE_FILE)
        return STATUS_OK;
    if (input->depth == CONTAINERS_MAX)
        return level_enter(input, label, shape, NULL, NULL, fault);
    struct level *above = &input->levels[input->depth - 1];
    struct level *level = level_next(input, label, above->codecs);
    buf_init(&level->coded, packed->len);
    buf_span(&level->coded, buf_as_span(packed));
    if (level->coded.failed)
        return fault_memory(fault);
    enum status status =
        source_open_inner(&level->source, buf_as_span(&level->coded), label, setup, fault);
    if (status == STATUS_OK) {
        level->source->damage = &input->damage;
        level->codecs += source_codecs(level->source);
        status = level_push(input, shape, NULL, false, fault);
    } else {
        level_close(level);
    }
    return status == STATUS_OK ? STATUS_END : status;
}

/* STATUS_END when the entry was entered as a container. */
static enum status member_pack(struct input *input, const struct container_entry *entry,
                               const struct source_setup *setup, struct member *member,
                               struct buf *packed, struct fault *fault) {
    struct packed_head head = {.codec = setup->codec,
                               .codecs_left = setup->codecs_left,
                               .share = setup->share,
                               .check = setup->check};
    packed_begin(packed, &head);
    size_t begun = packed->len;
    enum status status = read_packed(entry->data, packed, begun, fault);
    if (status == STATUS_SKIP) {
        input_note_damage(input, member->label, fault);
        if (packed->len > begun) /* what there is may still be used; its end will be missed */
            status = STATUS_OK;
    }
    if (status == STATUS_OK)
        status = look_inside(input, entry, setup, packed, member->label, fault);
    member->packed = status == STATUS_OK;
    input->members += member->packed;
    return status;
}

/* STATUS_END when the entry was entered as a container. */
static enum status member_stream(struct input *input, const struct source_setup *setup,
                                 struct member *member, struct fault *fault) {
    struct source *source;
    struct source_setup streamed = *setup;
    streamed.damage = &input->damage;
    enum status status = source_begin(&source, &streamed, fault);
    if (status != STATUS_OK)
        return status;
    if (source->content.codec == CODEC_NONE && source->content.shape != SHAPE_FILE &&
        !source->content.foreign) {
        status = level_enter(input, member->label, source->content.shape, source, NULL, fault);
        return status == STATUS_OK ? STATUS_END : status;
    }
    input->member = source;
    status = source_refuse(source, fault);
    if (status == STATUS_OK)
        source_hand_out(input, source, member);
    return status;
}

/* What cannot be read is told apart from what is damaged. */
static enum status entry_refuse(const struct input *input, struct container_entry *entry,
                                const struct sniffed *sniffed, bool empty, const char *label,
                                struct fault *fault) {
    const struct level *level = &input->levels[input->depth - 1];
    if (empty && name_is_packed(label)) {
        entry->damaged = true;
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "is empty, though its name says it is compressed or an archive");
    }
    if (sniffed->foreign)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "%s", sniffed->foreign);
    if (sniffed->codec != CODEC_NONE && level->codecs == CODECS_MAX)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "nested compression refused (%s inside two others); decompress it once "
                         "and run again",
                         codec_name(sniffed->codec));
    return STATUS_OK;
}

/* STATUS_END when the entry was entered as a container. */
static enum status entry_hand_out(struct input *input, struct container_entry *entry,
                                  struct member *member, struct buf *packed, struct fault *fault) {
    struct span head = {NULL, 0};
    struct sniffed sniffed = {CODEC_NONE, SHAPE_FILE, NULL};
    enum status status = feed_peek(entry->data, SNIFF_HEAD, &head, fault);
    if (status == STATUS_FATAL || status == STATUS_SKIP) {
        entry->damaged = true;
        return status;
    }
    if (entry->method == CODEC_NONE)
        sniffed = sniff(head);
    status = entry_refuse(input, entry, &sniffed, status == STATUS_END, member->label, fault);
    if (status != STATUS_OK)
        return status;
    if (sniffed.codec == CODEC_NONE && sniffed.shape != SHAPE_FILE) {
        status = level_enter(input, member->label, sniffed.shape, NULL, entry->data, fault);
        return status == STATUS_OK ? STATUS_END : status;
    }
    struct source_setup setup = entry_setup(input, entry, sniffed.codec, member->label);
    bool coded = sniffed.codec != CODEC_NONE || entry->method != CODEC_NONE;
    int64_t most = coded ? PACKED_CODED_MAX : PACKED_PLAIN_MAX;
    bool large = entry->check.set && entry->check.size > PACKED_DECODED_MAX;
    if (entry->size >= 0 && entry->size <= most && !large &&
        (uint64_t)entry->size + sizeof(struct packed_head) <= packed->max)
        return member_pack(input, entry, &setup, member, packed, fault);
    return member_stream(input, &setup, member, fault);
}

/* The end of the innermost container. */
static enum status level_end(struct input *input, struct fault *fault) {
    struct level *level = &input->levels[input->depth - 1];
    enum status status = level->container->finish(level->container, fault);
    if (status == STATUS_SKIP)
        input_note_damage(input, level->label, fault);
    bool resumed = false;
    if (status != STATUS_FATAL)
        status = level_resume(level, &resumed, fault);
    if (resumed && status == STATUS_OK)
        return STATUS_END;
    level_close(level);
    input->ended = --input->depth == 0;
    return status == STATUS_FATAL ? status : STATUS_END;
}

/* The next member; STATUS_END when a container was entered or left. */
static enum status input_next_entry(struct input *input, struct member *member, struct buf *packed,
                                    struct fault *fault) {
    struct container_entry entry;
    struct container *container = input->levels[input->depth - 1].container;
    enum status status = container->next(container, &entry, fault);
    if (status == STATUS_END)
        return level_end(input, fault);
    if (status == STATUS_OK || status == STATUS_SKIP)
        level_label(input, entry.label, member->label, sizeof member->label);
    bool named = status == STATUS_OK;
    if (status == STATUS_OK)
        status = entry_hand_out(input, &entry, member, packed, fault);
    if (status != STATUS_SKIP && status != STATUS_REJECT)
        return status;
    if (!named || fault->text[0] != '"') /* a source has named itself */
        input_name_fault(input, member->label, STATUS_SKIP, fault);
    if (entry.damaged)
        damage_note(&input->damage, fault->text);
    input->skipped += !entry.harmless;
    return STATUS_SKIP;
}

/* Finding out what the file is */

static enum status input_begin_container(struct input *input, enum shape shape,
                                         struct fault *fault) {
    input->shape = shape;
    level_next(input, "", 0);
    enum status status =
        level_push(input, shape, &input->reader.feed, input->reader.seekable, fault);
    return status == STATUS_OK ? status : input_lose_named(input, status, &input->damage, fault);
}

/* Codecs around the whole file, or none: a single member, or a compressed container. */
static enum status input_begin_stream(struct input *input, struct member *member,
                                      struct fault *fault) {
    struct source_setup setup = {
        .codec = input->codec,
        .codecs_left = input->codec == CODEC_NONE ? 0 : CODECS_MAX - 1,
        .feed = &input->reader.feed,
        .budget = input->budget,
        .damage = &input->damage,
        .input_label = input->label,
        .member_label = "",
    };
    struct source *source;
    enum status status = source_begin(&source, &setup, fault);
    if (status != STATUS_OK)
        return input_lose(input, status, &input->damage, fault);
    if (source->content.codec == CODEC_NONE && source->content.shape != SHAPE_FILE &&
        !source->content.foreign) {
        input->shape = source->content.shape;
        status = level_enter(input, "", source->content.shape, source, NULL, fault);
        return status == STATUS_OK ? status
                                   : input_lose_named(input, status, &input->damage, fault);
    }
    input->outer = source;
    status = source_refuse(source, fault);
    if (status != STATUS_OK)
        return input_lose(input, status, &input->refusal, fault);
    status = budget_charge_member(input->budget, fault);
    if (status != STATUS_OK)
        return input_lose(input, status, &input->damage, fault);
    source_hand_out(input, input->outer, member);
    input->ended = true;
    return STATUS_OK;
}

static enum status input_is_empty(struct input *input, struct fault *fault) {
    input->ended = true;
    if (!name_is_packed(input->label))
        return STATUS_END;
    fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
              "is empty, though its name says it is compressed or an archive; get it again");
    return input_lose_named(input, STATUS_SKIP, &input->damage, fault);
}

static enum status input_begin(struct input *input, struct member *member, struct fault *fault) {
    struct span head = {NULL, 0};
    enum status status = feed_peek(&input->reader.feed, SNIFF_HEAD, &head, fault);
    input->begun = true;
    if (status != STATUS_OK)
        file_reader_settle(&input->reader, input->plain_digest);
    if (status == STATUS_END)
        return input_is_empty(input, fault);
    if (status != STATUS_OK)
        return input_lose_named(input, status, &input->damage, fault);
    struct sniffed sniffed = sniff(head);
    struct random_bytes file = {.reader = &input->reader,
                                .size = (uint64_t)input->reader.at_open.st_size};
    if (sniffed.codec == CODEC_NONE && sniffed.shape == SHAPE_FILE && input->reader.seekable &&
        !sniff_is_workbook(head) && zip_ends_here(&file))
        sniffed = (struct sniffed){CODEC_NONE, SHAPE_ZIP, NULL};
    input->codec = sniffed.codec;
    bool plain = sniffed.codec == CODEC_NONE && sniffed.shape == SHAPE_FILE;
    file_reader_settle(&input->reader, plain ? input->plain_digest : DIGEST_WHOLE);
    if (sniffed.codec == CODEC_NONE && sniffed.shape == SHAPE_FILE && name_is_part(input->label))
        sniffed.foreign = "a part of a split archive; join its parts first (zip -s 0 for .z01, cat "
                          "for .001) and run again";
    if (sniffed.foreign) {
        fault_set(fault, STATUS_SKIP, EXIT_PARTIAL, "%s", sniffed.foreign);
        return input_lose_named(input, STATUS_SKIP, &input->refusal, fault);
    }
    if (sniffed.shape != SHAPE_FILE)
        return input_begin_container(input, sniffed.shape, fault);
    return input_begin_stream(input, member, fault);
}

enum status input_next(struct input *input, struct member *member, struct buf *packed,
                       struct fault *fault) {
    struct fault unused;
    enum status status = STATUS_OK;
    if (!fault)
        fault = &unused;
    *member = (struct member){.source = NULL};
    input_drop_member(input);
    if (!input->begun) {
        status = input_begin(input, member, fault);
        if (status != STATUS_OK || member->source)
            return status;
    }
    do {
        buf_clear(packed);
        member->label[0] = '\0';
        status = input->ended ? STATUS_END : input_next_entry(input, member, packed, fault);
    } while (status == STATUS_END && !input->ended);
    return status;
}

static uint64_t input_bytes_given(const struct input *input) {
    uint64_t given = input->given;
    if (input->member)
        given += input->member->given;
    if (input->outer)
        given += input->outer->given;
    return given;
}

void input_only(struct input *input, const char *ending) {
    input->only = ending;
}

void input_digest_by(struct input *input, enum digest_kind kind) {
    input->plain_digest = kind;
}

struct input_piece *input_take_piece(struct input *input) {
    return input->reader.settled ? piece_digest_take(&input->reader.tree) : NULL;
}

void input_do_piece(struct input *input, struct input_piece *piece) {
    piece_digest_do(&input->reader.tree, piece);
}

uint64_t input_position(const struct input *input) {
    return input->reader.bytes_read;
}

int64_t input_hash_ns(const struct input *input) {
    return input->reader.hash_ns;
}

void input_finish(struct input *input, struct input_summary *summary) {
    struct fault fault = {0};
    file_reader_settle(&input->reader, DIGEST_WHOLE); /* where it was never begun */
    if (file_reader_finish(&input->reader, &fault) != STATUS_OK)
        input_note_damage(input, "", &fault);
    *summary = (struct input_summary){
        .bytes_in = input->reader.bytes_read,
        .bytes_out = input_bytes_given(input),
        .members = input->members,
        .members_skipped = input->skipped,
        .damaged = input->damage.set,
    };
    snprintf(summary->container, sizeof summary->container, "%s", shape_name(input->shape));
    snprintf(summary->codec, sizeof summary->codec, "%s", codec_name(input->codec));
    if (input->damage.set)
        snprintf(summary->damage, sizeof summary->damage, "%s", input->damage.text);
    else if (input->refusal.set)
        snprintf(summary->damage, sizeof summary->damage, "%s", input->refusal.text);
    else if (input->via)
        snprintf(summary->damage, sizeof summary->damage,
                 "\"%.100s\": reached by the symbolic link \"%.100s\"", input->label, input->via);
    summary->digest_kind = file_reader_digest(&input->reader, summary->sha256);
    digest_peek(&input->reader.secret, summary->secret);
}
