/* The header of 7z (7zFormat.txt of the 7-Zip SDK). Everything that is counted takes bytes of the
 * header, so no count can ask for more memory than a few times its length. */
#include "stages/unpack/seven_header.h"

#include <stdlib.h>

enum {
    ID_END = 0,
    ID_HEADER = 1,
    ID_PROPERTIES = 2,
    ID_MORE_STREAMS = 3,
    ID_STREAMS = 4,
    ID_FILES = 5,
    ID_PACKED = 6,
    ID_FOLDERS = 7,
    ID_SUBSTREAMS = 8,
    ID_SIZE = 9,
    ID_CRC = 10,
    ID_FOLDER = 11,
    ID_CODER_SIZES = 12,
    ID_STREAM_COUNT = 13,
    ID_NO_STREAM = 14,
    ID_EMPTY_FILE = 15,
    ID_NAMES = 17,
    ID_ATTRIBUTES = 21,
    ID_ENCODED = 23,
};

/* What is left of the header; `bad` once it was left. */
struct cursor {
    struct span rest;
    bool bad, memory;
};

static unsigned take_byte(struct cursor *cursor) {
    if (cursor->bad || !cursor->rest.len) {
        cursor->bad = true;
        return 0;
    }
    unsigned byte = (unsigned char)cursor->rest.at[0];
    cursor->rest = (struct span){cursor->rest.at + 1, cursor->rest.len - 1};
    return byte;
}

static struct span take_span(struct cursor *cursor, uint64_t len) {
    struct span span = {cursor->rest.at, (size_t)len};
    if (cursor->bad || len > cursor->rest.len) {
        cursor->bad = true;
        return (struct span){"", 0};
    }
    cursor->rest = (struct span){cursor->rest.at + len, cursor->rest.len - (size_t)len};
    return span;
}

/* As many bytes follow as the first has leading ones; its other bits are the highest. */
static uint64_t take_number(struct cursor *cursor) {
    unsigned first = take_byte(cursor), mask = 0x80;
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++, mask >>= 1) {
        if (!(first & mask))
            return value | (uint64_t)(first & (mask - 1)) << (8 * i);
        value |= (uint64_t)take_byte(cursor) << (8 * i);
    }
    return value;
}

static uint32_t take_u32(struct cursor *cursor) {
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++)
        value |= (uint32_t)take_byte(cursor) << (8 * i);
    return value;
}

/* A count of things that take room in the header: `each` bits at least. */
static size_t take_count(struct cursor *cursor, size_t each, size_t len) {
    uint64_t count = take_number(cursor);
    if (count > (uint64_t)len * 8 / each)
        cursor->bad = true;
    return cursor->bad ? 0 : (size_t)count;
}

static void *take_memory(struct cursor *cursor, size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    cursor->bad = cursor->bad || !memory;
    cursor->memory = cursor->memory || !memory;
    return memory;
}

/* One bit per thing, the highest first. */
static bool bit_of(struct span bits, size_t i) {
    return i / 8 < bits.len && ((unsigned char)bits.at[i / 8] >> (7 - i % 8) & 1);
}

/* Bits that may all be set, which is then said in one byte. */
static struct span take_defined(struct cursor *cursor, size_t count, bool *all) {
    *all = take_byte(cursor) != 0;
    return *all ? (struct span){"", 0} : take_span(cursor, (count + 7) / 8);
}

/* Packed streams */

static void read_packed(struct seven_header *header, struct cursor *cursor, size_t len) {
    unsigned id;
    header->packed_at = take_number(cursor);
    header->packed_count = take_count(cursor, 8, len);
    header->packed_sizes = take_memory(cursor, header->packed_count, sizeof(uint64_t));
    while (!cursor->bad && (id = take_byte(cursor)) != ID_END) {
        bool all;
        if (id == ID_SIZE) {
            for (size_t i = 0; i < header->packed_count; i++)
                header->packed_sizes[i] = take_number(cursor);
        } else if (id == ID_CRC) {
            struct span defined = take_defined(cursor, header->packed_count, &all);
            for (size_t i = 0; i < header->packed_count; i++)
                if (all || bit_of(defined, i))
                    take_u32(cursor);
        } else {
            cursor->bad = true;
        }
    }
}

/* Folders */

struct bind {
    uint64_t in, out;
};

/* A folder as the header says it. */
struct draft {
    struct coder coders[SEVEN_CODERS_MAX];
    struct bind binds[SEVEN_CODERS_MAX];
    size_t coder_count, bind_count, ins, outs;
    bool simple; /* each coder has one input and one output */
};

static void read_coder(struct draft *draft, struct cursor *cursor) {
    unsigned flags = take_byte(cursor);
    struct span id = take_span(cursor, flags & 15);
    struct coder *coder = &draft->coders[draft->coder_count++];
    uint64_t ins = 1, outs = 1;
    for (size_t i = 0; i < id.len; i++)
        coder->id = coder->id << 8 | (unsigned char)id.at[i];
    if (flags & 0x10) {
        ins = take_number(cursor);
        outs = take_number(cursor);
    }
    if (flags & 0x20)
        coder->properties = take_span(cursor, take_number(cursor));
    cursor->bad = cursor->bad || (flags & 0xC0) || id.len > 8 || ins > 32 || outs > 32 || !outs;
    draft->simple = draft->simple && ins == 1 && outs == 1;
    draft->ins += (size_t)ins;
    draft->outs += (size_t)outs;
}

static struct draft read_draft(struct cursor *cursor) {
    struct draft draft = {.simple = true};
    uint64_t coders = take_number(cursor);
    cursor->bad = cursor->bad || coders == 0 || coders > SEVEN_CODERS_MAX;
    while (!cursor->bad && draft.coder_count < coders)
        read_coder(&draft, cursor);
    cursor->bad =
        cursor->bad || draft.outs == 0 || draft.outs > SEVEN_CODERS_MAX || draft.ins < draft.outs;
    for (; !cursor->bad && draft.bind_count < draft.outs - 1; draft.bind_count++) {
        draft.binds[draft.bind_count].in = take_number(cursor);
        draft.binds[draft.bind_count].out = take_number(cursor);
    }
    size_t packed = draft.ins - draft.bind_count;
    for (size_t i = 0; !cursor->bad && packed > 1 && i < packed; i++)
        take_number(cursor);
    return draft;
}

/* The output that nothing reads. */
static size_t main_output(const struct draft *draft) {
    for (size_t at = 0; at < draft->outs; at++) {
        bool read = false;
        for (size_t i = 0; i < draft->bind_count; i++)
            read = read || draft->binds[i].out == at;
        if (!read)
            return at;
    }
    return 0;
}

size_t seven_folder_chain(const struct seven_folder *folder, struct coder chain[SEVEN_CODERS_MAX]) {
    struct cursor cursor = {.rest = folder->raw};
    struct draft draft = read_draft(&cursor);
    size_t len = 0, at = main_output(&draft);
    if (!draft.simple || cursor.bad)
        return 0;
    while (len < draft.coder_count && at < draft.coder_count) {
        chain[len++] = draft.coders[at];
        size_t next = draft.coder_count;
        for (size_t i = 0; i < draft.bind_count; i++)
            if (draft.binds[i].in == at)
                next = (size_t)draft.binds[i].out;
        at = next;
    }
    return len == draft.coder_count ? len : 0;
}

static void read_folder(struct seven_folder *folder, struct cursor *cursor) {
    const char *begin = cursor->rest.at;
    struct draft draft = read_draft(cursor);
    if (cursor->bad)
        return;
    folder->raw = (struct span){begin, (size_t)(cursor->rest.at - begin)};
    folder->packed = draft.ins - draft.bind_count;
    for (size_t i = 0; i < draft.coder_count; i++)
        folder->encrypted = folder->encrypted || draft.coders[i].id == 0x06F10701;
}

static void read_coder_sizes(struct seven_folder *folder, struct cursor *cursor) {
    const char *begin = cursor->rest.at;
    struct cursor again = {.rest = folder->raw};
    struct draft draft = read_draft(&again);
    size_t main = main_output(&draft);
    for (size_t i = 0; i < draft.outs; i++) {
        uint64_t size = take_number(cursor);
        if (i == main)
            folder->size = size;
    }
    folder->sizes = (struct span){begin, (size_t)(cursor->rest.at - begin)};
    folder->streams = 1;
}

static void read_folders(struct seven_header *header, struct cursor *cursor, size_t len) {
    unsigned id;
    bool all;
    if (take_byte(cursor) != ID_FOLDER)
        cursor->bad = true;
    header->folder_count = take_count(cursor, 32, len);
    header->folders = take_memory(cursor, header->folder_count, sizeof *header->folders);
    if (take_byte(cursor) != 0) /* described elsewhere: nobody writes that */
        cursor->bad = true;
    for (size_t i = 0; i < header->folder_count && !cursor->bad; i++)
        read_folder(&header->folders[i], cursor);
    while (!cursor->bad && (id = take_byte(cursor)) != ID_END) {
        if (id == ID_CODER_SIZES) {
            for (size_t i = 0; i < header->folder_count && !cursor->bad; i++)
                read_coder_sizes(&header->folders[i], cursor);
        } else if (id == ID_CRC) {
            struct span defined = take_defined(cursor, header->folder_count, &all);
            for (size_t i = 0; i < header->folder_count && !cursor->bad; i++) {
                header->folders[i].crc_known = all || bit_of(defined, i);
                if (header->folders[i].crc_known)
                    header->folders[i].crc = take_u32(cursor);
            }
        } else {
            cursor->bad = true;
        }
    }
}

/* Members in folders */

static void read_stream_sizes(struct seven_header *header, struct cursor *cursor, bool listed) {
    for (size_t i = 0; i < header->folder_count && !cursor->bad; i++) {
        const struct seven_folder *folder = &header->folders[i];
        struct seven_stream *streams = header->streams + folder->first_stream;
        uint64_t left = folder->size;
        for (size_t n = 0; n < folder->streams; n++) {
            bool last = n + 1 == folder->streams;
            streams[n].size = last ? left : listed ? take_number(cursor) : 0;
            cursor->bad = cursor->bad || streams[n].size > left || (!last && !listed);
            left -= streams[n].size;
        }
        if (folder->streams == 1 && folder->crc_known)
            streams[0] = (struct seven_stream){folder->size, true, folder->crc};
    }
}

static void read_stream_crcs(struct seven_header *header, struct cursor *cursor) {
    size_t unknown = 0, at = 0;
    bool all;
    for (size_t i = 0; i < header->stream_count; i++)
        unknown += !header->streams[i].crc_known;
    struct span defined = take_defined(cursor, unknown, &all);
    for (size_t i = 0; i < header->stream_count && !cursor->bad; i++) {
        if (header->streams[i].crc_known || !(at++, all || bit_of(defined, at - 1)))
            continue;
        header->streams[i].crc_known = true;
        header->streams[i].crc = take_u32(cursor);
    }
}

/* Counts come first; then sizes; then checksums. Any may be missing. */
static void read_substreams(struct seven_header *header, struct cursor *cursor, bool present,
                            size_t len) {
    unsigned id = present ? take_byte(cursor) : ID_END;
    if (id == ID_STREAM_COUNT) {
        for (size_t i = 0; i < header->folder_count && !cursor->bad; i++)
            header->folders[i].streams = take_count(cursor, 8, len);
        id = take_byte(cursor);
    }
    for (size_t i = 0; i < header->folder_count; i++) {
        header->folders[i].first_stream = header->stream_count;
        header->stream_count += header->folders[i].streams;
        if (header->stream_count > len)
            cursor->bad = true;
    }
    if (cursor->bad)
        return;
    header->streams = take_memory(cursor, header->stream_count, sizeof *header->streams);
    if (cursor->bad)
        return;
    read_stream_sizes(header, cursor, id == ID_SIZE);
    if (id == ID_SIZE)
        id = take_byte(cursor);
    if (id == ID_CRC && !cursor->bad) {
        read_stream_crcs(header, cursor);
        id = take_byte(cursor);
    }
    cursor->bad = cursor->bad || id != ID_END;
}

static void place_folders(struct seven_header *header, struct cursor *cursor) {
    size_t packed = 0;
    uint64_t at = header->packed_at;
    for (size_t i = 0; i < header->folder_count && !cursor->bad; i++) {
        struct seven_folder *folder = &header->folders[i];
        folder->first_packed = packed;
        folder->at = at;
        cursor->bad = folder->packed > header->packed_count - packed;
        for (size_t n = 0; n < folder->packed && !cursor->bad; n++) {
            uint64_t size = header->packed_sizes[packed++];
            cursor->bad = size > UINT64_MAX / 2 - at;
            at += cursor->bad ? 0 : size;
        }
    }
}

static void read_streams(struct seven_header *header, struct cursor *cursor, size_t len) {
    unsigned id = take_byte(cursor);
    bool present = false;
    if (id == ID_PACKED && !header->packed_sizes) {
        read_packed(header, cursor, len);
        id = take_byte(cursor);
    }
    if (id == ID_FOLDERS && !header->folders && !cursor->bad) {
        read_folders(header, cursor, len);
        id = take_byte(cursor);
    }
    present = id == ID_SUBSTREAMS;
    if (!cursor->bad && !header->streams)
        read_substreams(header, cursor, present, len);
    if (present)
        id = take_byte(cursor);
    cursor->bad = cursor->bad || id != ID_END;
    if (!cursor->bad)
        place_folders(header, cursor);
}

/* Files */

static void read_names(struct seven_header *header, struct cursor *cursor) {
    if (take_byte(cursor) != 0)
        cursor->bad = true;
    for (size_t i = 0; i < header->file_count && !cursor->bad; i++) {
        const char *begin = cursor->rest.at;
        while (!cursor->bad && (take_byte(cursor) | take_byte(cursor)) != 0) {
        }
        if (!cursor->bad)
            header->files[i].name = (struct span){begin, (size_t)(cursor->rest.at - begin) - 2};
    }
}

static void read_attributes(struct seven_header *header, struct cursor *cursor) {
    bool all;
    struct span defined = take_defined(cursor, header->file_count, &all);
    if (take_byte(cursor) != 0)
        cursor->bad = true;
    for (size_t i = 0; i < header->file_count && !cursor->bad; i++)
        if (all || bit_of(defined, i))
            header->files[i].attributes = take_u32(cursor);
}

/* One property of all files; those that are not needed are passed over. */
static void read_property(struct seven_header *header, unsigned id, struct span bytes,
                          struct span *no_stream, struct span *empty_file) {
    struct cursor cursor = {.rest = bytes};
    if (id == ID_NO_STREAM)
        *no_stream = bytes;
    else if (id == ID_EMPTY_FILE)
        *empty_file = bytes;
    else if (id == ID_NAMES)
        read_names(header, &cursor);
    else if (id == ID_ATTRIBUTES)
        read_attributes(header, &cursor);
}

static void read_files(struct seven_header *header, struct cursor *cursor, size_t len) {
    unsigned id;
    struct span no_stream = {"", 0}, empty_file = {"", 0};
    header->file_count = take_count(cursor, 8, len);
    header->files = take_memory(cursor, header->file_count, sizeof *header->files);
    while (!cursor->bad && (id = take_byte(cursor)) != ID_END) {
        struct span bytes = take_span(cursor, take_number(cursor));
        if (!cursor->bad)
            read_property(header, id, bytes, &no_stream, &empty_file);
    }
    size_t empty = 0;
    for (size_t i = 0; i < header->file_count && !cursor->bad; i++) {
        struct seven_file *file = &header->files[i];
        file->has_stream = !bit_of(no_stream, i);
        file->folder = !file->has_stream && !bit_of(empty_file, empty);
        empty += !file->has_stream;
    }
}

enum status seven_header_parse(struct seven_header *out, struct span bytes, struct fault *fault) {
    struct cursor cursor = {.rest = bytes};
    *out = (struct seven_header){0};
    unsigned id = take_byte(&cursor);
    out->encoded = id == ID_ENCODED;
    if (out->encoded)
        read_streams(out, &cursor, bytes.len);
    else if (id != ID_HEADER)
        cursor.bad = true;
    while (!out->encoded && !cursor.bad && (id = take_byte(&cursor)) != ID_END) {
        if (id == ID_STREAMS && !out->folders) {
            read_streams(out, &cursor, bytes.len);
        } else if (id == ID_FILES && !out->files) {
            read_files(out, &cursor, bytes.len);
        } else if (id == ID_PROPERTIES) {
            while (!cursor.bad && take_byte(&cursor) != ID_END)
                take_span(&cursor, take_number(&cursor));
        } else {
            cursor.bad = true; /* more streams: nobody writes them */
        }
    }
    if (cursor.memory)
        return fault_memory(fault);
    if (cursor.bad)
        return fault_set(fault, STATUS_SKIP, EXIT_PARTIAL,
                         "the list of members of the 7z archive is damaged");
    return STATUS_OK;
}

void seven_header_release(struct seven_header *header) {
    free(header->packed_sizes);
    free(header->folders);
    free(header->streams);
    free(header->files);
    *header = (struct seven_header){0};
}

uint64_t seven_folder_packed(const struct seven_header *header, const struct seven_folder *folder) {
    uint64_t size = 0;
    for (size_t i = 0; i < folder->packed; i++)
        size += header->packed_sizes[folder->first_packed + i];
    return size;
}
